"""The lab "60 phút": gauges worked out by hand, what every winning hour has in common, the paper task, the page."""

from __future__ import annotations

from typing import Any

import pytest

from course.labs import sau_muoi_phut as lab

RUMOUR, STORM, AGREEMENT = lab.CASES


def gauges(state: lab.State) -> tuple[int, int, int]:
    return state.trust, state.spread, state.safety


def test_the_good_hour_turn_by_turn() -> None:
    assert [gauges(s) for s in lab.play(STORM, lab.GOOD)] == [
        (60, 35, 85),
        (52, 45, 100),  # safe: −8, +10, +15
        (44, 55, 100),  # ask: −8, +10
        (64, 38, 100),  # tell after asking: +20, −20 +3
        (74, 33, 100),  # hear: +10, −8 +3
        (84, 28, 100),
        (94, 21, 100),  # update: +10, −10 +3
    ]


def test_silence_loses_trust_every_turn_and_safety_with_it() -> None:
    states = lab.play(STORM, lab.SILENT)
    assert [s.trust for s in states] == [60, 52, 44, 36, 28, 20, 12]
    assert [s.safety for s in states] == [85, 65, 45, 25, 5, 0, 0]
    assert states[-1].spread == 95


def test_a_promise_gains_trust_now_and_loses_it_two_turns_later() -> None:
    states = lab.play(RUMOUR, lab.LOUD)
    assert [s.trust for s in states[:5]] == [60, 52, 54, 56, 3]  # 56 − 8 − 45
    assert "nhắc lại lời hứa" in states[4].said


def test_a_late_promise_is_paid_at_the_end() -> None:
    before = lab.play(RUMOUR, ("safe", "ask", "tell", "hear", "update"))[-1]
    after = lab.act(RUMOUR, before, "promise")
    assert after.trust == before.trust + 10 - 45
    assert after.debts == ()


def test_telling_without_asking_has_to_be_corrected() -> None:
    states = lab.play(RUMOUR, ("tell", "wait"))
    assert gauges(states[1]) == (65, 23, 77)  # +5, −10 +3, −8
    assert gauges(states[2]) == (35, 36, 69)  # −30, +10 +3, −8


def test_deleting_brings_the_rumour_back() -> None:
    states = lab.play(RUMOUR, ("delete", "wait"))
    assert gauges(states[1]) == (12, 35, 77)  # −40 −8, −5 +10, −8
    assert gauges(states[2]) == (4, 65, 69)  # −8, +20 +10, −8


def test_a_missed_update_costs_trust_at_the_end() -> None:
    with_update = lab.play(RUMOUR, ("safe", "ask", "tell", "hear", "hear", "update"))[-1]
    without = lab.play(RUMOUR, ("safe", "ask", "tell", "hear", "hear", "wait"))[-1]
    assert with_update.trust - without.trust == 20  # +10 not earned, −10
    assert "bị quên" in without.said


def test_things_done_twice_do_not_count_twice() -> None:
    once = lab.play(RUMOUR, ("safe", "ask", "tell", "update", "wait"))[-1]
    twice = lab.play(RUMOUR, ("safe", "ask", "tell", "update", "update"))[-1]
    assert gauges(once) == gauges(twice)
    assert gauges(lab.play(RUMOUR, ("safe", "safe"))[-1]) == gauges(lab.play(RUMOUR, ("safe", "wait"))[-1])
    told = lab.play(RUMOUR, ("ask", "tell", "hear", "hear"))[-1]
    assert gauges(lab.act(RUMOUR, told, "hear")) == gauges(lab.act(RUMOUR, told, "wait"))


def test_listening_earns_more_where_the_grievance_is_real() -> None:
    rumour, agreement = (lab.play(case, ("ask", "tell", "hear")) for case in (RUMOUR, AGREEMENT))
    assert rumour[3].trust - rumour[2].trust == 10
    assert agreement[3].trust - agreement[2].trust == 15


def test_an_hour_has_six_turns_and_known_actions() -> None:
    done = lab.play(RUMOUR, lab.SILENT)[-1]
    with pytest.raises(ValueError, match="không có lượt"):
        lab.act(RUMOUR, done, "wait")
    with pytest.raises(ValueError, match="không có lượt hay việc này: fly"):
        lab.act(RUMOUR, lab.begin(RUMOUR), "fly")


