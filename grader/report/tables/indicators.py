"""The targets that this system does not measure: the rows that coordinators entered, and those that have none yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from course.words import _
from grader.completion.indicators import Reported
from grader.completion.records import Rate
from grader.report.page import Page
from grader.report.tables.definition import Column, Kind, Table, Value, View


class _IndicatorLine(NamedTuple):
    """What was entered for an indicator by one unit in one year; an indicator without any has a line of its own."""

    indicator: str
    entry: Reported | None = None
    rate: Rate | None = None


def _rows(page: Page) -> Iterator[tuple[str, Sequence[_IndicatorLine]]]:
    goals = {line.indicator.id: line.indicator.goal for line in page.indicators.headlines}
    entries = page.indicators.rows
    reported = {entry.indicator for entry in entries}
    yield (
        "",
        [
            *(
                _IndicatorLine(entry.indicator, entry, Rate(entry.numerator, entry.denominator, goals[entry.indicator]))
                for entry in entries
            ),
            *(_IndicatorLine(one) for one in goals if one not in reported),
        ],
    )


def _entered(field: str, heading: str) -> Column[_IndicatorLine]:
    return Column(field, heading, Kind.TEXT, lambda line, _: getattr(line.entry, field, None))


def _counted(field: str, heading: str) -> Column[_IndicatorLine]:
    return Column(field, heading, Kind.COUNT, lambda line, _: getattr(line.entry, field, None), "reported")


def _met(line: _IndicatorLine, page: Page) -> Value:
    return page.words.say(_("Chưa có số liệu")) if line.rate is None else line.rate.met


def _name(line: _IndicatorLine, page: Page) -> Value:
    return page.unit_names.get(line.entry.unit_id, line.entry.unit_id) if line.entry else None


INDICATORS: Table[_IndicatorLine] = Table(
    key="indicators",
    title=_("Chỉ tiêu nhập tay"),
    columns=(
        Column("year", _("Năm"), Kind.YEAR, lambda line, _: line.entry.year if line.entry else None),
        Column("unit_id", _("Mã"), Kind.TEXT, lambda line, _: line.entry.unit_id if line.entry else None),
        Column("unit", _("Đơn vị"), Kind.TEXT, _name),
        Column("indicator", _("Chỉ tiêu"), Kind.TEXT, lambda line, _: line.indicator),
        _counted("numerator", _("Tử số")),
        _counted("denominator", _("Mẫu số")),
        Column("percent", _("Tỉ lệ"), Kind.RATE, lambda line, _: line.rate, "reported"),
        Column("fraction", _("Tử số / mẫu số"), Kind.FRACTION, lambda line, _: line.rate, "reported"),
        Column("met", _("Kết quả"), Kind.MET, _met, "reported"),
        _entered("source", _("Nguồn")),
        _entered("entered_by", _("Người nhập")),
    ),
    fill=_rows,
    views={
        "files": View(
            ("year", "unit_id", "indicator", "numerator", "denominator", "percent", "met", "source", "entered_by")
        ),
        "desk": View(("year", "unit", "percent", "fraction", "source", "entered_by")),
        "json": View(
            ("year", "unit_id", "indicator", "numerator", "denominator", "source", "entered_by", "percent", "met")
        ),
    },
)
