"""``match``: a right side for each left side."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from course import markup
from course.types.shared import paper, reading
from course.types.shared.base import Body, InvalidAnswer, ItemType, Mix, Note, Outcome, Part, Spec, named
from course.words import _


class Match(ItemType):
    """The answer is left id → right id, each right side once."""

    hint = _("Với mỗi ý, chọn chữ cái của vế phù hợp. Mỗi chữ cái chỉ dùng một lần; có vế thừa.")

    def read(self, body: Body, value: object) -> dict[str, str]:
        pairs = reading.parts(value, [e["id"] for e in body["left"]])
        known = {e["id"] for e in body["right"]}
        if not known.issuperset(pairs.values()):
            raise InvalidAnswer(_("Có một vế được ghép với mã không có trong câu hỏi."))
        if len(set(pairs.values())) != len(pairs):
            raise InvalidAnswer(_("Mỗi vế bên phải chỉ được dùng một lần."))
        return pairs

    def score(self, body: Body, answer: dict[str, str]) -> Outcome:
        notes = []
        for left, right in sorted(answer.items()):
            if body["key"][left] == right:
                notes.append(Note(left, True, body["feedback"][left]))
            else:
                spare = body["right_feedback"].get(right, "")
                said = spare or _("Cặp này chưa khớp: hãy đọc lại cả hai vế rồi cân nhắc vế khác.")
                notes.append(Note(left, False, said))
        return Outcome(Fraction(sum(bool(n.right) for n in notes), len(body["key"])), notes)

    def on_paper(self, body: Body, mix: Mix, answer: dict[str, str] | None = None) -> str:
        sides = list(zip(markup.LETTERS, mix(body["right"], "right"), strict=False))
        letters = {side["id"]: letter for letter, side in sides}
        chosen = {left: letters[right] for left, right in (answer or {}).items()}
        rows = [
            f"**{n}.** {paper.run(side['text'])} → {paper.blank(chosen.get(side['id']), dots=4)}"
            for n, side in enumerate(mix(body["left"], "left"), start=1)
        ]
        return "\n\n".join([*rows, *(f"**{letter}.** {paper.run(side['text'])}" for letter, side in sides)])

    def fields(self, body: Body, mix: Mix) -> Spec:
        return {
            "left": markup.labelled(mix(body["left"], "left")),
            "right": markup.lettered(mix(body["right"], "right")),
        }

    def said_of(self, spec: Spec, about: str) -> str:
        return next((f"Ý {n}" for n, e in enumerate(spec["left"], start=1) if e["id"] == about), "")

    def open_parts(self, body: Body) -> Mapping[str, str | None]:
        return {e["id"]: None for e in body["left"]}

    def answered(self, body: Body, answer: dict[str, str]) -> list[Part]:
        right = {e["id"]: e["text"] for e in body["right"]}
        return [Part(e["id"], e["text"] + " → ", right[answer[e["id"]]]) for e in body["left"] if e["id"] in answer]

    def readable(self, body: Body, value: object) -> str:
        if not isinstance(value, Mapping):
            return super().readable(body, value)
        names = self.names(body)
        return "\n".join(f"{named(names, k)} → {named(names, v)}" for k, v in sorted(value.items(), key=str))


TYPE = Match()
