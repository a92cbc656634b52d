"""Gaps of a QTI 1.2 item: boxes inside the text, or ``[name]`` in it for the response ``response_name``."""

from __future__ import annotations

from decimal import Decimal

from grader.formats.foreign.texts import Texts
from grader.formats.qti.markup import of_material
from grader.formats.qti.numbers import number
from grader.formats.qti12.item import Item12, Response
from grader.formats.qti12.score import outcome
from grader.formats.qti12.told import feedback_of, try_answer
from grader.formats.question import Unreadable, decimal
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    Gap,
    NumberField,
    Option,
    Value,
    Words,
    gap_mark,
    without_marks,
)

_BLANKS = "fill_in_multiple_blanks_question"
_BOXES = frozenset({"response_str", "response_num"})


def marked(item: Item12) -> tuple[str, list[Response]]:
    """Return the text with marks of gaps as HTML, and the responses in that order.

    Empty where they are no gaps of it.
    """
    text = without_marks(of_material(*item.stem))
    places = {r.ident: text.find(f"[{r.ident.removeprefix('response_')}]") for r in item.responses}
    if places and min(places.values()) >= 0:
        ordered = sorted(item.responses, key=lambda r: places[r.ident])
        for n, response in enumerate(ordered):
            text = text.replace(f"[{response.ident.removeprefix('response_')}]", gap_mark(n), 1)
        return text, ordered
    boxes = [r.node.name in _BOXES and not r.before for r in item.responses]
    last = item.parts[-1] if item.parts else None
    if not boxes or not all(boxes) or (len(boxes) == 1 and isinstance(last, Response)):
        return "", []
    marks = iter(range(len(boxes)))
    parts = (
        gap_mark(next(marks)) if isinstance(part, Response) else without_marks(of_material(part)) for part in item.parts
    )
    return "".join(parts), list(item.responses)


def gap_of(item: Item12, response: Response, kind: str, texts: Texts, used: set[str]) -> Gap:
    """Return one gap, its key found by trying what can be answered; feedback that found a place goes into ``used``.

    Raises:
        Unreadable: a number that is none.
    """
    if response.labels:
        tried = {ident: try_answer(item, {response.ident: (ident,)}, texts) for ident in response.labels}
        most = max((one.score for one in tried.values()), default=Decimal(0))
        options = []
        for ident, label in response.labels.items():
            mine = [n for n in tried[ident].shown if sum(n in one.shown for one in tried.values()) == 1]
            used |= set(mine)
            weight = FULL * tried[ident].score / most if most > 0 else Decimal(0)
            options.append(Option(texts.line(of_material(label)), weight, feedback_of(item, mine, texts)))
        if kind == _BLANKS:
            accepted = tuple(
                Option(texts.words(of_material(la)), o.weight)
                for la, o in zip(response.labels.values(), options, strict=True)
            )
            return Gap(Words(accepted), most or Decimal(1))
        return Gap(Choice(tuple(options)), most or Decimal(1))
    return _typed(item, response, texts)


def _score(item: Item12, response: Response, answer: str) -> Decimal:
    return outcome(list(item.conditions), {response.ident: (answer,)}).score


def _typed(item: Item12, response: Response, texts: Texts) -> Gap:
    mine = [t for c in item.conditions for t in c.all() if t.get("respident") == response.ident]
    box = next(response.node.all("render_fib"), None)
    kind = box.get("fibtype", "String").lower() if box else "string"
    bounds = [t for t in mine if t.name in {"vargte", "vargt", "varlte", "varlt"}]
    named = list(dict.fromkeys(t.text().strip() for t in mine if t.name == "varequal"))
    if response.node.name == "response_num" or kind in {"decimal", "integer"} or bounds:
        return _number([decimal(t.text()) for t in bounds], [decimal(text) for text in named], item, response)
    scores = {text: _score(item, response, text) for text in named}
    most = max(scores.values(), default=Decimal(0))
    if not named:
        raise Unreadable(response.ident)
    options = tuple(Option(texts.words(t), FULL * s / most if most > 0 else Decimal(0)) for t, s in scores.items())
    return Gap(Words(options), most or Decimal(1))


def _number(bounds: list[Decimal], named: list[Decimal], item: Item12, response: Response) -> Gap:
    if len(bounds) == 2:  # noqa: PLR2004  # a lower and an upper one
        value, tol = (bounds[0] + bounds[1]) / 2, abs(bounds[1] - bounds[0]) / 2
    elif named and not bounds:
        value, tol = named[0], Decimal(0)
    else:
        raise Unreadable(response.ident)
    points = max(
        number(v.text())
        for c in item.conditions
        if any(t.get("respident") == response.ident for t in c.all())
        for v in c.all("setvar")
    )
    return Gap(NumberField("", "", (Value(value, tol),)), points or Decimal(1))
