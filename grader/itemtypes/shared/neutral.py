"""What a question is between systems: one frozen shape for each way of answering.

The types say which shape they have (``Body.carried``) and what its author writes (``StaffType.authored``); the formats
say which shapes they know. Neither knows the other. Texts are Markdown as items allow it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FULL = Decimal(100)
_MOODLES_PLACES = Decimal("0.00001")
_FIRST_MARK, _MARKS = 0xE100, re.compile("[\ue100-\ue1ff]")
_MOST_TRIES = 500


@dataclass(frozen=True, slots=True)
class Option:
    """One option or accepted answer.

    Attributes:
        text: what is chosen or typed.
        weight: per cent of the points: 100 right, 0 wrong, below 0 a penalty.
        feedback: what whoever chose it is told; empty where nothing is said.
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
    """One number asked for.

    Attributes:
        label, unit: what stands before and after its box.
        values: what is accepted, and the mistakes that are answered.
        points: its share of the question's, ``None`` for equal shares.
        otherwise: what is said to any other answer.
    """

    label: str
    unit: str
    values: tuple[Value, ...]
    points: Decimal | None = None
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers to be typed."""

    fields: tuple[NumberField, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A short text to be typed.

    Attributes:
        options: what is accepted, and with weight 0 the mistakes that are answered.
        case_matters: capitals make a difference.
        fold: diacritics make no difference.
        otherwise: what is said to any other answer.
    """

    options: tuple[Option, ...]
    case_matters: bool = False
    fold: bool = False
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """A text that a person marks; ``words``: fewest and most, where that is said."""

    words: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap in a text: chosen from a list, typed, or a number; ``weight``: its share beside the other gaps."""

    body: Choice | Words | NumberField
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Gaps:
    """A text with gaps; ``gap_mark(n)`` stands in it where gap ``n`` is. The question itself stands before it."""

    text: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row: the columns that are right (from 0), and what is said to whoever chose another."""

    text: str
    right: tuple[int, ...]
    feedback: str = ""
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows that each take one of the same columns."""

    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a picture: its name, ``(left, top, width, height)`` in per cent of it, weight and feedback."""

    text: str
    region: tuple[Decimal, Decimal, Decimal, Decimal]
    weight: Decimal = Decimal(0)
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Spots:
    """Places to be ticked on a picture, which is a file of this name."""

    picture: str
    alt: str
    places: tuple[Spot, ...]


Neutral = Choice | Pairs | Ordering | Numbers | Words | Writing | Gaps | Grid | Spots
Carried = tuple[Neutral | None, tuple[str, ...]]
"""The shape of an item (``None``: it has none), and the author's fields that the shape has no place for."""
Fields = dict[str, Any]
"""What an author writes: field → text, list or mapping."""


def gap_mark(number: int) -> str:
    """Return the private character that marks gap ``number`` (from 0) in a text."""
    return chr(_FIRST_MARK + number)


def without_marks(text: str) -> str:
    """Return a foreign text without characters that would be taken for marks of gaps."""
    return _MARKS.sub("", text)


def share(of: int) -> Decimal:
    """Return 100 per cent divided by ``of``, to five decimals, as Moodle lists its weights."""
    return (FULL / of).quantize(_MOODLES_PLACES, ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """Return a number without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def entry(option: Option, *, right: bool = False) -> Fields:
    """Return one option, or right side of a pair, as its author would write it."""
    said = {"feedback": option.feedback} if option.feedback else {}
    return {"text": option.text, **({"correct": "true"} if right else {}), **said}


def options(body: Choice) -> Fields:
    """Return the options of a choice as their author would write them; what has weight is right."""
    return {"options": [entry(option, right=option.weight > 0) for option in body.options]}


def shuffled(texts: Sequence[str], fits: Callable[[Sequence[int]], bool]) -> list[int]:
    """Return an order of the texts that fits, always the same for the same texts; their own where none fits."""
    for salt in range(_MOST_TRIES):
        order = sorted(range(len(texts)), key=lambda n: hashlib.sha256(f"{salt}|{n}|{texts[n]}".encode()).digest())
        if fits(order):
            return order
    return list(range(len(texts)))
