"""When one attempt passes its module: the one place for the rule, read by completion, ledger, feedback and regrade."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol


class Rule(Protocol):
    """What of a module decides: points possible in its exercise, and how many of them are needed (``course.yaml``)."""

    @property
    def points(self) -> Decimal:
        """Points possible."""

    @property
    def pass_mark(self) -> Decimal:
        """Points needed."""


def passes(
    rule: Rule,
    status: str,
    score: Decimal | None,
    max_score: Decimal | None,
    critical_met: bool | None,
    component_met: bool | None,
) -> bool:
    """Tell whether this one attempt passes its module: share of points, critical items, component minimums.

    The rule is docs/design.md §9.1. Items of different attempts are never mixed (E15). ``None`` for ``critical_met``
    and ``component_met`` counts as
    met.
    The pass mark is a share: where an item was withdrawn, fewer points are possible and fewer are needed (E17).
    """
    if status != "graded" or critical_met is False or component_met is False:
        return False
    if score is None or max_score is None:
        return False
    return score * rule.points >= rule.pass_mark * max_score


def needed(rule: Rule, max_score: Decimal) -> Decimal:
    """Return the points that pass an attempt in which ``max_score`` are possible."""
    return rule.pass_mark * max_score / rule.points if rule.points else Decimal(0)
