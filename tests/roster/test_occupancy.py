"""Numbered cases of posts that cannot all be true, and what they do to the target (O01–O12)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from grader.roster import lineage, occupancy
from grader.roster.occupancy import CHAIR_AND_ACTING, TWO_CHAIRS, TWO_UNITS, UNIT_ENDED
from tests.support.union_builder import T, Union

DAY = date.fromisoformat(T)


@pytest.fixture
def union(tmp_path: Path) -> Union:
    return Union(tmp_path)


def found(union: Union) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return kind, unit and (person, last day) of each state."""
    roster = union.roster()
    structure = lineage.on(roster.units, DAY)
    states = occupancy.states(occupancy.in_force(roster, DAY), roster.units, structure, DAY)
    return [(s.kind, s.unit_id, [(post.person_id, last.isoformat()) for post, last in s.ends]) for s in states]


def told(union: Union) -> list[str]:
    return [finding.message() for finding in union.completion().impossible]


def test_o01_two_chairs_the_earlier_leaves_the_day_before(union: Union) -> None:
    union.post("P1", "G1", start="2023-05-01")
    union.post("P2", "G1", start="2025-11-01")
    union.train("P2")
    assert found(union) == [(TWO_CHAIRS, "G1", [("P1", "2025-10-31")])]
    (said,) = told(union)
    assert "«G1» có hai chủ tịch" in said
    assert said.endswith("CT70 1/2 → 1/1.")


def test_o02_three_chairs_each_leaves_before_the_next(union: Union) -> None:
    for person, start in (("P1", "2020-01-01"), ("P2", "2022-01-01"), ("P3", "2024-01-01")):
        union.post(person, "G1", start=start)
    assert found(union) == [(TWO_CHAIRS, "G1", [("P1", "2021-12-31"), ("P2", "2023-12-31")])]
    assert told(union)[0].endswith("CT70 0/3 → 0/1.")


def test_o03_two_chairs_from_one_day_nobody_can_tell_who_left(union: Union) -> None:
    union.post("P1", "G1", start="2025-01-01")
    union.post("P2", "G1", start="2025-01-01")
    assert found(union) == [(TWO_CHAIRS, "G1", [])]


def test_o04_chair_and_acting_chair(union: Union) -> None:
    union.post("P1", "G1", "acting_chair", start="2024-01-01")
    union.post("P2", "G1", start="2025-01-01")
    assert found(union) == [(CHAIR_AND_ACTING, "G1", [("P1", "2024-12-31")])]
    assert "quyền (phụ trách) chủ tịch cùng lúc" in told(union)[0]


def test_o05_one_person_chair_and_acting_chair_is_nobody_beside_anybody(union: Union) -> None:
    union.post("P1", "G1", "acting_chair", start="2024-01-01")
    union.post("P1", "G1", start="2025-01-01")
    assert found(union) == []


def test_o06_chair_of_two_units(union: Union) -> None:
    union.post("P1", "G1", start="2022-01-01")
    union.post("P1", "G2", start="2025-01-01")
    assert found(union) == [(TWO_UNITS, "G2", [("P1", "2024-12-31")])]
    assert "chủ tịch của hai đơn vị" in told(union)[0]


def test_o07_chair_here_and_vice_chair_there_is_as_e06_has_it(union: Union) -> None:
    union.post("P1", "B1", start="2022-01-01")
    union.post("P1", "G1", "vice_chair", start="2025-01-01")
    assert found(union) == []


def test_o08_a_post_after_its_unit_ended(union: Union) -> None:
    union.change_unit("B1", end="2026-03-31", successor_id="G1")
    union.post("P1", "B1", start="2022-01-01")
    assert found(union) == [(UNIT_ENDED, "B1", [("P1", "2026-03-31")])]
    assert "CT70 0/1 → 0/0" in told(union)[0]


def test_o09_who_ended_in_time_or_starts_later_is_no_state(union: Union) -> None:
    union.post("P1", "G1", start="2023-05-01", end="2025-10-31")
    union.post("P2", "G1", start="2025-11-01")
    union.post("P3", "G1", start="2027-01-01")
    assert found(union) == []


def test_o10_test_accounts_and_merged_ids_count_once(union: Union) -> None:
    union.post("P1", "G1", start="2023-05-01")
    union.person("P2", is_test="true")
    union.post("P2", "G1", start="2025-11-01")
    union.person("P3", same_as="P1")
    union.post("P3", "G1", start="2024-01-01")
    assert found(union) == []


def test_o11_who_stays_in_the_denominator_by_another_post_moves_nothing(union: Union) -> None:
    union.post("P1", "G1", start="2023-05-01")
    union.post("P1", "B1", "vice_chair", start="2023-05-01")
    union.post("P2", "G1", start="2025-11-01")
    assert told(union)[0].endswith(": =.")


def test_o12_ten_units_with_two_chairs_are_told_together_and_one_by_one(union: Union) -> None:
    """The earlier chairs were never ended, the later are all trained: 10/20 is 10/10 if the earlier have left."""
    for number in range(10):
        union.unit(f"X{number}", "grassroots_union", "C1")
        union.post(f"A{number}", f"X{number}", start="2023-05-01")
        union.post(f"B{number}", f"X{number}", start="2025-11-01")
        union.train(f"B{number}")
    assert union.of() == (10, 20)
    said = told(union)
    assert said[0] == (
        "10 chỗ có chức vụ không thể cùng đúng. Nếu mọi người trước đã thôi giữ chức: CT70 10/20 → 10/10."
    )
    assert len(said) == 11
    roster = union.roster()
    structure = lineage.on(roster.units, DAY)
    states = occupancy.states(occupancy.in_force(roster, DAY), roster.units, structure, DAY)
    commands = [command for state in states for command in occupancy.commands(state)]
    assert commands[0] == "moduong roster end A0 X0 chair --on 2025-10-31"
    again = occupancy.resolved(roster, states)
    assert occupancy.states(occupancy.in_force(again, DAY), again.units, structure, DAY) == ()
