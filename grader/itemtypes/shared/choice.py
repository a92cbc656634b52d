"""What the types share in which something is ticked."""

from __future__ import annotations

import itertools
import random
from abc import abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
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
    Model,
    Pick,
    PublicBody,
    Ranking,
    StaffType,
    Text,
    Weighted,
    number_ids,
    unique,
)
from grader.itemtypes.shared.chance import equally
from grader.itemtypes.shared.listed import Listed
from grader.itemtypes.shared.mistake import Mistake


class Option(Model):
    """One option of a choice."""

    id: Identifier | None = None
    text: Text
    correct: bool = False
    feedback: Text


class Tickable(Body):
    """What can be ticked, whatever it is: some of it is right, and a vetoed one takes everything."""

    veto: tuple[str, ...] = ()

    @abstractmethod
    def listed(self) -> Sequence[Option]:
        """Return what can be ticked, in source order."""

    def marking(self, lang: str) -> list[str]:
        texts = dict(zip(self.ids(), (option.text for option in self.listed()), strict=True))
        return [_("0 điểm cả câu nếu chọn: {text}", text=texts[i]) for i in self.veto]

    def ids(self) -> list[str]:
        """Return the ids of what can be ticked, in source order."""
        return number_ids(self.listed(), UPPER)

    def correct(self) -> list[str]:
        """Return the ids that are right."""
        return [i for i, option in zip(self.ids(), self.listed(), strict=True) if option.correct]

    @model_validator(mode="after")
    def _check(self) -> Tickable:
        unique(self.ids(), self.field)
        for name in self.veto:
            if name not in self.ids():
                raise Mistake("E-ITEM-5", "veto", _("veto nêu phương án «{name}» không có.", name=name))
            if name in self.correct():
                raise Mistake("E-ITEM-5", "veto", _("veto nêu phương án đúng «{name}».", name=name))
        return self

    field: ClassVar[str] = "options"
    """Where they stand in the item."""

    def some(self) -> None:
        """Raise the mistake ``E-ITEM-5`` unless one at least is right and one is wrong."""
        if not 0 < len(self.correct()) < len(self.listed()):
            said = _("cần ít nhất một phương án đúng và một phương án sai.")
            raise Mistake("E-ITEM-5", self.field, said)

    def keyed(self) -> dict[str, Any]:
        ids = self.ids()
        return {
            **super().keyed(),
            self.field: [{"id": i, "text": o.text} for i, o in zip(ids, self.listed(), strict=True)],
            "correct": self.correct(),
            "feedback": {i: o.feedback for i, o in zip(ids, self.listed(), strict=True)},
            "veto": list(self.veto),
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), self.field: self.keyed()[self.field]}

    def option_feedback(self) -> list[tuple[str, str]]:
        return [(f"{self.field}.{n}.feedback", option.feedback) for n, option in enumerate(self.listed())]


class Choice(Tickable):
    """``single`` and ``multiple``."""

    several: ClassVar[bool]
    options: tuple[Option, ...] = Field(min_length=2, max_length=10)

    def listed(self) -> Sequence[Option]:
        return self.options

    def carried(self) -> neutral.Carried:
        right, wrong = len(self.correct()), len(self.options) - len(self.correct())
        weight = {True: neutral.share(right), False: -neutral.share(wrong) if self.several else Decimal(0)}
        options = tuple(neutral.Option(o.text, weight[o.correct], o.feedback) for o in self.options)
        return neutral.Choice(options, several=self.several), ("veto",) if self.veto else ()


class PublicChoice(PublicBody):
    """The options without their key."""

    options: list[Labelled]


class ChoiceType(StaffType):
    """What staff know of a type with options."""

    public: ClassVar[type[PublicBody]] = PublicChoice
    roles: ClassVar = {"options": "option"}
    lists: ClassVar = (Listed("options", UPPER, named_by="veto"),)
    has_options = True
    to_choose = True
    field: ClassVar[str] = "options"
    """Where they stand in a body."""

    def ids(self, body: Keyed) -> list[str]:
        """Return the ids of all options."""
        return [o["id"] for o in body[self.field]]

    def wrong_ids(self, body: Keyed) -> list[str]:
        """Return the ids of the wrong options."""
        return [i for i in self.ids(body) if i not in body["correct"]]

    def ranked(self, ranking: Ranking, body: Keyed, wanted: int) -> list[list[str]]:
        """Return every choice of ``wanted`` options that a strategy may come to; more than one where it sees a tie."""
        worth = [(ranking(n, o["text"]), o["id"]) for n, o in enumerate(body[self.field])]
        last = sorted((v for v, _id in worth), reverse=True)[wanted - 1]
        sure = [i for v, i in worth if v > last]
        tied = [i for v, i in worth if v == last]
        return [[*sure, *more] for more in itertools.combinations(tied, wanted - len(sure))]

    def corrected(self, old: Keyed, new: Keyed) -> Keyed:
        ours, theirs = set(self.ids(old)), set(self.ids(new))
        merged = {
            name: [i for i in self.ids(old) if i in (new if i in theirs else old)[name]] for name in ("correct", "veto")
        }
        if not merged["correct"] or len(merged["correct"]) == len(ours) or self._torn(merged["correct"], old):
            return old
        said = {i: (new if i in theirs else old)["feedback"][i] for i in self.ids(old)}
        return {**old, **merged, "feedback": said, "explanation": new["explanation"]}

    def _torn(self, correct: list[str], old: Keyed) -> bool:
        """Say whether an answer could no longer earn full points: one option is right, and not just one is left."""
        return False

    def picks(self, body: Keyed) -> list[Pick]:
        return [Pick(o["id"], o["text"], o["id"] in body["correct"]) for o in body[self.field]]

    def choices(self, body: Keyed) -> list[list[Pick]]:
        return [self.picks(body)]

    def picked(self, body: Keyed, value: object) -> set[str]:
        chosen = value if isinstance(value, list) else [value]
        return {v for v in chosen if isinstance(v, str)} & set(self.ids(body))


class TickedType(ChoiceType):
    """The answer is a list of ids."""

    def right(self, body: Keyed) -> list[str]:
        return list(body["correct"])

    def wrong(self, body: Keyed, rng: random.Random) -> list[str]:
        bad = self.wrong_ids(body)
        return sorted([rng.choice(body["correct"]), rng.choice(bad)])

    def partial(self, body: Keyed) -> tuple[list[str], Fraction] | None:
        right = list(body["correct"])
        if len(right) > 1:
            return right[:-1], Fraction(len(right) - 1, len(right))
        wrong = self.wrong_ids(body)
        harmless = [i for i in wrong if i not in body["veto"]]
        return ([*right, harmless[0]], 1 - Fraction(1, len(wrong))) if harmless else None

    def guesses(self, body: Keyed) -> Weighted:
        ids = self.ids(body)
        return equally([list(c) for n in range(1, len(ids) + 1) for c in itertools.combinations(ids, n)])

    def chosen_by(self, ranking: Ranking, body: Keyed) -> Weighted:
        """Half of the options, those that rank highest."""
        return equally(self.ranked(ranking, body, max(1, len(self.ids(body)) // 2)))

    def everything(self, body: Keyed) -> list[str]:
        return self.ids(body)

    def in_turn(self, body: Keyed, turn: int) -> list[str]:
        bad = self.wrong_ids(body)
        return sorted([body["correct"][turn % len(body["correct"])], bad[turn % len(bad)]])
