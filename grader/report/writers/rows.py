"""The rows of a table as files hold them: real numbers and dates, a sign for why a row is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grader.completion.records import Rate
from grader.report.tables.definition import Column, Filled, Hidden, Kind
from grader.report.words import Words

FileValue = str | int | Decimal | date | datetime | None
"""A ``Decimal`` is a percentage, rounded down to one decimal."""


def headings(filled: Filled[Any]) -> list[str]:
    """Return the headings; what is in per cent says so, since its cells are bare numbers."""
    return [_heading(filled, column) for column in filled.columns("files")]


def _heading(filled: Filled[Any], column: Column[Any]) -> str:
    return filled.heading(column) + (" (%)" if column.kind in {Kind.RATE, Kind.SHARE} else "")


def rows(filled: Filled[Any]) -> Iterator[tuple[FileValue, ...]]:
    """Yield the cells of each row, in the order of the headings."""
    words, sign = filled.page.words, filled.table.views["files"].sign
    columns = [(_WRITE[column.kind], column.key == sign) for column in filled.columns("files")]
    for _row, values in filled.read("files"):
        yield tuple(
            (words.sign(value.reason) if signed else None) if isinstance(value, Hidden) else write(words, value)
            for (write, signed), value in zip(columns, values, strict=True)
        )


def _as_it_is(_words: Words, value: Any) -> FileValue:
    plain: FileValue = value
    return plain


def _rate(_words: Words, rate: Rate | None) -> FileValue:
    return None if rate is None or rate.percent is None else Decimal(rate.percent)


def _met(words: Words, met: Any) -> FileValue:
    return met if isinstance(met, str) else words.met(met)


_WRITE: Mapping[Kind, Callable[[Words, Any], FileValue]] = {
    Kind.TEXT: _as_it_is,
    Kind.CODE: _as_it_is,
    Kind.COUNT: _as_it_is,
    Kind.YEAR: _as_it_is,
    Kind.DAY: _as_it_is,
    Kind.LINE: lambda _, line: line or None,
    Kind.RATE: _rate,
    Kind.SHARE: lambda _, share: Decimal(int(1000 * share)) / 10,
    Kind.MET: _met,
    Kind.INSTANT: lambda _, at: at.replace(tzinfo=None),  # a spreadsheet's cells have no zone
}
"""What the kinds that stand in files become there; the others are ways of the page to say the same."""
