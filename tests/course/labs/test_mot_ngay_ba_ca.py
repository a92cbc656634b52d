"""The lab "Một ngày ba ca": reach worked out by hand, the tempting choice, the paper task, and the page."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest

from course.labs import mot_ngay_ba_ca as lab
from tests.support.lab_hands import Hands

EVENING = next(n for n, slot in enumerate(lab.SLOTS) if slot.name == "Nhóm Zalo, 20 giờ")


def test_one_slot_reaches_its_own_chances() -> None:
    assert lab.reach((EVENING,)).groups == (Fraction(85, 100), Fraction(60, 100), Fraction(80, 100), Fraction(80, 100))
    # 210·0.85 + 40·0.6 + 30·0.8 + 20·0.8 = 242.5 of 300
    assert lab.reach((EVENING,)).total == Fraction(2425, 3000)


def test_three_slots_multiply_what_is_missed() -> None:
    # handover 22 h, Zalo 9 h, Zalo 20 h: 1 − .1·.15, 1 − .5·.8·.4, 1 − .6·.2, 1 − .15·.2
    result = lab.reach(lab.REACHING)
    assert result.groups == (Fraction(985, 1000), Fraction(84, 100), Fraction(88, 100), Fraction(97, 100))
    assert result.total == Fraction(28625, 30000)
    assert result.met


def test_nothing_chosen_reaches_nobody() -> None:
    assert lab.reach(()).total == 0
    assert len(lab.reach(()).missed) == 4


def test_the_tempting_choice_has_the_highest_total_and_leaves_the_shifts_out() -> None:
    result = lab.reach(lab.TEMPTING)
    assert result.groups[1] == Fraction(728, 1000)
    assert result.total >= lab.GOAL_TOTAL
    assert result.missed == ("3 ca 4 kíp",)
    assert not result.met
    best = max(combinations(range(len(lab.SLOTS)), 3), key=lambda places: lab.reach(places).total)
    assert best == lab.TEMPTING


def test_every_choice_that_reaches_the_goal_uses_a_shift_handover() -> None:
    places = range(len(lab.SLOTS))
    winners = [c for n in (1, 2, 3) for c in combinations(places, n) if lab.reach(c).met]
    assert len(winners) == 3
    assert all(any(lab.SLOTS[p].channel == "Bảng tin giao ca" for p in c) for c in winners)


def test_a_slot_named_twice_counts_once() -> None:
    assert lab.reach((EVENING, EVENING)) == lab.reach((EVENING,))


def test_four_slots_are_refused() -> None:
    with pytest.raises(ValueError, match="nhiều nhất 3"):
        lab.reach((0, 1, 2, 3))


def test_percent_rounds_down() -> None:
    assert lab.percent(Fraction(7177, 7500)) == "95,6"
    assert lab.percent(Fraction(1)) == "100,0"


def test_verdict_names_each_case() -> None:
    won = "Tổng 95,4%, đạt mức 95%; nhóm nào cũng từ 80%. Cách chọn này đạt cả hai mục tiêu."
    assert lab.verdict(lab.reach(lab.REACHING)) == won
    lost = "đạt mức 95% nhưng còn dưới 80%: 3 ca 4 kíp. Cách chọn này chưa đạt."
    assert lab.verdict(lab.reach(lab.TEMPTING)).endswith(lost)
    assert "chưa đạt mức 95%, và còn dưới 80%" in lab.verdict(lab.reach((EVENING,)))
    even = lab.verdict(lab.reach((0, EVENING)))
    assert "chưa đạt mức 95%; nhóm nào cũng từ 80%. Cách chọn này chưa đạt." in even


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert all(slot.name in text for slot in lab.SLOTS)
    assert all(f"{g.name} ({g.size})" in text for g in lab.GROUPS)
    assert "3 ca 4 kíp 72,8%" in text
    assert "Số liệu mô phỏng" in text
    assert lab.TEACHES in text


def test_chart_has_a_text_alternative() -> None:
    svg = lab.chart(lab.reach(lab.TEMPTING))
    assert 'role="img"' in svg
    assert "72,8% chưa đạt" in svg
    assert 'aria-label="Biểu đồ tiếp cận theo nhóm, vạch đứt là mức cần đạt. Tổng 95,6%' in svg


def test_it_shows_a_result_clears_it_and_resets() -> None:
    hands = Hands("mot-ngay-ba-ca")
    fresh = hands.now
    hands.press("Xem kết quả")
    assert "Hãy chọn ít nhất một lượt gửi tin" in hands.html("result")
    for number, place in enumerate(lab.TEMPTING):
        hands.use(f"slots.{number}", place)
    assert hands.html("result") == ""
    hands.use("guess", "3 ca 4 kíp").press("Xem kết quả")
    assert "còn dưới 80%: 3 ca 4 kíp" in hands.html("result")
    assert "đúng như anh/chị đoán" in hands.html("result")
    assert lab.TEACHES in hands.html("chart")
    hands.use("guess", "Văn phòng xa").press("Xem kết quả")
    assert "anh/chị đã đoán: Văn phòng xa" in hands.html("result")
    hands.use("slots.0", hands.value("slots.1")).press("Xem kết quả")
    assert "chỉ tính một lần" in hands.html("result")
    assert hands.press("Thử lại").now == fresh


def test_every_control_has_a_label() -> None:
    shown = Hands("mot-ngay-ba-ca").shown
    assert all(f"Lượt gửi tin {n}" in shown for n in (1, 2, 3))
    assert "Anh/chị đoán nhóm nào thấp nhất?" in shown
