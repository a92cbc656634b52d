"""A wrong key is found.

The author corrects it, the instructor sees what it changes before anything is written, then regrades.
"""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.gradebook import results
from grader.publish import build
from tests.support.people import ESSAY, NUMBER, RIGHT, SINGLE, TEXT_ITEM, Cadre, Coordinator, Instructor

UNITS = """
    unit_id,name,kind,parent_id,start,end,successor_id
    CD,Công đoàn Điện lực,union,,2018-01-01,,
    TCT1,Tổng công ty Mẫu 1,corporation,CD,2018-01-01,,
    TCT2,Tổng công ty Mẫu 2,corporation,CD,2018-01-01,,
    CS1,CĐCS Mẫu 01,grassroots_union,TCT1,2018-01-01,,
    CS2,CĐCS Mẫu 02,grassroots_union,TCT2,2018-01-01,,
"""
PEOPLE = """
    person_id,full_name,email,is_test,same_as
    CB-000001,Trần Thị Mẫu 001,,,
    CB-000002,Trần Văn Mẫu 002,,,
    CB-000003,Trần Văn Mẫu 003,,,
"""
POSTS = """
    person_id,unit_id,post,start,end,decision_no
    CB-000001,CS1,chair,2024-01-01,,1
    CB-000002,CS2,chair,2024-01-01,,2
    CB-000003,CS2,vice_chair,2024-01-01,,3
"""
CORRECTED = SINGLE.replace('nhận tin ở đâu.", correct: true', 'nhận tin ở đâu."').replace(
    'Chi tiền quảng cáo cho bài viết."', 'Chi tiền quảng cáo cho bài viết.", correct: true'
)
CHOSE_B, CHOSE_A = dict(RIGHT["T01"]), {**RIGHT["T01"], "T01-Q01": "A"}
WITHDRAWN = SINGLE.replace("level: apply", "level: apply\nwithdrawn: true")


@pytest.fixture
def played(instructor: Instructor) -> Instructor:
    """Three leaders have done both modules.

    1 and 3 chose B in T01-Q01 (right by the first key), 2 chose A (right by the corrected one).
    """
    Coordinator(instructor).enters(UNITS, PEOPLE, POSTS)
    for person, chosen in (("CB-000001", CHOSE_B), ("CB-000002", CHOSE_A), ("CB-000003", CHOSE_B)):
        cadre = Cadre(person, instructor)
        cadre.answers("T01", chosen).hands_in("T01")
        cadre.answers("T02").hands_in("T02")
    instructor.collects()
    instructor.grades()
    for person in ("CB-000001", "CB-000002", "CB-000003"):
        instructor.marks(person, "T02", "T02-Q01", 4, "Viết tốt.")
    instructor.grades()
    return instructor


def corrects(instructor: Instructor, *items: str) -> None:
    instructor.author.writes("T01", *items)
    build.build(instructor.workspace, instructor.author.text("T01"))


def command(instructor: Instructor, *arguments: str) -> Any:
    options = (
        "--workspace",
        str(instructor.workspace.root),
        "--course",
        str(instructor.author.course),
        "--as-of",
        "2026-03-31",
    )
    done = CliRunner().invoke(
        app, ["regrade", *arguments, *options], env={"MODUONG_NOW": "2026-04-01T08:00:00+07:00"}, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout) if "--json" in arguments else done.stdout


def gradebook(instructor: Instructor) -> list[str]:
    with sqlite3.connect(instructor.workspace.gradebook) as database:
        return list(database.iterdump())


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and "gradebook" not in p.name
    }


def test_e16_a_corrected_key_helps_and_never_harms(played: Instructor) -> None:
    assert {r["person_id"]: r["score"] for r in played.ledger() if r["module_id"] == "T01"} == {
        "CB-000001": "5.00",
        "CB-000002": "3.00",
        "CB-000003": "5.00",
    }
    corrects(played, CORRECTED, NUMBER)
    shown = command(played, "T01", "--json")
    kept = {"before": 5.0, "after": 5.0, "found": 3.0, "max_score": 5.0, "passed": True, "passes": True, "kept": True}
    assert shown["regraded"] == 3
    assert shown["attempts"] == [
        {"attempt_id": "CB-000001.T01.1", "person": "CB-000001", **kept},
        {
            "attempt_id": "CB-000002.T01.1",
            "person": "CB-000002",
            **kept,
            "before": 3.0,
            "found": 5.0,
            "passed": False,
            "kept": False,
        },
        {"attempt_id": "CB-000003.T01.1", "person": "CB-000003", **kept},
    ]
    assert shown["trained"] == [{"target": "CT70", "person": "CB-000002", "before": None, "after": "2026-03-02"}]
    moved = {(m["target"], m["unit"]): (m["before"]["percent"], m["after"]["percent"]) for m in shown["rates"]}
    assert moved == {("CT70", ""): ("66.6", "100.0"), ("CT70", "TCT2"): ("50.0", "100.0")}
    rows = {r["person_id"]: r for r in played.ledger() if r["module_id"] == "T01"}
    assert {p: (r["score"], r["critical_met"], r["status"]) for p, r in rows.items()} == dict.fromkeys(
        rows, ("5.00", "true", "graded")
    )
    assert rows["CB-000001"]["graded_at"].startswith("2026-03-02")
    assert rows["CB-000002"]["graded_at"].startswith("2026-04-01")


