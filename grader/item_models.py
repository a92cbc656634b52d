"""What an author writes in an ``{item}`` fence: one model per type, turned into the keyed body and the public body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
Level = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
Scenario = Literal["shift", "after_storm", "pay_rumour", "impersonation", "osh", "emulation", "cla", "daily", "media", "meeting"]


class Mistake(ValueError):
    """A mistake of the author that only this model can see; becomes a ``Finding``."""

    def __init__(self, code: str, field: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.field = field
        self.vi = vi
        self.en = en


def _two_decimals(value: Decimal) -> Decimal:
    if value <= 0 or value != value.quantize(Decimal("0.01")):
        raise Mistake("E-ITEM-3", "", "điểm phải lớn hơn 0, nhiều nhất hai chữ số thập phân.", "points must be above 0, with at most two decimals.")
    return value


Points = Annotated[Decimal, AfterValidator(_two_decimals)]


class Model(BaseModel):
    """Base of all author-facing models: a field that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Head(Model):
    """Fields that an item has once, whatever its type; see ``docs/items.md``."""

    type: str
    points: Points | None = None
    outcome: int = Field(ge=1, le=9)
    level: Level | None = None
    scenario: Scenario | None = None
    src: tuple[str, ...] = ()
    critical: Points | None = None
    component_min: Points | None = None
    withdrawn: bool = False
    simulated: bool = False
    practice: bool = False
    recall: str | None = None


class Body(Model):
    """Fields that may differ between variants."""

    stem: Text
    explanation: str = ""

    def keyed(self) -> dict[str, Any]:
        """Return the body with its key, as written to ``keys/``."""
        return {"stem": self.stem, "explanation": self.explanation}

    def public(self) -> dict[str, Any]:
        """Return the body that a cadre may see."""
        return {"stem": self.stem}

    def total(self) -> Decimal | None:
        """Return what the parts' points add up to; ``None`` for a type whose parts carry no points."""
        return None

    def by_hand(self) -> Decimal:
        """Return the points of the part that a person marks."""
        return Decimal(0)


def _number_ids(entries: Iterable[Any], names: str) -> list[str]:
    return [entry.id or names[index] for index, entry in enumerate(entries)]


def _unique(ids: list[str], field: str) -> None:
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        raise Mistake("E-ITEM-7", field, f"mã {sorted(twice)} dùng hai lần.", f"id {sorted(twice)} is used twice.")


_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = _UPPER.lower()
_DIGITS = "123456789"


class Option(Model):
    """One option of a choice."""

    id: Identifier | None = None
    text: Text
    correct: bool = False
    feedback: Text


class Choice(Body):
    """``single`` and ``multiple``."""

    options: tuple[Option, ...] = Field(min_length=2, max_length=10)
    veto: tuple[str, ...] = ()

    def ids(self) -> list[str]:
        """Return the ids of the options, in source order."""
        return _number_ids(self.options, _UPPER)

    def correct(self) -> list[str]:
        """Return the ids of the right options."""
        return [i for i, option in zip(self.ids(), self.options, strict=True) if option.correct]

    @model_validator(mode="after")
    def _check(self) -> Choice:
        _unique(self.ids(), "options")
        for name in self.veto:
            if name not in self.ids():
                raise Mistake("E-ITEM-5", "veto", f"veto nêu phương án «{name}» không có.", f"veto names an option '{name}' that does not exist.")
            if name in self.correct():
                raise Mistake("E-ITEM-5", "veto", f"veto nêu phương án đúng «{name}».", f"veto names the right option '{name}'.")
        return self

    def keyed(self) -> dict[str, Any]:
        ids = self.ids()
        return {
            **super().keyed(),
            "options": [{"id": i, "text": o.text} for i, o in zip(ids, self.options, strict=True)],
            "correct": self.correct(),
            "feedback": {i: o.feedback for i, o in zip(ids, self.options, strict=True)},
            "veto": list(self.veto),
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "options": self.keyed()["options"]}


class Single(Choice):
    """One right option."""

    @model_validator(mode="after")
    def _one(self) -> Single:
        if len(self.correct()) != 1:
            raise Mistake(
                "E-ITEM-5",
                "options",
                f"có {len(self.correct())} phương án ghi correct: true; câu single cần đúng một.",
                f"{len(self.correct())} options say correct: true; a single item needs exactly one.",
            )
        return self


