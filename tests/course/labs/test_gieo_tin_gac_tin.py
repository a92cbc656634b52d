"""The lab "Người gieo tin – người gác tin": spread by hand, naming, judging with evidence, the paper task, the page."""

from __future__ import annotations

from typing import Any

import pytest

from course.labs import gieo_tin_gac_tin as lab

INSIDE = tuple(place for place, tab in enumerate(lab.TABS) if not tab.outside)
OUTSIDE = tuple(place for place, tab in enumerate(lab.TABS) if tab.outside)


def test_bare_rumour_grows_by_half_each_round() -> None:
    # 10 % pass it to 5 people: times 1.5; 10, 15, 22.5, 33
    assert lab.spread("") == (10, 15, 22, 33)


def test_tricks_add_their_push() -> None:
    # R alone: 30 % → times 2.5; F, I, R: 50 % → times 3.5
    assert lab.spread("R") == (10, 25, 62, 155)
    assert lab.spread("FIR") == (10, 35, 122, 427)


def test_spread_stops_at_everybody() -> None:
    # F, R, T: 55 % → times 3.75; 138 · 3.75 = 517 is more than the unit has
    assert lab.spread("FRT") == (10, 37, 138, 500)


def test_a_recognised_trick_pushes_no_more() -> None:
    assert lab.spread("FIR", "R") == lab.spread("FI")
    assert lab.spread("FIR", "FIRST") == lab.spread("")
    assert lab.spread("FIR", "S") == lab.spread("FIR")


def test_four_tricks_are_refused() -> None:
    with pytest.raises(ValueError, match="nhiều nhất 3"):
        lab.spread("FIRS")


def test_named_counts_only_the_own_name() -> None:
    assert lab.named({"F": "F", "I": "R", "R": "", "S": "S", "T": "T"}) == {"F", "S", "T"}
    assert lab.named({}) == frozenset()


def test_quoted_shows_each_trick_once_in_another_order() -> None:
    letters = [t.letter for t in lab.QUOTED]
    assert sorted(letters) == sorted("FIRST")
    assert all(a != b for a, b in zip(letters, "FIRST", strict=True))


@pytest.mark.parametrize(
    ("opened", "verdict", "begins"),
    [
        (OUTSIDE[:2], lab.FAKE, "Kết luận có căn cứ"),
        (OUTSIDE, lab.FAKE, "Kết luận có căn cứ"),
        (OUTSIDE[:1] * 2, lab.FAKE, "Trúng, nhưng mới là đoán"),
        (INSIDE, lab.FAKE, "Trúng, nhưng mới là đoán"),
        ((), lab.UNSURE, "Nói đúng mức"),
        (OUTSIDE[:2], lab.UNSURE, "Thận trọng quá mức"),
        (INSIDE, lab.REAL, "Chưa đúng"),
        (OUTSIDE, lab.REAL, "Chưa đúng"),
    ],
)
def test_judge(opened: tuple[int, ...], verdict: str, begins: str) -> None:
    assert lab.judge(opened, verdict).startswith(begins)


def test_time_allows_evidence_but_not_every_tab() -> None:
    tabs = lab.MINUTES // lab.TAB_MINUTES
    assert lab.ENOUGH <= tabs < len(lab.TABS)
    assert len(OUTSIDE) >= lab.ENOUGH


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert all(t.sown in text and t.elsewhere in text and t.name in text for t in lab.TRICKS)
    assert all(t.shows in text for t in lab.TABS)
    assert "10 → 35 → 122 → 427 người" in text
    assert "1 Kích động; 2 Khuếch đại tự động; 3 Ngụy tạo; 4 Mạo danh; 5 Mượn sự kiện không liên quan." in text
    assert "Số liệu mô phỏng" in text
    assert lab.TEACHES in text


def test_chart_has_a_text_alternative() -> None:
    svg = lab.chart(lab.spread("FIR"), lab.spread(""))
    assert 'role="img"' in svg
    assert 'aria-label="Chưa ai nhận ra: 427 trên 500 người; Nhận ra như anh/chị: 33 trên 500 người"' in svg
    assert 'width="512" height="28"' in svg  # 427 · 600 / 500


