"""The lab "60 phút": gauges worked out by hand, what every winning hour has in common, the paper task, the page."""

from __future__ import annotations

import pytest

from course.labs import sau_muoi_phut as lab
from course.labs.models import hour as model
from tests.support.lab_hands import Hands

RUMOUR, STORM, AGREEMENT = model.CASES


def gauges(state: model.Hour) -> tuple[int, int, int]:
    return state.trust, state.spread, state.safety


def test_the_good_hour_turn_by_turn() -> None:
    assert [gauges(s) for s in model.play(STORM, model.GOOD)] == [
        (60, 35, 85),
        (52, 45, 100),  # safe: −8, +10, +15
        (44, 55, 100),  # ask: −8, +10
        (64, 38, 100),  # tell after asking: +20, −20 +3
        (74, 33, 100),  # hear: +10, −8 +3
        (84, 28, 100),
        (94, 21, 100),  # update: +10, −10 +3
    ]


def test_silence_loses_trust_every_turn_and_safety_with_it() -> None:
    states = model.play(STORM, model.SILENT)
    assert [s.trust for s in states] == [60, 52, 44, 36, 28, 20, 12]
    assert [s.safety for s in states] == [85, 65, 45, 25, 5, 0, 0]
    assert states[-1].spread == 95


def test_a_promise_gains_trust_now_and_loses_it_two_turns_later() -> None:
    states = model.play(RUMOUR, model.LOUD)
    assert [s.trust for s in states[:5]] == [60, 52, 54, 56, 3]  # 56 − 8 − 45
    assert "nhắc lại lời hứa" in states[4].said


def test_a_late_promise_is_paid_at_the_end() -> None:
    before = model.play(RUMOUR, ("safe", "ask", "tell", "hear", "update"))[-1]
    after = model.turn(RUMOUR, before, "promise")
    assert after.trust == before.trust + 10 - 45
    assert after.debts == ()


def test_telling_without_asking_has_to_be_corrected() -> None:
    states = model.play(RUMOUR, ("tell", "wait"))
    assert gauges(states[1]) == (65, 23, 77)  # +5, −10 +3, −8
    assert gauges(states[2]) == (35, 36, 69)  # −30, +10 +3, −8


def test_deleting_brings_the_rumour_back() -> None:
    states = model.play(RUMOUR, ("delete", "wait"))
    assert gauges(states[1]) == (12, 35, 77)  # −40 −8, −5 +10, −8
    assert gauges(states[2]) == (4, 65, 69)  # −8, +20 +10, −8


def test_a_missed_update_costs_trust_at_the_end() -> None:
    with_update = model.play(RUMOUR, ("safe", "ask", "tell", "hear", "hear", "update"))[-1]
    without = model.play(RUMOUR, ("safe", "ask", "tell", "hear", "hear", "wait"))[-1]
    assert with_update.trust - without.trust == 20  # +10 not earned, −10
    assert "bị quên" in without.said


def test_things_done_twice_do_not_count_twice() -> None:
    once = model.play(RUMOUR, ("safe", "ask", "tell", "update", "wait"))[-1]
    twice = model.play(RUMOUR, ("safe", "ask", "tell", "update", "update"))[-1]
    assert gauges(once) == gauges(twice)
    assert gauges(model.play(RUMOUR, ("safe", "safe"))[-1]) == gauges(model.play(RUMOUR, ("safe", "wait"))[-1])
    told = model.play(RUMOUR, ("ask", "tell", "hear", "hear"))[-1]
    assert gauges(model.turn(RUMOUR, told, "hear")) == gauges(model.turn(RUMOUR, told, "wait"))


def test_listening_earns_more_where_the_grievance_is_real() -> None:
    rumour, agreement = (model.play(case, ("ask", "tell", "hear")) for case in (RUMOUR, AGREEMENT))
    assert rumour[3].trust - rumour[2].trust == 10
    assert agreement[3].trust - agreement[2].trust == 15


