"""Reads one CSV file of design §7 (UTF-8, RFC 4180, header in line 1) row by row: the only place where CSV is read."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from grader.errors import ModuongError
from grader.row_findings import RowFinding


class CsvRows:
    """The rows of one file as tuples in the order of ``columns``; iterate once.

    Rows of a wrong width are left out and listed in ``rejected``; columns not asked for are left out with a warning.

    Attributes:
        file: name without folder, as findings give it.
        rejected: rows left out so far.
        warnings: what was accepted with a doubt so far.
    """

    def __init__(self, path: Path, columns: Sequence[str], width_kind: str = "ROS-01/width") -> None:
        self.file = path.name
        self.rejected: list[RowFinding] = []
        self.warnings: list[RowFinding] = []
        self._path = path
        self._columns = tuple(columns)
        self._width_kind = width_kind

    def __iter__(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (line where the row starts, values).

        Raises:
            ModuongError: ``E-FILE-1`` no such file, ``ROS-09`` not UTF-8, ``ROS-01`` a column is missing or
                given twice, ``E-CSV-1`` not RFC 4180 (a quote left open, a field of more than 128 KiB).
        """
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as stream:
                yield from self._rows(stream)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise ModuongError("E-FILE-1", vi=f"{self._path}: không có tệp này.", en=f"{self._path}: no such file.") from None
        except UnicodeDecodeError:
            raise self._not_utf8() from None

    def _rows(self, stream: TextIO) -> Iterator[tuple[int, tuple[str, ...]]]:
        reader = csv.reader(stream, strict=True)
        end = 0
        try:
            header = next(reader, [])
            pick = itemgetter(*self._indexes(header))
            width, end = len(header), reader.line_num
            for row in reader:
                line, end = end + 1, reader.line_num
                if len(row) == width or (row and self._fits(row, width, line)):
                    yield line, pick(row)
        except csv.Error as error:
            raise ModuongError(
                "E-CSV-1",
                vi=f"{self._path}, từ dòng {end + 1}: không đúng dạng CSV (RFC 4180): {error}. "
                "Hãy kiểm tra dấu ngoặc kép, hoặc lưu lại bằng «CSV UTF-8».",
                en=f"{self._path}, from line {end + 1}: not CSV as in RFC 4180: {error}. Check the quotes.",
            ) from None

    def _indexes(self, header: list[str]) -> list[int]:
        names = [unicodedata.normalize("NFC", name).strip() for name in header]
        wrong = [name for name in self._columns if names.count(name) != 1]
        if wrong:
            columns = ", ".join(wrong)
            raise ModuongError(
                "ROS-01",
                vi=f"{self._path}, dòng 1: thiếu cột (hoặc cột viết hai lần): {columns}. "
                f"Dòng đầu cần có: {','.join(self._columns)}, tách nhau bằng dấu phẩy.",
                en=f"{self._path}, line 1: columns missing (or given twice): {columns}. "
                f"The header needs: {','.join(self._columns)}, separated by commas.",
            )
        unused = [name or "(trống)" for name in names if name not in self._columns]
        if unused:
            self.warnings.append(RowFinding(self.file, 1, "ROS-W01", (", ".join(unused),)))
        return [names.index(name) for name in self._columns]

    def _fits(self, row: list[str], width: int, line: int) -> bool:
        """Tell whether a row of another width can be read: it can when it is longer by empty fields only."""
        if len(row) > width and not any(row[width:]):
            return True
        self.rejected.append(RowFinding(self.file, line, self._width_kind, (str(len(row)), str(width))))
        return False

    def _not_utf8(self) -> ModuongError:
        data = self._path.read_bytes()
        line = 0
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
        return ModuongError(
            "ROS-09",
            vi=f"{self._path}, dòng {line}: không phải UTF-8. Trong Excel hãy chọn «CSV UTF-8 (Comma delimited)» khi lưu.",
            en=f"{self._path}, line {line}: not UTF-8. In Excel, save as 'CSV UTF-8 (Comma delimited)'.",
        )