def widgets_of(root: Any, kind: str) -> list[Any]:  # ipywidgets has no types
    found = [root] if type(root).__name__ == kind else []
    return found + [w for child in getattr(root, "children", ()) for w in widgets_of(child, kind)]


def button(view: Any, name: str) -> Any:  # ipywidgets has no types
    return next(b for b in widgets_of(view, "Button") if b.description == name)


def shown(view: Any) -> str:  # ipywidgets has no types
    return " ".join(h.value for h in widgets_of(view, "HTML"))


def test_sowing_shows_the_rounds_and_refuses_a_fourth_trick() -> None:
    view = lab.view()
    boxes = widgets_of(view, "Checkbox")
    for box in boxes[:3]:
        box.value = True
    button(view, "Gieo tin").click()
    assert "10 → 35 → 122 → 427" in shown(view)
    boxes[3].value = True
    button(view, "Gieo tin").click()
    assert "nhiều nhất 3 thủ thuật" in shown(view)
    assert "427" not in shown(view)
    button(view, "Xem kết quả").click()
    assert "Anh/chị gọi đúng" not in shown(view)


def test_naming_takes_the_push_out_of_the_sown_rumour() -> None:
    view = lab.view()
    for box in widgets_of(view, "Checkbox")[:3]:
        box.value = True
    picks = widgets_of(view, "Dropdown")[:-1]
    for trick, pick in zip(lab.QUOTED, picks, strict=True):
        pick.value = "R" if trick.letter == "I" else trick.letter
    button(view, "Xem kết quả").click()
    assert "Anh/chị gọi đúng 4/5 thủ thuật" in shown(view)
    assert "427 người đọc" in shown(view)
    assert f"còn {lab.spread('I')[-1]} người" in shown(view)
    assert "Chưa đúng: câu 4 là Mạo danh" in shown(view)


def test_tabs_cost_time_and_the_fourth_stays_closed() -> None:
    view = lab.view()
    assert "Còn 6 phút" in shown(view)
    for tab in lab.TABS[:4]:
        button(view, tab.name).click()
    button(view, lab.TABS[0].name).click()
    assert "Còn 0 phút. Hết giờ" in shown(view)
    assert lab.TABS[2].shows in shown(view)
    assert lab.TABS[3].shows not in shown(view)


def test_conclusion_needs_a_choice_and_ends_with_the_lesson() -> None:
    view = lab.view()
    button(view, "Kết luận").click()
    assert "Hãy chọn một kết luận" in shown(view)
    assert lab.TEACHES not in shown(view)
    for place in OUTSIDE[:2]:
        button(view, lab.TABS[place].name).click()
    widgets_of(view, "Dropdown")[-1].value = lab.FAKE
    button(view, "Kết luận").click()
    assert "Kết luận có căn cứ" in shown(view)
    assert lab.TEACHES in shown(view)


def test_try_again_resets_everything() -> None:
    view = lab.view()
    fresh = shown(view)
    for box in widgets_of(view, "Checkbox")[:2]:
        box.value = True
    for pick in widgets_of(view, "Dropdown")[:-1]:
        pick.value = "F"
    widgets_of(view, "Dropdown")[-1].value = lab.UNSURE
    for name in ("Gieo tin", "Xem kết quả", lab.TABS[1].name, "Kết luận"):
        button(view, name).click()
    assert shown(view) != fresh
    button(view, "Thử lại").click()
    assert shown(view) == fresh
    assert not any(box.value for box in widgets_of(view, "Checkbox"))
    assert {pick.value for pick in widgets_of(view, "Dropdown")} == {""}


def test_every_dropdown_has_its_question_above() -> None:
    text = shown(lab.view())
    assert all(t.elsewhere in text for t in lab.QUOTED)
    assert "Kết luận của anh/chị" in text
