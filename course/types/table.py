"""``table``: cells to fill in, numbers or words."""

from __future__ import annotations

from collections.abc import Mapping

from course import markup
from course.types.shared import paper, reading
from course.types.shared.base import Body, ItemType, Mix, Outcome, Part, Spec
from course.words import SOURCE, _


class Table(ItemType):
    """The answer is cell (``r1c2``) → what was typed; each cell has points and feedback of its own."""

    hint = _("Điền vào các ô trống; số viết như 91,25 hoặc 1.200.")

    def read(self, body: Body, value: object) -> dict[str, str]:
        return reading.parts(value, list(_open(body)))

    def score(self, body: Body, answer: dict[str, str]) -> Outcome:
        open_cells = _open(body)
        lang = body.get("language", SOURCE)
        results = [
            (open_cells[name], *reading.entered({"id": name, **open_cells[name]}, typed, lang))
            for name, typed in sorted(answer.items())
        ]
        return reading.added_up(list(open_cells.values()), results)

    def on_paper(self, body: Body, mix: Mix, answer: dict[str, str] | None = None) -> str:
        def cell(name: str) -> str:
            asked = body["cells"].get(name)
            if asked is None:
                return ""
            return str(asked.get("given") or paper.blank((answer or {}).get(name), asked.get("unit", ""), dots=6))

        columns, rows = body["columns"], body["rows"]
        written = [[row["text"], *(cell(row["id"] + c["id"]) for c in columns)] for row in rows]
        return paper.table([["", *(c["text"] for c in columns)], *written])

    def fields(self, body: Body, mix: Mix) -> Spec:
        cells = {c: {"given": cell.get("given"), "unit": cell.get("unit", "")} for c, cell in body["cells"].items()}
        return {"columns": markup.labelled(body["columns"]), "rows": markup.labelled(body["rows"]), "cells": cells}

    def open_parts(self, body: Body) -> Mapping[str, str | None]:
        return dict.fromkeys(_open(body))

    def answered(self, body: Body, answer: dict[str, str]) -> list[Part]:
        places = [(r["id"] + c["id"], f"{r['text']}, {c['text']}") for r in body["rows"] for c in body["columns"]]
        return [
            Part(name, label, answer[name], body["cells"][name].get("unit", ""))
            for name, label in places
            if name in answer
        ]


def _open(body: Body) -> dict[str, Body]:
    return {name: cell for name, cell in body["cells"].items() if "given" not in cell}


TYPE = Table()
