"""What is typed into a QTI 1.2 item: texts, numbers, essays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from grader.formats.foreign.texts import Texts
from grader.formats.foreign.xml import Node
from grader.formats.qti.markup import of_material
from grader.formats.qti.numbers import number
from grader.formats.qti12.item import Item12, Response
from grader.formats.qti12.told import always_shown, feedback_of, report_unused, shown_alike, try_answer
from grader.formats.question import Body, NoEquivalent, Unreadable, decimal
from grader.itemtypes.shared.neutral import FULL, NumberField, Numbers, Option, Value, Words, Writing

_NOBODYS = "\x00"  # typed by nobody: what it is shown, everybody is
Said = list[Node]
"""Feedback that everybody is shown."""


def typed(item: Item12, texts: Texts, kind: str) -> tuple[Body, Said]:
    """Return the body of an item into which something is typed, and the feedback that everybody is shown.

    Raises:
        NoEquivalent: several boxes without labels that are no gaps of the text.
        Unreadable: a number that is none.
    """
    tests = [c for c in item.conditions if any(t.name.startswith("var") for t in c.all())]
    if len(item.responses) == 1 and ("essay" in kind or not tests):
        general = always_shown(item)
        report_unused(item, general, texts)
        return Writing(), [item.feedback[name] for name in general]
    if all(_is_number(response, tests, kind) for response in item.responses):
        if len(item.responses) > 1 and not all(response.before for response in item.responses):
            raise NoEquivalent(kind or f"response_num × {len(item.responses)}")
        general = always_shown(item)
        told = [f.get("linkrefid") for c in tests for f in c.elements("displayfeedback")]
        report_unused(item, [*general, *told], texts)
        body = Numbers(tuple(_field(item, response, tests, texts) for response in item.responses))
        return body, [item.feedback[name] for name in general]
    if len(item.responses) > 1:
        raise NoEquivalent(kind or f"response_str × {len(item.responses)}")
    return _words(item, tests, texts)


def _is_number(response: Response, tests: Sequence[Node], kind: str) -> bool:
    field = next(response.node.all("render_fib"), None)
    typed = field.get("fibtype", "String").lower() if field else "string"
    bounds = any(
        t.get("respident") == response.ident for c in tests for t in c.all("vargte", "varlte", "vargt", "varlt")
    )
    return response.node.name == "response_num" or typed in {"decimal", "integer"} or bounds or "numerical" in kind


def _field(item: Item12, response: Response, tests: Sequence[Node], texts: Texts) -> NumberField:
    """Return one number: the text before its box is the label, the text after it the unit."""
    mine = [c for c in tests if any(t.get("respident") == response.ident for t in c.all())]
    label = texts.line(of_material(*response.before)).rstrip(": ")
    points = max((_earned(c) for c in mine), default=Decimal(0))
    values = tuple(_values(item, mine, texts))
    if not values:
        raise Unreadable(response.ident)
    return NumberField(
        label, texts.words(of_material(*response.after)), values, points if len(item.responses) > 1 else None
    )


def _earned(condition: Node) -> Decimal:
    return sum((number(v.text()) for v in condition.elements("setvar")), Decimal(0))


def _told(item: Item12, condition: Node, texts: Texts) -> str:
    return feedback_of(item, [f.get("linkrefid") for f in condition.elements("displayfeedback")], texts)


def _words(item: Item12, tests: Sequence[Node], texts: Texts) -> tuple[Body, Said]:
    """Every text that a condition names is tried, and one that none names."""
    named: dict[str, str] = {}
    for test in (t for c in tests for t in c.all("varequal", "varsubstring")):
        if test.name == "varsubstring":
            texts.lose("wildcard", test.text().strip())
        else:
            named.setdefault(test.text().strip(), texts.words(test.text()))
    response = item.responses[0].ident
    tried = {raw: try_answer(item, {response: (raw,)}, texts) for raw in named}
    always = shown_alike([*tried.values(), try_answer(item, {response: (_NOBODYS,)}, texts)])
    most = max((one.score for one in tried.values()), default=Decimal(0))
    options = []
    for raw, typed in named.items():
        weight = FULL * tried[raw].score / most if most > 0 else Decimal(0)
        options.append(
            Option(typed, weight, feedback_of(item, [n for n in tried[raw].shown if n not in always], texts))
        )
    report_unused(item, {*always, *(n for one in tried.values() for n in one.shown)}, texts)
    case_matters = any(t.get("case", "No").lower() == "yes" for c in tests for t in c.all("varequal"))
    return Words(tuple(options), case_matters), [item.feedback[n] for n in item.feedback if n in always]


def _values(item: Item12, tests: Sequence[Node], texts: Texts) -> Iterable[Value]:
    most = max((_earned(c) for c in tests), default=Decimal(0))
    for condition in tests:
        weight = FULL * _earned(condition) / most if most > 0 else Decimal(0)
        told = _told(item, condition, texts)
        found = _range(condition, texts) or [(decimal(t.text()), Decimal(0)) for t in condition.all("varequal")]
        for value, tol in found[:1] if len({v for v, _ in found}) == 1 else found:
            yield Value(value, tol, weight, told)


def _range(condition: Node, texts: Texts) -> list[tuple[Decimal, Decimal]]:
    """Return value and tolerance of a condition with a lower and an upper bound; none without both."""
    low = [(decimal(t.text()), t.name) for t in condition.all("vargte", "vargt")]
    high = [(decimal(t.text()), t.name) for t in condition.all("varlte", "varlt")]
    if len(low) != 1 or len(high) != 1:
        if low or high:
            raise Unreadable("vargte, varlte")
        return []
    if low[0][1] == "vargt" or high[0][1] == "varlt":
        texts.lose("edge", f"{low[0][0]} … {high[0][0]}")
    exact = [decimal(t.text()) for t in condition.all("varequal")]
    middle, half = (low[0][0] + high[0][0]) / 2, (high[0][0] - low[0][0]) / 2
    if exact and low[0][0] <= exact[0] <= high[0][0] and exact[0] != middle:
        texts.lose("tolerance", f"{low[0][0]} … {exact[0]} … {high[0][0]}")
    return [(middle, half)]
