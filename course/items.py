"""The doors to the item types: what an answer means, what it earns, how it reads. Nothing is executed.

A *keyed item* is one entry of ``keys/M02.json`` or ``practice.json``:
``{"id", "type", "points", "critical", "component_min", "withdrawn", "variants": [body, …]}``, where a body holds the
fields of
``docs/items.md`` after ids were given. Rules of scoring: docs/design.md §6; each type's own are in ``course/types``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from course.types import TYPES
from course.types.shared.base import LONGEST_ANSWER, Body, InvalidAnswer, ItemType, Note, Outcome, Part
from course.types.shared.reading import is_blank
from course.words import _

__all__ = [
    "LONGEST_ANSWER",
    "MANUAL_PART",
    "Body",
    "InvalidAnswer",
    "ItemScore",
    "ItemType",
    "Note",
    "Outcome",
    "Part",
    "UnknownType",
    "answered",
    "body_of",
    "is_blank",
    "kind",
    "points_of",
    "readable",
    "score",
    "scores",
    "told",
    "while_trying",
    "with_mark",
    "with_minimums",
]

State = Literal["scored", "blank", "pending_manual", "invalid"]


class UnknownType(LookupError):
    """An item names a type that this edition does not have: written for a newer one, or damaged."""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What one answer earned.

    Attributes:
        points: earned, rounded half up to 0.01; ``None`` while a marker is awaited and for an invalid answer.
        automatic: points of the part that needs no marker (equal to ``points`` for types without a manual part).
        max_points: of the item.
        state: ``scored``, ``blank``, ``pending_manual`` or ``invalid``: four states, never merged.
        critical_met: ``None`` for an item that is not critical.
        component_met: ``None`` for an item without a component minimum, and while a marker is awaited.
        message: for the learner, in Vietnamese, when something could not be read.
        notes: feedback on what was chosen, never on what was not.
    """

    points: Decimal | None
    automatic: Decimal
    max_points: Decimal
    state: State
    critical_met: bool | None = None
    component_met: bool | None = None
    message: str = ""
    notes: tuple[Note, ...] = ()


def points_of(share: Fraction, points: Decimal) -> Decimal:
    """Return ``share`` of ``points``, rounded once, half up, to 0.01."""
    exact = share * Fraction(points)
    return Decimal((exact.numerator * 200 + exact.denominator) // (2 * exact.denominator)).scaleb(-2)


MANUAL_PART = "-m"
"""Suffix of the grade id under which a post's manual part is marked."""


_ANY = ItemType()


def kind(item: Body) -> ItemType:
    """Return the type of an item.

    Raises:
        UnknownType: there is none of that name.
    """
    name = item["type"]
    if name not in TYPES:
        raise UnknownType(str(name)[:40])
    return TYPES[name]


def scores(item: Body) -> bool:
    """Say whether :func:`score` knows what an answer to ``item`` earns.

    Programs are scored in the box, and cells that an instructor wrote for nbgrader by nbgrader.
    """
    return isinstance(item["type"], str) and item["type"] in TYPES and not TYPES[item["type"]].runs_code


def body_of(item: Body, variant: int) -> Body:
    """Return the body of ``item`` in the variant that the answer records.

    Raises:
        InvalidAnswer: when the item has no such variant.
    """
    if isinstance(variant, bool) or not isinstance(variant, int) or not 0 <= variant < len(item["variants"]):
        raise InvalidAnswer(_("Phiên bản câu hỏi ghi trong bài làm không có."))
    body: Body = item["variants"][variant]
    return {**body, "language": item["language"]} if "language" in item else body


def score(item: Body, value: object, variant: int = 0) -> ItemScore:
    """Score one answer ``value`` to the keyed ``item``; never raises for what a learner wrote.

    Raises:
        UnknownType: as :func:`kind`.
    """
    points = Decimal(item["points"])
    if is_blank(value):
        return _result(item, points, Outcome(Fraction(0)), "blank")
    try:
        of, body = kind(item), body_of(item, variant)
        outcome = of.score(body, of.read(body, value))
    except InvalidAnswer as error:
        return with_minimums(item, ItemScore(None, Decimal(0), points, "invalid", message=error.args[0]))
    too_long = isinstance(value, str) and len(value) > LONGEST_ANSWER
    message = (
        _("Bài dài hơn {longest_answer} ký tự; phần sau không được chấm.", longest_answer=LONGEST_ANSWER)
        if too_long
        else outcome.message
    )
    return _result(item, points, outcome, "pending_manual" if outcome.manual else "scored", message)


def _result(item: Body, points: Decimal, outcome: Outcome, state: State, message: str = "") -> ItemScore:
    earned = points_of(outcome.share, points)
    final = None if state == "pending_manual" else earned
    scored = ItemScore(final, earned, points, state, None, None, message, tuple(outcome.notes))
    return with_minimums(item, scored)


def with_minimums(item: Body, scored: ItemScore) -> ItemScore:
    """Return ``scored`` with ``critical_met`` and ``component_met`` worked out from its points.

    A veto leaves 0, and minimums are above 0.
    """
    met: dict[str, bool | None] = {"critical": None, "component_min": None}
    for name in met:
        if item[name] is not None and scored.state != "pending_manual":
            met[name] = scored.points is not None and scored.points >= Decimal(item[name])
    return ItemScore(
        scored.points,
        scored.automatic,
        scored.max_points,
        scored.state,
        met["critical"],
        met["component_min"],
        scored.message,
        scored.notes,
    )


def with_mark(item: Body, scored: ItemScore, mark: Decimal) -> ItemScore:
    """Return ``scored`` after a person marked it: ``mark`` is added to the automatic part, within [0, max]."""
    total = min(scored.max_points, max(Decimal(0), scored.automatic + mark))
    return with_minimums(
        item, ItemScore(total, scored.automatic, scored.max_points, "scored", None, None, scored.message, scored.notes)
    )


def while_trying(item: Body, value: object, variant: int, notes: Sequence[Note]) -> Sequence[Note]:
    """Return which ``notes`` on an answer are for somebody who may hand in again."""
    try:
        of, body = kind(item), body_of(item, variant)
        return notes if is_blank(value) else of.while_trying(body, of.read(body, value), notes)
    except InvalidAnswer:
        return notes


def readable(item: Body, value: object, variant: int = 0) -> str:
    """Return an answer as plain text, one line per part, for people who read it without the page.

    Never raises, and knows the cells of an item that an instructor took over for nbgrader too.
    """
    if is_blank(value):
        return _("(chưa trả lời)")
    try:
        return TYPES.get(item["type"], _ANY).readable(body_of(item, variant), value)
    except InvalidAnswer as error:
        return str(error.args[0])


def told(item: Body, variant: int = 0) -> str:
    """Return the whole question as Markdown, for people who read it where nothing can be filled in.

    Raises:
        InvalidAnswer: as :func:`body_of`.
        UnknownType: as :func:`kind`.
    """
    return kind(item).told(body_of(item, variant))


def answered(item: Body, value: object, variant: int = 0) -> list[Part]:
    """Return the filled parts of an answer for people who read their feedback; ``[]`` for a text, and if unreadable."""
    try:
        of, body = kind(item), body_of(item, variant)
        return [] if is_blank(value) else of.answered(body, of.read(body, value))
    except InvalidAnswer:
        return []
