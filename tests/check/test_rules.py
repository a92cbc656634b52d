"""The edges of single rules: what must not be found as well as what must."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

from course import items
from course.items import points_of
from grader.check import corpus
from grader.check import grounding as check_grounding
from grader.check import items as check_items
from grader.check import language as check_language
from grader.itemtypes import TYPES
from grader.itemtypes.single import Single
from grader.text import authoring


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Công đoàn tổ chức đối thoại với người lao động.", []),
        ("Mời anh em xem video trên fanpage.", []),
        ("Khuyên nhủ, nguyên tắc, quyển, ngoằn ngoèo, huỳnh huỵch, xoong", []),
        ("Gửi email cho team trước deadline.", ["email", "team", "deadline"]),
        ("Xem M02, CT70, S7 và phần III, câu A.", []),
        ("Mở tệp ghi-nhan-1.csv hoặc trang congdoan.vn.", []),
        ("Viết post thật hay", ["post"]),
    ],
)
def test_foreign_words(text: str, found: list[str]) -> None:
    assert check_language.foreign_words(text, {"video", "fanpage"}) == found


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Một dòng\nnối tiếp.\n\n- mục một\n- mục hai", ["Một dòng nối tiếp.", "mục một", "mục hai"]),
        ("| a | b |\n|---|---|\n| c | person_id |", ["a", "b", "c", "person_id"]),
        ("**Đậm** và `mã` {src}`S7` [chữ](https://a.vn).", ["Đậm và chữ."]),
        ("> **ngày chốt**, *tử số*", ["ngày chốt , tử số"]),
        ('Ảnh: <img src="a.png"> xong.', ["Ảnh: xong."]),
    ],
)
def test_units_are_the_paragraphs_without_markup(text: str, units: list[str]) -> None:
    assert corpus.units(text) == units


@pytest.mark.parametrize(
    ("text", "negative"),
    [
        ("Việc nào không nên làm?", True),
        ("Câu nào dưới đây là sai?", True),
        ("Câu nào dưới đây sai về mẫu số?", True),
        ("Việc nào KHÔNG nên làm?", True),
        ("Mô tả nào giúp người không nhìn thấy ảnh?", False),
        ("Nên đăng hay không?", False),
        ('Tin ghi: "Có gì chưa rõ xin hỏi tổ." Tin còn thiếu ô nào?', False),
    ],
)
def test_negative_questions(text: str, negative: bool) -> None:
    assert bool(check_items._NEGATIVE.search(check_items._QUOTED.sub(" ", text).casefold())) is negative


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anh Mẫu Hùng và chị Thủy", []),
        ("ông Nguyễn Văn Bình", ["Nguyễn Văn Bình"]),
        ("Trần Thị Mẫu 017 ký", []),
        ("Lê Minh Châu phát biểu", ["Lê Minh Châu"]),
        ("anh ấy ấm ức, đồng chí Bí thư", []),
        ("Thành phố Hồ Chí Minh", []),
    ],
)
def test_full_names(text: str, found: list[str]) -> None:
    assert check_grounding.full_names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CĐCS Công ty Điện lực Mẫu 03", []),
        ("Công đoàn Điện lực Việt Nam, CĐCS Mẫu 09, CĐCS ấy", []),
        ("Công ty Điện lực Hà Đông", ["Công ty Điện lực Hà"]),
        ("bài của EVNNPC", ["EVNNPC"]),
        ("quy định của EVN về báo chí", []),
    ],
)
def test_real_units(text: str, found: list[str]) -> None:
    assert check_grounding.real_units(text) == found


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("Đăng tin sai bị phạt từ 10 đến 20 triệu đồng.", True),
        ("Mức phạt là 5.000.000 đ.", True),
        ("Trang giả tặng mỗi người 2 triệu đồng.", False),
        ("Người đăng có thể bị phạt. Quỹ hỗ trợ 2 triệu đồng.", False),
    ],
)
def test_amounts_of_fines(text: str, fine: bool) -> None:
    assert bool(check_grounding._FINE.search(text)) is fine


def test_a_fact_is_too_old_after_twelve_months_and_when_its_day_cannot_be_read() -> None:
    assert not check_grounding.too_old({"verified_on": "2026-11-23"}, date(2027, 11, 23))
    assert check_grounding.too_old({"verified_on": "2026-11-23"}, date(2027, 11, 24))
    assert check_grounding.too_old({"verified_on": "hôm qua"}, date(2026, 11, 24))


def test_chi_square_by_hand() -> None:
    """Twenty keys of three options at 14, 3, 3: expected 20/3 each, (7.33² + 2·3.67²) / 6.67 = 12.1."""
    places = [(3, 0)] * 14 + [(3, 1)] * 3 + [(3, 2)] * 3
    statistic, freedom = check_items.chi_square(places)
    assert (round(statistic, 1), freedom) == (12.1, 2)
    assert check_items.chi_square([(3, 0)] * 14) == (0, 0), "fewer than five expected at each place is no test"


def test_length_of_the_key() -> None:
    body = Single.model_validate(
        {
            "stem": "?",
            "options": [
                {"text": "a" * 10, "feedback": "x"},
                {"text": "a" * 40, "correct": True, "feedback": "x"},
                {"text": "a" * 10, "feedback": "x"},
            ],
        }
    )
    assert check_items.key_place(body.one_right()) == (1, True, 2)


@pytest.mark.parametrize(
    "key",
    [
        [["1"], ["2"], ["3"]],
        [["1", "2"], ["3"]],
        [["1"], ["2", "3"]],
        [["1", "2"], ["3", "4"]],
        [["1"], ["2", "3", "4"], ["5"]],
    ],
)
def test_the_expected_points_of_a_partial_order_are_the_plans(key: list[list[str]]) -> None:
    steps, share = TYPES["order"].partial({"key": key}) or ([], Fraction(0))
    body = {
        "stem": "",
        "explanation": "",
        "steps": [{"id": s, "text": s} for g in key for s in g],
        "key": key,
        "feedback": [],
    }
    item = {"id": "x", "type": "order", "points": "3", "critical": None, "component_min": None, "variants": [body]}
    assert items.score(item, steps).points == points_of(share, items.Decimal(3))
    assert tuple(steps) in set(permutations(s for g in key for s in g))


GIVEN = """---
module: M10
---

```{item} M10-Q01
type: code
points: 1
outcome: 1
stem: Đếm dòng.
given: import pandas
solution: n = 1
checks: [{value: n, points: 1, feedback: "Hãy hỏi độ dài của bảng, không đếm từng cột."}]
variants: [{stem: Đếm người., given: import numpy}]
```

```{item} M10-Q02
type: table
points: 1
outcome: 1
stem: Điền bảng.
columns: [{text: Số}]
rows: [{text: Một}, {text: Hai}]
cells: {r1c1: {given: "ba mươi"}, r2c1: {value: 2, points: 1, feedback: "Hãy cộng hai số ở dòng đầu của bảng này."}}
```
"""


def test_given_code_is_no_prose_and_a_given_cell_is(tmp_path: Path) -> None:
    path = tmp_path / "exercise.md"
    path.write_text(GIVEN, encoding="utf-8")
    shown = [piece.text for piece in corpus.pieces(authoring.read(path))]
    assert not [text for text in shown if "import" in text]
    assert "ba mươi" in shown
