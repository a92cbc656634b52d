"""What pairs, orders, numbers, short texts and essays become."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from course import vietnamese
from grader.formats.losses import Loss
from grader.formats.question import (
    Given,
    NumberField,
    Numbers,
    Option,
    Ordering,
    Pairs,
    Place,
    Question,
    Words,
    Writing,
    plain,
)
from grader.formats.settle_choices import NEARLY_FULL, entry

Fields = dict[str, Any]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def pairs(question: Question, given: Given) -> tuple[str, Fields, list[Loss]]:
    """Return pairs, their right sides in an order that gives nothing away, and what could not be kept."""
    del given
    body, place = question.body, question.place
    assert isinstance(body, Pairs)
    losses = []
    rights = {vietnamese.visible(p.right): Option(p.right) for p in body.pairs}
    if len(rights) < len(body.pairs):
        names = [vietnamese.visible(p.right) for p in body.pairs]
        losses.append(place.loss("shared-key", next(n for n in names if names.count(n) > 1)))
    for option in body.spare:
        rights.setdefault(vietnamese.visible(option.text), option)
    names = list(rights)
    keys = [names.index(vietnamese.visible(p.right)) for p in body.pairs]
    order = shuffled(names, lambda o: all(o[n] != key for n, key in enumerate(keys)))
    letters = {place_before: _LETTERS[n % 26] for n, place_before in enumerate(order)}
    left = [
        {"text": p.left, "key": letters[key], **({"feedback": p.feedback} if p.feedback else {})}
        for p, key in zip(body.pairs, keys, strict=True)
    ]
    right = [rights[names[n]] for n in order]
    return "match", {"left": left, "right": [entry(o) for o in right]}, losses


def ordering(question: Question, given: Given) -> tuple[str, Fields, list[Loss]]:
    """Return steps in an order that gives nothing away, and their key."""
    del given
    body = question.body
    assert isinstance(body, Ordering)
    steps = [(text, group) for group, texts in enumerate(body.groups) for text in texts]
    pairs = [(a, b) for a in range(len(steps)) for b in range(len(steps)) if steps[a][1] < steps[b][1]]

    def mixed(order: Sequence[int]) -> bool:
        """30 to 70 % of the pairs stand in the order of the key, as the model of the type wants it."""
        at = {step: n for n, step in enumerate(order)}
        follows = sum(at[a] < at[b] for a, b in pairs)
        return 10 * max(follows, len(pairs) - follows) <= 7 * len(pairs)

    order = shuffled([text for text, _ in steps], mixed)
    number = {step: str(n) for n, step in enumerate(order, 1)}
    key = [[number[n] for n in range(len(steps)) if steps[n][1] == group] for group in range(len(body.groups))]
    return "order", {"steps": [{"text": steps[n][0]} for n in order], "key": key}, []


def shuffled(texts: Sequence[str], fits: Callable[[Sequence[int]], bool]) -> list[int]:
    """Return an order of the texts that fits, always the same for the same texts; their own where none fits."""
    for salt in range(500):
        order = sorted(range(len(texts)), key=lambda n: hashlib.sha256(f"{salt}|{n}|{texts[n]}".encode()).digest())
        if fits(order):
            return order
    return list(range(len(texts)))


def numbers(question: Question, given: Given) -> tuple[str, Fields, list[Loss]]:
    """Return the numbers asked for: one value each; the others are lost, each with a line."""
    body = question.body
    assert isinstance(body, Numbers)
    parts, losses = [], []
    for field in body.fields:
        part, lost = _part(field, question.place, given)
        parts.append(part)
        losses += lost
    return "number", {"parts": parts}, losses


def _part(field: NumberField, place: Place, given: Given) -> tuple[Fields, list[Loss]]:
    full = [v for v in field.values if v.weight >= NEARLY_FULL]
    some = full or [v for v in field.values if v.weight > 0]
    part: Fields = {"label": field.label or given.number_label, "unit": field.unit}
    if not some:
        return part, [place.loss("no-key")]
    key = some[0]
    losses = [place.loss("other-value", plain(v.value)) for v in full[1:]]
    partial = [
        f"{plain(v.value)}: {plain(v.weight)} %" for v in field.values if 0 < v.weight < NEARLY_FULL and v is not key
    ]
    losses += [place.loss("partial", "; ".join(partial))] if partial else []
    losses += [place.loss("right-feedback", key.feedback)] if key.feedback else []
    typical = []
    for wrong in (v for v in field.values if v.weight <= 0 and v.feedback):
        if abs(wrong.value - key.value) <= key.tol:
            losses.append(place.loss("other-value", plain(wrong.value)))
        else:
            typical.append({"value": plain(wrong.value), "text": wrong.feedback})
    part |= {"value": plain(key.value), **({"tol": plain(key.tol)} if key.tol else {})}
    part |= {"points": plain(field.points)} if field.points is not None else {}
    return part | ({"feedback": typical} if typical else {}), losses


def words(question: Question, given: Given) -> tuple[str, Fields, list[Loss]]:
    """Return what is accepted and the typical mistakes that are answered."""
    del given
    body, place = question.body, question.place
    assert isinstance(body, Words)
    full = [o for o in body.options if o.weight >= NEARLY_FULL]
    partial = [f"{o.text} {plain(o.weight)} %" for o in body.options if 0 < o.weight < NEARLY_FULL]
    losses = [place.loss("partial", "; ".join(partial))] if partial else []
    losses += [place.loss("case")] if body.case_matters else []
    losses += [place.loss("right-feedback", o.feedback) for o in full if o.feedback]
    losses += [] if full else [place.loss("no-key")]
    typical: dict[str, list[str]] = {}
    for option in (o for o in body.options if o.weight <= 0 and o.feedback):
        typical.setdefault(option.feedback, []).append(option.text)
    accept = list(dict.fromkeys(o.text for o in full))
    fields: Fields = {"accept": accept} if accept else {}
    fields |= {"fold": "true"} if body.fold else {}
    wrong = [{"accept": texts, "text": said} for said, texts in typical.items()]
    return "text", fields | ({"feedback": wrong} if wrong else {}), losses


def writing(question: Question, given: Given) -> tuple[str, Fields, list[Loss]]:
    """Return a text for a marker; its rubric is for the author to write."""
    del given
    body = question.body
    assert isinstance(body, Writing)
    return "essay", ({"words": [str(n) for n in body.words]} if body.words else {}), []
