"""Reading a roster: every reject code, every repair with its warning, chains and cycles, and what stops the command."""

from __future__ import annotations

import time
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from grader.ground.errors import ModuongError
from grader.roster import read as roster
from grader.roster.records import OPEN
from tests.support.union_builder import Union, codes


@pytest.fixture
def union(tmp_path: Path) -> Union:
    return Union(tmp_path)


def test_a_clean_roster_has_no_findings(union: Union) -> None:
    union.post("P1", "G1", end="2026-12-31")
    read = union.roster()
    assert (read.rejected, read.warnings) == ((), ())
    assert read.posts[0].end == date(2026, 12, 31)
    assert read.units[0].end == OPEN
    assert read.people[0].line == 2


@pytest.mark.parametrize("field", ["unit_id", "name", "kind", "start"])
def test_ros_01_missing_field_of_a_unit(union: Union, field: str) -> None:
    union.unit("B9", "section_union", "G1")
    union.units[-1][field] = "  "
    assert codes(union.roster().rejected) == [("units.csv", 9, "ROS-01")]


@pytest.mark.parametrize("field", ["person_id", "unit_id", "post", "start"])
def test_ros_01_missing_field_of_a_post(union: Union, field: str) -> None:
    union.post("P1", "G1")
    union.posts[0][field] = ""
    assert codes(union.roster().rejected) == [("posts.csv", 2, "ROS-01")]


def test_ros_01_row_of_another_width(union: Union) -> None:
    union.post("P1", "G1")
    union.write()
    with (union.folder / "posts.csv").open("a", encoding="utf-8") as stream:
        stream.write("P1,B1,chair\nP1,B1,chair,2026-01-01,,QĐ-2,,,\n\nP1,B1,chair,2026-01-01,,QĐ,1/2026\n")
    read = roster.read(union.folder)
    assert codes(read.rejected) == [("posts.csv", 3, "ROS-01"), ("posts.csv", 6, "ROS-01")]
    assert [post.unit_id for post in read.posts] == ["G1", "B1"]
    assert "dòng có 3 trường" in read.rejected[0].message()


@pytest.mark.parametrize(
    "day", ["31/02/2026", "2026-13-01", "2026-1-5", "5/1/2026", "20260105", "hôm nay", "2026-01-05T00:00"]
)
def test_ros_02_bad_date(union: Union, day: str) -> None:
    union.post("P1", "G1", start=day)
    union.post("P2", "G1", end=day)
    assert codes(union.roster().rejected) == [("posts.csv", 2, "ROS-02"), ("posts.csv", 3, "ROS-02")]


def test_ros_03_end_before_start_and_one_day_is_a_period(union: Union) -> None:
    union.post("P1", "G1", start="2026-01-02", end="2026-01-01")
    union.post("P2", "G1", start="2026-01-02", end="2026-01-02")
    assert codes(union.roster().rejected) == [("posts.csv", 2, "ROS-03")]


def test_ros_04_the_later_of_two_equal_ids_is_rejected(union: Union) -> None:
    union.person("P1", full_name="Một")
    union.person("P2")
    union.person("p1", full_name="Hai")
    read = union.roster()
    assert codes(read.rejected) == [("people.csv", 4, "ROS-04")]
    assert read.people[0].full_name == "Một"
    assert read.survivor("P1") == read.survivor("p1") == "P1"


def test_ros_04_a_row_rejected_for_itself_takes_no_id(union: Union) -> None:
    union.person("P1", full_name="")
    union.person("P1", full_name="Hai")
    read = union.roster()
    assert codes(read.rejected) == [("people.csv", 2, "ROS-01")]
    assert [person.full_name for person in read.people] == ["Hai"]


