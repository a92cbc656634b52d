"""What every table of docs/design.md §5.10 has in common, CSV file or sheet.

A header in line 1, named columns, rows of one width.
"""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.row_findings import RowFinding


class RowSource(ABC):
    """The rows of one table as tuples in the order of ``columns``; iterate once.

    Rows of a wrong width are left out and listed in ``rejected``; columns not asked for are left out with a warning.

    Attributes:
        file: how findings name the table.
        rejected: rows left out so far.
        warnings: what was accepted with a doubt so far.
    """

    separated = ("", "")
    """What a header needs besides its names, in Vietnamese and English."""

    def __init__(self, file: str, shown: str, columns: Sequence[str], width_kind: str = "ROS-01/width") -> None:
        self.file = file
        self.rejected: list[RowFinding] = []
        self.warnings: list[RowFinding] = []
        self._shown = shown
        self._columns = tuple(columns)
        self._width_kind = width_kind

    @abstractmethod
    def _lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield (line where the row starts, fields): the header first, even when it is blank."""

    def __iter__(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (line where the row starts, values).

        Raises:
            ModuongError: ``ROS-01`` a column is missing or given twice, and what the kind of table adds.
        """
        lines = self._lines()
        _, header = next(lines, (1, ()))
        pick = itemgetter(*self._indexes(header))
        width = len(header)
        for line, row in lines:
            if len(row) == width or (row and self._fits(row, width, line)):
                yield line, pick(row)

    def _indexes(self, header: Sequence[str]) -> list[int]:
        names = [unicodedata.normalize("NFC", name).strip() for name in header]
        wrong = [name for name in self._columns if names.count(name) != 1]
        if wrong:
            columns = ", ".join(wrong)
            raise ModuongError(
                "ROS-01",
                _(
                    "{shown}, dòng 1: thiếu cột (hoặc cột viết hai lần): {columns}. Dòng đầu cần có: {value}{value2}.",
                    shown=self._shown,
                    columns=columns,
                    value=",".join(self._columns),
                    value2=self.separated[0],
                    value3=self.separated[1],
                ),
            )
        unused = [name or "(trống)" for name in names if name not in self._columns]
        if unused:
            self.warnings.append(RowFinding(self.file, 1, "ROS-W01", (", ".join(unused),)))
        return [names.index(name) for name in self._columns]

    def _fits(self, row: Sequence[str], width: int, line: int) -> bool:
        """Tell whether a row of another width can be read: it can when it is longer by empty fields only."""
        if len(row) > width and not any(row[width:]):
            return True
        self.rejected.append(RowFinding(self.file, line, self._width_kind, (str(len(row)), str(width))))
        return False


class GivenRows(RowSource):
    """Rows that were made elsewhere, already in the order of ``columns``."""

    def __init__(self, file: str, columns: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        super().__init__(file, file, columns)
        self._rows = rows

    def _lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        yield 1, self._columns
        yield from self._rows
