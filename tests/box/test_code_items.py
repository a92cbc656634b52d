"""What code earns: every check on every data set, strict values, and a Vietnamese sentence for whatever went wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.items import Body, kind
from grader.box import code_items
from grader.box.box import Box, BoxFailure, Program, Run
from grader.box.code_items import same
from grader.ground.errors import ModuongError
from grader.text import authoring
from tests.support.box_arena import DATA, EXACT, FAST, HONEST, ITEMS, keyed

EXERCISES = Path(__file__).parents[2] / "exercises"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with Box(FAST) as ours:
        yield ours


@pytest.fixture(scope="module")
def items(box: Box) -> list[dict[str, Any]]:
    return code_items.with_expected(ITEMS, DATA, box)


def test_the_key_holds_a_value_for_each_run_and_check(items: list[dict[str, Any]], box: Box) -> None:
    assert items[0]["variants"][0]["expected"] == [[10, ["an", "binh"]], [15, ["an", "chi"]]]
    table = [{"columns": ["ten", "n"], "rows": rows} for rows in ([["an", 6], ["binh", 4]], [["an", 10], ["chi", 5]])]
    assert items[1]["variants"][0]["expected"] == [[42, table[0]], [42, table[1]]]
    assert code_items.with_expected(ITEMS, DATA, box) == items, "the same each time"
    assert "expected" not in ITEMS[0]["variants"][0]
    assert json.loads(json.dumps(items)) == items


def test_data_items_pass_through(box: Box) -> None:
    other = {"id": "M10-Q09", "type": "single", "variants": [{}]}
    assert code_items.with_expected([other], {}, box) == [other]


def test_honest_code_gets_all_points(items: list[dict[str, Any]], box: Box) -> None:
    scores = code_items.score(items, HONEST, DATA, box)
    assert {n: s.points for n, s in scores.items()} == EXACT
    assert {s.state for s in scores.values()} == {"scored"}
    assert {n.right for s in scores.values() for n in s.notes} == {True}
    assert {s.message for s in scores.values()} == {""}


def test_51_another_way_to_the_same_value_with_warnings_and_noise(items: list[dict[str, Any]], box: Box) -> None:
    other = """%matplotlib inline
