"""What gives a key away without a word of it.

The place of the right options, how they are spelled, blanks nobody sees.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import comb
from typing import Any

from course.words import _, joined
from grader.check.corpus import Corpus, file_place, item_place, report
from grader.ground.records import Finding
from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import Pick

Body = Mapping[str, Any]
Choices = Sequence[Pick]
"""What stands under one another to be chosen from."""
_CHANCE = Fraction(1, 50)
"""A regularity that chance would bring about less often than this tells something."""
_SPELLING: Mapping[str, Callable[[str], bool]] = {
    _("dấu chấm cuối câu"): lambda text: text.endswith((".", "!", "?", "…")),
    _("chữ thường đầu câu"): lambda text: text[:1].islower(),
    _("chữ đậm, nghiêng hoặc mã"): lambda text: any(mark in text for mark in "*_`"),
}


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield ``E-Q04-10`` for each of them."""
    for text in corpus.asked():
        if text.exercise:
            known = {item.id: item for item in text.exercise.items}
            for name, said in told([item.keyed for item in text.exercise.items]):
                here = item_place(text.exercise, known[name]) if name else file_place(text.exercise.document.path, 1)
                yield report("E-Q04-10", here, said)


def told(items: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield, for the keyed items of one module, every outward sign by which the right options could be told.

    Each with its item's id, or an empty one for what the module as a whole shows.
    """
    listed = [item for item in items if not item["withdrawn"]]
    columns: list[list[Choices]] = []
    for item in listed:
        of = TYPES[item["type"]]
        lists = [of.choices(body) for body in item["variants"]]
        for number, (body, choices) in enumerate(zip(item["variants"], lists, strict=True)):
            for said in (*_unseen(body, choices), *(sign for one in choices for sign in _spelled(one))):
                yield item["id"], _("mẫu {number}: {said}", number=number, said=said) if number else said
        columns += [list(column) for column in zip(*lists, strict=False)]
    for said in _placed(columns):
        yield "", said


def _unseen(body: Body, choices: Sequence[Choices]) -> Iterator[str]:
    """Texts that are shown beside each other hold no blanks and letters by which one could be marked."""
    listed = [entry for entries in body.values() if isinstance(entries, list) for entry in entries]
    shown = [entry.get("text", entry.get("label")) for entry in listed if isinstance(entry, dict)]
    for text in dict.fromkeys((*shown, *(pick.text for one in choices for pick in one))):
        if text is not None and (odd := oddity(str(text))):
            yield joined(": ", [f"«{str(text).strip()[:30]}»", odd])


def oddity(text: str) -> str:
    """Return what is odd about the blanks and letters of one text that is to be chosen; empty when nothing is."""
    if text != text.strip():
        return _("khoảng trắng ở đầu hoặc cuối.")
    if any(unicodedata.category(c) in {"Cf", "Cc", "Co", "Zl", "Zp"} and c != "\n" for c in text):
        return _("ký tự không nhìn thấy.")
    if any(unicodedata.category(c) == "Zs" and c != " " for c in text) or "  " in text:
        return _("khoảng trắng lạ hoặc thừa.")
    return "" if unicodedata.is_normalized("NFC", text) else _("chữ chưa ở dạng NFC.")


def _right(choices: Choices) -> frozenset[int]:
    return frozenset(n for n, pick in enumerate(choices) if pick.right)


def _spelled(choices: Choices) -> Iterator[str]:
    """Right options are not spelled otherwise than all wrong ones."""
    right, everything = _right(choices), frozenset(range(len(choices)))
    for name, has in _SPELLING.items():
        having = frozenset(n for n, pick in enumerate(choices) if has(pick.text))
        if having and having != everything and having in {right, everything - right}:
            yield _("chỉ riêng {sign} đã cho biết phương án đúng; hãy viết các phương án như nhau.", sign=name)


def _placed(columns: list[list[Choices]]) -> Iterator[str]:
    """The right options of a module's items do not always stand in the same place."""
    rules: Mapping[str, Callable[[frozenset[int], int], bool]] = {
        _("luôn đứng đầu"): lambda right, _size: right == frozenset(range(len(right))),
        _("luôn đứng cuối"): lambda right, size: right == frozenset(range(size - len(right), size)),
    }
    sized = [[(_right(choices), len(choices)) for choices in variants] for variants in columns]
    chance = Fraction(1)
    for variants in sized:
        chance /= comb(variants[0][1], len(variants[0][0]))
    for name, holds in rules.items():
        if sized and chance <= _CHANCE and all(holds(*one) for variants in sized for one in variants):
            yield _("phương án đúng {place}; hãy đổi chỗ phương án ở vài câu.", place=name)
    singles = [variants for variants in sized if all(len(right) == 1 for right, _size in variants)]
    places = {place for variants in singles for right, _size in variants for place in right}
    same = Fraction(1)
    for variants in singles[1:]:
        same /= variants[0][1]
    if len(places) == 1 and same <= _CHANCE:
        yield _("phương án đúng luôn đứng thứ {place}; hãy đổi chỗ phương án ở vài câu.", place=1 + places.pop())
