"""``text``: a few words, compared with a list."""

from __future__ import annotations

from fractions import Fraction

from course.types.shared import paper, reading
from course.types.shared.base import Body, ItemType, Mix, Note, Outcome
from course.words import _


class Text(ItemType):
    """The answer is a string; case, spaces, tone-mark style and outer punctuation do not matter."""

    hint = _("Viết ngắn gọn.")

    def read(self, body: Body, value: object) -> str:
        return reading.text(value)

    def on_paper(self, body: Body, mix: Mix, answer: str | None = None) -> str:
        return paper.blank(answer, dots=30)

    def score(self, body: Body, answer: str) -> Outcome:
        if reading.accepts(answer, body["accept"], bare=body["fold"]):
            return Outcome(Fraction(1), [Note("", True, _("Đúng."))])
        for typical in body["feedback"]:
            if reading.accepts(answer, typical["accept"], bare=body["fold"]):
                return Outcome(Fraction(0), [Note("", False, typical["text"])])
        note = Note("", False, _("Chưa đúng: hãy đọc lại bài học và viết ngắn gọn đúng tên gọi."))
        return Outcome(Fraction(0), [note])


TYPE = Text()
