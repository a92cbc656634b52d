"""The whole loop on real files: text → notebooks → exchange → ledger → gradebook → completion."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

from grader.gradebook import nbgrader_bridge
from grader.publish import build
from tests.support.people import NUMBER, RIGHT, SINGLE, WRONG, Cadre, Coordinator, Instructor, moduong, stock_nbgrader

UNITS = """
    unit_id,name,kind,parent_id,start,end,successor_id
    CD,Công đoàn Điện lực,union,,2018-01-01,,
    TCT1,Tổng công ty Mẫu 1,corporation,CD,2018-01-01,,
    CS1,CĐCS Mẫu 01,grassroots_union,TCT1,2018-01-01,,
"""
PEOPLE = """
    person_id,full_name,email,is_test,same_as
    CB-000001,Trần Thị Mẫu 001,,,
    CB-000002,Trần Văn Mẫu 002,,,
"""
POSTS = """
    person_id,unit_id,post,start,end,decision_no
    CB-000001,CS1,chair,2024-01-01,,1
    CB-000002,CS1,vice_chair,2024-01-01,,2
"""


def test_from_answers_to_the_target_line(instructor: Instructor) -> None:
    coordinator = Coordinator(instructor)
    coordinator.enters(UNITS, PEOPLE, POSTS)
    for person, quality in (("CB-000001", RIGHT), ("CB-000002", WRONG)):
        for module in ("T01", "T02"):
            Cadre(person, instructor).answers(module, quality[module]).hands_in(module)
    taken = instructor.collects(hours_later=1)
    assert {(t.person, t.module, t.state) for t in taken} == {
        (p, m, "accepted") for p in ("CB-000001", "CB-000002") for m in ("T01", "T02")
    }
    assert instructor.grades() == 4
    ct70 = coordinator.asks("2026-03-31").targets[0]
    assert (ct70.rate.numerator, ct70.rate.denominator) == (0, 2)
    assert ct70.waiting == ("CB-000001",)

    instructor.marks("CB-000001", "T02", "T02-Q01", 3.5, "Viết tốt.")
    instructor.grades()
    ct70 = coordinator.asks("2026-03-31").targets[0]
    assert (ct70.rate.numerator, ct70.rate.denominator, ct70.rate.percent) == (1, 2, "50.0")
    marked = next(r for r in instructor.ledger() if r["attempt_id"] == "CB-000001.T02.1")
    assert (marked["score"], marked["component_met"], marked["status"]) == ("4.50", "true", "graded")


def test_formgrader_api_mark_below_component_minimum_is_no_pass(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T02").hands_in("T02")
    instructor.collects()
    instructor.grades("T02")
    instructor.marks("CB-000001", "T02", "T02-Q01", 1.5)
    instructor.grades("T02")
    row = instructor.ledger()[0]
    assert (row["score"], row["component_met"], row["status"]) == ("2.50", "false", "graded")


def test_running_every_stage_again_changes_nothing(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T01").hands_in("T01")
    instructor.collects()
    instructor.grades()
    before = instructor.ledger()
    released = {p: p.read_bytes() for p in instructor.workspace.release("T01").rglob("*") if p.is_file()}
    instructor.releases("T01")
    assert instructor.collects(hours_later=1) == []
    assert instructor.grades() == 0
    assert instructor.ledger() == before
    assert {p: p.read_bytes() for p in instructor.workspace.release("T01").rglob("*") if p.is_file()} == released


def test_attempts_are_all_kept_and_held_against_the_policy(instructor: Instructor) -> None:
    cadre = Cadre("CB-000001", instructor)
    cadre.answers("T01", WRONG["T01"]).hands_in("T01")
    assert [t.state for t in instructor.collects()] == ["accepted"]
    cadre.hands_in("T01")
    assert [t.state for t in instructor.collects(hours_later=1)] == ["duplicate"]
    cadre.answers("T01").hands_in("T01")
    early = instructor.collects(hours_later=1)
    assert [(t.state, t.code) for t in early] == [("refused", "E-ATT-WAIT")]
    cadre.answers("T01", {**RIGHT["T01"], "T01-Q01": "C"}).hands_in("T01")
    assert [t.state for t in instructor.collects(hours_later=11)] == ["accepted"]
    cadre.answers("T01").hands_in("T01")
    assert [t.state for t in instructor.collects(hours_later=12)] == ["accepted"]
    cadre.answers("T01", {**RIGHT["T01"], "T01-Q01": "A"}).hands_in("T01")
    assert [(t.state, t.code) for t in instructor.collects(hours_later=24)] == [("refused", "E-ATT-LIMIT")]
    instructor.grades()
    assert [(r["attempt_id"], r["score"]) for r in instructor.ledger()] == [
        ("CB-000001.T01.1", "0.00"),
        ("CB-000001.T01.4", "3.00"),
        ("CB-000001.T01.5", "5.00"),
    ]
    assert len(list((instructor.workspace.root / "attempts/CB-000001/T01").iterdir())) == 6


def test_no_new_attempt_while_one_awaits_a_marker(instructor: Instructor) -> None:
    cadre = Cadre("CB-000001", instructor)
    cadre.answers("T02").hands_in("T02")
    instructor.collects()
    instructor.grades()
    cadre.answers("T02", {**RIGHT["T02"], "T02-Q02": "x"}).hands_in("T02")
    assert [(t.state, t.code) for t in instructor.collects(hours_later=20)] == [("refused", "E-ATT-MARK")]


def test_marks_of_the_old_attempt_survive_in_the_ledger(instructor: Instructor) -> None:
    cadre = Cadre("CB-000001", instructor)
    cadre.answers("T02").hands_in("T02")
    instructor.collects()
    instructor.grades()
    instructor.marks("CB-000001", "T02", "T02-Q01", 1)
    instructor.grades()
    cadre.answers("T02", {**RIGHT["T02"], "T02-Q01": "Một bài viết khác hẳn cho tổ vận hành."}).hands_in("T02")
    instructor.collects(hours_later=13)
    instructor.grades()
    rows = {r["attempt_id"]: r for r in instructor.ledger()}
    assert (rows["CB-000001.T02.1"]["score"], rows["CB-000001.T02.1"]["status"]) == ("2.00", "graded")
    assert rows["CB-000001.T02.2"]["status"] == "pending_manual"


def test_a_marked_automatic_item_overrules_what_could_not_be_graded(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T01", {"T01-Q01": ["B"], "T01-Q02": RIGHT["T01"]["T01-Q02"]}).hands_in(
        "T01"
    )
    instructor.collects()
    instructor.grades()
    assert instructor.ledger()[0]["score"] == "3.00"
    instructor.marks("CB-000001", "T01", "T01-Q01", 2)
    instructor.grades()
    assert instructor.ledger()[0]["score"] == "5.00"


def test_one_mailed_notebook_is_a_whole_submission(instructor: Instructor) -> None:
    from course.answers import parse
    from course.handin import complete_copy

    cadre = Cadre("CB-000001", instructor)
    folder = cadre.answers("T02").home / "T02"
    copy = folder.parent / "gui"
    complete_copy(folder, parse((folder / "answers.json").read_bytes()), copy)
    dropped = instructor.root / "thu-dien-tu"
    dropped.mkdir()
    (copy / "T02.ipynb").rename(dropped / "bài của tôi (1).IPYNB")
    taken = instructor.collects(source=dropped)
    assert [(t.person, t.module, t.state) for t in taken] == [("CB-000001", "T02", "accepted")]
    instructor.grades()
    (row,) = instructor.ledger()
    assert (row["score"], row["status"]) == ("", "pending_manual"), "an essay awaits its marks"
    submitted = (instructor.workspace.submitted("CB-000001", "T02") / "T02.ipynb").read_text(encoding="utf-8")
    assert "giao ca và báo lại" in submitted


def test_stock_nbgrader_opens_the_workspace(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T01").hands_in("T01")
    instructor.collects()
    instructor.grades()
    listed = stock_nbgrader(instructor.root, "db", "assignment", "list")
    assert "T01" in listed
    stock_nbgrader(instructor.root, "export")
    row = next(
        line
        for line in (instructor.root / "grades.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("T01")
    )
    assert "CB-000001" in row
    assert ",5.0," in row


def test_stock_nbgrader_knows_the_version_of_its_tables(instructor: Instructor) -> None:
    """Also in a workspace from before we noted it."""
    for old in (False, True):
        if old:
            with instructor.engine.begin() as connection:
                connection.exec_driver_sql("DROP TABLE alembic_version")
            nbgrader_bridge.open_gradebook(instructor.workspace).dispose()
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        stock_nbgrader(instructor.root, "db", "upgrade", PATH=path)


def test_points_are_exact(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T01", {"T01-Q01": "B", "T01-Q02": {"a": "91,2"}}).hands_in("T01")
    instructor.collects()
    instructor.grades()
    assert Decimal(instructor.ledger()[0]["score"]) == Decimal(4)


def test_grading_again_keeps_what_a_person_decided(instructor: Instructor) -> None:
    for person in ("CB-000001", "CB-000002"):
        Cadre(person, instructor).answers("T02").hands_in("T02")
    instructor.collects()
    instructor.grades("T02")
    instructor.marks("CB-000001", "T02", "T02-Q01", 4)
    instructor.grades("T02")
    before = {r["attempt_id"]: (r["score"], r["status"]) for r in instructor.ledger()}
    assert instructor.grades("T02", again=True) == 1
    assert {r["attempt_id"]: (r["score"], r["status"]) for r in instructor.ledger()} == before


def test_a_key_newer_than_what_was_handed_out_leaves_what_was_handed_in_to_its_own_key(instructor: Instructor) -> None:
    for module in ("T01", "T02"):
        Cadre("CB-000001", instructor).answers(module).hands_in(module)
    instructor.collects()
    added = SINGLE.replace("T01-Q01", "T01-Q03")
    instructor.author.writes("T01", SINGLE, NUMBER, added)
    rules = instructor.author.course / "course.yaml"
    rules.write_text(
        rules.read_text(encoding="utf-8").replace("points: 5, pass_mark: 4}", "points: 7, pass_mark: 4}", 1),
        encoding="utf-8",
    )
    build.build(instructor.workspace, instructor.author.text("T01"))
    where = (
        "--workspace",
        instructor.root,
        "--course",
        instructor.author.course,
        "--exercises",
        instructor.author.exercises,
    )
    done = moduong("grade", *where[:4])
    assert done.returncode == 0, done.stderr
    assert "T01: chấm 1 lượt" in done.stdout
    assert "T02: chấm 1 lượt" in done.stdout
    # nbgrader takes no further cell once it shows a hand-in; what was handed out stays
    released = moduong("release", "T01", *where)
    assert (released.returncode, "E-REL-1" in released.stderr) == (2, True), released.stderr
    assert b"T01-Q03" not in (instructor.workspace.release("T01") / "items.json").read_bytes()
    assert [(r["attempt_id"], r["score"]) for r in instructor.ledger() if r["module_id"] == "T01"] == [
        ("CB-000001.T01.1", "5.00")
    ]
