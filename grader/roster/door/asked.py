"""What the door asks a person, and the answers that it was given."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from course.vietnamese import read_day
from course.words import _

SKIP, NEW, YES, NO = "skip", "new", "yes", "no"
"""Answers that mean the same wherever they are offered: leave these rows out, it is a new one, yes, no."""
ANY = "*"
_LONGEST_TEXT = 300


class Option(NamedTuple):
    """One answer that can be chosen: its value, and how it reads."""

    value: str
    said: str


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        key: what it is about, such as ``unit:dien luc ha nam``; the same in every list, so that an answer lasts.
        said: the question.
        options: what can be chosen.
        proposal: the value that is most likely meant; empty where nothing is likely enough.
        typed: ``""``, or what may be typed besides: ``day``, ``name`` (as ``new:NAME``), ``text``.
        rows: how many rows of the list wait for the answer.
        also: values that are taken besides, too many to be offered, such as the id of any unit.
    """

    key: str
    said: str
    options: tuple[Option, ...] = ()
    proposal: str = ""
    typed: str = ""
    rows: int = 1
    also: Container[str] = ()

    @property
    def kind(self) -> str:
        """Return the sort of question: ``column``, ``unit``, ``top``, ``person``, ``same``, ``day``, ``start`` …."""
        return self.key.partition(":")[0]

    def takes(self, answer: str) -> bool:
        """Tell whether an answer is one of the options, or typed as it may be."""
        if any(option.value == answer for option in self.options) or answer in self.also:
            return True
        if self.typed == "day":
            return read_day(answer) is not None
        if self.typed == "text":
            return bool(answer.strip()) and answer.isprintable() and len(answer) <= _LONGEST_TEXT
        return self.typed == "name" and answer.startswith(f"{NEW}:") and len(answer) > len(f"{NEW}:")


@dataclass
class Asking:
    """The answers given so far, and the questions that are open; lives for one reading of a list."""

    answers: Mapping[str, str]
    asked: dict[str, Question] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)

    def ask(self, question: Question) -> str | None:
        """Return the answer; ``None`` where there is none that fits, and the question is then open."""
        for key in (question.key, f"{question.kind}:{ANY}"):
            answer = self.answers.get(key)
            if answer is not None and question.takes(answer):
                self.used[question.key] = answer
                return answer
        before = self.asked.get(question.key)
        rows = question.rows + (before.rows if before else 0)
        self.asked[question.key] = replace(before or question, rows=rows)
        return None

    def open(self) -> tuple[Question, ...]:
        """Return the questions without an answer, in the order in which they are best answered."""
        order = (
            "column",
            "swap",
            "order",
            "top",
            "unit",
            "kind",
            "post",
            "fill",
            "list",
            "course",
            "held",
            "start",
            "day",
            "ids",
            "id",
            "renamed",
            "names",
            "same",
            "person",
            "outside",
        )
        places = {kind: place for place, kind in enumerate(order)}
        return tuple(sorted(self.asked.values(), key=lambda question: places.get(question.kind, len(order))))


def choose(pairs: Sequence[tuple[str, str]], *more: Option) -> tuple[Option, ...]:
    """Return options whose text nobody translates, such as names, and more behind them."""
    return (*(Option(value, text) for value, text in pairs), *more)


SKIPPED = Option(SKIP, _("bỏ qua các dòng này"))
