"""Writes the report's tables as CSV files that Excel opens as they are.

UTF-8 with a byte order mark, no cell that computes.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

from grader.report.page import Page
from grader.report.tables import Cell, tables

_COMPUTES = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula at the start of a cell


def write(folder: Path, page: Page) -> list[Path]:
    """Write one file per table into ``folder`` and return them."""
    written = []
    for table in tables(page):
        path = folder / f"{table.file}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(table.columns)
            writer.writerows([_text(cell) for cell in row] for row in table.rows)
        written.append(path)
    return written


def _text(cell: Cell) -> str:
    """Return a cell: dates as 2026-10-31, numbers with a point, and an apostrophe before what would compute."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, str):
        return "'" + cell if cell.startswith(_COMPUTES) else cell
    return str(cell)
