"""The lab "Đèn giao thông": the two counts worked out by hand, the paper task, and the page."""

from __future__ import annotations

from collections import Counter

import pytest

from course.labs import den_giao_thong as lab
from tests.support.lab_hands import Hands

KEY = [draft.light for draft in lab.DRAFTS]
REASONS = [draft.reasons[0] for draft in lab.DRAFTS]


def test_there_are_four_drafts_of_each_light() -> None:
    assert Counter(KEY) == {"xanh": 4, "vang": 4, "do": 4}
    assert all(set(draft.reasons) <= set(lab.REASONS) for draft in lab.DRAFTS)
    assert all((draft.light == "xanh") == (draft.reasons == ("khong",)) for draft in lab.DRAFTS)


def test_the_key_makes_no_mistake() -> None:
    assert lab.count(KEY, REASONS) == lab.Count(missed=0, overblocked=0, lights=12, reasons=12)


@pytest.mark.parametrize(
    ("light", "expected"),
    [
        # four of each light: all red blocks 4 green + 4 yellow; all green misses 4 yellow + 4 red
        ("do", lab.Count(0, 8, 4, 4)),
        ("xanh", lab.Count(8, 0, 4, 4)),
        # all yellow: 4 red missed, 4 green blocked
        ("vang", lab.Count(4, 4, 4, 4)),
    ],
)
def test_one_light_for_all(light: str, expected: lab.Count) -> None:
    assert lab.count([light] * 12, ["khong"] * 12) == expected


def test_a_second_reason_is_accepted() -> None:
    reasons = [draft.reasons[-1] for draft in lab.DRAFTS]
    assert reasons != REASONS
    assert lab.count(KEY, reasons).reasons == 12


def test_fault_names_the_direction() -> None:
    green = next(d for d in lab.DRAFTS if d.light == "xanh")
    red = next(d for d in lab.DRAFTS if d.light == "do")
    assert lab.fault(green, "vang") == "chặn nhầm"
    assert lab.fault(red, "vang") == "bỏ lọt"
    assert lab.fault(red, "do") == ""


def test_a_missing_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        lab.count(KEY[:-1], REASONS)


def test_words_and_chart_say_the_numbers() -> None:
    result = lab.Count(1, 3, 8, 7)
    assert lab.words(result) == "Bỏ lọt: 1. Chặn nhầm: 3. Đúng màu: 8/12. Đúng lý do: 7/12."
    chart = lab.chart(result)
    assert 'role="img"' in chart
    assert lab.words(result) in chart
    assert 'width="27"' in chart  # 332 · 1/12
    assert 'width="83"' in chart


def test_report_explains_what_was_off() -> None:
    lights, reasons = list(KEY), list(REASONS)
    lights[1] = "do"
    reasons[4] = "hai"
    page = lab.report(lights, reasons)
    assert "Bản 2, chặn nhầm" in page
    assert "Bản 5, đúng màu, lệch lý do:</b> Chưa kiểm chứng" in page
    assert page.count("<li>") == 2
    assert lab.TEACHES in page
    assert "Cả mười hai bản đúng màu, đúng lý do" in lab.report(KEY, REASONS)


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert all(draft.text in text and draft.why in text for draft in lab.DRAFTS)
    assert all(reason in text for reason in lab.REASONS.values())
    assert "Bật đỏ cả mười hai bản: bỏ lọt 0, chặn nhầm 8" in text
    assert "Bật xanh cả mười hai bản: bỏ lọt 8, chặn nhầm 0" in text
    assert lab.TEACHES in text


def test_the_page_reacts_and_resets() -> None:
    hands = Hands("den-giao-thong")
    fresh = hands.now
    assert "Bản nháp 1 trên 12" in hands.shown
    hands.press("Ghi và xem bản sau")
    assert "Hãy chọn một màu đèn và một lý do" in hands.shown
    for _ in range(12):
        hands.sets(light="do", reason="khong").press("Ghi và xem bản sau")
    assert "Bỏ lọt: 0. Chặn nhầm: 8." in hands.shown
    assert lab.TEACHES in hands.shown
    assert list(hands.buttons()) == ["Thử lại"]
    assert hands.press("Thử lại").now == fresh
