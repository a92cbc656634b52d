"""Reads files that a learner controls.

Regular ones only, no link followed anywhere, bounded in number, depth and size.
"""

from __future__ import annotations

import errno
import itertools
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from course.words import _
from grader.intake.names import Names, ignored, printable, refuse

LARGEST_NOTEBOOK = 20 << 20
LARGEST_HAND_IN = 100 << 20
MOST_FILES = 1_000
DEEPEST = 8
_SAFELY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class StillChanging(Exception):
    """A file changed while it was read: whoever writes it is not done, so it is read again later."""


@dataclass(slots=True)
class Tree:
    """A folder as read.

    Relative neutral name → content, the latest change in it (seconds since 1970), the owners of all in it.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    changed: float = 0.0
    owners: set[int] = field(default_factory=set)
    _names: Names = field(default_factory=Names)
    _seen: int = 0
    _total: int = 0

    def add_folder(self, handle: int, parts: tuple[str, ...]) -> None:
        """Read the opened folder ``handle``, which lies at ``parts`` below the hand-in."""
        if len(parts) > DEEPEST:
            raise refuse("E-SUB-03", _("Thư mục lồng nhau quá {deepest} tầng.", deepest=DEEPEST))
        self._note(os.fstat(handle))
        with os.scandir(handle) as entries:
            listed = sorted(itertools.islice(entries, MOST_FILES + 1 - self._seen), key=lambda e: e.name)
        self._seen += len(listed)
        if self._seen > MOST_FILES:
            raise refuse("E-SUB-04", _("Bài nộp có hơn {most_files} tệp và thư mục.", most_files=MOST_FILES))
        for entry in listed:
            below = (*parts, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if not ignored(entry.name):
                    self._enter(entry.name, handle, below)
            else:
                self._add_file(entry.name, handle, below)

    def _enter(self, name: str, above: int, parts: tuple[str, ...]) -> None:
        handle = open_folder(name, above=above)
        try:
            self.add_folder(handle, parts)
        finally:
            os.close(handle)

    def _add_file(self, name: str, above: int, parts: tuple[str, ...]) -> None:
        with os.fdopen(open_regular(name, name, above=above), "rb") as file:
            content = _read(file.fileno(), name)
            self._note(os.fstat(file.fileno()))
        self._total += len(content)
        if self._total > LARGEST_HAND_IN:
            raise refuse("E-SUB-04", _("Bài nộp lớn hơn {value} MiB.", value=LARGEST_HAND_IN >> 20))
        if not ignored(name):
            self.files[self._names.give(parts)] = content

    def _note(self, status: os.stat_result) -> None:
        self.changed = max(self.changed, status.st_ctime)
        self.owners.add(status.st_uid)


def _opened(name: str, path: str | Path, flags: int, above: int | None) -> int:
    """Open what is really there. Raises ``FileNotFoundError`` when it has gone in the meantime."""
    shown = printable(name, 60)
    try:
        return os.open(path, flags | _SAFELY, dir_fd=above)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise refuse(
                "E-SUB-01", _("«{shown}» là liên kết, không phải tệp thật. Hãy nộp chính tệp đó.", shown=shown)
            ) from None
        if error.errno in {errno.ENXIO, errno.ENODEV}:
            raise refuse("E-SUB-02", _("«{shown}» không phải tệp thường.", shown=shown)) from None
        if error.errno in {errno.EACCES, errno.EPERM}:
            raise refuse("E-SUB-02", _("«{shown}» không cho phép đọc. Hãy nộp lại.", shown=shown)) from None
        raise


def open_folder(path: str | Path, above: int | None = None) -> int:
    """Open a folder that is no link; the caller closes the handle."""
    return _opened(Path(path).name, path, os.O_DIRECTORY, above)


def open_regular(name: str, path: str | Path, above: int | None = None) -> int:
    """Open a regular file without hard links; what was opened is what is checked, so it cannot be swapped in between.

    Raises:
        AnswersError: ``E-SUB-01`` link, ``E-SUB-02`` special file, hard link or not readable.
        FileNotFoundError: when it has gone in the meantime.
    """
    handle = _opened(name, path, 0, above)
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        os.close(handle)
        raise refuse("E-SUB-02", _("«{name}» không phải tệp thường.", name=printable(name, 60)))
    return handle


def _read(handle: int, name: str, limit: int = LARGEST_NOTEBOOK) -> bytes:
    before = os.fstat(handle)
    if before.st_size > limit:
        raise refuse("E-SUB-04", _("«{name}» lớn hơn {value} MiB.", name=printable(name, 60), value=limit >> 20))
    content = os.read(handle, before.st_size + 1)  # once: whoever keeps appending must not keep us reading
    after = os.fstat(handle)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != before.st_size:
        raise StillChanging(name)
    return content


def read_folder(path: Path) -> Tree:
    """Read a hand-in's folder.

    Raises:
        AnswersError: ``E-SUB-01`` link, ``E-SUB-02`` special file, ``E-SUB-03`` too deep, ``E-SUB-04`` too large
            or too many.
        FileNotFoundError, StillChanging: it is being removed or written.
    """
    tree = Tree()
    handle = open_folder(path)
    try:
        tree.add_folder(handle, ())
    finally:
        os.close(handle)
    return tree


def read_lone(path: Path) -> Tree:
    """Read a hand-in that is a single file.

    Raises:
        AnswersError: ``E-SUB-01`` link, ``E-SUB-02`` special file or hard link, ``E-SUB-04`` too large.
        FileNotFoundError, StillChanging: it is being removed or written.
    """
    with os.fdopen(open_regular(path.name, path), "rb") as file:
        content = _read(file.fileno(), path.name)
        status = os.fstat(file.fileno())
    return Tree({Names().give([path.name]): content}, status.st_ctime, {status.st_uid})
