"""Writes GIFT."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from grader.formats.foreign import to_html
from grader.formats.foreign.gaps import as_pairs
from grader.formats.losses import Loss
from grader.formats.question import Prose, Question, Truth, points_tag
from grader.itemtypes.shared.neutral import FULL, Choice, Grid, Numbers, Option, Pairs, Value, Words, Writing, plain

SUFFIX = ".gift.txt"
_RESERVED = re.compile(r"[\\~=#{}:]")


def write(title: str, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions as a GIFT file in UTF-8, and a line for everything that is not in it."""
    parts = [f"$CATEGORY: {_one_line(title)}\n"]
    losses: list[Loss] = []
    for question in questions:
        answers = _ANSWERS.get(type(question.body))
        lost: list[Loss] = []
        shown = answers(question, lost) if answers else None
        if shown is None:
            lost.append(question.place.loss("kind", type(question.body).__name__.lower()))
        else:
            parts.append(_whole(question, shown))
        losses += lost
    return "\n".join(parts).encode(), losses


def _whole(question: Question, answers: str) -> str:
    tags = "".join(f" [tag:{tag}]" for tag in (*question.tags, *points_tag(question)))
    comment = f"//{tags}\n" if tags else ""
    return f"{comment}::{_one_line(question.place.name)}::[html]{_escaped(to_html.block(question.stem))}{answers}\n"


def _escaped(text: str) -> str:
    return _RESERVED.sub(lambda m: "\\" + m[0], text).replace("\n", "\\n")


def _one_line(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _line(markdown: str) -> str:
    return _escaped(to_html.line(markdown))


def _braces(question: Question, rows: Sequence[str]) -> str:
    general = f"\t####{_escaped(to_html.block(question.explanation))}\n" if question.explanation else ""
    return "{\n" + "".join(f"\t{row}\n" for row in rows) + general + "}"


def _said(feedback: str) -> str:
    return f"#{_line(feedback)}" if feedback else ""


def _choice(question: Question, lost: list[Loss]) -> str | None:
    del lost
    body = question.body
    assert isinstance(body, Choice)  # the table says so
    return _braces(
        question, [f"{_sign(o, several=body.several)}{_line(o.text)}{_said(o.feedback)}" for o in body.options]
    )


def _sign(option: Option, *, several: bool) -> str:
    if option.weight == FULL and not several:
        return "="
    return f"~%{plain(option.weight)}%" if option.weight else "~"


def _truth(question: Question, lost: list[Loss]) -> str | None:
    del lost
    body = question.body
    assert isinstance(body, Truth)
    right, wrong = (body.on_true, body.on_false) if body.true else (body.on_false, body.on_true)
    said = f"#{_line(wrong)}#{_line(right)}" if right or wrong else ""
    return "{" + ("T" if body.true else "F") + said + "}"


def _pairs(question: Question, lost: list[Loss]) -> str | None:
    body = question.body
    assert isinstance(body, Pairs)
    if any(p.feedback for p in body.pairs) or any(o.feedback for o in body.spare):
        lost.append(question.place.loss("field", "feedback"))
    rows = [f"={_line(p.left)} -> {_line(p.right)}" for p in body.pairs]
    return _braces(question, [*rows, *(f"= -> {_line(o.text)}" for o in body.spare)])


def _grid(question: Question, lost: list[Loss]) -> str | None:
    body = question.body
    assert isinstance(body, Grid)
    shown, fields = as_pairs(body)
    lost += [question.place.loss("field", name) for name in fields]
    return _pairs(replace(question, body=shown), lost)


def _words(question: Question, lost: list[Loss]) -> str | None:
    body = question.body
    assert isinstance(body, Words)
    if body.fold:
        lost.append(question.place.loss("field", "fold"))
    return _braces(question, [f"=%{plain(o.weight)}%{_escaped(o.text)}{_said(o.feedback)}" for o in body.options])


def _numbers(question: Question, lost: list[Loss]) -> str | None:
    body = question.body
    assert isinstance(body, Numbers)
    if len(body.fields) > 1:
        return None
    field = body.fields[0]
    lost.append(
        question.place.loss("field", f"label «{field.label}»" + (f", unit «{field.unit}»" if field.unit else ""))
    )
    rows = [f"={_weight(v)}{plain(v.value)}:{plain(v.tol)}{_said(v.feedback)}" for v in field.values]
    return _braces(question, ["#", *rows])


def _weight(value: Value) -> str:
    return "" if value.weight == FULL else f"%{plain(Decimal(value.weight))}%"


def _writing(question: Question, lost: list[Loss]) -> str | None:
    body = question.body
    assert isinstance(body, Writing)
    if body.words:
        lost.append(question.place.loss("field", f"words {list(body.words)}"))
    return _braces(question, []) if question.explanation else "{}"


def _prose(question: Question, lost: list[Loss]) -> str | None:
    del question, lost
    return ""


_ANSWERS: Mapping[type, Callable[[Question, list[Loss]], str | None]] = {
    Choice: _choice,
    Truth: _truth,
    Pairs: _pairs,
    Grid: _grid,
    Words: _words,
    Numbers: _numbers,
    Writing: _writing,
    Prose: _prose,
}
