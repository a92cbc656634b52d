"""Where the header of a sheet is, and what its columns hold.

Title rows, two header rows, numbered columns, no header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.roster.match import contents
from grader.roster.match.fields import IGNORED, SECRET, bare, of_header
from grader.roster.tables.grid import EMPTY, Cell, Sheet

_LOOK = 40  # rows from the top in which a header is looked for
_SAMPLE = 200  # rows by which a column is judged
_SHOWN = 3
_NUMBERED = re.compile(r"\(?\s*(?:\d{1,2}|[A-Z])\s*\)?")
_PERSON = {"person_id", "full_name", "family", "given", "post"}
_OF_COURSES = frozenset({"course", "day", "organiser", "evidence"})
_MOST = 0.7
_ENOUGH = 3
_LONGEST_HEADER = 60


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        place: from 0.
        header: as written, parent and child of two header rows joined by `` / ``; ``#3`` where there is none.
        field: what it holds; ``fields.IGNORED`` and ``fields.SECRET`` for what is not read, empty where unknown.
        sure: header and content agree, so that a person only has to nod.
        shown: a few values; none of a secret column.
        named: what its header says by itself.
    """

    place: int
    header: str
    field: str
    sure: bool
    shown: tuple[str, ...] = ()
    named: str = ""


@dataclass(frozen=True)
class Layout:
    """How one sheet is laid out.

    Attributes:
        role: ``units``, ``people``, ``posts`` (a row is a person in a unit), ``external`` (a course of a person).
        columns: those with a header or values.
        first: the first row of data, from 0.
        header: the texts of the header, folded, by which a repeated one is known: of its row, then of the one below
            where that belongs to it.
        titles: what stands above the header.
    """

    role: str
    columns: tuple[Column, ...]
    first: int
    header: tuple[tuple[str, ...], ...]
    titles: tuple[str, ...]

    def at(self, place: int) -> set[str]:
        """Return what the header says over one column."""
        return {texts[place] for texts in self.header if place < len(texts)}

    def said(self) -> set[str]:
        """Return all that the header says."""
        return {text for texts in self.header for text in texts}


def find(sheet: Sheet, role: str = "") -> Layout | None:
    """Return the layout of a sheet, of that role where one is given; ``None`` for one that holds no list."""
    place = header_row(sheet)
    if place is None:
        return _without_header(sheet)
    top, below = sheet.rows[place], sheet.rows[place + 1] if place + 1 < len(sheet.rows) else ()
    two = _second_header(top, below)
    first = place + 1 + two
    while first < len(sheet.rows) and _is_numbering(sheet.rows[first]):
        first += 1
    rows = sheet.rows[first : first + _SAMPLE]
    columns = []
    parent = ""
    for at in range(max(len(top), len(below) if two else 0)):
        upper, lower = _text(top, at), _text(below, at) if two else ""
        parent = upper or (parent if lower else "")
        header = " / ".join(filter(None, (parent if lower else upper, lower)))
        shown = tuple(dict.fromkeys(_text(row, at) for row in rows if _text(row, at)))[:_SHOWN]
        if header or shown:
            field, sure = _field(parent if lower else upper, lower)
            columns.append(Column(at, header or f"#{at + 1}", field if header else "", sure, shown))
    titles = tuple(cell.text.strip() for row in sheet.rows[:place] for cell in row if cell.text.strip())
    heads = tuple(tuple(bare(cell.text) for cell in row) for row in ((top, below) if two else (top,)))
    return _settled(columns, rows, first, heads, titles, role)


def _text(row: Sequence[Cell], at: int) -> str:
    return row[at].text.strip() if at < len(row) else ""


def header_row(sheet: Sheet) -> int | None:
    """Return the row in which most columns are named by known headers, at least two of them; ``None`` for none.

    The first one with a person in it wins over a fuller one further down: between the two lies a list.
    """
    best, most = None, 1
    for place, row in enumerate(sheet.rows[:_LOOK]):
        texts = [cell.text.strip() for cell in row if cell.text.strip() and not cell.kind]
        known = {field for text in texts if len(text) <= _LONGEST_HEADER and (field := of_header(text)[0])}
        if 2 * sum(bool(of_header(text)[0]) for text in texts) < len(texts):
            continue
        if len(known) >= _ENOUGH and known & _PERSON:
            return place
        if len(known) > most:
            best, most = place, len(known)
    return best


