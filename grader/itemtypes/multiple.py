"""``multiple``: every option that is right is to be ticked."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import ClassVar

from pydantic import model_validator

from course.words import _
from grader.itemtypes.shared.base import Keyed, Mistake, Ranking, Weighted
from grader.itemtypes.shared.chance import equally
from grader.itemtypes.shared.choice import Choice, ChoiceType, ranked, wrong_ids


class Multiple(Choice):
    """One or more right options, and at least one wrong one."""

    several: ClassVar = True

    @model_validator(mode="after")
    def _some(self) -> Multiple:
        if not 0 < len(self.correct()) < len(self.options):
            raise Mistake("E-ITEM-5", "options", _("cần ít nhất một phương án đúng và một phương án sai."))
        return self


class MultipleType(ChoiceType):
    """The answer is a list of ids."""

    model = Multiple
    letter = "M"

    def right(self, body: Keyed) -> list[str]:
        return list(body["correct"])

    def wrong(self, body: Keyed, rng: random.Random) -> list[str]:
        bad = wrong_ids(body)
        return sorted([rng.choice(body["correct"]), rng.choice(bad)])

    def partial(self, body: Keyed) -> tuple[list[str], Fraction] | None:
        right = list(body["correct"])
        if len(right) > 1:
            return right[:-1], Fraction(len(right) - 1, len(right))
        wrong = wrong_ids(body)
        harmless = [i for i in wrong if i not in body["veto"]]
        return ([*right, harmless[0]], 1 - Fraction(1, len(wrong))) if harmless else None

    def guesses(self, body: Keyed) -> Weighted:
        ids = [o["id"] for o in body["options"]]
        return equally([list(c) for n in range(1, len(ids) + 1) for c in itertools.combinations(ids, n)])

    def chosen_by(self, ranking: Ranking, body: Keyed) -> Weighted:
        """Half of the options, those that rank highest."""
        return equally(ranked(ranking, body, max(1, len(body["options"]) // 2)))

    def everything(self, body: Keyed) -> list[str]:
        return [o["id"] for o in body["options"]]

    def in_turn(self, body: Keyed, turn: int) -> list[str]:
        bad = wrong_ids(body)
        return sorted([body["correct"][turn % len(body["correct"])], bad[turn % len(bad)]])


TYPE = MultipleType()
