"""Which attempts wait for their points, and which of them nbgrader shows."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.words import _
from grader.ground.database import ERASED, answered, attempts
from grader.ground.database import results as result_rows
from grader.ground.errors import ModuongError


@dataclass(frozen=True, slots=True)
class Pending:
    """An accepted attempt that is to be graded.

    ``current``: it is the person's latest, so nbgrader shows it. ``release``: what it answered; empty where that was
    not recorded.
    """

    attempt_id: str
    person: str
    number: int
    submitted_at: str
    answers: str
    current: bool
    release: str = ""


def left_to_nbgrader(module: str, waiting: int) -> ModuongError:
    """Return the warning that our engine leaves a module alone."""
    return ModuongError(
        "E-GRADE-4",
        _(
            "{module}: sổ nguồn có ô kiểm tra do giảng viên viết cho nbgrader, nên {waiting} lượt chưa chấm. "
            "Chạy «moduong grade {module} --engine nbgrader»: cách đó chạy mã của người học ngoài hộp cách ly.",
            module=module,
            waiting=waiting,
        ),
    )


def pending(connection: Connection, module: str, *, again: bool) -> list[Pending]:
    """Return the accepted attempts of a module without a result.

    With ``again`` all that no person has marked or voided.

    What a person decided is only touched by ``regrade``, which keeps it.
    """
    taken = (attempts.c.module_id == module) & (attempts.c.state == "accepted") & (attempts.c.identity != ERASED)
    decided = sa.exists().where(
        result_rows.c.attempt_id == attempts.c.attempt_id, result_rows.c.cause.in_(("manual", "void"))
    )
    return _read(connection, taken, taken & ~decided if again else taken & ~_has_result())


def shown(connection: Connection, module: str) -> list[Pending]:
    """Return the attempts that nbgrader's tables hold now: of each person the newest one that was graded."""
    graded = (attempts.c.module_id == module) & (attempts.c.state == "accepted") & _has_result()
    return [p for p in _read(connection, graded, graded) if p.current]


def _has_result() -> sa.ColumnElement[bool]:
    return sa.exists().where(result_rows.c.attempt_id == attempts.c.attempt_id)


def _read(connection: Connection, among: sa.ColumnElement[bool], wanted: sa.ColumnElement[bool]) -> list[Pending]:
    """Return the attempts that are ``wanted``, oldest first; the newest of a person ``among`` these is current."""
    latest = sa.select(attempts.c.person_id, sa.func.max(attempts.c.number)).where(among).group_by(attempts.c.person_id)
    newest = {row[0]: row[1] for row in connection.execute(latest)}
    columns = (
        attempts.c.attempt_id,
        attempts.c.person_id,
        attempts.c.number,
        attempts.c.submitted_at,
        attempts.c.answers,
    )
    rows = connection.execute(
        sa.select(*columns, answered.c.release)
        .select_from(attempts.outerjoin(answered, answered.c.attempt_id == attempts.c.attempt_id))
        .where(wanted)
        .order_by(attempts.c.submitted_at, attempts.c.attempt_id)
    ).all()
    return [Pending(*row[:-1], newest[row.person_id] == row.number, row.release or "") for row in rows]
