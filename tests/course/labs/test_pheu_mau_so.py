"""Lab M09: the numbers worked out by hand, the text fallback, and a view that reacts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from course.labs import pheu_mau_so as lab
from tests.support.lab_hands import Hands


@pytest.mark.parametrize(
    ("campaign", "base", "leavers", "expected"),
    [
        (lab.A, "members", False, Fraction(45)),
        (lab.B, "members", False, Fraction(28)),
        (lab.B, "members", True, Fraction(168, 5)),  # 84/250 = 33,6%
        (lab.A, "received", False, Fraction(50)),
        (lab.B, "received", False, Fraction(175, 3)),  # 70/120 = 58,33…%
        (lab.B, "received", True, Fraction(70)),
        (lab.A, "recalled", False, Fraction(500, 7)),
        (lab.B, "recalled", True, Fraction(175, 2)),
    ],
)
def test_rate(campaign: lab.Campaign, base: str, leavers: bool, expected: Fraction) -> None:
    assert lab.rate(campaign, base, with_leavers=leavers) == expected


def test_bars_on_a_cut_axis_look_further_apart_than_they_are() -> None:
    assert lab.bar_ratio(Fraction(45), Fraction(28)) == Fraction(45, 28)
    assert lab.bar_ratio(Fraction(45), Fraction(28), 25) == Fraction(20, 3)
    assert lab.bar_ratio(Fraction(45), Fraction(25), 25) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(175, 3), "58,3"), (Fraction(20, 3), "6,6"), (Fraction(45), "45"), (Fraction(699, 1000), "0,6")],
)
def test_numbers_are_cut_down_to_one_decimal(value: Fraction, text: str) -> None:
    assert lab.shown(value) == text


def test_the_denominator_turns_the_ranking_round() -> None:
    assert "A cao hơn B 17 điểm phần trăm" in lab.fact("members", 0, with_leavers=False)
    assert "B cao hơn A 8,3 điểm phần trăm" in lab.fact("received", 0, with_leavers=False)
    assert "cột A cao gấp 6,6 lần" in lab.fact("members", 25, with_leavers=False)
    assert "14 người đã chuyển đi" in lab.fact("received", 0, with_leavers=True)


def test_each_stage_of_the_funnel_holds_the_next() -> None:
    for campaign in (lab.A, lab.B):
        assert campaign.members >= campaign.received >= campaign.recalled >= campaign.registered


@pytest.mark.parametrize(
    ("kept", "right", "wrong", "missed"),
    [((1, 3, 5), 3, 0, 0), ((), 0, 0, 3), (range(1, 7), 3, 3, 0), ((2, 5), 1, 1, 2)],
)
def test_judge(kept: tuple[int, ...], right: int, wrong: int, missed: int) -> None:
    verdict = lab.judge(kept)
    assert (len(verdict.right), len(verdict.wrong), len(verdict.missed)) == (right, wrong, missed)


def test_text_holds_the_whole_task() -> None:
    text = lab.text()
    assert "| Đã nhận tin | 180 | 120 |" in text
    assert all(claim.text in text and claim.why in text for claim in lab.CLAIMS)
    assert lab.TEACHES in text
    assert "mô phỏng" in text


def test_it_reacts_and_starts_again() -> None:
    hands = Hands("pheu-mau-so")
    fresh = hands.now
    assert "A 45%, B 28%" in hands.html("chart")
    assert "B 58,3%" in hands.use("base", "received").html("fact")
    assert "B 70%" in hands.use("leavers", value=True).html("fact")
    assert ">25%</text>" in hands.use("axis", 25).html("chart")
    hands.sets(keep__0=True, keep__1=True).press("Xem nhận xét")
    assert "Giữ đúng 1 câu, giữ nhầm 1 câu, bỏ sót 2 câu" in hands.html("said")
    assert lab.TEACHES in hands.html("comments")
    assert hands.use("keep.2", value=True).html("said") == ""
    assert hands.press("Thử lại").now == fresh
