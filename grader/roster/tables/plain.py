"""Reads a text file as a table: which code page, which separator, and where the quotes are, told by its content."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.tables import child, legacy
from grader.roster.tables.grid import EMPTY, MOST_CELLS, Cell, Note, Sheet
from grader.roster.tables.syllables import marked, wrong

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 200  # lines by which the separator is told
_WORDS = 20_000  # by which the code page is told
_LONGEST_FIELD = 1 << 20
_FEW_WRONG = 0.1  # of the words with marks, in a code page that is taken


def read(path: Path) -> tuple[list[Sheet], list[Note]]:
    """Return the one sheet of a text file, named after the file, and what was noticed.

    Raises:
        ModuongError: ``E-TABLE-1`` bytes that are no text, ``E-TABLE-4`` the letters cannot be told,
            ``E-TABLE-2`` too many cells, ``E-CSV-1`` a quote is left open.
    """
    text, code_page = _text(path, path.read_bytes())
    separator, skipped = _separator(text)
    rows: list[tuple[Cell, ...]] = []
    cells = 0
    for line, fields in _records(path, text, separator, skipped):
        row = [Cell(field) if field else EMPTY for field in fields]
        cells += len(row)
        if cells > MOST_CELLS:
            raise child.too_large(path)
        rows.extend(() for _ in range(line - len(rows) - 1))
        rows.append(tuple(row))
    notes = [] if code_page == "UTF-8" else [Note("ROS-W20/encoding", (path.name, code_page))]
    return [Sheet(path.name, tuple(rows))], notes


def _text(path: Path, data: bytes) -> tuple[str, str]:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(codec), "UTF-8" if codec == "utf-8-sig" else "UTF-16"
            except UnicodeDecodeError:
                raise _unknown(path) from None
    zeros = data.count(0)
    if zeros:
        codec = "utf-16-le" if data[1::2].count(0) > zeros // 2 else "utf-16-be"
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text or zeros < len(data) // 8:
            raise _no_text(path)
        return text, "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _western(path, data)


def _western(path: Path, data: bytes) -> tuple[str, str]:
    """Return the text in the code page in which its words are Vietnamese: cp1258, or Western with old fonts in it."""
    best: tuple[float, str, str] = (_FEW_WRONG, "", "")
    for codec, name in (("cp1258", "Windows-1258"), ("latin-1", "Windows-1252")):
        try:
            text = unicodedata.normalize("NFC", data.decode(codec))
        except UnicodeDecodeError:
            continue
        share = _share_wrong(text, legacy_too=codec == "latin-1")
        if share < best[0]:
            best = share, text, name
    if not best[1]:
        raise _unknown(path)
    return best[1], best[2]


def _share_wrong(text: str, *, legacy_too: bool) -> float:
    words = marked(text)[:_WORDS]
    bad = 0
    for word, times in Counter(words).items():
        if wrong(word) and not (legacy_too and legacy.decoded(word)[0]):
            bad += times
    return bad / len(words) if words else 0.0


def _separator(text: str) -> tuple[str, int]:
    """Return what separates the fields, and how many lines at the top only say so (``sep=;``)."""
    first, _, _ = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        return first.strip()[-1], 1
    lines = text.split("\n", _SAMPLE)[:_SAMPLE]
    best, most = ",", (0.0, 0)
    for separator in _SEPARATORS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if any(row))
        except csv.Error:
            continue
        wide = {width: times for width, times in widths.items() if width > 1}
        if wide:
            width, times = max(wide.items(), key=lambda one: (one[1], one[0]))
            found = (times / sum(widths.values()), width)
            if found > most:
                best, most = separator, found
    return best, 0


def _records(path: Path, text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0
    try:
        for fields in reader:
            if line >= skipped:
                yield line + 1, fields
            line = reader.line_num
    except csv.Error as error:
        raise ModuongError(
            "E-CSV-1",
            _(
                "{path}, từ dòng {value}: không đúng dạng CSV (RFC 4180): {error}. Hãy kiểm tra dấu ngoặc kép, "
                "hoặc lưu lại bằng «CSV UTF-8».",
                path=path,
                value=line + 1,
                error=error,
            ),
        ) from None


def _unknown(path: Path) -> ModuongError:
    return ModuongError(
        "E-TABLE-4",
        _(
            "{path}: chữ trong tệp không phải UTF-8, Windows-1258, TCVN3 hay VNI, nên không đọc chắc được. Trong "
            "Excel hãy chọn «CSV UTF-8 (Comma delimited)» hoặc «Excel Workbook (*.xlsx)» khi lưu.",
            path=path,
        ),
    )


def _no_text(path: Path) -> ModuongError:
    from grader.roster.tables import sniff

    return sniff.no_table(path, "binary")
