"""The rules between rows of a roster: conflicts, ids without a row, cycles, merged ids. Pure; n·log n in the rows."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from grader.roster import lineage
from grader.roster.records import OPEN, External, Parsed, Person, Post, Roster, Tables, Unit
from grader.roster.row_findings import RowFinding, some

_Dated = TypeVar("_Dated", Unit, Post)
_Named = TypeVar("_Named", Unit, Person)
_Names = Sequence[tuple[str, Callable[[_Named], str]]]  # column -> the id a row names there, or empty

_UNIT_NAMES: _Names[Unit] = (("parent_id", lambda u: u.parent_id), ("successor_id", lambda u: u.successor_id))
_PERSON_NAMES: _Names[Person] = (("same_as", lambda p: p.same_as.casefold()),)


def settle(rows: Parsed) -> Roster:
    """Apply the rules between rows, and put the roster together."""
    tables = rows.tables
    units, wrong_units = settle_units(rows.units, tables.units)
    people, wrong_people = settle_people(rows.people, tables.people)
    ends = survivors(people)
    posts, wrong_posts = settle_posts(rows.posts, units, ends, tables)
    external, wrong_external = settle_external(rows.external or (), ends, tables)
    rejected = tables.sort([*rows.rejected, *wrong_units, *wrong_people, *wrong_posts, *wrong_external])
    warnings = tables.sort([*rows.warnings, *_doubts(units, people, posts, rows)])
    return together(units, people, posts, rejected, warnings, external)


def _doubts(units: list[Unit], people: list[Person], posts: list[Post], rows: Parsed) -> list[RowFinding]:
    """Return what is accepted and yet worth a look, as far as no as-of date is needed to see it."""
    tables, top = rows.tables, rows.offices.top
    doubts = [RowFinding(tables.units, u.line, "ROS-W14") for u in units if not u.parent_id and u.kind != top]
    doubts += [
        RowFinding(tables.posts, p.line, "ROS-W06") for p in posts if p.post == "acting_chair" and not p.decision_no
    ]
    namesakes: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        if not person.same_as:
            namesakes[person.full_name].append(person.person_id)
    shared = [ids for ids in namesakes.values() if len(ids) > 1]
    if shared:
        doubts.append(
            RowFinding(tables.people, 0, "ROS-W10", (str(len(shared)), some([i for ids in shared for i in ids])))
        )
    return doubts


def settle_units(units: Sequence[Unit], file: str) -> tuple[list[Unit], list[RowFinding]]:
    """Return the accepted unit rows and a finding for each rejected one (ROS-05, 06, 07)."""
    kept, overlapping = _without_overlaps(units, lambda unit: unit.unit_id, "unit_id", file)
    kept, unknown = _without_unknown(kept, lambda u: u.unit_id, _UNIT_NAMES, file)
    cycles = [("parent_id", chain) for chain in lineage.parent_cycles(kept)]
    cycles += [("successor_id", chain) for chain in lineage.successor_cycles(kept)]
    kept, cyclic = _without_cycles(kept, cycles, lambda u: u.unit_id, file)
    kept, left_alone = _without_unknown(kept, lambda u: u.unit_id, _UNIT_NAMES, file)
    return kept, [*overlapping, *unknown, *cyclic, *left_alone]


def settle_people(people: Sequence[Person], file: str) -> tuple[list[Person], list[RowFinding]]:
    """Return the accepted person rows and a finding for each rejected one (ROS-04, 05, 07).

    Ids compare case-insensitively.
    """
    kept: list[Person] = []
    wrong: list[RowFinding] = []
    first: dict[str, int] = {}
    for person in people:
        line = first.setdefault(_key(person), person.line)
        if line == person.line:
            kept.append(person)
        else:
            wrong.append(RowFinding(file, person.line, "ROS-04", (person.person_id, str(line))))
    by_id = {_key(person): person for person in kept}
    chains = lineage.cycles(kept, lambda p: by_id.get(p.same_as.casefold()))
    kept, cyclic = _without_cycles(kept, [("same_as", chain) for chain in chains], lambda p: p.person_id, file)
    kept, unknown = _without_unknown(kept, _key, _PERSON_NAMES, file)
    return kept, [*wrong, *cyclic, *unknown]


def survivors(people: Iterable[Person]) -> dict[str, str]:
    """Return, for each id (as written, and casefolded), the id at the end of its ``same_as`` chain."""
    rows = {_key(person): person for person in people}
    last = lineage.last_of_chain(rows, lambda key: rows[key].same_as.casefold())
    ends = {key: rows[end].person_id for key, end in last.items()}
    return ends | {person.person_id: ends[key] for key, person in rows.items()}


def settle_posts(
    posts: Sequence[Post], units: Sequence[Unit], people: Mapping[str, str], tables: Tables
) -> tuple[list[Post], list[RowFinding]]:
    """Return the accepted posts, each with the surviving person id, and a finding for each rejected row (ROS-05, 06).

    Conflicts are looked for between ids as written: two merged ids in one post are two true rows about one person.
    """
    file = tables.posts
    kept, wrong = _without_overlaps(
        posts, lambda p: (p.person_id.casefold(), p.unit_id, p.post), "person_id, unit_id, post", file
    )
    known_units = {unit.unit_id for unit in units}
    accepted = []
    for post in kept:
        survivor = people.get(post.person_id) or people.get(post.person_id.casefold())
        if survivor is None:
            wrong.append(RowFinding(file, post.line, "ROS-05", ("person_id", post.person_id, tables.people)))
        elif post.unit_id not in known_units:
            wrong.append(RowFinding(file, post.line, "ROS-05", ("unit_id", post.unit_id, tables.units)))
        else:
            accepted.append(post if survivor == post.person_id else post._replace(person_id=survivor))
    return accepted, wrong


def settle_external(
    external: Sequence[External], people: Mapping[str, str], tables: Tables
) -> tuple[list[External], list[RowFinding]]:
    """Return the accepted rows of courses outside, and a finding for each rejected one (ROS-05, 15).

    A person who is not in the roster is rejected, and the same course of one person and day for a second time.
    """
    kept: list[External] = []
    wrong: list[RowFinding] = []
    first: dict[tuple[str, str, date], int] = {}
    for row in external:
        if row.person_id.casefold() not in people:
            wrong.append(RowFinding(tables.external, row.line, "ROS-05", ("person_id", row.person_id, tables.people)))
            continue
        line = first.setdefault((row.person_id.casefold(), row.course, row.day), row.line)
        if line == row.line:
            kept.append(row)
        else:
            wrong.append(RowFinding(tables.external, row.line, "ROS-15", (row.person_id, str(line))))
    return kept, wrong


def together(
    units: Sequence[Unit],
    people: Sequence[Person],
    posts: Sequence[Post],
    rejected: Sequence[RowFinding],
    warnings: Sequence[RowFinding],
    external: Sequence[External] = (),
) -> Roster:
    """Return the roster of rows that were accepted, with what follows from them."""
    test_accounts = frozenset(p.person_id for p in people if p.is_test and not p.same_as)
    return Roster(
        tuple(units),
        tuple(people),
        tuple(posts),
        survivors(people),
        test_accounts,
        tuple(rejected),
        tuple(warnings),
        tuple(external),
    )


def _key(person: Person) -> str:
    return person.person_id.casefold()


def _without_overlaps(
    rows: Sequence[_Dated], key: Callable[[_Dated], Hashable], same: str, file: str
) -> tuple[list[_Dated], list[RowFinding]]:
    """Drop each row that shares a day with an accepted row above it of the same key (ROS-06)."""
    kept: list[_Dated] = []
    wrong: list[RowFinding] = []
    taken: defaultdict[Hashable, list[_Dated]] = defaultdict(list)  # by start; never two on one day
    for row in rows:
        others = taken[key(row)]
        before = bisect_right(others, row.end, key=lambda other: other.start)
        if before and others[before - 1].end >= row.start:
            wrong.append(_overlap(file, row.line, others[before - 1], same))
        else:
            insort(others, row, key=lambda other: other.start)
            kept.append(row)
    return kept, wrong


def _overlap(file: str, line: int, other: Unit | Post, same: str) -> RowFinding:
    """Say with which row a row shares days: by its line, or for a stored one by its period."""
    if other.line > 0:
        return RowFinding(file, line, "ROS-06", (str(other.line), same))
    end = "…" if other.end == OPEN else other.end.isoformat()
    return RowFinding(file, line, "ROS-06/stored", (other.start.isoformat(), end, same))


def _without_unknown(
    rows: Sequence[_Named], own: Callable[[_Named], str], names: _Names[_Named], file: str
) -> tuple[list[_Named], list[RowFinding]]:
    """Drop each row that names an id without an accepted row, until nothing changes (ROS-05)."""
    wrong: dict[int, RowFinding] = {}
    for row, unknown in lineage.unsupported(rows, own, lambda row: [n for _, name in names if (n := name(row))]):
        column, written = next((c, name(row)) for c, name in names if name(row) == unknown)
        wrong[row.line] = RowFinding(file, row.line, "ROS-05", (column, written, file))
    return [row for row in rows if row.line not in wrong], list(wrong.values())


def _without_cycles(
    rows: Sequence[_Named], cycles: Iterable[tuple[str, tuple[_Named, ...]]], own: Callable[[_Named], str], file: str
) -> tuple[list[_Named], list[RowFinding]]:
    """Drop the rows of each cycle (ROS-07)."""
    wrong: dict[int, RowFinding] = {}
    for column, chain in cycles:
        for row in chain:
            said = (column, some([own(other) for other in chain]))
            wrong.setdefault(row.line, RowFinding(file, row.line, "ROS-07", said))
    return [row for row in rows if row.line not in wrong], list(wrong.values())
