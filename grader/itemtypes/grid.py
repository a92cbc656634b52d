"""``grid``: rows that each take one of the same few columns."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field, field_validator, model_validator

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import (
    DIGITS,
    LOWER,
    Body,
    Identifier,
    Keyed,
    Labelled,
    Model,
    Pick,
    Points,
    PublicBody,
    Ranking,
    StaffType,
    Text,
    Weighted,
    number_ids,
    unique,
)
from grader.itemtypes.shared.chance import crossed, equally
from grader.itemtypes.shared.listed import Listed
from grader.itemtypes.shared.mistake import Mistake
from grader.itemtypes.shared.typed import even, total


class Column(Model):
    """What can be chosen in every row."""

    id: Identifier | None = None
    text: Text


class Row(Model):
    """A row; ``key``: the column, or the columns, that are right; ``feedback`` answers whoever chose another."""

    id: Identifier | None = None
    text: Text
    key: tuple[Identifier, ...] = Field(min_length=1)
    points: Points | None = None
    feedback: Text

    @field_validator("key", mode="before")
    @classmethod
    def _one(cls, key: object) -> object:
        return [key] if isinstance(key, str) else key


class Grid(Body):
    """A true/false table, or any other few columns."""

    columns: tuple[Column, ...] = Field(min_length=2, max_length=7)
    rows: tuple[Row, ...] = Field(min_length=2, max_length=9)

    @model_validator(mode="after")
    def _check(self) -> Grid:
        columns = number_ids(self.columns, LOWER)
        unique(columns, "columns")
        unique(number_ids(self.rows, DIGITS), "rows")
        for n, row in enumerate(self.rows):
            unknown = [name for name in row.key if name not in columns]
            if unknown:
                said = _("key «{unknown}» không có ở các cột.", unknown=unknown[0])
                raise Mistake("E-ITEM-5", f"rows.{n}.key", said)
            if len(set(row.key)) == len(columns):
                raise Mistake("E-ITEM-5", f"rows.{n}.key", _("cột nào cũng đúng thì dòng không hỏi gì."))
        if any(set(columns).intersection(*(row.key for row in self.rows))):
            raise Mistake("E-ITEM-8", "rows", _("một cột đúng ở mọi dòng: ai chọn cả cột ấy cũng được đủ điểm."))
        even([row.points for row in self.rows], "rows")
        return self

    def total(self) -> Decimal | None:
        return total([row.points for row in self.rows])

    def keyed(self) -> dict[str, Any]:
        ids = number_ids(self.columns, LOWER)
        return {
            **super().keyed(),
            "columns": [{"id": i, "text": c.text} for i, c in zip(ids, self.columns, strict=True)],
            "rows": [
                {"id": i, "text": r.text, "key": list(r.key), "points": str(r.points or 1), "feedback": r.feedback}
                for i, r in zip(number_ids(self.rows, DIGITS), self.rows, strict=True)
            ],
        }

    def public(self) -> dict[str, Any]:
        keyed = self.keyed()
        rows = [{"id": row["id"], "text": row["text"]} for row in keyed["rows"]]
        return {**super().public(), "columns": keyed["columns"], "rows": rows}

    def marking(self, lang: str) -> list[str]:
        texts = dict(zip(number_ids(self.columns, LOWER), (c.text for c in self.columns), strict=True))
        return [
            _("{row}: cũng đúng nếu chọn {columns}", row=row.text, columns="; ".join(texts[k] for k in row.key[1:]))
            for row in self.rows
            if len(row.key) > 1
        ]

    def carried(self) -> neutral.Carried:
        ids = number_ids(self.columns, LOWER)
        rows = [neutral.GridRow(r.text, tuple(ids.index(k) for k in r.key), r.feedback, r.points) for r in self.rows]
        return neutral.Grid(tuple(c.text for c in self.columns), tuple(rows)), ()


class PublicGrid(PublicBody):
    """Rows and columns without their key."""

    columns: list[Labelled]
    rows: list[Labelled]


class GridType(StaffType):
    """The answer is row → column."""

    model = Grid
    public = PublicGrid
    letter = "R"
    begin = _(
        'stem: "⟨câu hỏi cho mọi dòng⟩"\n'
        "columns:\n"
        '  - text: "⟨cột một⟩"\n'
        '  - text: "⟨cột hai⟩"\n'
        '  - text: "⟨cột ba⟩"\n'
        "rows:\n"
        '  - text: "⟨dòng thuộc cột hai⟩"\n'
        "    key: b\n"
        '    feedback: "⟨vì sao⟩"\n'
        '  - text: "⟨dòng thuộc cột một⟩"\n'
        "    key: a\n"
        '    feedback: "⟨vì sao⟩"\n'
        '  - text: "⟨dòng thuộc cột ba⟩"\n'
        "    key: c\n"
        '    feedback: "⟨vì sao⟩"\n'
    )
    roles: ClassVar = {"columns": "label", "rows": "option"}
    lists: ClassVar = (Listed("columns", LOWER, named_by="rows"), Listed("rows", DIGITS))
    has_options = True
    to_choose = True

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        if not isinstance(shape, neutral.Grid):
            return None
        rows = []
        for row in shape.rows:
            key = [LOWER[n] for n in row.right]
            points = {"points": neutral.plain(row.points)} if row.points is not None else {}
            said = {"feedback": row.feedback} if row.feedback else {}
            rows.append({"text": row.text, "key": key[0] if len(key) == 1 else key, **points, **said})
        return {"columns": [{"text": text} for text in shape.columns], "rows": rows}

    def corrected(self, old: Keyed, new: Keyed) -> Keyed:
        """Row by row, where its columns were there already."""
        columns = {c["id"] for c in old["columns"]}
        newer = {row["id"]: row for row in new["rows"] if set(row["key"]) <= columns}
        rows = [
            {**row, **{name: newer[row["id"]][name] for name in ("key", "feedback")}} if row["id"] in newer else row
            for row in old["rows"]
        ]
        return {**old, "rows": rows, "explanation": new["explanation"]}

    def right(self, body: Keyed) -> dict[str, str]:
        return {row["id"]: row["key"][0] for row in body["rows"]}

    def wrong(self, body: Keyed, rng: random.Random) -> dict[str, str]:
        row = rng.choice(body["rows"])
        other = rng.choice([c["id"] for c in body["columns"] if c["id"] not in row["key"]])
        return self.right(body) | {row["id"]: other}

    def partial(self, body: Keyed) -> tuple[dict[str, str], Fraction]:
        first = body["rows"][0]
        whole = sum((Fraction(row["points"]) for row in body["rows"]), Fraction(0))
        return {first["id"]: first["key"][0]}, Fraction(first["points"]) / whole

    def guesses(self, body: Keyed) -> Weighted:
        columns = [c["id"] for c in body["columns"]]
        return self._each(body, [columns] * len(body["rows"]))

    def as_it_stands(self, body: Keyed) -> Weighted:
        """The first column all the way down."""
        return self._each(body, [[body["columns"][0]["id"]]] * len(body["rows"]))

    def chosen_by(self, ranking: Ranking, body: Keyed) -> Weighted:
        """The column that ranks highest, all the way down; any of them where several do."""
        worth = {c["id"]: ranking(n, c["text"]) for n, c in enumerate(body["columns"])}
        best = [i for i, value in worth.items() if value == max(worth.values())]
        return equally([dict.fromkeys((row["id"] for row in body["rows"]), column) for column in best])

    def _each(self, body: Keyed, columns: list[list[str]]) -> Weighted:
        rows = [row["id"] for row in body["rows"]]
        return equally([dict(zip(rows, chosen, strict=True)) for chosen in crossed(columns)])

    def picks(self, body: Keyed) -> list[Pick]:
        return [
            Pick(row["id"] + column["id"], f"{row['text']} → {column['text']}", column["id"] in row["key"])
            for row in body["rows"]
            for column in body["columns"]
        ]

    def picked(self, body: Keyed, value: object) -> set[str]:
        chosen = value.items() if isinstance(value, dict) else ()
        return {f"{row}{column}" for row, column in chosen} & {pick.id for pick in self.picks(body)}


TYPE = GridType()
