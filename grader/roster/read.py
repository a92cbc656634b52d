"""Reads a roster (three CSV files or one XLSX) into accepted rows, rejected rows and warnings (docs/design.md §9.4).

The order of the rules: fields of each row by themselves (ROS-01, 02, 03, 08, 10), then rows in conflict (ROS-04, 06),
then ids that have no accepted row (ROS-05) and cycles (ROS-07), until nothing changes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from course.words import _
from grader.ground import text_files
from grader.ground.errors import ModuongError
from grader.ground.offices import OFFICES, Offices
from grader.roster import rules as roster_rules
from grader.roster.exact.csv_rows import CsvRows
from grader.roster.exact.row_source import GivenRows, RowSource
from grader.roster.records import (
    EXTERNAL_COLUMNS,
    EXTERNAL_FILE,
    OPEN,
    PEOPLE_COLUMNS,
    PEOPLE_FILE,
    POST_COLUMNS,
    POSTS_FILE,
    UNIT_COLUMNS,
    UNITS_FILE,
    External,
    Parsed,
    Person,
    Post,
    Roster,
    Tables,
    Unit,
)
from grader.roster.row_findings import RowFinding

__all__ = ["EXAMPLE", "PEOPLE_FILE", "POSTS_FILE", "UNITS_FILE", "given", "parse", "read"]

EXAMPLE = "VI-DU-"
"""Ids that begin so mark the example rows of the template, which are never taken."""
_YES = frozenset({"1", "true", "yes"})
_SAID = _YES | {"0", "false", "no"}
_ID_COLUMNS = frozenset({"unit_id", "parent_id", "successor_id", "person_id", "same_as"})
_LONGEST_ID, _LONGEST_TEXT = 128, 500  # characters
_FORMULA_STARTS = frozenset("=+-@")
_R = TypeVar("_R", Unit, Person, Post, External)
_Values = Sequence[str]


def read(source: Path, offices: Offices = OFFICES) -> Roster:
    """Read a roster: a folder with the three CSV files, or one XLSX. Bad rows become findings and count nowhere.

    Raises:
        ModuongError: as ``parse``.
    """
    return roster_rules.settle(parse(source, offices))


def parse(source: Path, offices: Offices = OFFICES) -> Parsed:
    """Read the rows of a roster by themselves; the rules between rows come after.

    Raises:
        ModuongError: ``E-FILE-1`` a file is missing, ``ROS-09`` not UTF-8, ``ROS-01`` a column is missing,
            ``E-CSV-1`` not CSV,
            ``E-XLSX-1`` … ``E-XLSX-4`` a workbook that is none, too large, not plain, or without one of the sheets.
    """
    if source.is_file():
        from grader.roster.exact import workbook  # openpyxl takes long to load, and text needs it not

        with workbook.opened(source) as book:
            return _parsed(book.tables(), book.rows, offices, external=book.has_external)
    _refuse_missing_files(source)
    external = (source / EXTERNAL_FILE).is_file()
    return _parsed(Tables(), lambda name, columns: CsvRows(source / name, columns), offices, external=external)


def given(
    tables: Tables,
    rows: Mapping[str, Iterable[tuple[int, Sequence[str]]]],
    rejected: Iterable[RowFinding] = (),
    warnings: Iterable[RowFinding] = (),
    offices: Offices = OFFICES,
) -> Parsed:
    """Read rows that were made elsewhere.

    Args:
        tables: how findings name the tables.
        rows: such a name -> (line, values in the order of the columns); lines are unique in a table.
        rejected: what was rejected before.
        warnings: what was noticed before.
        offices: posts and kinds of unit.
    """
    parsed = _parsed(
        tables, lambda name, columns: GivenRows(name, columns, rows[name]), offices, external=tables.external in rows
    )
    return replace(
        parsed, rejected=tables.sort([*rejected, *parsed.rejected]), warnings=tables.sort([*warnings, *parsed.warnings])
    )


def _parsed(
    tables: Tables, rows_of: Callable[[str, Sequence[str]], RowSource], offices: Offices, *, external: bool
) -> Parsed:
    rejected: list[RowFinding] = []
    warnings: list[RowFinding] = []

    def rows(name: str, columns: Sequence[str], parse: Callable[[_Parser, int, _Values], _R | None]) -> list[_R]:
        table = rows_of(name, columns)
        parser = _Parser(name, columns, offices, rejected, warnings)
        parsed = [
            parse(parser, line, values)
            for line, written in table
            if (values := parser.clean(line, written)) is not None
        ]
        rejected.extend(table.rejected)
        warnings.extend(table.warnings)
        return [row for row in parsed if row is not None]

    units = rows(tables.units, UNIT_COLUMNS, _unit)
    people = rows(tables.people, PEOPLE_COLUMNS, _person)
    posts = rows(tables.posts, POST_COLUMNS, _post)
    courses = rows(tables.external, EXTERNAL_COLUMNS, _external) if external else None
    return Parsed(units, people, posts, rejected, warnings, tables, offices, courses)


def _refuse_missing_files(folder: Path) -> None:
    if not folder.exists():
        raise text_files.no_file(folder)
    missing = [name for name in Tables()[:3] if not (folder / name).is_file()]
    if missing:
        names = ", ".join(missing)
        raise ModuongError(
            "E-FILE-1",
            _(
                "{folder}: thiếu tệp {names}. Danh sách cán bộ gồm {units_file}, {people_file} và {posts_file}, "
                "hoặc một tệp .xlsx.",
                folder=folder,
                names=names,
                units_file=UNITS_FILE,
                people_file=PEOPLE_FILE,
                posts_file=POSTS_FILE,
            ),
        )


class _Parser:
    """Checks the fields of one file's rows; keeps no state but the two lists of findings given to it."""

    def __init__(
        self,
        file: str,
        columns: Sequence[str],
        offices: Offices,
        rejected: list[RowFinding],
        warnings: list[RowFinding],
    ) -> None:
        self.file = file
        self.columns = columns
        self.offices = offices
        self._rejected = rejected
        self._warnings = warnings

    def reject(self, line: int, kind: str, *said: str) -> None:
        self._rejected.append(RowFinding(self.file, line, kind, said))

    def warn(self, line: int, kind: str, *said: str) -> None:
        self._warnings.append(RowFinding(self.file, line, kind, said))

    def clean(self, line: int, values: _Values) -> _Values | None:
        """Return the values trimmed and in NFC; None for a row that is not to be taken."""
        joined = "".join(values)
        if not joined.isascii() or any(value != value.strip() for value in values):
            values = self._repaired(line, values)
        if values[0].startswith(EXAMPLE):
            self._warnings.append(RowFinding(self.file, line, "ROS-W15"))
            return None
        if (len(joined) > _LONGEST_ID or not joined.isprintable()) and not self._plain(line, values):
            return None
        if any(value[:1] in _FORMULA_STARTS for value in values):
            columns = [c for c, value in zip(self.columns, values, strict=True) if value[:1] in _FORMULA_STARTS]
            self._warnings.append(RowFinding(self.file, line, "ROS-W16", (", ".join(columns),)))
        return values

    def _repaired(self, line: int, values: _Values) -> _Values:
        """Return the values trimmed and in NFC; a warning names the columns where that changed anything."""
        composed = [unicodedata.normalize("NFC", value) for value in values]
        trimmed = [value.strip() for value in composed]
        for kind, before, after in (("ROS-W03", values, composed), ("ROS-W02", composed, trimmed)):
            changed = [c for c, old, new in zip(self.columns, before, after, strict=True) if old != new]
            if changed:
                self._warnings.append(RowFinding(self.file, line, kind, (", ".join(changed),)))
        return trimmed

    def _plain(self, line: int, values: _Values) -> bool:
        """Tell whether the values are text of a length that can be; reject the row for the first one that is not."""
        for column, value in zip(self.columns, values, strict=True):
            longest = _LONGEST_ID if column in _ID_COLUMNS else _LONGEST_TEXT
            if len(value) > longest:
                self.reject(line, "ROS-10/long", column, str(len(value)), str(longest))
                return False
            if not value.isprintable() and any(_control(c) for c in value):
                self.reject(line, "ROS-10/control", column)
                return False
        return True

    def complete(self, line: int, values: _Values, required: Sequence[str]) -> bool:
        """Tell whether the required fields are filled; reject the row for the first one that is not."""
        for column in required:
            if not values[self.columns.index(column)]:
                self.reject(line, "ROS-01", column)
                return False
        return True

    def period(self, line: int, start: str, end: str) -> tuple[date, date] | None:
        """Read both dates; reject the row for a bad one, or an end before the start."""
        first = self.day(line, "start", start)
        last = self.day(line, "end", end) if first else None
        if first is None or last is None:
            return None
        if last < first:
            self.reject(line, "ROS-03", first.isoformat(), last.isoformat())
            return None
        return first, last

    def day(self, line: int, column: str, text: str) -> date | None:
        """Read one date; reject the row for a bad one."""
        day, vietnamese = _day(text)
        if day is None:
            self.reject(line, "ROS-02", column, text)
        elif vietnamese:
            self._warnings.append(RowFinding(self.file, line, "ROS-W04", (column, text, day.isoformat())))
        return day

    def known(self, line: int, column: str, value: str, allowed: Collection[str]) -> bool:
        """Tell whether a word is in its list; reject the row otherwise."""
        if value in allowed:
            return True
        self.reject(line, "ROS-08", column, value, ", ".join(allowed))
        return False


