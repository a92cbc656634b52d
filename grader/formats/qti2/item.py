"""The parts of a QTI 2.x or 3.0 item: declarations with their keys, branches of the response processing, feedback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from grader.formats.foreign.xml import Node
from grader.formats.qti.numbers import number

_STANDARD = frozenset(
    [
        "responseCondition",
        "responseIf",
        "responseElse",
        "responseElseIf",
        "match",
        "variable",
        "correct",
        "setOutcomeValue",
        "baseValue",
        "mapResponse",
        "sum",
        "isNull",
        "not",
        "and",
        "or",
        "equal",
        "stringMatch",
        "member",
        "gt",
        "gte",
        "lt",
        "lte",
        "index",
        "default",
        "product",
        "multiple",
        "ordered",
    ]
)
_BRANCHES = ("responseIf", "responseElseIf")
_TESTS = ("match", "equal", "stringMatch", "member")


@dataclass(frozen=True, slots=True)
class Key:
    """What a response declaration says is right.

    Attributes:
        correct: the values of ``correctResponse``, in order.
        mapped: value → points of the ``mapping``.
        case_matters: of any entry of the mapping.
        kind: base type, such as ``identifier`` or ``float``; ``cardinality`` beside it.
    """

    correct: tuple[str, ...]
    mapped: Mapping[str, Decimal]
    case_matters: bool
    kind: str
    cardinality: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the processing that compares one response with values of its own.

    Attributes:
        response: its identifier.
        values: what it is compared with; empty where that is the declared key.
        tolerance: as written, with its mode; empty without.
        sets: outcome → value, as written.
        points: that it sets or adds to the score.
    """

    response: str
    values: tuple[str, ...]
    tolerance: tuple[str, str]
    sets: Mapping[str, str]
    points: Decimal

    @property
    def earns(self) -> bool:
        """Say whether it gives points."""
        return self.points > 0


@dataclass(frozen=True, slots=True)
class Item2:
    """One item taken apart; ``shown``: identifier of feedback → its element; ``always``: shown whatever is answered."""

    node: Node
    body: Node
    keys: Mapping[str, Key]
    branches: tuple[Branch, ...]
    shown: Mapping[str, Node]
    always: tuple[Node, ...]
    by_choice: frozenset[str]
    points: Decimal | None
    unusual: tuple[str, ...]


def item_of(node: Node) -> Item2:
    """Take an ``assessmentItem`` apart."""
    processing = node.first("responseProcessing")
    branches = tuple(_branches(processing)) if processing else ()
    outcomes = {o.get("identifier"): o for o in node.elements("outcomeDeclaration")}
    shown, always = _feedback(node, outcomes, branches)
    return Item2(
        node,
        node.first("itemBody") or Node("itemBody", {}, (), node.line),
        {d.get("identifier"): _key(d) for d in node.elements("responseDeclaration")},
        branches,
        shown,
        always,
        frozenset(_by_choice(processing)),
        _points(outcomes),
        tuple(dict.fromkeys(n.name for n in processing.all() if n.name not in _STANDARD)) if processing else (),
    )


def _key(declaration: Node) -> Key:
    correct = declaration.first("correctResponse")
    mapping = declaration.first("mapping")
    entries = list(mapping.elements("mapEntry")) if mapping else []
    return Key(
        tuple(" ".join(v.text().split()) for v in correct.elements("value")) if correct else (),
        {e.get("mapKey"): number(e.get("mappedValue")) for e in entries},
        any(e.get("caseSensitive") == "true" for e in entries),
        declaration.get("baseType", "identifier"),
        declaration.get("cardinality", "single"),
    )


def _points(outcomes: Mapping[str, Node]) -> Decimal | None:
    """Return the points: what MAXSCORE is set to, else the normal maximum of SCORE."""
    most = outcomes.get("MAXSCORE")
    if most and most.first("defaultValue", "value"):
        return number(most.text())
    score = outcomes.get("SCORE")
    normal = number(score.get("normalMaximum")) if score else Decimal(0)
    return normal if normal > 0 else None


def _branches(processing: Node) -> Iterator[Branch]:
    for branch in processing.all(*_BRANCHES):
        tests = [
            t
            for t in branch.elements()
            if t.name not in {"setOutcomeValue", *_BRANCHES, "responseCondition", "exitResponse"}
        ]
        sets = {s.get("identifier"): " ".join(s.text().split()) for s in branch.elements("setOutcomeValue")}
        compared = [t for test in tests for t in (test, *test.all()) if t.name in _TESTS]
        responses = {v.get("identifier") for t in compared for v in t.all("variable") if v.get("identifier") != "SCORE"}
        if len(responses) != 1:
            continue
        values = tuple(" ".join(v.text().split()) for t in compared for v in t.all("baseValue"))
        tolerance = next(
            ((t.get("tolerance"), t.get("toleranceMode")) for t in compared if t.get("tolerance")), ("", "")
        )
        scores = [s for s in branch.elements("setOutcomeValue") if s.get("identifier") == "SCORE"]
        points = sum((number(v.text()) for s in scores for v in s.all("baseValue")), Decimal(0))
        yield Branch(responses.pop(), values, tolerance, sets, points)


def _by_choice(processing: Node | None) -> Iterator[str]:
    """Yield the outcomes that are set to a response: feedback by the identifier of what was chosen."""
    for outcome in processing.all("setOutcomeValue") if processing else ():
        inner = list(outcome.elements())
        if len(inner) == 1 and inner[0].name == "variable":
            yield outcome.get("identifier")


def _feedback(
    node: Node, outcomes: Mapping[str, Node], branches: tuple[Branch, ...]
) -> tuple[dict[str, Node], tuple[Node, ...]]:
    """Return the feedback by identifier, and that which an outcome shows from the beginning and no branch changes."""
    set_somewhere = {name for branch in branches for name in branch.sets}
    shown, always = {}, []
    for feedback in node.all("modalFeedback", "feedbackBlock", "feedbackInline"):
        outcome = outcomes.get(feedback.get("outcomeIdentifier"))
        default = " ".join(outcome.text().split()) if outcome else ""
        hidden = feedback.get("showHide", "show") == "hide"
        if (default == feedback.get("identifier")) != hidden and feedback.get("outcomeIdentifier") not in set_somewhere:
            always.append(feedback)
        else:
            shown[feedback.get("identifier")] = feedback
    return shown, tuple(always)
