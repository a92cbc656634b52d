"""Says one value of a table as people read it: in the report's language, a dash or a sign for what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.completion.records import Rate
from grader.report.tables.definition import Hidden, Kind, Value
from grader.report.words import Words

_NOTHING = "—"


def text(words: Words, kind: Kind, value: Value, *, signed: bool = False) -> str:
    """Return a value in words; ``signed``: where it is hidden, say why."""
    if isinstance(value, Hidden):
        return words.sign(value.reason) if signed else _NOTHING
    return "" if value is None else _WRITE[kind](words, value)


def _short(words: Words, rate: Rate) -> str:
    if not rate.denominator:
        return _NOTHING
    return "✓" if rate.met else words.number(rate.shortfall)


_WRITE: Mapping[Kind, Callable[[Words, Any], str]] = {
    Kind.TEXT: lambda _, value: str(value),
    Kind.CODE: lambda _, value: str(value),
    Kind.COUNT: lambda words, value: words.number(value),
    Kind.YEAR: lambda _, value: str(value),
    Kind.LINE: lambda _, value: str(value or ""),
    Kind.RATE: lambda words, value: words.percent(value),
    Kind.SHARE: lambda words, value: words.whole(value),
    Kind.FRACTION: lambda words, value: words.fraction(value),
    Kind.SHORT: _short,
    Kind.VERDICT: lambda words, value: words.verdict(value),
    Kind.MET: lambda words, value: value if isinstance(value, str) else words.met(value),
    Kind.DAY: lambda words, value: words.day(value),
    Kind.INSTANT: lambda words, value: words.instant(value),
}
