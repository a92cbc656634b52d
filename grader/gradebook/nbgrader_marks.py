"""Marks and comments that people give in formgrader, in nbgrader's own tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from grader.gradebook.nbgrader_tables import (
    Registered,
    comment_rows,
    grade_rows,
    registered,
    submitted_assignments,
    submitted_notebooks,
)


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
        sa.select(submitted_notebooks.c.id, submitted_assignments.c.student_id)
        .select_from(
            submitted_notebooks.join(
                submitted_assignments, submitted_assignments.c.id == submitted_notebooks.c.assignment_id
            )
        )
        .where(submitted_assignments.c.assignment_id == entry.assignment_id)
        .subquery()
    )
    marked = connection.execute(
        sa.select(people.c.id, people.c.student_id, grade_rows.c.cell_id, grade_rows.c.manual_score)
        .select_from(people.join(grade_rows, grade_rows.c.notebook_id == people.c.id))
        .where(grade_rows.c.manual_score.is_not(None), grade_rows.c.cell_id.in_(list(entry.grade_cells.values())))
    ).all()
    if not marked:
        return []
    comments = {
        (notebook, cell): text
        for notebook, cell, text in connection.execute(
            sa.select(people.c.id, comment_rows.c.cell_id, comment_rows.c.manual_comment)
            .select_from(people.join(comment_rows, comment_rows.c.notebook_id == people.c.id))
            .where(comment_rows.c.manual_comment.is_not(None))
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
            sa.select(
                grade_rows.c.id, grade_rows.c.cell_id, grade_rows.c.notebook_id, submitted_assignments.c.student_id
            )
            .select_from(
                grade_rows.join(submitted_notebooks, submitted_notebooks.c.id == grade_rows.c.notebook_id).join(
                    submitted_assignments, submitted_assignments.c.id == submitted_notebooks.c.assignment_id
                )
            )
            .where(grade_rows.c.needs_manual_grade.is_(True), grade_rows.c.cell_id.in_(list(cells)))
        ).all()
        given = 0
        for grade_id, cell, notebook, person in waiting:
            if person in unmarked or entry is None:
                continue
            score = round(parts[cells[cell]] * share(person) * 2) / 2
            connection.execute(
                sa.update(grade_rows)
                .where(grade_rows.c.id == grade_id)
                .values(manual_score=score, needs_manual_grade=False)
            )
            about = (comment_rows.c.notebook_id == notebook) & (
                comment_rows.c.cell_id == entry.solution_cells[cells[cell]]
            )
            connection.execute(sa.update(comment_rows).where(about).values(manual_comment=comment))
            given += 1
    return given


def marks_signature(connection: Connection) -> str:
    """Return a text that changes when somebody gives, changes or takes back a mark or a comment."""
    points = grade_rows.c.manual_score
    marks = sa.select(sa.func.count(), sa.func.sum(points), sa.func.sum(points * points))
    given = comment_rows.c.manual_comment.is_not(None)
    comments = sa.select(sa.func.count(), sa.func.sum(sa.func.length(comment_rows.c.manual_comment))).where(given)
    return str([tuple(connection.execute(query).one()) for query in (marks.where(points.is_not(None)), comments)])
