"""Reads the visible sheets of an XLSX with openpyxl's own parser, which tells formulas, formats and merged cells."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet._reader import WorkSheetParser  # the read-only sheet passes over merged cells

from grader.roster.tables import zipped
from grader.roster.tables.cells import BROKEN, cell
from grader.roster.tables.grid import EMPTY, Cell, Note, Sheet

MOST_CELLS = 3_000_000
_LAST_ROW = 1_048_576
_MOST_MERGED = 200_000
_FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"
_COMPUTES = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*fullCalcOnLoad=\"(?:1|true)\"")
_HIDDEN = ("1", "true")


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """Gives stored values, and tells which cells hold a formula."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().parse_cell(element)
        found["formula"] = element.find(_FORMULA) is not None
        return found


def read(path: Path) -> tuple[list[Sheet], list[Note]]:
    """Return the visible sheets and what was noticed.

    Raises:
        ModuongError: ``E-XLSX-1`` … ``E-XLSX-3`` as ``zipped.refuse_unfit``.
    """
    zipped.refuse_unfit(path)
    with path.open("rb") as file, warnings.catch_warnings():  # a name without a suffix is refused by openpyxl
        warnings.simplefilter("ignore")  # what openpyxl does not read is no concern of a list
        try:
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False, data_only=True)
            trusted = not _COMPUTES.search(book._archive.read("xl/workbook.xml"))  # noqa: SLF001
            hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
            notes = [Note("ROS-W20", (", ".join(hidden),))] if hidden else []
            sheets = []
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    read_, noted = _sheet(path, book, sheet, trusted=trusted)
                    sheets.append(read_)
                    notes += noted
        except BROKEN as error:
            raise zipped.damaged(path, error) from None
    return sheets, notes


def _sheet(path: Path, book: Any, sheet: Any, *, trusted: bool) -> tuple[Sheet, list[Note]]:
    rows: list[tuple[Cell, ...]] = []
    formulas = cells = 0
    with sheet._get_source() as source:  # noqa: SLF001
        parser = _Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        for line, found in parser.parse():
            if not 0 < line <= _LAST_ROW or line <= len(rows):
                raise zipped.damaged(path)
            row, computed = _row(book, found, trusted=trusted)
            formulas += computed
            cells += len(row)
            if cells > MOST_CELLS:
                raise zipped.too_large(path)
            if row:
                rows.extend(() for _ in range(line - len(rows) - 1))
                rows.append(row)
    filled = fill(rows, _merged(parser))
    hidden = [int(number) for number, one in parser.row_dimensions.items() if one.get("hidden") in _HIDDEN]
    hidden = [number for number in hidden if number <= len(rows) and rows[number - 1]]
    return Sheet(sheet.title, tuple(rows), filled), _notes(sheet.title, formulas, hidden, filled)


def _row(book: Any, found: list[dict[str, Any]], *, trusted: bool) -> tuple[tuple[Cell, ...], int]:
    row: list[Cell] = []
    formulas = 0
    for one in found:
        formula, value = one["formula"], one["value"]
        formulas += formula
        if formula and (value is None or not trusted):
            read_ = Cell("", "missing")
        elif one["data_type"] == "e":
            read_ = Cell(str(value), "error")
        else:
            style = book._cell_styles[one["style_id"]] if isinstance(value, int | float) else None  # noqa: SLF001
            read_ = cell(value, _format(book, style.numFmtId) if style else "General")
        if read_ != EMPTY:
            row.extend(EMPTY for _ in range(one["column"] - len(row) - 1))
            row.append(read_)
    return tuple(row), formulas


def _format(book: Any, number: int) -> str:
    """Return the format that a style names: built in, or the workbook's own, which begin at 164."""
    if number < 164:  # noqa: PLR2004  # of the file format
        return str(openpyxl.styles.numbers.BUILTIN_FORMATS.get(number, "General"))
    return str(book._number_formats[number - 164])  # noqa: SLF001


def _merged(parser: Any) -> Iterator[tuple[int, int, int, int]]:
    """Yield merged blocks as (first row, first column, last row, last column), from 0, both ends in."""
    for block in (parser.merged_cells.mergeCell if parser.merged_cells else ())[:_MOST_MERGED]:
        yield block.min_row - 1, block.min_col - 1, block.max_row - 1, block.max_col - 1


def fill(rows: list[tuple[Cell, ...]], blocks: Iterator[tuple[int, int, int, int]]) -> frozenset[tuple[int, int]]:
    """Give each cell of a merged block its value, in rows that hold something; return the places that were empty.

    Blocks of more than one row and more than one column are titles, and stay as they are; so does a title's row of
    many columns: only its first cell is read.
    """
    filled: set[tuple[int, int]] = set()
    for top, left, bottom, right in blocks:
        if top >= len(rows) or left >= len(rows[top]) or rows[top][left] == EMPTY or right != left:
            continue
        for line in range(top + 1, min(bottom, len(rows) - 1) + 1):
            row = list(rows[line])
            row.extend(EMPTY for _ in range(left + 1 - len(row)))
            if row[left] == EMPTY and any(one != EMPTY for one in row):
                row[left] = rows[top][left]
                filled.add((line, left))
                rows[line] = tuple(row)
    return frozenset(filled)


def _notes(name: str, formulas: int, hidden: list[int], filled: frozenset[tuple[int, int]]) -> list[Note]:
    notes = []
    if formulas:
        notes.append(Note("ROS-W20/formulas", (name, str(formulas))))
    if hidden:
        notes.append(Note("ROS-W20/rows", (name, str(len(hidden)), ", ".join(map(str, sorted(hidden)[:10])))))
    if filled:
        notes.append(Note("ROS-W20/merged", (name, str(len(filled)))))
    return notes
