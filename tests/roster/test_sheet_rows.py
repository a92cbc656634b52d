"""A roster in one workbook.

The same rules as for CSV, findings that name sheet and row, and cells that Excel makes of what was typed.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grader.ground.errors import ModuongError
from grader.roster import read as roster
from grader.roster.records import Roster
from tests.support import random_union
from tests.support.union_builder import Union, codes

MIDNIGHT = datetime.combine(date(2026, 3, 4), time())  # a spreadsheet knows no zones


@pytest.fixture
def union(tmp_path: Path) -> Union:
    one = Union(tmp_path)
    one.post("P1", "G1")
    return one


def edited(union: Union, edit: Callable[[Any], None]) -> Roster:
    """Write the workbook, change it, and read it."""
    path = union.workbook(union.folder / "ds.xlsx")
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return roster.read(path)


def test_the_same_rows_give_the_same_roster_whether_csv_or_workbook(tmp_path: Path) -> None:
    found = 0
    for seed in range(40):
        union = random_union.draw(random.Random(seed))
        union.write(tmp_path)
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name in ("units", "people", "posts", "external"):
            sheet = book.create_sheet(name)
            for line in (tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines():
                sheet.append(line.split(","))
        book.save(tmp_path / "ds.xlsx")
        from_csv, from_book = roster.read(tmp_path), roster.read(tmp_path / "ds.xlsx")
        for table in ("units", "people", "posts", "external"):
            assert getattr(from_csv, table) == getattr(from_book, table)
        assert [(f"ds.xlsx!{f.file[:-4]}", f.line, f.code) for f in from_csv.rejected] == codes(from_book.rejected)
        found += len(from_book.rejected)
    assert found > 100


def test_cells_are_read_as_what_csv_would_hold(union: Union) -> None:
    union.people += [
        {"person_id": 17.0, "full_name": 3.5, "is_test": True},
        {"person_id": 18, "full_name": "N", "is_test": 1},
    ]
    union.posts.append({"person_id": 17, "unit_id": "G2", "post": "chair", "start": date(2026, 1, 2), "end": MIDNIGHT})

    def show_five_digits(book: Any) -> None:
        for cell in (book["people"]["A4"], book["posts"]["F3"]):
            cell.number_format = "00000"
        book["posts"]["F3"] = 42

    read = edited(union, show_five_digits)
    assert [(p.person_id, p.full_name, p.is_test) for p in read.people[1:]] == [
        ("17", "3.5", True),
        ("00018", "N", True),
    ]
    post = read.posts[-1]
    assert (post.person_id, post.start, post.end, post.decision_no) == (
        "17",
        date(2026, 1, 2),
        date(2026, 3, 4),
        "00042",
    )
    assert read.rejected == ()


def test_a_number_a_time_or_an_instant_is_no_date(union: Union) -> None:
    for start in (46_000, datetime.combine(date(2026, 1, 2), time(10, 30)), "02/01/26"):
        union.posts.append({"person_id": "P1", "unit_id": "G2", "post": "chair", "start": start})
    assert codes(union_read(union).rejected) == [("ds.xlsx!posts", line, "ROS-02") for line in (3, 4, 5)]


def union_read(union: Union) -> Roster:
    return roster.read(union.workbook(union.folder / "ds.xlsx"))


def test_formulas_and_errors_are_refused_row_by_row_and_never_computed(union: Union) -> None:
    union.people += [
        {"person_id": "P2", "full_name": '=CONCATENATE("A","B")'},
        {"person_id": "P3", "full_name": "#REF!"},
        {"person_id": "P4", "full_name": "Bốn", "email": "=1+1"},
        {"person_id": "P5", "full_name": "Năm"},
    ]

    def edit(book: Any) -> None:
        book["people"]["B4"].data_type = "e"
        book["people"]["H6"] = "=A6"  # beside the named columns
        book["posts"]["D2"] = "=TODAY()"

    read = edited(union, edit)
    assert codes(read.rejected) == [
        ("ds.xlsx!people", 3, "ROS-10"),
        ("ds.xlsx!people", 4, "ROS-10"),
        ("ds.xlsx!people", 5, "ROS-10"),
        ("ds.xlsx!posts", 2, "ROS-10"),
    ]
    assert "«full_name»" in read.rejected[0].message()
    assert "#REF!" in read.rejected[1].message("en")
    assert [p.person_id for p in read.people] == ["P1", "P5"]


def test_text_that_begins_like_a_formula_stays_text_with_a_warning(union: Union) -> None:
    union.person("P2", full_name="=1+1")

    def as_text(book: Any) -> None:
        book["people"]["B3"].data_type = "s"

    read = edited(union, as_text)
    assert read.people[1].full_name == "=1+1"
    assert codes(read.warnings) == [("ds.xlsx!people", 3, "ROS-W16")]
    assert codes(union.roster().warnings) == [("people.csv", 3, "ROS-W16")]


def test_blank_rows_decomposed_names_and_notes_beside_the_table_do_no_harm(union: Union) -> None:
    union.person("P2", full_name=unicodedata.normalize("NFD", "Trần Thị Mẫu "))

    def edit(book: Any) -> None:
        people = book["people"]
        people["A6"], people["B6"] = "P6", "Sáu"  # rows 4 and 5 are blank
        people["A8"] = "   "
        for row in range(7, 500):
            people.cell(row, 1).number_format = "yyyy-mm-dd"
        people["K2"] = "ghi chú riêng"
        people["A1"] = " person_id "

    read = edited(union, edit)
    assert [(p.full_name, p.line) for p in read.people[1:]] == [("Trần Thị Mẫu", 3), ("Sáu", 6)]
    assert codes(read.warnings) == [("ds.xlsx!people", 3, "ROS-W03"), ("ds.xlsx!people", 3, "ROS-W02")]
    assert read.rejected == ()


def test_sheets_are_found_by_their_vietnamese_names_too_and_others_are_passed_over(union: Union) -> None:
    def edit(book: Any) -> None:
        book["units"].title = unicodedata.normalize("NFD", "Đơn vị")
        book["people"].title = "CÁN BỘ"
        book["posts"].title = "Chuc-vu"
        book.create_sheet("Ghi chú")["A1"] = "=1/0"

    read = edited(union, edit)
    assert len(read.posts) == 1
    assert read.rejected == ()


def test_a_missing_sheet_or_column_stops_and_is_named(union: Union) -> None:
    with pytest.raises(ModuongError, match="posts") as stopped:
        edited(union, lambda book: book.remove(book["posts"]))
    assert stopped.value.code == "E-XLSX-4"
    with pytest.raises(ModuongError, match="full_name") as stopped:
        edited(union, lambda book: book["people"].delete_cols(2))
    assert stopped.value.code == "ROS-01"
    assert "ds.xlsx!people" in stopped.value.said
    with pytest.raises(ModuongError) as stopped:
        edited(union, lambda book: book["units"].delete_rows(1, 100))
    assert stopped.value.code == "ROS-01"


def test_a_file_that_is_not_there_and_a_csv_file_alone_are_refused(union: Union) -> None:
    union.write()
    for path, code in ((union.folder / "none.xlsx", "E-FILE-1"), (union.folder / "people.csv", "E-XLSX-1")):
        with pytest.raises(ModuongError) as stopped:
            roster.parse(path)
        assert stopped.value.code == code
