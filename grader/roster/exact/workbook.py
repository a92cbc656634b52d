"""Opens an XLSX that somebody sent.

No more than a roster can be, nothing computed, nothing followed, nothing unpacked to disk.
"""

from __future__ import annotations

import contextlib
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.exact.sheet_rows import SheetRows
from grader.roster.records import Tables
from grader.roster.tables import zipped
from grader.roster.tables.cells import BROKEN

_NAMES = {
    "units": {"units", "đơn vị", "don vi"},
    "people": {"people", "cán bộ", "can bo", "người", "nguoi"},
    "posts": {"posts", "chức vụ", "chuc vu"},
    "external": {"external", "khóa học ngoài", "khoa hoc ngoai", "ghi nhận ngoài khóa", "ghi nhan ngoai khoa"},
}
_OPTIONAL = frozenset({"external"})


class Book:
    """An open workbook with the sheets of a roster."""

    def __init__(self, path: Path, book: Any) -> None:  # openpyxl has no types
        self._path = path
        self._sheets: dict[str, Any] = {}
        self._tables = self._find(book)

    def tables(self) -> Tables:
        """Return how findings name the sheets, such as ``danh-sach.xlsx!units``."""
        return self._tables

    @property
    def has_external(self) -> bool:
        """Tell whether there is a sheet of courses outside."""
        return self._tables.external in self._sheets

    def rows(self, table: str, columns: Sequence[str]) -> SheetRows:
        """Return the rows of one of ``tables``."""
        return SheetRows(self._sheets[table], self._path, columns, zipped.damaged)

    def _find(self, book: Any) -> Tables:
        found: dict[str, str] = {}
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            name = unicodedata.normalize("NFC", str(sheet.title)).strip().casefold().replace("_", " ").replace("-", " ")
            for table, aliases in _NAMES.items():
                if name in aliases and table not in found:
                    found[table] = f"{self._path.name}!{sheet.title}"
                    self._sheets[found[table]] = sheet
        missing = [table for table in _NAMES if table not in found and table not in _OPTIONAL]
        if missing:
            there = ", ".join(str(sheet.title)[:40] for sheet in book.worksheets[:10])
            raise ModuongError(
                "E-XLSX-4",
                _(
                    "{path}: thiếu trang tính {value} (có: {there}). Hãy bắt đầu từ bản mẫu: moduong roster template.",
                    path=self._path,
                    value=", ".join(missing),
                    there=there,
                ),
            )
        return Tables(**found)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Book]:
    """Open a workbook for reading row by row.

    Raises:
        ModuongError: ``E-XLSX-1`` no workbook, ``E-XLSX-2`` too large, ``E-XLSX-3`` with macros or links to
            other files, ``E-XLSX-4`` a
            sheet is missing.
    """
    zipped.refuse_unfit(path)
    with path.open("rb") as file, zipped.little_memory(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not read is no concern of a roster
        try:  # given as a file, since a name without a suffix is refused
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
        except BROKEN as error:
            raise zipped.damaged(path, error) from None
        try:
            yield Book(path, book)
        finally:
            book.close()
