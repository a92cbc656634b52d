"""What a change of the roster does to the targets, as of one day: the figures before and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from grader.completion import count
from grader.completion.records import Progress, Rate
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.roster.records import Roster


class Effect(NamedTuple):
    """One target before and after; ``before`` is ``None`` where there was no roster."""

    target: str
    before: Rate | None
    after: Rate

    @property
    def changes(self) -> bool:
        """Tell whether a figure moves."""
        return self.before != self.after

    def said(self) -> str:
        """Return it as ``CT70: 3/10 → 3/12``."""
        before = f"{self.before.numerator}/{self.before.denominator} → " if self.before else ""
        return f"{self.target}: {before}{self.after.numerator}/{self.after.denominator}"


def of(
    syllabus: Syllabus,
    before: Roster | None,
    after: Roster,
    progress: Callable[[Roster], Progress],
    moment: tuple[date, datetime],
) -> tuple[Effect, ...]:
    """Return the effect on each computed target; nothing for a day on which nothing counts yet.

    Args:
        syllabus: the rules.
        before: the stored roster, ``None`` where there is none.
        after: what would be stored.
        progress: reads what people have passed, for a roster.
        moment: the as-of date and now.
    """
    day, now = moment
    try:
        count.refuse_day(syllabus, day, now)
    except ModuongError:
        return ()
    old = count.decide(syllabus, before, progress(before), day, now).targets if before else ()
    new = count.decide(syllabus, after, progress(after), day, now).targets
    rates = {target.id: target.rate for target in old}
    return tuple(Effect(target.id, rates.get(target.id), target.rate) for target in new)
