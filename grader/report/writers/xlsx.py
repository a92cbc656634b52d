"""Writes the report as a workbook: a sheet per table, real numbers and dates, filters, charts.

No cell that computes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from course.words import _
from grader.report.page import Page
from grader.report.tables import all as tables
from grader.report.tables.definition import Chart, Filled
from grader.report.writers import rows as file_rows
from grader.report.writers.rows import FileValue

_LONGEST_TEXT = 32_767  # characters in a cell
_LAST_ROW = 1_048_575  # of a sheet, counted from 0
_LINE = 15  # points
_FIRST = 3  # row of the first line of data: above it the date, a blank and the headings
_MEASURED = 2000  # rows that decide how wide a column is
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT = {"font_name": "Noto Sans", "font_size": 10}
_Rows = Sequence[Sequence[FileValue]]


def write(path: Path, page: Page) -> Path:
    """Write the workbook and return its path."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties(
            {"title": page.words.say(_("Báo cáo tiến độ bồi dưỡng cán bộ công đoàn")), "comments": _dated(page)}
        )
        book.formats[0].set_font_name(_FONT["font_name"])
        book.formats[0].set_font_size(_FONT["font_size"])
        formats = _formats(book)
        for filled in tables.of(page, "files"):
            sheet = book.add_worksheet(filled.title)
            rows = list(file_rows.rows(filled))
            _fill(sheet, filled, rows, formats)
            if filled.table.chart is not None and rows:
                _draw(book, sheet, filled, filled.table.chart, len(rows))
    return path


def _dated(page: Page) -> str:
    words, found = page.words, page.found
    parts = [
        page.union if not page.scope_name else words.say(_("Phạm vi: {unit}", unit=page.scope_name)),
        words.say(_("Đến hết ngày {day}", day=words.day(found.as_of))),
        words.say(_("Tính lúc {instant}", instant=words.instant(found.computed_at))),
        words.say(_("Bộ chỉ tiêu {name}", name=found.target_set)),
    ]
    if page.simulated:
        parts.append(words.say(_("Số liệu mô phỏng")).upper())
    return " · ".join(part for part in parts if part)


def _formats(book: Any) -> dict[str, Any]:  # xlsxwriter has no types
    return {
        "title": book.add_format(_FONT | {"bold": True}),
        "secret": book.add_format(_FONT | {"bold": True, "font_color": "#A8201A"}),
        "head": book.add_format(
            _FONT
            | {"bold": True, "bg_color": "#1B4F8A", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
        ),
        "text": book.add_format(_FONT | {"text_wrap": True, "valign": "top"}),
        "int": book.add_format(_FONT | {"num_format": "0", "valign": "top"}),
        "percent": book.add_format(_FONT | {"num_format": "0.0", "valign": "top"}),
        "date": book.add_format(_FONT | {"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"}),
        "instant": book.add_format(_FONT | {"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"}),
    }


def _fill(sheet: Any, filled: Filled[Any], rows: _Rows, formats: dict[str, Any]) -> None:  # xlsxwriter has no types
    sheet.write_string(0, 0, _dated(filled.page), formats["title"])
    if filled.table.secret:
        sheet.write_string(
            1, 0, filled.page.words.say(_("MẬT – có danh sách cá nhân, chỉ người được giao xem")), formats["secret"]
        )
    headings = file_rows.headings(filled)
    widest = [column.widest for column in filled.columns("files")]
    for place, heading in enumerate(headings):
        sheet.write_string(_FIRST - 1, place, heading, formats["head"])
        sheet.set_column(place, place, _width(heading, [row[place] for row in rows[:_MEASURED]], widest[place]))
    sheet.set_row(_FIRST - 1, 2 * _LINE)
    rows = rows[: _LAST_ROW - _FIRST]
    for number, row in enumerate(rows, _FIRST):
        texts = (-(-len(value) // width) for value, width in zip(row, widest, strict=True) if isinstance(value, str))
        lines = max(texts, default=1)
        if lines > 1:  # a spreadsheet does not always make room for wrapped text by itself
            sheet.set_row(number, min(lines, 20) * _LINE)
        for place, value in enumerate(row):
            _cell(sheet, number, place, value, formats)
    sheet.autofilter(_FIRST - 1, 0, max(_FIRST, _FIRST + len(rows) - 1), len(headings) - 1)
    sheet.freeze_panes(_FIRST, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST - 1)
    sheet.set_footer("&L&A&R&P / &N")


def _cell(sheet: Any, row: int, place: int, value: FileValue, formats: dict[str, Any]) -> None:  # xlsxwriter: no types
    """Write one cell by its own kind: text is never read as a formula, a link or a number."""
    if isinstance(value, str):
        sheet.write_string(row, place, value[:_LONGEST_TEXT], formats["text"])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value, formats["instant"])
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, formats["date"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, place, value, formats["percent"])
    elif value is not None:
        sheet.write_number(row, place, value, formats["int"])


def _width(heading: str, values: Sequence[FileValue], widest: int) -> int:
    longest = max((len(str(value or "")) for value in values), default=0)
    return min(widest, max(12, longest + 2, min(18, len(heading) + 3)))


def _draw(book: Any, sheet: Any, filled: Filled[Any], chart: Chart, rows: int) -> None:  # xlsxwriter has no types
    """Draw the columns that the table's chart names, under the numbers they show."""
    places = {column.key: place for place, column in enumerate(filled.columns("files"))}
    bars, names, last = chart.kind == "bars", places[chart.names], _FIRST + rows - 1
    drawn = book.add_chart({"type": "bar" if bars else "line"})
    for place in (places[key] for key in chart.series):
        drawn.add_series(
            {
                "name": [filled.title, _FIRST - 1, place],
                "categories": [filled.title, _FIRST, names, last, names],
                "values": [filled.title, _FIRST, place, last, place],
                "data_labels": {"value": bars, "num_format": "0.0"},
                **({"fill": {"color": "#1B4F8A"}} if bars else {"line": {"width": 2}}),
            }
        )
    words, day = filled.page.words, filled.page.found.as_of
    dated = words.say(_("Đến hết ngày {day}", day=words.day(day)))
    drawn.set_title({"name": f"{filled.title}, {dated}", "name_font": {"size": 11}})
    shares = {"min": 0, "max": 100, "num_format": '0" %"'}
    drawn.set_x_axis(shares if bars else {"text_axis": True, "num_format": "dd/mm/yyyy"})
    drawn.set_y_axis({"reverse": True} if bars else shares)
    drawn.set_size({"width": 760, "height": 300})
    if len(chart.series) == 1:
        drawn.set_legend({"none": True})
    sheet.insert_chart(last + 2, 0, drawn, {"description": filled.title})
