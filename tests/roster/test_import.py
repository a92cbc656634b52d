"""``moduong roster import`` and ``template`` as a coordinator runs them.

The diff, the dry run, what is stored, and where rejects go.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from grader.cli import app
from grader.ground.database import connect
from grader.ground.errors import ModuongError
from grader.roster import diff as roster_diff
from grader.roster import read as roster
from grader.roster import store as roster_store
from grader.roster.records import Roster
from tests.support.people import moduong
from tests.support.union_builder import Union


@pytest.fixture
def union(tmp_path: Path) -> Union:
    one = Union(tmp_path)
    one.post("P1", "G1")
    one.post("P2", "G2", "vice_chair", end="2026-01-31")
    return one


def imports(union: Union, *options: str | Path, source: Path | None = None) -> Result:
    union.write()
    arguments = ["roster", "import", source or union.folder, "--workspace", union.folder / "w", *options]
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


def listed(union: Union, *options: str | Path, source: Path | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(imports(union, "--json", *options, source=source).stdout)
    return found


def stored(union: Union) -> Roster | None:
    with connect(f"sqlite:///{union.folder / 'w' / 'gradebook.db'}").connect() as connection:
        return roster_store.load(connection)


def test_a_dry_run_says_what_the_import_then_does_and_writes_nothing(union: Union) -> None:
    """Neither where there is no workspace yet, nor where there is a roster."""
    dry = listed(union, "--dry-run")
    assert not (union.folder / "w").exists()
    done = listed(union)
    assert (dry.pop("dry_run"), dry.pop("saved")) == (True, False)
    assert (done.pop("dry_run"), done.pop("saved")) == (False, True)
    assert dry == done
    assert {table: numbers["new"] for table, numbers in done["counts"].items()} == {"units": 7, "people": 2, "posts": 2}
    before = stored(union)
    union.posts[0]["end"] = "2026-06-30"
    union.posts[1]["start"] = "2025-11-01"
    said = imports(union, "--dry-run").stdout
    assert "kết thúc: chức vụ P1, G1, chair, 2025-10-01 (dòng 2): end: «» → «2026-06-30»" in said
    assert "không có trong tệp, giữ nguyên: chức vụ P2, G2, vice_chair, 2025-10-01" in said
    assert "posts.csv:3: ROS-06 trùng thời gian với dòng đã lưu từ 2025-10-01 đến 2026-01-31" in said
    assert "Chạy thử: chưa ghi gì." in said
    assert stored(union) == before


def test_a_second_import_says_that_nothing_changes_and_writes_nothing(union: Union) -> None:
    union.post("P1", "G1")
    assert "Đã nạp: danh sách có 7 đơn vị, 2 người, 2 chức vụ." in imports(union).stdout
    database = union.folder / "w" / "gradebook.db"
    with connect(f"sqlite:///{database}").connect() as connection:
        before = roster_store.version(connection)
    again = imports(union).stdout
    assert "Không có gì thay đổi" in again
    assert "posts.csv:4: ROS-06" in again
    assert "«" not in again.replace("«person_id", "")
    with connect(f"sqlite:///{database}").connect() as connection:
        assert roster_store.version(connection) == before


def test_csv_and_workbook_are_one_roster(union: Union) -> None:
    imports(union)
    found = listed(union, source=union.workbook(union.folder / "ds.xlsx"))
    assert [change for kind in roster_diff.KINDS for change in found[kind]] == []
    assert {table: numbers["same"] for table, numbers in found["counts"].items()} == {
        "units": 7,
        "people": 2,
        "posts": 2,
    }


def test_rows_that_the_file_lacks_are_kept_or_with_replace_removed_and_listed(union: Union) -> None:
    imports(union)
    union.posts.pop()
    union.people[0]["full_name"] = "Tên Mới"
    kept = listed(union)
    assert kept["kept"] == [{"table": "posts", "row": ["P2", "G2", "vice_chair", "2025-10-01"], "line": 0}]
    assert kept["changed"] == [
        {"table": "people", "row": ["P1"], "line": 2, "fields": {"full_name": ["Người P1", "Tên Mới"]}}
    ]
    assert len(stored(union).posts) == 2  # type: ignore[union-attr]
    with pytest.raises(ModuongError, match="E-ROSTER-2"):
        imports(union, "--replace")
    removed = listed(union, "--replace", "--losses", "1")
    assert removed["removed"] == kept["kept"]
    assert removed["kept"] == []
    assert stored(union) == roster.read(union.folder)


def test_completion_counts_by_what_was_merged(union: Union) -> None:
    imports(union)
    union.posts.pop()
    union.units = union.units[:1]
    imports(union)
    done = moduong("completion", "--as-of", "2026-01-15", "--json", "--workspace", union.folder / "w")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["targets"][0]["denominator"] == 2


def test_many_rejects_go_to_a_file_that_is_named_and_few_do_not(union: Union) -> None:
    file = union.folder / "w" / "reports" / "roster-rejects.csv"
    union.posts += [
        {"person_id": "X", "unit_id": "G1", "post": "chair", "start": f"2026-01-{n % 28 + 1:02}"} for n in range(50)
    ]
    few = imports(union)
    assert few.stdout.count("ROS-0") == 50
    assert "BỊ LOẠI, không được tính (50):" in few.stdout
    assert not file.exists()
    union.posts.append({"person_id": "X", "unit_id": "G1", "post": "chair", "start": ""})
    many = imports(union, "--dry-run")
    assert many.stdout.count("ROS-0") == 50
    assert "--rejects" in many.stdout
    assert not file.exists()
    many = imports(union)
    assert f"Mọi dòng bị loại (51): {file}" in many.stdout
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == 52
    assert file.stat().st_mode & 0o777 == 0o600
    assert "cột «start»" in file.read_text(encoding="utf-8")


def test_english_and_a_file_of_rejects_that_cannot_be_written(union: Union) -> None:
    union.post("P3", "G9")
    said = imports(union, "--lang", "en", "--rejects", union.folder / "r.csv").stdout
    assert "Taken in: the roster holds 7 units, 3 people, 2 posts." in said
    assert "column 'unit_id': id 'G9' has no accepted row" in (union.folder / "r.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(ModuongError) as stopped:
        imports(union, "--rejects", union.folder / "none" / "r.csv")
    assert stopped.value.code == "E-WS-1"


def test_a_refused_source_changes_nothing(union: Union) -> None:
    imports(union)
    before = stored(union)
    bad = union.folder / "ds.xlsx"
    bad.write_bytes(b"PK")
    done = moduong("roster", "import", bad, "--workspace", union.folder / "w")
    assert (done.returncode, done.stdout, done.stderr.split(":")[0]) == (2, "", "E-XLSX-1")
    assert "\n" not in done.stderr.strip()
    assert stored(union) == before


def test_a_fresh_template_on_the_command_line(tmp_path: Path) -> None:
    assert moduong("roster", "template", tmp_path / "ds.xlsx").returncode == 0
    done = moduong("roster", "import", tmp_path / "ds.xlsx", "--dry-run", "--workspace", tmp_path / "w")
    assert done.stdout.count("ROS-W15") == 3
    again = moduong("roster", "template", tmp_path / "ds.xlsx")
    assert (again.returncode, again.stderr.split(":")[0]) == (2, "E-FILE-3")