class Multiple(Choice):
    """One or more right options, and at least one wrong one."""

    @model_validator(mode="after")
    def _some(self) -> Multiple:
        if not 0 < len(self.correct()) < len(self.options):
            raise Mistake(
                "E-ITEM-5",
                "options",
                "cần ít nhất một phương án đúng và một phương án sai.",
                "at least one right and one wrong option are needed.",
            )
        return self


class Left(Model):
    """A left side of a pair; ``key`` is the id of its right side."""

    id: Identifier | None = None
    text: Text
    key: Identifier
    feedback: Text


class Right(Model):
    """A right side; ``feedback`` answers whoever picks it wrongly."""

    id: Identifier | None = None
    text: Text
    feedback: str = ""


class Match(Body):
    """Pairs, with at least one spare on the right."""

    left: tuple[Left, ...] = Field(min_length=2, max_length=9)
    right: tuple[Right, ...] = Field(min_length=3, max_length=12)

    @model_validator(mode="after")
    def _check(self) -> Match:
        left, right = _number_ids(self.left, _DIGITS), _number_ids(self.right, _LOWER)
        _unique(left, "left")
        _unique(right, "right")
        keys = [entry.key for entry in self.left]
        unknown = [k for k in keys if k not in right]
        if unknown:
            raise Mistake("E-ITEM-5", "left", f"key «{unknown[0]}» không có ở vế phải.", f"key '{unknown[0]}' is not on the right.")
        if len(set(keys)) != len(keys):
            raise Mistake("E-ITEM-5", "left", "hai vế trái cùng một key.", "two left sides have the same key.")
        if len(right) <= len(left):
            raise Mistake("E-ITEM-5", "right", "cần ít nhất một vế phải thừa.", "at least one spare right side is needed.")
        if keys == right[: len(keys)]:
            raise Mistake(
                "E-ITEM-8", "right", "mã làm lộ đáp án (1a 2b 3c …): hãy đổi thứ tự vế phải.", "the ids give the key away (1a 2b 3c …): reorder the right sides."
            )
        return self

    def keyed(self) -> dict[str, Any]:
        left, right = _number_ids(self.left, _DIGITS), _number_ids(self.right, _LOWER)
        return {
            **super().keyed(),
            "left": [{"id": i, "text": e.text} for i, e in zip(left, self.left, strict=True)],
            "right": [{"id": i, "text": e.text} for i, e in zip(right, self.right, strict=True)],
            "key": {i: e.key for i, e in zip(left, self.left, strict=True)},
            "feedback": {i: e.feedback for i, e in zip(left, self.left, strict=True)},
            "right_feedback": {i: e.feedback for i, e in zip(right, self.right, strict=True) if e.feedback},
        }

    def public(self) -> dict[str, Any]:
        keyed = self.keyed()
        return {**super().public(), "left": keyed["left"], "right": keyed["right"]}


class Step(Model):
    """One step to be put in order."""

    id: Identifier | None = None
    text: Text


class Confusion(Model):
    """Feedback for whoever puts ``wrong[0]`` before ``wrong[1]``."""

    wrong: tuple[str, str]
    text: Text


