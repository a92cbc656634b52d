"""Stock nbgrader agrees.

``nbgrader autograde`` on a copy of the workspace gives honest, current submissions the same points.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.itemtypes.invented import simulate
from grader.marking import grade
from tests.loop.test_pipeline import PEOPLE as PEOPLE_CSV
from tests.loop.test_pipeline import POSTS, UNITS
from tests.support.people import ROOT, Author, Cadre, Coordinator, Instructor, stock_nbgrader

PEOPLE = 5
QUERY = """
    select sa.student_id, bc.name, g.auto_score, g.needs_manual_grade from grade g
    join submitted_notebook sn on sn.id = g.notebook_id join submitted_assignment sa on sa.id = sn.assignment_id
    join base_cell bc on bc.id = g.cell_id join assignment a on a.id = sa.assignment_id where a.name = ?
"""


class RealCourse(Author):
    """The shipped course instead of the tiny one."""

    @property
    def course(self) -> Path:
        return ROOT / "course"

    @property
    def exercises(self) -> Path:
        return ROOT / "exercises"


def scores(root: Path, module: str) -> dict[tuple[str, str], tuple[float, int]]:
    with sqlite3.connect(root / "gradebook.db") as book:
        return {(person, name): (score, bool(manual)) for person, name, score, manual in book.execute(QUERY, (module,))}


def autograde(root: Path, module: str) -> None:
    for folder in (root / "autograded").glob(f"*/{module}"):
        shutil.rmtree(folder)
    stock_nbgrader(root, "autograde", module, "--force")


def test_stock_autograde_gives_the_same_points(tmp_path: Path) -> None:
    one = Instructor(RealCourse(tmp_path), tmp_path / "workspace").releases("M01", "M02")
    for number in range(PEOPLE):
        for module in ("M01", "M02"):
            rng = random.Random(f"{number}{module}")
            keyed, cadre = grade.load_key(one.workspace, module)["items"], Cadre(f"CB-00000{number}", one)
            values = {
                k["id"]: simulate.right(k, body) if rng.random() < 0.6 else simulate.wrong(k, rng, body)
                for k in keyed
                if rng.random() < 0.9
                for body in [cadre.draws(module, k["id"])]
            }
            cadre.answers(module, values).hands_in(module)
    assert len(one.collects()) == 2 * PEOPLE
    one.grades("M01", "M02")
    ours = {module: scores(one.workspace.root, module) for module in ("M01", "M02")}
    assert all(len(rows) == 10 * PEOPLE for rows in ours.values())
    copy = tmp_path / "copy"
    shutil.copytree(one.workspace.root, copy)
    for module in ("M01", "M02"):
        autograde(copy, module)
        stock = scores(copy, module)
        assert {k: v[0] for k, v in stock.items()} == {k: v[0] for k, v in ours[module].items()}
    assert len({v[0] for rows in ours.values() for v in rows.values()}) > 3


def test_stock_leaves_an_essay_to_a_person_and_a_blank_one_at_zero(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T02").hands_in("T02")
    Cadre("CB-000002", instructor).answers("T02", {"T02-Q02": "đường cơ sở"}).hands_in("T02")
    instructor.collects()
    instructor.grades("T02")
    ours = scores(instructor.workspace.root, "T02")
    autograde(instructor.workspace.root, "T02")
    stock = scores(instructor.workspace.root, "T02")
    assert stock == ours
    assert stock["CB-000001", "T02-Q01"] == (None, True)
    assert stock["CB-000002", "T02-Q01"] == (0.0, False)


def test_stock_feedback_of_our_workspace_shows_no_key(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T01").hands_in("T01")
    instructor.collects()
    instructor.grades("T01")
    stock_nbgrader(instructor.root, "generate_feedback", "T01")
    page = (instructor.workspace.feedback("CB-000001", "T01") / "T01.html").read_text(encoding="utf-8")
    assert "Hiểu thói quen" not in page
    assert "Hỏi tổ trưởng" in page


@contextlib.contextmanager
def formgrader(root: Path) -> Iterator[Callable[[str, str, dict[str, object] | None], object]]:
    """Run a Jupyter server with stock formgrader in the workspace; yield a function (method, path, body) → JSON."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = [
        f"--ServerApp.port={port}",
        "--IdentityProvider.token=thu",
        "--ServerApp.open_browser=False",
        "--allow-root",
        f"--ServerApp.root_dir={root}",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "server", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_PATH": str(root), "HOME": str(root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def call(method: str, path: str, body: dict[str, object] | None = None) -> object:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/formgrader/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "token thu", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as reply:
            return json.loads(reply.read())

    try:
        for _ in range(300):
            try:
                call("GET", "assignments")
                break
            except (OSError, ValueError):
                assert process.poll() is None
                time.sleep(0.2)
        yield call
    finally:
        process.terminate()
        process.wait(30)


def test_a_mark_and_comment_given_in_formgrader_reach_completion(instructor: Instructor) -> None:
    coordinator = Coordinator(instructor)
    coordinator.enters(UNITS, PEOPLE_CSV, POSTS)
    for module in ("T01", "T02"):
        Cadre("CB-000001", instructor).answers(module).hands_in(module)
    instructor.collects()
    instructor.grades()
    assert coordinator.asks("2026-03-31").targets[0].rate.numerator == 0
    with sqlite3.connect(instructor.workspace.gradebook) as book:
        notebook = book.execute(
            "select sn.id from submitted_notebook sn join notebook n on n.id = sn.notebook_id where n.name = 'T02'"
        ).fetchone()[0]
    with formgrader(instructor.root) as call:
        assert {a["name"] for a in call("GET", "assignments", None)} == {"T01", "T02"}  # type: ignore[attr-defined]
        grades = call("GET", f"grades?submission_id={notebook}", None)
        essay = next(g for g in grades if g["name"] == "T02-Q01")  # type: ignore[attr-defined]
        call("PUT", f"grade/{essay['id']}", {"manual_score": 3.5})
        comments = call("GET", f"comments?submission_id={notebook}", None)
        comment = next(c for c in comments if c["name"] == "T02-Q01")  # type: ignore[attr-defined]
        call("PUT", f"comment/{comment['id']}", {"manual_comment": "Rõ người, rõ ngày."})
    instructor.grades("T02")
    assert coordinator.asks("2026-03-31").targets[0].rate.numerator == 1
    with sqlite3.connect(instructor.workspace.gradebook) as book:
        note = book.execute(
            "select note from moduong_result where attempt_id = 'CB-000001.T02.1' order by seq desc"
        ).fetchone()[0]
    assert "Rõ người, rõ ngày." in note
