"""What is lost of gaps, grids and places on a picture before a type here can take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from course import vietnamese
from grader.formats.foreign.gaps import GRID
from grader.formats.losses import Loss
from grader.formats.question import Given, NoEquivalent, Place, Question
from grader.formats.settle_choices import cleaned
from grader.formats.settle_entries import answers_of, shares, values_of
from grader.itemtypes.shared.neutral import (
    Choice,
    Gap,
    Gaps,
    Grid,
    GridRow,
    NumberField,
    Option,
    Pairs,
    Spots,
    Value,
    Words,
    plain,
)


def pairs(question: Question, given: Given) -> tuple[Pairs | Grid, list[Loss]]:
    """Return pairs as they are, or as the rows of a grid where right sides are meant to be used again."""
    del given
    body = question.body
    assert isinstance(body, Pairs)  # the table says so
    names = [vietnamese.visible(p.right) for p in body.pairs]
    twice = next((n for n in names if names.count(n) > 1), "")
    tag = next((tag for tag in question.tags if tag.startswith(GRID)), "")
    if not twice and not tag:
        return body, []
    columns = list(dict.fromkeys([p.right for p in body.pairs] + [o.text for o in body.spare]))
    order = [int(sign) for sign in tag.rpartition(":")[2] if sign.isdigit()]
    if sorted(order) == list(range(len(columns))):
        columns = [columns[n] for n in order]
    rows = tuple(GridRow(p.left, (columns.index(p.right),), p.feedback) for p in body.pairs)
    said = [] if tag else [question.place.loss("shared-key", twice)]
    said += [question.place.loss("other-answer", o.feedback) for o in body.spare if o.feedback]
    return Grid(tuple(columns), rows), said


def grid(question: Question, given: Given) -> tuple[Grid, list[Loss]]:
    """Return a grid whose rows share the points of the question."""
    del given
    body = question.body
    assert isinstance(body, Grid)
    points = shares([row.points for row in body.rows], question.points or Decimal(1))
    rows = tuple(replace(row, points=share) for row, share in zip(body.rows, points, strict=True))
    return Grid(body.columns, rows), [question.place.loss("no-key", row.text) for row in body.rows if not row.right]


def spots(question: Question, given: Given) -> tuple[Spots, list[Loss]]:
    """Return places of which those that have weight are right."""
    del given
    body = question.body
    assert isinstance(body, Spots)
    options, losses = cleaned(
        Choice(tuple(Option(s.text, s.weight) for s in body.places), several=True), question.place
    )
    weight = {option.text: option.weight for option in options}
    places = tuple(replace(spot, weight=weight.get(spot.text, Decimal(0))) for spot in body.places)
    return Spots(body.picture, body.alt, places), losses


def gaps(question: Question, given: Given) -> tuple[Gaps, list[Loss]]:
    """Return a text with gaps, each with one key and shares of the points.

    Raises:
        NoEquivalent: a gap in which several may be chosen.
    """
    del given
    body, place = question.body, question.place
    assert isinstance(body, Gaps)
    points = shares([gap.weight for gap in body.gaps], question.points or Decimal(1))
    losses = [place.loss("braces")] if "{" in body.text or "}" in body.text else []
    made = []
    for gap, share in zip(body.gaps, points, strict=True):
        inner, lost = _gap(gap.body, place)
        losses += lost
        made.append(Gap(inner, share if share is not None else Decimal(1)))
    return Gaps(body.text, tuple(made)), losses


def _gap(body: Choice | Words | NumberField, place: Place) -> tuple[Choice | Words | NumberField, list[Loss]]:
    if isinstance(body, Choice):
        if body.several:
            raise NoEquivalent("gaps × several")
        options, losses = cleaned(body, place)
        return Choice(options), losses
    if isinstance(body, Words):
        answers, losses = answers_of(body, place)
        right = tuple(o for o in answers if o.weight > 0)
        return replace(body, options=right, case_matters=False), losses + _mistakes(
            [o for o in answers if o not in right], place
        )
    values, losses = values_of(body, place)
    kept = values[:1]
    wrong = [Option(plain(v.value), Decimal(0), v.feedback) for v in values[1:] if isinstance(v, Value)]
    return replace(body, values=kept), losses + _mistakes(wrong, place)


def _mistakes(wrong: Sequence[Option], place: Place) -> list[Loss]:
    """A gap answers every wrong answer alike: feedback for a typical one has no place."""
    return [place.loss("gap-mistake", f"{option.text}: {option.feedback}") for option in wrong]
