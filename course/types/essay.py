"""``essay``: a text that a person marks by a rubric."""

from __future__ import annotations

from fractions import Fraction

from course.types.shared.base import Body, Outcome
from course.types.shared.writing import Written
from course.words import _


class Essay(Written):
    """Whatever was written waits for a marker."""

    composed = True
    hint = _("Viết bài vào ô dưới đây. Bài này có người chấm.")

    def score(self, body: Body, answer: str) -> Outcome:
        return Outcome(Fraction(0), manual=True)


TYPE = Essay()
