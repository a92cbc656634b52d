"""nbgrader's tables in ``gradebook.db``, read and written a set at a time.

Our rows are those that its own code would have written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from course.words import _
from grader.ground.errors import ModuongError

_student = sa.table("student", *map(sa.column, ("id", "first_name", "last_name", "email", "lms_user_id")))
_assignment = sa.table("assignment", *map(sa.column, ("id", "name")))
_notebook = sa.table("notebook", *map(sa.column, ("id", "name", "assignment_id")))
_base_cell = sa.table("base_cell", *map(sa.column, ("id", "name", "notebook_id", "type")))
_submitted_assignment = sa.table(
    "submitted_assignment", *map(sa.column, ("id", "assignment_id", "student_id", "timestamp"))
)
_submitted_notebook = sa.table(
    "submitted_notebook", *map(sa.column, ("id", "assignment_id", "notebook_id", "flagged", "late_submission_penalty"))
)
_grade = sa.table(
    "grade",
    *map(
        sa.column, ("id", "notebook_id", "cell_id", "auto_score", "manual_score", "extra_credit", "needs_manual_grade")
    ),
)
_comment = sa.table("comment", *map(sa.column, ("id", "notebook_id", "cell_id", "auto_comment", "manual_comment")))


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
        (_submitted_assignment, "assignment"),
        (_submitted_notebook, "notebook"),
        (_grade, "grade"),
        (_comment, "comment"),
    ):
        if rows[kind]:
            connection.execute(_typed_insert(table), rows[kind])


def _typed_insert(table: sa.TableClause) -> sa.Insert:
    """Return an insert whose timestamp column is bound as a date and time."""
    if table is _submitted_assignment:
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
    old = sa.select(_submitted_assignment.c.id).where(
        _submitted_assignment.c.assignment_id == entry.assignment_id, _submitted_assignment.c.student_id.in_(people)
    )
    mine = (_submitted_notebook.c.notebook_id == entry.notebook_id) & _submitted_notebook.c.assignment_id.in_(old)
    notebooks = sa.select(_submitted_notebook.c.id).where(mine)
    cells = [*entry.grade_cells.values(), *entry.solution_cells.values()]
    for table in (_grade, _comment):
        connection.execute(sa.delete(table).where(table.c.cell_id.in_(cells), table.c.notebook_id.in_(notebooks)))
    connection.execute(sa.delete(_submitted_notebook).where(mine))
    connection.execute(sa.delete(_submitted_assignment).where(_submitted_assignment.c.id.in_(old)))


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark and comment given in formgrader."""

    person: str
    grade_id: str
    points: Decimal
    comment: str


def manual_marks(connection: Connection, entry: Registered) -> list[Mark]:
    """Return the marks that people gave in this module's current submissions.

    nbgrader keeps a comment on the solution cell.
    """
    people = (
        sa.select(_submitted_notebook.c.id, _submitted_assignment.c.student_id)
        .select_from(
            _submitted_notebook.join(
                _submitted_assignment, _submitted_assignment.c.id == _submitted_notebook.c.assignment_id
            )
        )
        .where(_submitted_assignment.c.assignment_id == entry.assignment_id)
        .subquery()
    )
    marked = connection.execute(
        sa.select(people.c.id, people.c.student_id, _grade.c.cell_id, _grade.c.manual_score)
        .select_from(people.join(_grade, _grade.c.notebook_id == people.c.id))
        .where(_grade.c.manual_score.is_not(None), _grade.c.cell_id.in_(list(entry.grade_cells.values())))
    ).all()
    if not marked:
        return []
    comments = {
        (notebook, cell): text
        for notebook, cell, text in connection.execute(
            sa.select(people.c.id, _comment.c.cell_id, _comment.c.manual_comment)
            .select_from(people.join(_comment, _comment.c.notebook_id == people.c.id))
            .where(_comment.c.manual_comment.is_not(None))
        )
    }
    names = {cell: name for name, cell in entry.grade_cells.items()}
    return [
        Mark(
            person,
            names[cell],
            Decimal(str(score)),
            comments.get((notebook, entry.solution_cells.get(names[cell], "")), ""),
        )
        for notebook, person, cell, score in marked
        if cell in names
    ]