def test_the_ledger_holds_both_results(played: Instructor) -> None:
    corrects(played, CORRECTED, NUMBER)
    command(played, "T01")
    with sqlite3.connect(played.workspace.gradebook) as database:
        rows = database.execute(
            "select seq, cause, score from moduong_result where attempt_id = 'CB-000001.T01.1' order by seq"
        ).fetchall()
    assert rows == [(1, "grade", 5), (2, "regrade", 3)]


def test_a_dry_run_shows_the_same_and_writes_nothing(played: Instructor) -> None:
    corrects(played, CORRECTED, NUMBER)
    before, files = gradebook(played), tree(played.workspace.root)
    dry = command(played, "T01", "--dry-run", "--json")
    text = command(played, "T01", "--dry-run")
    assert gradebook(played) == before
    assert tree(played.workspace.root) == files
    assert dry == command(played, "T01", "--json")
    assert "T01: chấm lại 3 lượt, 3 lượt có thay đổi." in text
    assert "CB-000002.T01.1  3.00 → 5.00 / 5.00  chưa đạt → đạt" in text
    assert "giữ kết quả đạt đã có (theo đáp án mới: 3.00)" in text
    assert "CT70  TCT2  1/2 (50.0 %) → 2/2 (100.0 %)" in text


def test_a_second_regrade_finds_nothing(played: Instructor) -> None:
    corrects(played, CORRECTED, NUMBER)
    command(played, "T01")
    before = gradebook(played)
    assert command(played, "T01", "--json") == {
        "module": "T01",
        "regraded": 0,
        "attempts": [],
        "trained": [],
        "rates": [],
    }
    assert gradebook(played) == before


def test_nbgraders_rows_autograded_and_feedback_follow(played: Instructor) -> None:
    from nbgrader.api import Gradebook

    corrects(played, CORRECTED, NUMBER)
    command(played, "T01")
    with Gradebook(f"sqlite:///{played.workspace.gradebook}", "thu") as book:
        assert [book.find_submission("T01", f"CB-00000{n}").score for n in (1, 2, 3)] == [3.0, 5.0, 3.0]
        assert {book.find_submission("T02", f"CB-00000{n}").score for n in (1, 2, 3)} == {5.0}
    notebook = json.loads((played.workspace.autograded("CB-000002", "T01") / "T01.ipynb").read_bytes())
    scores = [
        c["outputs"][0]["data"]["text/plain"]
        for c in notebook["cells"]
        if c["metadata"].get("nbgrader", {}).get("grade")
    ]
    assert scores == ["2.0", "3.0"]
    page = (played.workspace.feedback("CB-000001", "T01") / "T01.html").read_text(encoding="utf-8")
    assert '"state": "passed"' in page
    assert "theo đáp án mới, bài này được 3 điểm. Kết quả đạt vẫn giữ nguyên." in page


def test_marks_given_by_a_person_outlive_a_corrected_key(played: Instructor) -> None:
    from nbgrader.api import Gradebook

    played.marks("CB-000003", "T01", "T01-Q01", 1)
    played.grades("T01")
    played.author.writes("T02", ESSAY, TEXT_ITEM.replace("accept: [đường cơ sở]", "accept: [mốc so sánh]"))
    build.build(played.workspace, played.author.text("T02"))
    corrects(played, CORRECTED, NUMBER)
    for module in ("T01", "T02"):
        command(played, module)
    with played.engine.connect() as connection:
        found = results.read(connection, results.attempts.c.person_id == "CB-000003")
    assert (found["CB-000003.T02.1"].score, found["CB-000003.T02.1"].state, found["CB-000003.T02.1"].component_met) == (
        Decimal("4.00"),
        "graded",
        True,
    )
    assert found["CB-000003.T01.1"].score == Decimal("4.00")
    assert json.loads(found["CB-000003.T02.1"].note) == {"T02-Q01": "Viết tốt."}
    with Gradebook(f"sqlite:///{played.workspace.gradebook}", "thu") as book:
        submission = book.find_submission("T02", "CB-000003")
        assert (submission.score, submission.needs_manual_grade) == (4.0, False)
        assert book.find_comment("T02-Q01", "T02", "T02", "CB-000003").manual_comment == "Viết tốt."


