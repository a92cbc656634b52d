"""Reduces attempts to each person's first pass per module: the step of completion that a query may replace."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from grader import pass_rule
from grader.completion_records import Progress
from grader.roster_records import Attempt, Attempts
from grader.syllabus import Module, Syllabus

_Instants = defaultdict[str, dict[str, datetime]]  # module -> person -> earliest instant


def passes(module: Module, attempt: Attempt) -> bool:
    """Tell whether this one attempt passes its module: share of points, critical items, component minimums.

    Items of different attempts are never mixed (E15). Empty ``critical_met`` and ``component_met`` count as met.
    """
    return pass_rule.passes(module, attempt.status, attempt.score, attempt.max_score, attempt.critical_met, attempt.component_met)


def reduce_attempts(syllabus: Syllabus, attempts: Attempts) -> Progress:
    """Return the date of each first passing attempt, of each first attempt that awaits marking, and who has begun."""
    passed: _Instants = defaultdict(dict)
    waiting: _Instants = defaultdict(dict)
    started = set()
    for attempt in attempts.rows:
        person = attempt.person_id
        started.add(person)
        if attempt.status == "pending_manual":
            first = waiting[attempt.module_id]
        elif passes(syllabus.modules[attempt.module_id], attempt):
            first = passed[attempt.module_id]
        else:
            continue
        known = first.get(person)
        if known is None or attempt.submitted_at < known:
            first[person] = attempt.submitted_at
    zone = syllabus.course.zone
    return Progress(_dates(passed, zone), _dates(waiting, zone), frozenset(started), attempts.rejected, attempts.warnings)


def _dates(instants: _Instants, zone: ZoneInfo) -> dict[str, dict[str, date]]:
    """Return the dates of instants in the course's zone: 17:10 UTC is already the next day in Hà Nội (E19)."""
    return {module: {person: when.astimezone(zone).date() for person, when in people.items()} for module, people in instants.items()}
