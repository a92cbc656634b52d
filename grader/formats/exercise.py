"""Items of an exercise as questions for a writer, and what of them no other system has a place for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from grader.formats.losses import Loss
from grader.formats.question import (
    FULL,
    Body,
    Choice,
    NumberField,
    Numbers,
    Option,
    Ordering,
    Pair,
    Pairs,
    Place,
    Question,
    Reading,
    Value,
    Words,
    Writing,
)
from grader.itemtypes.base import DIGITS, LOWER, Head, number_ids
from grader.itemtypes.base import Body as Authored
from grader.itemtypes.choices import Match, Multiple, Order, Single
from grader.itemtypes.entries import Number, ShortText
from grader.itemtypes.writing import Essay
from grader.text import roles
from grader.text.authoring import AuthoredItem
from grader.text.module_text import ModuleText

_FIFTH = Decimal("0.00001")


def share(of: int) -> Decimal:
    """Return 100 per cent divided by ``of``, to five decimals, as Moodle lists its weights."""
    return (FULL / of).quantize(_FIFTH, ROUND_HALF_UP)


def questions(text: ModuleText) -> Reading:
    """Return the graded items of a module as questions, variants as questions of their own, in order."""
    found: list[Question] = []
    losses: list[Loss] = []
    for item in text.exercise.items if text.exercise else ():
        place = Place(str(text.exercise.document.path) if text.exercise else "", item.line, item.id)
        if item.head.withdrawn:
            losses.append(place.loss("withdrawn"))
            continue
        for number, body in enumerate(item.bodies):
            here = Place(place.file, place.line, f"{item.id}-{number}" if number else item.id)
            losses += [place.loss("variant", str(number))] if number else []
            made, lost = _BODIES.get(type(body), _nothing)(body, here)
            losses += lost
            if made:
                found.append(_question(item, body, made, here, text))
    return Reading(tuple(found), tuple(losses))


def _question(item: AuthoredItem, body: Authored, made: Body, place: Place, text: ModuleText) -> Question:
    return Question(
        place,
        roles.prose(body.stem, text.facts).strip(),
        made,
        item.head.points,
        roles.prose(body.explanation, text.facts).strip(),
        tuple(f"{name}:{value}" for name, value in _head(item.head)),
    )


def _head(head: Head) -> Iterator[tuple[str, str]]:
    """Yield what an item says beside its question; as tags it comes back (``settle.HEAD``)."""
    yield "outcome", str(head.outcome)
    for name in ("level", "scenario", "critical", "component_min"):
        if getattr(head, name):
            yield name, str(getattr(head, name))
    if head.simulated:
        yield "simulated", "true"
    if head.src:
        yield "src", " ".join(head.src)


Made = tuple[Body | None, list[Loss]]


def _nothing(body: Authored, place: Place) -> Made:
    return None, [place.loss("kind", type(body).__name__.lower())]


def _choice(body: Authored, place: Place) -> Made:
    assert isinstance(body, Single | Multiple)  # the table says so
    several = isinstance(body, Multiple)
    right, wrong = len(body.correct()), len(body.options) - len(body.correct())
    weight = {True: share(right), False: -share(wrong) if several else Decimal(0)}
    options = tuple(Option(o.text, weight[o.correct], o.feedback) for o in body.options)
    return Choice(options, several), [place.loss("field", "veto")] if body.veto else []


def _pairs(body: Authored, place: Place) -> Made:
    assert isinstance(body, Match)
    del place
    names = number_ids(body.right, LOWER)
    rights = dict(zip(names, body.right, strict=True))
    keys = {entry.key for entry in body.left}
    pairs = tuple(Pair(entry.text, rights[entry.key].text, entry.feedback) for entry in body.left)
    said = tuple(Option(side.text, Decimal(0), side.feedback) for name, side in rights.items() if name not in keys)
    return Pairs(pairs, said), []


def _ordering(body: Authored, place: Place) -> Made:
    assert isinstance(body, Order)
    steps = dict(zip(number_ids(body.steps, DIGITS), (s.text for s in body.steps), strict=True))
    groups = tuple(tuple(steps[i] for i in group) for group in body.key)
    return Ordering(groups), [place.loss("field", "feedback")] if body.feedback else []


def _numbers(body: Authored, place: Place) -> Made:
    assert isinstance(body, Number)
    del place
    fields = []
    for part in body.parts:
        typical = tuple(Value(f.value, Decimal(0), Decimal(0), f.text) for f in part.feedback)
        fields.append(NumberField(part.label, part.unit, (Value(part.value, part.tol), *typical), part.points))
    return Numbers(tuple(fields)), []


def _words(body: Authored, place: Place) -> Made:
    assert isinstance(body, ShortText)
    del place
    right = tuple(Option(text, FULL) for text in body.accept)
    wrong = tuple(Option(text, Decimal(0), typical.text) for typical in body.feedback for text in typical.accept)
    return Words(right + wrong, fold=body.fold), []


def _writing(body: Authored, place: Place) -> Made:
    assert isinstance(body, Essay)
    lost = ["rubric", *(["samples"] if body.samples else [])]
    return Writing(body.words), [place.loss("field", name) for name in lost]


_BODIES: Mapping[type[Authored], Callable[[Authored, Place], Made]] = {
    Single: _choice,
    Multiple: _choice,
    Match: _pairs,
    Order: _ordering,
    Number: _numbers,
    ShortText: _words,
    Essay: _writing,
}
