"""The targets that this system does not measure, a line each: the latest figure that was entered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course.words import _
from grader.completion.indicators import Headline
from grader.report.page import Page
from grader.report.tables.definition import Column, Kind, Table, Value, View


def _rows(page: Page) -> Iterator[tuple[str, Sequence[Headline]]]:
    yield "", page.indicators.headlines


def _goal(line: Headline, page: Page) -> Value:
    """Return the goal and when it is due: each year, or by its day."""
    by = line.indicator.by
    due = line.year if by is None else page.words.day(by)
    return page.words.say(_("Chỉ tiêu {goal} đến {day}", goal=page.words.goal(line.indicator.goal), day=due))


def _unit(line: Headline, page: Page) -> Value:
    return page.words.say(line.indicator.unit)


_KEYS = ("id", "title", "year", "percent", "fraction", "unit", "goal", "met", "units", "sources", "entered_by")

HEADLINES: Table[Headline] = Table(
    key="headlines",
    title=_("Các chỉ tiêu khác"),
    columns=(
        Column("id", _("Chỉ tiêu"), Kind.TEXT, lambda line, _: line.indicator.id),
        Column("title", _("Tên gọi"), Kind.TEXT, lambda line, page: line.indicator.title(page.words.lang)),
        Column("year", _("Năm"), Kind.YEAR, lambda line, _: line.year),
        Column("percent", _("Tỉ lệ"), Kind.RATE, lambda line, _: line.rate, "reported"),
        Column("fraction", _("Tử số / mẫu số"), Kind.FRACTION, lambda line, _: line.rate, "reported"),
        Column("unit", "", Kind.TEXT, _unit),
        Column("goal", _("Mức cần đạt"), Kind.TEXT, _goal),
        Column("met", _("Kết quả"), Kind.MET, lambda line, _: line.rate.met if line.rate else None, "reported"),
        Column("units", "", Kind.COUNT, lambda line, _: line.units or None, "reported"),
        Column("sources", _("Nguồn"), Kind.TEXT, lambda line, _: ", ".join(line.sources)),
        Column("entered_by", _("Người nhập"), Kind.TEXT, lambda line, _: ", ".join(line.entered_by)),
    ),
    fill=_rows,
    views={"page": View(_KEYS), "desk": View(_KEYS)},
)
