"""Quarters, pace and projection: exact where exact can be, seeded, honest about how often the band holds."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.completion import forecast, quarters
from grader.completion.quarters import Quarter
from grader.ground.errors import ModuongError
from grader.report import forecast_words
from tests.support.union_builder import Union

_GOAL = (7, 10)
_BY = date(2028, 12, 31)


def test_quarters_end_on_their_last_day() -> None:
    assert quarters.quarter_end(date(2026, 2, 1)) == date(2026, 3, 31)
    assert quarters.quarter_end(date(2026, 12, 31)) == date(2026, 12, 31)
    assert quarters.previous_end(date(2026, 1, 15)) == date(2025, 12, 31)
    assert quarters.ends(date(2026, 1, 1), date(2026, 9, 30)) == (date(2026, 3, 31), date(2026, 6, 30))
    assert quarters.steps(date(2026, 10, 31), date(2027, 3, 31)) == (date(2026, 12, 31), date(2027, 3, 31))
    assert quarters.steps(date(2026, 10, 31), date(2027, 2, 1))[-1] == date(2027, 2, 1)
    assert quarters.steps(_BY, _BY) == ()


def test_history_tells_who_entered_left_and_was_trained(tmp_path: Path) -> None:
    union = Union(tmp_path)
    union.post("STAYS", "G1", start="2025-01-01")
    union.post("LEAVES", "G1", "vice_chair", start="2025-01-01", end="2026-05-01")
    union.post("COMES", "G2", start="2026-05-02")
    union.post("IDLE", "B1", start="2025-01-01")
    union.train("STAYS", "2026-05-05T10:00:00+07:00")
    union.train("COMES", "2026-02-05T10:00:00+07:00")
    union.train("LEAVES", "2026-02-05T10:00:00+07:00")
    days = [union.completion(day) for day in ("2026-03-31", "2026-06-30")]
    (quarter,) = quarters.history(days, "CT70")
    assert quarter == Quarter(
        start=date(2026, 3, 31),
        end=date(2026, 6, 30),
        before=3,
        untrained=2,
        newly=1,
        left=1,
        entered=1,
        entered_trained=1,
        numerator=2,
        denominator=3,
    )
    assert quarter.whole


def _synthetic(
    rng: random.Random, length: int, people: int = 600, hazard: float = 0.08, spread: float = 0.5
) -> list[Quarter]:
    """Draw a history: each quarter has its own training rate around ``hazard``, and 2 % turnover."""
    day, trained, found = date(2022, 12, 31), 0, []
    for _ in range(length):
        end = quarters.quarter_end(day + timedelta(days=1))
        rate = min(0.9, hazard * rng.lognormvariate(0, spread))
        left_trained = sum(rng.random() < 0.02 for _ in range(trained))
        left_others = sum(rng.random() < 0.02 for _ in range(people - trained))
        untrained = people - trained - left_others
        newly = sum(rng.random() < rate for _ in range(untrained))
        left = left_trained + left_others
        trained += newly - left_trained
        found.append(Quarter(day, end, people, untrained, newly, left, left, 0, trained, people))
        day = end
    return found


def test_the_same_seed_gives_the_same_forecast_and_another_another() -> None:
    past = _synthetic(random.Random(1), 8)
    one, same, other = (forecast.project(past, _GOAL, _BY, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one is not None
    assert other is not None
    assert one.bands != other.bands


def test_a_steady_past_goes_on_steadily() -> None:
    day, trained, past = date(2025, 12, 31), 0, []
    for _ in range(4):
        end = quarters.quarter_end(day + timedelta(days=1))
        newly = (100_000 - trained) // 10
        trained += newly
        past.append(Quarter(day, end, 100_000, 100_000 - trained + newly, newly, 0, 0, 0, trained, 100_000))
        day = end
    outlook = forecast.project(past, _GOAL, date(2027, 12, 31))
    assert outlook is not None
    assert abs(outlook.bands[-1].middle - (1 - 0.9**8)) < 0.01
    assert outlook.bands[-1].low < 1 - 0.9**8 < outlook.bands[-1].high


def test_the_chance_counts_paths_that_meet_the_goal_in_whole_people() -> None:
    past = _synthetic(random.Random(3), 8, hazard=0.1)
    sure = forecast.project(past, (1, 100), _BY)
    never = forecast.project(past, (1, 1), _BY)
    assert sure is not None
    assert never is not None
    assert sure.chance == 1
    assert never.chance == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 10), st.floats(0.01, 0.6), st.integers(1, 300))
def test_shares_stay_between_nothing_and_all_and_in_order(seed: int, length: int, hazard: float, people: int) -> None:
    past = _synthetic(random.Random(seed), length, people, hazard)
    outlook = forecast.project(past, _GOAL, past[-1].end + timedelta(days=500), seed=seed)
    if outlook is not None:
        assert all(0 <= band.low <= band.middle <= band.high <= 1 for band in outlook.bands)
        assert 0 <= outlook.chance <= 1


def test_an_election_wave_lowers_what_is_expected_and_raises_the_pace() -> None:
    past = _synthetic(random.Random(5), 8)
    waves = {date(2028, 10, 15): 0.35}
    calm, wave = forecast.project(past, _GOAL, _BY), forecast.project(past, _GOAL, _BY, waves=waves)
    assert calm is not None
    assert wave is not None
    assert wave.bands[-1].middle < calm.bands[-1].middle - 0.1
    assert wave.bands[-3].middle == calm.bands[-3].middle
    found = forecast.basis(past)
    without, within = forecast.pace(past[-1], found, _GOAL, _BY), forecast.pace(past[-1], found, _GOAL, _BY, waves)
    assert without is not None
    assert within is not None
    assert within.with_turnover > without.with_turnover
    assert within.without_turnover == without.without_turnover
    assert "15/10/2028: 35%" in " ".join(forecast_words.method(wave, forecast.backtest(past), "vi"))


def test_a_quarter_of_elections_is_not_ordinary_turnover() -> None:
    past = _synthetic(random.Random(5), 8)
    stormy = [*past[:4], Quarter(**(vars(past[4]) | {"left": 200, "entered": 200})), *past[5:]]
    calm, storm = forecast.basis(past), forecast.basis(stormy)
    assert calm is not None
    assert storm is not None
    assert len(storm.turnover) == len(calm.turnover) - 1
    assert storm.exit_rate < 0.05


def test_pace_without_turnover_is_the_shortfall_spread_over_the_quarters() -> None:
    last = Quarter(date(2026, 9, 30), date(2026, 12, 31), 1000, 700, 0, 0, 0, 0, 300, 1000)
    found = forecast.pace(last, None, _GOAL, _BY)
    assert found is not None
    assert found.quarters == 731 / (365.25 / 4)
    assert found.without_turnover == 50  # 400 people in 8.005 quarters
    assert found.with_turnover == 50
    done = forecast.pace(Quarter(**(vars(last) | {"numerator": 800})), None, _GOAL, _BY)
    assert done is not None
    assert done.without_turnover == 0
    assert forecast.pace(last, None, _GOAL, last.end) is None


def test_too_little_past_gives_no_forecast() -> None:
    past = _synthetic(random.Random(1), 8)
    untrained = [Quarter(**(vars(q) | {"newly": 0, "numerator": 0})) for q in past]
    assert forecast.project(untrained, _GOAL, _BY) is None
    assert forecast.project(past[:1], _GOAL, _BY) is None
    assert forecast.project([], _GOAL, _BY) is None
    assert forecast.project(past, _GOAL, past[-1].end) is None


def test_a_part_of_a_quarter_is_no_ground_for_rates() -> None:
    past = _synthetic(random.Random(1), 6)
    part = Quarter(past[-1].end, past[-1].end + timedelta(days=31), 600, 400, 300, 0, 0, 0, 500, 600)
    found = forecast.basis([*past, part])
    assert found is not None
    assert part not in found.training
    outlook = forecast.project([*past, part], _GOAL, _BY)
    assert outlook is not None
    assert outlook.bands[0].day == quarters.quarter_end(part.end)


@pytest.mark.parametrize("spread", [0.3, 0.5, 0.7])
def test_on_synthetic_histories_the_band_holds_about_as_often_as_it_says(spread: float) -> None:
    """``DRIFT`` was chosen on seeds 0 to 59 at spread 0.5; these are others. 80 of 100 is what the report promises."""
    inside = trials = 0
    for seed in range(1000, 1030):
        tested = forecast.backtest(_synthetic(random.Random(seed), 10, people=300, spread=spread))
        inside, trials = inside + tested.inside, trials + tested.trials
    assert trials > 900
    assert 0.7 <= inside / trials <= 0.95, f"{inside} of {trials}"


def test_fewer_quarters_make_a_wider_band() -> None:
    widths = []
    for length in (2, 8):
        outlook = forecast.project(_synthetic(random.Random(1), 8, spread=0)[-length:], _GOAL, _BY)
        assert outlook is not None
        widths.append(outlook.bands[3].high - outlook.bands[3].low)
    assert widths[0] > widths[1]


def test_an_election_is_entered_as_day_and_per_cent() -> None:
    assert forecast.wave("2028-10-15=35") == (date(2028, 10, 15), 0.35)
    assert forecast.wave("2028-10-15=12,5") == (date(2028, 10, 15), 0.125)
    for wrong in ("2028-10-15", "15/10/2028=35", "2028-10-15=135", "2028-10-15=-1", "2028-10-15=nan", ""):
        with pytest.raises(ModuongError, match="E-WAVE-1"):
            forecast.wave(wrong)
