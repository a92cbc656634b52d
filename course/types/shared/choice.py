"""What the types share in which something is ticked in a list of options."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from course import markup
from course.types.shared.base import Body, ItemType, Mix, Note, Outcome, Part, Spec


class Choice(ItemType):
    """Options with letters, in an order of this person's own."""

    def fields(self, body: Body, mix: Mix) -> Spec:
        return {"options": markup.lettered(mix(body["options"]))}

    def said_of(self, spec: Spec, about: str) -> str:
        return next((str(o["letter"]) for o in spec["options"] if o["id"] == about), "")

    def answered(self, body: Body, answer: Any) -> list[Part]:  # ids
        return [Part(o["id"], "", o["text"]) for o in body["options"] if o["id"] in answer]


def ticked(body: Body, chosen: Sequence[str], known: Sequence[str]) -> Outcome:
    """Score ``chosen`` of the ``known`` ids by ``correct``, ``veto`` and ``feedback`` of a keyed body.

    A wrong one takes away its share, a veto takes everything.
    """
    correct = set(body["correct"])
    wrong = set(known) - correct
    share = Fraction(len(correct.intersection(chosen)), len(correct))
    if wrong:
        share -= Fraction(len(wrong.intersection(chosen)), len(wrong))
    vetoed = bool(set(body["veto"]).intersection(chosen))
    notes = [Note(c, c in correct, body["feedback"][c]) for c in sorted(chosen)]
    return Outcome(Fraction(0) if vetoed else max(Fraction(0), share), notes)
