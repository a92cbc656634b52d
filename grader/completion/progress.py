"""Reduces attempts to each person's first pass per module: the step of completion that a query may replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from grader.completion.records import Progress
from grader.ground import pass_rule
from grader.ground.syllabus import Module, Syllabus
from grader.roster.records import Attempt, Attempts
from grader.roster.row_findings import RowFinding

_At = TypeVar("_At", datetime, str)  # an instant, or its text where all texts are UTC to the second


class Firsts(Generic[_At]):
    """The earliest instants seen so far: person -> module -> instant.

    By person, so that all of a person lies together in memory: among a million people, going from one large table of
    a module to
    the next for each of their attempts takes longer than all the rest.

    Attributes:
        passed, waiting, graded: of passing attempts, of those that await marking, of graded ones (those that pass
        may be left out).
        started: who has any attempt.
    """

    def __init__(self) -> None:
        self.passed: defaultdict[str, dict[str, _At]] = defaultdict(dict)
        self.waiting: defaultdict[str, dict[str, _At]] = defaultdict(dict)
        self.graded: defaultdict[str, dict[str, _At]] = defaultdict(dict)
        self.started: set[str] = set()

    def progress(
        self, day: Callable[[_At], date], rejected: tuple[RowFinding, ...], warnings: tuple[RowFinding, ...]
    ) -> Progress:
        """Turn these instants into dates; ``day`` gives the date of an instant in the course's zone.

        Nothing is left here afterwards.
        """
        failed = {}
        for person, modules in self.graded.items():
            passed = self.passed.get(person, {})
            if some := {module: at for module, at in modules.items() if module not in passed or at < passed[module]}:
                failed[person] = some

        def dates(instants: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, date]]:
            for modules in instants.values():
                for module, at in modules.items():
                    modules[module] = day(at)  # in place: a second table would take as much memory again
            return dict(instants)

        return Progress(
            dates(self.passed), dates(self.waiting), dates(failed), frozenset(self.started), rejected, warnings
        )


def note(first: dict[str, _At], module: str, at: _At) -> None:
    """Keep the earlier of what is known of a person's module and ``at``."""
    if at < first.setdefault(module, at):
        first[module] = at


def note_attempt(firsts: Firsts[_At], syllabus: Syllabus, attempt: Attempt, at: _At) -> None:
    """Keep what one attempt says, handed in ``at``."""
    person, module = attempt.person_id, attempt.module_id
    firsts.started.add(person)
    if attempt.status == "pending_manual":
        note(firsts.waiting[person], module, at)
    elif attempt.status == "graded":
        note(firsts.graded[person], module, at)
        if passes(syllabus.modules[module], attempt):
            note(firsts.passed[person], module, at)


def passes(module: Module, attempt: Attempt) -> bool:
    """Tell whether this one attempt passes its module: share of points, critical items, component minimums.

    Items of different attempts are never mixed (E15). Empty ``critical_met`` and ``component_met`` count as met.
    """
    return pass_rule.passes(
        module, attempt.status, attempt.score, attempt.max_score, attempt.critical_met, attempt.component_met
    )


def reduce_attempts(syllabus: Syllabus, attempts: Attempts) -> Progress:
    """Return each first pass, each first attempt that waits or was not enough, and who has begun."""
    firsts: Firsts[datetime] = Firsts()
    for attempt in attempts.rows:
        note_attempt(firsts, syllabus, attempt, attempt.submitted_at)
    zone = syllabus.course.zone
    return firsts.progress(lambda at: date_in(zone, at), attempts.rejected, attempts.warnings)


def date_in(zone: ZoneInfo, at: datetime) -> date:
    """Return the date of an instant in the course's zone: 17:10 UTC is already the next day in Hà Nội (E19)."""
    return at.astimezone(zone).date()