def _control(letter: str) -> bool:
    """Tell whether a character is no part of text; line breaks and tabs are."""
    return unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\t\r\n"


@lru_cache(maxsize=65_536)
def _day(text: str) -> tuple[date | None, bool]:
    """Read a date: (day or None, whether it was written dd/mm/yyyy). Empty, only allowed for ``end``, is ``OPEN``."""
    if not text:
        return OPEN, False
    parts = text.split("-")
    vietnamese = len(parts) == 1
    if vietnamese:
        parts = text.split("/")[::-1]
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isascii() and part.isdigit() for part in parts):
        return None, False
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])), vietnamese
    except ValueError:
        return None, False


def _external(parser: _Parser, line: int, values: _Values) -> External | None:
    if not parser.complete(line, values, ("person_id", "course", "day")):
        return None
    person_id, course, written, organiser, evidence = values
    day = parser.day(line, "day", written)
    return External(person_id, course, day, organiser, evidence, line) if day else None


def _unit(parser: _Parser, line: int, values: _Values) -> Unit | None:
    if not parser.complete(line, values, ("unit_id", "name", "kind", "start")):
        return None
    unit_id, name, kind, parent_id, start, end, successor_id = values
    period = parser.period(line, start, end)
    if period is None or not parser.known(line, "kind", kind, parser.offices.unit_kinds):
        return None
    return Unit(unit_id, name, kind, parent_id, *period, successor_id, line)


def _person(parser: _Parser, line: int, values: _Values) -> Person | None:
    if not parser.complete(line, values, ("person_id", "full_name")):
        return None
    person_id, full_name, email, is_test, same_as = values
    if is_test and is_test.lower() not in _SAID:
        parser.warn(line, "ROS-W17", is_test)
    return Person(person_id, full_name, email, is_test.lower() in _YES, same_as, line)


def _post(parser: _Parser, line: int, values: _Values) -> Post | None:
    if not parser.complete(line, values, ("person_id", "unit_id", "post", "start")):
        return None
    person_id, unit_id, post, start, end, decision_no = values
    period = parser.period(line, start, end)
    if period is None or not parser.known(line, "post", post, parser.offices.posts):
        return None
    return Post(person_id, unit_id, post, *period, decision_no, line, person_id)