def test_an_hour_has_six_turns_and_known_actions() -> None:
    done = model.play(RUMOUR, model.SILENT)[-1]
    with pytest.raises(ValueError, match="không có lượt"):
        model.turn(RUMOUR, done, "wait")
    with pytest.raises(ValueError, match="không có lượt hay việc này: fly"):
        model.turn(RUMOUR, model.begin(RUMOUR), "fly")


def won_hours(case: model.Case) -> set[tuple[str, ...]]:
    """Return the actions of every hour that meets the goals, orders that lead to the same state told once."""
    states = [model.begin(case)]
    for _ in range(model.TURNS):
        after = (model.turn(case, state, action) for state in states for action in model.ACTIONS)
        states = list({(gauges(s), s.debts, tuple(sorted(s.done))): s for s in after}.values())
    return {state.done for state in states if state.met}


@pytest.mark.parametrize("case", model.CASES)
def test_every_won_hour_keeps_the_shift_safe_asks_tells_and_never_promises(case: model.Case) -> None:
    hours = won_hours(case)
    assert hours
    for hour in hours:
        assert {"safe", "ask", "tell"} <= set(hour)
        assert not {"promise", "delete"} & set(hour)


def test_after_the_storm_the_second_turn_is_the_last_one_for_safety() -> None:
    assert model.play(STORM, ("ask", "safe", "tell", "hear", "hear", "update"))[-1].met
    assert not model.play(STORM, ("ask", "tell", "safe", "hear", "hear", "update"))[-1].met


def test_text_lets_somebody_do_the_task_on_paper() -> None:
    text = lab.text()
    assert all(case.situation in text and f"| −{case.risk} |" in text for case in model.CASES)
    assert all(name in text and meaning in text for name, meaning in model.ACTIONS.values())
    assert all(rule in text for rule in lab.RULES)
    assert "| 60 | Cập nhật, giao ca | 94 | 21 | 100 |" in text
    assert "| 60 | Chờ thêm | 12 | 95 | 0 |" in text
    assert "Số liệu mô phỏng" in text
    assert lab.TEACHES in text


def test_chart_has_a_text_alternative() -> None:
    svg = lab.chart(model.play(STORM, model.GOOD))
    assert 'role="img"' in svg
    assert "Phút 60: niềm tin 94 (đạt), lan truyền 21 (đạt), an toàn ca trực 100 (đạt)." in svg
    assert svg.count("<circle") == 21


def test_an_hour_is_played_and_begun_again() -> None:
    hands = Hands("sau-muoi-phut").use("case", model.CASES.index(STORM))
    fresh = hands.shown
    assert STORM.situation in fresh
    assert STORM.events[0] in fresh
    for number, key in enumerate(model.GOOD, start=1):
        hands.use("action", key)
        assert model.ACTIONS[key][1] in hands.shown
        hands.press("Làm việc này")
        assert f"Phút {10 * number}:" in hands.shown
    assert "Anh/chị giữ được cả ba" in hands.shown
    assert "Im lặng cả giờ: Phút 60: niềm tin 12 (chưa đạt)" in hands.shown
    assert lab.TEACHES in hands.shown
    assert hands.buttons()["Làm việc này"]["disabled"]
    done = hands.now
    assert hands.press("Làm việc này").now == done  # a second click after the last turn
    assert hands.press("Thử lại").shown == fresh
    assert not hands.buttons()["Làm việc này"]["disabled"]


def test_a_lost_hour_says_so_and_another_case_starts_anew() -> None:
    hands = Hands("sau-muoi-phut").use("action", "wait")
    for _ in range(model.TURNS):
        hands.press("Làm việc này")
    assert "Chưa giữ được cả ba" in hands.shown
    hands.use("case", model.CASES.index(AGREEMENT))
    assert AGREEMENT.events[0] in hands.shown
    assert "Chưa giữ được cả ba" not in hands.shown
    assert not hands.buttons()["Làm việc này"]["disabled"]
