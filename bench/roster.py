"""Import of a 100,000-row roster with 1 % faults, from three CSV files and from one workbook.

Of a messy workbook of ten thousand rows through the door, and of a million rows that are all rejected.

Every planted fault must be listed with its own file, line and code: the bench stops where one is not.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from bench import messy
from bench.measure import ROOT, heading, line, moduong, run, spread
from grader.ground.offices import OFFICES
from grader.roster.records import PEOPLE_COLUMNS, POST_COLUMNS, UNIT_COLUMNS

Row = Sequence[str]
PEOPLE, UNITS, REJECTED = 48_000, 4_000, 1_000_000
Fault = tuple[str, int, str]


def bench(folder: Path) -> None:
    """Print seconds and memory of whole processes."""
    heading("Roster import")
    messy.to_the_diff(folder)
    tables, faults = draw(1)
    rows = sum(map(len, tables.values()))
    (folder / "csv").mkdir()
    for name, table in tables.items():
        _write_csv(folder / "csv" / f"{name}.csv", COLUMNS[name], table)
    _write_workbook(folder / "ds.xlsx", tables)
    for source, suffix in ((folder / "csv", ".csv"), (folder / "ds.xlsx", "")):
        _check(source, suffix, faults, folder / "check")
        what = f"{rows:,} rows, {len(faults):,} faults, all listed, from {'CSV' if suffix else 'XLSX'}"
        _time(f"{what}: first import", source, folder, 3, "≤ 15 s")
        again = folder / f"again-{bool(suffix)}"
        run(moduong("roster", "import", source, "--workspace", again))
        _time(f"{what}: second import, nothing changes", source, folder, 3, "", again)
    _rejects(folder, tables)


COLUMNS = {"units": UNIT_COLUMNS, "people": PEOPLE_COLUMNS, "posts": POST_COLUMNS}


def draw(seed: int) -> tuple[dict[str, list[Row]], set[Fault]]:
    """Draw a roster of about a hundred thousand rows in which one row in a hundred is wrong, and say which."""
    rng = random.Random(seed)
    units: list[Row] = [("CD", "Công đoàn Mẫu", "union", "", "2015-01-01", "", "")]
    units += [(f"TCT{n}", f"Tổng công ty Mẫu {n}", "corporation", "CD", "2015-01-01", "", "") for n in range(9)]
    units += [
        (f"DV-{n:05}", f"CĐCS Công ty Điện lực Mẫu {n:05}", "grassroots_union", f"TCT{n % 9}", "2015-01-01", "", "")
        for n in range(UNITS - 10)
    ]
    people: list[Row] = [(f"CB-{n:06}", f"Trần Thị Mẫu {n:06}", f"mau{n:06}@example.vn", "", "") for n in range(PEOPLE)]
    posts: list[Row] = []
    for number in range(PEOPLE):
        year = 2018 + number % 8
        posts.append(
            (
                f"CB-{number:06}",
                f"DV-{rng.randrange(UNITS - 10):05}",
                rng.choice(list(OFFICES.posts)),
                f"{year}-0{1 + number % 9}-15",
                "",
                f"QĐ-{number}",
            )
        )
    tables = {"units": units, "people": people, "posts": posts}
    faults: set[Fault] = set()
    for number in range(sum(map(len, tables.values())) // 100):
        _plant(tables, faults, number)
    return tables, faults


def _plant(tables: dict[str, list[Row]], faults: set[Fault], number: int) -> None:
    """Add one wrong row, of another kind each time."""
    kinds: list[tuple[str, Row, str]] = [
        ("people", (f"CB-{number * 7:06}", "Trùng mã", "", "", ""), "ROS-04"),
        ("people", (f"CX-{number:06}", "", "", "", ""), "ROS-01"),
        ("people", (f"CX-{number:06}", "Gộp sai", "", "", "CB-KHONG-CO"), "ROS-05"),
        ("people", (f"CX-{number:06}", "ă" * 600, "", "", ""), "ROS-10"),
        ("posts", (f"CB-{number:06}", "DV-KHONG-CO", "chair", "2026-01-01", "", ""), "ROS-05"),
        ("posts", (f"CB-{number:06}", "DV-00001", "giám đốc", "2026-01-01", "", ""), "ROS-08"),
        ("posts", (f"CB-{number:06}", "DV-00001", "chair", "2026-02-31", "", ""), "ROS-02"),
        ("posts", (f"CB-{number:06}", "DV-00001", "chair", "2026-02-01", "2026-01-01", ""), "ROS-03"),
        ("posts", (*tables["posts"][number * 3][:3], "2026-05-05", "", ""), "ROS-06"),
        ("units", (f"DV-{number:05}", "Chồng kỳ", "grassroots_union", "CD", "2020-01-01", "", ""), "ROS-06"),
    ]
    name, row, code = kinds[number % len(kinds)]
    tables[name].append(row)
    faults.add((name, len(tables[name]) + 1, code))


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)


def _write_workbook(path: Path, tables: dict[str, list[Row]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([COLUMNS[name], *rows]):
                sheet.write_row(number, 0, row)


def _check(source: Path, suffix: str, faults: set[Fault], workspace: Path) -> None:
    command = list(map(str, moduong("roster", "import", source, "--dry-run", "--json", "--workspace", workspace)))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)["rejected_rows"]
    listed = {(row["file"].removesuffix(suffix).rpartition("!")[2], row["line"], row["code"]) for row in found}
    assert len(found) == len(listed)
    assert listed == faults, sorted(listed ^ faults)[:10]


def _time(what: str, source: Path, folder: Path, times: int, wanted: str, workspace: Path | None = None) -> None:
    runs = [
        run(moduong("roster", "import", source, "--workspace", workspace or folder / f"{source.name}-{n}"))
        for n in range(times)
    ]
    line(what, f"{spread([r.seconds for r in runs])} s, {max(r.mebibytes for r in runs):.0f} MiB", wanted)


def _rejects(folder: Path, tables: dict[str, list[Row]]) -> None:
    """A million posts of people who are not there: all are told, in a file."""
    source, rejects = folder / "rejected", folder / "rejects.csv"
    source.mkdir()
    for name in ("units", "people"):
        _write_csv(source / f"{name}.csv", COLUMNS[name], tables[name][:100])
    posts = [(f"X-{n:07}", "CD", "chair", "2026-01-01", "", "") for n in range(REJECTED)]
    _write_csv(source / "posts.csv", POST_COLUMNS, posts)
    found = run(moduong("roster", "import", source, "--workspace", folder / "w", "--rejects", rejects))
    with rejects.open(encoding="utf-8-sig") as stream:
        told = sum(1 for _ in stream) - 1
    assert told == REJECTED, told
    line(
        f"{REJECTED:,} rejected rows, all in the file of rejects",
        f"{found.seconds:.3g} s, {found.mebibytes:.0f} MiB",
        "reported",
    )
