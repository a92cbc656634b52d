"""Writes JupyterQuiz JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from grader.formats.foreign import to_html
from grader.formats.foreign.gaps import as_pairs
from grader.formats.losses import Loss
from grader.formats.question import Question
from grader.itemtypes.shared.neutral import Choice, Grid, Numbers, Option, Pairs, Value, Words

Entry = dict[str, Any]


def write(title: str, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions as a JSON list, and a line for everything that is not in it."""
    del title  # the file has no place for one
    entries, losses = [], []
    for question in questions:
        made = _BODIES.get(type(question.body))
        lost: list[str] = []
        entry = made(question, lost) if made else None
        if entry is None:
            losses.append(question.place.loss("kind", type(question.body).__name__.lower()))
            continue
        entries.append({"question": to_html.block(question.stem), **entry})
        lost += ["explanation"] if question.explanation else []
        lost += [tag.partition(":")[0] for tag in question.tags]
        lost += ["points"] if question.points not in {None, Decimal(1)} else []
        losses += [question.place.loss("field", ", ".join(lost))] if lost else []
    return json.dumps(entries, ensure_ascii=False, indent=1).encode(), losses


def _answer(text: str, option: Option) -> Entry:
    said = {"feedback": to_html.line(option.feedback)} if option.feedback else {}
    return {"answer": text, "correct": option.weight > 0, **said}


def _choice(question: Question, lost: list[str]) -> Entry | None:
    del lost
    body = question.body
    assert isinstance(body, Choice)  # the table says so
    kind = "many_choice" if body.several else "multiple_choice"
    return {"type": kind, "answers": [_answer(to_html.line(o.text), o) for o in body.options]}


def _words(question: Question, lost: list[str]) -> Entry | None:
    body = question.body
    assert isinstance(body, Words)
    lost += ["fold"] if body.fold else []
    return {"type": "string", "answers": [_answer(o.text, o) for o in body.options]}


def _numbers(question: Question, lost: list[str]) -> Entry | None:
    body = question.body
    assert isinstance(body, Numbers)
    if len(body.fields) > 1:
        return None
    lost += ["label", *(["unit"] if body.fields[0].unit else [])]
    return {"type": "numeric", "answers": [_value(value) for value in body.fields[0].values]}


def _value(value: Value) -> Entry:
    """A tolerance becomes a range, whose upper edge is outside in this format."""
    said = {"feedback": to_html.line(value.feedback)} if value.feedback else {}
    if value.tol:
        ends = [_number(value.value - value.tol), _number(value.value + value.tol)]
        return {"type": "range", "range": ends, "correct": value.weight > 0, **said}
    return {"type": "value", "value": _number(value.value), "correct": value.weight > 0, **said}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _pairs(question: Question, lost: list[str]) -> Entry | None:
    body = question.body
    assert isinstance(body, Pairs)
    if any(p.feedback for p in body.pairs) or any(o.feedback for o in body.spare):
        lost.append("feedback")
    pairs = [{"label": to_html.line(p.left), "answer": to_html.line(p.right)} for p in body.pairs]
    rights = dict.fromkeys([p["answer"] for p in pairs] + [to_html.line(o.text) for o in body.spare])
    return {"type": "match", "pairs": pairs, "options": list(rights)}


def _grid(question: Question, lost: list[str]) -> Entry | None:
    body = question.body
    assert isinstance(body, Grid)
    shown, fields = as_pairs(body)
    if len({pair.right for pair in shown.pairs}) == len(shown.pairs):
        return None  # nothing would say that these are rows of a grid
    lost += fields
    return _pairs(replace(question, body=shown), lost)


_BODIES: Mapping[type, Callable[[Question, list[str]], Entry | None]] = {
    Choice: _choice,
    Words: _words,
    Numbers: _numbers,
    Pairs: _pairs,
    Grid: _grid,
}
