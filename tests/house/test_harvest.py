"""A small version of the bench: pages of colleagues help little, and what helps is counted as the bench says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bench import guessing, harvest
from course.drawing import NO_REPEAT, draw

ROUNDS = 400
"""Of them, 2 % are 8; 20 would pass once in thousands of runs if 2 % did."""


def single(name: str, bodies: int) -> dict[str, Any]:
    options = [{"id": letter, "text": letter} for letter in "ABCD"]
    body = {"stem": "?", "options": options, "correct": ["B"], "feedback": dict.fromkeys("ABCD", ""), "veto": []}
    head = {"points": "5", "critical": None, "component_min": None, "withdrawn": False, "manual": None}
    return {**head, "id": name, "type": "single", "variants": [body] * bodies}


def test_no_module_is_passed_with_nothing_and_hardly_one_with_a_colleagues_page() -> None:
    for name, keyed, mark in guessing.modules():
        module = harvest.Module(name, keyed, mark)
        assert harvest.share(module, 0, ROUNDS) == 0, name
        assert harvest.share(module, 1, ROUNDS) <= 100 * 20 / ROUNDS, name


@pytest.mark.parametrize(("bodies", "least", "most"), [(1, 100, 100), (3, 8, 45), (40, 0, 8)])
def test_a_page_tells_less_the_more_bodies_there_are(bodies: int, least: float, most: float) -> None:
    module = harvest.Module("T", [single(f"T-Q0{n}", bodies) for n in range(1, 5)], Decimal(20))
    assert least <= harvest.share(module, 1, 200) <= most


def test_who_knows_nothing_passes_as_often_as_chance_says() -> None:
    """One question of four options, three bodies, three attempts: 1 − (3/4)³ = 58 %."""
    module = harvest.Module("T", [single("T-Q01", 3)], Decimal(5))
    assert abs(harvest.share(module, 0, 2000) - 57.8) < 5


def test_the_bench_draws_as_a_release_does() -> None:
    assert {draw("a", "T-Q01", n, 3, NO_REPEAT) for n in (1, 2, 3)} == {0, 1, 2}
    two = harvest.Module("T", [single("T-Q01", 2)], Decimal(5))
    assert harvest.share(two, 0, 100) == 100  # the third attempt meets a body again


def test_every_item_has_at_least_as_many_bodies_as_attempts() -> None:
    for name, keyed, _mark in guessing.modules():
        assert [i["id"] for i in keyed if len(i["variants"]) < harvest.ATTEMPTS] == [], name
