"""Every shipped item answers itself.

Key → full, blank → 0, select-all → 0, a partial with exact points, malformed → invalid.
"""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from course import items
from grader.itemtypes.invented import simulate
from grader.text import authoring
from tests.support.people import ROOT

FILES = sorted((ROOT / "exercises").glob("*/exercise.md"))
LESSONS = sorted((ROOT / "course" / "lessons").glob("*.md"))
ITEMS = [(p.parent.name, entry) for p in FILES for entry in authoring.read(p).items]
MALFORMED = {
    "single": ["A"],
    "multiple": "A",
    "match": ["a"],
    "order": "1",
    "number": [1],
    "text": 5,
    "post": 5,
    "essay": 5,
    "table": [1],
}


@pytest.mark.parametrize("path", [*FILES, *LESSONS], ids=lambda p: str(Path(p).relative_to(ROOT)))
def test_the_file_has_no_mistake(path: Path) -> None:
    assert [f.text("en") for f in authoring.read(path).findings] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.parent.name)
def test_points_add_up_to_twenty(path: Path) -> None:
    assert sum(entry.head.points or 0 for entry in authoring.read(path).items) == 20


def each(*kinds: str) -> Any:
    chosen = [(e.keyed, v) for _, e in ITEMS for v in range(len(e.bodies)) if not kinds or e.keyed["type"] in kinds]
    return pytest.mark.parametrize(("keyed", "variant"), chosen, ids=[f"{k['id']}-{v}" for k, v in chosen])


@each("single", "multiple", "match", "order", "number", "text", "post", "table")
def test_key_earns_every_automatic_point(keyed: dict[str, Any], variant: int) -> None:
    found = items.score(keyed, simulate.right(keyed, variant), variant)
    assert found.automatic == Decimal(keyed["automatic"])
    assert found.critical_met in {None, True}


@each("single", "multiple", "match", "order", "number", "text", "post", "essay", "table")
def test_blank_earns_nothing_and_malformed_is_invalid(keyed: dict[str, Any], variant: int) -> None:
    blank = items.score(keyed, None, variant)
    assert (blank.points, blank.state) == (Decimal(0), "blank")
    wrong = items.score(keyed, MALFORMED[keyed["type"]], variant)
    assert (wrong.points, wrong.state) == (None, "invalid")
    assert wrong.message


@each("multiple")
def test_select_everything_earns_nothing(keyed: dict[str, Any], variant: int) -> None:
    everything = [o["id"] for o in keyed["variants"][variant]["options"]]
    assert items.score(keyed, everything, variant).points == 0


@each("single", "multiple", "match", "order", "number", "text", "table")
def test_a_plausible_mistake_earns_less(keyed: dict[str, Any], variant: int) -> None:
    for seed in range(20):
        value = simulate.wrong(keyed, random.Random(seed), variant)
        found = items.score(keyed, value, variant)
        assert found.state == "scored"
        assert (found.points or 0) < Decimal(keyed["points"])


@each("multiple", "match", "order")
def test_a_partial_answer_earns_exactly_its_share(keyed: dict[str, Any], variant: int) -> None:
    body, most = keyed["variants"][variant], Decimal(keyed["points"])
    if keyed["type"] == "multiple":
        chosen, share = body["correct"][:1], Fraction(1, len(body["correct"]))
    elif keyed["type"] == "match":
        left = next(iter(body["key"]))
        chosen, share = {left: body["key"][left]}, Fraction(1, len(body["key"]))
    else:
        first = [step for group in body["key"][:2] for step in group]
        within = len(body["key"][0]) * len(body["key"][1])
        sizes = [len(group) for group in body["key"]]
        total = sum(a * b for n, a in enumerate(sizes) for b in sizes[n + 1 :])
        chosen, share = first, Fraction(within, total)
    assert items.score(keyed, chosen, variant).points == items.points_of(share, most)


@each("number")
def test_every_typical_wrong_number_gets_its_own_feedback(keyed: dict[str, Any], variant: int) -> None:
    for part in keyed["variants"][variant]["parts"]:
        for typical in part["feedback"]:
            notes = items.score(keyed, {part["id"]: typical["value"].replace(".", ",")}, variant).notes
            assert typical["text"] in {n.text for n in notes}


@each("post")
def test_vectors_earn_what_they_say(keyed: dict[str, Any], variant: int) -> None:
    vectors = keyed["variants"][variant]["vectors"]
    assert len(vectors) >= 8
    for vector in vectors:
        assert items.score(keyed, vector["text"], variant).automatic == Decimal(vector["points"]), vector["text"]


GOLD = {
    "M02-Q02": [({"1": "b", "2": "a", "3": "d", "4": "c"}, None)],
    "M02-Q03": [({"a": "91,25", "b": "9"}, "3"), ({"a": "91", "b": "8"}, "0"), ({"a": "91.2", "b": "9"}, "3")],
    "M02-Q04": [("B", "2"), ("A", "0"), ("C", "0")],
}


def test_gold_items_keep_their_meaning() -> None:
    keyed = {entry.id: entry.keyed for _, entry in ITEMS}
    for name, cases in GOLD.items():
        for value, earned in cases:
            if earned is not None:
                assert items.score(keyed[name], value).points == Decimal(earned), (name, value)
    steps = keyed["M08-Q01"]["variants"][0]
    one, pair, four, five, six = steps["key"]
    right = [*one, *pair, *four, *five, *six]
    assert items.score(keyed["M08-Q01"], right).points == 3
    assert items.score(keyed["M08-Q01"], [*four, *one, *pair, *five, *six]).points == Decimal("1.71")
    assert items.score(keyed["M08-Q01"], right[::-1]).points == 0
    assert items.score(keyed["M07-Q02"], ["A", "C"]).points == 2
    assert items.score(keyed["M07-Q02"], ["A", "C", "E", "D"]).points == 2