def won_hours(case: lab.Case) -> set[tuple[str, ...]]:
    """Return the actions of every hour that meets the goals, orders that lead to the same state told once."""
    states = [lab.begin(case)]
    for _ in range(lab.TURNS):
        after = (lab.act(case, state, action) for state in states for action in lab.ACTIONS)
        states = list({(gauges(s), s.debts, tuple(sorted(s.done))): s for s in after}.values())
    return {state.done for state in states if state.met}


@pytest.mark.parametrize("case", lab.CASES)
def test_every_won_hour_keeps_the_shift_safe_asks_tells_and_never_promises(case: lab.Case) -> None:
    hours = won_hours(case)
    assert hours
    for hour in hours:
        assert {"safe", "ask", "tell"} <= set(hour)
        assert not {"promise", "delete"} & set(hour)


def test_after_the_storm_the_second_turn_is_the_last_one_for_safety() -> None:
    assert lab.play(STORM, ("ask", "safe", "tell", "hear", "hear", "update"))[-1].met
    assert not lab.play(STORM, ("ask", "tell", "safe", "hear", "hear", "update"))[-1].met


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert all(case.situation in text and f"| −{case.risk} |" in text for case in lab.CASES)
    assert all(name in text and meaning in text for name, meaning in lab.ACTIONS.values())
    assert all(rule in text for rule in lab.RULES)
    assert "| 60 | Cập nhật, giao ca | 94 | 21 | 100 |" in text
    assert "| 60 | Chờ thêm | 12 | 95 | 0 |" in text
    assert "Số liệu mô phỏng" in text
    assert lab.TEACHES in text


def test_chart_has_a_text_alternative() -> None:
    svg = lab.chart(lab.play(STORM, lab.GOOD))
    assert 'role="img"' in svg
    assert "Phút 60: niềm tin 94 (đạt), lan truyền 21 (đạt), an toàn ca trực 100 (đạt)." in svg
    assert svg.count("<circle") == 21


def widgets_of(root: Any, kind: str) -> list[Any]:  # ipywidgets has no types
    found = [root] if type(root).__name__ == kind else []
    return found + [w for child in getattr(root, "children", ()) for w in widgets_of(child, kind)]


def shown(view: Any) -> str:  # ipywidgets has no types
    return " ".join(h.value for h in widgets_of(view, "HTML"))


def test_view_plays_an_hour_and_resets() -> None:
    view = lab.view()
    case, action = widgets_of(view, "Dropdown")
    go, again = widgets_of(view, "Button")
    case.value = lab.CASES.index(STORM)
    fresh = shown(view)
    assert STORM.situation in fresh
    assert STORM.events[0] in fresh
    for turn, key in enumerate(lab.GOOD, start=1):
        action.value = key
        assert lab.ACTIONS[key][1] in shown(view)
        go.click()
        assert f"Phút {10 * turn}:" in shown(view)
    assert "Anh/chị giữ được cả ba" in shown(view)
    assert "Im lặng cả giờ: Phút 60: niềm tin 12 (chưa đạt)" in shown(view)
    assert lab.TEACHES in shown(view)
    assert go.disabled
    again.click()
    assert shown(view) == fresh
    assert not go.disabled


def test_a_lost_hour_says_so_and_another_case_starts_anew() -> None:
    view = lab.view()
    case, action = widgets_of(view, "Dropdown")
    go, _again = widgets_of(view, "Button")
    action.value = "wait"
    for _ in range(lab.TURNS):
        go.click()
    assert "Chưa giữ được cả ba" in shown(view)
    case.value = lab.CASES.index(AGREEMENT)
    assert AGREEMENT.events[0] in shown(view)
    assert "Chưa giữ được cả ba" not in shown(view)
    assert not go.disabled


def test_every_control_has_a_label() -> None:
    assert "<b>Tình huống</b>" in shown(lab.view())
    assert "<b>Mười phút này anh/chị làm gì?</b>" in shown(lab.view())
