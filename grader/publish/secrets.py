"""What a release must not say: strings of the keys that stand nowhere in public text, whole, in part, or as a hash."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.words import _

SHORTEST = 8
"""Letters and figures from which on a text of the key is looked for as a whole."""
RUN = 7
"""Words in a row of a text of the key that give it away."""
QUOTED = 10
"""The same for the course's own pictures, which teach the words that feedback uses."""
_HASHES = ("md5", "sha1", "sha256", "sha512")
_DIGEST = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{32,128}(?![0-9A-Fa-f])")
_MARKUP = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is looked for in a release.

    Attributes:
        whole: letters and figures of a text → the text, to show whom it is about.
        bare: the same without the marks of Vietnamese letters.
        runs: ``RUN`` words in a row → the text.
        digests: hash in hex → the text.
        keys: an item's id, and a pattern of it followed by the right answer.
    """

    whole: Mapping[str, str]
    bare: Mapping[str, str]
    runs: Mapping[tuple[str, ...], str]
    digests: Mapping[str, str]
    keys: Sequence[tuple[str, re.Pattern[str]]]


def secrets(
    keyed: Iterable[Mapping[str, Any]], more: Iterable[str], public: Iterable[str], pictures: Iterable[str] = ()
) -> Secrets:
    """Return what must not be said.

    Args:
        keyed: the items with their keys.
        more: further texts that only staff may see.
        public: all texts that cadres see anyway; what stands in them is no secret.
        pictures: texts of the lesson's pictures; some words in a row may be the key's, a whole text or ``QUOTED`` not.
    """
    items = list(keyed)
    staff = sorted({*(s for item in items for s in _values(item["variants"])), *more})
    shown = [forms(text) for text in public]
    squeezed, bared = "\n".join(letters(f) for f in shown), "\n".join(bare(letters(f)) for f in shown)
    known = {run for form in shown for run in runs(form)}
    drawn = [forms(text) for text in pictures]
    quoted = {run for form in drawn for run in runs(form, QUOTED)} & {r for s in staff for r in runs(forms(s), QUOTED)}
    known |= {run for form in drawn for run in runs(form)} - {run for q in quoted for run in runs(" ".join(q))}
    whole = {letters(forms(s)): s for s in staff}
    whole = {form: s for form, s in whole.items() if len(form) >= SHORTEST and form not in squeezed}
    return Secrets(
        whole,
        {bare(form): s for form, s in whole.items() if len(form) >= 2 * SHORTEST and bare(form) not in bared},
        {run: s for s in staff for run in runs(forms(s)) if run not in known},
        dict(_digests(staff, squeezed)),
        [pattern for item in items for pattern in _answers(item)],
    )


def found(said: str, wanted: Secrets) -> Iterator[str]:
    """Yield what a text gives away, for the person who reads the message."""
    for text in {said, _MARKUP.sub("", said)}:
        form = forms(text)
        squeezed = letters(form)
        yield from (f"«{s[:40]}»" for key, s in wanted.whole.items() if key in squeezed)
        without = bare(squeezed)
        yield from (_("«{said}» (không dấu)", said=s[:40]) for key, s in wanted.bare.items() if key in without)
        yield from (f"«{' '.join(run)}»" for run in runs(form) if run in wanted.runs)
        yield from (f"«{m[0][:40]}»" for name, pattern in wanted.keys if name in form and (m := pattern.search(form)))
    for match in _DIGEST.finditer(said):
        if (hashed := wanted.digests.get(match[0].lower())) is not None:
            yield _("«{said}» (mã băm)", said=hashed[:40])


def forms(text: str) -> str:
    """Return a text in one form: NFKC, small letters, nothing that cannot be seen."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return plain.translate({ord(c): None for c in set(plain) if unicodedata.category(c) == "Cf"})


def letters(form: str) -> str:
    """Return the letters and figures alone."""
    return "".join(_WORD.findall(form))


def bare(form: str) -> str:
    """Return the letters without their marks; ``đ`` is ``d``."""
    apart = unicodedata.normalize("NFD", form)
    return apart.translate({ord(c): None for c in set(apart) if unicodedata.combining(c)} | {ord("đ"): "d"})


def runs(form: str, length: int = RUN) -> Iterator[tuple[str, ...]]:
    """Yield every ``length`` words in a row."""
    words = _WORD.findall(form)
    return zip(*(words[n:] for n in range(length)), strict=False)


def _values(data: object) -> Iterator[str]:
    """Yield the strings in ``data`` that are not names of fields."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list | tuple):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _values(value)


def _digests(staff: Iterable[str], squeezed: str) -> Iterator[tuple[str, str]]:
    """Yield the hashes of texts of the key as they may have been written, and of the key's letters and numbers."""
    for text in staff:
        if letters(forms(text)) in squeezed and len(text) >= SHORTEST:
            continue
        for written in {text, forms(text), " ".join(forms(text).split()), unicodedata.normalize("NFD", text)}:
            for kind in _HASHES:
                yield hashlib.new(kind, written.encode()).hexdigest(), text


def _answers(item: Mapping[str, Any]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield patterns that find an item's id with its right answer after it.

    Such as ``M02-Q04: B`` or ``"M02-Q05": ["A", "C"]``.
    """
    name = str(item["id"]).casefold()
    for body in item["variants"]:
        right = [body.get("correct"), [p["value"] for p in body.get("parts", [])], body.get("accept", [])[:1]]
        right += [[s for group in body["key"] for s in group]] if isinstance(body.get("key"), list) else []
        right += [[x for pair in body["key"].items() for x in pair]] if isinstance(body.get("key"), dict) else []
        for answer in filter(None, right):
            parts = [re.escape(str(a).casefold()).replace(r"\.", "[.,]") for a in answer]
            after = r"\W{1,6}(?:\w\W{1,6})?".join(parts)
            yield name, re.compile(rf"(?<!\w){re.escape(name)}\W{{1,12}}(?:\w\W{{1,6}})?{after}(?!\w)")
