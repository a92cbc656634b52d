"""The frozen values of the sub-room: a file as read, its sheets, rows and cells, and what was noticed in reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Cell(NamedTuple):
    """One cell as a person sees it.

    Attributes:
        text: what is written, spaces and all; a date as ``YYYY-MM-DD``, a number with the zeros that it shows.
        kind: ``""`` text, ``number``, ``day``, ``flag`` (true or false), ``missing`` (a formula without a stored
            value), ``error`` (such as ``#REF!``) or ``lost`` (letters nobody can tell). The last three are never a
            value.
    """

    text: str
    kind: str = ""


EMPTY = Cell("")
MOST_CELLS = 3_000_000
"""Of a file: more is no list of cadres."""
_KINDS = ("", "number", "day", "flag", "missing", "error", "lost")


class Note(NamedTuple):
    """Something noticed in reading a file, for a finding: its kind, and what its sentence names."""

    kind: str
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One visible sheet, or one text file.

    Attributes:
        name: as shown; findings use it.
        rows: the cells of each row, without the empty ones at its end; row 1 of the sheet is ``rows[0]``.
        filled: places (row, column, from 0) that are empty in the file and lie in a merged block: they hold its value.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    filled: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class Book:
    """A file as read.

    Attributes:
        name: of the file, without its folder.
        kind: ``xlsx``, ``xlsb``, ``xls``, ``ods``, ``text`` or ``folder``.
        digest: SHA-256 of its bytes, hexadecimal.
        sheets: the visible ones, in the file's order.
        notes: what was noticed.
    """

    name: str
    kind: str
    digest: str
    sheets: tuple[Sheet, ...]
    notes: tuple[Note, ...] = ()


def packed(sheets: Sequence[Sheet], notes: Sequence[Note]) -> dict[str, Any]:
    """Return sheets and notes as plain JSON, small: a text cell is its text, another one a pair."""
    return {
        "sheets": [
            [
                sheet.name,
                [
                    [cell.text if not cell.kind else [_KINDS.index(cell.kind), cell.text] for cell in row]
                    for row in sheet.rows
                ],
                sorted(sheet.filled),
            ]
            for sheet in sheets
        ],
        "notes": [[note.kind, list(note.said)] for note in notes],
    }


def unpacked(data: Mapping[str, Any]) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    """Return what ``packed`` was given."""
    seen: dict[Any, Cell] = {"": EMPTY}

    def cell(value: Any) -> Cell:
        key = value if isinstance(value, str) else tuple(value)
        if key not in seen:
            seen[key] = Cell(key) if isinstance(key, str) else Cell(key[1], _KINDS[key[0]])
        return seen[key]

    sheets = tuple(
        Sheet(name, tuple(tuple(map(cell, row)) for row in rows), frozenset((row, column) for row, column in filled))
        for name, rows, filled in data["sheets"]
    )
    return sheets, tuple(Note(kind, tuple(said)) for kind, said in data["notes"])
