"""Reduces the ledger, in the database, to each person's first pass per module.

What ``progress`` makes of an ``attempts.csv``.

One query does it for nearly all attempts: it joins each with its newest result, holds that against the pass rule,
and returns one row
per person. Those attempts of which more must be known than the newest result (a corrected key that would take a
pass away, a date that a coordinator attested, a value that cannot be) are few, and read one by one, as the rows of
the export.
``tests/completion/test_ledger_progress.py`` holds both ways equal on random ledgers.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.completion import attempts as export
from grader.completion.progress import Firsts, date_in, note, note_attempt
from grader.completion.records import Progress
from grader.gradebook import ledger
from grader.gradebook.decisions import ATTEST
from grader.gradebook.results import VOID, is_newest
from grader.ground.database import attempts, decisions, results
from grader.ground.pass_rule import Rule
from grader.ground.syllabus import Syllabus
from grader.roster.records import Attempts, Roster
from grader.roster.row_findings import RowFinding

FILE = "attempts.csv"
"""The name under which findings speak of the ledger."""
_PASSED, _FAILED, _WAITING, _NEITHER = "PFW-"
_BETWEEN = "\n"
_AT_ONCE = 2_000
_CENTS = 100
_HALF = -0.5
_HOUR = len("2026-10-31T16")


def read(connection: Connection, rules: Syllabus, roster: Roster) -> Progress:
    """Return what ``reduce_attempts`` gives for the export of this ledger.

    Findings have no line, and a stranger is listed once.
    """
    odd = _odd(rules.modules)
    some = connection.execute(odd.limit(1)).first() is not None
    firsts: Firsts[str] = Firsts()
    nothing: defaultdict[str, dict[str, str]] = defaultdict(dict)
    by_kind = {_PASSED: firsts.passed, _FAILED: firsts.graded, _WAITING: firsts.waiting, _NEITHER: nothing}
    modules = {
        module: module for module in rules.modules
    }  # one text for each, not one for each of millions of attempts
    rejected = []
    for person_id, told in connection.execute(_told(rules.modules, odd if some else None)):
        person = roster.survivor(person_id)
        if person is None:
            rejected.append(RowFinding(FILE, 0, "ATT-01", (person_id,)))
            continue
        for attempt in told.split(_BETWEEN):
            kind, at, said = attempt.split(" ", 2)
            if module := modules.get(said):
                firsts.started.add(person)
                note(by_kind[kind][person], module, at)
            else:
                rejected.append(RowFinding(FILE, 0, "ATT-02", (said,)))
    few = _one_by_one(connection, rules, roster, odd) if some else Attempts(())
    for one in few.rows:
        note_attempt(firsts, rules, one, one.submitted_at.astimezone(UTC).isoformat(timespec="seconds"))
    return firsts.progress(_days(rules.course.zone), (*rejected, *few.rejected), few.warnings)


def _one_by_one(connection: Connection, rules: Syllabus, roster: Roster, odd: sa.SelectBase) -> Attempts:
    rows = ledger.export_rows(connection, rules.course.zone, rules.modules, attempts.c.attempt_id.in_(odd))
    return export.accept(FILE, ((0, row) for row in rows), roster, rules)


def _told(rules: Mapping[str, Rule], without: sa.SelectBase | None) -> sa.Select[Any]:
    """Return the query: for each person one text of what the newest results say of every attempt.

    How it ended, when it was handed in, module.
    """
    found = results.alias("found")
    taken = attempts.c
    accepted = taken.state == "accepted"
    waits = (found.c.state == "pending_manual") | (found.c.state.is_(None) & accepted)
    kind = sa.case(
        (_passes(found, rules), _PASSED), (found.c.state == "graded", _FAILED), (waits, _WAITING), else_=_NEITHER
    )
    query = (
        sa.select(
            taken.person_id,
            sa.func.aggregate_strings(kind + " " + taken.submitted_at + " " + taken.module_id, _BETWEEN),
        )
        .select_from(
            attempts.outerjoin(found, sa.and_(found.c.attempt_id == taken.attempt_id, is_newest(found), accepted))
        )
        .where(taken.state.in_(("accepted", "unreadable")))
        .group_by(taken.person_id)
    )
    return (query if without is None else query.where(taken.attempt_id.not_in(without))).execution_options(
        yield_per=_AT_ONCE
    )


def _passes(found: sa.FromClause, rules: Mapping[str, Rule]) -> sa.ColumnElement[bool]:
    """Return ``pass_rule.passes`` of a row of ``moduong_result`` joined with its attempt, as a condition.

    Points have two decimals, so both sides of the rule are whole numbers once multiplied by 100 and by what makes
    the rule's own
    numbers whole: their difference is at least 0, or at most -1, and no rounding of floating point comes near the
    half between.
    """
    whole = _CENTS * math.lcm(
        *(number.as_integer_ratio()[1] for rule in rules.values() for number in (rule.points, rule.pass_mark))
    )
    points = _by_module({module: int(rule.points * whole) for module, rule in rules.items()})
    needed = _by_module({module: int(rule.pass_mark * whole) for module, rule in rules.items()})
    enough = found.c.score * points - found.c.max_score * needed > _HALF
    return sa.and_(
        found.c.state == "graded",
        found.c.critical_met.is_not(sa.false()),
        found.c.component_met.is_not(sa.false()),
        enough,
    )


def _by_module(numbers: Mapping[str, int]) -> sa.ColumnElement[int]:
    """Return the number of the attempt's module, as cheaply as the database can find it."""
    (usual, _), *others = Counter(numbers.values()).most_common()
    cases = [(attempts.c.module_id.in_([m for m, n in numbers.items() if n == number]), number) for number, _ in others]
    return sa.case(*cases, else_=usual) if cases else sa.literal(usual)


def _odd(rules: Mapping[str, Rule]) -> sa.CompoundSelect[Any]:
    """Return the query for attempts to be looked at one by one: their newest result does not say it all."""
    said = results.c
    attested = sa.select(decisions.c.attempt_id).where(decisions.c.kind == ATTEST)
    beyond = (
        (said.max_score <= 0)
        | (said.score < 0)
        | (said.score > said.max_score)
        | ((said.state == "graded") & said.score.is_(None))
    )
    return sa.union_all(attested, sa.select(said.attempt_id).where(beyond), _harmed(rules))


def _harmed(rules: Mapping[str, Rule]) -> sa.SelectBase:
    """Return the query for attempts that passed by another key and do not pass by the newest result.

    The earlier one may hold (E16).
    """
    new, old = results.alias("new"), results.alias("old")
    granted = sa.exists(1).where(
        old.c.attempt_id == new.c.attempt_id, old.c.key_version != new.c.key_version, _passes(old, rules)
    )
    return (
        sa.select(new.c.attempt_id)
        .join(attempts, attempts.c.attempt_id == new.c.attempt_id)
        .where(new.c.seq > 1, new.c.state != VOID, is_newest(new), _passes(new, rules).is_not(sa.true()), granted)
    )


def _days(zone: ZoneInfo) -> Callable[[str], date]:
    """Return what gives the date in a zone of an instant's text."""
    hours = _Hours(zone)
    return lambda text: hours[text[:_HOUR]] or date_in(zone, datetime.fromisoformat(text))


class _Hours(dict[str, date | None]):
    """The date of every instant of an hour, worked out once; ``None`` where the day changes within the hour."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, hour: str) -> date | None:
        first = datetime.fromisoformat(hour + ":00:00+00:00")
        days = {date_in(self._zone, first), date_in(self._zone, first + timedelta(seconds=3599))}
        self[hour] = days.pop() if len(days) == 1 else None
        return self[hour]
