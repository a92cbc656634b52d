"""Merges the rows of a file into the stored roster, and says what that changes. Pure.

Rows are known by (unit_id, start), person_id, (person_id, unit_id, post, start), and courses outside by (person_id,
course, day), ids of people without regard to case. A row that is not
in the file is kept; a row of the file stands in for the stored one of its key. All rules of ``roster_rules`` hold
for the merged rows: a row
of the file that cannot stand beside the stored ones is rejected, and where it would have changed a stored row, that
one stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, NamedTuple, TypeVar, cast

from grader.roster import rules as roster_rules
from grader.roster.records import OPEN, External, Parsed, Person, Post, Roster, Unit
from grader.roster.row_findings import RowFinding

_R = TypeVar("_R", bound=Unit | Person | Post | External)
_Key = tuple[Hashable, ...]
What = Literal["new", "changed", "ended", "removed", "kept"]
TABLES = ("units", "people", "posts", "external")
KINDS: tuple[What, ...] = ("new", "changed", "ended", "removed", "kept")
_CONFLICTS = frozenset({"ROS-04", "ROS-06"})


class Change(NamedTuple):
    """What becomes of one row.

    Attributes:
        what: ``new``, ``changed``, ``ended`` (an open row gets its last day), ``removed``, or ``kept``: stored
            and not in the file.
        table: one of ``TABLES``.
        row: its key, as text.
        line: in the file; 0 for a row that is not in it.
        fields: (column, stored, new) of each field that differs, as files write them.
    """

    what: What
    table: str
    row: tuple[str, ...]
    line: int
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Merged:
    """The outcome of an import.

    Attributes:
        roster: what is to be stored, with the findings of this import; a row keeps the line of the file that it
            was last read from.
        changes: in the order of the tables, rows of the file before those that are not in it.
        same: table -> how many rows of the file say what is stored.
    """

    roster: Roster
    changes: tuple[Change, ...]
    same: Mapping[str, int]


class _Table(Generic[_R]):
    """One table: the stored rows, as written and with lines below 0, and those of the file."""

    def __init__(
        self, name: str, stored: Sequence[_R], rows: Sequence[_R], columns: Sequence[str], key: Callable[[_R], _Key]
    ) -> None:
        self.name = name
        self.key = key
        self.columns = columns
        self.stored: dict[_Key, _R] = {key(row): _at(row, -place) for place, row in enumerate(stored, 1)}
        self.lines = [row.line for row in stored]
        self.rows: Sequence[_R] = rows
        self.in_file = frozenset(map(key, rows))

    def same(self, key: _Key, row: _R) -> bool:
        """Tell whether a row says what is stored under its key."""
        stored = self.stored.get(key)
        return stored is not None and self._said(stored) == self._said(row)

    def _said(self, row: _R) -> tuple[Any, ...]:  # a row holds text, dates and flags
        return row[: len(self.columns)]

    def laid_over(self) -> list[_R]:
        """Return the rows for the rules: first what stays as it is stored, then what the file adds or changes."""
        first: dict[_Key, _R] = {}
        for row in self.rows:
            first.setdefault(self.key(row), row)
        standing = [
            first.get(key, row) for key, row in self.stored.items() if key not in first or self.same(key, first[key])
        ]
        lines = {row.line for row in standing}
        return [*standing, *(row for row in self.rows if row.line not in lines)]

    def take_out(self, wrong: Mapping[int, RowFinding]) -> tuple[list[RowFinding], bool]:
        """Take rejected rows out of the file.

        Return the findings to tell, and whether a stored row comes back in a rejected one's place.
        """
        told: list[RowFinding] = []
        back = False
        for row in self.rows:
            finding = wrong.get(row.line)
            if finding is None:
                continue
            key = self.key(row)
            back |= key in self.stored
            if finding.code in _CONFLICTS or not self.same(
                key, row
            ):  # else the file says what is stored, and another row is the cause
                told.append(finding)
        self.rows = [row for row in self.rows if row.line not in wrong]
        return told, back

    def compare(self, rows: Sequence[_R]) -> tuple[list[Change], int]:
        """Return what becomes of each row when ``rows``, as written, are stored.

        And how many of the file's stay the same.
        """
        changes: list[Change] = []
        kept: list[Change] = []
        same = 0
        left = dict(self.stored)
        for row in rows:
            key = self.key(row)
            before = left.pop(key, None)
            if before is None:
                changes.append(Change("new", self.name, _shown(key, row), row.line))
            elif fields := self._differing(before, row):
                ended = any(column == "end" and not old for column, old, _ in fields)
                changes.append(Change("ended" if ended else "changed", self.name, _shown(key, row), row.line, fields))
            elif row.line > 0:
                same += 1
            elif key not in self.in_file:
                kept.append(Change("kept", self.name, _shown(key, row), 0))
        removed = [Change("removed", self.name, _shown(key, row), 0) for key, row in left.items()]
        return [*sorted(changes, key=lambda change: change.line), *removed, *kept], same

    def _differing(self, before: _R, after: _R) -> tuple[tuple[str, str, str], ...]:
        pairs = zip(self.columns, self._said(before), self._said(after), strict=True)
        return tuple((column, _text(old), _text(new)) for column, old, new in pairs if old != new)

    def in_order(self, rows: Sequence[_R], key: Callable[[_R], _Key]) -> list[_R]:
        """Return accepted rows in the order of the store, new ones after; stored ones with their line again."""
        place = {key: number for number, key in enumerate(self.stored)}
        ordered = sorted(rows, key=lambda row: place.get(key(row), len(place)))
        return [row if row.line > 0 else _at(row, self.lines[-row.line - 1]) for row in ordered]


def merge(stored: Roster | None, rows: Parsed, *, whole: bool = False) -> Merged:
    """Take the rows of a file into the stored roster; ``whole``.

    The file is the whole truth, and what it lacks is removed.
    """
    units = _Table("units", stored.units if stored else (), rows.units, Unit._fields[:-1], _unit_key)
    people = _Table("people", stored.people if stored else (), rows.people, Person._fields[:-1], _person_key)
    posts = _Table("posts", _as_written(stored.posts) if stored else (), rows.posts, Post._fields[:-2], _post_key)
    settled, rejected = _settle(units, people, posts, rows, whole=whole)
    warnings = [finding for finding in settled.warnings if finding.line >= 0]
    courses = _external(stored, rows, settled, whole=whole)
    rejected += courses.rejected
    changes: list[Change] = []
    same: dict[str, int] = {}
    for found, count in (
        units.compare(settled.units),
        people.compare(settled.people),
        posts.compare(_as_written(settled.posts)),
        courses.table.compare(courses.kept),
    ):
        same[TABLES[len(same)]] = count
        changes += found
    roster = roster_rules.together(
        units.in_order(settled.units, _unit_key),
        people.in_order(settled.people, _person_key),
        posts.in_order(settled.posts, lambda post: (post.written_id.casefold(), *_post_key(post)[1:])),
        rows.tables.sort([*rows.rejected, *rejected]),
        rows.tables.sort([*rows.warnings, *warnings]),
        courses.table.in_order(courses.kept, _external_key),
    )
    return Merged(roster, tuple(changes), same)


class _Courses(NamedTuple):
    """The table of courses outside, its rows after an import, and those of the file that are rejected."""

    table: _Table[External]
    kept: list[External]
    rejected: list[RowFinding]


def _external(stored: Roster | None, rows: Parsed, settled: Roster, *, whole: bool) -> _Courses:
    """Hold the courses of the file, and the stored ones that it leaves standing, against the people there are."""
    table = _Table(
        "external", stored.external if stored else (), rows.external or (), External._fields[:-1], _external_key
    )
    whole = whole and rows.external is not None  # a list of people says nothing of courses
    first: dict[_Key, External] = {}
    for row in table.rows:
        first.setdefault(_external_key(row), row)
    standing = [] if whole else [row for key, row in table.stored.items() if key not in first]
    kept, wrong = roster_rules.settle_external([*standing, *table.rows], settled.survivors, rows.tables)
    return _Courses(table, kept, [finding for finding in wrong if finding.line > 0])


def _settle(
    units: _Table[Unit], people: _Table[Person], posts: _Table[Post], rows: Parsed, *, whole: bool
) -> tuple[Roster, list[RowFinding]]:
    """Apply the rules until every stored row whose change was rejected stands again.

    Return the roster and the rejected rows.

    Each round but the last takes a row out of the file.
    """
    if whole:
        settled = roster_rules.settle(
            Parsed(rows.units, rows.people, rows.posts, tables=rows.tables, offices=rows.offices)
        )
        return settled, list(settled.rejected)
    rejected: list[RowFinding] = []
    while True:
        laid = Parsed(
            units.laid_over(), people.laid_over(), posts.laid_over(), tables=rows.tables, offices=rows.offices
        )
        settled = roster_rules.settle(laid)
        again = False
        for table, file in ((units, rows.tables.units), (people, rows.tables.people), (posts, rows.tables.posts)):
            told, back = table.take_out({f.line: f for f in settled.rejected if f.file == file})
            rejected += told
            again |= back
        if not again:
            return settled, rejected


def _as_written(posts: Sequence[Post]) -> Sequence[Post]:
    return [post if post.person_id == post.written_id else post._replace(person_id=post.written_id) for post in posts]


def _at(row: _R, line: int) -> _R:
    return cast("_R", row._replace(line=line))


def _unit_key(unit: Unit) -> _Key:
    return unit.unit_id, unit.start


def _person_key(person: Person) -> _Key:
    return (person.person_id.casefold(),)


def _post_key(post: Post) -> _Key:
    return post.person_id.casefold(), post.unit_id, post.post, post.start


def _external_key(row: External) -> _Key:
    return row.person_id.casefold(), row.course, row.day


def _shown(key: _Key, row: Unit | Person | Post | External) -> tuple[str, ...]:
    """Return a key as text, with the id as it is written."""
    return (row[0], *(_text(value) for value in key[1:]))


def _text(value: Any) -> str:  # text, a date or a flag
    if isinstance(value, date):
        return "" if value == OPEN else value.isoformat()
    return value if isinstance(value, str) else str(value).lower()
