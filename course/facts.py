"""What a text states (times, days, sums, shares, counts, places), whether it is prose, and how much of it is copied.

Nothing here understands a text. What cannot be read is no statement, and what differs is shown to a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from course import vietnamese

_DIGITS = {
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
_ONE = "|".join(_DIGITS)
_SAID = (
    rf"(?:(?:{_ONE}) trăm(?: (?:linh |lẻ )?(?:(?:(?:{_ONE}) mươi|mười)(?: (?:{_ONE}))?|{_ONE}))?"
    rf"|(?:(?:{_ONE}) mươi|mười)(?: (?:{_ONE}))?|{_ONE})"
)
_NUMBER = rf"(?:\d+(?:[.,]\d+)*|(?<!\w){_SAID}(?!\w))"
_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỉ": 10**9, "tỷ": 10**9}
_COUNTED = (
    "người|công nhân|thợ|đoàn viên|lãnh đạo|cán bộ|nhân viên|anh em|chị em|anh chị em|anh|chị|bạn|đồng nghiệp|nạn nhân|"
    "gia đình|nhà|phiếu|lượt|đơn vị|tổng công ty|nơi|vụ|ca|điện thoại"
)
_KINDS = (
    (
        "date",
        (
            r"(?:(?:ngày|mồng|mùng|chốt) "
            r")?(?<![\d/.,-])(?P<d>0?[1-9]|[12]\d|3[01])\s?[/.-]\s?(?P<m>0?[1-9]|1[0-2])"
            r"(?:\s?[/.-]\s?(?P<y>\d{4}))?(?![\d/])"
        ),
    ),
    (
        "date",
        (
            rf"(?:(?:ngày|mồng|mùng) )?(?P<d>(?<![\d.,:])\d{{1,2}}|(?<!\w){_SAID}) tháng "
            rf"(?P<m>\d{{1,2}}|{_SAID})(?:(?:,? năm|/| )\s?(?P<y>\d{{4}}))?(?!\w)"
        ),
    ),
    ("date", rf"(?:ngày|mồng|mùng) (?P<d>\d{{1,2}}|{_SAID})(?!\w)"),
    ("date", rf"tháng (?P<m>\d{{1,2}}|{_SAID})(?:(?:,? năm|/| )\s?(?P<y>\d{{4}}))?(?!\w)"),
    ("date", r"năm (?P<y>\d{4})(?!\d)"),
    ("weekday", r"(?<!\w)thứ (?P<w>[2-7]|hai|ba|tư|năm|sáu|bảy)(?!\w)|(?<!\w)(?P<s>chủ nhật)(?!\w)"),
    ("place", r"(?<!\w)mẫu (?P<unit>\w+)"),
    (
        "sum",
        (
            rf"(?P<n>{_NUMBER})(?:\s?(?P<scale>nghìn|ngàn|triệu|tỉ|tỷ))?\s?(?:đồng(?! "
            rf"(?:nghiệp|chí|đội|bào|ruộng|hồ))|vnđ|vnd|đ)(?!\w)"
        ),
    ),
    ("sum", rf"(?P<n>{_NUMBER})\s?(?P<scale>triệu|tỉ|tỷ)(?!\w)"),
    ("number", rf"(?P<n>{_NUMBER})\s?(?:%|phần trăm|điểm phần trăm)"),
    ("length", rf"(?P<n>{_NUMBER})\s?(?:phút|tiếng|giây|hôm|tuần|ngày)(?!\w)"),
    ("number", r"(?<![\w.,])(?P<n>\d+(?:[.,]\d+)*)(?!\w)"),
    ("number", rf"(?P<n>(?<!\w){_SAID}) (?:{_COUNTED})(?!\w)"),
    ("number", rf"(?P<n>(?<!\w)(?:(?:(?:{_ONE}) mươi|mười)(?: (?:{_ONE}))|(?:{_ONE}) mươi))(?!\w)"),
)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)  # slow, and few modules state anything


_REGION = re.compile(
    r"(?<!\w)(?:[Xx]ã|[Pp]hường|[Hh]uyện|[Tt]ỉnh|[Tt]hành phố|[Qq]uận|[Tt]hôn|[Bb]ệnh viện) "
    r"(?P<name>(?!Mẫu)[^\W\d_a-z]\w*(?: (?!Mẫu)[^\W\d_a-z]\w*)*)"
)
_NOON, _LATE = 12 * 60, 24 * 60
_SMALL = (
    "và là của đã được cho các những một có không ở tại với để này đang sẽ từ đến thì mà nên vẫn bị do về trong theo "
    "chưa còn ai nào gì cả cũng như khi nếu xin hãy mời mình tôi chúng anh chị em người ra vào lên nhé ạ hay hoặc vì "
    "rồi đó đây ấy thêm lại trước sau trên dưới nhau phải cần ta bà con ông mọi đều chỉ mới hơn bằng số so lúc qua"
)
_PLAIN_WORDS = frozenset(_SMALL.split())
_WORDS_IN = re.compile(r"[^\W_]+")
_RUN = 4
SHORT = 8
"""Below so many words nothing is said about prose."""
MONOTONE, FEWEST_DISTINCT, LONGEST_BREATH = 0.18, 0.5, 70
LONG, FEWEST_PLAIN = 45, 0.13
"""Of so many words and more, this share must be small words; a title, a caption or one sentence does with fewer."""
REPEATED = 0.15
"""So large a share of runs of four words may have been said before in the same text."""
COPIED = 0.8
"""Share of a text's runs of four words that stand in another text from which it counts as copied."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: ``kind`` (time, date, weekday, sum, number, place), its value to compare, and how it was said."""

    kind: str
    value: tuple[object, ...]
    said: str


