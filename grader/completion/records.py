"""The frozen values that ``completion`` returns and ``report`` shows.

Rates, targets, the object of docs/design.md §5.12.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from course.words import into
from grader.roster.row_findings import RowFinding


@dataclass(frozen=True)
class Progress:
    """Attempts reduced to what completion needs; a query over the ledger may make it instead. Ids are surviving ids.

    Attributes:
        passed: person -> module -> date (in the course's zone) of the first passing attempt.
        waiting: person -> module -> date of the first attempt that awaits marking.
        failed: person -> module -> date of the first graded attempt, where that one did not pass.
        started: people with any attempt at all.
        rejected, warnings: what was found in reading the attempts.
    """

    passed: Mapping[str, Mapping[str, date]]
    waiting: Mapping[str, Mapping[str, date]]
    failed: Mapping[str, Mapping[str, date]]
    started: frozenset[str]
    rejected: tuple[RowFinding, ...] = ()
    warnings: tuple[RowFinding, ...] = ()

    def trained(self, track: Sequence[str], first: date, last: date) -> dict[str, date]:
        """Return who has passed the whole track, with the last date, if between the two days (inclusive)."""
        wanted = frozenset(track)
        latest = {
            person: max(map(modules.__getitem__, track))
            for person, modules in self.passed.items()
            if wanted <= modules.keys()
        }
        return {person: day for person, day in latest.items() if first <= day <= last}

    def waiting_on(self, day: date, modules: Iterable[str]) -> set[str]:
        """Return who by that day had handed in one of the modules without passing it, and awaits marking."""
        return self._not_passed(self.waiting, day, frozenset(modules))

    def failed_on(self, day: date, modules: Iterable[str]) -> set[str]:
        """Return who by that day had a graded attempt at one of the modules and no pass in it."""
        return self._not_passed(self.failed, day, frozenset(modules))

    def _not_passed(self, first: Mapping[str, Mapping[str, date]], day: date, modules: frozenset[str]) -> set[str]:
        return {
            person
            for person, handed_in in first.items()
            for passed in [self.passed.get(person, {})]
            if any(module in modules and at <= day < passed.get(module, date.max) for module, at in handed_in.items())
        }


class Counted(NamedTuple):
    """One person in a denominator, at the primary post (E06).

    Attributes:
        person_id: surviving id.
        unit_id: unit where the post counts on the as-of date (a successor where the unit has ended).
        post: which post.
        corporation_id: corporation above that unit; empty when there is none.
        trained_on: latest date of the track's modules; None when it is not between ``counts_from`` and the as-of date.
            Where the target counts courses outside, the earlier of this and ``external_on``.
        external_on: first day of a course outside between these two days; None without one.
    """

    person_id: str
    unit_id: str
    post: str
    corporation_id: str
    trained_on: date | None
    external_on: date | None = None


@dataclass(frozen=True)
class Rate:
    """N of D against a goal (n, d); integers decide."""

    numerator: int
    denominator: int
    goal: tuple[int, int]

    @property
    def percent(self) -> str | None:
        """Return 100·N/D rounded down to one decimal, with a point; None without a denominator."""
        if not self.denominator:
            return None
        tenths = 1000 * self.numerator // self.denominator
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def met(self) -> bool | None:
        """Tell whether d·N ≥ n·D; None without a denominator."""
        if not self.denominator:
            return None
        return self.goal[1] * self.numerator >= self.goal[0] * self.denominator

    @property
    def order(self) -> tuple[bool, float, int]:
        """Return what sorts rates from the lowest.

        Of equal ones that which misses most people comes first, those without a denominator last.
        """
        return (not self.denominator, self.numerator / self.denominator if self.denominator else 0.0, -self.shortfall)

    @property
    def shortfall(self) -> int:
        """Return how many more people are needed: max(0, ceil(n·D/d) - N)."""
        needed = -(-self.goal[0] * self.denominator // self.goal[1])
        return max(0, needed - self.numerator)

    def to_json(self) -> dict[str, Any]:
        """Return numerator, denominator, percent, met and shortfall."""
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "percent": self.percent,
            "met": self.met,
            "shortfall": self.shortfall,
        }


@dataclass(frozen=True)
class CorporationResult:
    """The rate of one corporation in force on the as-of date, and how many of D took a course outside."""

    unit_id: str
    name: str
    rate: Rate
    external: int = 0


@dataclass(frozen=True)
class TargetResult:
    """One computed target.

    Attributes:
        id: as in course.yaml, such as ``CT70``.
        by: the day by which it is to be met.
        rate: over everybody counted.
        rule_text: the rule in words, printed with every number.
        by_corporation: in the order of their ids; empty for a target that is not under corporations.
        counted: everybody in the denominator, by id. Personal data: for named lists only.
        waiting: those of them who are not trained while an attempt of theirs awaits marking (E13).
        failed: those of them who are not trained and have a graded attempt at a module of the track without a
            pass in it.
        without_attempts: those of them with no attempt at all (E23).
        units_without_chair: units of the target in force without a chair or acting chair (E07).
        ever_trained: how many people completed the track by the day, in office or not, wherever.
    """

    id: str
    by: date
    rate: Rate
    rule_text: str
    by_corporation: tuple[CorporationResult, ...]
    counted: tuple[Counted, ...]
    waiting: tuple[str, ...]
    failed: tuple[str, ...]
    without_attempts: tuple[str, ...]
    units_without_chair: tuple[str, ...]
    ever_trained: int

    @property
    def external(self) -> int:
        """Return how many of the denominator took a course outside."""
        return sum(person.external_on is not None for person in self.counted)

    def rule(self, lang: str) -> str:
        """Return the rule in ``lang``."""
        return into(self.rule_text, lang)

    def to_json(self, lang: str = "vi") -> dict[str, Any]:
        """Return one element of ``targets``."""
        return {
            "id": self.id,
            **self.rate.to_json(),
            "external": self.external,
            "rule": self.rule(lang),
            "by_corporation": [
                {"unit_id": c.unit_id, **c.rate.to_json(), "external": c.external} for c in self.by_corporation
            ],
        }


@dataclass(frozen=True)
class Completion:
    """How far the union is from its targets, as of the end of a day.

    Attributes:
        as_of: the day, in the course's zone.
        computed_at: when this was computed; late marking may change a figure for the same day (E13).
        course_version, target_set: of course.yaml.
        targets: in the order of course.yaml.
        indicators: rows of targets that are not computed here (CT95, CT100A, CT50), as JSON objects.
        rejected_rows: rows of the roster and the attempts that count nowhere.
        warnings: repairs and doubts.
        impossible: posts that cannot all be true, with what they do to the figures. Names people and single units:
            for coordinators, never on a public page.
    """

    as_of: date
    computed_at: datetime
    course_version: str
    target_set: str
    targets: tuple[TargetResult, ...]
    indicators: tuple[Mapping[str, Any], ...]
    rejected_rows: tuple[RowFinding, ...]
    warnings: tuple[RowFinding, ...]
    impossible: tuple[RowFinding, ...] = ()

    def to_json(self, lang: str = "vi") -> dict[str, Any]:
        """Return the object of docs/design.md §5.12; ``lang`` chooses the language of rules and messages."""
        return {
            "as_of": self.as_of.isoformat(),
            "computed_at": self.computed_at.isoformat(timespec="seconds"),
            "course_version": self.course_version,
            "target_set": self.target_set,
            "targets": [target.to_json(lang) for target in self.targets],
            "indicators": [dict(row) for row in self.indicators],
            "rejected_rows": [finding.to_json(lang) for finding in self.rejected_rows],
            "warnings": [finding.to_json(lang) for finding in self.warnings],
            **({"impossible": [finding.to_json(lang) for finding in self.impossible]} if self.impossible else {}),
        }
