"""Reads a ZIP, and ZIPs in it, in memory within the limits of intake; nothing is extracted."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from course.answers import AnswersError
from course.words import _
from grader.intake.files import DEEPEST, LARGEST_HAND_IN, LARGEST_NOTEBOOK, MOST_FILES, open_regular
from grader.intake.names import Names, ignored, printable, refuse

_CHUNK = 1 << 20
_SAYS_UTF8 = 0x800
DEEPEST_ZIP = 2
"""ZIPs within a ZIP that are opened: a class's ZIP holds those that people sent."""
_ENTRY = b"PK\x01\x02"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    IndexError,
)
"""What ``zipfile`` raises for bytes that are no ZIP; ``RuntimeError`` for encrypted ones."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a ZIP is read: files, and bytes of all together."""

    files: int = MOST_FILES
    total: int = LARGEST_HAND_IN


def read_zip(path: Path, room: Room = Room()) -> dict[str, bytes]:  # frozen
    """Return the files of a ZIP, by neutral names.

    Raises:
        AnswersError: ``E-SUB-01`` link, ``E-SUB-02`` special file, ``E-SUB-03`` a path that leaves the archive,
            ``E-SUB-04`` too large or
            too many, ``E-SUB-05`` no ZIP.
        FileNotFoundError: when it has gone in the meantime.
    """
    with os.fdopen(open_regular(path.name, path), "rb") as file:
        return _read(file, os.fstat(file.fileno()).st_size, printable(path.name, 60), room)


def unpacked(files: dict[str, bytes], room: Room = Room(), depth: int = DEEPEST_ZIP) -> dict[str, bytes]:
    """Return ``files`` with the content of each ZIP among them in its place, below its name.

    One that cannot be read stays what it is; a ZIP in a ZIP is read ``depth`` deep.

    Raises:
        AnswersError: ``E-SUB-04`` when all together are more than there is room for.
    """
    if not depth or not any(_is_zip(name) for name in files):
        return files
    names, found = Names(), {}
    for name, content in files.items():
        inner = {name: content}
        if _is_zip(name):
            with contextlib.suppress(AnswersError):
                read = _read(io.BytesIO(content), len(content), printable(name, 60), room)
                inner = {f"{name}/{below}": each for below, each in unpacked(read, room, depth - 1).items()}
        for path, each in inner.items():
            found[names.give(path.split("/"))] = each
        if len(found) > room.files or sum(map(len, found.values())) > room.total:
            raise refuse(
                "E-SUB-04",
                _(
                    "Các tệp nén có hơn {most_files} tệp hoặc lớn hơn {value} MiB.",
                    most_files=room.files,
                    value=room.total >> 20,
                ),
            )
    return found


def _is_zip(name: str) -> bool:
    return name.casefold().endswith(".zip")


def _read(file: BinaryIO, size: int, name: str, room: Room) -> dict[str, bytes]:
    if size > room.total:
        raise refuse("E-SUB-04", _("«{name}» lớn hơn {value} MiB.", name=name, value=room.total >> 20))
    if _entries(file) > 2 * room.files:
        raise refuse("E-SUB-04", _("«{name}» có hơn {most_files} tệp.", name=name, most_files=room.files))
    try:
        with zipfile.ZipFile(file) as archive:
            return _contents(archive, room)
    except AnswersError:  # which is a ValueError too
        raise
    except _BROKEN:
        raise refuse("E-SUB-05", _("«{name}» không mở được như một tệp ZIP.", name=name)) from None


def _entries(file: BinaryIO) -> int:
    """Count entries of the directory before ``zipfile`` builds an object for each.

    Two million fit into 100 MiB.
    """
    count, tail = 0, b""
    while chunk := file.read(_CHUNK):
        count += (tail + chunk).count(_ENTRY)
        tail = chunk[-len(_ENTRY) + 1 :]
    file.seek(0)
    return count


def _contents(archive: zipfile.ZipFile, room: Room) -> dict[str, bytes]:
    entries = [e for e in archive.infolist() if not e.is_dir()]
    if len(entries) > room.files:
        raise refuse("E-SUB-04", _("Tệp nén có hơn {most_files} tệp.", most_files=room.files))
    files: dict[str, bytes] = {}
    names, raw, total = Names(), set[str](), 0
    for entry in entries:
        parts = _parts(entry)
        if entry.filename in raw:
            raise refuse(
                "E-SUB-04", _("Tệp nén có hai tệp cùng tên «{filename}».", filename=printable(entry.filename, 60))
            )
        raw.add(entry.filename)
        if not parts or any(ignored(p) for p in parts):
            continue
        if entry.compress_type not in _METHODS:  # LZMA names the memory that its reader shall take
            raise refuse(
                "E-SUB-05",
                _(
                    "«{filename}» được nén theo cách lạ. Hãy nén lại thành ZIP thường.",
                    filename=printable(entry.filename, 60),
                ),
            )
        with archive.open(entry) as file:
            content = file.read(min(LARGEST_NOTEBOOK, room.total - total) + 1)
        total += len(content)
        if len(content) > LARGEST_NOTEBOOK or total > room.total:
            raise refuse("E-SUB-04", _("«{filename}» trong tệp nén quá lớn.", filename=printable(entry.filename, 60)))
        files[names.give(parts)] = content
    return files


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; many programs write UTF-8 without saying so, and ``zipfile`` reads code page 437."""
    if entry.flag_bits & _SAYS_UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    raw = _name(entry).replace("\\", "/")
    pure = PurePosixPath(raw)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise refuse("E-SUB-01", _("«{raw}» trong tệp nén là liên kết.", raw=printable(raw, 60)))
    if kind not in {0, stat.S_IFREG}:
        raise refuse("E-SUB-02", _("«{raw}» trong tệp nén không phải tệp thường.", raw=printable(raw, 60)))
    if pure.is_absolute() or ".." in pure.parts or raw[1:2] == ":" or len(pure.parts) > DEEPEST:
        raise refuse("E-SUB-03", _("«{raw}» trong tệp nén nằm ngoài thư mục bài nộp.", raw=printable(raw, 60)))
    return pure.parts
