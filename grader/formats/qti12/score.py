"""What an answer earns by the conditions of a QTI 1.2 item.

The key is found by trying answers, not by guessing at forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from grader.formats.foreign.xml import Node
from grader.formats.qti.numbers import number

Answer = Mapping[str, tuple[str, ...]]
"""Response ident → what was chosen or typed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The score of an answer, which feedback it is shown, and whether a later branch tried to take points back."""

    score: Decimal
    shown: tuple[str, ...]
    taken_back: bool = False


def outcome(conditions: list[Node], answer: Answer) -> Outcome:
    """Return what ``answer`` earns under the ``respcondition`` elements of an item.

    A branch that sets an earned score back to nothing is not followed (``taken_back``): files name the right option a
    second time in their branch for the wrong ones.
    """
    score, matched, taken_back = Decimal(0), False, False
    shown: list[str] = []
    for condition in conditions:
        test = condition.first("conditionvar")
        if test is None or not _all(list(test.elements()), answer, matched=matched):
            continue
        matched = True
        for variable in condition.elements("setvar"):
            if variable.get("varname", "SCORE").upper() not in {"SCORE", "QUE_SCORE", "GRADE", ""}:
                continue
            value, action = number(variable.text()), variable.get("action", "Set").lower()
            if action == "set" and value <= 0 < score:
                taken_back = True
            else:
                score = _changed(score, value, action)
        shown += [f.get("linkrefid") for f in condition.elements("displayfeedback")]
        if not _goes_on(condition):
            break
    return Outcome(score, tuple(dict.fromkeys(shown)), taken_back)


def _goes_on(condition: Node) -> bool:
    """Say whether the next conditions count too; where that is not said, points that are added mean to add up."""
    said = condition.get("continue").lower()
    adds = any(v.get("action", "Set").lower() in {"add", "subtract"} for v in condition.elements("setvar"))
    return said == "yes" if said else adds


def _changed(score: Decimal, value: Decimal, action: str) -> Decimal:
    if action == "add":
        return score + value
    if action == "subtract":
        return score - value
    if action == "multiply":
        return score * value
    if action == "divide":
        return score / value if value else score
    return value


def _all(nodes: list[Node], answer: Answer, *, matched: bool) -> bool:
    """Several tests side by side are joined by "and"."""
    return all(_holds(node, answer, matched=matched) for node in nodes)


def _holds(node: Node, answer: Answer, *, matched: bool) -> bool:
    inner = list(node.elements())
    if node.name == "and":
        return _all(inner, answer, matched=matched)
    if node.name == "or":
        return any(_holds(n, answer, matched=matched) for n in inner)
    if node.name == "not":
        return not _all(inner, answer, matched=matched)
    if node.name in {"other", "unanswered"}:
        return not matched if node.name == "other" else not answer.get(node.get("respident"))
    given = answer.get(node.get("respident"), ())
    wanted = node.text().strip()
    if node.name in {"varequal", "varsubstring"}:
        index = node.get("index")
        if index.isdigit():
            return int(index) <= len(given) and _same(given[int(index) - 1], wanted, node)
        return any(_same(one, wanted, node) for one in given)
    if node.name == "varsubset":
        return set(wanted.split(",")) <= set(given)
    if node.name in _ORDER:
        return any(_ORDER[node.name](number(one), number(wanted)) for one in given)
    return False


def _same(given: str, wanted: str, node: Node) -> bool:
    if node.get("case", "No").lower() != "yes":
        given, wanted = given.casefold(), wanted.casefold()
    return given == wanted if node.name == "varequal" else wanted in given


_ORDER = {
    "vargte": lambda a, b: a >= b,
    "vargt": lambda a, b: a > b,
    "varlte": lambda a, b: a <= b,
    "varlt": lambda a, b: a < b,
}