class Order(Body):
    """Steps whose key is a list of groups; steps of one group may stand in any order."""

    steps: tuple[Step, ...] = Field(min_length=3, max_length=9)
    key: tuple[tuple[str, ...], ...]
    feedback: tuple[Confusion, ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """Return the pairs (first, second) that the key asks for."""
        return [(a, b) for n, group in enumerate(self.key) for a in group for later in self.key[n + 1 :] for b in later]

    @model_validator(mode="after")
    def _check(self) -> Order:
        ids = _number_ids(self.steps, _DIGITS)
        _unique(ids, "steps")
        named = [i for group in self.key for i in group]
        if sorted(named) != sorted(ids):
            raise Mistake("E-ITEM-5", "key", "key phải nêu mỗi bước đúng một lần.", "the key must name every step exactly once.")
        for confusion in self.feedback:
            if not set(confusion.wrong) <= set(ids):
                raise Mistake("E-ITEM-5", "feedback", f"wrong {list(confusion.wrong)} nêu bước không có.", f"wrong {list(confusion.wrong)} names a step that does not exist.")
            if tuple(confusion.wrong) in self.pairs():
                raise Mistake(
                    "E-ITEM-5", "feedback", f"wrong {list(confusion.wrong)} là thứ tự đúng.", f"wrong {list(confusion.wrong)} is the right order."
                )
        pairs = self.pairs()
        if not pairs:
            raise Mistake("E-ITEM-5", "key", "key chỉ có một nhóm nên không có thứ tự.", "the key has one group only, so there is no order.")
        follows = sum(ids.index(a) < ids.index(b) for a, b in pairs)
        if 10 * max(follows, len(pairs) - follows) > 7 * len(pairs):
            raise Mistake(
                "E-ITEM-8",
                "steps",
                f"mã làm lộ đáp án: {follows}/{len(pairs)} cặp theo thứ tự viết. Hãy xáo các bước (30–70 %).",
                f"the ids give the key away: {follows}/{len(pairs)} pairs follow source order. Shuffle the steps (30–70 %).",
            )
        return self

    def keyed(self) -> dict[str, Any]:
        ids = _number_ids(self.steps, _DIGITS)
        return {
            **super().keyed(),
            "steps": [{"id": i, "text": s.text} for i, s in zip(ids, self.steps, strict=True)],
            "key": [list(group) for group in self.key],
            "feedback": [{"wrong": list(c.wrong), "text": c.text} for c in self.feedback],
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "steps": self.keyed()["steps"]}


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
        _unique(_number_ids(self.parts, _LOWER), "parts")
        for index, part in enumerate(self.parts):
            for typical in part.feedback:
                if abs(typical.value - part.value) <= part.tol:
                    raise Mistake(
                        "E-ITEM-5", f"parts.{index}.feedback", f"giá trị sai {typical.value} nằm trong sai số của đáp án.", f"the wrong value {typical.value} lies within the key's tolerance."
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
                for i, p in zip(_number_ids(self.parts, _LOWER), self.parts, strict=True)
            ],
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "parts": [{k: part[k] for k in ("id", "label", "unit", "points")} for part in self.keyed()["parts"]]}


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


class SentenceRule(Model):
    """One sentence has one of ``any``, all of ``all`` (an entry may be a list: one of these), none of ``none``."""

    any: tuple[Text, ...] | None = None
    all: tuple[Text | tuple[Text, ...], ...] | None = None
    none: tuple[Text, ...] | None = None
    time_in: tuple[Clock, ...] | None = None
    time_after: Clock | None = None


class AfterRule(Model):
    """In one sentence one of ``any`` follows one of ``cue``."""

    cue: tuple[Text, ...]
    any: tuple[Text, ...]


class Rules(Model):
    """The named rules of ``course.vietnamese.RULES``; several are joined by "and"."""

    length: tuple[int, int] | None = None
    any: tuple[Text, ...] | None = None
    none: tuple[Text, ...] | None = None
    time_in: tuple[Clock, ...] | None = None
    time_after: Clock | None = None
    sentence: SentenceRule | None = None
    after: AfterRule | None = None
    person_name: Literal["true"] | None = None
    phone: Literal["true"] | None = None
    id_number: Literal["true"] | None = None
    feedback: Text

    @model_validator(mode="after")
    def _some_rule(self) -> Rules:
        if not self.rules():
            raise Mistake("E-ITEM-1", "", "thiếu quy tắc kiểm (length, any, none, …).", "no rule (length, any, none, …).")
        return self

    def rules(self) -> dict[str, Any]:
        """Return rule name → argument."""
        return self.model_dump(mode="json", exclude={"feedback", "id", "points"}, exclude_none=True)


class Check(Rules):
    """One automatic check of a text."""

    id: Identifier
    points: Points


class Vector(Model):
    """A test of the checks: this text earns these automatic points."""

    text: Text
    points: Decimal = Field(ge=0)


class RubricRow(Model):
    """One criterion: what each level (points as a string) looks like."""

    id: Identifier
    text: Text
    levels: dict[str, Text]

    def highest(self) -> Decimal:
        """Return the points of the best level."""
        return max(Decimal(level) for level in self.levels)


class ManualPart(Model):
    """The part of a post that a person marks."""

    points: Points
    rubric: tuple[RubricRow, ...] = Field(min_length=1)


