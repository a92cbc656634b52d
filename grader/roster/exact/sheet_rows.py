"""Reads one sheet of a workbook as a table: cells become the text that CSV would hold.

A formula is never computed, its row is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from grader.ground.errors import ModuongError
from grader.roster.exact.row_source import RowSource
from grader.roster.row_findings import RowFinding
from grader.roster.tables.cells import BROKEN, number

_LAST_ROW = 1_048_576  # of any sheet
_WIDEST_HEADER = 100


class _Flaw(str):
    """A cell that is no value: the text is the kind of its finding."""

    __slots__ = ()


class SheetRows(RowSource):
    """The rows of one sheet; the header is its first row.

    Blank rows and what stands beside the named columns are passed over.

    Raises when iterated: as ``RowSource``, and what ``refused`` makes of an error in the file.
    """

    def __init__(
        self, sheet: Any, path: Path, columns: Sequence[str], refused: Callable[[Path, Exception], ModuongError]
    ) -> None:
        super().__init__(f"{path.name}!{sheet.title}", f"{path}!{sheet.title}", columns)
        self._path = path
        self._sheet = sheet
        self._refused = refused

    def __iter__(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (row, values); rows with a formula or an error in a named column are rejected."""
        for line, values in super().__iter__():
            flawed = next(((c, v) for c, v in zip(self._columns, values, strict=True) if isinstance(v, _Flaw)), None)
            if flawed is None:
                yield line, values
            else:
                kind, _, said = flawed[1].partition(" ")
                self.rejected.append(RowFinding(self.file, line, kind, (flawed[0], said)))

    def _lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        header = next(self._cells(1, _WIDEST_HEADER), [])
        width = max((place for place, text in enumerate(header, 1) if text.strip()), default=0)
        yield 1, header[:width]
        for line, row in enumerate(self._cells(2, width) if width else (), 2):
            if any(text and not text.isspace() for text in row):
                yield line, row

    def _cells(self, first: int, width: int) -> Iterator[list[str]]:
        self._sheet.reset_dimensions()  # a file may declare any
        rows = self._sheet.iter_rows(min_row=first, max_row=_LAST_ROW, max_col=width)
        while True:
            try:
                row = next(rows, None)
                texts = None if row is None else [_text(cell) for cell in row]
            except BROKEN as error:
                raise self._refused(self._path, error) from None
            if texts is None:
                return
            yield texts


def _text(cell: Any) -> str:
    """Return what CSV would hold for a cell; a ``_Flaw`` for a formula or an error."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "f":
        return _Flaw("ROS-10")
    if kind == "e":
        return _Flaw(f"ROS-10/error {value}")
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return number(value, cell.number_format) if isinstance(value, int | float) else str(value)
