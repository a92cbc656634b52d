"""The rows of a list as they are read from its sheets: where each stands, and what each of its fields holds."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from course.vietnamese import fold
from grader.roster.match import names, units, words
from grader.roster.match.fields import IGNORED, SECRET, bare
from grader.roster.match.headers import Column, Layout
from grader.roster.read import EXAMPLE
from grader.roster.row_findings import RowFinding
from grader.roster.tables.grid import EMPTY, Cell, Sheet

_TOTAL = re.compile(
    r"^(?:tổng cộng|tổng số|total)(?![^\W\d_])|^tong (?:cong|so)(?! ty)(?![^\W\d_])|^(?:cộng|tổng|sum)\s*(?:[:.(]|\d|$)"
)
_SIGNED = re.compile(
    r"^nguoi (?:lap|tong hop|ke khai|bao cao|duyet)(?: |$)|^ky (?:ten|ghi ro|va ghi)|^(?:t m|tm|thay mat|tl|kt) |"
    r"^ngay (?:\d+ )?thang (?:\d+ )?nam(?: |$)|(?:^| )ngay \d+ thang \d+ nam \d+$|^xac nhan (?:cua|cong doan)|"
    r"^thu truong (?:don vi|co quan)|^(?:noi nhan|phe duyet|nguoi ky)(?: |$)"
)
"""What stands below a list and above the signatures."""
_NUMERAL = re.compile(r"^\s*(?:[IVXLC]{1,6}|[A-H]|\d{1,3})\s*(?:[./)\-–:]\s*|\s+(?=[^\W\d_]{2}))")
_READ = ("person_id", "full_name", "family", "given", "post")
_WORDED = frozenset({"full_name", "family", "given", "unit", "name", "post", "parent_id"})
_SHIFT = 21  # more rows than a sheet can have
_LISTS = 12  # bits for the number of a sheet; those above tell its lists apart
_SHOWN = 12
_FIRST = frozenset({"ho", "last name", "surname", "family name"})
"""Headers of the family name, which stands before the middle one however a list turns its columns."""
BEYOND = 1 << 60
"""Lines from here on are of no sheet: of units that a row only names."""


def line_of(number: int, row: int) -> int:
    """Return the line by which a row is known among those of all lists; in the first one it is its own."""
    return number << _SHIFT | row


def number_of(sheet: int, which: int) -> int:
    """Return by which number a list is known: ``which`` of its sheet; the first has the sheet's own."""
    return which << _LISTS | sheet


def sheet_of(number: int) -> int:
    """Return the sheet of a list."""
    return number & ((1 << _LISTS) - 1)


def place_of(line: int) -> tuple[int, int]:
    """Return (number of the list, row from 1)."""
    return line >> _SHIFT, line & ((1 << _SHIFT) - 1)


class Record(NamedTuple):
    """One row of data.

    Attributes:
        line: as ``line_of``.
        cells: field -> its cell, only of fields that hold something.
        section: the heading above it that names a unit, where the list is divided so; else empty.
        again: the name is that of the row above, in one merged cell.
    """

    line: int
    cells: Mapping[str, Cell]
    section: str
    again: bool

    def text(self, field: str) -> str:
        """Return the text of a field without spaces around it; empty where there is none."""
        cell = self.cells.get(field)
        return cell.text.strip() if cell else ""


@dataclass(frozen=True)
class Table:
    """The records of one list, what was passed over, which fields have a column at all, and what stands above it."""

    role: str
    records: tuple[Record, ...]
    rejected: tuple[RowFinding, ...]
    notes: tuple[RowFinding, ...]
    fields: frozenset[str]
    titles: tuple[str, ...] = ()


def of(sheet: Sheet, number: int, layout: Layout, columns: Sequence[Column]) -> Table:
    """Return the records of a sheet; ``columns`` with the fields that were settled, ``number`` of the list."""
    read = [column for column in columns if column.field not in {IGNORED, SECRET}]
    read.sort(key=lambda column: column.field == "family" and bare(column.header) not in _FIRST)
    last: dict[int, Cell] = {}
    records: list[Record] = []
    rejected: list[RowFinding] = []
    examples: list[RowFinding] = []
    passed: list[int] = []
    section, signed = headed(layout, {column.field for column in read}), False
    named = {column.place for column in read if column.field in {"full_name", "given", "family"}}
    for place in range(layout.first, len(sheet.rows)):
        row = sheet.rows[place]
        if not any(cell.text.strip() or cell.kind for cell in row):
            continue
        line = line_of(number, place + 1)
        cells = _cells(row, read, last)
        heading = _section(row)
        if heading:
            section = heading
        signed = signed or _signs(row, cells)
        if heading or _no_data(row, cells, layout) or (signed and not {"post", "person_id"} & cells.keys()):
            passed.append(place + 1)
            continue
        if any(field in cells and cells[field].text.startswith(EXAMPLE) for field in ("unit_id", "person_id")):
            examples.append(RowFinding(layout.role, line, "ROS-W15"))
            continue
        flaw = _flaw(cells)
        if flaw:
            rejected.append(RowFinding(layout.role, line, *flaw))
            continue
        again = bool(named) and all((place, at) in sheet.filled for at in named if at < len(row) and row[at] != EMPTY)
        records.append(Record(line, cells, section, again))
    notes = _notes(layout.role, number, sheet.name, passed, columns)
    return Table(
        layout.role,
        tuple(records),
        tuple(rejected),
        (*examples, *notes),
        frozenset(c.field for c in read),
        layout.titles,
    )


