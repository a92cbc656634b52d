"""Decides what a foreign question becomes here, and says what that costs: weights, letters, duplicates, contradictions.

A key that the file does not give, or gives twice, is never guessed: the question comes along with nothing marked
right, and a line says so. What is left is a shape that one of the item types knows how to write down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from grader.formats import settle_choices, settle_entries, settle_shapes
from grader.formats.foreign.encoding import lost_letters
from grader.formats.foreign.gaps import GRID
from grader.formats.losses import Loss
from grader.formats.question import Given, NoEquivalent, Picture, Place, Prose, Question, Truth
from grader.itemtypes import TYPES
from grader.itemtypes.shared.neutral import Choice, Fields, Gaps, Grid, Neutral, Numbers, Pairs, Spots, Words, plain

HEAD = ("outcome", "level", "scenario", "critical", "component_min", "simulated", "src")
"""Fields of an item that travel as tags, ``level:apply``, where a format has tags."""
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Item:
    """One question as its author here would write it; ``fields`` in the order of ``docs/items.md``, empty for prose."""

    place: Place
    fields: Mapping[str, Any]
    prose: str = ""
    pictures: tuple[Picture, ...] = ()


def settle(question: Question, given: Given) -> tuple[Item | None, list[Loss]]:
    """Return the item that a question becomes, ``None`` where it cannot come along, and what is lost."""
    place = question.place
    if isinstance(question.body, Prose):
        return Item(place, {}, question.stem, question.pictures), []
    odd = lost_letters(" ".join((question.stem, *_texts(question.body))))
    if odd:
        return None, [place.loss("letters-lost", odd)]
    stem, losses = _stem(question, given)
    if not stem:
        return None, losses
    head, lost = _head(question, given)
    losses += lost
    try:
        shape, lost = _cleaned(replace(question, points=Decimal(head["points"])), given)
    except NoEquivalent as error:
        return None, [*losses, place.loss("kind", str(error))]
    kind, body = _authored(shape)
    if not kind:
        return None, [*losses, place.loss("kind", type(shape).__name__.lower())]
    explanation = {"explanation": question.explanation} if question.explanation else {}
    fields = {"type": kind, **head, "stem": stem, **body, **explanation}
    return Item(place, fields, "", question.pictures), [*losses, *lost]


def _stem(question: Question, given: Given) -> tuple[str, list[Loss]]:
    place = question.place
    if question.stem:
        return question.stem, []
    if isinstance(question.body, Gaps):
        return given.gap_stem, []
    if place.name and place.name != place.file:
        return place.name, [place.loss("name-as-stem")]
    return "", [place.loss("no-stem")]


def _cleaned(question: Question, given: Given) -> tuple[Neutral, list[Loss]]:
    cleaner = _CLEANERS.get(type(question.body))
    if cleaner:
        return cleaner(question, given)
    assert not isinstance(question.body, Truth | Prose)  # both are dealt with
    return question.body, []


def _authored(shape: Neutral) -> tuple[str, Fields]:
    """Return the type that takes the shape, and what its author writes; empty where no type does."""
    for name, kind in TYPES.items():
        fields = kind.authored(shape)
        if fields is not None:
            return name, fields
    return "", {}


def _head(question: Question, given: Given) -> tuple[Fields, list[Loss]]:
    """Return what an item says beside its question: from tags, else as given, else left out."""
    said = {"outcome": given.outcome, "level": given.level}
    losses = []
    points = question.points
    for tag in question.tags:
        name, _, value = tag.partition(":")
        if name == "points" and re.fullmatch(r"\d{1,4}(?:\.\d+)?", value):
            points = Decimal(value)
        elif tag.startswith(GRID):
            continue
        elif name in HEAD and value:
            said[name] = value
        else:
            losses.append(question.place.loss("tag", tag))
    rounded = max((points or Decimal(1)).quantize(_CENT), _CENT)
    if points is not None and rounded != points:
        losses.append(question.place.loss("points", f"{plain(points)} → {plain(rounded)}"))
    fields: Fields = {"points": plain(rounded)}
    for name in HEAD:
        value = said.get(name, "")
        fields |= {name: value.split() if name == "src" else value} if value else {}
    return fields, losses


def _texts(body: object) -> list[str]:
    if isinstance(body, Choice | Words):
        return [o.text for o in body.options]
    if isinstance(body, Pairs):
        return [t for p in body.pairs for t in (p.left, p.right)]
    if isinstance(body, Gaps):
        return [body.text]
    return []


_CLEANERS: Mapping[type, Callable[[Question, Given], tuple[Neutral, list[Loss]]]] = {
    Choice: settle_choices.choice,
    Truth: settle_choices.truth,
    Pairs: settle_shapes.pairs,
    Grid: settle_shapes.grid,
    Gaps: settle_shapes.gaps,
    Spots: settle_shapes.spots,
    Numbers: settle_entries.numbers,
    Words: settle_entries.words,
}
