"""What the types share in which options are ticked: ``single`` and ``multiple``."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field, model_validator

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import (
    UPPER,
    Body,
    Identifier,
    Keyed,
    Labelled,
    Mistake,
    Model,
    Pick,
    PublicBody,
    Ranking,
    StaffType,
    Text,
    number_ids,
    unique,
)


class Option(Model):
    """One option of a choice."""

    id: Identifier | None = None
    text: Text
    correct: bool = False
    feedback: Text


class Choice(Body):
    """``single`` and ``multiple``."""

    several: ClassVar[bool]
    options: tuple[Option, ...] = Field(min_length=2, max_length=10)
    veto: tuple[str, ...] = ()

    def ids(self) -> list[str]:
        """Return the ids of the options, in source order."""
        return number_ids(self.options, UPPER)

    def correct(self) -> list[str]:
        """Return the ids of the right options."""
        return [i for i, option in zip(self.ids(), self.options, strict=True) if option.correct]

    @model_validator(mode="after")
    def _check(self) -> Choice:
        unique(self.ids(), "options")
        for name in self.veto:
            if name not in self.ids():
                raise Mistake("E-ITEM-5", "veto", _("veto nêu phương án «{name}» không có.", name=name))
            if name in self.correct():
                raise Mistake("E-ITEM-5", "veto", _("veto nêu phương án đúng «{name}».", name=name))
        return self

    def keyed(self) -> dict[str, Any]:
        ids = self.ids()
        return {
            **super().keyed(),
            "options": [{"id": i, "text": o.text} for i, o in zip(ids, self.options, strict=True)],
            "correct": self.correct(),
            "feedback": {i: o.feedback for i, o in zip(ids, self.options, strict=True)},
            "veto": list(self.veto),
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "options": self.keyed()["options"]}

    def carried(self) -> neutral.Carried:
        right, wrong = len(self.correct()), len(self.options) - len(self.correct())
        weight = {True: neutral.share(right), False: -neutral.share(wrong) if self.several else Decimal(0)}
        options = tuple(neutral.Option(o.text, weight[o.correct], o.feedback) for o in self.options)
        return neutral.Choice(options, several=self.several), ("veto",) if self.veto else ()

    def option_feedback(self) -> list[tuple[str, str]]:
        return [(f"options.{n}.feedback", option.feedback) for n, option in enumerate(self.options)]


class PublicChoice(PublicBody):
    """The options without their key."""

    options: list[Labelled]


class ChoiceType(StaffType):
    """What staff know of a type with options."""

    model: ClassVar[type[Choice]]
    public = PublicChoice
    roles: ClassVar = {"options": "option"}
    has_options = True
    to_choose = True

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        if isinstance(shape, neutral.Choice) and shape.several == self.model.several:
            return neutral.options(shape)
        return None

    def picks(self, body: Keyed) -> list[Pick]:
        return [Pick(o["id"], o["text"], o["id"] in body["correct"]) for o in body["options"]]

    def picked(self, body: Keyed, value: object) -> set[str]:
        known = {o["id"] for o in body["options"]}
        return {v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)} & known


def wrong_ids(body: Keyed) -> list[str]:
    """Return the ids of the wrong options."""
    return [o["id"] for o in body["options"] if o["id"] not in body["correct"]]


def ranked(ranking: Ranking, body: Keyed, wanted: int) -> list[list[str]]:
    """Return every choice of ``wanted`` options that a strategy may come to; more than one where it sees a tie."""
    worth = [(ranking(n, o["text"]), o["id"]) for n, o in enumerate(body["options"])]
    last = sorted((v for v, _ in worth), reverse=True)[wanted - 1]
    sure = [i for v, i in worth if v > last]
    tied = [i for v, i in worth if v == last]
    return [[*sure, *more] for more in itertools.combinations(tied, wanted - len(sure))]
