"""The workbook and the CSV files: real numbers and dates, the page's own figures, and no cell that computes."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from grader.completion import quarters
from grader.ground.spreadsheet import harmless
from grader.report import write as report
from grader.report.page import Options
from tests.support.union_builder import Union

HEADER = 2  # rows above the headings


@pytest.fixture
def union(tmp_path: Path) -> Union:
    """C1 with 7 leaders, C2 with 12; nine of C2 trained in two quarters."""
    union = Union(tmp_path)
    for number in range(6):
        union.post(f"P{number}", "G1", "chair" if not number else "vice_chair")
    union.post("SOLO", "B1")
    for number in range(12):
        union.post(f"Q{number}", "G2", "chair" if not number else "vice_chair")
    for number in range(9):
        union.train(f"Q{number}", f"2026-0{2 + 3 * (number % 2)}-10T10:00:00+07:00")
    return union


def _write(union: Union, **more: Any) -> Path:
    folder = union.folder / "reports"
    folder.mkdir(exist_ok=True)
    history = [union.completion(day.isoformat()) for day in quarters.ends(date(2025, 12, 31), date(2026, 10, 31))]
    return report.write(
        folder,
        union.completion(),
        union.roster(),
        union.syllabus,
        "vi",
        simulated=True,
        history=history,
        formats=("xlsx", "csv"),
        **more,
    ).parent


def _rows(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path)
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows(min_row=HEADER + 1)]


def test_there_is_a_sheet_per_view(union: Union) -> None:
    book = openpyxl.load_workbook(_write(union) / "report.xlsx")
    assert book.sheetnames == [
        "Các chỉ tiêu",
        "CT70 tổng công ty",
        "CT70 đơn vị",
        "CT70 theo quý",
        "CT70 dự báo",
        "Chỉ tiêu nhập tay",
        "Dòng bị loại",
        "Cần xem lại",
    ]


def test_every_sheet_filters_freezes_its_head_and_says_date_and_simulated(union: Union) -> None:
    for sheet in openpyxl.load_workbook(_write(union) / "report.xlsx").worksheets:
        assert sheet.auto_filter.ref
        assert sheet.freeze_panes == "B4"
        assert "31/10/2026" in sheet["A1"].value
        assert "SỐ LIỆU MÔ PHỎNG" in sheet["A1"].value


def test_numbers_are_numbers_and_dates_are_dates(union: Union) -> None:
    path = _write(union) / "report.xlsx"
    head, row, *_ = _rows(path, "Các chỉ tiêu")
    line = dict(zip(head, row, strict=True))
    assert (line["Đã đạt"], line["Mẫu số"], line["Tỉ lệ (%)"], line["Thiếu"]) == (9, 19, 47.3, 5)
    assert line["Hạn"] == datetime(2028, 12, 31)  # noqa: DTZ001  # a cell has no zone
    assert line["Ngày chốt"] == datetime(2026, 10, 31)  # noqa: DTZ001
    assert line["Tính lúc"] == datetime(2026, 11, 1, 8)  # noqa: DTZ001
    assert _rows(path, "CT70 theo quý")[-1][0] == datetime(2026, 10, 31)  # noqa: DTZ001


def test_pandas_reads_the_same_values_as_the_csv(union: Union) -> None:
    folder = _write(union)
    frame = pd.read_excel(folder / "report.xlsx", sheet_name="CT70 tổng công ty", header=HEADER)
    plain = pd.read_csv(folder / "CT70-corporations.csv")
    assert list(frame.columns) == list(plain.columns)
    pd.testing.assert_frame_equal(frame, plain, check_dtype=False)
    assert frame.loc[frame["Mã"] == "C2", "Đã đạt"].item() == 9


def test_corporations_and_quarters_have_charts(union: Union) -> None:
    book = openpyxl.load_workbook(_write(union) / "report.xlsx")
    charts = {sheet.title: len(sheet._charts) for sheet in book.worksheets}
    assert {name for name, count in charts.items() if count} == {"CT70 tổng công ty", "CT70 theo quý", "CT70 dự báo"}


def test_libreoffice_opens_it_with_the_same_values(union: Union) -> None:
    folder = _write(union)
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("apt install libreoffice-calc")
    filters = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"  # UTF-8, the second sheet
    command = [
        office,
        f"-env:UserInstallation={(folder / 'office').as_uri()}",
        "--headless",
        "--convert-to",
        filters,
        "report.xlsx",
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    (written,) = folder.glob("report-*.csv")
    with written.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[HEADER:]
    with (folder / "CT70-corporations.csv").open(encoding="utf-8-sig", newline="") as stream:
        plain = list(csv.reader(stream))
    assert [row[:4] for row in rows] == [row[:4] for row in plain]
    assert [float(row[4]) for row in rows[1:]] == [float(row[4]) for row in plain[1:]]


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "{=1}", "http://x.vn", "007", "\t=1"]
)
def test_a_cell_never_computes_links_or_turns_into_a_number(union: Union, name: str) -> None:
    union.change_unit("G2", name=name)
    folder = _write(union)
    book = openpyxl.load_workbook(folder / "report.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert name.strip() in {cell.value for cell in cells if isinstance(cell.value, str)}
    with (folder / "CT70-units.csv").open(encoding="utf-8-sig", newline="") as stream:
        names = [row[1] for row in csv.reader(stream)]
    assert not [one for one in names if one.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(
    "name", ["=1", "a;=1", "a; @SUM(A1)", "a\t+1", "a|-1", "a\n=1", 'a;"=1"', "＝1", "a;＋1", "−1", "\u200b=1", "  =1"]
)
def test_nothing_computes_after_a_separator_or_with_a_sign_of_full_width(name: str) -> None:
    kept = harmless(name)
    assert kept.replace("'", "") == name
    for part in re.split(r"[,;|\t\n]", kept):
        assert part.lstrip(' "\u200b')[:1] not in set("=+-@＝＋－＠−"), kept


@pytest.mark.parametrize("name", ["Hà Nội - Huế", "A; B", "3,5 + 1", "a=b", "x@example.org"])
def test_plain_text_stays_as_it_is(name: str) -> None:
    assert harmless(name) == name


def test_csv_files_begin_with_a_byte_order_mark(union: Union) -> None:
    for path in _write(union).glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert b"\r\n" in path.read_bytes()


def test_hidden_figures_are_text_in_every_file(union: Union) -> None:
    folder = _write(union)
    row = next(row for row in _rows(folder / "report.xlsx", "CT70 đơn vị") if row[0] == "B1")
    assert row[4:9] == (None, "<5", None, None, None)
    assert "SOLO" not in (folder / "CT70-units.csv").read_text(encoding="utf-8-sig")


def test_names_are_in_a_sheet_of_their_own_only_when_asked_for(union: Union) -> None:
    folder = _write(union, options=Options(named=True))
    path = folder / "report.xlsx"
    assert "MẬT" in openpyxl.load_workbook(path)["MẬT chưa đạt"]["A2"].value
    assert "Người SOLO" in {row[5] for row in _rows(path, "MẬT chưa đạt")}
    assert path.stat().st_mode & 0o077 == 0
    assert all(one.stat().st_mode & 0o077 == 0 for one in folder.glob("*.csv"))


def test_a_percentage_is_the_rounded_down_one(union: Union) -> None:
    folder = _write(union)
    with (folder / "targets.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert row["Tỉ lệ (%)"] == "47.3"  # 9 of 19 is 47.368 %
    assert Decimal(row["Tỉ lệ (%)"]) == Decimal("47.3")


def test_a_monstrous_name_is_shortened(union: Union) -> None:
    union.change_unit("G2", name="Ủ" * 500)
    folder = _write(union)
    assert (folder / "report.html").stat().st_size < 200_000
    assert any(str(row[1]).startswith("ỦỦỦ") for row in _rows(folder / "report.xlsx", "CT70 đơn vị"))
