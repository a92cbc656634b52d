"""Whoever ticks more options than are right reads only that, until the module is passed or no attempt is left."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from course import items
from grader.feedback import words
from grader.ground import syllabus
from grader.itemtypes import TYPES
from grader.text import module_text
from tests.support.people import ROOT


@pytest.fixture(scope="module")
def multiples() -> list[dict[str, Any]]:
    rules = syllabus.load(ROOT / "course" / "course.yaml")
    exercise = module_text.read(rules, "M01", ROOT / "exercises", ROOT / "course").exercise
    assert exercise
    return [item.keyed for item in exercise.items if item.keyed["type"] == "multiple"]


def test_too_many_ticks_tell_nothing_of_the_key_while_trying(multiples: list[dict[str, Any]]) -> None:
    assert multiples
    for item in multiples:
        for variant, body in enumerate(item["variants"]):
            everything = TYPES["multiple"].everything(body)
            full = items.score(item, everything, variant).notes
            assert len(full) == len(body["options"])
            (only,) = items.while_trying(item, everything, variant, full)
            assert (only.about, only.right) == ("", None)
            assert "nhiều phương án hơn số phương án đúng" in only.text
            assert not any(o["text"] in only.text or body["feedback"][o["id"]] in only.text for o in body["options"])


def test_as_many_ticks_as_are_right_are_told_one_by_one(multiples: list[dict[str, Any]]) -> None:
    for item in multiples:
        for variant, body in enumerate(item["variants"]):
            wrong = [o["id"] for o in body["options"] if o["id"] not in body["correct"]]
            answer = [*body["correct"][1:], wrong[0]]
            full = items.score(item, answer, variant).notes
            assert items.while_trying(item, answer, variant, full) == full
            assert {n.about for n in full} == set(answer)


def test_other_types_blank_and_unreadable_answers_keep_their_notes(multiples: list[dict[str, Any]]) -> None:
    item = multiples[0]
    for value in (None, [], ["?"], "A", {"a": 1}):
        assert items.while_trying(item, value, 0, ()) == ()
    assert items.while_trying(item, ["A"], 99, ()) == ()


def row(name: str, state: str = "accepted") -> Any:
    return SimpleNamespace(attempt_id=name, state=state)


def graded(score: int) -> Any:
    return SimpleNamespace(
        state="graded", score=Decimal(score), max_score=Decimal(20), critical_met=None, component_met=None
    )


@pytest.mark.parametrize(
    ("scores", "opened", "trying"),
    [
        ([10], 0, True),
        ([10, 12], 0, True),
        ([10, 12, 14], 0, False),
        ([10, 12, 14], 1, True),
        ([10, 16], 0, False),
        ([16], 0, False),
    ],
)
def test_it_ends_with_a_pass_or_the_last_attempt_also_on_pages_of_earlier_ones(
    scores: list[int], opened: int, trying: bool
) -> None:
    rule = SimpleNamespace(points=Decimal(20), pass_mark=Decimal(15))
    shared: Any = SimpleNamespace(rule=rule, limit=3)
    rows = [*(row(str(n)) for n in range(len(scores))), row("x", "refused")]
    found = {str(n): graded(score) for n, score in enumerate(scores)}
    assert words._may_try(shared, rows, found, {}, opened) is trying
    assert words._may_try(shared, rows, {}, {str(n): g for n, g in enumerate(found.values())}, opened) is trying