def test_ros_05_unknown_unit_person_parent_successor_survivor(union: Union) -> None:
    union.person("P1", same_as="P9")
    union.person("P2")
    union.post("P2", "G9")
    union.posts.append({"person_id": "P9", "unit_id": "G1", "post": "chair", "start": "2026-01-01"})
    union.unit("B2", "section_union", "G9")
    union.unit("B3", "section_union", "G1", end="2026-01-01", successor_id="G9")
    read = union.roster()
    assert codes(read.rejected) == [
        ("units.csv", 9, "ROS-05"),
        ("units.csv", 10, "ROS-05"),
        ("people.csv", 2, "ROS-05"),
        ("posts.csv", 2, "ROS-05"),
        ("posts.csv", 3, "ROS-05"),
    ]
    assert "«G9»" in read.rejected[0].message()


def test_ros_05_goes_on_until_nothing_changes(union: Union) -> None:
    """A bad corporation takes down what is below it, a bad survivor who was merged into it, and their posts."""
    union.change_unit("C2", kind="corp")
    union.unit("G2", "grassroots_union", "", start="2010-01-01", end="2014-12-31")
    union.unit("B2", "section_union", "G2")
    union.unit("G3", "grassroots_union", "C2")
    union.unit("B3", "section_union", "G3")
    union.person("P3", same_as="P2")
    union.person("P2", same_as="P1")
    union.person("P1", full_name="")
    union.post("P2", "G1")
    union.post("P4", "B3")
    read = union.roster()
    assert [unit.unit_id for unit in read.units] == [
        "U",
        "C1",
        "G1",
        "B1",
        "A1",
        "G2",
        "B2",
    ]  # G2 keeps its other period
    assert [(file, code) for file, _, code in codes(read.rejected)] == [
        ("units.csv", "ROS-08"),
        ("units.csv", "ROS-05"),
        ("units.csv", "ROS-05"),
        ("units.csv", "ROS-05"),
        ("people.csv", "ROS-05"),
        ("people.csv", "ROS-05"),
        ("people.csv", "ROS-01"),
        ("posts.csv", "ROS-05"),
        ("posts.csv", "ROS-05"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "rejected"),
    [
        ("2026-06-30", "", True),
        ("2026-07-01", "", False),
        ("2025-01-01", "2025-12-31", False),
        ("2025-01-01", "2026-01-01", True),
        ("2025-01-01", "", True),
        ("2026-02-01", "2026-03-01", True),
    ],
)
def test_ros_06_same_person_unit_and_post_sharing_a_day(union: Union, start: str, end: str, rejected: bool) -> None:
    union.post("P1", "G1", start="2026-01-01", end="2026-06-30")
    union.post("P1", "G1", start=start, end=end)
    union.post("P1", "G1", "vice_chair", start=start, end=end)
    union.post("P1", "G2", start=start, end=end)
    assert codes(union.roster().rejected) == ([("posts.csv", 3, "ROS-06")] if rejected else [])


def test_ros_06_only_accepted_rows_are_in_the_way(union: Union) -> None:
    """The second row is rejected, so the third is measured against the first alone."""
    union.post("P1", "G1", start="2026-01-01", end="2026-03-31")
    union.post("P1", "G1", start="2026-03-01", end="2026-06-30")
    union.post("P1", "G1", start="2026-05-01", end="2026-08-31")
    union.post("P1", "G1", start="2025-01-01", end="2025-12-31")
    assert codes(union.roster().rejected) == [("posts.csv", 3, "ROS-06")]


def test_ros_06_overlapping_periods_of_a_unit(union: Union) -> None:
    union.change_unit("G1", end="2026-03-31")
    union.unit("G1", "grassroots_union", "C2", start="2026-03-31")
    union.unit("G1", "grassroots_union", "C2", start="2026-04-01")
    read = union.roster()
    assert codes(read.rejected) == [("units.csv", 9, "ROS-06")]


def test_ros_07_cycles_of_same_as_and_who_leads_into_them(union: Union) -> None:
    union.person("P1", same_as="P2")
    union.person("P2", same_as="p1")
    union.person("P3", same_as="P1")
    union.person("P4", same_as="P4")
    union.person("P5")
    assert codes(union.roster().rejected) == [
        ("people.csv", 2, "ROS-07"),
        ("people.csv", 3, "ROS-07"),
        ("people.csv", 4, "ROS-05"),
        ("people.csv", 5, "ROS-07"),
    ]


