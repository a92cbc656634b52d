"""Courses outside through the door: who is meant, what is asked, versions and the way back, export and back again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy.engine import Engine

from grader.ground import database
from grader.roster import diff, export, read, store, versions
from grader.roster.door import taking
from grader.roster.door.taking import Draft, Now
from grader.roster.records import External, Roster
from grader.roster.versions import Cause
from tests.support.door import agreed
from tests.support.union_builder import Union

HEAD = ("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Tên khóa bồi dưỡng", "Ngày học", "Nơi tổ chức", "Giấy chứng nhận")
CONFERENCE = "Hội nghị nâng cao hiệu quả truyền thông số"
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """Three people of three names, and two of one name in two units."""
    (tmp_path / "union").mkdir()
    union = Union(tmp_path / "union")
    union.change_unit("G1", name="CĐCS Công ty Điện lực Hà Nam")
    union.change_unit("G2", name="CĐCS Công ty Điện lực Nam Định")
    for person, name, unit in (
        ("P1", "Nguyễn Văn Hùng", "G1"), ("P2", "Trần Thị Ngọc", "G1"), ("P3", "Lê Quý", "G2"), ("P4", "Lê Quý", "G1"),
    ):  # fmt: skip
        union.person(person, full_name=name)
        union.post(person, unit, "vice_chair")
    return union.roster()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return database.connect(f"sqlite:///{tmp_path / 'gradebook.db'}")


def written(folder: Path, rows: Sequence[Sequence[Any]], name: str = "ds.xlsx") -> Path:
    with xlsxwriter.Workbook(str(folder / name)) as book:
        sheet = book.add_worksheet("DS")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return folder / name


def taken(path: Path, roster: Roster, answers: Mapping[str, str] | None = None) -> Draft:
    return agreed(path, Now(1, roster, {}, {}), answers)


def test_a_list_of_a_course_is_read_and_makes_nobody_new(tmp_path: Path, roster: Roster) -> None:
    path = written(tmp_path, [
        ("DANH SÁCH CÁN BỘ ĐÃ HỌC LỚP NGOÀI",), HEAD,
        ("1", "NGUYỄN VĂN HÙNG", "Phó Chủ tịch", "CĐCS Cty Điện lực Hà Nam", CONFERENCE, "9/7/2024", "Hà Nội",
         "GCN 12"),
        ("2", "Lê Quý", "Phó Chủ tịch", "CĐCS Công ty Điện lực Nam Định", CONFERENCE, "9/7/2024", "Hà Nội", ""),
        ("3", "Vũ Lạ", "", "CĐCS Công ty Điện lực Nam Định", CONFERENCE, "9/7/2024", "Hà Nội", ""),
        ("4", "Trần Thị Ngọc", "", "", CONFERENCE, "9/7/2024", "Hà Nội", ""),
    ])  # fmt: skip
    first = taking.draft(path, Now(1, roster, {}, {}))
    assert {question.kind for question in first.questions} >= {"column", "list"}
    made = taken(path, roster, {q.key: "external" for q in first.questions if q.kind == "list"})
    assert made.questions == ()
    found = made.settled()
    day = date(2024, 7, 9)
    assert [(one.person_id, one.course, one.day, one.organiser, one.evidence) for one in found.external] == [
        ("P1", CONFERENCE, day, "Hà Nội", "GCN 12"), ("P3", CONFERENCE, day, "Hà Nội", ""),
        ("P2", CONFERENCE, day, "Hà Nội", ""),
    ]  # fmt: skip
    assert (found.people, found.posts) == (roster.people, roster.posts)
    assert [(f.code, f.line) for f in found.rejected] == [("ROS-16", 5)]
    assert [(c.what, c.table) for c in made.merged.changes if c.what != "kept"] == [("new", "external")] * 3


def test_delegates_of_a_conference_are_asked_about_and_day_and_name_stand_in_the_title(
    tmp_path: Path, roster: Roster
) -> None:
    title = f"DANH SÁCH ĐẠI BIỂU DỰ {CONFERENCE.upper()}, ngày 9/7/2024"
    path = written(tmp_path, [
        (title,), ("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Ký nhận"),
        ("1", "Nguyễn Văn Hùng", "Phó Chủ tịch", "CĐCS Công ty Điện lực Hà Nam", ""),
        ("2", "Lê Quý", "Phó Chủ tịch", "", ""),
        ("3", "Trần Thị Ngọc", "Phó Chủ tịch", "CĐCS Công ty Điện lực Hà Nam", ""),
    ])  # fmt: skip
    first = taking.draft(path, Now(1, roster, {}, {}))
    proposals = {question.kind: question.proposal for question in first.questions}
    assert (proposals["list"], proposals["course"], proposals["held"]) == ("external", title, "2024-07-09")
    who = next(question for question in first.questions if question.kind == "outside")
    assert {option.value for option in who.options} == {"P3", "P4", "skip"}
    made = taken(path, roster, {who.key: "P4"})
    assert [(one.person_id, one.day.isoformat()) for one in made.settled().external] == [
        ("P1", "2024-07-09"), ("P4", "2024-07-09"), ("P2", "2024-07-09"),
    ]  # fmt: skip
    assert made.settled().posts == roster.posts


def test_a_list_of_cadres_in_office_never_loses_its_posts_to_a_column_about_courses(
    tmp_path: Path, roster: Roster
) -> None:
    path = written(tmp_path, [
        ("Họ và tên", "Chức vụ", "Đơn vị", "Từ ngày", "Tên lớp"),
        ("Vũ Mới", "Chủ tịch", "CĐCS Công ty Điện lực Hà Nam", "1/10/2025", "Lớp A"),
        ("Vũ Hai", "Phó Chủ tịch", "CĐCS Công ty Điện lực Hà Nam", "1/10/2025", ""),
    ])  # fmt: skip
    first = taking.draft(path, Now(1, roster, {}, {}))
    (what,) = [question for question in first.questions if question.kind == "list"]
    assert what.proposal == ""
    made = taken(path, roster, {what.key: "posts"})
    assert made.questions == ()
    assert len(made.settled().posts) == len(roster.posts) + 2
    assert made.settled().external == ()


@pytest.mark.parametrize("suffix", ["", ".xlsx"])
def test_versions_undo_and_export_keep_courses_outside(
    tmp_path: Path, roster: Roster, engine: Engine, suffix: str
) -> None:
    course = External("P1", CONFERENCE, date(2024, 7, 9), "Hà Nội", "GCN 12", 0)
    with database.writing(engine) as connection:
        versions.save(connection, roster, {}, Cause("import", "tôi"), AT)
        after = Roster(**{**vars(roster), "external": (course,)})
        versions.save(connection, after, {}, Cause("import", "tôi"), AT)
        assert store.load(connection) == after
        assert versions.entries(connection)[-1].rows["external"] == 1
        versions.undo(connection, "tôi", AT)
        assert store.load(connection) == roster
        versions.save(connection, after, {}, Cause("import", "tôi"), AT)
    target = tmp_path / f"ra{suffix}"
    export.write(after, target)
    again = diff.merge(after, read.parse(target), whole=True)
    assert [change for change in again.changes if change.what != "kept"] == []
    assert again.same["external"] == 1
    (tmp_path / "bo").mkdir()
    export.write(roster, tmp_path / "bo" / "ba-tep")
    kept = diff.merge(after, read.parse(tmp_path / "bo" / "ba-tep"), whole=True)
    assert kept.roster.external[0].course == CONFERENCE, "a list of people says nothing of courses"


def test_a_second_list_changes_what_it_says_otherwise_and_keeps_the_rest(tmp_path: Path, roster: Roster) -> None:
    day = date(2024, 7, 9)
    known = Roster(**{**vars(roster), "external": (
        External("P1", CONFERENCE, day, "Hà Nội", "", 2), External("P2", CONFERENCE, day, "Hà Nội", "", 3),
    )})  # fmt: skip
    path = tmp_path / "external.csv"
    path.write_text(
        f"person_id,course,day,organiser,evidence\nP1,{CONFERENCE},2024-07-09,Hà Nội,GCN 12\n", encoding="utf-8"
    )
    made = taken(path, known)
    assert made.questions == ()
    changes = [(c.what, c.row[0], c.fields) for c in made.merged.changes if c.table == "external"]
    assert changes == [("changed", "P1", (("evidence", "", "GCN 12"),)), ("kept", "P2", ())]
    assert json.dumps(changes)
