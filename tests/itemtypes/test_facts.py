"""``facts:`` of composed texts: what a situation does not say is shown to a person, and honest words lose nothing.

The bad and the honest texts stand in ``texts/``; they are scored as a cadre's are, by the keys of the real course.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from course import facts, items
from grader.ground import syllabus
from grader.marking.judge import Judge
from grader.text import module_text
from tests.support.people import ROOT

TEXTS = Path(__file__).with_name("texts")
BAD = yaml.safe_load((TEXTS / "bad.yaml").read_text(encoding="utf-8"))
HONEST: dict[str, list[str]] = yaml.safe_load((TEXTS / "honest.yaml").read_text(encoding="utf-8"))


@cache
def keyed(module: str) -> dict[str, dict[str, Any]]:
    rules = syllabus.load(ROOT / "course" / "course.yaml")
    exercise = module_text.read(rules, module, ROOT / "exercises", ROOT / "course").exercise
    assert exercise
    return {item.id: item.keyed for item in exercise.items}


def item_of(name: str) -> dict[str, Any]:
    return keyed(name.partition("-")[0])[name]


def form(item: dict[str, Any], variant: int = 0) -> Decimal:
    return sum((Decimal(c["points"]) for c in item["variants"][variant]["checks"]), Decimal(0))


def bad_texts() -> list[Any]:
    return [
        pytest.param(one["item"], text, id=f"{one['item']}-{kind}-{n}")
        for one in BAD
        for kind, texts in {
            **{k: [f"{one['base']} {p}" for p in plants] for k, plants in one["plants"].items()},
            "whole": one["whole"],
        }.items()
        for n, text in enumerate(texts)
    ]


def test_there_are_twenty_bad_texts_and_ten_honest_ones_per_item() -> None:
    for one in BAD:
        assert sum(map(len, one["plants"].values())) + len(one["whole"]) >= 20, one["item"]
        assert len(HONEST[one["item"]]) >= 10, one["item"]
    assert {one["item"] for one in BAD} == {
        name for m in ("M05", "M06", "M08", "M09", "M10") for name, k in keyed(m).items() if k["type"] == "post"
    }


@pytest.mark.parametrize(("name", "text"), bad_texts())
def test_a_bad_text_goes_to_a_person_with_its_reason(name: str, text: str) -> None:
    item = item_of(name)
    found = items.score(item, text)
    if found.state == "scored":  # a veto that the question itself announces
        assert (found.points, len(found.notes), found.notes[0].right) == (0, 1, False)
        return
    assert (found.state, found.points) == ("pending_manual", None)
    assert found.message
    assert found.automatic <= form(item) <= 2


def test_a_base_without_its_plant_is_not_doubted() -> None:
    for one in BAD:
        found = items.score(item_of(one["item"]), one["base"])
        assert (found.message, found.automatic) == ("", form(item_of(one["item"]))), one["item"]


@cache
def honest(name: str) -> tuple[str, ...]:
    item = item_of(name)
    own = [v["text"] for v in item["variants"][0]["vectors"] if Decimal(v["points"]) == form(item)]
    return tuple(
        t for t in [*HONEST.get(name, ()), *own] if not items.score(item, t).message.startswith("Bài có «chết»")
    )


@pytest.mark.parametrize("name", [one["item"] for one in BAD])
def test_honest_texts_lose_no_form_point(name: str) -> None:
    item = item_of(name)
    lost = {t: s.automatic for t in honest(name) if (s := items.score(item, t)).automatic != form(item)}
    assert lost == {}
    doubted = [t for t in HONEST.get(name, ()) if items.score(item, t).message]
    assert doubted == []


def test_a_machine_gives_two_points_of_a_module_at_most_for_form() -> None:
    for module in ("M05", "M06", "M08", "M09", "M10"):
        posts = [item for item in keyed(module).values() if item["type"] == "post"]
        for bodies in zip(*(item["variants"][:3] for item in posts), strict=True):
            assert sum(Decimal(c["points"]) for body in bodies for c in body["checks"]) <= 2, module


@pytest.mark.parametrize(
    ("said", "known", "odd"),
    [
        ("lúc 17h35", ["17 giờ 35"], []),
        ("lúc 5 giờ 35", ["17 giờ 35"], []),
        ("lúc 16:10", ["17 giờ 35"], ["16:10"]),
        ("hẹn 7 giờ tối", ["17 giờ 35"], []),
        ("hết 30.11", ["ngày 30/11/2026"], []),
        ("hết ngày 30 tháng 11", ["30/11/2026"], []),
        ("ngày 1/12", ["30/11/2026"], ["ngày 1/12"]),
        ("18/90 người, 20%", ["90 người, 18 người, 20 %"], []),
        ("chín mươi người", ["90 người"], []),
        ("hai mươi tư người", ["23 người"], ["hai mươi tư người"]),
        ("năm tỉ đồng", ["năm người"], ["năm tỉ đồng"]),
        ("5 triệu đồng", ["5.000.000 đồng"], []),
        ("hai đồng nghiệp", ["hai người"], []),
        ("trong năm nay, tư liệu, ba má", [""], []),
        ("ở xã Mẫu B", ["xã Mẫu A"], ["mẫu b"]),
        ("tỉnh Nam Hà", ["xã Mẫu A"], ["tỉnh Nam Hà"]),
        ("thứ Năm", ["thứ Sáu"], ["thứ năm"]),
        ("30 phút nữa", [""], []),
        ("1.100 lượt", ["1.100 lượt"], []),
    ],
)
def test_statements_are_compared_with_what_the_situation_says(said: str, known: list[str], odd: list[str]) -> None:
    assert [s.said for s in facts.unsupported(said, known, "17:40")] == odd


def test_a_module_that_requires_its_texts_waits_for_a_doubted_one_alone() -> None:
    item = item_of("M09-Q10")
    key = {"items": [item], "key_version": "1", "course_version": "1", "composed": "required"}
    judge = Judge(key)
    base = next(one["base"] for one in BAD if one["item"] == "M09-Q10")
    results = {}
    for text in (base, base + " Tỉ lệ là 75%.", None):
        score = {"M09-Q10": items.score(item, text)}
        found = judge.result("a", score, "grade")
        results[text] = (found.state, found.component_met)
    assert results == {
        base: ("graded", None),
        base + " Tỉ lệ là 75%.": ("pending_manual", None),
        None: ("graded", False),
    }


@pytest.mark.parametrize(("composed", "state"), [("counts", "pending_manual"), ("required", "graded")])
def test_an_undoubted_text_with_a_part_for_a_marker_holds_up_only_where_it_counts(composed: str, state: str) -> None:
    item = item_of("M08-Q02")
    judge = Judge({"items": [item], "key_version": "1", "course_version": "1", "composed": composed})
    base = next(one["base"] for one in BAD if one["item"] == "M08-Q02")
    assert judge.result("a", {"M08-Q02": items.score(item, base)}, "grade").state == state