def _read(written: str) -> Decimal | None:
    """Read a number in digits or in words, below a thousand."""
    if written[0].isdigit():
        return vietnamese.read_number(written)
    total, last = 0, 0
    for word in written.split():
        if word == "trăm":
            total, last = total + last * 100, 0
        elif word == "mươi":
            total, last = total + last * 10, 0
        elif word == "mười":
            total += 10
        else:
            last = _DIGITS.get(word, 0)
    return Decimal(total + last)


def statements(text: str) -> list[Statement]:
    """Return what a text states, in the order of its kinds; every stretch of it is read once."""
    plain = vietnamese.old_style(vietnamese.nfc(text).lower())
    found = [Statement("place", (m["name"].lower(),), m[0]) for m in _REGION.finditer(vietnamese.nfc(text))]
    for minutes, start, end in vietnamese.find_times(plain):
        found.append(Statement("time", (minutes,), plain[start:end].strip()))
        plain = _blank(plain, start, end)
    for kind, pattern in _patterns():
        for match in list(pattern.finditer(plain)):
            if kind != "length" and (value := _value(kind, match)) is not None:
                found.append(Statement(kind, value, match[0].strip()))
            plain = _blank(plain, match.start(), match.end())
    return found


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + "\x00" * (end - start) + text[end:]


def _value(kind: str, match: re.Match[str]) -> tuple[object, ...] | None:
    parts = match.groupdict()
    if kind == "date":
        day, month, year = (parts.get(name) for name in ("d", "m", "y"))
        return tuple(None if part is None else int(_read(part) or 0) for part in (day, month, year))
    if kind == "weekday":
        word = parts["w"]
        return ("cn",) if word is None else (int(word) if word.isdigit() else _DIGITS[word],)
    if kind == "place":
        return ("mẫu " + parts["unit"],)
    number = _read(parts["n"])
    return None if number is None else (number * _SCALES.get(parts.get("scale") or "", 1),)


