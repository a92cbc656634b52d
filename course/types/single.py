"""``single``: one of the options."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from course.types.shared import reading
from course.types.shared.base import Body, Mix, Note, Outcome, Part, named
from course.types.shared.choice import Choice
from course.words import _


class Single(Choice):
    """The answer is the id of an option: full points or none."""

    hint = _("Chọn một phương án.")
    at_once = True

    def read(self, body: Body, value: object) -> str:
        return reading.one_id(value, [o["id"] for o in self.listed(body)])

    def score(self, body: Body, answer: str) -> Outcome:
        right = answer in body["correct"]
        return Outcome(Fraction(right), [Note(answer, right, body["feedback"][answer])])

    def on_paper(self, body: Body, mix: Mix, answer: str | None = None) -> str:
        return super().on_paper(body, mix, None if answer is None else [answer])

    def answered(self, body: Body, answer: str) -> list[Part]:
        return super().answered(body, [answer])

    def readable(self, body: Body, value: object) -> str:
        if isinstance(value, list | Mapping):
            return super().readable(body, value)
        return named(self.names(body), value)


TYPE = Single()
