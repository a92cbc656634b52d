"""Items whose answer is typed into fields: ``number``, ``text``, ``table``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import Field, model_validator

from course.words import _
from grader.itemtypes.base import LOWER, Body, Identifier, Mistake, Model, Points, Text, number_ids, unique


class TypicalNumber(Model):
    """A typical wrong value and what to say about it."""

    value: Decimal
    text: Text


class Part(Model):
    """One number asked for; ``tol`` is absolute, in the unit of ``value``."""

    id: Identifier | None = None
    label: Text
    unit: str = ""
    value: Decimal
    tol: Decimal = Field(default=Decimal(0), ge=0)
    points: Points | None = None
    feedback: tuple[TypicalNumber, ...] = ()


class Number(Body):
    """One or more numbers with units."""

    parts: tuple[Part, ...] = Field(min_length=1, max_length=9)

    @model_validator(mode="after")
    def _check(self) -> Number:
        unique(number_ids(self.parts, LOWER), "parts")
        if 0 < sum(part.points is None for part in self.parts) < len(self.parts):
            raise Mistake("E-ITEM-1", "parts", _("hãy ghi points cho mọi phần, hoặc không phần nào."))
        for index, part in enumerate(self.parts):
            for typical in part.feedback:
                if abs(typical.value - part.value) <= part.tol:
                    raise Mistake(
                        "E-ITEM-5",
                        f"parts.{index}.feedback",
                        _("giá trị sai {value} nằm trong sai số của đáp án.", value=typical.value),
                    )
        return self

    def total(self) -> Decimal | None:
        points = [p.points for p in self.parts if p.points is not None]
        return sum(points, Decimal(0)) if points else None

    def keyed(self) -> dict[str, Any]:
        return {
            **super().keyed(),
            "parts": [
                {
                    "id": i,
                    "label": p.label,
                    "unit": p.unit,
                    "value": str(p.value),
                    "tol": str(p.tol),
                    "points": str(p.points or 1),
                    "feedback": [{"value": str(f.value), "text": f.text} for f in p.feedback],
                }
                for i, p in zip(number_ids(self.parts, LOWER), self.parts, strict=True)
            ],
        }

    def public(self) -> dict[str, Any]:
        return {
            **super().public(),
            "parts": [{k: part[k] for k in ("id", "label", "unit", "points")} for part in self.keyed()["parts"]],
        }


class TypicalText(Model):
    """Typical wrong answers and what to say about them."""

    accept: tuple[Text, ...] = Field(min_length=1)
    text: Text


class ShortText(Body):
    """A short answer compared with a list."""

    accept: tuple[Text, ...] = Field(min_length=1)
    fold: bool = False
    feedback: tuple[TypicalText, ...] = ()

    def keyed(self) -> dict[str, Any]:
        return {**super().keyed(), **self.model_dump(mode="json", include={"accept", "fold", "feedback"})}


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
