"""Writes Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from math import gcd

from grader.formats.foreign import to_html
from grader.formats.foreign.gaps import as_pairs
from grader.formats.foreign.to_xml import HEAD, cdata, element, words
from grader.formats.losses import Loss
from grader.formats.question import Prose, Question, Truth
from grader.itemtypes.shared.neutral import (
    Choice,
    Gap,
    Gaps,
    Grid,
    NumberField,
    Numbers,
    Ordering,
    Pairs,
    Value,
    Words,
    Writing,
    gap_mark,
    plain,
)

_CLOZE_SIGN = re.compile(r"([\\}~#/\"])")


def write(title: str, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions as Moodle XML, and a line for everything that is not in it."""
    parts = [element("question", element("category", _text(words(f"$course$/top/{title}"))), type="category")]
    losses: list[Loss] = []
    for question in questions:
        body = _BODIES.get(type(question.body))
        if body is None:
            losses.append(question.place.loss("kind", type(question.body).__name__.lower()))
            continue
        kind, stem, inner = body(question, losses)
        parts.append(_whole(question, kind, stem, inner))
    return (HEAD + element("quiz", "\n", *(f"{part}\n" for part in parts))).encode(), losses


def _text(xml: str) -> str:
    return element("text", xml) if xml else "<text></text>"


def _html(name: str, html: str, *more: str, **attributes: str) -> str:
    return element(name, _text(cdata(html) if html else ""), *more, format="html", **attributes)


def _whole(question: Question, kind: str, stem: str, inner: Sequence[str]) -> str:
    points = question.points if question.points is not None else Decimal(1)
    tags = element("tags", *(element("tag", _text(words(tag))) for tag in question.tags))
    return element(
        "question",
        element("name", _text(words(question.place.name))),
        _html("questiontext", stem),
        _html("generalfeedback", to_html.block(question.explanation)),
        element("defaultgrade", plain(points)),
        *inner,
        *([tags] if question.tags else []),
        type=kind,
    )


def _answer(fraction: Decimal, text: str, feedback: str, *more: str) -> str:
    said = _html("feedback", to_html.line(feedback))
    return element("answer", text, *more, said, fraction=plain(fraction), format="html")


Made = tuple[str, str, list[str]]


def _choice(question: Question, losses: list[Loss]) -> Made:
    del losses
    body = question.body
    assert isinstance(body, Choice)  # the table says so
    answers = [_answer(o.weight, _text(cdata(to_html.line(o.text))), o.feedback) for o in body.options]
    single = element("single", "false" if body.several else "true")
    shuffled = element("shuffleanswers", "true")
    return "multichoice", to_html.block(question.stem), [single, shuffled, *answers]


def _truth(question: Question, losses: list[Loss]) -> Made:
    del losses
    body = question.body
    assert isinstance(body, Truth)
    sides = (("true", body.true, body.on_true), ("false", not body.true, body.on_false))
    answers = [_answer(Decimal(100 if right else 0), _text(word), said) for word, right, said in sides]
    return "truefalse", to_html.block(question.stem), answers


def _pairs(question: Question, losses: list[Loss]) -> Made:
    body = question.body
    assert isinstance(body, Pairs)
    if any(p.feedback for p in body.pairs) or any(o.feedback for o in body.spare):
        losses.append(question.place.loss("field", "feedback"))
    sides = [*((to_html.line(p.left), p.right) for p in body.pairs), *(("", o.text) for o in body.spare)]
    subs = [_html("subquestion", left, element("answer", _text(words(to_html.words(right))))) for left, right in sides]
    return "matching", to_html.block(question.stem), [element("shuffleanswers", "true"), *subs]


def _ordering(question: Question, losses: list[Loss]) -> Made:
    body = question.body
    assert isinstance(body, Ordering)
    if any(len(group) > 1 for group in body.groups):
        losses.append(question.place.loss("field", "key"))
    steps = [step for group in body.groups for step in group]
    answers = [_answer(Decimal(n), _text(cdata(to_html.line(step))), "") for n, step in enumerate(steps, 1)]
    return "ordering", to_html.block(question.stem), answers


