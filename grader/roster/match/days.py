"""Days as lists hold them: read by the one reader of days, or a question; never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from course.vietnamese import nfc, read_day
from grader.roster.tables.grid import Cell

_FIRST, _LAST = 1900, 2100  # years that a list can mean
_WRITTEN = re.compile(
    r"\s*(?:ngày\s*)?(\d{1,2})\s*(?:tháng|th\.?)\s*(\d{1,2})\s*(?:năm|[,/-])?\s*(\d{4})\s*", re.IGNORECASE
)
_SOMEWHERE = re.compile(
    r"(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)|(?:ngày\s*)\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4}", re.IGNORECASE
)
_SPACED = re.compile(r"\s*([/.-])\s*")
_PARTS = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\s*")
_MONTH = re.compile(r"\s*(\d{1,2})[-/.](\d{4})\s*")
_YEAR = re.compile(r"\s*((?:19|20)\d\d)\s*")
_SHORT = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})\s*")
_CLOCK = re.compile(r"\s+0{1,2}:00(?::00(?:\.0+)?)?\s*$")
_SERIAL = range(15_000, 80_000)  # 1941 to 2119, as spreadsheets count days
_EPOCH = date(1899, 12, 30)
_TWELVE = 12
_ENOUGH = 2


@dataclass(frozen=True)
class Day:
    """What a cell says of a day.

    Attributes:
        day: the day, where it is plain.
        could_be: where it is not: the day that it may mean, to be confirmed; ``None`` for no day at all.
    """

    day: date | None
    could_be: date | None = None


def read(cell: Cell) -> Day:
    """Return the day of a cell, and how sure it is.

    Plain, doubtful (month first, month and year, year alone, two digits, a number), none.
    """
    text = _CLOCK.sub("", nfc(cell.text))
    if cell.kind == "number":
        return _number(text)
    if cell.kind in {"missing", "error", "flag"}:
        return Day(None)
    return _text(_SPACED.sub(r"\1", text).replace("\u200e", "").strip())


@lru_cache(maxsize=65_536)
def _text(text: str) -> Day:
    day = read_day(text)
    if day is not None and len(text) >= len("1/1/2024") and _FIRST <= day.year <= _LAST:
        return Day(day)
    if match := _WRITTEN.fullmatch(text):
        return Day(_made(match[3], match[2], match[1]))
    if match := _PARTS.fullmatch(text):
        return Day(None, _made(match[3], match[1], match[2]))  # month first
    if match := _MONTH.fullmatch(text):
        return Day(None, _made(match[2], match[1], "1"))
    if match := _YEAR.fullmatch(text):
        return Day(None, _made(match[1], "1", "1"))
    if match := _SHORT.fullmatch(text):
        year = int(match[3])
        return Day(None, _made(str(year + (2000 if year <= _LAST % 100 + 40 else 1900)), match[2], match[1]))
    return Day(None)


def _number(text: str) -> Day:
    if text.isdigit() and int(text) in _SERIAL:
        return Day(None, _EPOCH + timedelta(days=int(text)))
    return Day(None, date(int(text), 1, 1)) if _YEAR.fullmatch(text) else Day(None)


def _made(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _FIRST <= found.year <= _LAST else None


def within(text: str) -> list[date]:
    """Return the days that stand within a text, such as a title: 9/7/2024, ngày 9 tháng 7 năm 2024."""
    found = [_text(one.group()).day for one in _SOMEWHERE.finditer(nfc(text))]
    return [day for day in found if day]


def month_first(text: str) -> date | None:
    """Return the day that a text means when the month comes first; ``None`` where it cannot."""
    match = _PARTS.fullmatch(_SPACED.sub(r"\1", nfc(text)))
    return _made(match[3], match[1], match[2]) if match else None


def orders(cells: Sequence[Cell]) -> tuple[bool, bool]:
    """Return whether texts of a column prove that some days are written day first, and some month first."""
    day_first = first_month = False
    for cell in cells:
        match = _PARTS.fullmatch(_SPACED.sub(r"\1", cell.text)) if not cell.kind else None
        if match:
            day_first |= int(match[1]) > _TWELVE >= int(match[2])
            first_month |= int(match[2]) > _TWELVE >= int(match[1])
    return day_first, first_month


def turned(cells: Sequence[Cell]) -> bool:
    """Tell whether a column looks half converted by a spreadsheet that puts the month first.

    Then what it could not take for a date stayed text (all beyond the twelfth), and each real date has a day that
    could be a month: 3 February became 2 March.
    """
    texts = [day for cell in cells if not cell.kind and (day := read(cell).day)]
    real = [day for cell in cells if cell.kind == "day" and (day := read(cell).day)]
    return (
        len(texts) >= _ENOUGH
        and len(real) >= _ENOUGH
        and all(day.day > _TWELVE for day in texts)
        and all(day.day <= _TWELVE for day in real)
    )


def birth(cell: Cell) -> str:
    """Return a birth date as ``YYYY-MM-DD``, or the year alone; empty for what is neither."""
    found = read(cell)
    if found.day:
        return found.day.isoformat()
    year = _YEAR.fullmatch(cell.text)
    return year[1] if year else ""


def agree(one: str, other: str) -> bool:
    """Tell whether two birth dates can be one: equal, or one of them only a year or not known."""
    return one == other or not one or not other or (min(len(one), len(other)) == len("1978") and one[:4] == other[:4])
