"""Vietnamese text as data.

Normal forms, counting tiếng, reading numbers, days and times.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f\u200b]+")
_UNSEEN = re.compile(r"[\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Characters without a shape of their own, which copying from a page or a spreadsheet brings along."""
_WORD = re.compile(r"[^\W_]+")
_SYLLABLE = re.compile(r"[^\W_]+(?:[.,:'’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’»)\]]*\s+|[;\n]+")

_NEW_TONES = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
_OLD_TONES = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
_OLD_STYLE = dict(zip(_NEW_TONES, _OLD_TONES, strict=True))
# New style puts the mark on the second vowel of an open oa, oe, uy; "quý" and "hoàn" are written alike in both styles.
_NEW_STYLE = re.compile(r"(?<!q)(?:" + "|".join(_NEW_TONES) + r")(?!\w)")

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[. ][0-9]{3})+(?:,[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_LONGEST_NUMBER = 40

_CLOCK = re.compile(
    r"(?<![\d.,:/])(?P<hour>[01]?\d|2[0-4])(?:"
    r":(?P<minute>[0-5]\d)(?!\d)"
    r"|\s*(?:giờ|h|g)(?![^\W\d])(?:\s*(?:(?P<long>[0-5]?\d)(?!\d)|(?P<half>rưỡi)|kém\s*(?P<less>[0-5]?\d)(?!\d)))?"
    r"|\s*(?P<short>rưỡi)(?=\s+(?:sáng|trưa|chiều|tối|đêm)(?!\w)))"
    r"(?:\s*(?:phút|ph|p)(?!\w))?(?:\s*(?:buổi\s+)?(?P<part>sáng|trưa|chiều|tối|đêm)(?!\w))?"
)
_NOON, _DAY = 12 * 60, 24 * 60
_TWELVE_LATER = {"trưa": range(1, 4), "chiều": range(1, 12), "tối": range(1, 13), "đêm": range(7, 13)}
"""Part of the day → hours of the clock face that are meant twelve hours later; 12 giờ đêm is midnight."""


def nfc(text: str) -> str:
    """Return ``text`` in Unicode normal form C (both forms look alike and compare unequal)."""
    return unicodedata.normalize("NFC", text)


def visible(text: str) -> str:
    """Return what a reader sees of ``text``: NFC, single spaces inside, none outside, no characters without a shape."""
    return _SPACES.sub(" ", _UNSEEN.sub("", nfc(text))).strip()


def _without_outer_punctuation(text: str) -> str:
    if text[:1].isalnum() and text[-1:].isalnum():  # nearly always
        return text
    outer = "".join({c for c in text if unicodedata.category(c)[0] in "PSZC"})
    return text.strip(outer)


def old_style(text: str) -> str:
    """Return lower-case NFC ``text`` with new-style tone marks (uỷ, hoà) written in the old style (ủy, hòa)."""
    return _NEW_STYLE.sub(lambda match: _OLD_STYLE[match.group()], text)


def without_diacritics(text: str) -> str:
    """Return ``text`` without tone marks and with đ as d."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def fold(text: str, *, diacritics: bool = False) -> str:
    """Return the form in which short answers are compared.

    NFC, case-folded, spaces collapsed, outer punctuation dropped, old tone marks; with ``diacritics=True`` also without
    diacritics (đ = d). Source: docs/design.md §6.4.
    """
    folded = _without_outer_punctuation(old_style(visible(text).casefold()))
    return without_diacritics(folded) if diacritics else folded


def count_syllables(text: str) -> int:
    """Return the number of tiếng: runs of letters and digits; ``17:35`` and ``1.900`` are one each."""
    return len(_SYLLABLE.findall(nfc(text)))


def sentences(text: str) -> list[str]:
    """Split ``text`` at full stops, question and exclamation marks followed by space, semicolons and line ends.

    A closing quotation mark or bracket may stand between the full stop and the space.
    """
    return [part.strip() for part in _SENTENCE_END.split(nfc(text)) if part and part.strip()]


def read_number(text: str, unit: str = "") -> Decimal | None:
    """Read a number as people in Viet Nam write it; ``None`` when it cannot be read.

    ``1.200`` is 1200, ``1.200,5`` is 1200.5, ``0.125`` is 0.125, ``1,200`` is 1.2; the part's own ``unit`` may follow.
    Source: docs/design.md §6.3.
    """
    bare = visible(text)
    own = nfc(unit).strip()
    if own and bare.casefold().endswith(own.casefold()):
        bare = bare[: len(bare) - len(own)].rstrip()
    sign = "-" if bare[:1] in {"-", "−"} else ""
    if sign:
        bare = bare[1:].lstrip()
    if len(bare) > _LONGEST_NUMBER:
        return None
    if _GROUPED.fullmatch(bare):
        return Decimal(sign + bare.replace(".", "").replace(" ", "").replace(",", "."))
    if _PLAIN.fullmatch(bare):
        return Decimal(sign + bare.replace(",", "."))
    return None


def show_number(value: Decimal) -> str:
    """Write ``value`` with a decimal comma and no trailing zeros: ``Decimal("1200.50")`` → ``1200,5``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def read_times(text: str) -> list[int]:
    """Return the times of day named in ``text``, as minutes after midnight, in order.

    ``17:35``, ``17h35``, ``17g35``, ``17 giờ 35``, ``17 giờ 35 phút``, ``5 giờ 35 chiều``, ``18 giờ kém 25``, ``17
    giờ rưỡi``, ``7 rưỡi tối``.
    """
    return [minutes for minutes, _, _ in find_times(text)]


def find_times(text: str) -> list[tuple[int, int, int]]:
    """Return the times of day as :func:`read_times`, each with where it begins and ends in the lower-case NFC text."""
    found = []
    for match in _CLOCK.finditer(nfc(text).casefold()):
        hour, part = int(match["hour"]), match["part"]
        half = match["half"] or match["short"]
        minutes = hour * 60 + int(match["minute"] or match["long"] or (30 if half else 0)) - int(match["less"] or 0)
        if hour in _TWELVE_LATER.get(part, ()):
            minutes += _NOON
        found.append((minutes % _DAY, match.start(), match.end()))
    return found


def folded_words(text: str) -> str:
    """Return the words of ``text`` folded, each between single spaces: phrases are found as whole words."""
    return " " + " ".join(_WORD.findall(old_style(visible(text).casefold()))) + " "


def has_phrase(text: str, phrases: list[str]) -> bool:
    """Say whether one of ``phrases`` stands in ``text`` as whole words; case and tone-mark style do not matter."""
    words = folded_words(text)
    return any(folded_words(phrase) in words for phrase in phrases)


def read_day(text: str) -> date | None:
    """Return the day written as 31/10/2026, 31-10-2026, 31.10.2026 or 2026-10-31; ``None`` for anything else."""
    numbers = re.fullmatch(r"\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\s*", text)
    if numbers is None:
        return None
    first, month, last = (int(part) for part in numbers.groups())
    try:
        return date(first, month, last) if len(numbers[1]) == len("2026") else date(last, month, first)
    except ValueError:
        return None
