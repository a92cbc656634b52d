"""Model of "Bấm rồi đọc mã": a recipe, the pandas lines that say it, and the same counted in plain Python."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from course.labs.shared.state import flag, one_of

DATA_FILE: Path = Path(__file__).parents[2] / "lessons" / "data" / "M10-ghi-nhan-mo-phong.csv"
LEADERS: dict[str, int] = {"TCT Mẫu 01": 24, "TCT Mẫu 02": 20, "TCT Mẫu 03": 16, "TCT Mẫu 04": 12}
"""Invented: leaders in office by corporation, from the roster, the same on every as-of date of the lab."""


Table = Sequence[tuple[str, ...]]
"""Rows of person, corporation, ISO date, module, result, platform; empty where nothing was written."""
_PERSON, _CORPORATION, _DAY, _MODULE, _RESULT, _PLATFORM = range(6)


class Line(NamedTuple):
    """One pandas line and what it says in Vietnamese."""

    code: str
    reads: str


@dataclass(frozen=True, slots=True)
class Count:
    """One thing to count: the question, the unit of the answer, its lines, and the same as a function of the table."""

    question: str
    unit: str
    lines: tuple[Line, ...]
    run: Callable[[Table], int | dict[str, Fraction]]


DATES: dict[str, str] = {
    "": "Chưa lọc ngày",
    "2026-03-31": "31/3/2026",
    "2026-06-30": "30/6/2026",
    "2026-09-30": "30/9/2026",
}
MODULES: dict[str, str] = {"": "Mọi học phần", "M01": "Chỉ M01", "M02": "Chỉ M02"}
OPEN = Line('loc = pd.read_csv(DATA, parse_dates=["ngay"])', "Mở tệp có tên trong DATA, hiểu cột ngay là ngày tháng.")
_ROSTER = Line(f"lanh_dao = {LEADERS}".replace("'", '"'), "Số lãnh đạo đương nhiệm, lấy từ danh sách cán bộ.")
_GROUPS = Line(
    'so_nguoi = loc.groupby("tong_cong_ty")["person_id"].nunique().reindex(list(lanh_dao), fill_value=0)',
    "Chia nhóm theo tổng công ty, đếm người; nơi chưa có ai hiện 0.",
)


def _by_corporation(table: Table) -> dict[str, Fraction]:
    """Return the number of different people of each corporation; one without any row shows 0, not nothing."""
    people = {name: {row[_PERSON] for row in table if row[_CORPORATION] == name and row[_PERSON]} for name in LEADERS}
    return {name: Fraction(len(found)) for name, found in people.items()}


def _rate(table: Table) -> dict[str, Fraction]:
    """Return people by corporation in percent of its leaders."""
    return {name: number * 100 / LEADERS[name] for name, number in _by_corporation(table).items()}


def _digital_share(table: Table) -> dict[str, Fraction]:
    """Return the share of digital products by quarter, in percent, over rows that have both a date and a platform."""
    quarters: dict[str, list[bool]] = {}
    for row in sorted(table, key=lambda row: row[_DAY]):
        if row[_DAY] and row[_PLATFORM]:
            quarters.setdefault(f"Quý {(int(row[_DAY][5:7]) + 2) // 3}", []).append(row[_PLATFORM] == "số")
    return {quarter: Fraction(100 * sum(digital), len(digital)) for quarter, digital in quarters.items()}


COUNTS: dict[str, Count] = {
    "rows": Count("Có bao nhiêu dòng?", " dòng", (Line("ket_qua = len(loc)", "Đếm số dòng còn lại."),), len),
    "repeats": Count(
        "Có bao nhiêu dòng lặp?",
        " dòng",
        (Line("ket_qua = loc.duplicated().sum()", "Đếm dòng giống hệt một dòng đứng trước."),),
        lambda table: len(table) - len(set(table)),
    ),
    "no_date": Count(
        "Có bao nhiêu dòng thiếu ngày?",
        " dòng",
        (Line('ket_qua = loc["ngay"].isna().sum()', "Đếm dòng để trống cột ngay."),),
        lambda table: sum(not row[_DAY] for row in table),
    ),
    "people": Count(
        "Có bao nhiêu người khác nhau?",
        " người",
        (Line('ket_qua = loc["person_id"].nunique()', "Đếm mã người, mỗi mã một lần."),),
        lambda table: len({row[_PERSON] for row in table if row[_PERSON]}),
    ),
    "by_corporation": Count(
        "Mỗi tổng công ty có bao nhiêu người?",
        " người",
        (_ROSTER, _GROUPS, Line("ket_qua = so_nguoi", "Lấy bảng đếm ấy làm kết quả.")),
        _by_corporation,
    ),
    "rate": Count(
        "Tỉ lệ trên số lãnh đạo mỗi tổng công ty?",
        "%",
        (_ROSTER, _GROUPS, Line("ket_qua = so_nguoi / pd.Series(lanh_dao) * 100", "Tử số chia cho mẫu số, nhân 100.")),
        _rate,
    ),
    "digital": Count(
        "Tỉ trọng sản phẩm số theo quý?",
        "%",
        (
            Line('loc = loc.dropna(subset=["ngay", "nen_tang"])', "Bỏ dòng thiếu ngày hoặc thiếu nền tảng."),
            Line(
                'loc = loc.assign(quy=loc["ngay"].dt.quarter, la_so=loc["nen_tang"] == "số")',
                "Thêm cột quý và cột đúng/sai: có phải sản phẩm số.",
            ),
            Line('ket_qua = loc.groupby("quy")["la_so"].mean() * 100', "Trung bình của đúng/sai chính là tỉ trọng."),
        ),
        _digital_share,
    ),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the learner chose: an ISO date or "", a module id or "", a key of ``COUNTS``."""

    without_repeats: bool = flag()
    as_of: str = one_of(DATES, "")
    only_passed: bool = flag()
    module: str = one_of(MODULES, "")
    count: str = one_of(COUNTS, "rows")


