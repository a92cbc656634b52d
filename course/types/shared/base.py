"""What an item type is to a cadre: how its answer is read, scored, drawn and told in words. Pure, on plain data.

Each file of ``course/types`` holds one subclass and its ``TYPE``; nothing outside them compares the name of a type.
The life of an answer is ``read`` (raises for the learner) → ``score`` → ``answered``, in this order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Body = Mapping[str, Any]
Spec = dict[str, Any]
Mix = Callable[..., list[Body]]
"""``mix(entries, side)``: the entries in the order of this person and attempt."""
LONGEST_ANSWER = 10_000
"""Answers are cut at this many characters, with a message."""


class InvalidAnswer(ValueError):  # it is the answer's state, not a fault of ours
    """The answer has a wrong shape, an unknown id, an id twice, or nothing readable in it.

    The text is for the learner.
    """


@dataclass(frozen=True, slots=True)
class Note:
    """One piece of feedback: ``about`` names an option, pair, part, cell or check.

    ``right`` is ``None`` where neither applies.
    """

    about: str
    right: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a type's scoring function found: a fraction of the points, or that a person has to mark (``manual``)."""

    share: Fraction
    notes: list[Note] = field(default_factory=list)
    message: str = ""
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an answer as its feedback page lists it.

    Attributes:
        about: the id by which notes name it.
        label: what it belongs to, an author's Markdown; empty for an option.
        text: what was answered: an author's Markdown, or what the learner typed.
        unit: ``None`` for Markdown; for what was typed, the unit that is written behind it (or nothing).
    """

    about: str
    label: str
    text: str
    unit: str | None = None


class ItemType:
    """The public half of one item type; what a type does not say has an answer here that fits any of them.

    Attributes:
        hint: what to do, one sentence for the cadre.
        paper_hint: the same on paper, where that differs; ``None``: it does not.
        at_once: in practice the feedback follows the click, without a button.
        runs_code: the answer is a program, scored only in the box by the values that it yields.
        composed: the answer is a text of one's own; ``course.yaml`` says per module what its marks by people do.
        notes_are_advice: a note about a part says what to do better, so "Đúng" or "Chưa đúng" does not precede it.
    """

    hint: str = ""
    paper_hint: str | None = None
    at_once: bool = False
    runs_code: bool = False
    notes_are_advice: bool = False
    composed: bool = False

    def read(self, body: Body, value: object) -> Any:  # the type's own shape
        """Return the answer in the shape that the other methods take.

        Raises:
            InvalidAnswer: a wrong JSON type, an unknown id, an id twice; the text is for the learner.
        """
        raise NotImplementedError

    def score(self, body: Body, answer: Any) -> Outcome:  # the type's own shape
        """Return what a read ``answer`` earns by the keyed ``body``.

        Raises:
            InvalidAnswer: nothing in it could be read.
        """
        raise NotImplementedError

    def while_trying(self, body: Body, answer: Any, notes: Sequence[Note]) -> Sequence[Note]:  # the type's own shape
        """Return which ``notes`` are for somebody who may hand in again: none that give the key away."""
        return notes

    def told(self, body: Body) -> str:
        """Return the whole question as Markdown, for people who read it where nothing can be filled in."""
        return str(body["stem"])

    def on_paper(self, body: Body, mix: Mix, answer: Any = None) -> str:
        """Return as Markdown what a sheet of paper shows below the stem, from public fields alone.

        Args:
            body: public or keyed.
            mix: gives what is chosen among its order.
            answer: as ``read`` returns it: the sheet is filled in with it; ``None``: empty boxes and dots.
        """
        return ""

    def fields(self, body: Body, mix: Mix) -> Spec:
        """Return what the browser draws besides the stem, from public fields alone."""
        return {}

    def said_of(self, spec: Spec, about: str) -> str:
        """Return how the page calls what a note is about: a letter, ``Ý 2``, or nothing."""
        return ""

    def numbers(self, spec: Spec) -> Mapping[str, str]:
        """Return the parts in which the page says how a number was understood, with their units."""
        return {}

    def open_parts(self, body: Body) -> Mapping[str, str | None]:
        """Return the parts that can be left open; with a unit (maybe empty) where a number is asked for."""
        return {}

    def answered(self, body: Body, answer: Any) -> list[Part]:
        """Return the filled parts of a read answer for the feedback page; ``[]`` where it is one text."""
        return []

    def names(self, body: Body) -> Mapping[str, str]:
        """Return the wording of the ids that may stand in an answer."""
        return {e["id"]: e.get("text") or e.get("label", "") for name in _WORDED for e in body.get(name, ())}

    def readable(self, body: Body, value: object) -> str:
        """Return any JSON value as plain text, one line per part; never raises, whatever a learner wrote."""
        names = self.names(body)
        if isinstance(value, list):
            return "\n".join(named(names, v) for v in value)
        if isinstance(value, Mapping):
            return "\n".join(f"{named(names, k)}: {v}" for k, v in sorted(value.items(), key=str))
        return str(value)

    def files(self, body: Body) -> Sequence[str]:
        """Return the files of the module's ``data`` folder that the page needs."""
        return [medium["file"] for medium in body.get("media", ())]

    def cell(self, body: Body) -> str | None:
        """Return the first content of the notebook cell that takes the answer; ``None``: the widget takes it."""
        return None


_WORDED = ("options", "left", "right", "steps", "parts")
"""Fields of a body that list what answers name by its id."""


def named(names: Mapping[str, str], identifier: object) -> str:
    """Return ``B. its wording`` for a known id, anything else as it is."""
    return (
        f"{identifier}. {names[identifier]}" if isinstance(identifier, str) and identifier in names else str(identifier)
    )
