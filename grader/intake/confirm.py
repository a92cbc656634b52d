"""Hand-ins that wait for a person: who they are said to be of is confirmed, or they are refused; each is decided once.

What the rules for attempts say is asked when it is confirmed, by the time of receipt.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from course.answers import AnswerSet, from_json, write_atomically
from course.words import _, into
from grader.gradebook import decisions
from grader.ground import database
from grader.ground.database import WAITING, answered, attempts
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.intake import rules
from grader.intake.kept import write_submitted
from grader.intake.names import NOTE
from grader.intake.rebuild import ROW
from grader.intake.rules import Policy

CONFIRMED = "confirmed"
"""The identity of a hand-in of which a person says whose it is."""
LOOKED_AT = frozenset({"E-SUB-18"})
"""Codes of hand-ins that are decided one by one: there is something in them to look at."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A hand-in that waits: its id, of whom and what it is said to be, where from, when it came, and why it waits."""

    attempt_id: str
    person: str
    module: str
    source: str
    received_at: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Witness:
    """Who decides (``by``), who sent the file and on which day (``YYYY-MM-DD``), and a word on it."""

    by: str
    sent_by: str = ""
    sent_on: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a hand-in that waited; ``state``, ``code`` and ``reason`` as in the ledger."""

    attempt_id: str
    person: str
    module: str
    state: str
    code: str = ""
    reason: str = ""


def waiting(connection: Connection) -> list[Held]:
    """Return what waits, oldest first."""
    names = ("attempt_id", "person_id", "module_id", "received_from", "submitted_at", "code", "reason")
    query = sa.select(*(attempts.c[name] for name in names)).where(attempts.c.state == WAITING)
    return [Held(*row) for row in connection.execute(query.order_by(attempts.c.submitted_at, attempts.c.attempt_id))]


def chosen(held: Collection[Held], wanted: Collection[str]) -> list[Held]:
    """Return what ``wanted`` names: ids, or the names of files and folders that were taken in; empty: all.

    What has something in it to look at is chosen by its id alone.

    Raises:
        ModuongError: ``E-INT-1`` nothing of that name waits.
    """
    found: dict[str, Held] = {}
    for name in wanted or [""]:
        mine = [one for one in held if one.attempt_id == name or (_of(one, name) and one.code not in LOOKED_AT)]
        if name and not mine:
            raise ModuongError("E-INT-1", _("«{name}»: không có bài nào mang tên này đang chờ.", name=name[:80]))
        found |= {one.attempt_id: one for one in mine}
    return sorted(found.values(), key=lambda one: (one.received_at, one.attempt_id))


def _of(one: Held, name: str) -> bool:
    """Say whether a hand-in came with the file or folder ``name``."""
    parts = one.source.partition("#")[0].split("/")
    return not name or name.rstrip("/").rpartition("/")[2] in parts[1:2]


def confirm(
    workspace: Workspace, engine: Engine, policy: Policy, held: Collection[Held], witness: Witness, now: datetime
) -> Iterator[Decided]:
    """Let hand-ins count, each as the rules for attempts say; yield what became of it once that is committed.

    Raises:
        ModuongError: ``E-LED-2`` nobody is named who decides, or who sent the file. ``E-DB-1``, ``E-WS-2``.
    """
    _named(witness.by, _("họ tên người xác nhận (--by)"))
    _named(witness.sent_by, _("họ tên người gửi (--sent-by)"))
    for one in held:
        with database.writing(engine) as connection:
            row = _row(connection, one)
            if row is None:  # decided by somebody else meanwhile
                continue
            moment = datetime.fromisoformat(row.submitted_at)
            verdict = rules.judge(connection, row.person_id, row.module_id, row.content_hash, moment, policy)
            identity = CONFIRMED if row.identity == "claimed" else row.identity
            done = Decided(one.attempt_id, one.person, one.module, verdict.state, verdict.code, verdict.reason)
            said = json.dumps(
                {"sent_by": witness.sent_by[:_LONGEST], "note": witness.note[:_LONGEST]}, ensure_ascii=False
            )
            _enter(workspace, connection, row, done, identity, policy.language)
            _decide(connection, decisions.CONFIRM, one, now, witness, said)
            if done.state == "accepted":
                write_submitted(workspace, _answers(row, policy.course), row.submitted_at)
        yield done


def refuse(
    workspace: Workspace, engine: Engine, policy: Policy, one: Held, witness: Witness, now: datetime
) -> Decided | None:
    """Refuse a hand-in that waits; it uses up no attempt. ``None`` where somebody else has decided meanwhile.

    Raises:
        ModuongError: ``E-LED-2`` nobody is named who decides, or no reason.
    """
    _named(witness.by, _("họ tên người xác nhận (--by)"))
    _named(witness.note, _("lý do (--note)"))
    reason = _("Người phụ trách đã xem và không nhận bài này. Anh/chị không mất lượt nào.")
    done = Decided(one.attempt_id, one.person, one.module, "refused", "E-SUB-20", reason)
    with database.writing(engine) as connection:
        row = _row(connection, one)
        if row is None:
            return None
        _enter(workspace, connection, row, done, row.identity, policy.language)
        _decide(connection, decisions.REFUSE, one, now, witness, witness.note[:_LONGEST])
    return done


def _named(text: str, what: str) -> None:
    if not text.strip():
        raise ModuongError("E-LED-2", _("Thiếu {what}; sổ cái cần ghi lại vì sao.", what=what))


def _row(connection: Connection, one: Held) -> Row[Any] | None:
    query = sa.select(attempts, answered.c.release).select_from(
        attempts.outerjoin(answered, answered.c.attempt_id == attempts.c.attempt_id)
    )
    return connection.execute(
        query.where(attempts.c.attempt_id == one.attempt_id, attempts.c.state == WAITING)
    ).one_or_none()


def _enter(
    workspace: Workspace, connection: Connection, row: Row[Any], done: Decided, identity: str, lang: str
) -> None:
    """Write what became of it into the ledger, and into the note from which the row can be made again."""
    changed = {"state": done.state, "code": done.code, "reason": into(done.reason, lang), "identity": identity}
    connection.execute(sa.update(attempts).where(attempts.c.attempt_id == done.attempt_id).values(changed))
    path = workspace.attempt(done.person, done.module, str(row.number)) / NOTE
    try:
        note = json.loads(path.read_bytes())
        note |= {"state": done.state, "reason": changed["reason"], ROW: {**note.get(ROW, {}), **changed}}
        write_atomically(path, json.dumps(note, ensure_ascii=False, indent=1).encode())
    except (OSError, ValueError, TypeError, AttributeError) as error:
        said = _("{path}: không ghi được ({error}).", path=path, error=error)
        raise ModuongError("E-WS-2", said) from None


def _decide(connection: Connection, kind: str, one: Held, now: datetime, witness: Witness, note: str) -> None:
    decisions.enter(
        connection,
        kind,
        now,
        person=one.person,
        module=one.module,
        by=witness.by.strip()[:_LONGEST],
        note=note,
        attempt_id=one.attempt_id,
        value=witness.sent_on,
    )


def _answers(row: Row[Any], course: str) -> AnswerSet:
    said = {"schema": 1, "module": row.module_id, "release": row.release or "", "answers": json.loads(row.answers)}
    read = from_json(said)
    return AnswerSet(read.module, read.answers, course, read.release, row.person_id, row.number)
