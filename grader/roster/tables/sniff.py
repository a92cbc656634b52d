"""What a file is, by its content: names and suffixes lie, or are missing."""

from __future__ import annotations

import zipfile
from pathlib import Path

from course.words import _
from grader.ground import text_files
from grader.ground.errors import ModuongError

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOK = 4096
_MOST_PARTS = 5_000
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"SQLite format 3", "SQLite"),
)
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<worksheet")


def kind(path: Path) -> str:
    """Return ``xlsx``, ``xlsb``, ``xls``, ``ods`` or ``text``.

    Raises:
        ModuongError: ``E-FILE-1`` no such file, ``E-TABLE-1`` it is no table that can be read: the sentence says
            what it is and what to do.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_LOOK)
    except OSError:
        raise text_files.no_file(path) from None
    if start.startswith(_ZIP):
        return _of_zip(path)
    if start.startswith(_OLE):
        return "xls"
    for magic, name in _OTHERS:
        if start.startswith(magic):
            raise no_table(path, name)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower().startswith(_MARKUP):
        raise no_table(path, "HTML/XML")
    if not start.strip():
        raise no_table(path, "(0)")
    return "text"


def _of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:_MOST_PARTS]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        raise no_table(path, "ZIP") from None
    for part, kind_ in (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"), ("content.xml", "ods")):
        if part in names:
            return kind_
    if any(name.startswith("word/") for name in names):
        raise no_table(path, "Word")
    raise no_table(path, "ZIP")


def no_table(path: Path, what: str) -> ModuongError:
    """Return the refusal of a file that is ``what``."""
    return ModuongError(
        "E-TABLE-1",
        _(
            "{path}: không phải bảng danh sách ({what}). Hãy mở tệp gốc bằng Excel hoặc LibreOffice rồi lưu lại "
            "thành «Excel Workbook (*.xlsx)», không đặt mật khẩu.",
            path=path,
            what=what,
        ),
    )
