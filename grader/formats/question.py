"""A question between a reader and a writer: what every format says of it, in one frozen shape.

Texts are Markdown as items allow it (no links, no pictures, no HTML). A reader never decides what a question becomes
here: it says what the file says, weights and all; ``settle`` decides, and says what that costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from grader.formats.losses import Loss

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: the file as it was named, its line (from 1; 0 where lines mean nothing), its name."""

    file: str
    line: int = 0
    name: str = ""

    def loss(self, code: str, about: str = "", *, line: int = 0) -> Loss:
        """Return the line of the loss report that says ``code`` of this question; ``about``: what it is about."""
        return Loss(code, self.file, line or self.line, self.name, about)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that came along: a safe file name made of its content, the bytes, what is said for who cannot see."""

    name: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One option or accepted answer.

    Attributes:
        text: what is chosen or typed.
        weight: per cent of the points: 100 right, 0 wrong, below 0 a penalty.
        feedback: what whoever chose it is told; empty where the file says nothing.
    """

    text: str
    weight: Decimal = Decimal(0)
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Options to choose from; ``several``: more than one may be ticked."""

    options: tuple[Option, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """A statement that is true or false; what is said to who chose true, and to who chose false."""

    true: bool
    on_true: str = ""
    on_false: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A left side, the right side that belongs to it, and why."""

    left: str
    right: str
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs to be matched, and right sides that belong to nothing."""

    pairs: tuple[Pair, ...]
    spare: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Ordering:
    """Steps in their right order; steps of one group may stand in any order."""

    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A number that is accepted (or answered as a typical mistake, weight 0), with its absolute tolerance."""

    value: Decimal
    tol: Decimal = Decimal(0)
    weight: Decimal = FULL
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class NumberField:
    """One number asked for; ``points``: its share of the question's, ``None`` for equal shares."""

    label: str
    unit: str
    values: tuple[Value, ...]
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers to be typed."""

    fields: tuple[NumberField, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A short text to be typed; options of weight 0 answer typical mistakes."""

    options: tuple[Option, ...]
    case_matters: bool = False
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """A text that a person marks; ``words``: fewest and most, where the file says."""

    words: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """Text between questions, without an answer."""


Body = Choice | Truth | Pairs | Ordering | Numbers | Words | Writing | Prose


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        place: where it stands in its file.
        stem: the question, Markdown.
        body: what is answered, and the key.
        points: as the file gives them, ``None`` where it does not.
        explanation: what everybody is told afterwards.
        tags: words attached to it (``level:apply`` comes back as the level).
        pictures: what its texts show.
    """

    place: Place
    stem: str
    body: Body
    points: Decimal | None = None
    explanation: str = ""
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one file: its questions in order, and a line for everything that is not in them."""

    questions: tuple[Question, ...] = ()
    losses: tuple[Loss, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Given:
    """What the person who imports says of all questions: outcome and level (empty: not said), words for true, false."""

    outcome: str = ""
    level: str = ""
    true: str = "Đúng"
    false: str = "Sai"
    number_label: str = "Đáp số"


def plain(number: Decimal) -> str:
    """Return a number without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def together(readings: Iterable[Reading]) -> Reading:
    """Return the questions and losses of several readings, in order."""
    parts = tuple(readings)
    return Reading(tuple(q for p in parts for q in p.questions), tuple(loss for p in parts for loss in p.losses))
