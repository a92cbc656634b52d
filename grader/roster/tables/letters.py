"""Brings the letters of a sheet to Unicode where an old code page is meant, and marks what nobody can read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from grader.roster.tables import legacy
from grader.roster.tables.grid import Cell, Note, Sheet

_WESTERN = 0xFF


def decoded(sheet: Sheet) -> tuple[Sheet, tuple[Note, ...]]:
    """Return a sheet with old code pages read, and a note for each that was found, with an example.

    A cell that is Vietnamese in both ways is read as its column is; where the column has both sorts it becomes
    ``lost``: nobody can tell.
    """
    texts = {cell.text for row in sheet.rows for cell in row if not cell.kind and not cell.text.isascii()}
    read = {text: found for text in texts if (found := legacy.decoded(text))[0]}
    if not read:
        return sheet, ()
    columns = _columns(sheet, read)
    rows = tuple(
        tuple(_cell(cell, read, columns.get(place)) if cell.text in texts else cell for place, cell in enumerate(row))
        for row in sheet.rows
    )
    times = Counter(read[cell.text][0] for row in sheet.rows for cell in row if cell.text in read)
    notes = []
    for name, number in times.items():
        example = next(text for text in sorted(read) if read[text][0] == name)
        notes.append(Note("ROS-W20/letters", (sheet.name, str(number), name, example, read[example][1])))
    return Sheet(sheet.name, rows, sheet.filled), tuple(notes)


def _columns(sheet: Sheet, read: dict[str, tuple[str, str]]) -> dict[int, tuple[str, bool]]:
    """Return for each column with an old code page its name, and whether Unicode stands there too."""
    found: dict[int, str] = {}
    modern: defaultdict[int, bool] = defaultdict(bool)
    for row in sheet.rows:
        for place, cell in enumerate(row):
            if cell.text in read:
                found[place] = read[cell.text][0]
            elif _beyond_western(cell.text):
                modern[place] = True
    old = Counter(found.values()).most_common(1)[0][0]
    width = max(map(len, sheet.rows))
    return {place: (found.get(place, old), modern[place]) for place in range(width)}


def _beyond_western(text: Iterable[str]) -> bool:
    return any(ord(letter) > _WESTERN and letter.isalpha() for letter in text)


def _cell(cell: Cell, read: dict[str, tuple[str, str]], column: tuple[str, bool] | None) -> Cell:
    if cell.text in read:
        return Cell(read[cell.text][1])
    if column is None or _beyond_western(cell.text):
        return cell
    other = legacy.could_be(cell.text, column[0])
    if not other:
        return cell
    return Cell(cell.text, "lost") if column[1] else Cell(other)
