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

BAD: Mapping[str, str] = MappingProxyType({"M02-Q10": "unused", "M04-Q07": "against", "M09-Q02": "easy"})
"""The three items that ``paper`` makes bad: the mistaken all choose one option; the able are wrong.

Everybody is right.
"""
FAIR_MARK = Decimal("0.75")  # share of a marked part that a passing paper may count on
_FAULT = 0.85  # how sure the able are wrong, and the others right, about the item that tells against

_TEXT = (
    "Cảm ơn anh em đã nêu ý kiến. Đúng là năm ngoái công đoàn chưa trả lời rõ. Tuần này tôi gặp các tổ ca đêm "
    "lúc giao ca, "
    "ghi từng ý kiến; tuần sau Ban Chấp hành họp và báo lại bằng bản tin ở bảng giao ca. "
)


def right(item: Mapping[str, Any], variant: int = 0) -> Any:  # an answer value
    """Return an answer that earns every automatic point of the keyed ``item``."""
    body = item["variants"][variant]
    match item["type"]:
        case "single":
            return body["correct"][0]
        case "multiple":
            return list(body["correct"])
        case "match":
            return dict(body["key"])
        case "order":
            return [step for group in body["key"] for step in group]
        case "number":
            return {p["id"]: _vietnamese(p["value"]) for p in body["parts"]}
        case "text":
            return body["accept"][0]
        case "table":
            return {
                n: c["accept"][0] if "accept" in c else _vietnamese(c["value"])
                for n, c in body["cells"].items()
                if "given" not in c
            }
        case "post":
            return body["sample"]
        case "code":
            return body["solution"]
    return _TEXT * (1 + body["words"][0] // 60)


def wrong(item: Mapping[str, Any], rng: random.Random, variant: int = 0) -> Any:  # an answer value
    """Return a plausible answer that earns less than full points."""
    body = item["variants"][variant]
    match item["type"]:
        case "single":
            return rng.choice([o["id"] for o in body["options"] if o["id"] not in body["correct"]])
        case "multiple":
            bad = [o["id"] for o in body["options"] if o["id"] not in body["correct"]]
            return sorted([rng.choice(body["correct"]), rng.choice(bad)])
        case "match":
            names = list(body["key"])
            first, second = rng.sample(names, 2)
            key = dict(body["key"])
            key[first], key[second] = key[second], key[first]
            return key
        case "order":
            steps = [step for group in body["key"] for step in group]
            place = rng.randrange(len(steps) - 1)
            return [*steps[place + 1 :], *steps[: place + 1]]
        case "number":
            return {p["id"]: _vietnamese(_off(p, rng)) for p in body["parts"]}
        case "text":
            return "chưa nhớ"
        case "table":
            cells = [n for n, c in body["cells"].items() if "given" not in c]
            return dict.fromkeys(cells, "0")
        case "post":
            return _TEXT
        case "code":
            return body["starter"]
    return _TEXT


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
            marked fairly.
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
    for item in (i for i in mistaken if i["type"] in {"single", "multiple"}):
        turn = item["id"], variants[item["id"]]
        answers[item["id"]] = _in_turn(item, turn[1], 0 if BAD.get(item["id"]) == "unused" else turns[turn])
        turns[turn] += 1
    return answers


def _in_turn(item: Mapping[str, Any], variant: int, turn: int) -> Any:  # an answer value
    body = item["variants"][variant]
    bad = [o["id"] for o in body["options"] if o["id"] not in body["correct"]]
    if item["type"] == "single":
        return bad[turn % len(bad)]
    return sorted([body["correct"][turn % len(body["correct"])], bad[turn % len(bad)]])


def _passes(key: Mapping[str, Any], variants: Mapping[str, int], answers: Mapping[str, Any]) -> bool:
    scores: Sequence[tuple[Mapping[str, Any], scorer.ItemScore | None]] = [
        # Code is run elsewhere: what is not the solution counts as nothing.
        (item, None if item["type"] == "code" else scorer.score(item, answers[item["id"]], variants[item["id"]]))
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
        return Decimal(item["points"]) if answer == item["variants"][variant]["solution"] else Decimal(0)
    return score.automatic + FAIR_MARK * Decimal(item["manual"] or 0)


def _off(part: Mapping[str, Any], rng: random.Random) -> str:
    if part["feedback"] and rng.random() < 0.7:  # most mistakes are the typical ones
        return str(rng.choice(part["feedback"])["value"])
    return str(Decimal(part["value"]) + 7 * (1 + Decimal(part["tol"])))


def _vietnamese(number: str) -> str:
    return number.replace(".", ",")
