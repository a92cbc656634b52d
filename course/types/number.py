"""``number``: numbers with units."""

from __future__ import annotations

from collections.abc import Mapping

from course import markup
from course.types.shared import paper, reading
from course.types.shared.base import Body, ItemType, Mix, Outcome, Part, Spec
from course.words import SOURCE, _


class Number(ItemType):
    """The answer is part → number as typed; each part has points of its own."""

    hint = _("Viết số như 91,25 hoặc 1.200.")

    def read(self, body: Body, value: object) -> dict[str, str]:
        return reading.parts(value, [p["id"] for p in body["parts"]])

    def score(self, body: Body, answer: dict[str, str]) -> Outcome:
        parts = {p["id"]: p for p in body["parts"]}
        results = [
            (parts[i], *reading.measure(parts[i], typed, body.get("language", SOURCE)))
            for i, typed in sorted(answer.items())
        ]
        return reading.added_up(body["parts"], results)

    def on_paper(self, body: Body, mix: Mix, answer: dict[str, str] | None = None) -> str:
        said = answer or {}
        return "\n\n".join(
            f"{paper.run(p['label'])}: {paper.blank(said.get(p['id']), p.get('unit', ''))}" for p in body["parts"]
        )

    def fields(self, body: Body, mix: Mix) -> Spec:
        return {
            "parts": [
                {"id": p["id"], "label": markup.inline(p["label"]), "unit": p.get("unit", "")} for p in body["parts"]
            ]
        }

    def numbers(self, spec: Spec) -> Mapping[str, str]:
        return {p["id"]: p["unit"] for p in spec["parts"]}

    def open_parts(self, body: Body) -> Mapping[str, str | None]:
        return {p["id"]: str(p.get("unit", "")) for p in body["parts"]}

    def answered(self, body: Body, answer: dict[str, str]) -> list[Part]:
        return [
            Part(p["id"], p["label"], answer[p["id"]], p.get("unit", "")) for p in body["parts"] if p["id"] in answer
        ]


TYPE = Number()
