"""Opens an XLSX that somebody sent.

No more than a roster can be, nothing computed, nothing followed, nothing unpacked to disk.
"""

from __future__ import annotations

import contextlib
import re
import resource
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.records import Tables
from grader.roster.sheet_rows import BROKEN, SheetRows

_LARGEST_FILE = 64 << 20
_LARGEST_PARTS = 512 << 20  # of sheets and texts, unpacked; a million cadres are better sent as CSV
_LARGEST_OTHER = 4 << 20  # of any other part that is read: styles, names
_MOST_TEXTS = 3_000_000  # different ones
_STRETCH = 4 << 20  # bytes of a sheet in which a row must begin: openpyxl takes a row into memory as a whole
_ROW, _TEXT = re.compile(rb"<(?:\w+:)?row\b"), re.compile(rb"<(?:\w+:)?si\b")
_SHEETS, _TEXTS = "xl/worksheets/", "xl/sharedStrings"
_MOST_PARTS = 1_000
_MEMORY = 1 << 30  # bytes, beyond what the process has
_UNFIT = re.compile(r"vbaproject|macrosheets/|activex/|embeddings/|externallinks/", re.IGNORECASE)
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_OLE = b"\xd0\xcf\x11\xe0"  # an .xls of before 2007, or a file with a password
_NAMES = {
    "units": {"units", "đơn vị", "don vi"},
    "people": {"people", "cán bộ", "can bo", "người", "nguoi"},
    "posts": {"posts", "chức vụ", "chuc vu"},
}


class Book:
    """An open workbook with the sheets of a roster."""

    def __init__(self, path: Path, book: Any) -> None:  # openpyxl has no types
        self._path = path
        self._sheets: dict[str, Any] = {}
        self._tables = self._find(book)

    def tables(self) -> Tables:
        """Return how findings name the three sheets, such as ``danh-sach.xlsx!units``."""
        return self._tables

    def rows(self, table: str, columns: Sequence[str]) -> SheetRows:
        """Return the rows of one of ``tables``."""
        return SheetRows(self._sheets[table], self._path, columns, damaged)

    def _find(self, book: Any) -> Tables:
        found: dict[str, str] = {}
        for sheet in book.worksheets:
            name = unicodedata.normalize("NFC", str(sheet.title)).strip().casefold().replace("_", " ").replace("-", " ")
            for table, aliases in _NAMES.items():
                if name in aliases and table not in found:
                    found[table] = f"{self._path.name}!{sheet.title}"
                    self._sheets[found[table]] = sheet
        missing = [table for table in _NAMES if table not in found]
        if missing:
            there = ", ".join(str(sheet.title)[:40] for sheet in book.worksheets[:10])
            raise ModuongError(
                "E-XLSX-4",
                _(
                    "{path}: thiếu trang tính {missing} (có: {there}). Hãy bắt đầu từ bản mẫu: moduong roster "
                    "template.",
                    path=self._path,
                    missing=", ".join(missing),
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
    _refuse_unfit(path)
    with _little_memory(path), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not read is no concern of a roster
        try:
            book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
        except BROKEN as error:
            raise damaged(path, error) from None
        try:
            yield Book(path, book)
        finally:
            book.close()


def damaged(path: Path, error: Exception | None = None) -> ModuongError:
    """Return the refusal of a file that is no workbook, or not a whole one."""
    said = f" ({type(error).__name__})" if error else ""
    return ModuongError(
        "E-XLSX-1",
        _(
            "{path}: không mở được như một tệp .xlsx{said}. Hãy mở bằng Excel, lưu lại thành «Excel Workbook "
            "(*.xlsx)» không đặt mật khẩu.",
            path=path,
            said=said,
        ),
    )


def _refuse_unfit(path: Path) -> None:
    """Look at the directory of the archive before anything is unpacked.

    ``zipfile`` never gives more than the size it declares.
    """
    if path.stat().st_size > _LARGEST_FILE:
        raise _too_large(path)
    try:
        with path.open("rb") as file:
            if file.read(4) == _OLE:
                raise damaged(path)
        with zipfile.ZipFile(path) as archive:
            _refuse_parts(path, archive.infolist())
            if any(_crowded(archive, part) for part in archive.infolist()):
                raise _too_large(path)
    except BROKEN:
        raise damaged(path) from None


def _refuse_parts(path: Path, parts: Sequence[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(set(names)) != len(names) or any(part.compress_type not in _METHODS or part.flag_bits & 1 for part in parts):
        raise damaged(path)
    unfit = [name for name in names if _UNFIT.search(name)]
    if unfit:
        raise ModuongError(
            "E-XLSX-3",
            _(
                "{path}: có macro hoặc liên kết tới tệp khác ({unfit}). Hãy dán giá trị vào bản mẫu rồi lưu "
                "thành .xlsx.",
                path=path,
                unfit=unfit[0][:60],
            ),
        )
    read = [
        p
        for p in parts
        if p.filename.lower().endswith((".xml", ".rels")) and not p.filename.startswith((_SHEETS, _TEXTS))
    ]
    large = [p for p in read if p.file_size > _LARGEST_OTHER]
    if len(parts) > _MOST_PARTS or large or sum(part.file_size for part in parts) > _LARGEST_PARTS:
        raise _too_large(path)


def _crowded(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Tell whether a part holds more than can be read piece by piece: a row without end, or too many texts."""
    texts = 0
    if part.file_size > _STRETCH and part.filename.startswith((_SHEETS, _TEXTS)):
        with archive.open(part) as stream:
            while len(stretch := stream.read(_STRETCH)) == _STRETCH:
                texts += len(_TEXT.findall(stretch))
                if texts > _MOST_TEXTS or (part.filename.startswith(_SHEETS) and not _ROW.search(stretch)):
                    return True
    return False


def _too_large(path: Path) -> ModuongError:
    return ModuongError(
        "E-XLSX-2",
        _(
            "{path}: quá lớn đối với một danh sách cán bộ (tệp nhiều nhất {value} MiB, giải nén {value2} MiB). "
            "Hãy xóa trang và định dạng thừa, hoặc nạp ba tệp CSV.",
            path=path,
            value=_LARGEST_FILE >> 20,
            value2=_LARGEST_PARTS >> 20,
        ),
    )


@contextlib.contextmanager
def _little_memory(path: Path) -> Iterator[None]:
    """Let the process take a limited amount of memory more.

    A small file can unpack into a very large tree of elements.
    """
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    wanted = used + _MEMORY
    limits = [wanted, *(limit for limit in before if limit != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), before[1]))
    try:
        yield
    except MemoryError:
        raise _too_large(path) from None
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