# correct code that warns, logs, shows progress and displays
import logging, sys, warnings
warnings.warn("cũ", DeprecationWarning)
logging.warning("x")
print("50%", file=sys.stderr)
display(bang)
!ls
tong = float(sum(int(row.split(",")[1]) for row in open(DATA).read().split("\\n")[1:] if row))
ten = tuple(dict.fromkeys(bang.ten))
"""
    assert code_items.score(items, {"M10-Q01": other}, DATA, box)["M10-Q01"].points == 2


def test_each_check_has_its_points(items: list[dict[str, Any]], box: Box) -> None:
    score = code_items.score(items, {"M10-Q01": "tong = bang.n.sum()\nten = ..."}, DATA, box)["M10-Q01"]
    assert score.points == Decimal("1.00")
    assert [(n.about, n.right, n.text) for n in score.notes] == [
        ("tong", True, ""),
        ("ten", False, "Chỗ này vẫn còn dấu «...»: hãy thay bằng mã của mình."),
    ]


def test_a_call_is_not_named_in_the_feedback(items: list[dict[str, Any]], box: Box) -> None:
    score = code_items.score(items, {"M10-Q02": "def gap(x): return x\nnhom = bang"}, DATA, box)["M10-Q02"]
    assert [n.about for n in score.notes] == ["1", "nhom"]
    assert [n.text for n in score.notes] == ["Hãy xem lại."] * 2


@pytest.mark.parametrize("answer", [None, "", "  \n", "tong = ...", "tong = ...  \n\n"])
def test_blank(items: list[dict[str, Any]], box: Box, answer: str | None) -> None:
    score = code_items.score(items, {"M10-Q01": answer}, DATA, box)["M10-Q01"]
    assert (score.state, score.points) == ("blank", 0)


@pytest.mark.parametrize("answer", [5, ["x"], {"a": "b"}, True])
def test_invalid(items: list[dict[str, Any]], box: Box, answer: object) -> None:
    score = code_items.score(items, {"M10-Q01": answer, "M10-Q02": HONEST["M10-Q02"]}, DATA, box)
    assert (score["M10-Q01"].state, score["M10-Q01"].points) == ("invalid", None)
    assert score["M10-Q02"].points == EXACT["M10-Q02"]
    unknown = code_items.score(items, HONEST, DATA, box, {"M10-Q01": 3})["M10-Q01"]
    assert (unknown.state, unknown.points) == ("invalid", None)


def test_items_share_one_namespace_in_order(box: Box) -> None:
    first = keyed("M10-Q01", "1", "a = bang.n.sum()", [{"value": "a", "points": "1"}])
    second = keyed("M10-Q02", "1", "b = a + 1", [{"value": "b", "points": "1"}])
    items = code_items.with_expected([first, second], DATA, box)
    assert (
        code_items.score(items, {"M10-Q01": "a = bang.n.sum()", "M10-Q02": "b = a + 1"}, DATA, box)["M10-Q02"].points
        == 1
    )
    assert code_items.score(items, {"M10-Q01": "a = 100", "M10-Q02": "b = a + 1"}, DATA, box)["M10-Q02"].points == 0
    assert code_items.score(items, {"M10-Q02": "a = bang.n.sum()\nb = a + 1"}, DATA, box)["M10-Q02"].points == 1


def test_an_item_with_one_data_set_keeps_it_in_every_run(box: Box) -> None:
    one = keyed("M10-Q01", "1", "a = DATA", [{"value": "a", "points": "1"}])
    one["variants"][0]["data"] = ["so-1.csv"]
    none = keyed("M10-Q02", "1", "b = DATA", [{"value": "b", "points": "1"}])
    none["variants"][0].update(data=[], given="")
    both = keyed("M10-Q03", "1", "c = DATA", [{"value": "c", "points": "1"}])
    found = code_items.expected([one, none, both], DATA, box)
    assert found == {
        "M10-Q01": [[["so-1.csv"], ["so-1.csv"]]],
        "M10-Q02": [[[""], [""]]],
        "M10-Q03": [[["so-1.csv"], ["so-2.csv"]]],
    }


def test_each_variant_has_its_own_values(box: Box) -> None:
    item = keyed("M10-Q01", "1", "a = len(bang)", [{"value": "a", "points": "1"}])
    item["variants"].append({**item["variants"][0], "solution": "a = bang.n.max()"})
    items = code_items.with_expected([item], DATA, box)
    assert [body["expected"] for body in items[0]["variants"]] == [[[3], [2]], [[4], [10]]]
    assert code_items.score(items, {"M10-Q01": "a = bang.n.max()"}, DATA, box, {"M10-Q01": 1})["M10-Q01"].points == 1
    assert code_items.score(items, {"M10-Q01": "a = bang.n.max()"}, DATA, box)["M10-Q01"].points == 0


def constant(items: Sequence[Body]) -> list[tuple[str, str]]:
    """Return item and expression of every check whose value is the same in all runs: copying it would earn points."""
    found = []
    for item in items:
        for body in item["variants"]:
            for index, check in enumerate(body["checks"]):
                first, *others = [run[index] for run in body["expected"]]
                if all(same(first, other, Fraction(0)) for other in others):
                    found.append((str(item["id"]), code_items._expression(check)))
    return found


def test_a_value_that_is_the_same_on_every_file_is_seen(items: list[dict[str, Any]]) -> None:
    assert constant(items) == [("M10-Q02", "gap(21)")]


@pytest.fixture(scope="module")
def hasty() -> Iterator[Box]:
    with Box(replace(FAST, cell=1.5)) as ours:
        yield ours


@pytest.mark.parametrize(
    "solution", ["a = b", "pass", "a = float('nan')", "a = open", "import os\nos._exit(0)", "a = (", "while True: pass"]
)
def test_a_solution_without_values_is_the_authors_mistake(hasty: Box, solution: str) -> None:
    item = keyed("M10-Q01", "1", solution, [{"value": "a", "points": "1"}])
    with pytest.raises(ModuongError) as caught:
        code_items.expected([item], DATA, hasty)
    assert caught.value.code == "E-CODE-1"
    assert "M10-Q01" in caught.value.said


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("tong = (", "Dòng 1: máy không đọc được câu lệnh; hãy xem lại dấu ngoặc, dấu nháy và dấu hai chấm."),
        ("x = 1\ntong = tongg", "Dòng 2: tên «tongg» chưa được đặt; hãy xem có gõ sai chữ nào không."),
        ("bang['tên']", "Dòng 1: không có cột hay khóa «tên»; hãy so với tên cột trong bảng, đủ dấu."),
        ("def f():\n    return 1 / 0\nf()", "Dòng 2: có phép chia cho 0; hãy xem lại mẫu số."),
        ("import thuvien", "Dòng 1: không có thư viện «thuvien»."),
        ("open('/etc/shadow')", "Dòng 1: không tìm thấy tệp; hãy mở tệp bằng tên DATA."),
        ("class E(Exception): pass\nraise E('<script>')", "Dòng 2: mã gặp lỗi khi chạy."),
        ("while True: pass", "Mã chạy quá lâu nên bị dừng; hãy xem có vòng lặp nào không kết thúc."),
        ("while True: print('x' * 1000)", "Mã in ra quá nhiều nên bị dừng."),
        ("import os\nos._exit(3)", "Mã làm máy tính của bài bị dừng giữa chừng."),
        ("import os\nos.write(3, b'x\\n')", "Mã gửi ra những dòng kết quả không hợp lệ; bài mã không được tính điểm."),
    ],
)
def test_messages(items: list[dict[str, Any]], hasty: Box, code: str, message: str) -> None:
    score = code_items.score(items, {"M10-Q01": code}, DATA, hasty)["M10-Q01"]
    assert (score.points, score.message) == (0, message)


def test_code_that_is_too_long_is_cut_with_a_message(items: list[dict[str, Any]], box: Box) -> None:
    score = code_items.score(items, {"M10-Q01": HONEST["M10-Q01"] + "\n#" + "x" * 10_000}, DATA, box)["M10-Q01"]
    assert (score.points, score.message) == (2, code_items.TOO_LONG)


def test_critical_items(box: Box) -> None:
    item = keyed("M10-Q01", "1", "a = len(bang)", [{"value": "a", "points": "1"}], critical="1")
    items = code_items.with_expected([item], DATA, box)
    met = [
        code_items.score(items, {"M10-Q01": answer}, DATA, box)["M10-Q01"].critical_met
        for answer in ("a = len(bang)", "a = 0", "")
    ]
    assert met == [True, False, False]


def test_points_are_rounded_once(box: Box) -> None:
    item = keyed("M10-Q01", "1", "a, b, c = 1, 2, 3", [{"value": n, "points": "0.333"} for n in "abc"])
    items = code_items.with_expected([item], DATA, box)
    assert code_items.score(items, {"M10-Q01": "a, b, c = 1, 2, 0"}, DATA, box)["M10-Q01"].points == Decimal("0.67")


class Broken:
    limits = FAST

    def run(self, _program: Program, _limits: object = None) -> Run:
        raise BoxFailure("x")


def test_a_failing_box_is_never_a_score(items: list[dict[str, Any]]) -> None:
    with pytest.raises(BoxFailure):
        code_items.score(items, HONEST, DATA, Broken())  # type: ignore[arg-type]
    assert code_items.score(items, {}, DATA, Broken())["M10-Q01"].state == "blank"  # type: ignore[arg-type]


def test_a_key_without_values_is_never_a_score(box: Box) -> None:
    with pytest.raises(BoxFailure, match="build"):
        code_items.score(ITEMS, HONEST, DATA, box)


def test_without_a_box_everything_waits(items: list[dict[str, Any]]) -> None:
    scores = code_items.ungraded(items, {"M10-Q01": "a = 1", "M10-Q02": " "}, "E-ISO-1 …")
    assert [(s.state, s.points, s.message) for s in scores.values()] == [
        ("pending_manual", None, "E-ISO-1 …"),
        ("blank", 0, ""),
    ]


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_a_value_equals_itself(value: object) -> None:
    assert same(value, json.loads(json.dumps(value)), Fraction(0))


@given(JSON, JSON)
def test_values_of_another_kind_are_never_equal(one: object, two: object) -> None:
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (one, two))
    if type(one) is not type(two) and not numbers:
        assert not same(one, two, Fraction(10**30))


@pytest.mark.parametrize(
    ("wanted", "found", "tolerance", "equal"),
    [
        (1, True, "1", False),
        (True, 1, "1", False),
        (1, 1.0, "0", True),
        (1, "1", "1", False),
        (10**17, 10**17 + 1, "0", False),
        (55.00000000000001, 55, "0", True),
        (43.6, 43.7, "0.1", True),
        (43.6, 43.71, "0.1", False),
        (43.6, 1e308, "0.1", False),
        ("Hà Nội", "Hà Nội", "0", True),
        ("Hà Nội", "hà nội", "0", False),
        (None, 0, "1", False),
        ([1, 2], [1, 2, 3], "0", False),
        ({"columns": ["a"], "rows": [[1.0]]}, {"columns": ["a"], "rows": [[1.05]]}, "0.1", True),
        ({"columns": ["a"], "rows": [[1]]}, {"columns": ["b"], "rows": [[1]]}, "9", False),
    ],
)
def test_comparison(wanted: object, found: object, tolerance: str, equal: bool) -> None:
    assert same(wanted, found, Fraction(tolerance)) is equal


def test_the_exercise_that_we_ship(box: Box) -> None:
    """M10: each body's own solution earns everything, another body's does not; no number is the same on both files."""
    read = authoring.read(EXERCISES / "M10" / "exercise.md")
    mine = [item.keyed for item in read.items if kind(item.keyed).runs_code]
    data = code_items.read_data(mine, EXERCISES / "M10" / "data")
    items = code_items.with_expected(mine, data, box)
    assert constant(items) == []
    assert min(len(i["variants"]) for i in items) >= 3
    for n in range(max(len(i["variants"]) for i in items)):
        drawn = {i["id"]: n % len(i["variants"]) for i in items}
        solutions = {i["id"]: i["variants"][drawn[i["id"]]]["solution"] for i in items}
        scores = code_items.score(items, solutions, data, box, drawn)
        assert {name: s.points == s.max_points for name, s in scores.items()} == dict.fromkeys(solutions, True)
        # the notebook shows the starter of the first body to everybody
        starters = {i["id"]: i["variants"][0]["starter"] for i in items}
        assert {s.state for s in code_items.score(items, starters, data, box, drawn).values()} == {"blank"}
        others = {i["id"]: i["variants"][(drawn[i["id"]] + 1) % len(i["variants"])]["solution"] for i in items}
        assert all(s.points < s.max_points for s in code_items.score(items, others, data, box, drawn).values())


def test_what_took_too_long_is_not_begun_with_another_data_set(hasty: Box) -> None:
    """The cells before it keep what they earned; it and what follows earn nothing, and say why."""
    first = keyed("M10-Q01", "1", "a = bang.n.sum()", [{"value": "a", "points": "1"}])
    second = keyed("M10-Q02", "1", "b = a + 1", [{"value": "b", "points": "1"}])
    two = code_items.with_expected([first, second], DATA, hasty)
    started = time.monotonic()
    found = code_items.score(two, {"M10-Q01": "a = bang.n.sum()", "M10-Q02": "while True: pass"}, DATA, hasty)
    assert time.monotonic() - started < 2 * hasty.limits.cell
    assert (found["M10-Q01"].points, found["M10-Q02"].points) == (1, 0)
    assert found["M10-Q02"].message.startswith("Mã chạy quá lâu")
