"""The learner's answers: records, strict reading of ``answers.json``, the notebook that carries them, the store."""

from __future__ import annotations

from course.answers.embedded import embed, extract, literal_markdown
from course.answers.read import MOST_VALUES, from_json, load_json, parse, weight
from course.answers.records import (
    ANSWERS,
    LARGEST_FILE,
    SCHEMA,
    ZONE,
    Answer,
    AnswersError,
    AnswerSet,
    merge,
    release_id,
)
from course.answers.store import AnswerStore, write_atomically

__all__ = [
    "ANSWERS",
    "LARGEST_FILE",
    "MOST_VALUES",
    "SCHEMA",
    "ZONE",
    "Answer",
    "AnswerSet",
    "AnswerStore",
    "AnswersError",
    "embed",
    "extract",
    "from_json",
    "literal_markdown",
    "load_json",
    "merge",
    "parse",
    "release_id",
    "weight",
    "write_atomically",
]
