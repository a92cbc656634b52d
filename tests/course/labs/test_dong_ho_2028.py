"""The lab "Đồng hồ 2028": numbers worked out by hand, the paper task, and the page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from course.labs import dong_ho_2028 as lab
from tests.support.lab_hands import Hands

STILL = lab.Plan(leaders=100, trained=60, per_quarter=0, turnover=0, congress=0, congress_share=40)


def test_without_turnover_the_stock_only_grows() -> None:
    quarters = lab.simulate(replace(STILL, per_quarter=3))
    assert [q.trained for q in quarters] == [60, 63, 66, 69, 72, 75, 78, 81, 84]
    assert quarters[-1].total == 84
    assert quarters[0].name == "4/2026"
    assert quarters[-1].name == "4/2028"


def test_parts_of_a_person_are_carried_over() -> None:
    # 4 % a year is 1 % a quarter: 0.6, 0.6 → one person leaves in the second quarter, 0.2 stays owed.
    quarters = lab.simulate(replace(STILL, turnover=4))
    assert [q.left for q in quarters[:4]] == [0, 0, 1, 0]
    assert quarters[3].trained == 59


def test_congress_replaces_the_usual_turnover_of_its_quarter() -> None:
    quarters = lab.simulate(replace(STILL, turnover=4, congress=1))
    assert quarters[1].left == 24  # 40 % of 60, not 41 %
    assert quarters[1].trained == 36


def test_nobody_is_trained_beyond_those_in_office() -> None:
    quarters = lab.simulate(replace(STILL, trained=98, per_quarter=5))
    assert [q.new for q in quarters[:3]] == [0, 2, 0]
    assert quarters[-1].total == 100


def test_more_trained_than_leaders_is_read_as_all() -> None:
    assert lab.simulate(replace(STILL, trained=400))[0].trained == 100


def test_default_case_has_more_trainings_than_leaders_and_misses_the_goal() -> None:
    last = lab.simulate(lab.DEFAULT)[-1]
    assert (last.trained, last.total) == (127, 210)
    assert lab.shortfall(last.trained, 200) == 13
    assert "63,5%" in lab.verdict(lab.DEFAULT)
    assert "105,0 lượt" in lab.verdict(lab.DEFAULT)


@pytest.mark.parametrize(
    ("trained", "leaders", "missing"), [(69, 100, 1), (70, 100, 0), (1399, 1999, 1), (128, 183, 1), (0, 0, 0)]
)
def test_shortfall_rounds_people_up(trained: int, leaders: int, missing: int) -> None:
    assert lab.shortfall(trained, leaders) == missing


def test_needed_pace_is_the_least_that_reaches_the_goal() -> None:
    pace = lab.needed_pace(lab.DEFAULT)
    assert pace == 18
    lasts = [lab.simulate(replace(lab.DEFAULT, per_quarter=n))[-1] for n in (pace - 1, pace)]
    assert [lab.shortfall(last.trained, 200) == 0 for last in lasts] == [False, True]
    assert lab.needed_pace(replace(STILL, trained=70)) == 0


def test_percent_rounds_down() -> None:
    assert lab.percent(1399, 1999) == "69,9"
    assert lab.percent(210, 200) == "105,0"


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert "| 3/2028 | 67 | 15 | 114 | 57,0% | 195 |" in text
    assert all(label in text for label, *_ in lab.RANGES.values())
    assert "Số liệu mô phỏng" in text
    assert lab.TEACHES in text


def test_chart_has_a_text_alternative() -> None:
    svg = lab.chart(lab.DEFAULT)
    assert 'role="img"' in svg
    assert 'aria-label="Biểu đồ theo quý. Hết quý 4/2028: 127 trong 200' in svg


def test_it_reacts_hints_and_resets() -> None:
    hands = Hands("dong-ho-2028")
    fresh = hands.now
    assert [part["value"] for part in fresh["parts"] if part["kind"] == "range"] == [200, 90, 15, 8, 40]
    assert "còn thiếu 13 người" in hands.html("said")
    assert lab.TEACHES in hands.shown
    hands.press("Xem số nhỏ nhất mỗi quý")
    assert "18 người" in hands.html("hint")
    hands.use("congress", 0)
    assert "Đạt chỉ tiêu 70%" in hands.html("said")
    assert hands.html("hint") == ""
    hands.use("trained", 400)
    assert "lớn hơn số lãnh đạo" in hands.html("said")
    assert hands.press("Thử lại").now == fresh
