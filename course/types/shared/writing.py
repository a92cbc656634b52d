"""What the types share in which a text is written: read as one string, drawn with its length and criteria."""

from __future__ import annotations

from course import markup
from course.types.shared import reading
from course.types.shared.base import Body, ItemType, Mix, Spec
from course.words import _


class Written(ItemType):
    """A text of some length, written to a situation."""

    hint = _("Viết bài vào ô dưới đây.")

    def read(self, body: Body, value: object) -> str:
        return reading.text(value)

    def fields(self, body: Body, mix: Mix) -> Spec:
        criteria = [markup.inline(c) for c in body.get("criteria") or []]
        return {"words": body.get("words"), "min_words": body.get("min_words"), "criteria": criteria}
