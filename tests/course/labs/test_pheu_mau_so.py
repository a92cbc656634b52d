"""Lab M09: the numbers worked out by hand, the text fallback, and a view that reacts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from course.labs import pheu_mau_so as lab


def widgets_of(root: Any, kind: str) -> list[Any]:
    """Return all widgets of one class name below ``root``, in order."""
    found = [root] if type(root).__name__ == kind else []
    for child in getattr(root, "children", ()):
        found += widgets_of(child, kind)
    return found


def button(root: Any, label: str) -> Any:
    """Return the button with this label."""
    return next(b for b in widgets_of(root, "Button") if b.description == label)


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


def test_view_reacts_and_starts_again() -> None:
    root = lab.view()
    base, axis = widgets_of(root, "Dropdown")[0], widgets_of(root, "ToggleButtons")[0]
    leavers, *keep = widgets_of(root, "Checkbox")
    picture = next(h for h in widgets_of(root, "HTML") if "<svg" in h.value)
    result = widgets_of(root, "HTML")[-1]
    assert "A 45%, B 28%" in picture.value
    base.value = "received"
    assert "B 58,3%" in picture.value
    leavers.value = True
    assert "B 70%" in picture.value
    axis.value = 25
    assert ">25%</text>" in picture.value
    keep[0].value = keep[1].value = True
    button(root, "Xem nhận xét").click()
    assert "Giữ đúng 1 câu, giữ nhầm 1 câu, bỏ sót 2 câu" in result.value
    assert lab.TEACHES in result.value
    button(root, "Thử lại").click()
    assert result.value == ""
    assert not any(box.value for box in (leavers, *keep))
    assert "A 45%, B 28%" in picture.value


def test_two_views_share_nothing() -> None:
    first, second = lab.view(), lab.view()
    widgets_of(first, "Dropdown")[0].value = "recalled"
    assert widgets_of(second, "Dropdown")[0].value == "members"
