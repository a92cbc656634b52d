"""What the disk refuses, wherever it happens and whoever says it: one sentence with the place and what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator

from course.words import _
from grader.ground.errors import ModuongError

_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG})
_NO_ROOM = "temporary directory"
"""In what Python says when no folder for temporary files can be written."""
_OF_A_DATABASE = ("disk", "readonly", "unable to open", "full")


def told(error: Exception, arguments: list[str]) -> ModuongError | None:
    """Return the sentence for what the disk refused; ``None`` for any other error.

    Args:
        error: as it was raised, by Python, by SQLite or by a library that wraps them.
        arguments: the command line, which names the workspace where the error names no file.
    """
    for one in _chain(error):
        if isinstance(one, OSError) and (one.errno in _OF_THE_DISK or _NO_ROOM in str(one)):
            return _sentence(one.filename or _place(arguments), one.strerror or str(one))
        if isinstance(one, sqlite3.OperationalError) and any(sign in str(one) for sign in _OF_A_DATABASE):
            return _sentence(_place(arguments), str(one))
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, and those that it wraps."""
    yield error
    yield from (one for one in error.args if isinstance(one, BaseException))
    if error.__cause__ is not None:
        yield from _chain(error.__cause__)


def _sentence(path: object, why: str) -> ModuongError:
    said = _(
        "{path}: không ghi hoặc không đọc được ({strerror}). Hãy kiểm tra chỗ trống và quyền rồi chạy lại; việc đang "
        "làm dở sẽ được làm tiếp.",
        path=path,
        strerror=why,
    )
    return ModuongError("E-WS-2", said)


def _place(arguments: list[str]) -> str:
    for before, after in zip(arguments, [*arguments[1:], ""], strict=True):
        if before == "--workspace":
            return after
        if before.startswith("--workspace="):
            return before.removeprefix("--workspace=")
    return os.environ.get("MODUONG_WORKSPACE", "workspace")
