"""The lab "Người gieo tin – người gác tin": spread by hand, naming, judging with evidence, the paper task, the page."""

from __future__ import annotations

import pytest

from course.labs import gieo_tin_gac_tin as lab
from course.labs.models import rumour
from tests.support.lab_hands import Hands

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
    assert rumour.ENOUGH <= tabs < len(lab.TABS)
    assert len(OUTSIDE) >= rumour.ENOUGH


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
    assert 'width="283" height="16"' in svg  # 427 · 332 / 500


def test_sowing_shows_the_rounds_and_refuses_a_fourth_trick() -> None:
    hands = Hands("gieo-tin-gac-tin").sets(tricks__0=True, tricks__1=True, tricks__2=True).press("Gieo tin")
    assert "10 → 35 → 122 → 427" in hands.shown
    hands.use("tricks.3", value=True).press("Gieo tin")
    assert "nhiều nhất 3 thủ thuật" in hands.html("spread")
    assert "427" not in hands.shown
    hands.press("Xem kết quả")
    assert "Anh/chị gọi đúng" not in hands.shown


def test_naming_takes_the_push_out_of_the_sown_rumour() -> None:
    hands = Hands("gieo-tin-gac-tin").sets(tricks__0=True, tricks__1=True, tricks__2=True)
    for place, trick in enumerate(lab.QUOTED):
        hands.use(f"names.{place}", "R" if trick.letter == "I" else trick.letter)
    hands.press("Xem kết quả")
    assert "Anh/chị gọi đúng 4/5 thủ thuật" in hands.shown
    assert "427 người đọc" in hands.shown
    assert f"còn {lab.spread('I')[-1]} người" in hands.shown
    assert "Chưa đúng: câu 4 là Mạo danh" in hands.shown
    hands.use("names.0", "F")
    assert "Anh/chị gọi đúng" not in hands.shown  # it would be wrong now


def test_tabs_cost_time_and_the_fourth_stays_closed() -> None:
    hands = Hands("gieo-tin-gac-tin")
    assert "Còn 6 phút" in hands.shown
    for tab in lab.TABS[:4]:
        hands.press(tab.name)
    hands.press(lab.TABS[0].name)
    assert "Còn 0 phút. Hết giờ" in hands.shown
    assert lab.TABS[2].shows in hands.shown
    assert lab.TABS[3].shows not in hands.shown


def test_conclusion_needs_a_choice_and_ends_with_the_lesson() -> None:
    hands = Hands("gieo-tin-gac-tin").press("Kết luận")
    assert "Hãy chọn một kết luận" in hands.shown
    assert lab.TEACHES not in hands.shown
    for place in OUTSIDE[:2]:
        hands.press(lab.TABS[place].name)
    hands.use("verdict", lab.FAKE).press("Kết luận")
    assert "Kết luận có căn cứ" in hands.shown
    assert lab.TEACHES in hands.shown


def test_try_again_resets_everything() -> None:
    hands = Hands("gieo-tin-gac-tin")
    fresh = hands.now
    hands.sets(tricks__0=True, names__0="F", verdict=lab.UNSURE)
    for name in ("Gieo tin", "Xem kết quả", lab.TABS[1].name, "Kết luận"):
        hands.press(name)
    assert hands.now != fresh
    assert hands.press("Thử lại").now == fresh


def test_every_dropdown_has_its_question() -> None:
    text = Hands("gieo-tin-gac-tin").shown
    assert all(t.elsewhere in text for t in lab.QUOTED)
    assert "Kết luận của anh/chị" in text