def _second_header(top: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Tell whether the row below a header belongs to it: known headers only, under columns that it divides."""
    texts = [(at, cell.text.strip()) for at, cell in enumerate(below) if cell.text.strip()]
    if not texts or any(cell.kind for cell in below):
        return False
    divides = any(not _text(top, at) or not _text(top, at + 1) for at, _ in texts)
    return divides and all(of_header(text)[0] for _, text in texts) and len(texts) < len([c for c in top if c.text]) + 3


def _is_numbering(row: Sequence[Cell]) -> bool:
    """Tell whether a row only numbers the columns: 1, 2, 3 or (A), (B), (1)."""
    texts = [cell.text.strip() for cell in row if cell.text.strip()]
    return len(texts) >= _ENOUGH and all(_NUMBERED.fullmatch(text) for text in texts) and len(set(texts)) == len(texts)


def _field(upper: str, lower: str) -> tuple[str, bool]:
    if lower and bare(lower) in {"nam", "nu", "male", "female"} and of_header(upper)[0] == "birth":
        return "birth", True
    if lower:
        field, sure = of_header(lower)
        return (field, sure) if field else of_header(f"{upper} {lower}")
    return of_header(upper)


def _settled(
    columns: list[Column],
    rows: Sequence[Sequence[Cell]],
    first: int,
    header: tuple[tuple[str, ...], ...],
    titles: tuple[str, ...],
    role: str,
) -> Layout | None:
    """Decide what a header means in the company of the others, and doubt what the content contradicts."""
    fields = {column.field for column in columns}
    role = role or _role(fields)
    if not role:
        return None
    meant = {"units": _in_units, "people": _in_people, "posts": _in_posts, "external": _in_external}[role]
    seen: set[str] = set()
    settled: list[Column] = []
    for column in columns:
        field = meant(column.field, fields)
        cells = [row[column.place] for row in rows if column.place < len(row) and row[column.place] != EMPTY]
        sure = column.sure and not contents.contradicted(field, cells)
        if column.field == "day" and field == IGNORED:
            sure = False  # a day of what?
        beside = field == "family" and settled and settled[-1].field == "family"
        if field in seen and field not in {IGNORED, SECRET, "birth", ""} and not beside:
            field, sure = IGNORED, False
        seen.add(field)
        if field in {IGNORED, ""} and contents.identity(cells):
            field, sure = SECRET, True
        shown = () if field == SECRET or (field == IGNORED and contents.private(cells)) else column.shown
        settled.append(
            replace(
                column, named=column.field, field=field or IGNORED, sure=sure or (not field and not cells), shown=shown
            )
        )
    return Layout(role, _unswapped(settled, rows), first, header, titles)


def _role(fields: set[str]) -> str:
    if (
        fields & {"name", "unit", "unit_id"}
        and fields & {"kind", "parent_id", "successor_id"}
        and not fields & (_PERSON - {"person_id", "given"})
    ):
        return "units"
    if not fields & _PERSON:
        return ""
    if "course" in fields:
        return "external"
    return "posts" if fields & {"unit", "unit_id", "name", "post", "start"} else "people"


def _in_units(field: str, fields: set[str]) -> str:
    if field in {"unit", "given"}:
        return "name" if "name" not in fields else IGNORED
    if field == "person_id":
        return "unit_id" if "unit_id" not in fields else IGNORED
    return field


def _in_people(field: str, fields: set[str]) -> str:
    return "full_name" if field == "given" and "family" not in fields else field


def _in_posts(field: str, fields: set[str]) -> str:
    if field in _OF_COURSES:
        return IGNORED
    if field == "name":
        return "unit" if "unit" not in fields else IGNORED
    if field in {"kind", "successor_id"}:
        return IGNORED
    return _in_people(field, fields)


def _in_external(field: str, fields: set[str]) -> str:
    if field in {"post", "end", "kind", "successor_id", "parent_id", "decision_no"}:
        return IGNORED
    if field == "start":
        return "day" if "day" not in fields else IGNORED
    return field if field in _OF_COURSES else _in_posts(field, fields)


def _unswapped(columns: list[Column], rows: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """Doubt family and given name whose headings stand over each other's column."""
    places = {column.field: column.place for column in columns if column.field in {"family", "given"}}
    if len(places) == 2:  # noqa: PLR2004  # both are there
        family = [_text(row, places["family"]).split() for row in rows if _text(row, places["family"])]
        given = [_text(row, places["given"]).split() for row in rows if _text(row, places["given"])]
        longer = sum(len(one) > 1 for one in given) > _MOST * max(1, len(given))
        if longer and not any(len(one) > 1 for one in family):
            return tuple(replace(c, sure=False) if c.field in places else c for c in columns)
    return tuple(columns)


def _without_header(sheet: Sheet) -> Layout | None:
    """Return a layout told by the content alone, with nothing sure; ``None`` where no column looks like names."""
    rows = [row for row in sheet.rows[:_SAMPLE] if any(cell.text.strip() for cell in row)]
    wide = max((len(row) for row in rows), default=0)
    columns: list[Column] = []
    for at in range(wide):
        cells = [row[at] for row in rows if at < len(row) and row[at].text.strip()]
        if cells:
            shown = tuple(dict.fromkeys(cell.text.strip() for cell in cells))[:_SHOWN]
            columns.append(
                Column(at, f"#{at + 1}", contents.likely(cells, {c.field for c in columns}), sure=False, shown=shown)
            )
    fields = {column.field for column in columns}
    if "full_name" not in fields or len(rows) < _ENOUGH:
        return None
    role = "posts" if fields & {"post", "unit"} else "people"
    first = next(place for place, row in enumerate(sheet.rows) if sum(bool(cell.text.strip()) for cell in row) > 1)
    return Layout(role, tuple(columns), first, (), ())
