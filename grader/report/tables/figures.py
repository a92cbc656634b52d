"""The columns that every figure has.

N, D, per cent, whether it is met, what it lacks, and the page's way to say them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from course.words import _
from grader.completion.records import Rate
from grader.report.page import Page
from grader.report.tables.definition import Bar, Column, Counts, Kind, Value
from grader.report.views import Figure

_R = TypeVar("_R")
KEYS = ("numerator", "denominator", "percent", "met", "shortfall")


def columns(figure: Callable[[_R], Figure], names: dict[str, Callable[[_R], str]]) -> tuple[Column[_R], ...]:
    """Return the columns of the figure that ``figure`` takes from a record, all hidden with it.

    ``names`` gives, for each bar by its key, what that bar is called.
    """

    def of(take: Callable[[Rate], Value]) -> Callable[[_R, Page], Value]:
        def value(row: _R, _page: Page) -> Value:
            rate = figure(row).rate
            return None if rate is None else take(rate)  # never None: the columns are hidden with the figure

        return value

    def whole(rate: Rate) -> Value:
        return rate

    counts: Counts = "trained of people"
    return (
        Column("numerator", _("Đã đạt"), Kind.COUNT, of(lambda rate: rate.numerator), "trained", hides=True),
        Column("denominator", _("Mẫu số"), Kind.COUNT, of(lambda rate: rate.denominator), "people", hides=True),
        Column("percent", _("Tỉ lệ"), Kind.RATE, of(whole), counts, hides=True),
        Column("met", _("Kết quả"), Kind.MET, of(lambda rate: rate.met), counts, hides=True),
        Column("shortfall", _("Thiếu"), Kind.COUNT, of(lambda rate: rate.shortfall), "people lacking", hides=True),
        Column("fraction", _("Đạt / mẫu số"), Kind.FRACTION, of(whole), counts, hides=True),
        Column("verdict", _("Kết quả"), Kind.VERDICT, of(whole), "people lacking", hides=True),
        Column("short", _("Thiếu"), Kind.SHORT, of(whole), "people lacking", hides=True),
        *(_bar(key, name) for key, name in names.items()),
    )


def external(value: Callable[[_R, Page], Value]) -> Column[_R]:
    """Return the column of the people who took a course outside: beside the figure, and hidden with it."""
    return Column("external", _("Đã học khóa ngoài"), Kind.COUNT, value, "trained outside", hides=True)


def _bar(key: str, name: Callable[[_R], str]) -> Column[_R]:
    def value(row: _R, _page: Page) -> Value:
        return Bar(name(row))

    return Column(key, _("So với mức {goal}"), Kind.BAR, value, "trained of people", hides=True, draws="percent")
