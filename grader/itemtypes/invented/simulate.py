"""Invented answers of differing skill, from the key: for the demo, the tests' vectors and the benches.

Seeded, never random.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from course import items as scorer
from grader.itemtypes import TYPES

BAD: Mapping[str, str] = MappingProxyType({"M02-Q10": "unused", "M04-Q07": "against", "M09-Q02": "easy"})
"""The three items that ``paper`` makes bad: the mistaken all choose one option; the able are wrong.

Everybody is right.
"""
FAIR_MARK = Decimal("0.75")  # share of a marked part that a passing paper may count on
_FAULT = 0.85  # how sure the able are wrong, and the others right, about the item that tells against


def right(item: Mapping[str, Any], variant: int = 0) -> Any:  # an answer value
    """Return an answer that earns every automatic point of the keyed ``item``."""
    return TYPES[item["type"]].right(item["variants"][variant])


def wrong(item: Mapping[str, Any], rng: random.Random, variant: int = 0) -> Any:  # an answer value
    """Return a plausible answer that earns less than full points."""
    return TYPES[item["type"]].wrong(item["variants"][variant], rng)


def paper(
    key: Mapping[str, Any],
    variants: Mapping[str, int],
    skill: float,
    rng: random.Random,
    turns: Counter[tuple[str, int]],
    *,
    passing: bool,
) -> dict[str, Any]:
    """Return item → answer of one whole attempt; ``BAD`` items go wrong in their way.

    Args:
        key: of the module, as in ``keys/``.
        variants: item → variant shown.
        skill: probability of a right answer.
        rng: seeded.
        turns: how often a question was mistaken before; wrong options are taken in turn, so that each finds
            people. Counted on.
        passing: mistakes are put right, those first that ``BAD`` did not make, until the attempt passes if
            marked fairly; else right answers are spoiled until it does not, so that no luck of other questions
            changes who is trained.
    """
    answers, mistaken = {}, []
    for item in key["items"]:
        variant, fault = variants[item["id"]], BAD.get(item["id"], "")
        chance = {"against": 1 - _FAULT if passing else _FAULT, "easy": 1.0}.get(fault, skill)
        answers[item["id"]] = right(item, variant)
        if rng.random() >= chance:
            answers[item["id"]] = wrong(item, rng, variant)
            mistaken.append(item)
    rng.shuffle(mistaken)
    mistaken.sort(key=lambda item: item["id"] in BAD)
    while passing and mistaken and not _passes(key, variants, answers):
        item = mistaken.pop(0)
        answers[item["id"]] = right(item, variants[item["id"]])
    spare = [item for item in key["items"] if item not in mistaken]
    while not passing and spare and _passes(key, variants, answers):
        item = spare.pop(rng.randrange(len(spare)))
        answers[item["id"]] = wrong(item, rng, variants[item["id"]])
    for item in mistaken:
        turn = item["id"], variants[item["id"]]
        wrong_next = _in_turn(item, turn[1], 0 if BAD.get(item["id"]) == "unused" else turns[turn])
        if wrong_next is not None:
            answers[item["id"]] = wrong_next
            turns[turn] += 1
    return answers


def _in_turn(item: Mapping[str, Any], variant: int, turn: int) -> Any:  # an answer value
    return TYPES[item["type"]].in_turn(item["variants"][variant], turn)


def _passes(key: Mapping[str, Any], variants: Mapping[str, int], answers: Mapping[str, Any]) -> bool:
    scores: Sequence[tuple[Mapping[str, Any], scorer.ItemScore | None]] = [
        # A program is run elsewhere: what is not the solution counts as nothing.
        (item, scorer.score(item, answers[item["id"]], variants[item["id"]]) if scorer.scores(item) else None)
        for item in key["items"]
    ]
    points = sum(
        (_points(item, score, answers[item["id"]], variants[item["id"]]) for item, score in scores), Decimal(0)
    )
    return points >= Decimal(key["pass_mark"]) and all(
        score is None or score.critical_met is not False for _, score in scores
    )


def _points(
    item: Mapping[str, Any], score: scorer.ItemScore | None, answer: Any, variant: int
) -> Decimal:  # an answer value
    if score is None:
        return Decimal(item["points"]) if answer == right(item, variant) else Decimal(0)
    return score.automatic + FAIR_MARK * Decimal(item["manual"] or 0)