def rescore(connection: Connection, entry: Registered, submissions: Iterable[Submission]) -> None:
    """Write new automatic points of submissions that the gradebook holds; marks and comments that people gave stay.

    Raises:
        ModuongError: ``E-GRADE-5``.
    """
    batch = list(submissions)
    _refuse_unknown(entry, batch)
    query = (
        sa.select(_submitted_assignment.c.student_id, _submitted_notebook.c.id)
        .select_from(
            _submitted_notebook.join(
                _submitted_assignment, _submitted_assignment.c.id == _submitted_notebook.c.assignment_id
            )
        )
        .where(
            _submitted_assignment.c.assignment_id == entry.assignment_id,
            _submitted_assignment.c.student_id.in_([s.person for s in batch]),
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
        one = (_grade.c.notebook_id == sa.bindparam("of")) & (_grade.c.cell_id == sa.bindparam("cell"))
        waits = sa.case((_grade.c.manual_score.is_not(None), sa.false()), else_=sa.bindparam("waits", type_=sa.Boolean))
        connection.execute(
            sa.update(_grade).where(one).values(auto_score=sa.bindparam("auto"), needs_manual_grade=waits), rows
        )


def mark_waiting(
    engine: Engine,
    module: str,
    parts: Mapping[str, float],
    share: Callable[[str], float],
    comment: str,
    unmarked: frozenset[str],
) -> int:
    """Mark everything that waits in a module, as a person would in formgrader; return how many marks were given.

    Args:
        engine: the gradebook's.
        module: which assignment.
        parts: grade id → points possible.
        share: person → share of the points; the mark is rounded to a half.
        comment: the marker's comment.
        unmarked: people whose work is left for later.
    """
    with engine.begin() as connection:
        entry = registered(connection, module)
        cells = {entry.grade_cells[name]: name for name in parts} if entry else {}
        waiting = connection.execute(
            sa.select(_grade.c.id, _grade.c.cell_id, _grade.c.notebook_id, _submitted_assignment.c.student_id)
            .select_from(
                _grade.join(_submitted_notebook, _submitted_notebook.c.id == _grade.c.notebook_id).join(
                    _submitted_assignment, _submitted_assignment.c.id == _submitted_notebook.c.assignment_id
                )
            )
            .where(_grade.c.needs_manual_grade.is_(True), _grade.c.cell_id.in_(list(cells)))
        ).all()
        given = 0
        for grade_id, cell, notebook, person in waiting:
            if person in unmarked or entry is None:
                continue
            score = round(parts[cells[cell]] * share(person) * 2) / 2
            connection.execute(
                sa.update(_grade).where(_grade.c.id == grade_id).values(manual_score=score, needs_manual_grade=False)
            )
            about = (_comment.c.notebook_id == notebook) & (_comment.c.cell_id == entry.solution_cells[cells[cell]])
            connection.execute(sa.update(_comment).where(about).values(manual_comment=comment))
            given += 1
    return given


def marks_signature(connection: Connection) -> str:
    """Return a text that changes when somebody gives, changes or takes back a mark or a comment."""
    marks = sa.select(
        sa.func.count(), sa.func.sum(_grade.c.manual_score), sa.func.sum(_grade.c.manual_score * _grade.c.manual_score)
    )
    given = _comment.c.manual_comment.is_not(None)
    comments = sa.select(sa.func.count(), sa.func.sum(sa.func.length(_comment.c.manual_comment))).where(given)
    return str(
        [
            tuple(connection.execute(query).one())
            for query in (marks.where(_grade.c.manual_score.is_not(None)), comments)
        ]
    )
