"""The demo: deterministic, ends with the target line, shows what was set aside, and a second run changes nothing."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from grader.itemtypes.invented import simulate
from tests.support.people import moduong, read_json


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("demo") / "workspace"
    done = moduong("demo", "--workspace", root, "--seed", "1")
    assert done.returncode == 0, done.stderr
    return root, done.stdout


def content(root: Path) -> list[Any]:
    with sqlite3.connect(root / "gradebook.db") as book:
        found = []
        for table in ("moduong_attempt", "moduong_result", "grade", "submitted_assignment", "comment"):
            columns = [c[1] for c in book.execute(f"pragma table_info({table})") if c[1] != "received_from"]
            found.append(sorted(map(repr, book.execute(f"select {', '.join(columns)} from {table}"))))
        return found


def test_it_ends_with_the_target_line_and_the_report(played: tuple[Path, str]) -> None:
    root, said = played
    report = read_json(root / "reports" / "report.json")
    ct70 = report["targets"][0]
    line = (
        f"CT70 đến hết ngày 31/10/2026: {ct70['numerator']}/{ct70['denominator']} = "
        f"{ct70['percent'].replace('.', ',')} %, chưa đạt, còn thiếu {ct70['shortfall']}"
    )
    assert line in said
    assert said.rstrip().splitlines()[-1].startswith("Báo cáo: ")
    assert Path(said.rstrip().splitlines()[-1].removeprefix("Báo cáo: ")).exists()
    assert 150 <= ct70["denominator"] <= 210
    assert 29 <= float(ct70["percent"]) <= 33
    assert len(ct70["by_corporation"]) == 9
    assert sum(c["numerator"] for c in ct70["by_corporation"]) == ct70["numerator"]
    assert any(c["met"] for c in ct70["by_corporation"])


def test_it_says_what_was_set_aside_and_why(played: tuple[Path, str]) -> None:
    _, said = played
    for code in ("E-SUB-01", "E-SUB-05", "E-SUB-07", "E-SUB-13"):
        assert code in said
    assert "refused" in said


def test_a_second_run_changes_nothing(played: tuple[Path, str]) -> None:
    root, said = played
    before, files = content(root), {p: p.stat().st_mtime_ns for p in root.rglob("*.ipynb")}
    again = moduong("demo", "--workspace", root, "--seed", "1")
    assert again.returncode == 0
    assert again.stdout.splitlines()[-1] == said.splitlines()[-1]
    assert content(root) == before
    assert {p: p.stat().st_mtime_ns for p in root.rglob("*.ipynb")} == files


def test_item_statistics_find_the_three_items_that_were_made_bad_and_no_other(played: tuple[Path, str]) -> None:
    root, _ = played
    done = moduong("items", "--workspace", root, "--lang", "en")
    assert done.returncode == 0, done.stderr
    found = dict(re.findall(r"^(M\d\d-Q\d\d)  (.*)$", done.stdout, re.MULTILINE))
    assert set(found) == set(simulate.BAD)
    words = {
        "against": "the able fail it more",
        "easy": "too easy",
        "unused": "a wrong option that hardly anybody chooses",
    }
    assert [item for item, fault in simulate.BAD.items() if words[fault] not in found[item]] == []
    page = (root / "reports" / "items.html").read_text(encoding="utf-8")
    assert page.count('class="plot"') >= 7


def test_marks_stand_in_nbgraders_tables(played: tuple[Path, str]) -> None:
    root, _ = played
    with sqlite3.connect(root / "gradebook.db") as book:
        graded = book.execute("select count(*) from submitted_assignment").fetchone()[0]
        people = book.execute(
            "select count(distinct person_id || module_id) from moduong_attempt where state = 'accepted'"
        ).fetchone()[0]
    assert graded == people > 100


def test_it_does_not_mix_with_other_hand_ins(instructor: Any) -> None:
    from tests.support.people import Cadre

    Cadre("CB-000001", instructor).answers("T01").hands_in("T01")
    done = moduong(
        "demo",
        "--workspace",
        instructor.root,
        "--course",
        instructor.author.course,
        "--exercises",
        instructor.author.exercises,
    )
    assert done.returncode == 2
    assert "E-DEMO-1" in done.stderr
    assert json.dumps(done.stderr).count("Traceback") == 0
