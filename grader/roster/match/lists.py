"""The lists on one sheet: below each other under headers of their own, or side by side; each is read by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.roster.match import headers, names
from grader.roster.match.fields import KEYS, bare, of_header
from grader.roster.match.headers import Layout
from grader.roster.tables.grid import EMPTY, Cell, Sheet

_FEWEST = 3  # known headers by which a row below data begins another list
_LOOK = 4  # texts of a row among which one must be a known header
_NAMED = ("full_name", "family", "given")


def of(sheet: Sheet) -> Iterator[tuple[Sheet, Layout]]:
    """Yield each list of a sheet: the sheet with nothing but that list on it, at its place, and how it is laid out."""
    for block in _beside(sheet):
        yield from _below(block)


def _below(sheet: Sheet) -> Iterator[tuple[Sheet, Layout]]:
    layout = headers.find(sheet)
    if layout is None:
        return
    end = _next_header(sheet, layout)
    if end is None:
        yield sheet, layout
        return
    cut = end
    while cut > layout.first and sum(bool(cell.text.strip()) for cell in sheet.rows[cut - 1]) <= 1:
        cut -= 1  # the titles of the next list
    yield replace(sheet, rows=sheet.rows[:cut]), layout
    yield from _below(replace(sheet, rows=(*(() for _ in range(cut)), *sheet.rows[cut:])))


def _next_header(sheet: Sheet, layout: Layout) -> int | None:
    """Return the first row below the header that is a header of other columns."""
    if not layout.header:
        return None
    for place in range(layout.first, len(sheet.rows)):
        row = sheet.rows[place]
        if any(cell.kind for cell in row):
            continue  # a header has no numbers and no days
        texts = [cell.text.strip() for cell in row if cell.text.strip()]
        if len(texts) < _FEWEST or not any(bare(text) in KEYS for text in texts[:_LOOK]):
            continue
        known = {field for text in texts if (field := of_header(text)[0])}
        other = any(bare(cell.text) not in layout.at(at) for at, cell in enumerate(row) if cell.text.strip())
        strange = [text for text in texts if not of_header(text)[0]]
        named = bool(set(_NAMED) & known) and not any(map(names.looks_like_name, strange))
        if other and named and len(known) >= _FEWEST and 2 * len(strange) < len(texts):
            return place
    return None


def _beside(sheet: Sheet) -> Iterator[Sheet]:
    """Yield the blocks of columns of a sheet whose header names the same columns again further right."""
    place = headers.header_row(sheet)
    row: Sequence[Cell] = sheet.rows[place] if place is not None else ()
    starts = _starts([bare(cell.text) for cell in row])
    if len(starts) == 1:
        yield sheet
        return
    for left, right in zip(starts, [*starts[1:], max(map(len, sheet.rows))], strict=True):
        rows = tuple(
            tuple(cell if left <= at < right else EMPTY for at, cell in enumerate(row[:right])) for row in sheet.rows
        )
        yield replace(sheet, rows=rows)


def _starts(texts: Sequence[str]) -> list[int]:
    """Return where each block of columns begins: the name of a person stands twice, and the columns before it too."""
    fields = [of_header(text)[0] if text else "" for text in texts]
    named = [at for at, field in enumerate(fields) if field == ("full_name" if "full_name" in fields else "given")]
    first = next((at for at, text in enumerate(texts) if text), 0)
    if len(named) == 1 or not named:
        return [0]
    width = named[1] - named[0]
    once = texts[first : first + width]
    again = texts[first + width : first + 2 * width]
    return [0, *(at - named[0] + first for at in named[1:])] if once[: len(again)] == again else [0]
