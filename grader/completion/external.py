"""Courses that people took outside, as far as they matter to a target: the first day of each person within its days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from grader.roster.records import Roster


def first_days(roster: Roster, first: date, last: date) -> dict[str, date]:
    """Return surviving id -> first day of a course outside between two days, both in."""
    found: dict[str, date] = {}
    for row in roster.external:
        person = roster.survivor(row.person_id)
        if person is not None and first <= row.day <= last:
            found[person] = min(row.day, found.get(person, row.day))
    return found


def earlier(one: Mapping[str, date], other: Mapping[str, date]) -> dict[str, date]:
    """Return everybody of both, with the earlier of the two days."""
    return {**other, **{person: min(day, other.get(person, day)) for person, day in one.items()}}
