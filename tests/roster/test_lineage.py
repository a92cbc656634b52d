"""The structure of the union on a day, beyond what the edge cases of completion show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from grader.roster import lineage
from tests.support.union_builder import Union, codes


@pytest.fixture
def union(tmp_path: Path) -> Union:
    return Union(tmp_path)


def on(union: Union, day: str) -> lineage.Structure:
    return lineage.on(union.roster().units, date.fromisoformat(day))


def test_the_successor_named_by_the_last_period_carries_on(union: Union) -> None:
    union.unit("B2", "section_union", "G1", end="2024-12-31", successor_id="A1")
    union.unit("B2", "section_union", "G1", start="2025-01-01", end="2025-12-31", successor_id="G2")
    for _ in range(2):
        unit = on(union, "2026-01-01").standing("B2")
        assert unit
        assert unit.unit_id == "G2"
        union.units[-2:] = reversed(union.units[-2:])


def test_a_gap_between_two_periods_is_an_end(union: Union) -> None:
    union.unit("B2", "section_union", "G1", end="2025-05-31", successor_id="G2")
    union.unit("B2", "section_union", "G1", start="2025-07-01")
    standing = {day: on(union, day).standing("B2") for day in ("2025-05-31", "2025-06-15", "2025-07-01")}
    assert [unit.unit_id if unit else None for unit in standing.values()] == ["B2", "G2", "B2"]


def test_a_unit_that_has_not_begun_stands_nowhere(union: Union) -> None:
    union.unit("B2", "section_union", "G1", start="2026-05-01", successor_id="G2")
    assert on(union, "2026-04-30").standing("B2") is None
    assert on(union, "2026-04-30").standing("KHONG") is None
    assert on(union, "2026-04-30").standing("") is None


def test_the_nearest_corporation_counts(union: Union) -> None:
    union.unit("C3", "corporation", "C1")
    union.unit("G3", "grassroots_union", "C3")
    assert on(union, "2026-01-01").corporations["G3"] == "C3"
    assert on(union, "2026-01-01").corporations["C3"] == "C1"
    assert not on(union, "2026-01-01").corporations["A1"]


def test_a_renamed_union_is_still_the_union(union: Union) -> None:
    union.change_unit("U", start="2026-01-01")
    union.unit("OLD", "union", "", end="2025-12-31", successor_id="U")
    union.change_unit("A1", parent_id="OLD")
    union.units[-2]["parent_id"] = "OLD"
    for day in ("2025-06-01", "2026-06-01"):
        structure = on(union, day)
        assert structure.directly_under_union(structure.in_force["A1"])
        assert not structure.directly_under_union(structure.in_force["B1"])


def test_units_that_change_places_are_no_cycle(union: Union) -> None:
    union.unit("X", "grassroots_union", "Y", end="2025-12-31")
    union.unit("Y", "grassroots_union", "C1", end="2025-12-31")
    union.unit("X", "grassroots_union", "C1", start="2026-01-01")
    union.unit("Y", "grassroots_union", "X", start="2026-01-01")
    assert union.roster().rejected == ()


def test_a_cycle_of_some_days_only_is_a_cycle(union: Union) -> None:
    union.unit("X", "grassroots_union", "Y", end="2026-01-01")
    union.unit("Y", "grassroots_union", "X", start="2026-01-01")
    assert codes(union.roster().rejected) == [("units.csv", 9, "ROS-07"), ("units.csv", 10, "ROS-07")]


def test_a_unit_that_takes_its_old_name_again_is_no_cycle(union: Union) -> None:
    union.unit("X", "grassroots_union", "C1", end="2019-12-31", successor_id="Y")
    union.unit("Y", "grassroots_union", "C1", start="2020-01-01", end="2021-12-31", successor_id="X")
    union.unit("X", "grassroots_union", "C1", start="2022-01-01")
    assert union.roster().rejected == ()
    standing = [on(union, day).standing(unit) for day in ("2021-01-01", "2022-01-01") for unit in ("X", "Y")]
    assert [unit.unit_id if unit else None for unit in standing] == ["Y", "Y", "X", "X"]


def test_last_of_chain() -> None:
    steps = {"a": "b", "b": "c", "c": "", "d": "c", "x": "y", "y": "x", "z": "x"}
    ends = lineage.last_of_chain(steps, lambda key: steps[key])
    assert ends == {"a": "c", "b": "c", "c": "c", "d": "c", "x": "", "y": "", "z": ""}
