"""Lists as other programs and habits leave them: each is read as a person reads it, its proposals agreed to."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from grader.roster import rules
from grader.roster.door.taking import Draft, Now
from grader.roster.records import OPEN, Parsed, Roster, Unit
from tests.support.door import FILES, agreed

SINCE = date(2015, 1, 1)
UNION = rules.settle(
    Parsed(
        [
            Unit("CD", "Công đoàn Điện lực Mẫu", "union", "", SINCE, OPEN, "", 1),
            Unit("NPC", "Công đoàn Tổng công ty Điện lực Mẫu", "corporation", "CD", SINCE, OPEN, "", 2),
            Unit("PC0", "CĐCS Công ty Điện lực Hà Nam", "grassroots_union", "NPC", SINCE, OPEN, "", 3),
            Unit("PC1", "CĐCS Công ty Điện lực Nam Định", "grassroots_union", "NPC", SINCE, OPEN, "", 4),
        ],
        [],
        [],
    )
)
A, B, C, D = "Nguyễn Văn Hùng", "Trần Thị Bích Ngọc", "Lê Quý", "Phạm Đức Thủy"
DAY = "2023-05-01"
TRUTH = frozenset({
    (A, "PC0", "chair", DAY), (B, "PC0", "vice_chair", DAY), (C, "PC1", "chair", DAY), (D, "PC1", "vice_chair", DAY),
})  # fmt: skip
HEAD = ("STT", "Họ và tên", "Chức vụ", "Đơn vị", "Từ ngày")
NAM, DINH = "CĐCS Công ty Điện lực Hà Nam", "CĐCS Công ty Điện lực Nam Định"
ROWS: Sequence[Sequence[Any]] = (
    ("1", A, "Chủ tịch", NAM, "01/05/2023"), ("2", B, "Phó Chủ tịch", NAM, "01/05/2023"),
    ("3", C, "Chủ tịch", DINH, "01/05/2023"), ("4", D, "Phó Chủ tịch", DINH, "01/05/2023"),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One list.

    Attributes:
        write: makes it in a folder and returns its path.
        wanted: (name, unit, post, start) of each post.
        answers: what a person adds to the proposals.
        rejected: codes of the rows that are rejected.
        notes: kinds of notes that must be there.
    """

    write: Callable[[Path], Path]
    wanted: frozenset[tuple[str, str, str, str]] = TRUTH
    answers: Mapping[str, str] = field(default_factory=dict)
    rejected: tuple[str, ...] = ()
    notes: frozenset[str] = frozenset()


def text(
    rows: Sequence[Sequence[Any]], *, separator: str = ",", encoding: str = "utf-8", name: str = "ds.csv"
) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        stream = io.StringIO()
        csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerows(rows)
        (folder / name).write_bytes(stream.getvalue().encode(encoding))
        return folder / name

    return write


def sheet(
    rows: Sequence[Sequence[Any]], made: Callable[[Any, Any], None] | None = None, **options: Any
) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        with xlsxwriter.Workbook(str(folder / "ds.xlsx"), options) as book:
            page = book.add_worksheet("DS")
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(line, place, value, day)  # type: ignore[arg-type]
                    else:
                        page.write(line, place, value)
            if made:
                made(book, page)
        return folder / "ds.xlsx"

    return write


def fixture(name: str) -> Callable[[Path], Path]:
    return lambda _folder: FILES / "libreoffice" / name


def changed(**columns: Callable[[str], Any]) -> list[Sequence[Any]]:
    """Return the list with the cells of some columns rewritten."""
    keys = ("stt", "name", "post", "unit", "start")
    return [HEAD, *(tuple(columns.get(key, str)(cell) for key, cell in zip(keys, row, strict=True)) for row in ROWS)]


def blocks() -> list[Sequence[Any]]:
    """Two lists side by side."""
    return [(*HEAD, "", *HEAD), (*ROWS[0], "", *ROWS[2]), (*ROWS[1], "", *ROWS[3])]


