"""The lab "Bàn OASIS": reach, digital share and hours by hand, the goal inspector, the paper task, the page."""

from __future__ import annotations

from fractions import Fraction

import pytest

from course.labs import ban_oasis as lab
from tests.support.lab_hands import Hands

NOTHING = (0,) * len(lab.ACTIVITIES)
REACHING = (1, 8, 1, 0, 4, 3, 3, 0)
"""A plan that meets every goal, in 39 hours."""


def test_the_example_by_hand() -> None:
    result = lab.evaluate(lab.EXAMPLE)
    # office 1 − .65·.4·.2, shifts 1 − .9·.65·.15, mobile 1 − .9·.55·.15, remote 1 − .75·.4
    assert result.groups == (Fraction(948, 1000), Fraction(91225, 100000), Fraction(92575, 100000), Fraction(70, 100))
    # 110·.948 + 100·.91225 + 50·.92575 + 40·.7 = 269.7925 of 300
    assert result.total == Fraction(2697925, 3000000)
    # 2 + 1 + 4·2 + 3·2 + 3·3 hours; 2 of 12 products are digital
    assert (result.hours, result.products, result.digital) == (26, 12, 2)
    assert result.lacks == ("tổng tiếp cận dưới 90%", "nhóm dưới 80%: Văn phòng xa", "tỉ trọng số dưới 50%")


def test_ten_more_posts_raise_the_share_and_not_the_reach() -> None:
    before, after = lab.evaluate(lab.EXAMPLE), lab.evaluate(lab.MORE_POSTS)
    assert after.groups == before.groups
    assert after.total == before.total
    assert (before.share, after.share) == (Fraction(2, 12), Fraction(12, 22))
    assert after.hours == before.hours + 20
    assert "quá tải 6 giờ công" in after.lacks


def test_a_team_at_a_time_adds_up() -> None:
    plan = [0] * 8
    for times in range(5):
        plan[4] = times
        assert lab.evaluate(tuple(plan)).groups[1] == Fraction(85 * times, 400)


def test_nothing_done_reaches_nobody() -> None:
    result = lab.evaluate(NOTHING)
    assert result.total == 0
    assert result.share == 0
    assert result.hours == 0
    assert "0/0 = 0,0%" in lab.told(result)


def test_every_goal_can_be_met() -> None:
    result = lab.evaluate(REACHING)
    assert result.lacks == ()
    assert (result.hours, result.share) == (39, Fraction(1, 2))
    assert lab.told(result).endswith("Đạt đủ các mục tiêu.")


def test_too_many_messages_are_a_fault() -> None:
    assert lab.evaluate((1, 9, 1, 0, 4, 3, 3, 0)).lacks == ("tin Zalo quá dày, người nhận sẽ tắt chuông",)


@pytest.mark.parametrize("plan", [(), (0,) * 7, (15, 0, 0, 0, 0, 0, 0, 0), (0, -1, 0, 0, 0, 0, 0, 0)])
def test_an_impossible_plan_is_refused(plan: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="tám số"):
        lab.evaluate(plan)


def test_percent_rounds_down() -> None:
    assert lab.percent(Fraction(1, 6)) == "16,6"
    assert lab.percent(Fraction(89999, 100000)) == "89,9"


def _missing(goal: str) -> list[str]:
    return [name for name, found, _ in lab.inspect(goal) if not found]


@pytest.mark.parametrize(
    "goal",
    [
        lab.GOOD_GOAL,
        "Sau bốn tuần, 27 trong 30 tổ họp an toàn đầu ca; nay là 12 tổ.",
        "Trước 30/11, 95% của 320 đoàn viên biết chế độ; hiện là 40%",
        "Tăng từ 40% lên 90% của 240 người đi ca biết số máy, đến hết tháng 6",
    ],
)
def test_a_full_goal_has_every_field(goal: str) -> None:
    assert _missing(goal) == []


@pytest.mark.parametrize(
    ("goal", "missing"),
    [
        ("", ["Số cần đạt", "Mẫu số", "Mốc", "Đường cơ sở", "Điều thay đổi ở đoàn viên"]),
        ("Đăng 20 bài, đạt 5.000 lượt thích trong 4 tuần.", ["Mẫu số", "Đường cơ sở", "Điều thay đổi ở đoàn viên"]),
        ("Từ 01/5 đến 31/5 có trên 90% anh em biết.", ["Mẫu số", "Đường cơ sở"]),
        ("90% trong 120 người đi ca đeo dây; nay là 60%", ["Mốc"]),
    ],
)
def test_a_weak_goal_is_told_what_it_lacks(goal: str, missing: list[str]) -> None:
    assert _missing(goal) == missing


def test_what_was_typed_is_escaped() -> None:
    page = lab.goal_page("<script>alert(1)</script> 90%")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "Có 1/5 ý." in page


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert all(a.name in text for a in lab.ACTIVITIES)
    assert all(f"{g.name} ({g.size})" in text for g in lab.GROUPS)
    assert "Tỉ trọng số: 2/12 = 16,6%" in text
    assert "Tỉ trọng số: 12/22 = 54,5%" in text
    assert text.count("tổng 89,9%") == 2
    assert lab.GOOD_GOAL in text
    assert lab.TEACHES in text


def test_the_chart_says_its_numbers() -> None:
    chart = lab.chart(lab.evaluate(lab.MORE_POSTS))
    assert 'role="img"' in chart
    assert "46/40 giờ quá tải" in chart
    assert "54,5% đạt" in chart
    assert 'width="332" height="16" fill="#8a3b00"' in chart


def test_the_page_reacts_and_resets() -> None:
    hands = Hands("ban-oasis")
    assert all(a.name in hands.shown for a in lab.ACTIVITIES)
    for place, times in enumerate(lab.EXAMPLE):
        hands.use(f"plan.{place}", times)
    assert "tổng 89,9%" in hands.shown
    assert lab.TEACHES in hands.shown
    hands.press("Thêm mười bài fanpage")
    assert hands.value("plan.0") == 11
    assert "89,9% → 89,9%; tỉ trọng số 16,6% → 54,5%; giờ công 26 → 46" in hands.shown
    hands.press("Thêm mười bài fanpage")
    assert hands.value("plan.0") == lab.ACTIVITIES[lab.POSTS].limit
    hands.press("Soi mục tiêu")
    assert "Hãy viết một câu mục tiêu" in hands.shown
    hands.use("goal", lab.GOOD_GOAL).press("Soi mục tiêu")
    assert "Có 5/5 ý." in hands.shown
    hands.press("Thử lại")
    assert [hands.value(f"plan.{place}") for place in range(8)] == list(NOTHING)
    assert hands.value("goal") == ""
    assert "Trước → sau" not in hands.shown
    assert "Có 5/5 ý." not in hands.shown
    assert lab.TEACHES not in hands.shown


def test_the_worst_plan_is_drawn_too() -> None:
    hands = Hands("ban-oasis")
    for place, activity in enumerate(lab.ACTIVITIES):
        hands.use(f"plan.{place}", activity.limit)
    assert "quá tải" in hands.html("chart")
