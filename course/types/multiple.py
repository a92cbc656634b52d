"""``multiple``: every option that is right."""

from __future__ import annotations

from course.types.shared import reading
from course.types.shared.base import Body, Outcome
from course.types.shared.choice import Choice, ticked
from course.words import _


class Multiple(Choice):
    """The answer is a list of ids."""

    hint = _("Chọn mọi phương án đúng. Chọn thêm phương án sai thì bớt điểm.")

    def read(self, body: Body, value: object) -> list[str]:
        return reading.ids(value, [o["id"] for o in body["options"]])

    def score(self, body: Body, answer: list[str]) -> Outcome:
        return ticked(body, answer, [o["id"] for o in body["options"]])


TYPE = Multiple()
