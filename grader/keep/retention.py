"""Whose data has been held long enough: nobody's post any more, and no hand-in for so many months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from grader.ground.database import ERASED, attempts, people, posts

_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody whose time has ended, and the day of the last trace: a post or a hand-in."""

    person: str
    last: date


def due(engine: Engine, now: datetime, months: int) -> list[Due]:
    """Return whose last post ended, and whose last hand-in came, at least ``months`` ago; by id.

    Somebody who stands on the roster without a post and never handed in leaves no day to count from, and is not due.
    """
    last: dict[str, date] = {}
    with engine.connect() as connection:
        known = set(connection.execute(sa.select(people.c.person_id)).scalars())
        for person, end in connection.execute(sa.select(posts.c.person_id, posts.c.end)):
            last[person] = max(last.get(person, end), end)
        query = sa.select(attempts.c.person_id, sa.func.max(attempts.c.submitted_at)).where(
            attempts.c.person_id != "", attempts.c.identity != ERASED
        )
        for person, at in connection.execute(query.group_by(attempts.c.person_id)):
            day = datetime.fromisoformat(at).date()
            last[person] = max(last.get(person, day), day)
            known.add(person)
    until = before(now.date(), months)
    return [
        Due(person, day)
        for person, day in sorted(last.items())
        if day <= until and person in known and not _erased(person)
    ]


def _erased(person: str) -> bool:
    return person.startswith("XOA-")


def before(day: date, months: int) -> date:
    """Return the day so many months before another; the 28th where the month is shorter."""
    number = day.year * _MONTHS_OF_A_YEAR + day.month - 1 - months
    year, month = divmod(number, _MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day.day, 28))
