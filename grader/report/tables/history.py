"""The quarters of the main target, and what they let expect until its due day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from course.words import _
from grader.completion.forecast import Band
from grader.completion.quarters import Quarter
from grader.report.page import Page
from grader.report.tables.definition import About, Chart, Column, Filled, Kind, Table, Value, View


def _quarters(page: Page) -> Iterator[tuple[str, Sequence[Quarter]]]:
    if page.past is not None:
        yield page.targets[0].result.id, page.past.quarters


def _at_the_end(filled: Filled[Quarter], row: Quarter) -> About:
    return About(filled.target, filled.page.options.scope, row.end)


HISTORY: Table[Quarter] = Table(
    key="history",
    title=_("theo quý"),
    columns=(
        Column("end", _("Cuối quý"), Kind.DAY, lambda quarter, _: quarter.end),
        Column("numerator", _("Đã đạt"), Kind.COUNT, lambda quarter, _: quarter.numerator, "trained"),
        Column("denominator", _("Mẫu số"), Kind.COUNT, lambda quarter, _: quarter.denominator, "people"),
        Column("percent", _("Tỉ lệ"), Kind.RATE, lambda quarter, _: quarter.rate, "trained of people"),
        Column("fraction", _("Đạt / mẫu số"), Kind.FRACTION, lambda quarter, _: quarter.rate, "trained of people"),
        Column("newly", _("Mới đạt"), Kind.COUNT, lambda quarter, _: quarter.newly, "newly trained"),
        Column("entered", _("Mới vào"), Kind.COUNT, lambda quarter, _: quarter.entered, "entered"),
        Column("left", _("Thôi giữ chức"), Kind.COUNT, lambda quarter, _: quarter.left, "left"),
    ),
    fill=_quarters,
    about=_at_the_end,
    views={
        "files": View(("end", "numerator", "denominator", "percent", "newly", "entered", "left")),
        "page": View(
            ("end", "percent", "fraction", "newly", "entered", "left"),
            order=lambda quarter: -quarter.end.toordinal(),
            first_heads=True,
        ),
    },
    chart=Chart("lines", names="end", series=("percent",)),
)


class _Expected(NamedTuple):
    """What is expected at a quarter's end, beside the goal."""

    band: Band
    goal: Fraction


def _bands(page: Page) -> Iterator[tuple[str, Sequence[_Expected]]]:
    if page.past is not None and page.past.outlook is not None:
        main = page.targets[0].result
        goal = Fraction(*main.rate.goal)
        yield main.id, [_Expected(band, goal) for band in page.past.outlook.bands]


def _on_the_day(filled: Filled[_Expected], row: _Expected) -> About:
    return About(filled.target, filled.page.options.scope, row.band.day)


def _share(take: Callable[[Band], float]) -> Callable[[_Expected, Page], Value]:
    return lambda row, _: take(row.band)


FORECAST: Table[_Expected] = Table(
    key="forecast",
    title=_("dự báo"),
    columns=(
        Column("day", _("Cuối quý"), Kind.DAY, lambda row, _: row.band.day),
        Column("low", _("Thấp"), Kind.SHARE, _share(lambda band: band.low), "expected"),
        Column("middle", _("Giữa"), Kind.SHARE, _share(lambda band: band.middle), "expected"),
        Column("high", _("Cao"), Kind.SHARE, _share(lambda band: band.high), "expected"),
        Column("goal", _("Mức cần đạt"), Kind.SHARE, lambda row, _: row.goal),
    ),
    fill=_bands,
    about=_on_the_day,
    views={"files": View(("day", "low", "middle", "high", "goal"))},
    chart=Chart("lines", names="day", series=("low", "middle", "high", "goal")),
)
