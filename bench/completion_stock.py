"""The same totals by ``nbgrader export`` and pandas, on the same gradebook: what ``bench completion`` compares with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from nbgrader.api import Gradebook

from bench.measure import run
from grader.gradebook import nbgrader_bridge, nbgrader_tables
from grader.gradebook.nbgrader_tables import GradeRow, Submission
from grader.ground import database
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace

_CELLS = 10
_TOTALS = """
import pandas as pd
grades = pd.read_csv("grades.csv")
grades["passed"] = 100 * grades.score >= grades.assignment.map(MARKS) * 100 * grades.max_score / 20 - 1e-6
trained = grades.groupby("student_id").passed.agg(["all", "count"])
corporations = pd.Series(CORPORATIONS)
print(trained["all"].groupby(corporations).agg(["sum", "count"]).to_json(orient="index"))
"""


def seconds(space: Workspace, rules: Syllabus, corporations: dict[str, str], folder: Path) -> tuple[float, str]:
    """Return the wall seconds of export and totals, start-up included, and the totals as pandas prints them."""
    fill(space, rules)
    exported = run([sys.executable, "-m", "nbgrader", "export", "--to", "grades.csv"], cwd=space.root).seconds
    marks = {module: float(rule.pass_mark) for module, rule in rules.modules.items()}
    script = folder / "totals.py"
    body = (
        _TOTALS.replace("MARKS", repr(marks))
        .replace("CORPORATIONS", repr(corporations))
        .replace("print(", "open('totals.json', 'w').write(")
    )
    script.write_text(body, encoding="utf-8")
    counted = run([sys.executable, script], cwd=space.root).seconds
    return exported + counted, (space.root / "totals.json").read_text(encoding="utf-8")


def fill(space: Workspace, rules: Syllabus) -> None:
    """Write the newest result of every attempt into nbgrader's own tables, as ``grade`` does, ten cells a module."""
    with Gradebook(f"sqlite:///{space.gradebook}", rules.course.id) as book:
        for module in rules.modules:
            book.add_assignment(module)
            book.add_notebook(module, module)
            for number in range(_CELLS):
                book.add_grade_cell(f"{module}-Q{number:02}", module, module, max_score=20 / _CELLS, cell_type="code")
    engine = nbgrader_bridge.open_gradebook(space)
    with database.writing(engine) as connection:
        for module in rules.modules:
            entry = nbgrader_tables.registered(connection, module)
            assert entry is not None  # just added
            nbgrader_tables.store(connection, module, entry, list(_newest(connection, module)))
    engine.dispose()


def _newest(connection: sa.Connection, module: str) -> Iterator[Submission]:
    taken, found = database.attempts.c, database.results.c
    query = (
        sa.select(taken.person_id, found.graded_at, found.score)
        .join(database.results, found.attempt_id == taken.attempt_id)
        .where(taken.module_id == module)
        .order_by(taken.person_id, taken.number)
    )
    last = {person: (graded_at, score) for person, graded_at, score in connection.execute(query)}
    for person, (graded_at, score) in last.items():
        yield Submission(
            person, datetime.fromisoformat(graded_at), tuple(_cells(module, Decimal(f"{score:.2f}"))), frozenset()
        )


def _cells(module: str, score: Decimal) -> Iterator[GradeRow]:
    """Yield the module's cells, full from the first on until the score is used up."""
    most = Decimal(20) / _CELLS
    for number in range(_CELLS):
        yield GradeRow(
            f"{module}-Q{number:02}", float(min(most, max(Decimal(0), score - most * number))), needs_manual_grade=False
        )
