"""People who have not learnt.

The exact odds agree with 10,000 simulated attempts of each real module, and nobody passes.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from course import items
from grader.ground import syllabus
from grader.itemtypes.invented import guessing
from grader.text import module_text

ROOT = Path(__file__).parents[2]
TIMES = 10_000


@lru_cache(maxsize=1)
def real_modules() -> dict[str, tuple[list[dict[str, Any]], Decimal]]:
    """Return module → its keyed items and pass mark, for every exercise that is written."""
    rules = syllabus.load(ROOT / "course" / "course.yaml")
    found = {}
    for module in module_text.modules(rules, ROOT / "exercises", ROOT / "course"):
        text = module_text.read(rules, module, ROOT / "exercises", ROOT / "course")
        if text.exercise:
            known = module in rules.modules
            mark = Decimal(text.pass_mark) if known else Decimal(text.points) * Decimal("0.75")
            found[module] = ([i.keyed for i in text.exercise.items], mark)
    return found


def guess(item: Mapping[str, Any], body: Mapping[str, Any], rng: random.Random) -> Any:
    """One guess, written without looking at ``guessing``.

    A coin for each option, a shuffle, a number of the question.
    """
    match item["type"]:
        case "single":
            return rng.choice(body["options"])["id"]
        case "multiple":
            chosen: list[str] = []
            while not chosen:
                chosen = [o["id"] for o in body["options"] if rng.random() < 0.5]
            return chosen
        case "match":
            right = rng.sample([e["id"] for e in body["right"]], len(body["left"]))
            return dict(zip([e["id"] for e in body["left"]], right, strict=True))
        case "order":
            return rng.sample([s["id"] for s in body["steps"]], len(body["steps"]))
        case "number":
            seen = re.findall(r"\d+(?:[.,]\d+)*", body["stem"]) or ["0"]
            return {p["id"]: rng.choice(seen) for p in body["parts"]}
        case "table":
            given = " ".join(c.get("given", "") for c in body["cells"].values())
            seen = re.findall(r"\d+(?:[.,]\d+)*", body["stem"] + given) or ["0"]
            return {n: rng.choice(seen) for n, c in body["cells"].items() if "given" not in c}
        case "post":
            return rng.choice([body["stem"], "tin " * body["words"][1]])
    return None


def simulated(keyed: list[dict[str, Any]], mark: Decimal, rng: random.Random) -> tuple[list[float], int]:
    """Return the points of 10,000 attempts, and how many of them pass."""
    known: dict[tuple[str, int, str], items.ItemScore] = {}

    def score(item: dict[str, Any]) -> items.ItemScore:
        variant = rng.randrange(len(item["variants"]))
        answer = guess(item, item["variants"][variant], rng)
        name = (item["id"], variant, json.dumps(answer))
        if name not in known:
            known[name] = items.score(item, answer, variant)
        return known[name]

    points, passed = [], 0
    for _ in range(TIMES):
        scores = [score(item) for item in keyed]
        total = sum((s.automatic for s in scores), Decimal(0))
        points.append(float(total))
        passed += total >= mark and all(s.critical_met is not False and s.component_met is not False for s in scores)
    return points, passed


@pytest.mark.parametrize("module", sorted(real_modules()))
def test_ten_thousand_guessers_do_not_pass_and_the_exact_odds_say_so(module: str) -> None:
    keyed, mark = real_modules()[module]
    points, passed = simulated(keyed, mark, random.Random(f"guess-{module}"))
    assert passed == 0
    exact = guessing.together(
        guessing.item_distribution(i, guessing.random_answers) for i in keyed if i["type"] != "text"
    )
    assert sum(exact.values()) == pytest.approx(1)
    spread = math.sqrt(sum(p * (n / 100 - guessing.expected(exact)) ** 2 for (n, _), p in exact.items()))
    assert abs(sum(points) / TIMES - guessing.expected(exact)) <= 5 * spread / math.sqrt(TIMES) + 1e-9


@pytest.mark.parametrize("module", sorted(real_modules()))
def test_no_naive_strategy_passes_a_real_module(module: str) -> None:
    keyed, mark = real_modules()[module]
    for name in guessing.GUESSERS:
        odds = guessing.together(guessing.distributions(i)[name] for i in keyed)
        assert guessing.passes(odds, mark) < 0.001, name


def test_no_naive_strategy_finds_the_right_option_of_nearly_half_of_the_singles() -> None:
    """All bodies of all single-answer questions of the course, ties broken at random; chance would find 29 %."""
    bodies = [
        (item, body)
        for keyed, _mark in real_modules().values()
        for item in keyed
        if item["type"] == "single"
        for body in item["variants"]
    ]
    for name, strategy in guessing.STRATEGIES.items():
        right = sum(
            weight
            for item, body in bodies
            for answer, weight in guessing.chosen_by(strategy, item, body)
            if answer in body["correct"]
        )
        assert right / len(bodies) < 0.45, name


@pytest.mark.parametrize(
    ("strategy", "chosen"),
    [
        ("longest", "Cả ba tổ, đội và trạm đều có thể nghỉ ca lúc này."),
        ("shortest", "Gọi 2 tổ."),
        ("last", "Xin mời anh chị."),
        ("most commas", "Cả ba tổ, đội và trạm đều có thể nghỉ ca lúc này."),
        ("most digits", "Gọi 2 tổ."),
        ("most hedges", "Cả ba tổ, đội và trạm đều có thể nghỉ ca lúc này."),
        ("words of the question", "Báo tin đêm ấy cho kíp."),
        ("all of them", "Cả ba tổ, đội và trạm đều có thể nghỉ ca lúc này."),
    ],
)
def test_a_strategy_chooses_by_its_sign(strategy: str, chosen: str) -> None:
    texts = [
        "Cả ba tổ, đội và trạm đều có thể nghỉ ca lúc này.",
        "Gọi 2 tổ.",
        "Báo tin đêm ấy cho kíp.",
        "Xin mời anh chị.",
    ]
    item = choice("single", texts, ["A"])
    item["variants"][0]["stem"] = "Kíp đêm ấy nhận tin gì?"
    found = guessing.chosen_by(guessing.STRATEGIES[strategy], item, item["variants"][0])
    assert [answer for answer, _weight in found] == ["ABCD"[texts.index(chosen)]]


def choice(kind: str, options: list[str], correct: list[str], points: str = "2") -> dict[str, Any]:
    body = {
        "stem": "?",
        "options": [{"id": "ABCDEF"[n], "text": t} for n, t in enumerate(options)],
        "correct": correct,
        "feedback": dict.fromkeys("ABCDEF", ""),
        "veto": [],
    }
    return {
        "id": "T-1",
        "type": kind,
        "points": points,
        "critical": None,
        "component_min": None,
        "withdrawn": False,
        "variants": [body],
    }


@pytest.mark.parametrize(
    ("strategy", "key", "earned"),
    [
        ("longest", "B", 2),
        ("longest", "A", 0),
        ("first", "A", 2),
        ("first", "C", 0),
        ("most polite", "C", 2),
        ("most polite", "B", 0),
    ],
)
def test_each_strategy_chooses_what_its_name_says(strategy: str, key: str, earned: float) -> None:
    item = choice("single", ["Ngắn thôi.", "Câu này dài hơn hẳn hai câu kia.", "Xin mời anh."], [key])
    assert guessing.expected(guessing.distributions(item)[strategy]) == earned


def test_a_tie_is_broken_at_random() -> None:
    item = choice("single", ["Một câu.", "Hai câu.", "Ba."], ["A"])
    assert guessing.expected(guessing.distributions(item)["longest"]) == pytest.approx(1)


def test_half_of_the_options_of_a_multiple_are_taken_and_everything_earns_nothing() -> None:
    item = choice("multiple", ["Câu dài nhất ở đây.", "Câu dài nhì đây.", "Ngắn.", "Cụt."], ["A", "B"])
    odds = guessing.distributions(item)
    assert guessing.expected(odds["longest"]) == 2
    assert guessing.expected(odds["everything"]) == 0


def test_guessing_a_single_and_a_multiple_by_hand() -> None:
    """Two of four right.

    Of 15 sets, {A} {B} earn 1, {A,B} earns 2, the four sets AC, AD, BC, BD earn 0 …, ABC and ABD earn 1.
    """
    item = choice("multiple", ["a", "b", "c", "d"], ["A", "B"])
    assert guessing.expected(guessing.distributions(item)["random"]) == pytest.approx((1 + 1 + 2 + 1 + 1) / 15)
    assert guessing.expected(
        guessing.distributions(choice("single", ["a", "b", "c"], ["B"], "3"))["random"]
    ) == pytest.approx(1)


def test_passing_needs_the_mark_and_every_minimum() -> None:
    sure, lost = {(1500, True): 1.0}, {(1500, False): 1.0}
    assert guessing.passes(sure, Decimal(15)) == 1
    assert guessing.passes(sure, Decimal("15.01")) == 0
    assert guessing.passes(lost, Decimal(15)) == 0
    assert guessing.together([{(500, True): 0.5, (0, False): 0.5}, {(500, True): 1.0}]) == {
        (1000, True): 0.5,
        (500, False): 0.5,
    }
