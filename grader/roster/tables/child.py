"""Reads a table in a child process with limits of memory and time: whatever a file does there, the caller lives on."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from course.words import Text, _
from grader.ground.errors import ModuongError
from grader.roster.tables import grid, sniff
from grader.roster.tables.grid import Book, Note, Sheet

_SECONDS = 60
_LARGEST_FILE = 64 << 20
_LARGEST_ANSWER = 256 << 20
_MOST_FILES = 20
_TEXTS = {".csv", ".tsv", ".txt"}
_ROOT = Path(__file__).resolve().parents[3]


def read(path: Path) -> Book:
    """Read a file, or the text files of a folder, each as a sheet of its own.

    Raises:
        ModuongError: ``E-FILE-1`` it is not there, ``E-TABLE-1`` it is no table, ``E-TABLE-2`` it is too large, or
            takes too much memory or time, ``E-TABLE-3`` it is damaged or has a password, ``E-TABLE-4`` a text whose
            letters cannot be told, ``E-XLSX-1`` … ``E-XLSX-3`` as for a workbook of the template.
    """
    if not path.is_dir():
        return _books(path, [path], "")
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in _TEXTS)[:_MOST_FILES]
    if not files:
        raise ModuongError("E-FILE-1", _("{path}: trong thư mục không có tệp .csv, .tsv hay .txt nào.", path=path))
    return _books(path, files, "folder")


def _books(path: Path, files: list[Path], kind: str) -> Book:
    """Read files in one child; ``kind`` of the book is empty for a single file, whose own kind it then is."""
    kinds = [sniff.kind(file) for file in files]
    if sum(file.stat().st_size for file in files) > _LARGEST_FILE:
        raise too_large(path)
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    digest = digests[0] if len(files) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    sheets, notes = _ask(path, kinds, files)
    return Book(path.name, kind or kinds[0], digest, sheets, notes)


def _ask(path: Path, kinds: list[str], files: list[Path]) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    known = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH") if name in os.environ}
    asked = [part for kind, file in zip(kinds, files, strict=True) for part in (kind, str(file.absolute()))]
    child = subprocess.Popen(  # noqa: S603  # our own module; each path is one argument
        [sys.executable, "-m", "grader.roster.tables.worker", *asked],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**known, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise too_large(path) from None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
    if child.returncode or len(said) > _LARGEST_ANSWER:
        raise _fallen(path, child.returncode)
    return _understood(path, said)


def _understood(path: Path, said: bytes) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    try:
        answer = json.loads(said)
        if "code" in answer:
            raise ModuongError(str(answer["code"]), Text(str(answer["template"]), dict(answer["fields"])))
        return grid.unpacked(answer)
    except (ValueError, KeyError, TypeError, IndexError):
        raise _fallen(path, 1) from None


def _fallen(path: Path, returned: int) -> ModuongError:
    """Return what the end of a child tells: killed for what it took, or fallen over the file."""
    if returned in {-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS}:
        return too_large(path)
    return damaged(path)


def too_large(path: Path) -> ModuongError:
    """Return the refusal of a file that takes too much."""
    return ModuongError(
        "E-TABLE-2",
        _(
            "{path}: quá lớn hoặc quá nặng đối với một danh sách cán bộ (tệp nhiều nhất {value} MiB, 3 triệu ô, "
            "1 phút, 1 GiB bộ nhớ). Hãy xóa trang, hàng và định dạng thừa rồi lưu lại thành .xlsx.",
            path=path,
            value=_LARGEST_FILE >> 20,
        ),
    )


def damaged(path: Path) -> ModuongError:
    """Return the refusal of a file that cannot be read to its end."""
    return ModuongError(
        "E-TABLE-3",
        _(
            "{path}: tệp hỏng, hoặc có mật khẩu. Hãy mở bằng Excel hoặc LibreOffice, lưu lại thành «Excel "
            "Workbook (*.xlsx)» không đặt mật khẩu.",
            path=path,
        ),
    )
