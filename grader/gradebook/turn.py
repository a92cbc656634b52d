"""Whether somebody may hand in a module again, and from when: the one rule behind intake and standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LIMIT, WAIT, MARK = "E-ATT-LIMIT", "E-ATT-WAIT", "E-ATT-MARK"


@dataclass(frozen=True, slots=True)
class Turn:
    """The next attempt.

    Attributes:
        number: which it is, counted from 1 by those that were accepted.
        left: attempts that are left, this one included.
        why: ``E-ATT-LIMIT`` or ``E-ATT-MARK`` where none is taken now, else empty.
        again: from when it is taken; ``None``: at once, or not at all.
    """

    number: int
    left: int
    why: str
    again: datetime | None

    def refused(self, moment: datetime) -> str:
        """Return the code by which a hand-in at ``moment`` is refused; empty: it is taken."""
        if self.why == LIMIT:
            return LIMIT
        return WAIT if self.again is not None and moment < self.again else self.why


def turn(accepted: Sequence[str], limit: int, wait_hours: int, *, marked_later: bool) -> Turn:
    """Return the next attempt after those ``accepted`` (their times as in the ledger, in order).

    ``marked_later``: the last of them awaits a person's marks.
    """
    number, left = len(accepted) + 1, max(0, limit - len(accepted))
    if not left:
        return Turn(number, 0, LIMIT, None)
    again = datetime.fromisoformat(accepted[-1]) + timedelta(hours=wait_hours) if accepted else None
    return Turn(number, left, MARK if accepted and marked_later else "", again)