def test_ros_07_cycles_of_parents(union: Union) -> None:
    union.unit("B2", "section_union", "B3")
    union.unit("B3", "section_union", "B2")
    union.unit("B4", "section_union", "B2")
    union.unit("B5", "section_union", "B5")
    assert codes(union.roster().rejected) == [
        ("units.csv", 9, "ROS-07"),
        ("units.csv", 10, "ROS-07"),
        ("units.csv", 11, "ROS-05"),
        ("units.csv", 12, "ROS-07"),
    ]


def test_ros_07_cycles_of_successors(union: Union) -> None:
    union.unit("B2", "section_union", "G1", end="2025-12-31", successor_id="B3")
    union.unit("B3", "section_union", "G1", end="2026-03-31", successor_id="B2")
    union.unit("B4", "section_union", "G1", end="2026-03-31", successor_id="B3")
    assert codes(union.roster().rejected) == [
        ("units.csv", 9, "ROS-07"),
        ("units.csv", 10, "ROS-07"),
        ("units.csv", 11, "ROS-05"),
    ]


@pytest.mark.parametrize("kind", ["Union", "corp", "công đoàn cơ sở"])
def test_ros_08_unknown_kind_and_post(union: Union, kind: str) -> None:
    union.unit("B2", kind, "G1")
    union.post("P1", "G1", kind)
    assert codes(union.roster().rejected) == [("units.csv", 9, "ROS-08"), ("posts.csv", 2, "ROS-08")]


@pytest.mark.parametrize("name", ["units.csv", "people.csv", "posts.csv"])
def test_ros_09_not_utf8_stops(union: Union, name: str) -> None:
    union.post("P1", "G1")
    union.write()
    path = union.folder / name
    path.write_bytes(path.read_bytes() + "Nguyễn".encode("utf-16"))
    with pytest.raises(ModuongError) as stopped:
        roster.read(union.folder)
    assert stopped.value.code == "ROS-09"
    assert name in stopped.value.said
    assert "UTF-8" in stopped.value.text("en")


def test_a_missing_column_stops_and_is_named(union: Union) -> None:
    union.post("P1", "G1")
    union.write()
    path = union.folder / "posts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("person_id,", "nguoi,"), encoding="utf-8")
    with pytest.raises(ModuongError, match="person_id") as stopped:
        roster.read(union.folder)
    assert stopped.value.code == "ROS-01"


def test_a_column_given_twice_and_an_empty_file_stop(union: Union) -> None:
    union.write()
    path = union.folder / "people.csv"
    for header in ("person_id,full_name,email,is_test,same_as,email\n", ""):
        path.write_text(header, encoding="utf-8")
        with pytest.raises(ModuongError) as stopped:
            roster.read(union.folder)
        assert stopped.value.code == "ROS-01"


def test_missing_files_stop_and_all_are_named(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("x", encoding="utf-8")
    with pytest.raises(ModuongError, match=r"units\.csv, posts\.csv") as stopped:
        roster.read(tmp_path)
    assert stopped.value.code == "E-FILE-1"


@pytest.mark.parametrize("text", ['P1,"Nguyễn Văn,,,\n', 'P1,"Nguyễn"Văn,,,\n', f"P1,{'x' * 200_000},,,\n"])
def test_what_is_not_csv_stops_with_its_line(union: Union, text: str) -> None:
    union.person("P0")
    union.write()
    with (union.folder / "people.csv").open("a", encoding="utf-8") as stream:
        stream.write(text)
    with pytest.raises(ModuongError, match="line 3") as stopped:
        roster.read(union.folder)
    assert stopped.value.code == "E-CSV-1"


def test_unknown_columns_bring_one_warning(union: Union) -> None:
    union.person("P1")
    union.write()
    path = union.folder / "people.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([lines[0] + ",ca,thiết bị"] + [line + ",đêm,điện thoại" for line in lines[1:]]), encoding="utf-8"
    )
    read = roster.read(union.folder)
    assert codes(read.warnings) == [("people.csv", 1, "ROS-W01")]
    assert "ca, thiết bị" in read.warnings[0].message()
    assert not read.rejected


