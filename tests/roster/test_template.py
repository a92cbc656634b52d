"""The template: what a coordinator finds in it, and that it can be filled in and taken in as it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grader.ground.errors import ModuongError
from grader.ground.offices import OFFICES
from grader.roster import read as roster
from grader.roster import template as roster_template
from grader.roster.records import PEOPLE_COLUMNS, POST_COLUMNS, UNIT_COLUMNS
from tests.support.union_builder import codes

COLUMNS = {"units": UNIT_COLUMNS, "people": PEOPLE_COLUMNS, "posts": POST_COLUMNS}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "danh-sach.xlsx"
    roster_template.write(path)
    return path


def validations(book: Any) -> dict[tuple[str, str], Any]:
    """Return sheet and column -> what its cells take."""
    found = {}
    for name, columns in COLUMNS.items():
        for one in book[name].data_validations.dataValidation:
            first = str(one.sqref).split(":")[0]
            assert first.endswith("2")
            found[name, columns[ord(first[0]) - ord("A")]] = one
    return found


def test_each_sheet_has_its_columns_one_example_row_and_a_word_of_help_for_every_cell(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["Hướng dẫn", "units", "people", "posts"]
    found = validations(book)
    for name, columns in COLUMNS.items():
        sheet = book[name]
        assert tuple(cell.value for cell in sheet[1]) == columns
        assert str(sheet["A2"].value).startswith(roster.EXAMPLE)
        assert sheet["A2"].fill.fgColor.rgb == "FFFFF3B0"
        assert sheet.max_row == 2
        assert all(found[name, column].prompt for column in columns)


def test_lists_and_dates(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    found = validations(book)
    lists = {key: one.formula1 for key, one in found.items() if one.type == "list"}
    assert lists == {
        ("units", "kind"): f'"{",".join(OFFICES.unit_kinds)}"',
        ("units", "parent_id"): "units!$A$2:$A$20000",
        ("units", "successor_id"): "units!$A$2:$A$20000",
        ("people", "is_test"): '"true,false"',
        ("people", "same_as"): "people!$A$2:$A$20000",
        ("posts", "person_id"): "people!$A$2:$A$20000",
        ("posts", "unit_id"): "units!$A$2:$A$20000",
        ("posts", "post"): f'"{",".join(OFFICES.posts)}"',
    }
    dated = {key for key, one in found.items() if one.type == "date"}
    assert dated == {(name, column) for name in ("units", "posts") for column in ("start", "end")}
    assert book["posts"]["D2"].number_format == "yyyy-mm-dd"
    assert book["posts"].column_dimensions["D"].number_format == "yyyy-mm-dd"


def test_the_explanation_names_every_column_kind_and_post_in_vietnamese(template: Path) -> None:
    sheet = openpyxl.load_workbook(template)["Hướng dẫn"]
    rows = {str(row[0]).strip(): row[1] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert set(rows) == {*UNIT_COLUMNS, *PEOPLE_COLUMNS, *POST_COLUMNS, *OFFICES.unit_kinds, *OFFICES.posts}
    assert rows["vice_chair"] == "phó chủ tịch"
    assert all(rows.values())


def test_an_untouched_template_brings_nothing_but_three_words_about_its_examples(template: Path) -> None:
    read = roster.read(template)
    assert (read.units, read.people, read.posts, read.rejected) == ((), (), (), ())
    assert codes(read.warnings) == [(f"danh-sach.xlsx!{name}", 2, "ROS-W15") for name in COLUMNS]


def fill(template: Path, first: int) -> Path:
    """Fill the template from row ``first`` on, as a coordinator would: dates as dates."""
    book = openpyxl.load_workbook(template)
    start = date(2023, 1, 1)
    rows = {
        "units": [
            ("CD", "Công đoàn Điện lực Việt Nam", "union", None, start, None, None),
            ("EVNNPC", "Tổng công ty Điện lực Mẫu", "corporation", "CD", start, None, None),
            ("EVNNPC-01", "CĐCS Công ty Điện lực Mẫu 01", "grassroots_union", "EVNNPC", start, None, None),
        ],
        "people": [
            ("CB-000001", "Trần Thị Mẫu 001", "mau001@example.vn", "false", None),
            ("CB-000002", "Lê Văn Mẫu 002", None, None, None),
        ],
        "posts": [
            ("CB-000001", "EVNNPC-01", "chair", date(2025, 10, 1), None, "12/QĐ-CĐ"),
            ("CB-000002", "EVNNPC-01", "vice_chair", date(2023, 5, 1), date(2025, 9, 30), None),
        ],
    }
    for name, lines in rows.items():
        for number, line in enumerate(lines, first):
            for place, value in enumerate(line, 1):
                book[name].cell(number, place).value = value
    book.save(template)
    return template


@pytest.mark.parametrize("first", [2, 3])
def test_a_filled_in_template_is_taken_in(template: Path, first: int) -> None:
    """Over the example row, or below it."""
    read = roster.read(fill(template, first))
    assert read.rejected == ()
    assert [unit.unit_id for unit in read.units] == ["CD", "EVNNPC", "EVNNPC-01"]
    assert [person.full_name for person in read.people] == ["Trần Thị Mẫu 001", "Lê Văn Mẫu 002"]
    assert [(p.post, p.start, p.end, p.line) for p in read.posts] == [
        ("chair", date(2025, 10, 1), date.max, first),
        ("vice_chair", date(2023, 5, 1), date(2025, 9, 30), first + 1),
    ]


def test_a_file_that_is_there_is_not_written_over(template: Path) -> None:
    before = fill(template, 2).read_bytes()
    with pytest.raises(ModuongError) as stopped:
        roster_template.write(template)
    assert stopped.value.code == "E-FILE-3"
    assert template.read_bytes() == before
