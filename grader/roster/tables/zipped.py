"""Looks at a zipped workbook before anything is unpacked.

No more than a roster can be, nothing that runs or leads on.
"""

from __future__ import annotations

import contextlib
import re
import resource
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.tables.cells import BROKEN

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


def refuse_unfit(path: Path) -> None:
    """Look at the directory of the archive before anything is unpacked.

    ``zipfile`` never gives more than the size it declares.
    """
    if path.stat().st_size > _LARGEST_FILE:
        raise too_large(path)
    try:
        with path.open("rb") as file:
            if file.read(4) == _OLE:
                raise damaged(path)
        with zipfile.ZipFile(path) as archive:
            _refuse_parts(path, archive.infolist())
            if any(_crowded(archive, part) for part in archive.infolist()):
                raise too_large(path)
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
        raise too_large(path)


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


def too_large(path: Path) -> ModuongError:
    """Return the refusal of a workbook that holds or unpacks into too much."""
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
def little_memory(path: Path) -> Iterator[None]:
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
        raise too_large(path) from None
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