def _sep(folder: Path) -> Path:
    path = text([HEAD, *ROWS], separator=";", encoding="utf-8-sig")(folder)
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    return path


_SHORT = {NAM: "CTĐL Hà Nam", DINH: "PC Nam Định"}
_POSTS = {"Chủ tịch": "CT", "Phó Chủ tịch": "PCT"}
CASES: Mapping[str, Case] = {
    "google-sheets-csv": Case(text([HEAD, *ROWS])),
    "utf-16-tabs": Case(
        text([HEAD, *ROWS], separator="\t", encoding="utf-16", name="ds.txt"), notes=frozenset({"ROS-W20/encoding"})
    ),
    "utf-16-commas": Case(text([HEAD, *ROWS], encoding="utf-16")),
    "tabs": Case(text([HEAD, *ROWS], separator="\t", name="ds.tsv")),
    "semicolons-with-sep": Case(_sep),
    "old-mac-dates-1904": Case(sheet(changed(start=lambda _: date(2023, 5, 1)), date_1904=True)),
    "libreoffice.xlsx": Case(fixture("ds.xlsx")),
    "libreoffice.ods": Case(fixture("ds.ods")),
    "libreoffice.xls": Case(fixture("ds.xls")),
    "two-lists-below": Case(
        sheet([
            ("DANH SÁCH CHỦ TỊCH",), HEAD, ROWS[0], ROWS[2], (), ("DANH SÁCH PHÓ CHỦ TỊCH",),
            ("STT", "Đơn vị", "Họ và tên", "Từ ngày", "Chức vụ"),
            *((r[0], r[3], r[1], r[4], r[2]) for r in (ROWS[1], ROWS[3])),
        ]),
        notes=frozenset({"ROS-W20/lists"}),
    ),
    "two-lists-beside": Case(sheet(blocks()), notes=frozenset({"ROS-W20/lists"})),
    "total-row": Case(sheet([HEAD, *ROWS, ("", "Tổng cộng: 4 đồng chí"), ("Tổng", 4)])),
    "numbered-columns": Case(sheet([HEAD, (1, 2, 3, 4, 5), *ROWS])),
    "numbered-columns-in-brackets": Case(sheet([HEAD, tuple(f"({n})" for n in range(1, 6)), *ROWS])),
    "capitals": Case(
        sheet(changed(name=str.upper)), frozenset((name.upper(), *rest) for name, *rest in TRUTH)  # type: ignore[misc]
    ),
    "decomposed": Case(sheet([[unicodedata.normalize("NFD", str(c)) for c in row] for row in (HEAD, *ROWS)])),
    "no-break-spaces": Case(sheet([[str(c).replace(" ", "\u00a0") for c in row] for row in (HEAD, *ROWS)])),
    "short-posts": Case(sheet(changed(post=lambda cell: _POSTS[cell]))),
    "posts-with-unit-kind": Case(sheet(changed(post=lambda cell: f"{cell} CĐCS"))),
    "dotted-posts": Case(sheet(changed(post=lambda cell: {"Chủ tịch": "C.Tịch", "Phó Chủ tịch": "P.Chủ tịch"}[cell])),
                         answers={"post:c.tịch": "chair"}),
    "short-units": Case(sheet(changed(unit=lambda cell: _SHORT[cell]))),
    "lower-case-units": Case(sheet(changed(unit=str.lower))),
    "signature": Case(
        sheet([HEAD, *ROWS, (), ("", "", "", "Hà Nam, ngày 02 tháng 11 năm 2026"),
               ("", "NGƯỜI LẬP BIỂU", "", "TM. BAN CHẤP HÀNH"),
               ("", "(Ký, ghi rõ họ tên)", "", "CHỦ TỊCH"), (), ("", "Trần Thị Mẫu", "", "Nguyễn Văn Mẫu")]),
    ),
    "footnote": Case(sheet([HEAD, *ROWS, ("Ghi chú: danh sách tính đến ngày 30/10/2026, gồm cả người kiêm nhiệm.",)])),
    "committee-members": Case(
        sheet([HEAD, *ROWS, ("5", "Vũ Thị Đào", "UVBCH", NAM, "01/05/2023")]),
        answers={"post:uvbch": "skip"}, rejected=("ROS-11",),
    ),
    "titles-before-names": Case(sheet(changed(name=lambda cell: f"Đ/c {cell}"))),
    "spaces-everywhere": Case(sheet([[f"  {c} " for c in row] for row in (HEAD, *ROWS)])),
    "days-in-words": Case(sheet(changed(start=lambda _: "ngày 01 tháng 5 năm 2023"))),
    "days-with-dots": Case(sheet(changed(start=lambda _: "1.5.2023"))),
    "month-and-year": Case(sheet(changed(start=lambda _: "05/2023")), answers={"day:05/2023": DAY}),
    "header-without-accents": Case(sheet([("STT", "HO VA TEN", "CHUC VU", "DON VI", "TU NGAY"), *ROWS])),
    "english-header": Case(sheet([("No", "Full name", "Position", "Unit", "From"), *ROWS])),
    "empty-first-lines-and-column": Case(sheet([(), (), *(("", *row) for row in (HEAD, *ROWS))])),
    "header-again-on-each-page": Case(sheet([HEAD, ROWS[0], ROWS[1], (), HEAD, ROWS[2], ROWS[3]])),
    "units-as-headings": Case(
        sheet([(*HEAD[:3], "Từ ngày"), ("I. " + NAM,), *((r[0], r[1], r[2], r[4]) for r in ROWS[:2]),
               ("II. " + DINH,), *((r[0], r[1], r[2], r[4]) for r in ROWS[2:])]),
    ),
    "identity-numbers": Case(
        sheet([(*HEAD, "Số CCCD"), *((*row, f"0012345678{n:02}") for n, row in enumerate(ROWS))]),
        notes=frozenset({"ROS-W20/secret"}),
    ),
    "quoted-line-breaks": Case(text([("STT", "Họ và\ntên", "Chức\nvụ", "Đơn vị", "Từ\nngày"), *ROWS])),
    "name-in-brackets": Case(
        sheet(changed(name=lambda cell: f"{cell} (Tý)" if cell == C else cell)),
        frozenset((f"{name} (Tý)" if name == C else name, *rest) for name, *rest in TRUTH),  # type: ignore[misc]
    ),
    "a-row-shifted-to-the-left": Case(
        sheet([HEAD, *ROWS[:3], ("Phạm Đức Thủy", "Phó Chủ tịch", DINH, "01/05/2023")]),
        TRUTH - {(D, "PC1", "vice_chair", DAY)}, rejected=("ROS-13",),
    ),
    "one-id-for-two-people": Case(
        sheet([("Mã CB", *HEAD[1:]), ("CB-1", *ROWS[0][1:]), ("CB-1", *ROWS[1][1:]),
               ("CB-3", *ROWS[2][1:]), ("CB-4", *ROWS[3][1:])]),
        TRUTH - {(A, "PC0", "chair", DAY), (B, "PC0", "vice_chair", DAY)}, rejected=("ROS-14", "ROS-14"),
    ),
}  # fmt: skip


def found(made: Draft) -> frozenset[tuple[str, str, str, str]]:
    roster: Roster = made.settled()
    names = {one.person_id: one.full_name for one in roster.people}
    return frozenset((names[p.person_id], p.unit_id, p.post, p.start.isoformat()) for p in roster.posts)


@pytest.mark.parametrize("name", CASES)
def test_a_list_of_another_habit(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    made = agreed(case.write(tmp_path), Now(1, UNION, {}, {}), case.answers)
    assert [question.said for question in made.questions] == []
    assert sorted(finding.code for finding in made.merged.roster.rejected) == sorted(case.rejected)
    assert found(made) == case.wanted
    assert case.notes <= {finding.kind for finding in made.merged.roster.warnings}
