"""Merging a file into the stored roster: what is new, changed, ended, kept, removed or rejected.

And that a second import changes nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from grader.roster import diff as roster_diff
from grader.roster import read as roster
from grader.roster.diff import Change, Merged
from grader.roster.records import OPEN, Roster
from tests.support import random_union
from tests.support.union_builder import Union, codes


@pytest.fixture
def union(tmp_path: Path) -> Union:
    return Union(tmp_path)


def take(union: Union, stored: Roster | None = None, *, whole: bool = False) -> Merged:
    """Write the files and merge them into what is stored."""
    union.write()
    return roster_diff.merge(stored, roster.parse(union.folder), whole=whole)


def what(merged: Merged) -> Counter[str]:
    return Counter(change.what for change in merged.changes)


def only(merged: Merged, kind: str) -> list[Change]:
    return [change for change in merged.changes if change.what == kind]


def test_the_first_import_is_the_roster_as_it_is_read(union: Union) -> None:
    union.post("P1", "G1")
    union.post("P1", "G1")
    first = take(union)
    assert first.roster == roster.read(union.folder)
    assert what(first) == {"new": 9}
    assert codes(first.roster.rejected) == [("posts.csv", 3, "ROS-06")]


def test_a_second_import_changes_nothing_and_rejects_the_same_rows(tmp_path: Path) -> None:
    """On random rosters full of faults, merged ids and moved units."""
    rejected = 0
    for seed in range(60):
        random_union.draw(random.Random(seed)).write(tmp_path)
        rows = roster.parse(tmp_path)
        first = roster_diff.merge(None, rows)
        second = roster_diff.merge(first.roster, rows)
        assert second.changes == (), seed
        assert second.roster == first.roster == roster.read(tmp_path), seed
        assert sum(second.same.values()) == len(first.changes)
        rejected += len(first.roster.rejected)
    assert rejected > 200


def test_rows_arriving_in_parts_are_those_of_one_file(tmp_path: Path) -> None:
    """A file without faults, taken in by halves in either order, ends in the same rows."""
    union = Union(tmp_path)
    for number in range(6):
        union.post(f"P{number}", "G1", start=f"2020-0{number + 1}-01", end=f"2020-0{number + 1}-28")
    union.write()
    whole = roster.parse(tmp_path)
    halves = [roster.Parsed(whole.units, whole.people, whole.posts[part::2]) for part in (0, 1)]
    for order in (halves, halves[::-1]):
        stored = None
        for part in order:
            stored = roster_diff.merge(stored, part).roster
        assert stored is not None
        assert sorted(stored.posts) == sorted(whole.posts)


def test_a_row_that_is_not_in_the_file_is_kept_and_said(union: Union) -> None:
    union.post("P1", "G1")
    union.post("P2", "G2", "vice_chair", end="2026-01-31")
    first = take(union)
    union.posts.pop()
    union.people.pop()
    second = take(union, first.roster)
    assert only(second, "kept") == [
        Change("kept", "people", ("P2",), 0),
        Change("kept", "posts", ("P2", "G2", "vice_chair", "2025-10-01"), 0),
    ]
    assert second.roster.posts == first.roster.posts
    assert second.roster.people == first.roster.people


def test_replace_takes_the_file_as_the_whole_truth(union: Union) -> None:
    union.post("P1", "G1")
    union.post("P2", "G2")
    first = take(union)
    union.posts.pop()
    union.people.pop()
    union.post("P1", "G9")
    second = take(union, first.roster, whole=True)
    assert what(second) == {"removed": 2}
    assert second.roster == roster.read(union.folder)
    assert codes(second.roster.rejected) == [("posts.csv", 3, "ROS-05")]


def test_changed_fields_are_named_with_both_values_and_an_end_is_its_own_kind(union: Union) -> None:
    union.post("P1", "G1")
    union.post("P2", "G2")
    first = take(union)
    union.people[0]["full_name"] = "Tên Mới"
    union.people[1]["is_test"] = "1"
    union.posts[0]["end"] = "2026-06-30"
    union.change_unit("A1", name="Công đoàn A", successor_id="G1")
    second = take(union, first.roster)
    assert second.changes == (
        Change(
            "changed", "units", ("A1", "2015-01-01"), 8, (("name", "A1", "Công đoàn A"), ("successor_id", "", "G1"))
        ),
        Change("changed", "people", ("P1",), 2, (("full_name", "Người P1", "Tên Mới"),)),
        Change("changed", "people", ("P2",), 3, (("is_test", "false", "true"),)),
        Change("ended", "posts", ("P1", "G1", "chair", "2025-10-01"), 2, (("end", "", "2026-06-30"),)),
    )
    assert second.roster.test_accounts == {"P2"}
    union.posts[0]["end"] = ""
    third = take(union, second.roster)
    assert [(c.what, c.fields) for c in third.changes] == [("changed", (("end", "2026-06-30", ""),))]
    assert third.roster.posts[0].end == OPEN


def test_an_overlapping_new_row_is_rejected_against_a_stored_one(union: Union) -> None:
    union.post("P1", "G1", start="2025-10-01", end="2026-09-30")
    first = take(union)
    union.posts[0] = union.posts[0] | {"start": "2026-09-30", "end": ""}
    second = take(union, first.roster)
    assert codes(second.roster.rejected) == [("posts.csv", 2, "ROS-06")]
    assert "2025-10-01" in second.roster.rejected[0].message()
    assert "2026-09-30" in second.roster.rejected[0].message("en")
    assert second.roster.posts == first.roster.posts
    assert what(second) == {"kept": 1}


def test_a_stored_row_in_the_file_stands_before_a_new_one_above_it(union: Union) -> None:
    union.post("P1", "G1", start="2025-10-01")
    first = take(union)
    union.posts.insert(0, union.posts[0] | {"start": "2025-01-01"})
    second = take(union, first.roster)
    assert codes(second.roster.rejected) == [("posts.csv", 2, "ROS-06")]
    assert "dòng 3" in second.roster.rejected[0].message()
    assert second.roster.posts[0].start == first.roster.posts[0].start


def test_a_rejected_change_leaves_the_stored_row_as_it_was(union: Union) -> None:
    union.post("P1", "B1")
    first = take(union)
    union.change_unit("A1", parent_id="G9")
    union.posts[0]["end"] = "2020-01-01"
    second = take(union, first.roster)
    assert codes(second.roster.rejected) == [("units.csv", 8, "ROS-05"), ("posts.csv", 2, "ROS-03")]
    assert second.roster.units == first.roster.units
    assert second.roster.posts == first.roster.posts
    assert set(what(second)) == {"kept"}  # the post: its row in the file cannot be read, so nothing is known of it


def test_what_would_close_a_cycle_is_rejected_and_the_stored_rows_on_it_stay(union: Union) -> None:
    first = take(union)
    next(row for row in union.units if row["unit_id"] == "C1")["parent_id"] = "B1"
    second = take(union, first.roster)
    assert codes(second.roster.rejected) == [("units.csv", 3, "ROS-07")]
    assert second.roster.units == first.roster.units
    assert second.changes == ()


def test_a_new_row_under_a_rejected_change_is_measured_against_the_stored_row(union: Union) -> None:
    """G1's end is moved out of the way for a new period, but the move is wrong by itself.

    So the period is rejected too.
    """
    first = take(union)
    union.change_unit("G1", end="2026-03-31", successor_id="G9")
    union.unit("G1", "grassroots_union", "C2", start="2026-04-01")
    second = take(union, first.roster)
    assert codes(second.roster.rejected) == [("units.csv", 5, "ROS-05"), ("units.csv", 9, "ROS-06")]
    assert second.roster.units == first.roster.units


def test_lineage_survives(union: Union) -> None:
    """A unit moves, another is merged away, a third renamed.

    Dated rows beside each other, whether in one import or two.
    """
    first = take(union)
    union.change_unit("G1", end="2026-03-31")
    union.unit("G1", "grassroots_union", "C2", start="2026-04-01")
    union.change_unit("B1", name="B1")
    next(row for row in union.units if row["unit_id"] == "A1").update(end="2026-05-31", successor_id="G2")
    second = take(union, first.roster)
    assert what(second) == {"ended": 2, "new": 1}
    assert second.roster.rejected == ()
    assert [(u.parent_id, str(u.end)) for u in second.roster.units if u.unit_id == "G1"] == [
        ("C1", "2026-03-31"),
        ("C2", "9999-12-31"),
    ]
    union.units = [row for row in union.units if row["unit_id"] == "U"]
    third = take(union, second.roster)
    assert third.roster.units == second.roster.units
    assert what(third) == {"kept": 7}


def test_merged_ids_survive_and_a_merger_can_be_taken_back(union: Union) -> None:
    union.person("P1", same_as="p2")
    union.person("P2")
    union.post("P1", "G1")
    union.post("P2", "G1")
    first = take(union)
    assert [post.person_id for post in first.roster.posts] == ["P2", "P2"]
    again = take(union, first.roster)
    assert again.changes == ()
    union.people = [union.people[1]]
    union.posts = []
    without = take(union, first.roster)
    assert without.roster.survivors["P1"] == "P2"
    union.people = [{"person_id": "P1", "full_name": "Người P1"}]
    apart = take(union, without.roster)
    assert [post.person_id for post in apart.roster.posts] == ["P1", "P2"]
    assert only(apart, "changed")[0].fields == (("same_as", "p2", ""),)


def test_ids_of_people_are_one_whatever_their_case(union: Union) -> None:
    union.post("cb-1", "G1")
    first = take(union)
    union.people[0]["person_id"] = "CB-1"
    second = take(union, first.roster)
    assert [change.fields for change in only(second, "changed")] == [(("person_id", "cb-1", "CB-1"),)]
    assert second.roster.posts[0].person_id == "CB-1"
    assert second.roster.rejected == ()
