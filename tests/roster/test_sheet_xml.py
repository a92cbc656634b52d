"""Cells read event by event are those that ``openpyxl`` reads from its trees."""

from __future__ import annotations

import io
import warnings
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from grader.roster.tables import xlsx
from grader.roster.tables.cells import cell
from grader.roster.tables.grid import EMPTY, Cell
from grader.roster.tables.sheet_xml import SheetEvents, texts
from tests.support.door import FILES

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def by_trees(path: Path) -> dict[str, dict[tuple[int, int], Cell]]:
    """Return sheet -> (row, column) -> cell, of the visible sheets, without formulas, as ``openpyxl`` reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    found: dict[str, dict[tuple[int, int], Cell]] = {}
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            found[sheet.title] = {
                (one.row, one.column): Cell(one.value, "error")
                if one.data_type == "e"
                else cell(one.value, one.number_format)
                for row in sheet.iter_rows()
                for one in row
                if one.value is not None
            }
    return found


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A workbook of every sort of cell."""
    path = tmp_path / "moi-loai.xlsx"
    with xlsxwriter.Workbook(str(path), {"remove_timezone": True}) as book:
        sheet = book.add_worksheet("Một")
        rich = book.add_format({"bold": True})
        day, zeros, span = (book.add_format({"num_format": f}) for f in ("dd/mm/yyyy", "00000", "[h]:mm"))
        values: list[Any] = ["Trần Thị Mẫu", 17, 17.5, 1e7, 12345678901234567890, True, "  cách  ", "a_x005F_b", ""]
        for place, value in enumerate(values):
            sheet.write(0, place, value)
        sheet.write_datetime(1, 0, datetime(2024, 7, 9, 8, 30, tzinfo=UTC), day)
        sheet.write_datetime(1, 1, date(2024, 7, 9), day)  # type: ignore[arg-type]
        sheet.write_number(1, 2, 17, zeros)
        sheet.write_number(1, 3, 1.5, span)
        sheet.write_number(1, 4, 1e10, day)
        sheet.write_rich_string(1, 5, "Phó ", rich, "Chủ tịch")
        sheet.write_string(999, 30, "xa")
    return path


def test_every_sort_of_cell(written: Path) -> None:
    (sheet,), _notes = xlsx.read(written)
    found = {(r, c): one for r, row in enumerate(sheet.rows, 1) for c, one in enumerate(row, 1) if one != EMPTY}
    assert found == by_trees(written)["Một"]
    assert found[2, 5] == Cell("#VALUE!", "error")
    assert found[1000, 31] == Cell("xa")


@pytest.mark.parametrize("path", sorted(FILES.glob("*.xlsx")), ids=lambda path: path.name)
def test_the_lists_of_the_cases(path: Path) -> None:
    sheets, _notes = xlsx.read(path)
    for sheet in sheets:
        found = {
            (r, c): one
            for r, row in enumerate(sheet.rows, 1)
            for c, one in enumerate(row, 1)
            if one != EMPTY and (r - 1, c - 1) not in sheet.filled
        }
        assert found == by_trees(path)[sheet.name]


def test_reading_aloud_is_no_part_of_a_text_and_a_prefix_does_not_matter() -> None:
    said = f'<x:sst xmlns:x="{_MAIN}"><x:si><x:t>東</x:t><x:rPh sb="0" eb="1"><x:t>ひ</x:t></x:rPh></x:si></x:sst>'
    assert texts(io.BytesIO(said.encode())) == ["東"]


def test_rows_and_cells_without_numbers_follow_each_other() -> None:
    said = (
        f'<worksheet xmlns="{_MAIN}"><sheetData><row><c><v>1</v></c><c t="str"><f>A1</f><v>hai</v></c></row>'
        '<row r="7.0" hidden="1"><c r="C7" t="inlineStr"><is><t>ba</t></is></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>'
    )
    events = SheetEvents()
    first, second = events.rows(io.BytesIO(said.encode()))
    assert [(one.column, one.sort, one.value, one.formula) for one in first.cells] == [
        (1, "n", "1", False),
        (2, "str", "hai", True),
    ]
    assert (first.number, second.number, second.hidden, second.cells[0][:3]) == (1, 7, True, (3, "inlineStr", "ba"))
    assert events.merged == ["A1:A2"]


def test_a_document_type_is_refused() -> None:
    said = b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]><worksheet/>'
    with pytest.raises(ValueError, match="document type"):
        list(SheetEvents().rows(io.BytesIO(said)))
