"""What answers to a QTI 1.2 item earn and are told: by trying them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from grader.formats.foreign.texts import Texts
from grader.formats.qti.markup import of_material
from grader.formats.qti12.item import Item12
from grader.formats.qti12.score import Answer, outcome


@dataclass(frozen=True, slots=True)
class Tried:
    """An answer with what it earned and was shown."""

    score: Decimal
    shown: tuple[str, ...]


def try_answer(item: Item12, answer: Answer, texts: Texts) -> Tried:
    """Return what an answer earns and is shown; a branch that would take points back is reported."""
    result = outcome(list(item.conditions), answer)
    if result.taken_back:
        texts.lose("branch", ", ".join(v for values in answer.values() for v in values))
    return Tried(result.score, result.shown)


def shown_alike(tried: Iterable[Tried]) -> set[str]:
    """Return the feedback that all of these answers are shown."""
    sets = [set(one.shown) for one in tried]
    return set.intersection(*sets) if sets else set()


def feedback_of(item: Item12, names: Iterable[str], texts: Texts) -> str:
    """Return the feedback of these names as one text."""
    shown = (texts.line(of_material(item.feedback[n])) for n in names if n in item.feedback)
    return " ".join(text for text in shown if text)


def always_shown(item: Item12) -> list[str]:
    """Return the feedback of the first conditions that hold whatever is answered."""
    found: list[str] = []
    for condition in item.conditions:
        if not condition.first("conditionvar", "other") or condition.get("continue").lower() != "yes":
            break
        found += [f.get("linkrefid") for f in condition.elements("displayfeedback")]
    return [name for name in found if name in item.feedback]


def report_unused(item: Item12, used: Iterable[str], texts: Texts) -> None:
    """Feedback that no single answer is shown belongs to a result: there is no place for that here."""
    for name in [n for n in item.feedback if n not in set(used)]:
        said = texts.words(of_material(item.feedback[name]))
        if said:
            texts.lose("overall", f"{name}: {said}")
