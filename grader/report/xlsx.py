"""Writes the report as a workbook: a sheet per view, real numbers and dates, filters, charts; no cell that computes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from grader.report.page import Page
from grader.report.tables import Cell, Table, tables

_WIDEST = 60  # characters; longer cells wrap
_LONGEST_TEXT = 32_767  # characters in a cell
_LAST_ROW = 1_048_575  # of a sheet, counted from 0
_LINE = 15  # points
_FIRST = 3  # row of the first line of data: above it the date, a blank and the headings
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT = {"font_name": "Noto Sans", "font_size": 10}


def write(path: Path, page: Page) -> Path:
    """Write the workbook and return its path."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties({"title": page.words("title"), "comments": _dated(page)})
        book.formats[0].set_font_name(_FONT["font_name"])
        book.formats[0].set_font_size(_FONT["font_size"])
        formats = _formats(book)
        for table in tables(page):
            sheet = book.add_worksheet(table.name)
            _fill(sheet, table, page, formats)
            _chart(book, sheet, table, page)
    return path


def _dated(page: Page) -> str:
    words, found = page.words, page.found
    parts = [
        page.union if not page.scope_name else words("scope", page.scope_name),
        words("as_of", words.day(found.as_of)),
        words("computed_at", words.instant(found.computed_at)),
        words("target_set", found.target_set),
    ]
    if page.simulated:
        parts.append(words("simulated").upper())
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


def _fill(sheet: Any, table: Table, page: Page, formats: dict[str, Any]) -> None:  # xlsxwriter has no types
    sheet.write_string(0, 0, _dated(page), formats["title"])
    if table.secret:
        sheet.write_string(1, 0, page.words("confidential"), formats["secret"])
    for column, heading in enumerate(table.columns):
        sheet.write_string(_FIRST - 1, column, heading, formats["head"])
        sheet.set_column(column, column, _width(table, column))
    sheet.set_row(_FIRST - 1, 2 * _LINE)
    rows = table.rows[: _LAST_ROW - _FIRST]
    for number, row in enumerate(rows, _FIRST):
        lines = max((-(-len(cell) // _WIDEST) for cell in row if isinstance(cell, str)), default=1)
        if lines > 1:  # a spreadsheet does not always make room for wrapped text by itself
            sheet.set_row(number, min(lines, 20) * _LINE)
        for column, cell in enumerate(row):
            _cell(sheet, number, column, cell, formats)
    sheet.autofilter(_FIRST - 1, 0, max(_FIRST, _FIRST + len(rows) - 1), len(table.columns) - 1)
    sheet.freeze_panes(_FIRST, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST - 1)
    sheet.set_footer("&L&A&R&P / &N")


def _cell(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:  # xlsxwriter has no types
    """Write one cell by its own kind: text is never read as a formula, a link or a number."""
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:_LONGEST_TEXT], formats["text"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, formats["instant"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["date"])
    elif isinstance(cell, Decimal):
        sheet.write_number(row, column, cell, formats["percent"])
    elif cell is not None:
        sheet.write_number(row, column, cell, formats["int"])


def _width(table: Table, column: int) -> int:
    longest = max((len(str(row[column] or "")) for row in table.rows[:2000]), default=0)
    return min(_WIDEST, max(12, longest + 2, min(18, len(table.columns[column]) + 3)))


def _chart(book: Any, sheet: Any, table: Table, page: Page) -> None:  # xlsxwriter has no types
    """Draw corporations as bars, the history and the forecast as lines, under or beside the numbers they show."""
    kind = table.file.partition("-")[2]
    columns = {"corporations": (0, (4,)), "history": (0, (3,)), "forecast": (0, (1, 2, 3, 4))}.get(kind)
    if columns is None or not table.rows:
        return
    names, series = columns
    chart = book.add_chart({"type": "bar" if kind == "corporations" else "line"})
    last = _FIRST + len(table.rows) - 1
    for column in series:
        chart.add_series(
            {
                "name": [table.name, _FIRST - 1, column],
                "categories": [table.name, _FIRST, names, last, names],
                "values": [table.name, _FIRST, column, last, column],
                "data_labels": {"value": kind == "corporations", "num_format": "0.0"},
                **({"fill": {"color": "#1B4F8A"}} if kind == "corporations" else {"line": {"width": 2}}),
            }
        )
    chart.set_title(
        {"name": f"{table.name}, {page.words('as_of', page.words.day(page.found.as_of))}", "name_font": {"size": 11}}
    )
    shares = {"min": 0, "max": 100, "num_format": '0" %"'}
    chart.set_x_axis(shares if kind == "corporations" else {"text_axis": True, "num_format": "dd/mm/yyyy"})
    chart.set_y_axis({"reverse": True} if kind == "corporations" else shares)
    chart.set_size({"width": 760, "height": 300})
    if len(series) == 1:
        chart.set_legend({"none": True})
    sheet.insert_chart(last + 2, 0, chart, {"description": table.name})
