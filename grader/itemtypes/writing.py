"""Items whose answer is written: ``post`` with its named rules, ``essay`` with its rubric, ``code``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from course.words import _
from grader.itemtypes.base import Body, Clock, Identifier, Mistake, Model, Points, Text


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
            raise Mistake("E-ITEM-1", "", _("thiếu quy tắc kiểm (length, any, none, …)."))
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
            "checks": [
                {"id": c.id, "points": str(c.points), "rules": c.rules(), "feedback": c.feedback} for c in self.checks
            ],
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
            raise Mistake("E-ITEM-1", "", _("cần đúng một trong value, call, table."))
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
        return {
            **super().keyed(),
            **self.model_dump(mode="json", include={"data", "given", "starter", "solution"}),
            "checks": [c.model_dump(mode="json", exclude_none=True) for c in self.checks],
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "data": list(self.data[:1]), "given": self.given, "starter": self.starter}
