"""The rules that a hand-in is held against: how many attempts, how far apart, of whom, to which modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.answers import AnswerSet
from course.words import SOURCE, _
from grader.gradebook import decisions, turn
from grader.ground.database import attempts, results
from grader.intake import claims


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules that a hand-in is held against.

    Attempts, hours between them, modules with a marked part, known people.
    """

    limit: int
    wait_hours: int
    marked_modules: frozenset[str]
    modules: frozenset[str]
    people: Mapping[str, str] | None
    """Casefolded id → id as the roster writes it; ``None``: no roster yet, every well-formed id is taken."""
    language: str = SOURCE
    """The course's, in which the ledger keeps what cadres read."""
    course: str = ""
    """Id of the course; a hand-in of another one is set aside. Empty: whatever it says."""
    hosts: frozenset[str] = frozenset()
    """Accounts that hand in for whoever signed in with them, as the operator's file names them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a readable hand-in.

    Attributes:
        state: ``accepted``, ``refused`` or ``duplicate``, with ``code`` and ``reason`` (for the cadre) where not
            accepted.
        number: which attempt it is, counted by those that were accepted.
        last: the last attempt that there may be.
    """

    state: str
    code: str
    reason: str
    number: int
    last: int


def content_of(answers: AnswerSet, person: str) -> str:
    """Return the content hash with the person as we know it, so that a claimed spelling makes no difference."""
    return AnswerSet(answers.module, answers.answers, person=person).content_hash()


def judge(
    connection: Connection, person: str, module: str, content: str, received: datetime, policy: Policy
) -> Verdict:
    """Hold a readable hand-in against the rules for attempts; ``content`` is its hash."""
    earlier = connection.execute(
        sa.select(attempts.c.attempt_id, attempts.c.content_hash, attempts.c.submitted_at)
        .where(attempts.c.person_id == person, attempts.c.module_id == module, attempts.c.state == "accepted")
        .order_by(attempts.c.submitted_at, attempts.c.number)
    ).all()
    limit = policy.limit + decisions.opened(connection, module, person)
    marked = module in policy.marked_modules and earlier
    waits = bool(marked) and _awaits_marker(connection, earlier[-1].attempt_id)
    following = turn.turn([row.submitted_at for row in earlier], limit, policy.wait_hours, marked_later=waits)

    def verdict(state: str, code: str, reason: str) -> Verdict:
        return Verdict(state, code, reason, following.number, limit)

    if content in {row.content_hash for row in earlier}:
        return verdict("duplicate", "", _("Bài này đã được nhận trước đó; không tính thêm lượt."))
    code = following.refused(received)
    if code == turn.LIMIT:
        return verdict("refused", code, _("Anh/chị đã dùng hết {limit} lượt của học phần này.", limit=limit))
    if code == turn.WAIT:
        said = _(
            "Hai lượt phải cách nhau {wait_hours} giờ; anh/chị nộp lại được từ {again}.",
            wait_hours=policy.wait_hours,
            again=claims.local(following.again or received),
        )
        return verdict("refused", code, said)
    if code == turn.MARK:
        return verdict("refused", code, _("Lượt trước đang chờ chấm tay; anh/chị nộp lại được sau khi có điểm."))
    return verdict("accepted", "", "")


def _awaits_marker(connection: Connection, attempt_id: str) -> bool:
    state = connection.execute(
        sa.select(results.c.state).where(results.c.attempt_id == attempt_id).order_by(results.c.seq.desc()).limit(1)
    ).scalar()
    return state in {None, "pending_manual"}


def first_open(connection: Connection, person: str, module: str, number: int) -> int:
    """Return the first attempt whose bodies may be answered where the next one is ``number``.

    The page knows the number from the standing, which it has where something came through the exchange before. Where
    nothing did, it may count otherwise than the ledger: then any attempt.
    """
    came = sa.select(attempts.c.attempt_id).where(
        attempts.c.person_id == person, attempts.c.module_id == module, attempts.c.received_from.like("exchange/%")
    )
    return number if connection.execute(came.limit(1)).first() else 1
