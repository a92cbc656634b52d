"""Items whose answer is picked from what is shown: ``single``, ``multiple``, ``match``, ``order``."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from course.words import _
from grader.itemtypes.base import DIGITS, LOWER, UPPER, Body, Identifier, Mistake, Model, Text, number_ids, unique


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
        return number_ids(self.options, UPPER)

    def correct(self) -> list[str]:
        """Return the ids of the right options."""
        return [i for i, option in zip(self.ids(), self.options, strict=True) if option.correct]

    @model_validator(mode="after")
    def _check(self) -> Choice:
        unique(self.ids(), "options")
        for name in self.veto:
            if name not in self.ids():
                raise Mistake("E-ITEM-5", "veto", _("veto nêu phương án «{name}» không có.", name=name))
            if name in self.correct():
                raise Mistake("E-ITEM-5", "veto", _("veto nêu phương án đúng «{name}».", name=name))
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
                _("có {count} phương án ghi correct: true; câu single cần đúng một.", count=len(self.correct())),
            )
        return self


class Multiple(Choice):
    """One or more right options, and at least one wrong one."""

    @model_validator(mode="after")
    def _some(self) -> Multiple:
        if not 0 < len(self.correct()) < len(self.options):
            raise Mistake("E-ITEM-5", "options", _("cần ít nhất một phương án đúng và một phương án sai."))
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
        left, right = number_ids(self.left, DIGITS), number_ids(self.right, LOWER)
        unique(left, "left")
        unique(right, "right")
        keys = [entry.key for entry in self.left]
        unknown = [k for k in keys if k not in right]
        if unknown:
            raise Mistake("E-ITEM-5", "left", _("key «{unknown}» không có ở vế phải.", unknown=unknown[0]))
        if len(set(keys)) != len(keys):
            raise Mistake("E-ITEM-5", "left", _("hai vế trái cùng một key."))
        if len(right) <= len(left):
            raise Mistake("E-ITEM-5", "right", _("cần ít nhất một vế phải thừa."))
        if keys == right[: len(keys)]:
            raise Mistake("E-ITEM-8", "right", _("mã làm lộ đáp án (1a 2b 3c …): hãy đổi thứ tự vế phải."))
        return self

    def keyed(self) -> dict[str, Any]:
        left, right = number_ids(self.left, DIGITS), number_ids(self.right, LOWER)
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
        ids = number_ids(self.steps, DIGITS)
        unique(ids, "steps")
        named = [i for group in self.key for i in group]
        if sorted(named) != sorted(ids):
            raise Mistake("E-ITEM-5", "key", _("key phải nêu mỗi bước đúng một lần."))
        for confusion in self.feedback:
            if not set(confusion.wrong) <= set(ids):
                raise Mistake(
                    "E-ITEM-5", "feedback", _("wrong {wrong} nêu bước không có.", wrong=list(confusion.wrong))
                )
            if tuple(confusion.wrong) in self.pairs():
                raise Mistake("E-ITEM-5", "feedback", _("wrong {wrong} là thứ tự đúng.", wrong=list(confusion.wrong)))
        pairs = self.pairs()
        if not pairs:
            raise Mistake("E-ITEM-5", "key", _("key chỉ có một nhóm nên không có thứ tự."))
        follows = sum(ids.index(a) < ids.index(b) for a, b in pairs)
        if 10 * max(follows, len(pairs) - follows) > 7 * len(pairs):
            raise Mistake(
                "E-ITEM-8",
                "steps",
                _(
                    "mã làm lộ đáp án: {follows}/{count} cặp theo thứ tự viết. Hãy xáo các bước (30–70 %).",
                    follows=follows,
                    count=len(pairs),
                ),
            )
        return self

    def keyed(self) -> dict[str, Any]:
        ids = number_ids(self.steps, DIGITS)
        return {
            **super().keyed(),
            "steps": [{"id": i, "text": s.text} for i, s in zip(ids, self.steps, strict=True)],
            "key": [list(group) for group in self.key],
            "feedback": [{"wrong": list(c.wrong), "text": c.text} for c in self.feedback],
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "steps": self.keyed()["steps"]}
