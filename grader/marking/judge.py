"""Scores the answer sets of one module against its key: data items as data, code items in the box."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import orjson

from course import items
from course.answers import Answer, AnswerSet
from course.items import MANUAL_PART, ItemScore
from course.words import SOURCE, into
from grader.box import code_items
from grader.box.box import Box, BoxFailure
from grader.gradebook.nbgrader_tables import GradeRow
from grader.gradebook.results import Result
from grader.marking.foreign_cells import FOREIGN
from grader.publish.notebooks import manual_id

_NONE = Answer(None)
LONGEST_CACHED = 1_000
"""Bytes of an answer of which score and cell are remembered.

Longer ones are unlike each other, and many of them would fill the memory.
"""
NO_BOX = "Câu mã này chưa chấm được vì máy chấm chưa có hộp cách ly (E-ISO-1). Bài đã được giữ và sẽ được chấm sau."
BOX_FAILED = "Câu mã này chưa chấm được vì hộp cách ly gặp sự cố. Bài đã được giữ và sẽ được chấm lại."


class Judge:
    """Scores answer sets of one module; equal answers are scored once."""

    def __init__(self, key: Mapping[str, Any], box: Box | None = None) -> None:
        """Judge by ``key``; code items need a ``box``, without one they stay ungraded and everything else is scored."""
        self.items = {item["id"]: item for item in key["items"]}
        self._key = key
        self._box = box
        counted = [item for item in key["items"] if not item["withdrawn"]]
        self._order = [item["id"] for item in counted]
        ours = [item for item in counted if item["type"] != FOREIGN]
        self._data_items = [item for item in ours if not items.kind(item).runs_code]
        self._code_items = [item for item in ours if items.kind(item).runs_code]
        texts = ours if key.get("composed") == "required" else []
        self._required = frozenset(item["id"] for item in texts if items.kind(item).composed)
        self._data = {name: text.encode() for name, text in key.get("data", {}).items()}
        self._cached = functools.lru_cache(maxsize=4096)(self._score)
        # One object for equal scores, so that it travels once from a worker process.
        lang = next((str(item["language"]) for item in counted if "language" in item), SOURCE)
        self._as_json = functools.lru_cache(maxsize=4096)(functools.partial(as_json, lang=lang))
        self._row = functools.lru_cache(maxsize=4096)(self._automatic_row)

    @property
    def version(self) -> str:
        """The version of the key."""
        return str(self._key["key_version"])

    def score(self, answers: AnswerSet, budget: float | None = None) -> dict[str, ItemScore]:
        """Return the score of every item that counts and that we can score; the rest is nbgrader's.

        ``budget``: seconds of a first look at code.

        Raises:
            NeedsLonger: when that was too short.
        """
        found = {}
        for item in self._data_items:
            answer = answers.answers.get(item["id"], _NONE)
            raw = orjson.dumps(answer.value)
            score = self._cached if len(raw) <= LONGEST_CACHED else self._score
            found[item["id"]] = score(item["id"], raw, variant_of(answer))
        if self._code_items:
            found |= self._run(answers, budget)
        return {name: found[name] for name in self._order if name in found}

    def _run(self, answers: AnswerSet, budget: float | None) -> dict[str, ItemScore]:
        given = {item["id"]: answers.answers.get(item["id"], _NONE) for item in self._code_items}
        sources = {name: answer.value for name, answer in given.items()}
        if self._box is None:
            return code_items.ungraded(self._code_items, sources, NO_BOX)
        try:
            variants = {name: variant_of(answer) for name, answer in given.items()}
            return code_items.score(self._code_items, sources, self._data, self._box, variants, budget)
        except BoxFailure:
            return code_items.ungraded(self._code_items, sources, BOX_FAILED)

    def _score(self, item: str, value: bytes, variant: int) -> ItemScore:
        return items.score(self.items[item], orjson.loads(value), variant)

    def result(self, attempt_id: str, scores: Mapping[str, ItemScore], cause: str, note: str = "") -> Result:
        """Return what the ledger keeps of an attempt."""
        waiting = any(s.state == "pending_manual" and not self._goes_on(i, s) for i, s in scores.items())
        return Result(
            attempt_id,
            cause,
            "pending_manual" if waiting else "graded",
            sum(
                (s.automatic if s.state == "pending_manual" else s.points or Decimal(0) for s in scores.values()),
                Decimal(0),
            ),
            sum((s.max_points for s in scores.values()), Decimal(0)),
            _all(s.critical_met for s in scores.values()),
            _all(self._component_met(i, s) for i, s in scores.items()),
            tuple(self._as_json(i, s) for i, s in scores.items()),
            self.version,
            str(self._key["course_version"]),
            note,
        )

    def _goes_on(self, item: str, score: ItemScore) -> bool:
        """Say whether a result need not wait for the mark of this item.

        The module only requires its texts, and nobody is asked by name of a reason to look at this one.
        """
        return item in self._required and not score.message

    def _component_met(self, item: str, score: ItemScore) -> bool | None:
        """Return whether the item's minimum is met; a text that the module requires has to be there."""
        return False if item in self._required and score.state == "blank" else score.component_met

    def grades(self, scores: Mapping[str, ItemScore]) -> tuple[GradeRow, ...]:
        """Return the rows of nbgrader's grade cells, an item that could not be graded asking for a person."""
        rows = []
        for item in self._key["items"]:
            score = scores.get(item["id"])
            if item["automatic"] is not None:
                rows.append(self._row(item["id"], score))
            if item["manual"] is not None:
                grade_id = manual_id(item)
                waits = score is not None and score.state == "pending_manual"
                rows.append(GradeRow(grade_id, None if waits else 0.0, waits))
        return tuple(rows)

    def _automatic_row(self, item: str, score: ItemScore | None) -> GradeRow:
        """Return nbgrader's row of an item's automatic part; what could not be graded asks for a person."""
        if score is None:  # withdrawn
            return GradeRow(item, 0.0, False)
        if score.state == "pending_manual" and self.items[item]["manual"] is None:
            return GradeRow(item, None, True)
        return GradeRow(item, float(score.automatic), score.state == "invalid")

    def blank(self, scores: Mapping[str, ItemScore]) -> frozenset[str]:
        """Return the solution cells without an answer."""
        return frozenset(i for i, s in scores.items() if s.state == "blank") | frozenset(
            i + MANUAL_PART for i, s in scores.items() if s.state == "blank"
        )


