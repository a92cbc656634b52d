"""The editing room: six readings worked out by hand, a neat version that is wrong, and the page."""

from __future__ import annotations

import pytest

from course.labs import phong_bien_tap as lab
from tests.support.lab_hands import Hands


def reading(text: str, name: str) -> lab.Meter:
    return next(m for m in lab.meters(text) if m.name == name)


def test_no_meter_passes_on_the_draft_and_all_pass_on_the_edited_version() -> None:
    assert [m.ok for m in lab.meters(lab.DRAFT)] == [False] * 6
    assert [m.ok for m in lab.meters(lab.SAMPLE)] == [True] * 6


def test_a_neat_version_passes_every_meter_and_still_contradicts_the_facts() -> None:
    assert [m.ok for m in lab.meters(lab.NEAT_BUT_WRONG)] == [True] * 6
    facts = dict(lab.FACTS)
    assert "thứ Năm 26/11" in facts["Chuyện gì"]
    assert "Thứ Sáu 27/11" in lab.NEAT_BUT_WRONG
    assert facts["Làm gì"].startswith("mang áo cũ")
    assert "không phải mang áo cũ" in lab.NEAT_BUT_WRONG
    assert len(lab.FAULTS) == 2


@pytest.mark.parametrize(
    ("text", "tieng"),
    [("", 0), ("Một hai ba. Bốn năm.", 3), ("Họp lúc 17:35 ở đội.", 5), ("Dòng một\nDòng thứ hai dài hơn", 5)],
)
def test_longest_sentence_in_tieng(text: str, tieng: int) -> None:
    assert lab.longest_sentence(text) == tieng


def test_the_limits_are_inclusive() -> None:
    assert reading("a " * 25, "Câu dài nhất").ok
    assert not reading("a " * 26, "Câu dài nhất").ok
    assert reading("a. " * 120, "Số chữ").ok
    assert not reading("a. " * 121, "Số chữ").ok
    assert not reading("", "Số chữ").ok


def test_shouting_is_counted_but_abbreviations_are_not() -> None:
    assert lab.shouted("KHẨN: ĐLVN, CĐCS và ATVSLĐ nhắc Đội Mẫu A") == ["KHẨN"]
    assert lab.shouted("Tổ 3 đi ca 2, cột A1") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [("ngày 26/11", 1), ("26 tháng 11", 1), ("26/11/2026", 1), ("tỉ lệ 34/40", 0), ("32/11", 0), ("24/11 và 05/12", 2)],
)
def test_dates(text: str, found: int) -> None:
    assert len(lab.dates(text)) == found


def test_date_and_time_are_both_needed() -> None:
    assert not reading("Thứ Năm 26/11", "Ngày giờ").ok
    assert not reading("lúc 7 giờ 30", "Ngày giờ").ok
    assert reading("7h30 ngày 26/11", "Ngày giờ").shows == "1 ngày, 1 giờ"


def test_contact_needs_somebody_to_ask() -> None:
    assert reading("Vướng gì thì hỏi tổ trưởng.", "Đầu mối").ok
    assert not reading("Xin gọi 0900 000 012.", "Đầu mối").ok
    assert not reading("Tổ trưởng hỏi.", "Đầu mối").ok


def test_personal_data_is_named_by_kind() -> None:
    assert lab.personal_data("gọi anh Mẫu Hùng, số 0900 000 012, căn cước 001099000123") == [
        "tên riêng",
        "số điện thoại",
        "số căn cước",
    ]
    assert lab.personal_data("anh em mang áo cũ, có 120 đôi") == []


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert lab.DRAFT in text
    assert all(fact in text for _, fact in lab.FACTS)
    assert "| Số chữ | Viết từ 1 đến 120 chữ. | 146 chữ: ✗ cần sửa | 69 chữ: ✓ đạt | 69 chữ: ✓ đạt |" in text
    assert all(fault in text for fault in lab.FAULTS)
    assert lab.TEACHES in text


def test_it_measures_what_is_typed_and_resets() -> None:
    hands = Hands("phong-bien-tap")
    fresh = hands.now
    assert "0/6 đồng hồ đạt" in hands.html("passed")
    hands.use("text", lab.SAMPLE)
    assert "6/6 đồng hồ đạt" in hands.html("passed")
    assert lab.TEACHES in hands.html("board")
    assert "Thứ Năm 26/11" in hands.html("phone")
    hands.press("Xem bản đẹp mà sai")
    assert hands.value("text") == lab.NEAT_BUT_WRONG
    assert "có hai chỗ sai" in hands.html("hint")
    hands.press("Xem hai chỗ sai")
    assert all(fault in hands.html("hint") for fault in lab.FAULTS)
    assert hands.press("Thử lại").now == fresh


def test_what_the_learner_typed_is_escaped() -> None:
    phone = Hands("phong-bien-tap").use("text", "<script>alert(1)</script>\nDòng hai & ba").html("phone")
    assert "<script>" not in phone
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Dòng hai &amp; ba" in phone
