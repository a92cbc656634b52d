"""People who have not learnt, hand in three times and read feedback: their own pages, and pages of colleagues.

Each round is one person: bodies are drawn anew for every attempt, answers are guessed but where a page told better.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from bench.measure import heading, line
from course import items
from grader.ground.pass_rule import passes as _passes
from grader.itemtypes import TYPES

ROUNDS, ATTEMPTS = 10_000, 3
Known = dict[tuple[str, int], dict[str, Any]]
"""(item, body) → what is known of it: ``whole`` (an answer of full points), ``yes``/``no`` (ids), ``parts``."""


class Module:
    """A module's keyed items with every score remembered."""

    def __init__(self, name: str, keyed: Sequence[Mapping[str, Any]], mark: Decimal) -> None:
        self.name, self.mark = name, mark
        self.items = [item for item in keyed if not item["withdrawn"]]
        self.bodies = [len(item["variants"]) for item in self.items]
        self.guesses: list[list[tuple[list[Any], list[float]]]] = [
            [tuple(map(list, zip(*TYPES[item["type"]].guesses(body), strict=True))) for body in item["variants"]]  # type: ignore[misc]
            for item in self.items
        ]
        self.score: Callable[[int, int, str], items.ItemScore] = cache(self._score)
        self.total = sum((Decimal(item["points"]) for item in self.items), Decimal(0))

    def _score(self, place: int, body: int, answer: str) -> items.ItemScore:
        item = self.items[place]
        return items.score(item, None if items.kind(item).runs_code else json.loads(answer), body)

    def right(self, place: int, body: int) -> Any:  # an answer value
        item = self.items[place]
        return TYPES[item["type"]].right(item["variants"][body])


def guess(module: Module, place: int, body: int, known: Mapping[str, Any], rng: random.Random) -> Any:  # an answer
    """Return an answer: the one that is known, else a guess that agrees with what is known of its ids and parts."""
    if "whole" in known:
        return known["whole"]
    answers, weights = module.guesses[place][body]
    answer = rng.choices(answers, weights)[0]
    no, yes = known.get("no", set()), known.get("yes", set())
    for _again in range(20):
        if not _against(answer, no, yes, known.get("parts", {})):
            break
        answer = rng.choices(answers, weights)[0]
    if isinstance(answer, list) and TYPES[module.items[place]["type"]].has_options:
        answer = sorted((set(answer) - no) | yes)
    if isinstance(answer, dict):
        answer = {**answer, **known.get("parts", {})}
    return answer


def _against(answer: object, no: set[str], yes: set[str], parts: Mapping[str, Any]) -> bool:
    if isinstance(answer, str):
        return answer in no or (bool(yes) and answer not in yes)
    return isinstance(answer, dict) and any(v in {w for k2, w in parts.items() if k2 != k} for k, v in answer.items())


def learn(known: dict[str, Any], module: Module, place: int, body: int, answer: Any, found: items.ItemScore) -> None:
    """Take in what the page says of an answer while one may try again."""
    item = module.items[place]
    if found.points == Decimal(item["points"]):
        known["whole"] = answer
        return
    for note in items.while_trying(item, answer, body, found.notes):
        if note.about and note.right is not None:
            if isinstance(answer, dict) and note.right and note.about in answer:
                known.setdefault("parts", {})[note.about] = answer[note.about]
            elif not isinstance(answer, dict):
                known.setdefault("yes" if note.right else "no", set()).add(note.about)


def person(module: Module, colleagues: int, rng: random.Random) -> bool:
    """Return whether one person passes within the attempts."""
    known: Known = {}
    for _page in range(colleagues):
        for place, count in enumerate(module.bodies):
            body = rng.randrange(count)
            known[module.items[place]["id"], body] = {"whole": module.right(place, body)}
    return any(_attempt(module, known, rng) for _n in range(ATTEMPTS))


def _attempt(module: Module, known: Known, rng: random.Random) -> bool:
    points, critical, component = Decimal(0), True, True
    for place, count in enumerate(module.bodies):
        body, item = rng.randrange(count), module.items[place]
        memory = known.setdefault((item["id"], body), {})
        answer = guess(module, place, body, memory, rng)
        found = module.score(place, body, json.dumps(answer, ensure_ascii=False))
        learn(memory, module, place, body, answer, found)
        points += found.automatic
        critical = critical and found.critical_met is not False
        component = component and (found.component_met is True or item["component_min"] is None)
    rule = Rule(module.total, module.mark)
    return _passes(rule, "graded", points, module.total, critical, component)


class Rule:
    """What of a module decides."""

    def __init__(self, points: Decimal, pass_mark: Decimal) -> None:
        self.points, self.pass_mark = points, pass_mark


def report(modules: Iterator[tuple[str, list[dict[str, Any]], Decimal]]) -> None:
    """Print how many of 10,000 pass each module with nobody's page but their own, one colleague's, and three."""
    heading(f"Three attempts, feedback read, {ROUNDS} people each; marks by people count as 0")
    for name, keyed, mark in modules:
        module = Module(name, keyed, mark)
        shares = []
        for colleagues in (0, 1, 3):
            rng = random.Random(f"{name}-{colleagues}")
            shares.append(100 * sum(person(module, colleagues, rng) for _n in range(ROUNDS)) / ROUNDS)
        own, one, three = shares
        line(name, f"own pages {own:.2f} %; one colleague's {one:.2f} %; three {three:.2f} %", "< 0.5 %; < 2 %; said")
