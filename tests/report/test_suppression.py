"""Small groups stay hidden, and cannot be worked out from what is shown (E24)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report.suppression import SMALLEST_SHOWN, hidden, subtotals


def test_e24_four_are_hidden_and_five_are_shown() -> None:
    parents = {"U": "", "A": "U", "B": "U", "C": "U"}
    assert hidden(parents, {"A": 4, "B": 3, "C": 5}) == {"A": "small", "B": "small"}


def test_one_hidden_unit_takes_the_smallest_other_with_it() -> None:
    parents = {"U": "", "A": "U", "B": "U", "C": "U"}
    assert hidden(parents, {"A": 4, "B": 30, "C": 12}) == {"A": "small", "C": "complement"}


def test_two_hidden_units_of_fewer_than_five_together_take_a_third() -> None:
    parents = {"U": "", "A": "U", "B": "U", "C": "U", "D": "U"}
    assert hidden(parents, {"A": 1, "B": 2, "C": 9, "D": 8}) == {"A": "small", "B": "small", "D": "complement"}


def test_the_people_at_the_unit_itself_are_a_part_that_subtraction_would_show() -> None:
    parents = {"U": "", "G": "U", "H": "U", "S": "G", "T": "G"}
    assert hidden(parents, {"G": 1, "S": 6, "T": 9, "H": 20}) == {"S": "complement"}


def test_everything_inside_a_hidden_unit_is_hidden_and_empty_units_never() -> None:
    parents = {"U": "", "A": "U", "B": "U", "C": "U", "S": "B", "E": "B"}
    assert hidden(parents, {"A": 2, "S": 7, "C": 30}) == {"A": "small", "B": "complement", "S": "complement"}


def test_a_whole_of_fewer_than_five_is_hidden() -> None:
    assert hidden({"U": "", "A": "U"}, {"A": 3}) == {"U": "small", "A": "small"}


@st.composite
def _trees(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, int]]:
    size = draw(st.integers(1, 14))
    parents = {"0": ""} | {str(i): str(draw(st.integers(0, i - 1))) for i in range(1, size)}
    own = {unit: draw(st.integers(0, 9)) for unit in parents}
    return parents, own


@settings(max_examples=400, deadline=None)
@given(_trees())
def test_e24_no_small_group_can_be_found_by_subtraction(tree: tuple[dict[str, str], dict[str, int]]) -> None:
    parents, own = tree
    found = hidden(parents, own)
    totals = subtotals(parents, own)
    for unit in parents:
        shown = unit not in found
        assert not shown or totals[unit] == 0 or totals[unit] >= SMALLEST_SHOWN
        parts = [part for part in parents if parents[part] == unit]
        if not shown:
            assert all(part in found or totals[part] == 0 for part in parts)
            continue
        out = [totals[part] for part in parts if part in found] + ([own[unit]] if own[unit] else [])
        rest = totals[unit] - sum(totals[part] for part in parts if part not in found)
        assert rest == sum(out)
        assert rest == 0 or rest >= SMALLEST_SHOWN
        assert len(out) != 1 or out[0] >= SMALLEST_SHOWN
