"""``order``: steps in groups; those of one group may stand in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field, model_validator

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import (
    DIGITS,
    Body,
    Identifier,
    Keyed,
    Labelled,
    Model,
    PublicBody,
    StaffType,
    Text,
    Weighted,
    number_ids,
    unique,
)
from grader.itemtypes.shared.chance import arrangements, equally
from grader.itemtypes.shared.listed import Listed
from grader.itemtypes.shared.mistake import Mistake


class Step(Model):
    """One step to be put in order."""

    id: Identifier | None = None
    text: Text


class Confusion(Model):
    """Feedback for whoever puts ``wrong[0]`` before ``wrong[1]``."""

    wrong: tuple[str, str]
    text: Text


class Order(Body):
    """Steps whose key is a list of groups; steps of one group may stand in any order."""

    steps: tuple[Step, ...] = Field(min_length=3, max_length=9)
    key: tuple[tuple[str, ...], ...]
    feedback: tuple[Confusion, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """Return the pairs (first, second) that the key asks for."""
        return [(a, b) for n, group in enumerate(self.key) for a in group for later in self.key[n + 1 :] for b in later]

    @model_validator(mode="after")
    def _check(self) -> Order:
        ids = number_ids(self.steps, DIGITS)
        unique(ids, "steps")
        named = [i for group in self.key for i in group]
        if sorted(named) != sorted(ids):
            raise Mistake("E-ITEM-5", "key", _("key phải nêu mỗi bước đúng một lần."))
        for confusion in self.feedback:
            if not set(confusion.wrong) <= set(ids):
                raise Mistake(
                    "E-ITEM-5", "feedback", _("wrong {wrong} nêu bước không có.", wrong=list(confusion.wrong))
                )
            if tuple(confusion.wrong) in self.pairs():
                raise Mistake("E-ITEM-5", "feedback", _("wrong {wrong} là thứ tự đúng.", wrong=list(confusion.wrong)))
        pairs = self.pairs()
        if not pairs:
            raise Mistake("E-ITEM-5", "key", _("key chỉ có một nhóm nên không có thứ tự."))
        follows = sum(ids.index(a) < ids.index(b) for a, b in pairs)
        if 10 * max(follows, len(pairs) - follows) > 7 * len(pairs):
            raise Mistake(
                "E-ITEM-8",
                "steps",
                _(
                    "mã làm lộ đáp án: {follows}/{count} cặp theo thứ tự viết. Hãy xáo các bước (30–70 %).",
                    follows=follows,
                    count=len(pairs),
                ),
            )
        return self

    def keyed(self) -> dict[str, Any]:
        ids = number_ids(self.steps, DIGITS)
        return {
            **super().keyed(),
            "steps": [{"id": i, "text": s.text} for i, s in zip(ids, self.steps, strict=True)],
            "key": [list(group) for group in self.key],
            "feedback": [{"wrong": list(c.wrong), "text": c.text} for c in self.feedback],
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "steps": self.keyed()["steps"]}

    def marking(self, lang: str) -> list[str]:
        texts = dict(zip(number_ids(self.steps, DIGITS), (s.text for s in self.steps), strict=True))
        ties = [group for group in self.key if len(group) > 1]
        return [_("Thứ tự nào cũng được: {steps}", steps="; ".join(texts[i] for i in group)) for group in ties]

    def carried(self) -> neutral.Carried:
        steps = dict(zip(number_ids(self.steps, DIGITS), (s.text for s in self.steps), strict=True))
        groups = tuple(tuple(steps[i] for i in group) for group in self.key)
        return neutral.Ordering(groups), ("feedback",) if self.feedback else ()

    def unanswered(self) -> Iterator[tuple[str, str]]:
        answered = {tuple(c.wrong) for c in self.feedback}
        for first, second in zip(self.key, self.key[1:], strict=False):
            if not any((late, early) in answered for early in first for late in second):
                pair = f"[{second[0]}, {first[0]}]"
                yield "feedback", _("chưa có phản hồi cho người đặt {pair} ngược thứ tự.", pair=pair)


class PublicOrder(PublicBody):
    """The steps without their order."""

    steps: list[Labelled]


class OrderType(StaffType):
    """The answer is a list of step ids."""

    model = Order
    public = PublicOrder
    letter = "O"
    begin = _(
        'stem: "⟨câu hỏi: xếp các việc theo thứ tự⟩"\n'
        "steps:\n"
        '  - text: "⟨việc thứ ba⟩"\n'
        '  - text: "⟨việc thứ nhất⟩"\n'
        '  - text: "⟨việc thứ tư⟩"\n'
        '  - text: "⟨việc thứ hai⟩"\n'
        'key: [["2"], ["4"], ["1"], ["3"]]\n'
        "feedback:\n"
        "  - wrong: [4, 2]\n"
        '    text: "⟨vì sao việc thứ nhất phải trước việc thứ hai⟩"\n'
        "  - wrong: [1, 4]\n"
        '    text: "⟨vì sao việc thứ hai phải trước việc thứ ba⟩"\n'
        "  - wrong: [3, 1]\n"
        '    text: "⟨vì sao việc thứ ba phải trước việc thứ tư⟩"\n'
    )
    roles: ClassVar = {"steps": "option"}
    lists: ClassVar = (Listed("steps", DIGITS, named_by="key"),)
    to_choose = True

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        """The steps stand in an order that gives nothing away: 30 to 70 % of the pairs as in the key."""
        if not isinstance(shape, neutral.Ordering):
            return None
        steps = [(text, group) for group, texts in enumerate(shape.groups) for text in texts]
        pairs = [(a, b) for a in range(len(steps)) for b in range(len(steps)) if steps[a][1] < steps[b][1]]

        def mixed(order: Sequence[int]) -> bool:
            follows = sum(order.index(a) < order.index(b) for a, b in pairs)
            return 10 * max(follows, len(pairs) - follows) <= 7 * len(pairs)

        order = neutral.shuffled([text for text, _group in steps], mixed)
        number = {step: str(n) for n, step in enumerate(order, 1)}
        key = [[number[n] for n in range(len(steps)) if steps[n][1] == g] for g in range(len(shape.groups))]
        return {"steps": [{"text": steps[n][0]} for n in order], "key": key}

    def corrected(self, old: Keyed, new: Keyed) -> Keyed:
        """The whole order, if it is one of the same steps."""
        if {s["id"] for s in old["steps"]} != {s["id"] for s in new["steps"]}:
            return old
        return {**old, **{name: new[name] for name in ("key", "feedback", "explanation")}}

    def right(self, body: Keyed) -> list[str]:
        return [step for group in body["key"] for step in group]

    def wrong(self, body: Keyed, rng: random.Random) -> list[str]:
        steps = self.right(body)
        place = rng.randrange(len(steps) - 1)
        return [*steps[place + 1 :], *steps[: place + 1]]

    def partial(self, body: Keyed) -> tuple[list[str], Fraction]:
        groups = [list(group) for group in body["key"]]
        pairs = sum(len(a) * len(b) for n, a in enumerate(groups) for b in groups[n + 1 :])
        steps = self.right(body)
        edge = len(groups[0])  # the last of the first group changes places with the first of the second
        steps[edge - 1], steps[edge] = steps[edge], steps[edge - 1]
        return steps, max(Fraction(0), Fraction(pairs - 2 * _reversed(groups, steps), pairs))

    def guesses(self, body: Keyed) -> Weighted:
        steps = [s["id"] for s in body["steps"]]
        return equally([list(p) for p in arrangements(steps, len(steps))])

    def as_it_stands(self, body: Keyed) -> Weighted:
        return [([s["id"] for s in body["steps"]], 1.0)]


def _reversed(groups: list[list[str]], steps: list[str]) -> int:
    """Count the pairs of the key that ``steps`` reverses, by looking at every two places."""
    rank = {step: n for n, group in enumerate(groups) for step in group}
    return sum(rank[a] > rank[b] for n, a in enumerate(steps) for b in steps[n + 1 :])


TYPE = OrderType()
