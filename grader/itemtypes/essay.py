"""``essay``: a text that a person marks by a rubric."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import Body, Keyed, PublicBody, StaffType, Text
from grader.itemtypes.shared.writing import REPLY, RubricRow


class Essay(Body):
    """A text that a person marks by a rubric."""

    words: tuple[int, int]
    rubric: tuple[RubricRow, ...] = Field(min_length=1)
    samples: dict[str, dict[str, Text]] = Field(default_factory=dict)

    def total(self) -> Decimal | None:
        return sum((row.highest() for row in self.rubric), Decimal(0))

    def by_hand(self) -> Decimal:
        return self.total() or Decimal(0)

    def keyed(self) -> dict[str, Any]:
        return {**super().keyed(), **self.model_dump(mode="json", include={"words", "rubric", "samples"})}

    def public(self) -> dict[str, Any]:
        return {**super().public(), "words": list(self.words), "criteria": [row.text for row in self.rubric]}

    def marking(self, lang: str) -> list[str]:
        return [row.told(lang) for row in self.rubric]

    def carried(self) -> neutral.Carried:
        return neutral.Writing(self.words), ("rubric", "samples") if self.samples else ("rubric",)

    def unanswered(self) -> Iterator[tuple[str, str]]:
        for row in self.rubric:
            for level in (lv for lv in row.levels if lv not in self.samples.get(row.id, {})):
                yield "samples", _("tiêu chí {row} chưa có bài mẫu cho mức {level}.", row=row.id, level=level)


class PublicEssay(PublicBody):
    """How long it may be, and what it is looked at for."""

    words: list[int]
    criteria: list[str]


class EssayType(StaffType):
    """The answer is a string."""

    model = Essay
    public = PublicEssay
    letter = "E"
    begin = _(
        'stem: "⟨đề bài⟩"\n'
        "words: [120, 200]\n"
        "rubric:\n"
        "  - id: R1\n"
        '    text: "⟨tiêu chí⟩"\n'
        "    levels:\n"
        '      "0": "⟨chưa đạt⟩"\n'
        '      "1": "⟨đạt một phần⟩"\n'
        '      "2": "⟨đạt⟩"\n'
    )
    inside: ClassVar = {"rubric": "rubric", "samples": "sample"}

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        if not isinstance(shape, neutral.Writing):
            return None
        return {"words": [str(n) for n in shape.words]} if shape.words else {}

    def right(self, body: Keyed) -> str:
        return REPLY * (1 + int(body["words"][0]) // 60)

    def wrong(self, body: Keyed, rng: random.Random) -> str:
        return REPLY


TYPE = EssayType()
