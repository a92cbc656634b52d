"""Reads the visible sheets of an XLSX: the workbook and its formats with ``openpyxl``, the cells by themselves."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.packaging.manifest import Manifest
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS

from grader.roster.tables import merged, zipped
from grader.roster.tables.cells import BROKEN, cell
from grader.roster.tables.grid import EMPTY, MOST_CELLS, Cell, Note, Sheet
from grader.roster.tables.merged import Block
from grader.roster.tables.sheet_xml import RawCell, SheetEvents, texts

_LAST_ROW = 1_048_576
_COMPUTES = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*fullCalcOnLoad=\"(?:1|true)\"")
_OUTSIDE = "#VALUE!"
"""What stands for a number that is shown as a date and is none."""


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """Opens a workbook as ``openpyxl`` does, but for the texts, of which it would make trees."""

    package: Manifest

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as stream:
                self.shared_strings = texts(stream)


def read(path: Path) -> tuple[list[Sheet], list[Note]]:
    """Return the visible sheets and what was noticed.

    Raises:
        ModuongError: ``E-XLSX-1`` … ``E-XLSX-3`` as ``zipped.refuse_unfit``.
    """
    zipped.refuse_unfit(path)
    with path.open("rb") as file, warnings.catch_warnings():  # a name without a suffix is refused by openpyxl
        warnings.simplefilter("ignore")  # what openpyxl does not read is no concern of a list
        try:
            reader = _Reader(file, read_only=True, keep_links=False, data_only=True)
            reader.read()
            book = reader.wb
            trusted = not _COMPUTES.search(reader.archive.read("xl/workbook.xml"))
            hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
            notes = [Note("ROS-W20", (", ".join(hidden),))] if hidden else []
            sheets = []
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    read_, noted = _sheet(path, sheet, _Values(book, reader.shared_strings, trusted=trusted))
                    sheets.append(read_)
                    notes += noted
        except BROKEN as error:
            raise zipped.damaged(path, error) from None
    return sheets, notes


def _sheet(path: Path, sheet: Any, values: _Values) -> tuple[Sheet, list[Note]]:
    rows: list[tuple[Cell, ...]] = []
    hidden: list[int] = []
    cells = 0
    events = SheetEvents()
    with sheet._get_source() as source:  # noqa: SLF001
        for number, found, unseen in events.rows(source):
            if not 0 < number <= _LAST_ROW or number <= len(rows):
                raise zipped.damaged(path)
            row = values.row(found)
            cells += len(row)
            if cells > MOST_CELLS:
                raise zipped.too_large(path)
            if row:
                rows.extend(() for _ in range(number - len(rows) - 1))
                rows.append(row)
                hidden += [number] if unseen else []
    filled = merged.fill(rows, _blocks(events.merged))
    return Sheet(sheet.title, tuple(rows), filled), _notes(sheet.title, values.formulas, hidden, filled)


class _Values:
    """Turns cells as the file has them into what a person sees; ``formulas`` counts those that are computed.

    ``trusted``: the workbook does not say that its stored values are to be computed anew.
    """

    def __init__(self, book: Any, shared: Sequence[str], *, trusted: bool) -> None:
        self._book, self._shared, self._trusted = book, shared, trusted
        self._dates, self._spans = book._date_formats, book._timedelta_formats  # noqa: SLF001
        self._formats: dict[int, str] = {}
        self.formulas = 0

    def row(self, found: Sequence[RawCell]) -> tuple[Cell, ...]:
        """Return the cells of a row in their columns, without the empty ones at its end."""
        row: list[Cell] = []
        for one in found:
            read_ = self._cell(one)
            if read_ != EMPTY:
                row.extend(EMPTY for _ in range(one.column - len(row) - 1))
                row.append(read_)
        return tuple(row)

    def _cell(self, one: RawCell) -> Cell:
        self.formulas += one.formula
        if one.value is None:
            return Cell("", "missing") if one.formula else EMPTY
        if one.formula and not self._trusted:
            return Cell("", "missing")
        if one.sort == "s":
            return cell(self._shared[int(one.value)])
        if one.sort == "n":
            return self._number(one)
        if one.sort == "e":
            return Cell(one.value, "error")
        if one.sort == "b":
            return cell(bool(int(one.value)))
        return cell(from_ISO8601(one.value) if one.sort == "d" else one.value)

    def _number(self, one: RawCell) -> Cell:
        written = str(one.value)
        value = float(written) if "." in written or "E" in written or "e" in written else int(written)
        if one.style in self._dates:
            try:
                return cell(from_excel(value, self._book.epoch, timedelta=one.style in self._spans))
            except (OverflowError, ValueError):
                return Cell(_OUTSIDE, "error")
        if one.style not in self._formats:
            self._formats[one.style] = _format(self._book, self._book._cell_styles[one.style].numFmtId)  # noqa: SLF001
        return cell(value, self._formats[one.style])


def _format(book: Any, number: int) -> str:
    """Return the format that a style names: built in, or the workbook's own, which begin at 164."""
    if number < 164:  # noqa: PLR2004  # of the file format
        return str(openpyxl.styles.numbers.BUILTIN_FORMATS.get(number, "General"))
    return str(book._number_formats[number - 164])  # noqa: SLF001


def _blocks(references: Sequence[str]) -> Iterator[Block]:
    for reference in references:
        left, top, right, bottom = range_boundaries(reference)
        yield top - 1, left - 1, bottom - 1, right - 1


def _notes(name: str, formulas: int, hidden: list[int], filled: frozenset[tuple[int, int]]) -> list[Note]:
    notes = []
    if formulas:
        notes.append(Note("ROS-W20/formulas", (name, str(formulas))))
    if hidden:
        notes.append(Note("ROS-W20/rows", (name, str(len(hidden)), ", ".join(map(str, sorted(hidden)[:10])))))
    if filled:
        notes.append(Note("ROS-W20/merged", (name, str(len(filled)))))
    return notes
