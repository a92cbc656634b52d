"""``single``: one of the options is right."""

from __future__ import annotations

import random
from typing import ClassVar

from pydantic import model_validator

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import Keyed, Ranking, Weighted
from grader.itemtypes.shared.chance import equally
from grader.itemtypes.shared.choice import Choice, ChoiceType
from grader.itemtypes.shared.mistake import Mistake


class Single(Choice):
    """One right option."""

    several: ClassVar = False

    @model_validator(mode="after")
    def _one(self) -> Single:
        if len(self.correct()) != 1:
            raise Mistake(
                "E-ITEM-5",
                "options",
                _("có {count} phương án ghi correct: true; câu single cần đúng một.", count=len(self.correct())),
            )
        return self

    def one_right(self) -> tuple[list[str], int]:
        return [o.text for o in self.options], next(n for n, o in enumerate(self.options) if o.correct)


class SingleType(ChoiceType):
    """The answer is an id."""

    model = Single
    letter = "S"
    begin = _(
        'stem: "⟨câu hỏi⟩"\n'
        "options:\n"
        '  - text: "⟨phương án đúng⟩"\n'
        "    correct: true\n"
        '    feedback: "Đúng: ⟨vì sao⟩"\n'
        '  - text: "⟨phương án sai⟩"\n'
        '    feedback: "Chưa đúng: ⟨vì sao⟩"\n'
        '  - text: "⟨phương án sai khác⟩"\n'
        '    feedback: "Chưa đúng: ⟨vì sao⟩"\n'
    )

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        return neutral.options(shape) if isinstance(shape, neutral.Choice) and not shape.several else None

    def _torn(self, correct: list[str], old: Keyed) -> bool:
        return len(correct) != 1

    def right(self, body: Keyed) -> str:
        return str(body["correct"][0])

    def wrong(self, body: Keyed, rng: random.Random) -> str:
        return rng.choice(self.wrong_ids(body))

    def guesses(self, body: Keyed) -> Weighted:
        return equally(self.ids(body))

    def chosen_by(self, ranking: Ranking, body: Keyed) -> Weighted:
        return equally([picked[0] for picked in self.ranked(ranking, body, 1)])

    def in_turn(self, body: Keyed, turn: int) -> str:
        bad = self.wrong_ids(body)
        return bad[turn % len(bad)]


TYPE = SingleType()
