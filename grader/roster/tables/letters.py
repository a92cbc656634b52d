"""Brings the letters of a sheet to Unicode where an old code page is meant, and marks what nobody can read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from grader.roster.tables import legacy
from grader.roster.tables.grid import Cell, Note, Sheet
from grader.roster.tables.syllables import wrong

_WESTERN = 0xFF


def decoded(sheet: Sheet) -> tuple[Sheet, tuple[Note, ...]]:
    """Return a sheet with old code pages read, and a note for each that was found, with an example.

    Short texts are Vietnamese in more than one code page («Thò» of VNI is also «Thũ» of TCVN3): the texts that are so
    in one alone decide for the sheet. A cell that is Vietnamese as it stands and in the old code page of its column is
    read as that column is. What nobody can tell becomes ``lost``.
    """
    texts = {cell.text for row in sheet.rows for cell in row if not cell.kind and not cell.text.isascii()}
    could = {text: readings for text in texts if (readings := legacy.readings(text))}
    if not could:
        return sheet, ()
    read = _meant(sheet, could)
    columns = _columns(sheet, read)
    rows = tuple(
        tuple(_cell(cell, read, columns.get(place)) if cell.text in texts else cell for place, cell in enumerate(row))
        for row in sheet.rows
    )
    times = Counter(name for row in sheet.rows for cell in row if (name := read.get(cell.text, ("", ""))[0]))
    notes = []
    for name, number in times.items():
        example = next(text for text in sorted(read) if read[text][0] == name)
        notes.append(Note("ROS-W20/letters", (sheet.name, str(number), name, example, read[example][1])))
    return Sheet(sheet.name, rows, sheet.filled), tuple(notes)


def _meant(sheet: Sheet, could: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Return for each text its code page and what it says; an empty code page where the sheet does not decide it."""
    whole = _shown_by(could, could)
    by_column: defaultdict[int, set[str]] = defaultdict(set)
    for row in sheet.rows:
        for place, cell in enumerate(row):
            if cell.text in could:
                by_column[place].add(cell.text)
    evidence = {place: _shown_by(texts, could) for place, texts in by_column.items()}
    places: defaultdict[str, set[int]] = defaultdict(set)
    for place, texts in by_column.items():
        for text in texts:
            places[text].add(place)
    found: dict[str, tuple[str, str]] = {}
    for text, readings in could.items():
        near = {name for place in places[text] for name in evidence[place]}
        for names in (readings.keys(), readings.keys() & whole, readings.keys() & near):
            if len(names) == 1:
                name = next(iter(names))
                found[text] = name, readings[name]
                break
        else:
            found[text] = "", text
    return found


def _shown_by(texts: Iterable[str], could: dict[str, dict[str, str]]) -> set[str]:
    """Return the code pages that are proven: a text is Vietnamese in that one alone."""
    return {name for text in texts if len(could[text]) == 1 for name in could[text]}


def _columns(sheet: Sheet, read: dict[str, tuple[str, str]]) -> dict[int, tuple[str, bool]]:
    """Return for each column with an old code page its name, and whether Unicode stands there too."""
    found: dict[int, str] = {}
    modern: defaultdict[int, bool] = defaultdict(bool)
    for row in sheet.rows:
        for place, cell in enumerate(row):
            if read.get(cell.text, ("", ""))[0]:
                found[place] = read[cell.text][0]
            elif _beyond_western(cell.text):
                modern[place] = True
    old = Counter(found.values()).most_common(1)[0][0] if found else ""
    width = max(map(len, sheet.rows))
    return {place: (found.get(place, old), modern[place]) for place in range(width)}


def _beyond_western(text: Iterable[str]) -> bool:
    return any(ord(letter) > _WESTERN and letter.isalpha() for letter in text)


def _cell(cell: Cell, read: dict[str, tuple[str, str]], column: tuple[str, bool] | None) -> Cell:
    if cell.text in read:
        name, text = read[cell.text]
        return Cell(text, "" if name else "lost")
    if column is None or not column[0] or _beyond_western(cell.text):
        return cell
    if legacy.SUSPECT.search(cell.text) and wrong(cell.text):
        return Cell(cell.text, "lost")  # of an old code page as its column is, and by none of them Vietnamese
    other = legacy.could_be(cell.text, column[0])
    if not other:
        return cell
    return Cell(cell.text, "lost") if column[1] else Cell(other)
