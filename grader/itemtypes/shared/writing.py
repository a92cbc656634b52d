"""What the types share in which a text is written: the named rules, a row of a rubric, an invented reply."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import model_validator

from course import numbers
from course.words import _
from grader.itemtypes.shared.base import Clock, Identifier, Model, Text
from grader.itemtypes.shared.mistake import Mistake

REPLY = (
    "Cảm ơn anh em đã nêu ý kiến. Đúng là năm ngoái công đoàn chưa trả lời rõ. Tuần này tôi gặp các tổ ca đêm "
    "lúc giao ca, "
    "ghi từng ý kiến; tuần sau Ban Chấp hành họp và báo lại bằng bản tin ở bảng giao ca. "
)
"""What an invented person writes."""


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
    """The named rules of ``course.rules.RULES``; several are joined by "and"."""

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


class RubricRow(Model):
    """One criterion: what each level (points as a string) looks like."""

    id: Identifier
    text: Text
    levels: dict[str, Text]

    def highest(self) -> Decimal:
        """Return the points of the best level."""
        return max(Decimal(level) for level in self.levels)

    def told(self, lang: str) -> str:
        """Return the criterion and its levels as one line of Markdown."""
        levels = "; ".join(f"{numbers.show(Decimal(points), lang)} = {text}" for points, text in self.levels.items())
        return f"{self.text}: {levels}"
