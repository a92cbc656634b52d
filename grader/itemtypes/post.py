"""``post``: a text to a situation, checked by named rules; a person may mark a part of it."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field

from grader.itemtypes.shared.base import (
    Body,
    Identifier,
    Keyed,
    Model,
    Points,
    PublicBody,
    StaffType,
    Text,
    Trials,
    Weighted,
)
from grader.itemtypes.shared.chance import equally
from grader.itemtypes.shared.writing import REPLY, RubricRow, Rules


class Check(Rules):
    """One automatic check of a text."""

    id: Identifier
    points: Points


class Vector(Model):
    """A test of the checks: this text earns these automatic points."""

    text: Text
    points: Decimal = Field(ge=0)


class ManualPart(Model):
    """The part of a post that a person marks."""

    points: Points
    rubric: tuple[RubricRow, ...] = Field(min_length=1)


class Post(Body):
    """A text written to a situation and checked by named rules."""

    words: tuple[int, int]
    min_words: int = 0
    checks: tuple[Check, ...] = Field(min_length=1)
    veto: tuple[Rules, ...] = ()
    sample: Text
    vectors: tuple[Vector, ...] = ()
    manual: ManualPart | None = None

    def total(self) -> Decimal | None:
        return sum((c.points for c in self.checks), self.by_hand())

    def by_hand(self) -> Decimal:
        return self.manual.points if self.manual else Decimal(0)

    def keyed(self) -> dict[str, Any]:
        manual = self.manual.model_dump(mode="json") if self.manual else None
        return {
            **super().keyed(),
            "words": list(self.words),
            "min_words": self.min_words,
            "checks": [
                {"id": c.id, "points": str(c.points), "rules": c.rules(), "feedback": c.feedback} for c in self.checks
            ],
            "veto": [{"rules": v.rules(), "feedback": v.feedback} for v in self.veto],
            "sample": self.sample,
            "vectors": [v.model_dump(mode="json") for v in self.vectors],
            **({"manual": manual} if manual else {}),
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "words": list(self.words), "min_words": self.min_words}

    def trials(self) -> Trials:
        full = sum((c.points for c in self.checks), Decimal(0))
        return Trials(tuple((v.text, v.points) for v in self.vectors), full)


class PublicPost(PublicBody):
    """How long it may be."""

    words: list[int]
    min_words: int


class PostType(StaffType):
    """The answer is a string."""

    model = Post
    public = PublicPost
    letter = "W"
    roles: ClassVar = {"sample": "sample"}
    inside: ClassVar = {
        "vectors": "sample",
        "rubric": "rubric",
        "any": "answer",
        "none": "answer",
        "all": "answer",
        "cue": "answer",
    }

    def right(self, body: Keyed) -> str:
        return str(body["sample"])

    def wrong(self, body: Keyed, rng: random.Random) -> str:
        return REPLY

    def guesses(self, body: Keyed) -> Weighted:
        """The question itself, or one word over and over in the wanted length."""
        return equally([body["stem"], " ".join(["tin"] * body["words"][1])])


TYPE = PostType()
