"""nbgrader's tables in ``gradebook.db``, read and written a set at a time.

Our rows are those that its own code would have written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.words import _
from grader.ground.errors import ModuongError

_student = sa.table("student", *map(sa.column, ("id", "first_name", "last_name", "email", "lms_user_id")))
_assignment = sa.table("assignment", *map(sa.column, ("id", "name")))
_notebook = sa.table("notebook", *map(sa.column, ("id", "name", "assignment_id")))
_base_cell = sa.table("base_cell", *map(sa.column, ("id", "name", "notebook_id", "type")))
submitted_assignments = sa.table(
    "submitted_assignment", *map(sa.column, ("id", "assignment_id", "student_id", "timestamp"))
)
submitted_notebooks = sa.table(
    "submitted_notebook", *map(sa.column, ("id", "assignment_id", "notebook_id", "flagged", "late_submission_penalty"))
)
grade_rows = sa.table(
    "grade",
    *map(
        sa.column, ("id", "notebook_id", "cell_id", "auto_score", "manual_score", "extra_credit", "needs_manual_grade")
    ),
)
comment_rows = sa.table("comment", *map(sa.column, ("id", "notebook_id", "cell_id", "auto_comment", "manual_comment")))


@dataclass(frozen=True, slots=True)
class Registered:
    """What the gradebook knows of a module: assignment, notebook, and its grade and solution cells (name → id)."""

    assignment_id: str
    notebook_id: str
    grade_cells: Mapping[str, str]
    solution_cells: Mapping[str, str]


def registered(connection: Connection, module: str) -> Registered | None:
    """Return the module's registration, or ``None`` when it was never released."""
    row = connection.execute(
        sa.select(_assignment.c.id, _notebook.c.id)
        .select_from(_assignment.join(_notebook, _notebook.c.assignment_id == _assignment.c.id))
        .where(_assignment.c.name == module, _notebook.c.name == module)
    ).first()
    if row is None:
        return None
    cells = connection.execute(
        sa.select(_base_cell.c.name, _base_cell.c.id, _base_cell.c.type).where(_base_cell.c.notebook_id == row[1])
    ).all()
    return Registered(
        row[0],
        row[1],
        {name: cell for name, cell, kind in cells if kind in {"GradeCell", "TaskCell"}},
        {name: cell for name, cell, kind in cells if kind == "SolutionCell"},
    )


class GradeRow(NamedTuple):
    """The score of one grade cell: automatic points (``None``: not known), whether a marker is needed.

    Many travel between processes.
    """

    grade_id: str
    auto_score: float | None
    needs_manual_grade: bool


@dataclass(frozen=True, slots=True)
class Submission:
    """One current submission as nbgrader stores it; ``submitted_at`` is an aware instant."""

    person: str
    submitted_at: datetime
    grades: tuple[GradeRow, ...]
    blank_answers: frozenset[str]


def submission_id(module: str, person: str) -> str:
    """Return nbgrader's kind of id, the same for the same submission, so that a repeated batch writes equal rows.

    The rows below it have ids that begin with it: submissions stored in this order only append to nbgrader's indexes.
    """
    return hashlib.blake2b(f"{module}\x1f{person}".encode(), digest_size=16).hexdigest()


def _refuse_unknown(entry: Registered, batch: Iterable[Submission]) -> None:
    """Refuse points for a cell that the gradebook does not have: the key is newer than what was handed out.

    Raises:
        ModuongError: ``E-GRADE-5``; nothing was written, the attempts go on waiting.
    """
    unknown = sorted({g.grade_id for s in batch for g in s.grades} - set(entry.grade_cells))
    if unknown:
        raise ModuongError(
            "E-GRADE-5",
            _(
                "{unknown}: sổ điểm chưa biết câu này. Hãy chạy «moduong release» cho học phần rồi chấm lại; bài "
                "nộp vẫn được giữ.",
                unknown=unknown[0],
            ),
        )


