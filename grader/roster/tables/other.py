"""Reads XLS, XLSB and ODS with calamine, and tells what calamine does not.

Merged cells and formulas of ODS, lost zeros.

It may end the process on a crafted file: it runs in the child alone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import python_calamine
from defusedxml.ElementTree import iterparse

from grader.roster.tables import child
from grader.roster.tables.cells import BROKEN, cell
from grader.roster.tables.grid import EMPTY, MOST_CELLS, Cell, Note, Sheet
from grader.roster.tables.merged import fill

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_LARGEST_CONTENT = 256 << 20
_MOST_REPEATED = 1_048_576
_Block = tuple[int, int, int, int]
_Place = tuple[int, int]


def read(path: Path, kind: str) -> tuple[list[Sheet], list[Note]]:
    """Return the visible sheets of an ``xls``, ``xlsb`` or ``ods`` file, and what was noticed.

    Raises:
        ModuongError: ``E-TABLE-2`` too many cells, ``E-TABLE-3`` damaged or with a password.
    """
    try:
        return _read(path, kind)
    except (python_calamine.CalamineError, python_calamine.PasswordError, *BROKEN):
        raise child.damaged(path) from None


def _read(path: Path, kind: str) -> tuple[list[Sheet], list[Note]]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    shown = python_calamine.SheetVisibleEnum.Visible
    grids = python_calamine.SheetTypeEnum.WorkSheet
    hidden = [one.name for one in book.sheets_metadata if one.visible != shown and one.typ == grids]
    notes = [Note("ROS-W20", (", ".join(hidden),))] if hidden else []
    beside = _beside_ods(path) if kind == "ods" else {}
    sheets = []
    numbers = False
    for place, one in enumerate(book.sheets_metadata):
        if one.visible != shown or one.typ != grids:
            continue
        found = book.get_sheet_by_index(place)
        if found.total_height * found.total_width > MOST_CELLS:
            raise child.too_large(path)
        rows = [_row(row) for row in found.to_python(skip_empty_area=False)]
        numbers = numbers or any(cell_.kind == "number" for row in rows for cell_ in row)
        blocks, formulas, valueless = beside.get(one.name, ([], 0, []))
        for line, column in valueless:
            if line < len(rows):
                rows[line] = _with(rows[line], column, Cell("", "missing"))
        merged = blocks or [(*top, *bottom) for top, bottom in found.merged_cell_ranges or ()]
        filled = fill(rows, iter(merged))
        sheets.append(Sheet(one.name, tuple(rows), filled))
        notes += [Note("ROS-W20/formulas", (one.name, str(formulas)))] if formulas else []
        notes += [Note("ROS-W20/merged", (one.name, str(len(filled))))] if filled else []
    if numbers:
        notes.append(Note("ROS-W20/zeros", (kind,)))
    return sheets, notes


def _row(values: list[Any]) -> tuple[Cell, ...]:
    row = [cell(value) for value in values]
    while row and row[-1] == EMPTY:
        row.pop()
    return tuple(row)


def _with(row: tuple[Cell, ...], column: int, value: Cell) -> tuple[Cell, ...]:
    longer = [*row, *(EMPTY for _ in range(column + 1 - len(row)))]
    longer[column] = value
    return tuple(longer)


def _beside_ods(path: Path) -> dict[str, tuple[list[_Block], int, list[_Place]]]:
    """Return for each sheet its merged blocks, the number of its formulas, and the places of those without a value."""
    found: dict[str, tuple[list[_Block], int, list[_Place]]] = {}
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo("content.xml").file_size > _LARGEST_CONTENT:
            raise child.too_large(path)
        with archive.open("content.xml") as stream:
            for name, table in _tables(stream):
                blocks: list[_Block] = []
                valueless: list[_Place] = []
                formulas = 0
                for line, column, one in _placed(table):
                    spans = (_count(one, "number-rows-spanned"), _count(one, "number-columns-spanned"))
                    if spans != (1, 1):
                        blocks.append((line, column, line + spans[0] - 1, column + spans[1] - 1))
                    if one.get(f"{_TABLE}formula"):
                        formulas += 1
                        if not one.get(f"{_OFFICE}value-type"):
                            valueless.append((line, column))
                found[name] = blocks, formulas, valueless
    return found


def _tables(stream: Any) -> Iterator[tuple[str, Any]]:
    for _, element in iterparse(stream):
        if element.tag == f"{_TABLE}table":
            yield str(element.get(f"{_TABLE}name")), element
            element.clear()


def _placed(table: Any) -> Iterator[tuple[int, int, Any]]:
    """Yield (row, column, cell) of each cell element, at its first place, from 0."""
    line = 0
    for row in table.iter(f"{_TABLE}table-row"):
        column = 0
        for one in row:
            if one.tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
                yield line, column, one
                column += _count(one, "number-columns-repeated")
        line += _count(row, "number-rows-repeated")


def _count(element: Any, name: str) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    return min(int(written), _MOST_REPEATED) if written.isdigit() else 1
