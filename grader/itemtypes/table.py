"""``table``: a table with cells to fill in."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field, model_validator

from course.words import _, joined
from grader.itemtypes.shared.base import (
    DIGITS,
    Body,
    Identifier,
    Keyed,
    Labelled,
    Model,
    Points,
    Public,
    PublicBody,
    StaffType,
    Text,
    Weighted,
)
from grader.itemtypes.shared.chance import equally, numbers_in, products
from grader.itemtypes.shared.listed import Listed
from grader.itemtypes.shared.mistake import Mistake
from grader.itemtypes.shared.typed import accepted, first_alone, right_text


class Axis(Model):
    """A column or a row of a table."""

    id: Identifier | None = None
    text: Text


class Cell(Model):
    """A cell: given, a number, or a short text."""

    given: Text | None = None
    value: Decimal | None = None
    tol: Decimal = Field(default=Decimal(0), ge=0)
    unit: str = ""
    accept: tuple[Text, ...] | None = None
    points: Points | None = None
    feedback: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Cell:
        if sum(kind is not None for kind in (self.given, self.value, self.accept)) != 1:
            raise Mistake("E-ITEM-1", "", _("ô cần đúng một trong given, value, accept."))
        if self.given is None and (self.points is None or self.feedback is None):
            raise Mistake("E-ITEM-1", "", _("ô phải điền cần points và feedback."))
        return self


class Table(Body):
    """A table with cells to fill in."""

    columns: tuple[Axis, ...] = Field(min_length=1, max_length=8)
    rows: tuple[Axis, ...] = Field(min_length=1, max_length=12)
    cells: dict[str, Cell]

    def axes(self) -> tuple[list[str], list[str]]:
        """Return the ids of rows and columns."""
        return [r.id or f"r{n}" for n, r in enumerate(self.rows, 1)], [
            c.id or f"c{n}" for n, c in enumerate(self.columns, 1)
        ]

    @model_validator(mode="after")
    def _check(self) -> Table:
        rows, columns = self.axes()
        known = {r + c for r in rows for c in columns}
        for name in self.cells:
            if name not in known:
                raise Mistake("E-ITEM-5", f"cells.{name}", _("ô «{name}» không có trong bảng.", name=name))
        if all(cell.given is not None for cell in self.cells.values()):
            raise Mistake("E-ITEM-1", "cells", _("bảng không có ô nào để điền."))
        return self

    def total(self) -> Decimal | None:
        return sum((c.points for c in self.cells.values() if c.points), Decimal(0))

    def keyed(self) -> dict[str, Any]:
        rows, columns = self.axes()
        return {
            **super().keyed(),
            "columns": [{"id": i, "text": c.text} for i, c in zip(columns, self.columns, strict=True)],
            "rows": [{"id": i, "text": r.text} for i, r in zip(rows, self.rows, strict=True)],
            "cells": {name: cell.model_dump(mode="json", exclude_none=True) for name, cell in self.cells.items()},
        }

    def public(self) -> dict[str, Any]:
        keyed = self.keyed()
        cells = {n: {k: v for k, v in c.items() if k in {"given", "unit", "points"}} for n, c in keyed["cells"].items()}
        return {**super().public(), "columns": keyed["columns"], "rows": keyed["rows"], "cells": cells}

    def marking(self, lang: str) -> list[str]:
        keyed = self.keyed()
        places = {r["id"] + c["id"]: f"{r['text']}, {c['text']}:" for r in keyed["rows"] for c in keyed["columns"]}
        return [joined(" ", [places[cell["id"]], said]) for cell in _open(keyed) for said in accepted(cell, lang)]

    def asks_numbers(self) -> bool:
        return True

    def figures(self) -> str:
        return str(self.public()["cells"])


class PublicCell(Public):
    """A cell of a table: given, or to be filled in."""

    given: str | None = None
    unit: str = ""
    points: str | None = None


class PublicTable(PublicBody):
    """The table with its open cells empty."""

    columns: list[Labelled]
    rows: list[Labelled]
    cells: dict[str, PublicCell]


class TableType(StaffType):
    """The answer is cell → what was typed."""

    model = Table
    public = PublicTable
    letter = "C"
    typed = True
    begin = _(
        'stem: "⟨điền ô trống⟩"\n'
        "columns:\n"
        '  - text: "⟨cột một⟩"\n'
        '  - text: "⟨cột hai⟩"\n'
        "rows:\n"
        '  - text: "⟨dòng một⟩"\n'
        "cells:\n"
        "  r1c1:\n"
        "    given: 60\n"
        "  r1c2:\n"
        "    value: 75\n"
        '    unit: "%"\n'
        "    points: 2\n"
        '    feedback: "⟨cách tính⟩"\n'
    )
    roles: ClassVar = {"columns": "label", "rows": "label", "given": "label"}
    lists: ClassVar = (
        Listed("rows", DIGITS, named_by="cells", prefix="r"),
        Listed("columns", DIGITS, named_by="cells", prefix="c"),
    )
    inside: ClassVar = {"accept": "answer"}

    def corrected(self, old: Keyed, new: Keyed) -> Keyed:
        """Cell by cell, where rows, columns and all that is given are the same."""
        if self._shown(old) != self._shown(new):
            return old
        cells = {name: {**new["cells"][name], "points": cell["points"]} for name, cell in _named(old)}
        return {**old, "cells": {**old["cells"], **cells}, "explanation": new["explanation"]}

    def _shown(self, body: Keyed) -> list[Any]:
        cells = {n: [c.get(k) for k in ("given", "unit")] + ["accept" in c] for n, c in body["cells"].items()}
        return [body["rows"], body["columns"], cells]

    def right(self, body: Keyed) -> dict[str, str]:
        return {c["id"]: right_text(c) for c in _open(body)}

    def wrong(self, body: Keyed, rng: random.Random) -> dict[str, str]:
        return dict.fromkeys((c["id"] for c in _open(body)), "0")

    def partial(self, body: Keyed) -> tuple[dict[str, str], Fraction]:
        return first_alone(_open(body))

    def guesses(self, body: Keyed) -> Weighted:
        names = [c["id"] for c in _open(body)]
        seen = numbers_in(body["stem"] + " ".join(c.get("given", "") for c in body["cells"].values()))
        return equally([dict(zip(names, values, strict=True)) for values in products(seen, len(names))])


def _named(body: Keyed) -> list[tuple[str, dict[str, Any]]]:
    return [(name, cell) for name, cell in body["cells"].items() if "given" not in cell]


def _open(body: Keyed) -> list[dict[str, Any]]:
    return [{"id": name, **cell} for name, cell in body["cells"].items() if "given" not in cell]


TYPE = TableType()