def test_repairs_are_accepted_with_a_warning(union: Union) -> None:
    union.person("P1", full_name=unicodedata.normalize("NFD", "Trần Thị Mẫu"))
    union.person("P2", full_name="Lê Văn Mẫu \u00a0")
    union.post(" P2", "G1 ", "chair\t", start="05/10/2025", end=" 30/06/2026")
    union.people.pop()
    read = union.roster()
    assert codes(read.warnings) == [
        ("people.csv", 2, "ROS-W03"),
        ("people.csv", 3, "ROS-W02"),
        ("posts.csv", 2, "ROS-W02"),
        ("posts.csv", 2, "ROS-W04"),
        ("posts.csv", 2, "ROS-W04"),
    ]
    assert [person.full_name for person in read.people] == ["Trần Thị Mẫu", "Lê Văn Mẫu"]
    post = read.posts[0]
    assert (post.person_id, post.start, post.end) == ("P2", date(2025, 10, 5), date(2026, 6, 30))


def test_byte_order_mark_crlf_and_line_breaks_in_quotes(union: Union) -> None:
    union.write()
    text = 'person_id,full_name,email,is_test,same_as\r\nP1,"Nguyễn\r\nVăn Mẫu",,,\r\n\r\nP2,,,,\r\n'
    (union.folder / "people.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    read = roster.read(union.folder)
    assert [person.person_id for person in read.people] == ["P1"]
    assert codes(read.rejected) == [("people.csv", 5, "ROS-01")]


def test_namesakes_bring_one_warning_and_merged_ids_none(union: Union) -> None:
    for number in range(5):
        union.person(f"P{number}", full_name="Nguyễn Văn Mẫu")
    union.person("Q1", full_name="Trần Thị Mẫu")
    union.person("Q2", full_name="Trần Thị Mẫu", same_as="Q1")
    read = union.roster()
    assert codes(read.warnings) == [("people.csv", 0, "ROS-W10")]
    assert "P4" in read.warnings[0].message("en")


def test_a_unit_without_a_parent_brings_a_warning(union: Union) -> None:
    union.change_unit("C1", parent_id="")
    assert codes(union.roster().warnings) == [("units.csv", 3, "ROS-W14")]


def test_posts_of_merged_ids_are_the_survivors(union: Union) -> None:
    union.person("P1", same_as="p2")
    union.person("P2")
    union.post("P1", "G1")
    union.post("P2", "G1")
    read = union.roster()
    assert [post.person_id for post in read.posts] == ["P2", "P2"]  # two true rows about one person: no conflict


def test_messages_stay_short_and_printable(union: Union) -> None:
    union.post("P1", "G1\x00" + "x" * 100_000)
    (finding,) = union.roster().rejected
    assert len(finding.message()) < 200
    assert "\x00" not in finding.message("en")


@pytest.mark.parametrize("fault", ["chain", "parents", "overlaps"])
def test_hostile_rosters_take_linear_time(union: Union, fault: str) -> None:
    count = 20_000
    if fault == "chain":
        union.people = [{"person_id": f"P{n}", "full_name": "x", "same_as": f"P{n + 1}"} for n in range(count)]
    elif fault == "parents":
        for n in range(count):
            union.unit(f"X{n}", "section_union", f"X{n + 1}")
        union.unit(f"X{count}", "section_union", "C1")
    else:
        union.person("P1")
        row = {"person_id": "P1", "unit_id": "G1", "post": "chair", "start": "2026-01-01"}
        union.posts = [dict(row) for _ in range(count)]
    began = time.process_time()
    result = union.completion()
    assert time.process_time() - began < 5
    assert len(result.rejected_rows) == {"chain": count, "parents": 0, "overlaps": count - 1}[fault]