def variant_of(answer: Answer) -> int:
    """Return the variant that the answer records; -1, which no item has, for anything that is no whole number."""
    return answer.variant if isinstance(answer.variant, int) and not isinstance(answer.variant, bool) else -1


def _all(flags: Iterator[bool | None]) -> bool | None:
    known = [f for f in flags if f is not None]
    return all(known) if known else None


def as_json(item: str, score: ItemScore, lang: str = SOURCE) -> dict[str, Any]:
    """Return one item's score as ``moduong score --json`` prints it, with what a marker's points are added to."""
    return {
        "id": item,
        "points": None if score.points is None else float(score.points),
        "max_points": float(score.max_points),
        "state": score.state,
        "critical_met": score.critical_met,
        "component_met": score.component_met,
        "automatic": float(score.automatic),
        "message": into(score.message, lang),
    }


def from_json(item: Mapping[str, Any], entry: Mapping[str, Any]) -> ItemScore:
    """Return the score that ``as_json`` stored.

    Feedback notes are not stored, they are worked out again where they are shown.
    """
    points = None if entry["points"] is None else Decimal(str(entry["points"]))
    return ItemScore(
        points,
        Decimal(str(entry["automatic"])),
        Decimal(item["points"]),
        entry["state"],
        entry["critical_met"],
        entry["component_met"],
        entry["message"],
    )
