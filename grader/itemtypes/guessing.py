"""What somebody earns who has not learnt.

Random guessing, naive strategies and "select everything", as exact distributions.

For each item every distinct answer of a guesser is scored once by ``course.items``, as a cadre's answer would be,
and weighted with its
probability; the module's distribution is the convolution over its items. It is what any number of simulated attempts
converges to, so a
probability of 0.01 % can be told from none, which 10,000 simulations cannot; ``tests/check/test_guessing.py`` compares the
two.

A guesser types a number that stands in the question, a run of up to four words of it for a short text, the question
itself or one word
over and over in the wanted length for a post, and leaves essays and code empty. A post's marked part earns nothing.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from course import items, vietnamese

Item = Mapping[str, Any]
Weighted = Sequence[tuple[Any, float]]
Distribution = dict[tuple[int, bool], float]
"""(hundredths of a point, whether every minimum so far is met) → probability."""

_ENUMERATED = 5040  # 7!: beyond it answers are drawn
_DRAWN = 2000
_LONGEST_RUN = 4
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_COURTESY = (
    "xin", "cảm ơn", "kính", "nhờ", "mời", "lắng nghe", "chia sẻ", "trân trọng", "mong", "thông cảm",
    "động viên", "hỏi thăm", "đồng hành",
    "hỏi ý kiến", "đồng ý", "quan tâm", "thân mến",
)  # fmt: skip


def courtesy(text: str) -> int:
    """Return how many words of courtesy stand in ``text``."""
    return sum(vietnamese.has_phrase(text, [word]) for word in _COURTESY)


STRATEGIES: Mapping[str, Callable[[int, str], float]] = {
    "longest": lambda _place, text: len(vietnamese.nfc(text)),
    "first": lambda place, _text: -place,
    "most polite": lambda _place, text: courtesy(text),
}
"""Name → what an option is chosen by: the highest value; ties are broken at random."""


def random_answers(item: Item, body: Mapping[str, Any]) -> Weighted:
    """Return the answers of somebody who guesses, with their probabilities."""
    match item["type"]:
        case "single":
            return _equally([o["id"] for o in body["options"]])
        case "multiple":
            ids = [o["id"] for o in body["options"]]
            return _equally([list(c) for n in range(1, len(ids) + 1) for c in itertools.combinations(ids, n)])
        case "match":
            left, right = [e["id"] for e in body["left"]], [e["id"] for e in body["right"]]
            return _equally([dict(zip(left, chosen, strict=True)) for chosen in _arrangements(right, len(left))])
        case "order":
            steps = [s["id"] for s in body["steps"]]
            return _equally([list(p) for p in _arrangements(steps, len(steps))])
        case "number":
            seen = _NUMBER.findall(body["stem"]) or ["0"]
            parts = [p["id"] for p in body["parts"]]
            return _equally([dict(zip(parts, values, strict=True)) for values in _products(seen, len(parts))])
        case "table":
            cells = {n: c for n, c in body["cells"].items() if "given" not in c}
            seen = _NUMBER.findall(body["stem"] + " ".join(c.get("given", "") for c in body["cells"].values())) or ["0"]
            return _equally([dict(zip(cells, values, strict=True)) for values in _products(seen, len(cells))])
        case "text":
            words = re.findall(r"\w+", body["stem"])
            return _equally(
                [
                    " ".join(words[n : n + length])
                    for length in range(1, _LONGEST_RUN + 1)
                    for n in range(max(1, len(words) - length + 1))
                ]
            )
        case "post":
            return _equally([body["stem"], " ".join(["tin"] * body["words"][1])])
    return [(None, 1.0)]


def chosen_by(value: Callable[[int, str], float], item: Item, body: Mapping[str, Any]) -> Weighted:
    """Return the answers of somebody who follows a strategy.

    Half of the options of a ``multiple``, pairs and steps as they stand.
    """
    if item["type"] in {"single", "multiple"}:
        ranked = [(value(n, o["text"]), o["id"]) for n, o in enumerate(body["options"])]
        wanted = 1 if item["type"] == "single" else max(1, len(ranked) // 2)
        last = sorted((v for v, _ in ranked), reverse=True)[wanted - 1]
        sure = [i for v, i in ranked if v > last]
        tied = [i for v, i in ranked if v == last]
        picks = [[*sure, *more] for more in itertools.combinations(tied, wanted - len(sure))]
        return _equally([p[0] for p in picks] if item["type"] == "single" else picks)
    return _as_it_stands(item, body)


def everything(item: Item, body: Mapping[str, Any]) -> Weighted:
    """Return the answers of somebody who ticks all that can be ticked, and leaves the rest as it stands."""
    if item["type"] == "multiple":
        return [([o["id"] for o in body["options"]], 1.0)]
    return _as_it_stands(item, body)


def _as_it_stands(item: Item, body: Mapping[str, Any]) -> Weighted:
    if item["type"] == "match":
        return [({left["id"]: right["id"] for left, right in zip(body["left"], body["right"], strict=False)}, 1.0)]
    if item["type"] == "order":
        return [([s["id"] for s in body["steps"]], 1.0)]
    return random_answers(item, body)


def _equally(answers: Sequence[Any]) -> Weighted:
    return [(answer, 1 / len(answers)) for answer in answers]


def _arrangements(ids: Sequence[str], length: int) -> list[tuple[str, ...]]:
    if math.perm(len(ids), length) <= _ENUMERATED:
        return list(itertools.permutations(ids, length))
    rng = random.Random(0)  # a fixed draw, not for secrets
    return [tuple(rng.sample(ids, length)) for _ in range(_DRAWN)]


def _products(values: Sequence[str], length: int) -> list[tuple[str, ...]]:
    if len(values) ** length <= _ENUMERATED:
        return list(itertools.product(values, repeat=length))
    rng = random.Random(0)  # a fixed draw, not for secrets
    return [tuple(rng.choices(values, k=length)) for _ in range(_DRAWN)]


GUESSERS: Mapping[str, Callable[[Item, Mapping[str, Any]], Weighted]] = {
    "random": random_answers,
    **{name: partial(chosen_by, value) for name, value in STRATEGIES.items()},
    "everything": everything,
}
"""Name → the answers that somebody gives to a body of an item, with their probabilities."""
_ALL_ALIKE = frozenset(
    {"number", "table", "text", "post", "essay", "code"}
)  # types in which there is nothing to choose


def distributions(item: Item) -> dict[str, Distribution]:
    """Return guesser → what he or she earns on one keyed item."""
    if item["type"] in _ALL_ALIKE:
        return dict.fromkeys(GUESSERS, item_distribution(item, random_answers))
    return {name: item_distribution(item, guess) for name, guess in GUESSERS.items()}


def item_distribution(item: Item, guess: Callable[[Item, Mapping[str, Any]], Weighted]) -> Distribution:
    """Return what the guesses of one keyed item earn; its variants are drawn equally often."""
    found: Distribution = {}
    bodies = item["variants"]
    for variant, body in enumerate(bodies):
        for answer, weight in guess(item, body):
            # A code item is executed elsewhere; a guesser leaves it empty.
            score = items.score(item, None if item["type"] == "code" else answer, variant)
            ok = (score.critical_met is not False) and (score.component_met is True or item["component_min"] is None)
            key = (int(score.automatic * 100), ok)
            found[key] = found.get(key, 0.0) + weight / len(bodies)
    return found


def together(parts: Iterable[Distribution]) -> Distribution:
    """Return what independent guesses of several items earn together."""
    total: Distribution = {(0, True): 1.0}
    for here in parts:
        summed: Distribution = {}
        for (points, ok), p in total.items():
            for (more, also), q in here.items():
                key = (points + more, ok and also)
                summed[key] = summed.get(key, 0.0) + p * q
        total = summed
    return total


def passes(distribution: Distribution, pass_mark: Decimal) -> float:
    """Return the probability that the module is passed: the mark reached and every minimum met."""
    return sum(p for (points, ok), p in distribution.items() if ok and points >= pass_mark * 100)


def expected(distribution: Distribution) -> float:
    """Return the mean points."""
    return sum(points * p for (points, _), p in distribution.items()) / 100
