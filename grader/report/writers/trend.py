"""Draws the trend of a report from the columns that the charts of history and forecast name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from course.words import _
from grader.completion.records import Rate
from grader.report import charts
from grader.report.page import Page
from grader.report.tables import all as tables
from grader.report.tables.definition import Filled, Value
from grader.report.writers import html_table, sentences

_SIZES = ((960, 300), (360, 260))  # pixels, on a wide and on a narrow page


def pictures(page: Page) -> tuple[str, ...]:
    """Return the trend as SVG, for a wide and for a narrow page; nothing without a history."""
    history = next(iter(tables.named(page, "history")), None)
    if history is None:
        return ()
    words, target = page.words, page.targets[0].result
    days, (observed,) = _drawn(history)
    bands = next(iter(tables.named(page, "forecast")), None)
    to_come, (low, middle, high, _goal) = _drawn(bands) if bands else ((), ((), (), (), ()))
    last = html_table.lines(history, "files")[-1]
    shown = charts.Trend(
        observed=list(map(charts.Point, days, observed)),
        forecast=list(map(charts.Point, to_come, middle, low, high)),
        goal=target.rate.goal[0] / target.rate.goal[1],
        by=target.by,
        goal_text=words.say(
            _("Chỉ tiêu {goal} đến {day}", goal=words.goal(target.rate.goal), day=words.day(target.by))
        ),
        last_text=f"{last.text('percent')} · {last.text('end')}",
        end_text=words.whole(middle[-1]) if middle else "",
        label=f"{target.id}: {words.say(_('Diễn biến theo quý và dự báo'))}. {sentences.outlook(page)}",
        per_cent=words.per_cent,
    )
    return tuple(charts.trend(shown, *size) for size in _SIZES)


def _drawn(filled: Filled[Any]) -> tuple[Sequence[date], Sequence[Sequence[float]]]:
    """Return the days and the shares of each series that the table's chart names."""
    chart = filled.table.chart
    assert chart is not None
    days = [day for day in filled.values(chart.names) if isinstance(day, date)]
    return days, [[_share(value) for value in filled.values(key)] for key in chart.series]


def _share(value: Value) -> float:
    if isinstance(value, Rate):
        return value.numerator / value.denominator if value.denominator else 0.0
    assert isinstance(value, float | Fraction)
    return float(value)
