"""Reads one CSV file of docs/design.md §5.10 (UTF-8, RFC 4180) row by row: the only place where CSV is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from course.words import _
from grader.ground import text_files
from grader.ground.errors import ModuongError
from grader.roster.exact.row_source import RowSource

_LONGEST_FIELD = 128 << 10


class CsvRows(RowSource):
    """The rows of one CSV file; findings name it without its folder."""

    separated = (", tách nhau bằng dấu phẩy", ", separated by commas")

    def __init__(self, path: Path, columns: Sequence[str], width_kind: str = "ROS-01/width") -> None:
        super().__init__(path.name, str(path), columns, width_kind)
        self._path = path

    def _lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield line and fields.

        Raises:
            ModuongError: ``E-FILE-1`` no such file, ``ROS-09`` not UTF-8, ``E-CSV-1`` not RFC 4180 (a quote left
                open, a field of
                more than 128 KiB).
        """
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as stream:
                yield from self._read(stream)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise text_files.no_file(self._path) from None
        except UnicodeDecodeError:
            raise self._not_utf8() from None

    def _read(self, stream: TextIO) -> Iterator[tuple[int, Sequence[str]]]:
        csv.field_size_limit(_LONGEST_FIELD)  # the process's own: whoever read before may have wanted another
        reader = csv.reader(stream, strict=True)
        end = 0
        try:
            for row in reader:
                line, end = end + 1, reader.line_num
                yield line, row
        except csv.Error as error:
            raise ModuongError(
                "E-CSV-1",
                _(
                    "{path}, từ dòng {value}: không đúng dạng CSV (RFC 4180): {error}. Hãy kiểm tra dấu ngoặc "
                    "kép, hoặc lưu lại bằng «CSV UTF-8».",
                    path=self._path,
                    value=end + 1,
                    error=error,
                ),
            ) from None

    def _not_utf8(self) -> ModuongError:
        data = self._path.read_bytes()
        line = 0
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
        return ModuongError(
            "ROS-09",
            _(
                "{path}, dòng {line}: không phải UTF-8. Trong Excel hãy chọn «CSV UTF-8 (Comma delimited)» khi lưu.",
                path=self._path,
                line=line,
            ),
        )
