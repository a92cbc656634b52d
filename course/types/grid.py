"""``grid``: for each row one of the same few columns, as in true/false tables and scales."""

from __future__ import annotations

from collections.abc import Mapping

from course import markup
from course.types.shared import paper, reading
from course.types.shared.base import Body, InvalidAnswer, ItemType, Mix, Note, Outcome, Part, Spec
from course.words import _


class Grid(ItemType):
    """The answer is row → column; each row has points and feedback of its own."""

    hint = _("Với mỗi dòng, chọn một cột.")

    def read(self, body: Body, value: object) -> dict[str, str]:
        chosen = reading.parts(value, [r["id"] for r in body["rows"]])
        if not {c["id"] for c in body["columns"]}.issuperset(chosen.values()):
            raise InvalidAnswer(_("Có một dòng chọn cột không có trong câu hỏi."))
        return chosen

    def score(self, body: Body, answer: dict[str, str]) -> Outcome:
        results = []
        for row in body["rows"]:
            if row["id"] in answer:
                right = answer[row["id"]] in row["key"]
                results.append((row, right, Note(row["id"], right, _("Đúng.") if right else row["feedback"])))
        return reading.added_up(body["rows"], results)

    def on_paper(self, body: Body, mix: Mix, answer: dict[str, str] | None = None) -> str:
        chosen = answer or {}
        rows = [
            [row["text"], *(paper.box(ticked=chosen.get(row["id"]) == c["id"]) for c in body["columns"])]
            for row in mix(body["rows"])
        ]
        return paper.table([["", *(c["text"] for c in body["columns"])], *rows])

    def fields(self, body: Body, mix: Mix) -> Spec:
        return {"columns": markup.labelled(body["columns"]), "rows": markup.labelled(mix(body["rows"]))}

    def said_of(self, spec: Spec, about: str) -> str:
        return next((_("Dòng {n}", n=n) for n, row in enumerate(spec["rows"], start=1) if row["id"] == about), "")

    def open_parts(self, body: Body) -> Mapping[str, str | None]:
        return {row["id"]: None for row in body["rows"]}

    def answered(self, body: Body, answer: dict[str, str]) -> list[Part]:
        columns = {c["id"]: c["text"] for c in body["columns"]}
        return [Part(r["id"], r["text"] + " → ", columns[answer[r["id"]]]) for r in body["rows"] if r["id"] in answer]

    def readable(self, body: Body, value: object) -> str:
        if not isinstance(value, Mapping):
            return super().readable(body, value)
        rows = {r["id"]: r["text"] for r in body["rows"]}
        columns = {c["id"]: c["text"] for c in body["columns"]}
        return "\n".join(
            f"{rows.get(k, k)} → {columns.get(v, v) if isinstance(v, str) else v}"
            for k, v in sorted(value.items(), key=str)
        )


TYPE = Grid()
