"""Answers as records, and the document that ``answers.json`` is (docs/design.md §5.6)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from course.words import _

ANSWERS = "answers.json"
SCHEMA = 1
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LARGEST_FILE = 1 << 20
TOO_LARGE = ("E-SUB-04", _("Tệp bài làm lớn hơn 1 MiB."))


class AnswersError(ValueError):
    """An answer set cannot be read at all; ``code`` is a refusal code, the text is for the learner."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as stored: JSON value, variant shown, sequence number (higher is newer), time of saving."""

    value: Any
    variant: int = 0
    seq: int = 0
    saved_at: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """Everything one ``answers.json`` says; ``warnings`` are sentences for the learner."""

    module: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    course: str = ""
    release: str = ""
    person: str = ""
    attempt: int = 1
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the document of docs/design.md §5.6."""
        return {
            "schema": SCHEMA,
            "course": self.course,
            "module": self.module,
            "release": self.release,
            "person": self.person,
            "attempt": self.attempt,
            "answers": {
                item: {"value": a.value, "variant": a.variant, "seq": a.seq, "saved_at": a.saved_at}
                for item, a in sorted(self.answers.items())
            },
        }

    def content_hash(self) -> str:
        """Return the SHA-256 of what was answered, by whom, to which module.

        Two hand-ins with one hash are one attempt.
        """
        said = [self.module, self.person.casefold(), [[i, a.value, a.variant] for i, a in sorted(self.answers.items())]]
        return hashlib.sha256(json.dumps(said, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def release_id(items_json: bytes) -> str:
    """Return the name of a release: the first 16 hex digits of the SHA-256 of its ``items.json``."""
    return hashlib.sha256(items_json).hexdigest()[:16]


def merge(first: AnswerSet, second: AnswerSet) -> AnswerSet:
    """Return ``first`` with every answer of ``second`` that is newer by ``seq``."""
    answers = dict(first.answers)
    for item, answer in second.answers.items():
        if item not in answers or answer.seq > answers[item].seq:
            answers[item] = answer
    return AnswerSet(first.module, answers, first.course, first.release, first.person, first.attempt, first.warnings)