def unsupported(text: str, known: Iterable[str], after: str = "") -> list[Statement]:
    """Return what ``text`` states and none of the ``known`` texts does.

    Times later than ``after`` (``17:40``) are free, and so are 0 and 1; a time without its part of the day may be
    meant in the afternoon; of a date only what is said is compared; a number counts as known however it is used.
    """
    sources = list(known)
    given = [s for source in sources for s in statements(source)]
    times = {int(str(s.value[0])) for s in given if s.kind == "time"}
    days = [s.value for s in given if s.kind == "date"]
    weekdays = {s.value for s in given if s.kind == "weekday"}
    sums = {s.value for s in given if s.kind == "sum"}
    numbers = {Decimal(0), Decimal(1)} | {Decimal(str(s.value[0])) for s in given if s.kind in {"number", "sum"}}
    numbers |= {number for source in sources for number in _any_number(source)}
    least = vietnamese.find_times(after)[0][0] if after else _LATE

    def is_known(stated: Statement) -> bool:
        value = stated.value
        if stated.kind == "time":
            minutes = int(str(value[0]))
            meant = {minutes, minutes + _NOON} if minutes < _NOON else {minutes}
            return bool(meant & times) or max(meant) > least
        if stated.kind == "date":
            fits = any(all(a is None or a == b for a, b in zip(value, day, strict=True)) for day in days)
            bare = stated.said[0].isdigit() and "tháng" not in stated.said  # 9/12 may be a share
            return fits or (bare and {Decimal(str(v)) for v in value if v is not None} <= numbers)
        if stated.kind == "place":
            return any(vietnamese.has_phrase(source, [str(value[0])]) for source in sources)
        if stated.kind == "weekday":
            return value in weekdays
        return value in sums if stated.kind == "sum" else value[0] in numbers

    return [s for s in statements(text) if not is_known(s)]


def _any_number(text: str) -> Iterator[Decimal]:
    """Yield every number of a text but its times, whatever it counts; words too, even where they may be no number."""
    plain = vietnamese.old_style(vietnamese.nfc(text).lower())
    for _minutes, start, end in vietnamese.find_times(plain):
        plain = _blank(plain, start, end)
    for match in re.finditer(_NUMBER, plain):
        number = None if re.match(r"0\d\d", match[0]) else _read(match[0].rstrip(".,"))  # no part of a phone number
        if number is not None:
            yield number


def is_prose(text: str) -> bool:
    """Say whether a text looks like sentences.

    It breathes, does not say one word over and over, and has small words.
    """
    words = _WORDS_IN.findall(vietnamese.old_style(vietnamese.nfc(text).lower()))
    if len(words) < SHORT:
        return True
    runs = _runs(text)
    commonest = Counter(words).most_common(1)[0][1]
    breaths = [len(_WORDS_IN.findall(part)) for part in re.split(r"[.,;:!?…\n()–—]+", text)]
    return (
        (commonest < SHORT or commonest <= MONOTONE * len(words))
        and len(set(words)) >= FEWEST_DISTINCT * len(words)
        and len(runs) - len(set(runs)) <= REPEATED * len(runs)
        and max(breaths) <= LONGEST_BREATH
        and (len(words) < LONG or sum(word in _PLAIN_WORDS for word in words) >= FEWEST_PLAIN * len(words))
    )


def copied(text: str, source: str) -> float:
    """Return the share of a text's runs of four words that stand in ``source`` too; 0 for a text of fewer words."""
    one, other = _runs(text), set(_runs(source))
    return sum(run in other for run in one) / len(one) if one else 0.0


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _WORDS_IN.findall(vietnamese.old_style(vietnamese.nfc(text).lower()))
    return [tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)]


def clauses(text: str) -> list[str]:
    """Return a text in pieces between punctuation marks, in which a denial belongs to what follows it."""
    return [part.strip() for part in re.split(r"[.,;:!?…\n()–—]+(?!\d)", vietnamese.nfc(text)) if part.strip()]
