"""Reads a roster (units.csv, people.csv, posts.csv) into accepted rows, rejected rows and warnings; rules of design §7.

The order of the rules: fields of each row by themselves (ROS-01, 02, 03, 08), then rows in conflict (ROS-04, 06),
then ids that have no accepted row (ROS-05) and cycles (ROS-07), until nothing changes.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from grader import roster_rules
from grader.csv_rows import CsvRows
from grader.errors import ModuongError
from grader.roster_records import (
    OPEN,
    PEOPLE_COLUMNS,
    PEOPLE_FILE,
    POST_COLUMNS,
    POSTS,
    POSTS_FILE,
    UNIT_COLUMNS,
    UNIT_KINDS,
    UNITS_FILE,
    Person,
    Post,
    Roster,
    Unit,
)
from grader.row_findings import RowFinding, some

__all__ = ["PEOPLE_FILE", "POSTS_FILE", "UNITS_FILE", "read"]

_YES = frozenset({"1", "true", "yes"})
_R = TypeVar("_R", Unit, Person, Post)
_Values = Sequence[str]


def read(folder: Path) -> Roster:
    """Read the three files of a roster; bad rows become findings and count nowhere.

    Raises:
        ModuongError: ``E-FILE-1`` a file is missing, ``ROS-09`` not UTF-8, ``ROS-01`` a column is missing,
            ``E-CSV-1`` not CSV.
    """
    _refuse_missing_files(folder)
    rejected: list[RowFinding] = []
    warnings: list[RowFinding] = []

    def rows(name: str, columns: Sequence[str], parse: Callable[[_Parser, int, _Values], _R | None]) -> list[_R]:
        table = CsvRows(folder / name, columns)
        parser = _Parser(name, columns, rejected, warnings)
        parsed = [parse(parser, line, parser.clean(line, values)) for line, values in table]
        rejected.extend(table.rejected)
        warnings.extend(table.warnings)
        return [row for row in parsed if row is not None]

    units = rows(UNITS_FILE, UNIT_COLUMNS, _unit)
    people = rows(PEOPLE_FILE, PEOPLE_COLUMNS, _person)
    posts = rows(POSTS_FILE, POST_COLUMNS, _post)
    return _settle(units, people, posts, rejected, warnings)


def _refuse_missing_files(folder: Path) -> None:
    missing = [name for name in (UNITS_FILE, PEOPLE_FILE, POSTS_FILE) if not (folder / name).is_file()]
    if missing:
        names = ", ".join(missing)
        raise ModuongError(
            "E-FILE-1",
            vi=f"{folder}: thiếu tệp {names}. Danh sách cán bộ gồm {UNITS_FILE}, {PEOPLE_FILE} và {POSTS_FILE}.",
            en=f"{folder}: missing {names}. A roster is {UNITS_FILE}, {PEOPLE_FILE} and {POSTS_FILE}.",
        )


def _settle(
    units: list[Unit],
    people: list[Person],
    posts: list[Post],
    rejected: list[RowFinding],
    warnings: list[RowFinding],
) -> Roster:
    """Apply the rules between rows, and put the roster together."""
    units, wrong_units = roster_rules.settle_units(units, UNITS_FILE)
    people, wrong_people = roster_rules.settle_people(people, PEOPLE_FILE)
    survivors = roster_rules.survivors(people)
    posts, wrong_posts = roster_rules.settle_posts(posts, units, survivors, POSTS_FILE)
    order = {UNITS_FILE: 0, PEOPLE_FILE: 1, POSTS_FILE: 2}

    def sort(findings: list[RowFinding]) -> tuple[RowFinding, ...]:
        return tuple(sorted(findings, key=lambda finding: (order[finding.file], finding.line)))

    rejected = [*rejected, *wrong_units, *wrong_people, *wrong_posts]
    return roster_rules.together(units, people, posts, sort(rejected), sort([*warnings, *_doubts(units, people, posts)]))


def _doubts(units: list[Unit], people: list[Person], posts: list[Post]) -> list[RowFinding]:
    """Return what is accepted and yet worth a look, as far as no as-of date is needed to see it."""
    doubts = [RowFinding(UNITS_FILE, u.line, "ROS-W14") for u in units if not u.parent_id and u.kind != "union"]
    doubts += [RowFinding(POSTS_FILE, p.line, "ROS-W06") for p in posts if p.post == "acting_chair" and not p.decision_no]
    namesakes: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        if not person.same_as:
            namesakes[person.full_name].append(person.person_id)
    shared = [ids for ids in namesakes.values() if len(ids) > 1]
    if shared:
        doubts.append(RowFinding(PEOPLE_FILE, 0, "ROS-W10", (str(len(shared)), some([i for ids in shared for i in ids]))))
    return doubts


class _Parser:
    """Checks the fields of one file's rows; keeps no state but the two lists of findings given to it."""

    def __init__(self, file: str, columns: Sequence[str], rejected: list[RowFinding], warnings: list[RowFinding]) -> None:
        self.file = file
        self.columns = columns
        self._rejected = rejected
        self._warnings = warnings

    def reject(self, line: int, kind: str, *said: str) -> None:
        self._rejected.append(RowFinding(self.file, line, kind, said))

    def clean(self, line: int, values: _Values) -> _Values:
        """Return the values trimmed and in NFC; a warning names the columns where that changed anything."""
        joined = "".join(values)
        if joined.isascii() and all(value == value.strip() for value in values):
            return values
        composed = [unicodedata.normalize("NFC", value) for value in values]
        trimmed = [value.strip() for value in composed]
        for kind, before, after in (("ROS-W03", values, composed), ("ROS-W02", composed, trimmed)):
            changed = [c for c, old, new in zip(self.columns, before, after, strict=True) if old != new]
            if changed:
                self._warnings.append(RowFinding(self.file, line, kind, (", ".join(changed),)))
        return trimmed

    def complete(self, line: int, values: _Values, required: Sequence[str]) -> bool:
        """Tell whether the required fields are filled; reject the row for the first one that is not."""
        for column in required:
            if not values[self.columns.index(column)]:
                self.reject(line, "ROS-01", column)
                return False
        return True

    def period(self, line: int, start: str, end: str) -> tuple[date, date] | None:
        """Read both dates; reject the row for a bad one, or an end before the start."""
        days = []
        for column, text in (("start", start), ("end", end)):
            day, vietnamese = _day(text)
            if day is None:
                self.reject(line, "ROS-02", column, text)
                return None
            if vietnamese:
                self._warnings.append(RowFinding(self.file, line, "ROS-W04", (column, text, day.isoformat())))
            days.append(day)
        if days[1] < days[0]:
            self.reject(line, "ROS-03", days[0].isoformat(), days[1].isoformat())
            return None
        return days[0], days[1]

    def known(self, line: int, column: str, value: str, allowed: Sequence[str]) -> bool:
        """Tell whether a word is in its list; reject the row otherwise."""
        if value in allowed:
            return True
        self.reject(line, "ROS-08", column, value, ", ".join(allowed))
        return False


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


def _unit(parser: _Parser, line: int, values: _Values) -> Unit | None:
    if not parser.complete(line, values, ("unit_id", "name", "kind", "start")):
        return None
    unit_id, name, kind, parent_id, start, end, successor_id = values
    period = parser.period(line, start, end)
    if period is None or not parser.known(line, "kind", kind, UNIT_KINDS):
        return None
    return Unit(unit_id, name, kind, parent_id, *period, successor_id, line)


def _person(parser: _Parser, line: int, values: _Values) -> Person | None:
    if not parser.complete(line, values, ("person_id", "full_name")):
        return None
    person_id, full_name, email, is_test, same_as = values
    return Person(person_id, full_name, email, is_test.lower() in _YES, same_as, line)


def _post(parser: _Parser, line: int, values: _Values) -> Post | None:
    if not parser.complete(line, values, ("person_id", "unit_id", "post", "start")):
        return None
    person_id, unit_id, post, start, end, decision_no = values
    period = parser.period(line, start, end)
    if period is None or not parser.known(line, "post", post, POSTS):
        return None
    return Post(person_id, unit_id, post, *period, decision_no, line)
