"""What an answer means and what it earns, type by type: docs/design.md §6."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import items
from course.items import ItemScore

BASE = {"id": "T01-Q01", "critical": None, "component_min": None, "withdrawn": False}


def item(kind: str, points: str, **body: Any) -> dict[str, Any]:
    return {**BASE, "type": kind, "points": points, "variants": [{"stem": "?", "explanation": "", **body}]}


OPTIONS = [{"id": i, "text": i} for i in "ABCDEF"]
SINGLE = item("single", "2", options=OPTIONS[:3], correct=["B"], feedback={i: f"vì {i}" for i in "ABC"}, veto=[])
MULTIPLE = {
    **item("multiple", "3", options=OPTIONS, correct=["A", "C", "E"], feedback={i: i for i in "ABCDEF"}, veto=["B"]),
    "critical": "2",
}
MATCH = item(
    "match",
    "3",
    left=[{"id": i, "text": i} for i in "1234"],
    right=[{"id": i, "text": i} for i in "abcde"],
    key={"1": "b", "2": "a", "3": "d", "4": "c"},
    feedback={i: i for i in "1234"},
    right_feedback={"e": "thừa"},
)
ORDER = item(
    "order",
    "3",
    steps=[{"id": i, "text": i} for i in "123456"],
    key=[["1"], ["2", "3"], ["4"], ["5"], ["6"]],
    feedback=[{"wrong": ["4", "2"], "text": "Chưa hỏi mà đã đăng."}],
)
NUMBER = item(
    "number",
    "3",
    parts=[
        {
            "id": "a",
            "label": "Tỉ lệ",
            "unit": "%",
            "value": "91.25",
            "tol": "0.05",
            "points": "2",
            "feedback": [{"value": "91", "text": "Trung bình cộng."}],
        },
        {"id": "b", "label": "Số người", "unit": "người", "value": "9", "tol": "0", "points": "1", "feedback": []},
    ],
)
TEXT = item("text", "1", accept=["đường cơ sở"], fold=True, feedback=[{"accept": ["đường nền"], "text": "Gần đúng."}])
POST = item(
    "post",
    "2",
    words=[3, 10],
    min_words=3,
    checks=[
        {"id": "K1", "points": "1.5", "rules": {"any": ["cập nhật"]}, "feedback": "Hẹn giờ."},
        {"id": "K2", "points": "0.5", "rules": {"none": ["kẻ xấu"]}, "feedback": "Đừng đoán."},
    ],
    veto=[{"rules": {"person_name": "true"}, "feedback": "Lộ tên."}],
    sample="",
    vectors=[],
)
MANUAL_POST = {**POST, "points": "4", "variants": [{**POST["variants"][0], "manual": {"points": "2", "rubric": []}}]}
ESSAY = {**item("essay", "4", words=[10, 20], rubric=[], samples={}), "component_min": "2"}
TABLE = item(
    "table",
    "3",
    columns=[],
    rows=[],
    cells={
        "r1c1": {"given": "x"},
        "r1c2": {"value": "12.5", "tol": "0", "points": "2", "feedback": "Chia lại."},
        "r2c2": {"accept": ["đạt"], "points": "1", "feedback": "Xem mức."},
    },
)
ALL = {
    "single": SINGLE,
    "multiple": MULTIPLE,
    "match": MATCH,
    "order": ORDER,
    "number": NUMBER,
    "text": TEXT,
    "post": POST,
    "essay": ESSAY,
    "table": TABLE,
}


def points(keyed: dict[str, Any], value: Any) -> Decimal | None:
    return items.score(keyed, value).points


@pytest.mark.parametrize(
    ("keyed", "value", "earned"),
    [
        (SINGLE, "B", "2"),
        (SINGLE, "A", "0"),
        (MULTIPLE, ["A", "C", "E"], "3"),
        (MULTIPLE, ["A", "C"], "2"),
        (MULTIPLE, ["A", "C", "E", "D"], "2"),
        (MULTIPLE, ["A", "B", "C", "D", "E", "F"], "0"),
        (MULTIPLE, ["D"], "0"),
        (MULTIPLE, ["A", "C", "E", "B"], "0"),
        (MATCH, {"1": "b", "2": "a", "3": "d", "4": "c"}, "3"),
        (MATCH, {"1": "b", "2": "e"}, "0.75"),
        (MATCH, {"1": "b", "2": ""}, "0.75"),
        (ORDER, ["1", "3", "2", "4", "5", "6"], "3"),
        (ORDER, ["4", "1", "2", "3", "5", "6"], "1.71"),
        (ORDER, ["6", "5", "4", "3", "2", "1"], "0"),
        (ORDER, ["1", "2"], "0.21"),
        (NUMBER, {"a": "91,25", "b": "9"}, "3"),
        (NUMBER, {"a": "91,2 %", "b": "9 người"}, "3"),
        (NUMBER, {"a": "91", "b": "9"}, "1"),
        (NUMBER, {"a": "chín", "b": "9"}, "1"),
        (NUMBER, {"a": "91.25"}, "2"),
        (NUMBER, {"a": "91.25", "b": "\u200b"}, "2"),
        (NUMBER, {"a": "91,3"}, "2"),
        (NUMBER, {"a": "91,3000000000000000000000000000001"}, "0"),
        (TEXT, " Duong CO so. ", "1"),
        (TEXT, "đường nền", "0"),
        (POST, "Sẽ cập nhật sau", "2"),
        (POST, "Sẽ nói sau nhé", "0.5"),
        (POST, "cập nhật", "0"),
        (POST, "Sẽ cập nhật về anh Hùng", "0"),
        (TABLE, {"r1c2": "12,5", "r2c2": " ĐẠT"}, "3"),
        (TABLE, {"r1c2": "1250", "r2c2": "đạt"}, "1"),
    ],
)
def test_points(keyed: dict[str, Any], value: Any, earned: str) -> None:
    found = items.score(keyed, value)
    assert (found.points, found.state) == (Decimal(earned), "scored")


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    "value",
    [None, "", "   ", "\u00a0\u200b\ufeff", [], {}, {"1": ""}, {"a": None, "b": "  "}, {"a": "\u200b", "b": ""}],
)
def test_blank_is_blank_for_every_type(kind: str, value: Any) -> None:
    found = items.score(ALL[kind], value)
    assert (found.points, found.state) == (Decimal(0), "blank")
    assert found.critical_met is (False if ALL[kind]["critical"] else None)
    assert found.component_met is (False if ALL[kind]["component_min"] else None)


@pytest.mark.parametrize(
    ("keyed", "value"),
    [
        (SINGLE, "Z"),
        (SINGLE, ["B"]),
        (SINGLE, 1),
        (SINGLE, True),
        (SINGLE, {"B": "x"}),
        (MULTIPLE, "A"),
        (MULTIPLE, ["A", "A"]),
        (MULTIPLE, ["A", "Z"]),
        (MULTIPLE, [["A"]]),
        (MATCH, ["b"]),
        (MATCH, {"9": "b"}),
        (MATCH, {"1": "z"}),
        (MATCH, {"1": "b", "2": "b"}),
        (MATCH, {"1": ["b"]}),
        (ORDER, ["1", "1"]),
        (ORDER, "123"),
        (ORDER, ["7"]),
        (NUMBER, {"a": "chín"}),
        (NUMBER, {"z": "1"}),
        (NUMBER, "91,25"),
        (NUMBER, {"a": 91.25}),
        (TEXT, 5),
        (TEXT, ["x"]),
        (POST, {"a": "b"}),
        (ESSAY, 3.5),
        (TABLE, {"r1c1": "x"}),
        (TABLE, {"r1c2": "mười"}),
    ],
)
def test_malformed_is_invalid_never_blank_or_zero(keyed: dict[str, Any], value: Any) -> None:
    found = items.score(keyed, value)
    assert (found.points, found.state) == (None, "invalid")
    assert found.message
    assert found.critical_met is (False if keyed["critical"] else None)


def test_essays_and_manual_parts_wait_for_a_marker() -> None:
    found = items.score(ESSAY, "Cảm ơn anh em.")
    assert (found.points, found.state, found.component_met) == (None, "pending_manual", None)
    assert items.with_mark(ESSAY, found, Decimal("1.5")).component_met is False
    marked = items.with_mark(ESSAY, found, Decimal(9))
    assert (marked.points, marked.state, marked.component_met) == (Decimal(4), "scored", True)
    half = items.score(MANUAL_POST, "Sẽ cập nhật sau")
    assert (half.points, half.automatic, half.state) == (None, Decimal(2), "pending_manual")
    assert items.with_mark(MANUAL_POST, half, Decimal(1)).points == Decimal(3)
    assert items.score(MANUAL_POST, "Sẽ cập nhật về anh Hùng").state == "scored"


def test_critical_item_needs_its_points_and_no_veto() -> None:
    assert items.score(MULTIPLE, ["A", "C"]).critical_met is True
    assert items.score(MULTIPLE, ["A"]).critical_met is False
    assert items.score(MULTIPLE, ["A", "B", "C", "E"]).critical_met is False


def test_feedback_speaks_of_what_was_chosen_only() -> None:
    assert [n.text for n in items.score(SINGLE, "A").notes] == ["vì A"]
    assert [n.text for n in items.score(ORDER, ["1", "4", "2", "3", "5", "6"]).notes] == ["Chưa hỏi mà đã đăng."]
    assert [n.text for n in items.score(NUMBER, {"a": "91"}).notes] == ["Trung bình cộng."]
    assert items.score(MATCH, {"1": "e"}).notes[0].text == "thừa"


def test_a_variant_that_does_not_exist_is_invalid() -> None:
    for variant in (1, -1, True):
        assert items.score(SINGLE, "B", variant).state == "invalid"


def test_a_long_answer_is_cut_with_a_message() -> None:
    found = items.score(POST, "Sẽ cập nhật " + "sau " * 5000)
    assert found.points == Decimal(2)
    assert "10000" in found.message


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(list("ABCDE") + list("123456abcde")),
    lambda inner: (
        st.lists(inner, max_size=7)
        | st.dictionaries(st.sampled_from(list("123456ab")) | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(ALL)), JSON)
def test_any_json_gives_one_of_four_states_within_bounds(kind: str, value: Any) -> None:
    found = items.score(ALL[kind], value)
    assert found.state in {"scored", "blank", "pending_manual", "invalid"}
    assert (found.points is None) == (found.state in {"pending_manual", "invalid"})
    assert found.points is None or Decimal(0) <= found.points <= found.max_points
    assert isinstance(items.readable(ALL[kind], value), str)


@given(st.sets(st.sampled_from("ACE")), st.sets(st.sampled_from("DF")))
def test_one_more_right_option_never_lowers_one_more_wrong_never_raises(right: set[str], wrong: set[str]) -> None:
    def earned(chosen: set[str]) -> Decimal:
        found: ItemScore = items.score(
            {**MULTIPLE, "variants": [{**MULTIPLE["variants"][0], "veto": []}]}, sorted(chosen)
        )
        return found.points or Decimal(0)

    now = earned(right | wrong)
    assert all(earned(right | wrong | {more}) >= now for more in "ACE")
    assert all(earned(right | wrong | {more}) <= now for more in "DF")


@given(st.permutations(list("123456")), st.integers(0, 4))
def test_swapping_a_right_pair_into_place_never_lowers(order: list[str], place: int) -> None:
    rank = {"1": 0, "2": 1, "3": 1, "4": 2, "5": 3, "6": 4}
    better = list(order)
    if rank[better[place]] > rank[better[place + 1]]:
        better[place], better[place + 1] = better[place + 1], better[place]
    assert (points(ORDER, better) or 0) >= (points(ORDER, order) or 0)


@given(st.fractions(min_value=0, max_value=1), st.decimals(min_value="0.01", max_value=20, places=2))
def test_rounding_is_half_up_to_the_cent(share: Any, most: Decimal) -> None:
    earned = items.points_of(share, most)
    exact = share * int(most * 100)
    assert earned == Decimal(int(exact + type(share)(1, 2))) / 100
