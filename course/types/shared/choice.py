"""What the types share in which something is ticked in a list of options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from course import markup
from course.types.shared import paper, reading
from course.types.shared.base import Body, ItemType, Mix, Note, Outcome, Part, Spec
from course.words import _


class Choice(ItemType):
    """Options with letters, in an order of this person's own."""

    def listed(self, body: Body) -> Sequence[Body]:
        """Return what can be ticked: entries with ``id`` and ``text``."""
        options: Sequence[Body] = body["options"]
        return options

    def fields(self, body: Body, mix: Mix) -> Spec:
        return {"options": markup.lettered(mix(self.listed(body)))}

    def on_paper(self, body: Body, mix: Mix, answer: Any = None) -> str:
        rows = [
            f"{paper.box(ticked=o['id'] in (answer or ()))} **{letter}.** {paper.run(o['text'])}"
            for letter, o in zip(markup.LETTERS, mix(self.listed(body)), strict=False)
        ]
        return "\n\n".join(rows)

    def said_of(self, spec: Spec, about: str) -> str:
        return next((str(o["letter"]) for o in spec["options"] if o["id"] == about), "")

    def names(self, body: Body) -> Mapping[str, str]:
        return {o["id"]: o["text"] for o in self.listed(body)}

    def answered(self, body: Body, answer: Any) -> list[Part]:  # ids
        return [Part(o["id"], "", o["text"]) for o in self.listed(body) if o["id"] in answer]


class Ticked(Choice):
    """The answer is a list of ids; a wrong one takes away its share, a veto takes everything."""

    def read(self, body: Body, value: object) -> list[str]:
        return reading.ids(value, [o["id"] for o in self.listed(body)])

    def score(self, body: Body, answer: list[str]) -> Outcome:
        correct = set(body["correct"])
        wrong = {o["id"] for o in self.listed(body)} - correct
        share = Fraction(len(correct.intersection(answer)), len(correct))
        if wrong:
            share -= Fraction(len(wrong.intersection(answer)), len(wrong))
        vetoed = bool(set(body["veto"]).intersection(answer))
        notes = [Note(c, c in correct, body["feedback"][c]) for c in sorted(answer)]
        return Outcome(Fraction(0) if vetoed else max(Fraction(0), share), notes)

    def while_trying(self, body: Body, answer: list[str], notes: Sequence[Note]) -> Sequence[Note]:
        """Whoever ticks more than are right would read which those are: the page says that it is too many, no more."""
        if len(answer) <= len(body["correct"]):
            return notes
        said = _(
            "Anh/chị đã chọn nhiều phương án hơn số phương án đúng. Khi đã đạt hoặc hết lượt, trang này nói rõ từng "
            "phương án."
        )
        return [Note("", None, said)]
