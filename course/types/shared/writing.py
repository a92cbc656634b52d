"""What the types share in which a text is written: read as one string, drawn with its length and criteria."""

from __future__ import annotations

from course import markup
from course.types.shared import paper, reading
from course.types.shared.base import Body, ItemType, Mix, Spec
from course.words import _, joined


class Written(ItemType):
    """A text of some length, written to a situation."""

    hint = _("Viết bài vào ô dưới đây.")
    paper_hint = ""

    def read(self, body: Body, value: object) -> str:
        return reading.text(value)

    def on_paper(self, body: Body, mix: Mix, answer: str | None = None) -> str:
        fewest, most = body["words"]
        asked: list[str] = [_("Viết {fewest}–{most} chữ.", fewest=fewest, most=most)]
        asked += [f"- {paper.run(criterion)}" for criterion in body.get("criteria") or []]
        below = paper.space(most) if answer is None else paper.written(answer)
        return joined("\n\n", [joined("\n", asked), below])

    def fields(self, body: Body, mix: Mix) -> Spec:
        criteria = [markup.inline(c) for c in body.get("criteria") or []]
        return {"words": body.get("words"), "min_words": body.get("min_words"), "criteria": criteria}