def _words(question: Question, losses: list[Loss]) -> Made:
    body = question.body
    assert isinstance(body, Words)
    if body.fold:
        losses.append(question.place.loss("field", "fold"))
    answers = [_answer(o.weight, _text(words(o.text.replace("*", "\\*"))), o.feedback) for o in body.options]
    return "shortanswer", to_html.block(question.stem), [element("usecase", "0"), *answers]


def _numbers(question: Question, losses: list[Loss]) -> Made:
    """A number becomes a gap in a line ``label: gap unit``: ``numerical`` has no label and one number only."""
    del losses
    body = question.body
    assert isinstance(body, Numbers)
    weights = _whole_numbers([f.points for f in body.fields])
    lines = [
        f"<p>{to_html.line(f.label)}: {_code(f, weight)} {to_html.line(f.unit)}</p>"
        for f, weight in zip(body.fields, weights, strict=True)
    ]
    return "cloze", to_html.block(question.stem) + "".join(lines), []


def _whole_numbers(points: Sequence[Decimal | None]) -> list[int]:
    cents = [int(p * 100) if p is not None else 1 for p in points]
    common = gcd(*cents) or 1
    return [c // common for c in cents]


def _gaps(question: Question, losses: list[Loss]) -> Made:
    body = question.body
    assert isinstance(body, Gaps)
    html = to_html.block(question.stem) + to_html.block(body.text)
    for number, (gap, weight) in enumerate(zip(body.gaps, _whole_numbers([g.weight for g in body.gaps]), strict=True)):
        html = html.replace(gap_mark(number), _gap(gap, weight))
        if isinstance(gap.body, NumberField) and gap.body.unit:
            losses.append(question.place.loss("label", gap.body.unit))
        if isinstance(gap.body, Words) and gap.body.fold:
            losses.append(question.place.loss("field", "fold"))
    return "cloze", html, []


def _gap(gap: Gap, weight: int) -> str:
    if isinstance(gap.body, NumberField):
        return f"{_code(gap.body, weight)} {to_html.line(gap.body.unit)}".rstrip()
    options = [f"{'=' if o.weight > 0 else ''}{_escaped(o.text)}{_said(o.feedback)}" for o in gap.body.options]
    if isinstance(gap.body, Choice):
        return f"{{{weight}:MULTICHOICE:{'~'.join(options)}}}"
    return f"{{{weight}:SHORTANSWER:{'~'.join([*options, *_others(gap.body.otherwise)])}}}"


def _escaped(markdown: str) -> str:
    return _CLOZE_SIGN.sub(r"\\\1", to_html.line(markdown))


def _said(feedback: str) -> str:
    return f"#{_escaped(feedback)}" if feedback else ""


def _others(feedback: str) -> list[str]:
    return [f"%0%*{_said(feedback)}"] if feedback else []


def _code(field: NumberField, weight: int) -> str:
    return f"{{{weight}:NUMERICAL:{'~'.join([*map(_value, field.values), *_others(field.otherwise)])}}}"


def _grid(question: Question, losses: list[Loss]) -> Made:
    body = question.body
    assert isinstance(body, Grid)
    shown, fields = as_pairs(body)
    losses += [question.place.loss("field", name) for name in fields]
    return _pairs(replace(question, body=shown), losses)


def _value(value: Value) -> str:
    sign = "=" if value.weight > 0 else "%0%"
    said = _said(value.feedback)
    return f"{sign}{plain(value.value)}:{plain(value.tol)}{said}"


def _writing(question: Question, losses: list[Loss]) -> Made:
    del losses
    body = question.body
    assert isinstance(body, Writing)
    limits = [element(n, str(v)) for n, v in zip(("minwordlimit", "maxwordlimit"), body.words or (), strict=False)]
    return "essay", to_html.block(question.stem), [element("responseformat", "editor"), *limits]


def _prose(question: Question, losses: list[Loss]) -> Made:
    del losses
    return "description", to_html.block(question.stem), []


_BODIES: Mapping[type, Callable[[Question, list[Loss]], Made]] = {
    Choice: _choice,
    Truth: _truth,
    Pairs: _pairs,
    Ordering: _ordering,
    Words: _words,
    Numbers: _numbers,
    Gaps: _gaps,
    Grid: _grid,
    Writing: _writing,
    Prose: _prose,
}