def test_marks_of_an_attempt_that_nbgrader_no_longer_shows_are_kept(instructor: Instructor) -> None:
    """Only the ledger knows them; a dry run counts them too."""
    cadre = Cadre("CB-000001", instructor)
    wrong = {"T01-Q01": ["B"], "T01-Q02": {"a": "50", "b": "9"}}
    for module, values in (("T01", wrong), ("T02", RIGHT["T02"])):
        cadre.answers(module, values).hands_in(module)
    instructor.collects()
    instructor.grades()
    instructor.marks("CB-000001", "T01", "T01-Q01", 1.5)
    instructor.marks("CB-000001", "T02", "T02-Q01", 2)
    instructor.grades()
    cadre.answers("T01", {"T01-Q01": "C"}).hands_in("T01")
    cadre.answers("T02", {"T02-Q02": "khác"}).hands_in("T02")
    instructor.collects(hours_later=13)
    instructor.grades()
    instructor.author.writes("T02", ESSAY, TEXT_ITEM.replace("accept: [đường cơ sở]", "accept: [mốc so sánh]"))
    build.build(instructor.workspace, instructor.author.text("T02"))
    corrects(instructor, CORRECTED, NUMBER)
    assert [c["found"] for c in command(instructor, "T02", "--dry-run", "--json")["attempts"]][:1] == [2.0]
    for module in ("T01", "T02"):
        command(instructor, module)
    rows = {r["attempt_id"]: (r["score"], r["status"]) for r in instructor.ledger()}
    assert rows["CB-000001.T01.1"] == ("2.50", "graded")
    assert rows["CB-000001.T02.1"] == ("2.00", "graded")


def test_e17_a_withdrawn_item_counts_for_nobody_and_the_pass_mark_is_a_share(played: Instructor) -> None:
    corrects(played, WITHDRAWN, NUMBER)
    shown = command(played, "T01", "--json")
    rows = {r["person_id"]: (r["score"], r["max_score"]) for r in played.ledger() if r["module_id"] == "T01"}
    assert rows["CB-000002"] == ("3.00", "3.00")
    assert rows["CB-000001"] == ("3.00", "3.00")
    assert next(c for c in shown["attempts"] if c["person"] == "CB-000002") == {
        "attempt_id": "CB-000002.T01.1",
        "person": "CB-000002",
        "before": 3.0,
        "after": 3.0,
        "found": 3.0,
        "max_score": 3.0,
        "passed": False,
        "passes": True,
        "kept": False,
    }
    assert shown["trained"] == [{"target": "CT70", "person": "CB-000002", "before": None, "after": "2026-03-02"}]


def test_e17_withdrawing_an_item_takes_no_pass_away(instructor: Instructor) -> None:
    four_of_five = {"T01-Q01": "B", "T01-Q02": {"a": "91,25", "b": "1"}}
    Cadre("CB-000001", instructor).answers("T01", four_of_five).hands_in("T01")
    instructor.collects()
    instructor.grades()
    corrects(instructor, WITHDRAWN, NUMBER)
    (change,) = command(instructor, "T01", "--json")["attempts"]
    assert (change["before"], change["after"], change["found"], change["kept"]) == (4.0, 4.0, 2.0, True)
    assert [(r["score"], r["max_score"], r["status"]) for r in instructor.ledger()] == [("4.00", "5.00", "graded")]


def test_e18_a_void_attempt_stays_void(played: Instructor) -> None:
    from grader.gradebook import ledger_entries

    with played.engine.begin() as connection:
        ledger_entries.void(connection, "CB-000002.T01.1", "gian lận", ["A", "B"], played.now)
    corrects(played, CORRECTED, NUMBER)
    assert command(played, "T01", "--json")["regraded"] == 2
    assert next(r for r in played.ledger() if r["attempt_id"] == "CB-000002.T01.1")["status"] == "void"


def test_without_a_roster_scores_are_compared_and_rates_left_out(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T01", CHOSE_A).hands_in("T01")
    instructor.collects()
    instructor.grades()
    corrects(instructor, CORRECTED, NUMBER)
    shown = command(instructor, "T01", "--dry-run", "--json")
    assert [(c["before"], c["after"]) for c in shown["attempts"]] == [(3.0, 5.0)]
    assert (shown["trained"], shown["rates"]) == ([], [])


def test_earlier_attempts_are_regraded_too(instructor: Instructor) -> None:
    cadre = Cadre("CB-000001", instructor)
    for values in (CHOSE_A, {**RIGHT["T01"], "T01-Q01": "C"}):
        cadre.answers("T01", values).hands_in("T01")
        instructor.collects(hours_later=13)
        instructor.grades()
    corrects(instructor, CORRECTED, NUMBER)
    command(instructor, "T01")
    assert [r["score"] for r in instructor.ledger()] == ["5.00", "3.00"]
