"""People who have not learnt.

Each strategy answers every module 10,000 times, scored by the real scorer under the real pass rule.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import harvest
from bench.measure import ROOT, heading, line
from course import items
from grader.ground import syllabus
from grader.itemtypes.invented import guessing
from grader.itemtypes.invented.guessing import GUESSERS
from grader.text import module_text

TIMES = 10_000
Scores = Sequence[items.ItemScore]


def modules() -> Iterator[tuple[str, list[dict[str, Any]], Decimal]]:
    """Yield every module that has an exercise, with its keyed items and its pass mark."""
    rules = syllabus.load(ROOT / "course" / "course.yaml")
    for module in rules.modules:
        text = module_text.read(rules, module, ROOT / "exercises", ROOT / "course")
        if text.exercise:
            yield module, [item.keyed for item in text.exercise.items], Decimal(text.pass_mark)


def answered(item: Mapping[str, Any], guess: Callable[[Any, Any], guessing.Weighted], rng: random.Random) -> Scores:
    """Return 10,000 scores of an item: variants in turn, answers drawn as the strategy gives them."""
    scores: list[items.ItemScore] = []
    for variant, body in enumerate(item["variants"]):
        answers, weights = zip(*guess(item, body), strict=True)
        known: dict[str, items.ItemScore] = {}
        for answer in rng.choices(answers, weights, k=TIMES // len(item["variants"]) + 1):
            value = None if item["type"] == "code" else answer
            name = json.dumps(value)
            if name not in known:
                known[name] = items.score(item, value, variant)
            scores.append(known[name])
    rng.shuffle(scores)
    return scores[:TIMES]


def played(
    keyed: Sequence[Mapping[str, Any]],
    mark: Decimal,
    guess: Callable[[Any, Any], guessing.Weighted],
    rng: random.Random,
) -> tuple[int, Decimal]:
    """Return how many of 10,000 attempts pass (mark, critical items, component minimum), and the best points."""
    columns = [(item, answered(item, guess, rng)) for item in keyed]
    passed, best = 0, Decimal(0)
    for n in range(TIMES):
        row = [(item, scores[n]) for item, scores in columns]
        points = sum((score.automatic for _, score in row), Decimal(0))
        best = max(best, points)
        critical = all(score.critical_met is not False for _, score in row)
        component = all(score.component_met is True or item["component_min"] is None for item, score in row)
        passed += points >= mark and critical and component
    return passed, best


def bench(_folder: Path) -> None:
    """Print, for each module and strategy, passes of 10,000, the exact probability of passing, and the best points."""
    heading(f"Passing without having learnt, {TIMES} attempts each")
    for module, keyed, mark in modules():
        exact = {
            name: guessing.passes(guessing.together(guessing.distributions(i)[name] for i in keyed), mark)
            for name in GUESSERS
        }
        for name, guess in GUESSERS.items():
            passed, best = played(keyed, mark, guess, random.Random(f"{module}-{name}"))
            line(
                f"{module}, {name}",
                f"{passed} passes; exactly {100 * exact[name]:.2g} %; best {best} of {mark} needed",
                "0 passes, < 0.1 %",
            )
    harvest.report(modules())
