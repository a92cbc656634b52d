"""What happened from one quarter's end to the next, for one target: who entered, who left, who was newly trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from grader.completion.records import Completion, Rate


@dataclass(frozen=True)
class Quarter:
    """The stretch from the end of one day to the end of another; counts of people.

    Attributes:
        start, end: the two days; whole quarters run from one quarter's end to the next.
        before: in the denominator at ``start``.
        untrained: those of ``before`` who were not trained and are still counted at ``end``.
        newly: those of ``untrained`` who were trained by ``end``.
        left, entered: out of, and new in, the denominator.
        entered_trained: those of ``entered`` who are trained at ``end``.
        numerator, denominator: at ``end``.
    """

    start: date
    end: date
    before: int
    untrained: int
    newly: int
    left: int
    entered: int
    entered_trained: int
    numerator: int
    denominator: int

    @property
    def rate(self) -> Rate:
        """Return N of D at ``end``; of no goal, so only its percentage means anything."""
        return Rate(self.numerator, self.denominator, (1, 1))

    @property
    def whole(self) -> bool:
        """Tell whether this is one calendar quarter."""
        return self.end == quarter_end(self.end) and self.start == previous_end(self.end)


def quarter_end(day: date) -> date:
    """Return the last day of the calendar quarter of ``day``."""
    month = 3 * ((day.month + 2) // 3)
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def previous_end(day: date) -> date:
    """Return the last day of the calendar quarter before that of ``day``."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1) - timedelta(days=1)


def ends(first: date, last: date) -> tuple[date, ...]:
    """Return every quarter's end from ``first`` on, before ``last``: the days a history is computed for."""
    found = []
    day = quarter_end(first)
    while day < last:
        found.append(day)
        day = quarter_end(day + timedelta(days=1))
    return tuple(found)


def steps(last: date, by: date) -> tuple[date, ...]:
    """Return the quarter's ends after ``last``, up to ``by``, which is the last of them even within a quarter."""
    return (*ends(last + timedelta(days=1), by), by) if last < by else ()


def history(completions: Iterable[Completion], target_id: str) -> tuple[Quarter, ...]:
    """Return what happened between each two neighbours of ``completions``, which come in order of time."""
    days = [_counted(found, target_id) for found in completions]
    return tuple(_between(before, after) for before, after in pairwise(days))


def _counted(found: Completion, target_id: str) -> tuple[date, dict[str, date | None]]:
    people = {p.person_id: p.trained_on for target in found.targets if target.id == target_id for p in target.counted}
    return found.as_of, people


def _between(before: tuple[date, dict[str, date | None]], after: tuple[date, dict[str, date | None]]) -> Quarter:
    (start, old), (end, new) = before, after
    untrained = [person for person, trained in old.items() if trained is None and person in new]
    entered = [person for person in new if person not in old]
    return Quarter(
        start=start,
        end=end,
        before=len(old),
        untrained=len(untrained),
        newly=sum(new[person] is not None for person in untrained),
        left=sum(person not in new for person in old),
        entered=len(entered),
        entered_trained=sum(new[person] is not None for person in entered),
        numerator=sum(trained is not None for trained in new.values()),
        denominator=len(new),
    )


def since_training(quarters: Sequence[Quarter]) -> tuple[Quarter, ...]:
    """Return the whole quarters from the first in which anybody was newly trained."""
    whole = [quarter for quarter in quarters if quarter.whole]
    first = next((i for i, quarter in enumerate(whole) if quarter.newly), len(whole))
    return tuple(whole[first:])


def worth_showing(quarters: Sequence[Quarter]) -> tuple[Quarter, ...]:
    """Return the quarters from the last one before anybody was trained: before it there is nothing but zeros."""
    first = next((i for i, quarter in enumerate(quarters) if quarter.numerator), len(quarters) - 1)
    return tuple(quarters[max(0, first - 1) :])