class Post(Body):
    """A text written to a situation and checked by named rules."""

    words: tuple[int, int]
    min_words: int = 0
    checks: tuple[Check, ...] = Field(min_length=1)
    veto: tuple[Rules, ...] = ()
    sample: Text
    vectors: tuple[Vector, ...] = ()
    manual: ManualPart | None = None

    def total(self) -> Decimal | None:
        return sum((c.points for c in self.checks), self.by_hand())

    def by_hand(self) -> Decimal:
        return self.manual.points if self.manual else Decimal(0)

    def keyed(self) -> dict[str, Any]:
        manual = self.manual.model_dump(mode="json") if self.manual else None
        return {
            **super().keyed(),
            "words": list(self.words),
            "min_words": self.min_words,
            "checks": [{"id": c.id, "points": str(c.points), "rules": c.rules(), "feedback": c.feedback} for c in self.checks],
            "veto": [{"rules": v.rules(), "feedback": v.feedback} for v in self.veto],
            "sample": self.sample,
            "vectors": [v.model_dump(mode="json") for v in self.vectors],
            **({"manual": manual} if manual else {}),
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "words": list(self.words), "min_words": self.min_words}


class Essay(Body):
    """A text that a person marks by a rubric."""

    words: tuple[int, int]
    rubric: tuple[RubricRow, ...] = Field(min_length=1)
    samples: dict[str, dict[str, Text]] = Field(default_factory=dict)

    def total(self) -> Decimal | None:
        return sum((row.highest() for row in self.rubric), Decimal(0))

    def by_hand(self) -> Decimal:
        return self.total() or Decimal(0)

    def keyed(self) -> dict[str, Any]:
        return {**super().keyed(), **self.model_dump(mode="json", include={"words", "rubric", "samples"})}

    def public(self) -> dict[str, Any]:
        return {**super().public(), "words": list(self.words), "criteria": [row.text for row in self.rubric]}


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
            raise Mistake("E-ITEM-1", "", "ô cần đúng một trong given, value, accept.", "a cell needs exactly one of given, value, accept.")
        if self.given is None and (self.points is None or self.feedback is None):
            raise Mistake("E-ITEM-1", "", "ô phải điền cần points và feedback.", "a cell to fill in needs points and feedback.")
        return self


class Table(Body):
    """A table with cells to fill in."""

    columns: tuple[Axis, ...] = Field(min_length=1, max_length=8)
    rows: tuple[Axis, ...] = Field(min_length=1, max_length=12)
    cells: dict[str, Cell]

    def axes(self) -> tuple[list[str], list[str]]:
        """Return the ids of rows and columns."""
        return [r.id or f"r{n}" for n, r in enumerate(self.rows, 1)], [c.id or f"c{n}" for n, c in enumerate(self.columns, 1)]

    @model_validator(mode="after")
    def _check(self) -> Table:
        rows, columns = self.axes()
        known = {r + c for r in rows for c in columns}
        for name in self.cells:
            if name not in known:
                raise Mistake("E-ITEM-5", f"cells.{name}", f"ô «{name}» không có trong bảng.", f"cell '{name}' is not in the table.")
        if all(cell.given is not None for cell in self.cells.values()):
            raise Mistake("E-ITEM-1", "cells", "bảng không có ô nào để điền.", "the table has no cell to fill in.")
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


class CodeCheck(Model):
    """One value that the learner's code must produce."""

    value: Text | None = None
    call: Text | None = None
    table: Text | None = None
    tol: Decimal = Field(default=Decimal(0), ge=0)
    points: Points
    feedback: Text

    @model_validator(mode="after")
    def _one_kind(self) -> CodeCheck:
        if sum(kind is not None for kind in (self.value, self.call, self.table)) != 1:
            raise Mistake("E-ITEM-1", "", "cần đúng một trong value, call, table.", "exactly one of value, call, table is needed.")
        return self


class Code(Body):
    """A short program whose values are compared on every data set."""

    data: tuple[Text, ...] = ()
    given: str = ""
    starter: str = ""
    solution: Text
    checks: tuple[CodeCheck, ...] = Field(min_length=1)

    def total(self) -> Decimal | None:
        return sum((c.points for c in self.checks), Decimal(0))

    def keyed(self) -> dict[str, Any]:
        return {**super().keyed(), **self.model_dump(mode="json", include={"data", "given", "starter", "solution"}), "checks": [c.model_dump(mode="json", exclude_none=True) for c in self.checks]}

    def public(self) -> dict[str, Any]:
        return {**super().public(), "data": list(self.data[:1]), "given": self.given, "starter": self.starter}


TYPES: Mapping[str, type[Body]] = {
    "single": Single,
    "multiple": Multiple,
    "match": Match,
    "order": Order,
    "number": Number,
    "text": ShortText,
    "post": Post,
    "essay": Essay,
    "table": Table,
    "code": Code,
}