def _cells(row: Sequence[Cell], read: Sequence[Column], last: dict[int, Cell]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for column in read:
        cell = row[column.place] if column.place < len(row) else EMPTY
        if words.ditto(cell.text):
            cell = last.get(column.place, cell)
        if cell.text.strip() or cell.kind:
            last[column.place] = cell
            if column.field == "family" and "family" in cells:
                cell = Cell(f"{cells['family'].text.strip()} {cell.text.strip()}", cell.kind)
                cells["family"] = cell
            cells.setdefault(column.field, cell)
    return cells


def headed(layout: Layout, fields: Container[str]) -> str:
    """Return the unit that the titles of a list name, where no column does; empty for one above grassroots unions."""
    if "unit" in fields or "unit_id" in fields or layout.role != "posts":
        return ""
    found = [one for title in layout.titles if (one := _section((Cell(title),)))]
    kinds = {units.kind_of(one) for one in found}
    return found[-1] if found and not kinds & {"corporation", "union"} else ""


def _signs(row: Sequence[Cell], cells: Mapping[str, Cell]) -> bool:
    """Tell whether the signatures begin here: the list has ended, and who stands below is nobody of it."""
    post, name = cells.get("post"), cells.get("full_name") or cells.get("given")
    if post and name and words.looks_like_post(post.text) and not _SIGNED.search(bare(name.text)):
        return False
    return any(_SIGNED.search(bare(cell.text)) for cell in row if cell.text and not cell.kind)


def _section(row: Sequence[Cell]) -> str:
    """Return the unit that a heading between the rows names: the only text of its row, but for a numeral."""
    texts = [cell.text.strip() for cell in row if cell.text.strip()]
    texts = [text for text in texts if len(texts) == 1 or not re.fullmatch(r"(?:[IVXLC]+|[A-H]|\d{1,3})[.)]?", text)]
    if len(set(texts)) != 1 or _TOTAL.search(fold(texts[0])):
        return ""
    heading = _NUMERAL.sub("", texts[0]).rstrip(" :")
    if names.looks_like_name(heading) or words.looks_like_post(heading):
        return ""
    return (
        heading
        if units.kind_of(heading) or re.search(r"\b(?:cong ty|cty|dien luc|phan xuong|pc)\b", bare(heading))
        else ""
    )


def _no_data(row: Sequence[Cell], cells: Mapping[str, Cell], layout: Layout) -> bool:
    """Tell whether a row is a total, a repeated header, numbers of columns, or a note without anybody in it.

    A row with a name and a post is always somebody, whatever else stands in it.
    """
    texts = [cell.text.strip() for cell in row if cell.text.strip()]
    name, post = cells.get("full_name") or cells.get("given"), cells.get("post")
    if name and post and names.looks_like_name(name.text) and words.looks_like_post(post.text):
        return False
    if layout.role in {"posts", "external"} and len(texts) == 1 and not names.looks_like_name(texts[0]):
        return True  # a signature, a note: somebody in a post is more than one cell
    if any(_TOTAL.search(fold(text)) for text in texts[:3]):
        return True
    folded = [bare(text) for text in texts]
    if len(folded) > 1 and sum(text in layout.said() for text in folded) > len(folded) / 2:
        return True
    if layout.role == "units":
        return not {"unit_id", "name"} & cells.keys()
    return not any(field in cells for field in _READ)


def _flaw(cells: Mapping[str, Cell]) -> tuple[str, tuple[str, ...]] | None:
    """Return the finding of a row with a cell that is no value, or whose letters are lost."""
    for field, cell in cells.items():
        if field == "birth":
            continue
        if cell.kind == "missing":
            return "ROS-10", (field,)
        if cell.kind == "error":
            return "ROS-10/error", (field, cell.text)
        if field in {"full_name", "given"} and _no_name(cell):
            return "ROS-13", (field, cell.text)
        if cell.kind == "lost" or (field in _WORDED and names.lost(cell.text)):
            return "ROS-12", (field, cell.text)
    return None


def _no_name(cell: Cell) -> bool:
    """Tell whether what stands where a name should is a post, a unit, a day or a number."""
    plain = cell.kind in {"day", "number"} or not any(map(str.isalpha, cell.text))
    return plain or bool(words.post(cell.text) or units.kind_of(cell.text))


def _notes(
    table: str, number: int, name: str, passed: Sequence[int], columns: Sequence[Column]
) -> tuple[RowFinding, ...]:
    notes = []
    line = line_of(number, 0)
    if passed:
        shown = ", ".join(map(str, passed[:_SHOWN])) + ("…" if len(passed) > _SHOWN else "")
        notes.append(RowFinding(table, line, "ROS-W20/passed", (name, str(len(passed)), shown)))
    secret = [column.header for column in columns if column.field == SECRET]
    if secret:
        notes.append(RowFinding(table, line, "ROS-W20/secret", (name, ", ".join(secret))))
    unread = [column.header for column in columns if column.field == IGNORED]
    if unread:
        notes.append(RowFinding(table, line, "ROS-W01", (", ".join(unread),)))
    return tuple(notes)
