"""What is lost of pairs, numbers and short texts before a type here can take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from grader.formats.losses import Loss
from grader.formats.question import Given, Place, Question
from grader.formats.settle_choices import NEARLY_FULL
from grader.itemtypes.shared.neutral import FULL, NumberField, Numbers, Option, Value, Words, plain

_CENT = Decimal("0.01")


def numbers(question: Question, given: Given) -> tuple[Numbers, list[Loss]]:
    """Return the numbers asked for: one value each; the others are lost, each with a line."""
    body = question.body
    assert isinstance(body, Numbers)
    fields, losses = [], []
    points_of = shares([f.points for f in body.fields], question.points or Decimal(1))
    for field, points in zip(body.fields, points_of, strict=True):
        values, lost = values_of(field, question.place)
        fields.append(NumberField(field.label or given.number_label, field.unit, values, points))
        losses += lost
        losses += [question.place.loss("catch-all", field.otherwise)] if field.otherwise else []
    return Numbers(tuple(fields)), losses


def shares(weights: Sequence[Decimal | None], total: Decimal) -> list[Decimal | None]:
    """Return the points of each part, together ``total``; none where all have the same share."""
    known = [weight for weight in weights if weight]
    if len(known) < len(weights) or len(set(known)) == 1:
        return [None] * len(weights)
    points = [(total * weight / sum(known)).quantize(_CENT) for weight in known]
    return [*points[:-1], total - sum(points[:-1])]


def values_of(field: NumberField, place: Place) -> tuple[tuple[Value, ...], list[Loss]]:
    """Return the one value that is right and the mistakes that are answered, and what is lost beside them."""
    full = [v for v in field.values if v.weight >= NEARLY_FULL]
    some = full or [v for v in field.values if v.weight > 0]
    if not some:
        return (), [place.loss("no-key")]
    key = some[0]
    partial = [v for v in field.values if 0 < v.weight < NEARLY_FULL and v is not key]
    others = dict.fromkeys((v.value, v.tol) for v in full[1:] if (v.value, v.tol) != (key.value, key.tol))
    losses = [place.loss("other-value", plain(value)) for value, _tol in others]
    losses += (
        [place.loss("partial", "; ".join(f"{plain(v.value)}: {plain(v.weight)} %" for v in partial))] if partial else []
    )
    losses += [place.loss("right-feedback", key.feedback)] if key.feedback else []
    typical = []
    for wrong in (v for v in field.values if v.weight <= 0 and v.feedback):
        if abs(wrong.value - key.value) <= key.tol:
            losses.append(place.loss("other-value", plain(wrong.value)))
        else:
            typical.append(Value(wrong.value, weight=Decimal(0), feedback=wrong.feedback))
    return (Value(key.value, key.tol), *typical), losses


def words(question: Question, given: Given) -> tuple[Words, list[Loss]]:
    """Return what is accepted and the typical mistakes that are answered."""
    del given
    body = question.body
    assert isinstance(body, Words)
    options, losses = answers_of(body, question.place)
    losses += [question.place.loss("catch-all", body.otherwise)] if body.otherwise else []
    return replace(body, options=options, case_matters=False, otherwise=""), losses


def answers_of(body: Words, place: Place) -> tuple[tuple[Option, ...], list[Loss]]:
    """Return the answers of full credit and those that are wrong and answered, and what is lost beside them."""
    full = [o for o in body.options if o.weight >= NEARLY_FULL]
    partial = [f"{o.text} {plain(o.weight)} %" for o in body.options if 0 < o.weight < NEARLY_FULL]
    losses = [place.loss("partial", "; ".join(partial))] if partial else []
    losses += [place.loss("case")] if body.case_matters else []
    losses += [place.loss("right-feedback", o.feedback) for o in full if o.feedback]
    losses += [] if full else [place.loss("no-key")]
    wrong = [replace(o, weight=Decimal(0)) for o in body.options if o.weight <= 0 and o.feedback]
    return (*(Option(o.text, FULL) for o in full), *wrong), losses
