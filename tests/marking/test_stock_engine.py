"""``grade --engine nbgrader``.

Cells that an instructor wrote for nbgrader are scored by it, and never become a mark by accident.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from grader.commands.watch import Watch, Watched
from grader.gradebook import results
from grader.gradebook.results import Result
from grader.marking import grade
from tests.support.attackers import dumped, entry, notebook
from tests.support.people import RIGHT, WRONG, Cadre, Instructor, moduong, stock_nbgrader

MODULE = "T01"
TASK = {
    "cell_type": "code",
    "execution_count": None,
    "id": "them-bai",
    "outputs": [],
    "source": "def gap_doi(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
}
TEST = {
    "cell_type": "code",
    "execution_count": None,
    "id": "them-thu",
    "outputs": [],
    "source": "assert gap_doi(21) == 42\n### BEGIN HIDDEN TESTS\nassert gap_doi(-1) == -2\n### END HIDDEN TESTS",
}


def nbgrader(grade_id: str, *, points: float | None = None) -> dict[str, Any]:
    ours = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": points is not None,
        "schema_version": 3,
        "solution": points is None,
        "task": False,
    }
    return {"nbgrader": ours | ({} if points is None else {"points": points})}


@pytest.fixture
def legacy(instructor: Instructor) -> Instructor:
    """An instructor who has added a task with hidden tests to T01 in Jupyter and handed it out with stock nbgrader."""
    path = instructor.workspace.source(MODULE) / f"{MODULE}.ipynb"
    source = json.loads(path.read_bytes())
    source["cells"] += [
        {**TASK, "metadata": nbgrader("gap-doi")},
        {**TEST, "metadata": nbgrader("gap-doi-thu", points=4.0)},
    ]
    path.write_text(json.dumps(source), encoding="utf-8")
    instructor.engine.dispose()
    stock_nbgrader(instructor.root, "generate_assignment", MODULE, "--force")
    return instructor


def hands_in(
    instructor: Instructor, person: str, code: str, values: dict[str, Any] | None = None, name: str = ""
) -> Path:
    """Put a notebook into the exchange: answers of the page, and ``code`` in the added solution cell."""
    data = notebook(instructor, person, values=RIGHT[MODULE] if values is None else values)
    cell = next(c for c in data["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "gap-doi")
    cell["source"] = code
    folder = entry(instructor, person, name=name)
    (folder / f"{MODULE}.ipynb").write_bytes(dumped(data))
    return folder


def command(instructor: Instructor, *arguments: str, code: int = 0) -> dict[str, Any]:
    done = moduong(
        "grade", MODULE, "--workspace", instructor.root, "--course", instructor.author.course, "--json", *arguments
    )
    assert done.returncode == code, done.stderr
    (found,) = json.loads(done.stdout)["modules"]
    return {**found, "said": done.stderr}


def results_of(instructor: Instructor) -> dict[str, Result]:
    with instructor.engine.connect() as connection:
        return results.read(connection, results.attempts.c.module_id == MODULE)


GOOD, BAD = "def gap_doi(x):\n    return x + x", "def gap_doi(x):\n    return 42"


def test_our_engine_leaves_it_and_the_other_reads_nbgraders_points(legacy: Instructor) -> None:
    hands_in(legacy, "CB-000001", GOOD)
    hands_in(legacy, "CB-000002", BAD, dict(WRONG[MODULE]))
    legacy.collects()
    left = command(legacy, "--lang", "en")
    assert (left["graded"], left["left_to_nbgrader"], left["problems"]) == (0, 2, [])
    assert "E-GRADE-4: T01:" in left["said"]
    assert results_of(legacy) == {}
    done = command(legacy, "--engine", "nbgrader", "--jobs", "2", "--lang", "en")
    assert (done["graded"], done["states"], done["problems"]) == (2, {"graded": 2}, [])
    assert "runs learners' code" in done["said"]
    found = results_of(legacy)
    assert {a: (str(r.score), str(r.max_score), r.cause, r.state) for a, r in found.items()} == {
        "CB-000001.T01.1": ("9.00", "9.00", "grade", "graded"),
        "CB-000002.T01.1": ("0.00", "9.00", "grade", "graded"),
    }
    assert [i["id"] for i in found["CB-000001.T01.1"].items] == ["T01-Q01", "T01-Q02", "gap-doi-thu"]
    with sqlite3.connect(legacy.workspace.gradebook) as book:
        assert book.execute("SELECT sum(auto_score), count(*) FROM grade").fetchone() == (9.0, 6)
    graded = (legacy.workspace.autograded("CB-000001", MODULE) / f"{MODULE}.ipynb").read_text(encoding="utf-8")
    assert "return x + x" in graded
    assert command(legacy, "--engine", "nbgrader")["graded"] == 0


def test_a_mark_keeps_nbgraders_points_and_regrade_refuses(legacy: Instructor) -> None:
    hands_in(legacy, "CB-000001", BAD)
    legacy.collects()
    command(legacy, "--engine", "nbgrader")
    legacy.marks("CB-000001", MODULE, "gap-doi-thu", 1.5)
    assert command(legacy)["marks"] == 1
    found = results_of(legacy)["CB-000001.T01.1"]
    assert (str(found.score), found.cause) == ("6.50", "manual")
    assert command(legacy, "--engine", "nbgrader", "--force")["graded"] == 0  # a person has decided
    done = moduong("regrade", MODULE, "--workspace", legacy.root, "--course", legacy.author.course)
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-GRADE-6")


HOSTILE = {
    "gradebook": """
        import sqlite3, pathlib
        here = pathlib.Path.cwd()
        root = next(p for p in here.parents if (p / "gradebook.db").exists())
        with sqlite3.connect(root / "gradebook.db", timeout=5) as book:
            book.execute("UPDATE grade SET manual_score = 999, auto_score = 999")
        assert not list(root.glob("keys/*")) and not list(root.glob("source/*/*.ipynb"))
        def gap_doi(x): return None
    """,
    "dies": "import os\nos._exit(0)",
}


def test_what_nbgrader_cannot_grade_or_a_learner_forges_is_no_mark(legacy: Instructor) -> None:
    hands_in(legacy, "CB-000001", dedent(HOSTILE["gradebook"]).strip(), {})
    hands_in(legacy, "CB-000002", HOSTILE["dies"])
    folder = hands_in(legacy, "CB-000003", GOOD)
    data = json.loads((folder / f"{MODULE}.ipynb").read_bytes())
    (folder / f"{MODULE}.ipynb").write_bytes(
        dumped({**data, "cells": data["cells"] * 2})
    )  # nbgrader stops at cells that are there twice
    hands_in(legacy, "CB-000004", GOOD)
    folder = hands_in(legacy, "CB-000005", GOOD)
    data = json.loads((folder / f"{MODULE}.ipynb").read_bytes())
    data["cells"] = [
        c for c in data["cells"] if c["metadata"]["nbgrader"]["grade_id"] != "gap-doi-thu"
    ]  # nbgrader finds nothing to score
    (folder / f"{MODULE}.ipynb").write_bytes(dumped(data))
    legacy.collects()
    done = command(legacy, "--engine", "nbgrader", code=1)
    found = {a: (str(r.score), r.state) for a, r in results_of(legacy).items()}
    assert found == {
        "CB-000001.T01.1": ("0.00", "graded"),
        "CB-000004.T01.1": ("9.00", "graded"),
        "CB-000005.T01.1": ("5.00", "pending_manual"),
    }
    assert [p["code"] for p in done["problems"]] == ["E-GRADE-3", "E-GRADE-3"]
    run = (legacy.workspace.autograded("CB-000001", MODULE) / f"{MODULE}.ipynb").read_text(encoding="utf-8")
    assert "AssertionError" not in run.split("gap-doi-thu")[0]  # what it looked for was not there
    with sqlite3.connect(legacy.workspace.gradebook) as book:
        assert book.execute("SELECT count(*) FROM grade WHERE manual_score IS NOT NULL").fetchone() == (0,)
        assert book.execute("SELECT student_id FROM submitted_assignment ORDER BY 1").fetchall() == [
            ("CB-000001",),
            ("CB-000004",),
            ("CB-000005",),
        ]


def test_an_earlier_attempt_is_graded_too_and_the_newest_one_is_shown(legacy: Instructor) -> None:
    hands_in(legacy, "CB-000001", GOOD, name="CB-000001+T01+1+x")
    legacy.collects()
    hands_in(legacy, "CB-000001", BAD, dict(WRONG[MODULE]), name="CB-000001+T01+2+x")
    legacy.collects(hours_later=13)
    assert command(legacy, "--engine", "nbgrader")["graded"] == 2
    assert {a: str(r.score) for a, r in results_of(legacy).items()} == {
        "CB-000001.T01.1": "9.00",
        "CB-000001.T01.2": "0.00",
    }
    with sqlite3.connect(legacy.workspace.gradebook) as book:
        assert book.execute("SELECT sum(auto_score) FROM grade").fetchone() == (0.0,)


def test_a_module_of_ours_gets_the_same_marks_from_both_engines(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers(MODULE).hands_in(MODULE)
    instructor.collects()
    command(instructor)
    (ours,) = results_of(instructor).values()
    command(instructor, "--engine", "nbgrader", "--force")
    (theirs,) = results_of(instructor).values()
    assert (theirs.cause, theirs.items, theirs.score) == ("regrade", ours.items, ours.score)
    text = (instructor.workspace.autograded("CB-000001", MODULE) / f"{MODULE}.ipynb").read_text(encoding="utf-8")
    assert '"2.0"' in text
    assert "Error" not in text


def test_a_rewritten_test_of_ours_and_one_that_was_not_handed_out(instructor: Instructor) -> None:
    path = instructor.workspace.source(MODULE) / f"{MODULE}.ipynb"
    source = json.loads(path.read_bytes())
    ours = next(c for c in source["cells"] if c["metadata"]["nbgrader"]["grade_id"] == "T01-Q01")
    ours["source"] = ["1.5\n", "# của giảng viên"]
    path.write_text(json.dumps(source), encoding="utf-8")
    assert [(i["id"], i["type"]) for i in grade.load_key(instructor.workspace, MODULE)["items"]] == [
        ("T01-Q01", "nbgrader"),
        ("T01-Q02", "number"),
    ]
    source["cells"].append({**TEST, "metadata": nbgrader("moi", points=1.0)})
    path.write_text(json.dumps(source), encoding="utf-8")
    done = moduong(
        "grade", MODULE, "--engine", "nbgrader", "--workspace", instructor.root, "--course", instructor.author.course
    )
    assert (done.returncode, [line.split(":")[0] for line in done.stderr.splitlines()][-1]) == (2, "E-GRADE-5")
    wrong = moduong(
        "grade", MODULE, "--engine", "otter", "--workspace", instructor.root, "--course", instructor.author.course
    )
    assert (wrong.returncode, wrong.stderr.split(":")[0]) == (2, "E-OPT-2")


def test_the_watch_says_that_it_leaves_them(legacy: Instructor) -> None:
    watch = Watch(Watched(legacy.workspace, legacy.engine, legacy.rules, legacy.policy, lambda: (legacy.now, True)))
    hands_in(legacy, "CB-000001", GOOD)
    done = watch.round()
    while not done.taken:  # an entry that is still being written is left for a moment
        done = watch.round()
    assert (len(done.taken), done.graded, [p.code for p in done.problems]) == (1, 0, ["E-GRADE-4"])
    assert not watch.round().problems
