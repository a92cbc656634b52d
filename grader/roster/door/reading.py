"""Reads a list from first to last: tables in, rows of the interchange form, questions and findings out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grader.ground.offices import OFFICES, Offices
from grader.roster import read as exact
from grader.roster.door import columns as column_step
from grader.roster.door import person_ids, unit_rows
from grader.roster.door.asked import Asking, Question
from grader.roster.door.day_cells import Days
from grader.roster.door.external_rows import External, Known
from grader.roster.door.mentions import Mention, Stored
from grader.roster.door.person_rows import resolved
from grader.roster.door.post_rows import Posts
from grader.roster.door.records import BEYOND, Record, Table, place_of
from grader.roster.match import names, words
from grader.roster.match.words import Words
from grader.roster.records import Parsed, Roster, Tables
from grader.roster.row_findings import RowFinding
from grader.roster.tables.grid import Book

TABLES = Tables("units", "people", "posts", "external")
_LINES = {"ROS-04": 1, "ROS-06": 0}
"""Kinds of findings that name another line, and which place in their sentence it has."""


@dataclass(frozen=True)
class Reading:
    """A list as read with the answers given so far.

    Attributes:
        questions: those that are open; rows that wait for them are not in ``rows``.
        answers: those that were used, by the key of their question; what meant somebody or something new is the id
            that it got.
        rows: rows of the interchange form, their lines as ``records.line_of``; rejected ones and notes beside.
        births: person id -> birth date, for those that the list gives.
    """

    questions: tuple[Question, ...]
    answers: Mapping[str, str]
    rows: Parsed
    births: Mapping[str, str]


class Kept(NamedTuple):
    """What is stored: the roster, birth dates by person id, the answers of the profile.

    Beside it the union's posts and kinds of unit.
    """

    roster: Roster | None
    births: Mapping[str, str]
    answers: Mapping[str, str]
    offices: Offices = OFFICES


def read(book: Book, kept: Kept) -> Reading:
    """Read a list.

    Raises:
        ModuongError: ``E-TABLE-5`` no sheet holds a list.
    """
    asking = Asking(kept.answers)
    tables, notes, titles = column_step.tables(book, asking)
    stored = Stored.of(kept.roster, kept.births)
    units = unit_rows.ready(
        asking, Words(kept.offices), kept.roster, tables, [title for one in titles for title in one]
    )
    dates = Days(asking, tables)
    posts = Posts(asking, units, dates, stored)
    mentions, doubled = person_ids.doubled([one for table in tables for one in posts.mentions(table)], stored)
    people = resolved(mentions, stored, asking, {unit_id: name for unit_id, name, _ in units.known})
    rows: dict[str, list[tuple[int, tuple[str, ...]]]] = {
        "units": list(unit_rows.rows(units, tables, dates.period)),
        "posts": [row for table in tables for row in posts.rows(table, people)],
    }
    rows["people"] = _people(tables, people, stored, posts)
    known = Known(stored, _by_name(mentions, people))
    courses = External(asking, units, dates, known)
    if any(table.role == "external" for table in tables):
        rows["external"] = [row for table in tables if table.role == "external" for row in courses.rows(table)]
    first = dates.first(rows["units"] + rows["posts"])
    made: list[tuple[int, tuple[str, ...]]] = [
        (one.line, (one.unit_id, one.name, one.kind, one.parent_id, first, "", "")) for one in units.new
    ]
    rows["units"] = [*_apart(made), *rows["units"]] if first or not made else rows["units"]
    rejected = [finding for table in tables for finding in table.rejected]
    notes += [note for table in tables for note in table.notes] + dates.notes
    parsed = exact.given(TABLES, rows, [*rejected, *doubled, *posts.rejected, *courses.rejected], notes, kept.offices)
    births = {person: mention.birth for mention in mentions if mention.birth and (person := people.get(mention.line))}
    settled = {
        question: people[mention.line] or ""
        for mention in mentions
        for question in (f"person:{names.key(mention.name)}|{mention.birth}|{mention.unit_id}|{mention.post}",)
        if question in asking.used and people.get(mention.line)
    }
    return Reading(asking.open(), {**asking.used, **settled, **units.settled}, parsed, births)


def _by_name(mentions: Sequence[Mention], people: Mapping[int, str | None]) -> dict[str, list[str]]:
    """Return by name the ids that the rows of a list were given."""
    found: dict[str, list[str]] = {}
    for one in mentions:
        person = people.get(one.line)
        if person and one.name and person not in found.setdefault(names.key(one.name), []):
            found[names.key(one.name)].append(person)
    return found


def _apart(made: list[tuple[int, tuple[str, ...]]]) -> list[tuple[int, tuple[str, ...]]]:
    """Give units that one row names lines of their own, beyond those of any sheet."""
    return [(BEYOND + place, values) for place, (_, values) in enumerate(made)]


def _people(
    tables: list[Table], people: Mapping[int, str | None], stored: Stored, posts: Posts
) -> list[tuple[int, tuple[str, ...]]]:
    """Return a row for each person that the list names, from the first row that does; what it lacks stays as stored."""
    rows: list[tuple[int, tuple[str, ...]]] = []
    seen: set[str] = set()
    for table in sorted(tables, key=lambda one: one.role != "people"):
        for record in table.records if table.role in {"people", "posts"} else ():
            person = people.get(record.line)
            name = posts.name(record)
            if not person or not (name or record.cells.get("full_name")):
                continue
            if person.casefold() in seen and table.role != "people":
                continue
            seen.add(person.casefold())
            before = stored.people.get(person)
            if before and names.key(before.full_name) == names.key(name):
                name = before.full_name
            rows.append((record.line, (person, name, *_rest(record, table, before))))
    return rows


def _rest(record: Record, table: Table, before: object) -> tuple[str, str, str]:
    email, flag, same = (getattr(before, column, "") for column in ("email", "is_test", "same_as"))
    written = record.text("is_test")
    test = words.flag(written)
    said = "true" if test else "false" if test is False else written
    return (
        record.text("email") if "email" in table.fields else str(email),
        said if "is_test" in table.fields else str(flag).lower() if flag else "",
        record.text("same_as") if "same_as" in table.fields else str(same),
    )


def placed(book: Book, finding: RowFinding) -> RowFinding:
    """Return a finding of a reading with the name of its sheet and the row there, as a person looks it up."""
    sheet, row = place_of(finding.line) if 0 < finding.line < BEYOND else (0, 0)
    said = list(finding.said)
    at = _LINES.get(finding.kind)
    if at is not None and said[at].isdigit():
        other, line = place_of(int(said[at]))
        said[at] = str(line) if other == sheet else f"{column_step.sheet_name(book, other)}:{line}"
    name = column_step.sheet_name(book, sheet) if finding.line else book.name
    return RowFinding(name, row, finding.kind, tuple(said))


def ahead(book: Book, kept: Kept) -> tuple[Question, ...]:
    """Return every question that can be foreseen: those that are open, and those that their likely answers lead to."""
    answers = dict(kept.answers)
    seen: dict[str, Question] = {}
    while True:
        found = [one for one in read(book, kept._replace(answers=answers)).questions if one.key not in seen]
        if not found:
            return tuple(seen.values())
        seen |= {one.key: one for one in found}
        answers |= {one.key: one.proposal for one in found if one.proposal}
