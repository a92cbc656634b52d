"""``code``: a short program, written in the notebook's own cell below the question."""

from __future__ import annotations

from collections.abc import Sequence

from course.types.shared import paper, reading
from course.types.shared.base import Body, ItemType, Mix, Outcome, Spec
from course.words import _

_ROOM = 80
"""Words that a program on paper has room for."""


class Code(ItemType):
    """The answer is source text. Its values come out of the box and are compared there, never here."""

    hint = _("Viết mã vào ô ngay bên dưới câu này.")
    paper_hint = ""
    runs_code = True

    def read(self, body: Body, value: object) -> str:
        return reading.text(value)

    def score(self, body: Body, answer: str) -> Outcome:
        message = "a program is scored by the values that it yields in the box"
        raise TypeError(message)

    def on_paper(self, body: Body, mix: Mix, answer: str | None = None) -> str:
        given = [
            paper.code(text) for text in (body.get("given"), body.get("starter") if answer is None else "") if text
        ]
        return "\n\n".join([*given, paper.space(_ROOM) if answer is None else paper.code(answer)])

    def fields(self, body: Body, mix: Mix) -> Spec:
        return {"given": body["given"]} if body.get("given") else {}

    def files(self, body: Body) -> Sequence[str]:
        return [*(body.get("data") or []), *super().files(body)]

    def cell(self, body: Body) -> str:
        return str(body["starter"])


TYPE = Code()