RECIPES: tuple[Recipe, ...] = tuple(
    Recipe(*choice) for choice in product((False, True), DATES, (False, True), MODULES, COUNTS)
)


def keep(recipe: Recipe) -> list[tuple[Line, Callable[[Table], Table]]]:
    """Return the lines that narrow the table, each with the same as a function."""
    day, name = recipe.as_of, recipe.module
    found: list[tuple[bool, Line, Callable[[Table], Table]]] = [
        (recipe.without_repeats, Line("loc = loc.drop_duplicates()", "Bỏ dòng lặp."), lambda t: [*dict.fromkeys(t)]),
        (
            bool(day),
            Line(f'loc = loc[loc["ngay"] <= "{day}"]', "Giữ dòng không muộn hơn ngày chốt."),
            lambda t: [row for row in t if "" < row[_DAY] <= day],
        ),
        (
            recipe.only_passed,
            Line('loc = loc[loc["ket_qua"] == "đạt"]', "Giữ dòng ghi đạt."),
            lambda t: [row for row in t if row[_RESULT] == "đạt"],
        ),
        (
            bool(name),
            Line(f'loc = loc[loc["hoc_phan"] == "{name}"]', f"Giữ dòng của {name}."),
            lambda t: [row for row in t if row[_MODULE] == name],
        ),
    ]
    return [(line, run) for wanted, line, run in found if wanted]


def lines(recipe: Recipe) -> list[Line]:
    """Return the whole recipe, line by line; the last one names the result ``ket_qua``."""
    return [OPEN, *(line for line, _ in keep(recipe)), *COUNTS[recipe.count].lines]


def code(recipe: Recipe) -> list[str]:
    """Return the recipe's pandas lines."""
    return [line.code for line in lines(recipe)]


@cache
def _records() -> Table:
    with DATA_FILE.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def run(recipe: Recipe) -> int | dict[str, Fraction]:
    """Run the recipe on the lab's file: a count, or a number for each corporation or quarter (percent for rates)."""
    table = _records()
    for _, narrow in keep(recipe):
        table = narrow(table)
    return COUNTS[recipe.count].run(table)
