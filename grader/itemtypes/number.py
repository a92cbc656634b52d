"""``number``: one or more numbers with units."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field, model_validator

from course.words import _, joined
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import (
    LOWER,
    Body,
    Identifier,
    Keyed,
    Model,
    Points,
    Public,
    PublicBody,
    StaffType,
    Text,
    Weighted,
    number_ids,
    unique,
)
from grader.itemtypes.shared.chance import equally, numbers_in, products
from grader.itemtypes.shared.listed import Listed
from grader.itemtypes.shared.mistake import Mistake
from grader.itemtypes.shared.typed import accepted, even, first_alone, off, total, vietnamese


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
        even([part.points for part in self.parts], "parts")
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
        return total([p.points for p in self.parts])

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

    def asks_numbers(self) -> bool:
        return True

    def marking(self, lang: str) -> list[str]:
        return [
            joined(" ", [f"{part['label']}:", said]) for part in self.keyed()["parts"] for said in accepted(part, lang)
        ]

    def carried(self) -> neutral.Carried:
        fields = []
        for part in self.parts:
            typical = tuple(neutral.Value(f.value, weight=Decimal(0), feedback=f.text) for f in part.feedback)
            values = (neutral.Value(part.value, part.tol), *typical)
            fields.append(neutral.NumberField(part.label, part.unit, values, part.points))
        return neutral.Numbers(tuple(fields)), ()

    def unanswered(self) -> Iterator[tuple[str, str]]:
        for number, part in enumerate(self.parts):
            if not part.feedback:
                yield f"parts.{number}", _("phần này chưa có phản hồi cho giá trị sai thường gặp.")


class PublicPart(Public):
    """One number asked for."""

    id: str
    label: str
    unit: str
    points: str


class PublicNumber(PublicBody):
    """What is asked for, without values."""

    parts: list[PublicPart]


class NumberType(StaffType):
    """The answer is part → number as typed."""

    model = Number
    public = PublicNumber
    letter = "N"
    typed = True
    begin = _(
        'stem: "⟨câu hỏi có số liệu⟩"\n'
        "parts:\n"
        '  - label: "⟨tên con số⟩"\n'
        '    unit: "%"\n'
        "    value: 85\n"
        "    tol: 0.5\n"
        "    feedback:\n"
        "      - value: 0.85\n"
        '        text: "⟨vì sao số này chưa đúng⟩"\n'
    )
    roles: ClassVar = {"label": "label"}
    lists: ClassVar = (Listed("parts", LOWER, text="label"),)
    copied = True

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        return {"parts": [_part(f) for f in shape.fields]} if isinstance(shape, neutral.Numbers) else None

    def corrected(self, old: Keyed, new: Keyed) -> Keyed:
        """Part by part, where the same is asked in the same unit."""
        newer = {part["id"]: part for part in new["parts"]}
        parts = [
            {**part, **{name: newer[part["id"]][name] for name in ("value", "tol", "feedback")}}
            if part["id"] in newer and all(part[f] == newer[part["id"]][f] for f in ("label", "unit"))
            else part
            for part in old["parts"]
        ]
        return {**old, "parts": parts, "explanation": new["explanation"]}

    def right(self, body: Keyed) -> dict[str, str]:
        return {p["id"]: vietnamese(p["value"]) for p in body["parts"]}

    def wrong(self, body: Keyed, rng: random.Random) -> dict[str, str]:
        return {p["id"]: vietnamese(_off(p, rng)) for p in body["parts"]}

    def partial(self, body: Keyed) -> tuple[dict[str, str], Fraction]:
        return first_alone(body["parts"])

    def guesses(self, body: Keyed) -> Weighted:
        parts = [p["id"] for p in body["parts"]]
        return equally(
            [dict(zip(parts, values, strict=True)) for values in products(numbers_in(body["stem"]), len(parts))]
        )


def _part(field: neutral.NumberField) -> neutral.Fields:
    part: neutral.Fields = {"label": field.label, "unit": field.unit}
    right = [v for v in field.values if v.weight > 0]
    wrong = [{"value": neutral.plain(v.value), "text": v.feedback} for v in field.values if v.weight <= 0]
    if right:
        part |= {"value": neutral.plain(right[0].value)}
        part |= {"tol": neutral.plain(right[0].tol)} if right[0].tol else {}
    part |= {"points": neutral.plain(field.points)} if field.points is not None else {}
    return part | ({"feedback": wrong} if wrong else {})


_TYPICAL = 0.7  # share of mistakes that are the typical ones


def _off(part: Keyed, rng: random.Random) -> str:
    if part["feedback"] and rng.random() < _TYPICAL:
        return str(rng.choice(part["feedback"])["value"])
    return off(part)


TYPE = NumberType()
