"""Stage ``ledger void``, ``attest``, ``reopen``.

What people enter in the ledger by hand, each with a reason and a name.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.words import _
from grader.gradebook import decisions
from grader.gradebook.results import VOID, Result, append, read
from grader.ground.database import attempts
from grader.ground.errors import ModuongError

MORE_ATTEMPTS = 2
"""What a coordinator opens after coaching, once per person and module (docs/design.md §7.7)."""
EARLIEST_ATTESTED = 7
"""Days by which a coordinator may attest an earlier date of an offline site (E20)."""
_MOST_NAME = 80


def void(connection: Connection, attempt_id: str, reason: str, by: Sequence[str], now: datetime) -> Result:
    """Declare an attempt void for misconduct; it passes nothing from now on, and no later grading brings it back (E18).

    Raises:
        ModuongError: ``E-LED-1`` no such graded attempt, ``E-LED-2`` no reason, ``E-LED-3`` not two different names,
            ``E-LED-4`` void already.
    """
    reason = _said(reason, "E-LED-2", _("lý do (--reason)"))
    names = {" ".join(name.split()).casefold(): " ".join(name.split())[:_MOST_NAME] for name in by}
    names.pop("", None)
    if len(names) < 2:  # noqa: PLR2004  # two signatures
        raise ModuongError(
            "E-LED-3",
            _(
                "{attempt_id}: hủy một lượt cần hai người khác nhau ký. Ghi --by hai lần, mỗi lần một họ tên.",
                attempt_id=attempt_id,
            ),
        )
    before = read(connection, attempts.c.attempt_id == attempt_id).get(attempt_id)
    if before is None:
        raise _unknown(attempt_id)
    if before.state == VOID:
        raise ModuongError("E-LED-4", _("{attempt_id}: lượt này đã bị hủy trước đó.", attempt_id=attempt_id))
    note = json.dumps({"reason": reason, "by": list(names.values())}, ensure_ascii=False)
    result = dataclasses.replace(before, cause=VOID, state=VOID, note=note)
    append(connection, [result], now)
    return result


def _said(text: str, code: str, what: str) -> str:
    if not text.strip():
        raise ModuongError(code, _("Thiếu {what}; sổ cái cần ghi lại vì sao.", what=what))
    return text.strip()


def _unknown(attempt_id: str) -> ModuongError:
    return ModuongError(
        "E-LED-1",
        _(
            "«{attempt_id}»: không có lượt đã chấm mang mã này. Xem mã trong «moduong ledger --csv»; nếu chưa "
            "chấm, chạy «moduong grade» trước.",
            attempt_id=attempt_id[:60],
        ),
    )


def attest(
    connection: Connection, attempt_id: str, day: date, note: str, by: str, now: datetime, zone: ZoneInfo
) -> datetime:
    """Let a coordinator attest that an offline site's hand-in was made on ``day``.

    Return the instant that counts from now on (E20).

    Raises:
        ModuongError: ``E-LED-1`` no such attempt, ``E-LED-2`` no note or name, ``E-LED-5`` not 1 to 7 days
            before the server's time.
    """
    note, by = (_said(note, "E-LED-2", _("ghi chú (--note)")), _said(by, "E-LED-2", _("họ tên người xác nhận (--by)")))
    taken = connection.execute(
        sa.select(attempts.c.person_id, attempts.c.module_id, attempts.c.submitted_at).where(
            attempts.c.attempt_id == attempt_id, attempts.c.state == "accepted"
        )
    ).first()
    if taken is None:
        raise _unknown(attempt_id)
    received = datetime.fromisoformat(taken.submitted_at).astimezone(zone)
    earlier = received.date() - day
    if not timedelta(0) < earlier <= timedelta(days=EARLIEST_ATTESTED):
        raise ModuongError(
            "E-LED-5",
            _(
                "{attempt_id}: máy chủ nhận ngày {received:%d/%m/%Y}; chỉ xác nhận được ngày sớm hơn từ 1 đến "
                "{earliest_attested} ngày.",
                attempt_id=attempt_id,
                received=received,
                earliest_attested=EARLIEST_ATTESTED,
                value=received.date(),
            ),
        )
    counts = datetime.combine(day, received.timetz())
    person, module = taken.person_id, taken.module_id
    value = counts.isoformat(timespec="seconds")
    decisions.enter(
        connection,
        decisions.ATTEST,
        now,
        person=person,
        module=module,
        by=by,
        note=note,
        attempt_id=attempt_id,
        value=value,
    )
    return counts


def reopen(connection: Connection, person: str, module: str, limit: int, note: str, by: str, now: datetime) -> int:
    """Open two more attempts for somebody who has used all ``limit`` of them and was coached.

    Return how many there are now.

    Raises:
        ModuongError: ``E-LED-2`` no note on the coaching or no name, ``E-LED-6`` attempts are left, ``E-LED-7``
            opened before.
    """
    note, by = (_said(note, "E-LED-2", _("ghi chú kèm cặp (--note)")), _said(by, "E-LED-2", _("họ tên (--by)")))
    used = connection.execute(
        sa.select(sa.func.count())
        .select_from(attempts)
        .where(attempts.c.person_id == person, attempts.c.module_id == module, attempts.c.state == "accepted")
    ).scalar_one()
    if decisions.opened(connection, module, person):
        raise ModuongError(
            "E-LED-7", _("{person} {module}: đã được mở thêm lượt trước đó.", person=person, module=module)
        )
    if used < limit:
        raise ModuongError(
            "E-LED-6",
            _(
                "{person} {module}: mới dùng {used} trên {limit} lượt; chỉ mở thêm sau khi dùng hết và đã kèm cặp.",
                person=person,
                module=module,
                used=used,
                limit=limit,
            ),
        )
    decisions.enter(
        connection, decisions.REOPEN, now, person=person, module=module, by=by, note=note, value=str(MORE_ATTEMPTS)
    )
    return limit + MORE_ATTEMPTS
