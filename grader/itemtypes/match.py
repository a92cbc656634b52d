"""``match``: pairs, with at least one spare on the right."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field, model_validator

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import (
    DIGITS,
    LOWER,
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


class Left(Model):
    """A left side of a pair; ``key`` is the id of its right side."""

    id: Identifier | None = None
    text: Text
    key: Identifier
    feedback: Text


class Right(Model):
    """A right side; ``feedback`` answers whoever picks it wrongly."""

    id: Identifier | None = None
    text: Text
    feedback: str = ""


class Match(Body):
    """Pairs, with at least one spare on the right."""

    left: tuple[Left, ...] = Field(min_length=2, max_length=9)
    right: tuple[Right, ...] = Field(min_length=3, max_length=12)

    @model_validator(mode="after")
    def _check(self) -> Match:
        left, right = number_ids(self.left, DIGITS), number_ids(self.right, LOWER)
        unique(left, "left")
        unique(right, "right")
        keys = [entry.key for entry in self.left]
        unknown = [k for k in keys if k not in right]
        if unknown:
            raise Mistake("E-ITEM-5", "left", _("key «{unknown}» không có ở vế phải.", unknown=unknown[0]))
        if len(set(keys)) != len(keys):
            raise Mistake("E-ITEM-5", "left", _("hai vế trái cùng một key."))
        if len(right) <= len(left):
            raise Mistake("E-ITEM-5", "right", _("cần ít nhất một vế phải thừa."))
        if keys == right[: len(keys)]:
            raise Mistake("E-ITEM-8", "right", _("mã làm lộ đáp án (1a 2b 3c …): hãy đổi thứ tự vế phải."))
        return self

    def keyed(self) -> dict[str, Any]:
        left, right = number_ids(self.left, DIGITS), number_ids(self.right, LOWER)
        return {
            **super().keyed(),
            "left": [{"id": i, "text": e.text} for i, e in zip(left, self.left, strict=True)],
            "right": [{"id": i, "text": e.text} for i, e in zip(right, self.right, strict=True)],
            "key": {i: e.key for i, e in zip(left, self.left, strict=True)},
            "feedback": {i: e.feedback for i, e in zip(left, self.left, strict=True)},
            "right_feedback": {i: e.feedback for i, e in zip(right, self.right, strict=True) if e.feedback},
        }

    def public(self) -> dict[str, Any]:
        keyed = self.keyed()
        return {**super().public(), "left": keyed["left"], "right": keyed["right"]}

    def carried(self) -> neutral.Carried:
        rights = dict(zip(number_ids(self.right, LOWER), self.right, strict=True))
        keys = {side.key for side in self.left}
        pairs = tuple(neutral.Pair(side.text, rights[side.key].text, side.feedback) for side in self.left)
        spare = tuple(neutral.Option(s.text, feedback=s.feedback) for name, s in rights.items() if name not in keys)
        said = any(side.feedback for name, side in rights.items() if name in keys)
        return neutral.Pairs(pairs, spare), ("right.feedback",) if said else ()

    def unanswered(self) -> Iterator[tuple[str, str]]:
        for number, side in enumerate(self.right):
            if not side.feedback:
                yield f"right.{number}", _("vế phải chưa có phản hồi cho người ghép nhầm.")


class PublicMatch(PublicBody):
    """Both sides without their key."""

    left: list[Labelled]
    right: list[Labelled]


class MatchType(StaffType):
    """The answer is left id → right id."""

    model = Match
    public = PublicMatch
    letter = "P"
    begin = _(
        'stem: "⟨câu hỏi: nối thế nào⟩"\n'
        "left:\n"
        '  - text: "⟨bên trái một⟩"\n'
        "    key: b\n"
        '    feedback: "Đúng: ⟨vì sao⟩"\n'
        '  - text: "⟨bên trái hai⟩"\n'
        "    key: a\n"
        '    feedback: "Đúng: ⟨vì sao⟩"\n'
        "right:\n"
        '  - text: "⟨hợp với hai⟩"\n'
        '  - text: "⟨hợp với một⟩"\n'
        '  - text: "⟨phần thừa⟩"\n'
        '    feedback: "⟨vì sao không hợp⟩"\n'
    )
    roles: ClassVar = {"left": "option", "right": "option"}
    lists: ClassVar = (Listed("left", DIGITS), Listed("right", LOWER, named_by="left"))
    to_choose = True

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        """The right sides stand in an order that gives nothing away."""
        if not isinstance(shape, neutral.Pairs):
            return None
        rights = {pair.right: neutral.Option(pair.right) for pair in shape.pairs}
        rights |= {option.text: option for option in shape.spare if option.text not in rights}
        names = list(rights)
        keys = [names.index(pair.right) for pair in shape.pairs]
        order = neutral.shuffled(names, lambda o: all(place != key for place, key in zip(o, keys, strict=False)))
        left = [
            {"text": p.left, "key": LOWER[order.index(key) % len(LOWER)]}
            | ({"feedback": p.feedback} if p.feedback else {})
            for p, key in zip(shape.pairs, keys, strict=True)
        ]
        return {"left": left, "right": [neutral.entry(rights[names[n]]) for n in order]}

    def corrected(self, old: Keyed, new: Keyed) -> Keyed:
        """Pair by pair, where both sides were there already; the key stays one to one."""
        rights = {e["id"] for e in old["right"]}
        key = {i: new["key"][i] if new["key"].get(i) in rights else k for i, k in old["key"].items()}
        if len(set(key.values())) < len(key):
            return old
        said = {i: new["feedback"].get(i, text) for i, text in old["feedback"].items()}
        more = {i: new["right_feedback"].get(i, text) for i, text in old["right_feedback"].items()}
        return {**old, "key": key, "feedback": said, "right_feedback": more, "explanation": new["explanation"]}

    def right(self, body: Keyed) -> dict[str, str]:
        return dict(body["key"])

    def wrong(self, body: Keyed, rng: random.Random) -> dict[str, str]:
        names = list(body["key"])
        first, second = rng.sample(names, 2)
        key = dict(body["key"])
        key[first], key[second] = key[second], key[first]
        return key

    def partial(self, body: Keyed) -> tuple[dict[str, str], Fraction]:
        first = next(iter(body["key"]))
        return {first: body["key"][first]}, Fraction(1, len(body["key"]))

    def guesses(self, body: Keyed) -> Weighted:
        left, right = [e["id"] for e in body["left"]], [e["id"] for e in body["right"]]
        return equally([dict(zip(left, chosen, strict=True)) for chosen in arrangements(right, len(left))])

    def as_it_stands(self, body: Keyed) -> Weighted:
        return [({left["id"]: right["id"] for left, right in zip(body["left"], body["right"], strict=False)}, 1.0)]


TYPE = MatchType()