def _rows(module: str, entry: Registered, batch: Sequence[Submission]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of nbgrader's four tables, in the order of their ids."""
    rows: dict[str, list[dict[str, Any]]] = {"assignment": [], "notebook": [], "grade": [], "comment": []}
    for s in batch:
        assignment = notebook = submission_id(module, s.person)
        naive = s.submitted_at.astimezone(UTC).replace(tzinfo=None)
        rows["assignment"].append(
            {"id": assignment, "assignment_id": entry.assignment_id, "student_id": s.person, "timestamp": naive}
        )
        rows["notebook"].append(
            {
                "id": notebook,
                "assignment_id": assignment,
                "notebook_id": entry.notebook_id,
                "flagged": False,
                "late_submission_penalty": None,
            }
        )
        rows["grade"] += [
            {
                "id": notebook[:24] + f"{n:08x}",
                "notebook_id": notebook,
                "cell_id": entry.grade_cells[g.grade_id],
                "auto_score": g.auto_score,
                "manual_score": None,
                "extra_credit": None,
                "needs_manual_grade": g.needs_manual_grade,
            }
            for n, g in enumerate(s.grades)
        ]
        rows["comment"] += [
            {
                "id": notebook[:24] + f"{n:08x}",
                "notebook_id": notebook,
                "cell_id": cell,
                "auto_comment": "No response." if name in s.blank_answers else None,
                "manual_comment": None,
            }
            for n, (name, cell) in enumerate(sorted(entry.solution_cells.items()))
        ]
    return rows


def store(connection: Connection, module: str, entry: Registered, submissions: Iterable[Submission]) -> None:
    """Write submissions into nbgrader's tables, replacing earlier ones of the same people.

    Set-based, in the caller's transaction.

    Manual scores of the replaced rows are gone afterwards: read them first with ``manual_marks``.

    Raises:
        ModuongError: ``E-GRADE-5``.
    """
    batch = list(submissions)
    if not batch:
        return
    _refuse_unknown(entry, batch)
    people = [s.person for s in batch]
    _clear(connection, entry, people)
    known = set(connection.execute(sa.select(_student.c.id).where(_student.c.id.in_(people))).scalars())
    if missing := [p for p in people if p not in known]:
        connection.execute(sa.insert(_student), [{"id": p} for p in missing])
    rows = _rows(module, entry, batch)
    for table, kind in (
        (submitted_assignments, "assignment"),
        (submitted_notebooks, "notebook"),
        (grade_rows, "grade"),
        (comment_rows, "comment"),
    ):
        if rows[kind]:
            connection.execute(_typed_insert(table), rows[kind])


def _typed_insert(table: sa.TableClause) -> sa.Insert:
    """Return an insert whose timestamp column is bound as a date and time."""
    if table is submitted_assignments:
        return sa.insert(
            sa.table(
                "submitted_assignment",
                *(sa.column(c.name, sa.DateTime) if c.name == "timestamp" else sa.column(c.name) for c in table.c),
            )
        )
    return sa.insert(table)


def _clear(connection: Connection, entry: Registered, people: list[str]) -> None:
    """Remove the people's rows for this module, whoever wrote them.

    By cell and notebook, for which alone nbgrader has an index.
    """
    old = sa.select(submitted_assignments.c.id).where(
        submitted_assignments.c.assignment_id == entry.assignment_id, submitted_assignments.c.student_id.in_(people)
    )
    mine = (submitted_notebooks.c.notebook_id == entry.notebook_id) & submitted_notebooks.c.assignment_id.in_(old)
    notebooks = sa.select(submitted_notebooks.c.id).where(mine)
    cells = [*entry.grade_cells.values(), *entry.solution_cells.values()]
    for table in (grade_rows, comment_rows):
        connection.execute(sa.delete(table).where(table.c.cell_id.in_(cells), table.c.notebook_id.in_(notebooks)))
    connection.execute(sa.delete(submitted_notebooks).where(mine))
    connection.execute(sa.delete(submitted_assignments).where(submitted_assignments.c.id.in_(old)))


def rescore(connection: Connection, entry: Registered, submissions: Iterable[Submission]) -> None:
    """Write new automatic points of submissions that the gradebook holds; marks and comments that people gave stay.

    Raises:
        ModuongError: ``E-GRADE-5``.
    """
    batch = list(submissions)
    _refuse_unknown(entry, batch)
    query = (
        sa.select(submitted_assignments.c.student_id, submitted_notebooks.c.id)
        .select_from(
            submitted_notebooks.join(
                submitted_assignments, submitted_assignments.c.id == submitted_notebooks.c.assignment_id
            )
        )
        .where(
            submitted_assignments.c.assignment_id == entry.assignment_id,
            submitted_assignments.c.student_id.in_([s.person for s in batch]),
        )
    )
    notebooks = {row[0]: row[1] for row in connection.execute(query)}
    rows = [
        {
            "of": notebooks[s.person],
            "cell": entry.grade_cells[g.grade_id],
            "auto": g.auto_score,
            "waits": g.needs_manual_grade,
        }
        for s in batch
        if s.person in notebooks
        for g in s.grades
    ]
    if rows:
        one = (grade_rows.c.notebook_id == sa.bindparam("of")) & (grade_rows.c.cell_id == sa.bindparam("cell"))
        waits = sa.case(
            (grade_rows.c.manual_score.is_not(None), sa.false()), else_=sa.bindparam("waits", type_=sa.Boolean)
        )
        connection.execute(
            sa.update(grade_rows).where(one).values(auto_score=sa.bindparam("auto"), needs_manual_grade=waits), rows
        )
