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
from grader.roster.door import taking
from grader.roster.match import words
from grader.roster.match.fields import TEMPLATE
from tests.support.door import NOTHING
from tests.support.union_builder import codes


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "danh-sach.xlsx"
    roster_template.write(path)
    return path


def validations(book: Any) -> dict[tuple[str, str], Any]:
    """Return table and field -> what its cells take."""
    found = {}
    for table, (name, headers) in TEMPLATE.items():
        for one in book[name].data_validations.dataValidation:
            first = str(one.sqref).split(":")[0]
            assert first.endswith("2")
            found[table, list(headers)[ord(first[0]) - ord("A")]] = one
    return found


def test_each_sheet_has_words_for_headers_one_example_row_and_a_word_of_help_for_every_cell(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["Hướng dẫn", "Đơn vị", "Cán bộ", "Chức vụ"]
    found = validations(book)
    for table, (name, headers) in TEMPLATE.items():
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == list(headers.values())
        assert str(sheet["A2"].value).startswith(roster.EXAMPLE)
        assert sheet["A2"].fill.fgColor.rgb == "FFFFF3B0"
        assert sheet.max_row == 2
        assert all(found[table, field].prompt for field in headers)


def picked(book: Any, source: str) -> list[Any]:
    """Return what a list offers."""
    name, cells = source.removeprefix("=").replace("'", "").split("!")
    return [row[0].value for row in book[name][cells.replace("$", "")]]


def test_lists_show_words_and_names_not_codes(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    found = validations(book)
    lists = {key: one.formula1 for key, one in found.items() if one.type == "list"}
    kinds, posts = lists.pop(("units", "kind")), lists.pop(("posts", "post"))
    assert picked(book, kinds) == [term.label("vi") for term in OFFICES.unit_kinds.values()]
    assert picked(book, posts)[0] == "Chủ tịch"
    assert [words.post(word) for word in picked(book, posts)] == list(OFFICES.posts)
    names, ids = "'Đơn vị'!$B$2:$B$20000", "'Cán bộ'!$A$2:$A$20000"
    assert lists == {
        ("units", "parent_id"): names, ("units", "successor_id"): names, ("people", "is_test"): '"Có,Không"',
        ("people", "same_as"): ids, ("posts", "person_id"): ids, ("posts", "unit"): names,
    }  # fmt: skip
    dated = {key for key, one in found.items() if one.type == "date"}
    assert dated == {(name, column) for name in ("units", "posts") for column in ("start", "end")}
    assert book["Chức vụ"]["D2"].number_format == "dd/mm/yyyy"
    text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    assert not [code for code in (*OFFICES.posts, *OFFICES.unit_kinds) if f" {code} " in f" {text} "]


def test_an_untouched_template_brings_nothing_but_three_words_about_its_examples(template: Path) -> None:
    made = taking.draft(template, NOTHING)
    found = made.settled()
    assert made.questions == ()
    assert (found.units, found.people, found.posts, found.rejected) == ((), (), (), ())
    assert codes(found.warnings) == [(f"danh-sach.xlsx!{name}", 2, "ROS-W15") for name, _ in TEMPLATE.values()]


def fill(template: Path, first: int) -> Path:
    """Fill the template from row ``first`` on, as a coordinator would: words from the lists, dates as dates."""
    book = openpyxl.load_workbook(template)
    start = date(2023, 1, 1)
    union, corporation, unit = "Công đoàn Điện lực Việt Nam", "Tổng công ty Điện lực Mẫu", "CĐCS Nhà máy Mẫu 01"
    kinds = [term.label("vi") for term in OFFICES.unit_kinds.values()]
    rows = {
        "Đơn vị": [
            ("CD", union, kinds[0], None, start, None, None),
            ("EVNNPC", corporation, kinds[1], union, start, None, None),
            ("EVNNPC-01", unit, kinds[2], corporation, start, None, None),
        ],
        "Cán bộ": [
            ("CB-000001", "Trần Thị Mẫu 001", "mau001@example.vn", "Không", None),
            ("CB-000002", "Lê Văn Mẫu 002", None, None, None),
        ],
        "Chức vụ": [
            ("CB-000001", unit, "Chủ tịch", date(2025, 10, 1), None, "12/QĐ-CĐ"),
            ("CB-000002", unit, "Phó chủ tịch", date(2023, 5, 1), date(2025, 9, 30), None),
        ],
    }
    for name, lines in rows.items():
        for number, line in enumerate(lines, first):
            for place, value in enumerate(line, 1):
                book[name].cell(number, place).value = value
        book[name].cell(1, 9).value = "Của tôi"  # a column of her own
        book[name].cell(first, 9).value = "xem lại"
    book.save(template)
    return template


@pytest.mark.parametrize("first", [2, 3])
def test_a_filled_in_template_is_taken_in_without_a_question(template: Path, first: int) -> None:
    """Over the example row, or below it."""
    made = taking.draft(fill(template, first), NOTHING)
    assert made.questions == ()
    read = made.settled()
    assert read.rejected == ()
    assert [(unit.unit_id, unit.kind, unit.parent_id) for unit in read.units] == [
        ("CD", "union", ""), ("EVNNPC", "corporation", "CD"), ("EVNNPC-01", "grassroots_union", "EVNNPC"),
    ]  # fmt: skip
    assert [person.full_name for person in read.people] == ["Trần Thị Mẫu 001", "Lê Văn Mẫu 002"]
    assert [(p.unit_id, p.post, p.start, p.end, p.line) for p in read.posts] == [
        ("EVNNPC-01", "chair", date(2025, 10, 1), date.max, first),
        ("EVNNPC-01", "vice_chair", date(2023, 5, 1), date(2025, 9, 30), first + 1),
    ]


def test_a_file_that_is_there_is_not_written_over(template: Path) -> None:
    before = fill(template, 2).read_bytes()
    with pytest.raises(ModuongError) as stopped:
        roster_template.write(template)
    assert stopped.value.code == "E-FILE-3"
    assert template.read_bytes() == before
