"""The frozen values of the roster and of the attempts: what ``roster`` and ``attempts`` read and ``completion`` counts.

Rows are named tuples, not dataclasses: a hundred thousand cadres bring a million of them, and tuples are made faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from grader.ground.offices import OFFICES, Offices
from grader.roster.row_findings import RowFinding

OPEN = date.max  # the end of a row whose ``end`` is empty: still valid

UNITS_FILE, PEOPLE_FILE, POSTS_FILE, EXTERNAL_FILE = "units.csv", "people.csv", "posts.csv", "external.csv"
UNIT_COLUMNS = ("unit_id", "name", "kind", "parent_id", "start", "end", "successor_id")
PEOPLE_COLUMNS = ("person_id", "full_name", "email", "is_test", "same_as")
POST_COLUMNS = ("person_id", "unit_id", "post", "start", "end", "decision_no")
EXTERNAL_COLUMNS = ("person_id", "course", "day", "organiser", "evidence")
ATTEMPT_COLUMNS = (
    "attempt_id",
    "person_id",
    "module_id",
    "submitted_at",
    "score",
    "max_score",
    "critical_met",
    "component_met",
    "status",
    "graded_at",
    "course_version",
)

STATUSES = ("graded", "pending_manual", "unreadable", "void")


class Unit(NamedTuple):
    """One period of one unit (``units.csv``): a unit that moves or is renamed has a row for each period.

    Attributes:
        unit_id: as written, trimmed.
        name: display name, NFC.
        kind: one of ``Offices.unit_kinds``.
        parent_id: the unit above it in this period; empty at the top.
        start: first day.
        end: last day, inclusive; ``OPEN`` when still valid.
        successor_id: the unit that carries on when this one has ended; may be empty.
        line: line in the file, for findings.
    """

    unit_id: str
    name: str
    kind: str
    parent_id: str
    start: date
    end: date
    successor_id: str
    line: int


class Person(NamedTuple):
    """One person id (``people.csv``); ``same_as`` is the id this one was merged into, or empty."""

    person_id: str
    full_name: str
    email: str
    is_test: bool
    same_as: str
    line: int


class Post(NamedTuple):
    """One post of one person in one unit (``posts.csv``), from ``start`` to ``end``, both inclusive.

    ``person_id`` is the surviving id (``same_as`` followed), spelled as in ``people.csv``; ``written_id`` is the id
    of the row itself, which
    stays true when ids are merged, or a merger is taken back.
    """

    person_id: str
    unit_id: str
    post: str
    start: date
    end: date
    decision_no: str
    line: int
    written_id: str


class External(NamedTuple):
    """One course that one person took outside (``external.csv``): a conference, a course in person.

    Attributes:
        person_id: as written; ``Roster.survivor`` says under which id it counts.
        course: what it was called.
        day: of the course, its last one.
        organiser: who held it, or where; may be empty.
        evidence: certificate, decision, list of those present; may be empty.
        line: line in the file, for findings.
    """

    person_id: str
    course: str
    day: date
    organiser: str
    evidence: str
    line: int


class Attempt(NamedTuple):
    """One attempt at one module (``attempts.csv``).

    Attributes:
        attempt_id: id in the ledger.
        person_id: the surviving id, spelled as in ``people.csv``.
        module_id: a module of ``course.yaml``.
        submitted_at: an instant; its date in the course's zone is the attempt's date.
        score: points, or None where none is given yet.
        max_score: points possible in this attempt (> 0), or None.
        critical_met: None when empty, which counts as met.
        component_met: the same for component minimums.
        status: one of ``STATUSES``.
    """

    attempt_id: str
    person_id: str
    module_id: str
    submitted_at: datetime
    score: Decimal | None
    max_score: Decimal | None
    critical_met: bool | None
    component_met: bool | None
    status: str


class Tables(NamedTuple):
    """How findings name the tables of a roster."""

    units: str = UNITS_FILE
    people: str = PEOPLE_FILE
    posts: str = POSTS_FILE
    external: str = EXTERNAL_FILE

    def sort(self, findings: Iterable[RowFinding]) -> tuple[RowFinding, ...]:
        """Return findings in the order of tables and lines."""
        order = {name: number for number, name in enumerate(self)}
        return tuple(sorted(findings, key=lambda finding: (order[finding.file], finding.line)))


CSV_TABLES = Tables()


@dataclass(frozen=True)
class Parsed:
    """Rows of a roster that are right by themselves, before the rules between rows; and what was found so far.

    Lines are unique in each table; below 0 they mark rows that are stored already. ``external`` is ``None`` where the
    file says nothing of courses outside.
    """

    units: Sequence[Unit]
    people: Sequence[Person]
    posts: Sequence[Post]
    rejected: Sequence[RowFinding] = ()
    warnings: Sequence[RowFinding] = ()
    tables: Tables = CSV_TABLES
    offices: Offices = OFFICES
    external: Sequence[External] | None = None


@dataclass(frozen=True)
class Roster:
    """The accepted rows of a roster, and what was found in reading it.

    Attributes:
        units, people, posts, external: accepted rows, in the order of the file.
        survivors: person id, as written or casefolded -> id of the row it was merged into (or its own).
        test_accounts: surviving ids whose row says ``is_test``.
        rejected: one finding for each row that counts nowhere.
        warnings: repairs and doubts; the rows count.
    """

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    posts: tuple[Post, ...]
    survivors: Mapping[str, str]
    test_accounts: frozenset[str]
    rejected: tuple[RowFinding, ...]
    warnings: tuple[RowFinding, ...]
    external: tuple[External, ...] = ()

    def survivor(self, person_id: str) -> str | None:
        """Return the id under which this person counts, or None for an unknown one; ids compare case-insensitively."""
        return self.survivors.get(person_id) or self.survivors.get(person_id.casefold())


@dataclass(frozen=True)
class Attempts:
    """The accepted rows of ``attempts.csv``, and what was found in reading them."""

    rows: tuple[Attempt, ...]
    rejected: tuple[RowFinding, ...] = ()
    warnings: tuple[RowFinding, ...] = ()
