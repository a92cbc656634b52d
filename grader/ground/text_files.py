"""Reads text files, and says in one way that a file is not there or cannot be read."""

from __future__ import annotations

from pathlib import Path

from course.words import _
from grader.ground.errors import ModuongError


def no_file(path: Path) -> ModuongError:
    """Return the refusal ``E-FILE-1`` of a path at which there is nothing, or not what is wanted."""
    return ModuongError(
        "E-FILE-1", _("{path}: không có tệp hay thư mục này. Hãy xem lại tên, và đang đứng ở thư mục nào.", path=path)
    )


def read(path: Path) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Raises:
        ModuongError: ``E-FILE-1`` no such file, ``E-FILE-2`` not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise no_file(path) from None
    except UnicodeDecodeError as error:
        said = _("{path}: không phải UTF-8 (byte {start}). Hãy lưu lại tệp ở dạng UTF-8.", path=path, start=error.start)
        raise ModuongError("E-FILE-2", said) from None
