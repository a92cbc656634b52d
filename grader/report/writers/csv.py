"""Writes the report's tables as CSV files that Excel opens as they are.

UTF-8 with a byte order mark, no cell that computes.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

from grader.ground.spreadsheet import harmless
from grader.report.page import Page
from grader.report.tables import all as tables
from grader.report.writers import rows
from grader.report.writers.rows import FileValue


def write(folder: Path, page: Page) -> list[Path]:
    """Write one file per table into ``folder`` and return them."""
    written = []
    for filled in tables.of(page, "files"):
        path = folder / f"{filled.file}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(rows.headings(filled))
            writer.writerows([_text(value) for value in row] for row in rows.rows(filled))
        written.append(path)
    return written


def _text(value: FileValue) -> str:
    """Return a cell: dates as 2026-10-31, numbers with a point, and an apostrophe before what would compute."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return harmless(value)
    return str(value)
