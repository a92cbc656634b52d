"""People who have not learnt, hand in three times and read feedback: their own pages, and pages of colleagues.

What is assumed is the worst that can be assumed. Bodies are drawn by the release's own rule. A colleague's page is one
that passed, so it tells the whole answer to each body on it; a body that somebody meets twice is known the second time.
All else is guessed. A text of one's own that says nothing earns half of its form points by itself, and all of them
where a colleague's text to that body can be told in other words; a copy would earn nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

from bench.measure import heading, line
from course import items
from course.drawing import NO_REPEAT, draw
from grader.itemtypes import TYPES

ROUNDS, ATTEMPTS = 10_000, 3
COLLEAGUES = (0, 1, 3)
Play = tuple[int, bool]
"""(hundredths of a point, whether every minimum is met)."""


@dataclass(frozen=True, slots=True)
class Body:
    """What guesses at one body earn, their weights added up, and what the whole answer earns."""

    earned: Sequence[Play]
    weights: Sequence[float]
    known: Play


class Module:
    """A module's items with all that can be earned at each body, worked out once."""

    def __init__(self, name: str, keyed: Sequence[Mapping[str, Any]], mark: Decimal) -> None:
        self.name, self.mark = name, int(mark * 100)
        self.items = [
            (str(item["id"]), [_body(item, n) for n in range(len(item["variants"]))])
            for item in keyed
            if not item["withdrawn"]
        ]


def _body(item: Mapping[str, Any], number: int) -> Body:
    of, body = TYPES[item["type"]], item["variants"][number]
    if items.kind(item).composed:
        form = int(100 * sum((Decimal(c["points"]) for c in body.get("checks", ())), Decimal(0)))
        waits = item["component_min"] is None
        return Body([(form // 2, waits)], [1.0], (form, waits))
    full = (int(Decimal(item["points"]) * 100), True)
    if items.kind(item).runs_code:
        return Body([(0, True)], [1.0], full)
    answers, weights = zip(*of.guesses(body), strict=True)
    return Body([_play(item, answer, number) for answer in answers], list(accumulate(weights)), full)


def _play(item: Mapping[str, Any], answer: object, number: int) -> Play:
    found = items.score(item, answer, number)
    met = found.critical_met is not False and (found.component_met is True or item["component_min"] is None)
    return int(found.automatic * 100), met


def passes(module: Module, colleagues: int, rng: random.Random) -> bool:
    """Say whether one person who has the pages of some colleagues passes within the attempts."""
    me, others = str(rng.random()), [str(rng.random()) for _n in range(colleagues)]
    totals, met = [0] * ATTEMPTS, [True] * ATTEMPTS
    for name, bodies in module.items:
        seen = {draw(other, name, 1, len(bodies), NO_REPEAT) for other in others}
        for attempt in range(ATTEMPTS):
            number = draw(me, name, attempt + 1, len(bodies), NO_REPEAT)
            body = bodies[number]
            points, fine = body.known if number in seen else rng.choices(body.earned, cum_weights=body.weights)[0]
            seen.add(number)
            totals[attempt] += points
            met[attempt] = met[attempt] and fine
    return any(fine and points >= module.mark for points, fine in zip(totals, met, strict=True))


def share(module: Module, colleagues: int, rounds: int = ROUNDS) -> float:
    """Return how many per cent of so many people pass."""
    rng = random.Random(f"{module.name}-{colleagues}")
    return 100 * sum(passes(module, colleagues, rng) for _n in range(rounds)) / rounds


def report(modules: Iterator[tuple[str, list[dict[str, Any]], Decimal]]) -> None:
    """Print how many of 10,000 pass each module with nobody's page but their own, one colleague's, and three."""
    heading(f"Three attempts, feedback read, {ROUNDS} people each; marks by people count as 0")
    for name, keyed, mark in modules:
        own, one, three = (share(Module(name, keyed, mark), colleagues) for colleagues in COLLEAGUES)
        line(name, f"own pages {own:.2f} %; one colleague's {one:.2f} %; three {three:.2f} %", "< 0.5 %; < 2 %; said")
