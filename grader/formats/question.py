"""A question between a reader and a writer: what every format says of it, in one frozen shape.

Texts are Markdown as items allow it (no links, no pictures, no HTML). A reader never decides what a question becomes
here: it says what the file says, weights and all; ``settle`` decides, and says what that costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from grader.formats.losses import Loss
from grader.itemtypes.shared.neutral import Neutral, plain

_LARGEST_EXPONENT = 40


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
class Truth:
    """A statement that is true or false; what is said to who chose true, and to who chose false."""

    true: bool
    on_true: str = ""
    on_false: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """Text between questions, without an answer."""


Body = Neutral | Truth | Prose


class Unreadable(ValueError):  # a state of the question
    """The question cannot be read; its text says what is wrong."""


class NoEquivalent(Unreadable):
    """The question is of a kind that has no equivalent here; its text names the kind."""


def points_tag(question: Question) -> tuple[str, ...]:
    """Return the points as a tag, for formats without points; nothing where they are 1."""
    return () if question.points in {None, Decimal(1)} else (f"points:{plain(question.points or Decimal(1))}",)


def decimal(text: str) -> Decimal:
    """Return a number written with a decimal point, exponents allowed.

    Raises:
        Unreadable: what is none, or not finite.
    """
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise Unreadable(text.strip()) from None
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise Unreadable(text.strip())
    return value


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
    gap_stem: str = "Điền vào chỗ trống."
    place_label: str = "Vùng"


def together(readings: Iterable[Reading]) -> Reading:
    """Return the questions and losses of several readings, in order."""
    parts = tuple(readings)
    return Reading(tuple(q for p in parts for q in p.questions), tuple(loss for p in parts for loss in p.losses))
