"""A workspace that was made before the rooms.

Its releases open and grade, its marks stay, its attempts in flight arrive.

``files/before-the-rooms.zip`` holds a course, its workspace and ``ledger.json``, all written by the code of
28/11/2026 (76d634a): CB-1 was graded and marked by a person, CB-2 graded, CB-3 is still answering, CB-4 has handed in.
"""

from __future__ import annotations

import json
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
import sqlalchemy as sa
from nbclient import NotebookClient

from course.answers import parse
from grader import cli
from grader.commands.doctor import installation
from grader.gradebook.nbgrader_bridge import open_gradebook
from grader.ground import database, syllabus
from grader.ground.database import attempts
from grader.ground.errors import ModuongError
from grader.ground.workspace import open_workspace
from grader.intake.rebuild import rebuild
from tests.support.people import RIGHT, ROOT, Author, Cadre, Instructor, stock_nbgrader

FILES = Path(__file__).parent / "files"


@pytest.fixture
def old(tmp_path: Path) -> Instructor:
    """The instructor of that workspace, opened by the code of today."""
    with zipfile.ZipFile(FILES / "before-the-rooms.zip") as archive:
        archive.extractall(tmp_path)
    with pytest.raises(ModuongError, match="E-WS-3"):  # others could enter, as was usual
        open_workspace(tmp_path / "workspace", "thu")
    installation.mend(tmp_path / "workspace", syllabus.load(tmp_path / "course" / "course.yaml"), datetime.now(UTC))
    with pytest.raises(ModuongError, match="E-DB-9"):  # nothing is changed in passing
        Instructor(Author(tmp_path), tmp_path / "workspace")
    where = ("--workspace", str(tmp_path / "workspace"), "--course", str(tmp_path / "course"))
    for _again in range(2):
        cli.app(["db", "upgrade", *where], standalone_mode=False)
    assert len(list((tmp_path / "workspace-backup").iterdir())) == 1
    return Instructor(Author(tmp_path), tmp_path / "workspace")


def kept(old: Instructor) -> list[dict[str, str]]:
    return list(json.loads((old.root.parent / "ledger.json").read_text(encoding="utf-8")))


def test_every_mark_stays_and_a_hand_in_that_waits_is_graded(old: Instructor) -> None:
    assert old.ledger() == kept(old)
    assert [t.state for t in old.collects(hours_later=2)] == ["accepted"]
    assert old.grades() == 1
    rows = {row["attempt_id"]: row for row in old.ledger()}
    assert [rows[row["attempt_id"]] for row in kept(old)] == kept(old)
    assert (rows["CB-4.T01.1"]["score"], rows["CB-4.T01.1"]["status"]) == ("5.00", "graded")


def test_a_ledger_is_rebuilt_from_what_was_kept_before_the_notes_held_its_rows(old: Instructor) -> None:
    with old.engine.connect() as connection:
        before = connection.execute(sa.select(attempts).order_by(attempts.c.attempt_id)).mappings().all()
    old.engine.dispose()
    old.workspace.gradebook.unlink()
    cli.app(
        ["restore", "--workspace", str(old.root), "--course", str(old.author.course)], standalone_mode=False
    )  # the backup that the upgrade made
    old.engine = open_gradebook(old.workspace)
    with database.writing(old.engine) as connection:
        assert connection.execute(sa.delete(attempts)).rowcount == len(before) > 0
        assert rebuild(old.workspace, connection) == (len(before), [])
        after = connection.execute(sa.select(attempts).order_by(attempts.c.attempt_id)).mappings().all()
    not_kept = {"identity", "simulated"}
    plain = [[{n: v for n, v in row.items() if n not in not_kept} for row in rows] for rows in (before, after)]
    assert plain[0] == plain[1]


def test_who_was_answering_goes_on_and_hands_in(old: Instructor) -> None:
    cadre = Cadre("CB-3", old)
    before = parse((cadre.home / "T01" / "answers.json").read_bytes())
    assert {name: a.value for name, a in before.answers.items()} == dict(list(RIGHT["T01"].items())[:1])
    cadre.answers("T01")
    cadre.hands_in("T01")
    assert {t.person for t in old.collects(hours_later=3)} == {"CB-3", "CB-4"}
    old.grades()
    assert {row["attempt_id"]: row["score"] for row in old.ledger()}["CB-3.T01.1"] == "5.00"


def test_a_released_notebook_runs_with_the_names_it_imports(old: Instructor) -> None:
    """``from course import ask, practice, lab``, ``from grader import points`` stand in released notebooks for ever."""
    folder = old.workspace.learner("CB-1") / "T01"
    notebook = nbformat.read(folder / "T01.ipynb", as_version=4)
    environment = {**os.environ, "NBGRADER_EXECUTION": "autograde", "PYTHONPATH": str(ROOT)}
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    shown = json.dumps([cell.get("outputs", []) for cell in notebook.cells], ensure_ascii=False)
    assert "Hỏi tổ trưởng" in shown
    source = nbformat.read(old.workspace.source("T01") / "T01.ipynb", as_version=4)
    assert any("from grader import points" in cell.source for cell in source.cells)


def test_stock_nbgrader_gives_the_same_points(old: Instructor) -> None:
    stock_nbgrader(old.root, "autograde", "T01", "--force")
    from nbgrader.api import Gradebook

    with Gradebook(old.workspace.database, old.rules.course.id) as book:
        stock = {s.student.id: s.score for s in book.assignment_submissions("T01")}
    wanted = {row["person_id"]: float(row["score"]) for row in kept(old) if row["module_id"] == "T01"}
    assert {person: stock[person] for person in wanted} == wanted
