"""The attempt ledger: every hand-in and every result, append-only; what completion reads is derived from it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.database import attempts, insert_many, results

COLUMNS = (
    "attempt_id",
    "person_id",
    "module_id",
    "submitted_at",
    "score",
    "max_score",
    "critical_met",
    "component_met",
    "status",
    "graded_at",
    "course_version",
)


@dataclass(frozen=True, slots=True)
class Result:
    """What grading found for one attempt.

    Attributes:
        attempt_id: the attempt.
        cause: ``grade``, ``manual``, ``regrade`` or ``void``.
        state: ``graded``, ``pending_manual`` or ``void``.
        score: points; while a marker is awaited, the automatic part only.
        max_score: points of the items that count.
        critical_met, component_met: ``None`` when the module has none, or while a marker is awaited.
        items: one dict per item, as ``moduong score`` prints it, with ``automatic`` and ``message``.
        key_version, course_version: what it was graded with.
    """

    attempt_id: str
    cause: str
    state: str
    score: Decimal | None
    max_score: Decimal
    critical_met: bool | None
    component_met: bool | None
    items: tuple[dict[str, Any], ...]
    key_version: str
    course_version: str
    note: str = ""


def append(connection: Connection, found: Iterable[Result], now: datetime) -> None:
    """Append results after those already there; nothing is ever changed."""
    batch = list(found)
    query = (
        sa.select(results.c.attempt_id, sa.func.max(results.c.seq))
        .where(results.c.attempt_id.in_([r.attempt_id for r in batch]))
        .group_by(results.c.attempt_id)
    )
    seqs = {row[0]: row[1] for row in connection.execute(query)}
    insert_many(
        connection,
        results,
        [
            {
                "attempt_id": r.attempt_id,
                "seq": seqs.get(r.attempt_id, 0) + 1,
                "graded_at": now.isoformat(timespec="seconds"),
                "cause": r.cause,
                "state": r.state,
                "score": None if r.score is None else float(r.score),
                "max_score": float(r.max_score),
                "critical_met": r.critical_met,
                "component_met": r.component_met,
                "key_version": r.key_version,
                "course_version": r.course_version,
                "items": json.dumps(r.items, ensure_ascii=False),
                "note": r.note,
            }
            for r in batch
        ],
    )


def latest() -> sa.Subquery:
    """Return the result that holds for each attempt, as a subquery with the columns of ``moduong_result``."""
    newest = sa.select(results.c.attempt_id, sa.func.max(results.c.seq).label("seq")).group_by(results.c.attempt_id).subquery()
    return (
        sa.select(results)
        .join(newest, sa.and_(newest.c.attempt_id == results.c.attempt_id, newest.c.seq == results.c.seq))
        .subquery("latest")
    )


def export_rows(connection: Connection, zone: ZoneInfo) -> list[tuple[str, ...]]:
    """Return the rows of ``attempts.csv``: accepted and unreadable hand-ins, oldest first.

    An attempt that is not graded yet counts as awaiting a marker: it has no score that could pass.
    """
    holds = latest()
    rows = connection.execute(
        sa.select(
            attempts.c.attempt_id,
            attempts.c.person_id,
            attempts.c.module_id,
            attempts.c.submitted_at,
            attempts.c.state,
            holds.c.score,
            holds.c.max_score,
            holds.c.critical_met,
            holds.c.component_met,
            holds.c.state,
            holds.c.graded_at,
            holds.c.course_version,
        )
        .select_from(attempts.outerjoin(holds, holds.c.attempt_id == attempts.c.attempt_id))
        .where(attempts.c.state.in_(("accepted", "unreadable")))
        .order_by(attempts.c.submitted_at, attempts.c.attempt_id)
    ).all()
    return [_row(row, zone) for row in rows]


def _row(row: Sequence[Any], zone: ZoneInfo) -> tuple[str, ...]:
    attempt, person, module, submitted, taken, score, most, critical, component, state, graded, version = row
    status = "unreadable" if taken == "unreadable" else state or "pending_manual"
    local = datetime.fromisoformat(submitted).astimezone(zone).isoformat(timespec="seconds")
    return (
        attempt,
        person,
        module,
        local,
        "" if score is None else f"{score:.2f}",
        "" if most is None else f"{most:.2f}",
        _flag(critical),
        _flag(component),
        status,
        "" if graded is None else datetime.fromisoformat(graded).astimezone(zone).isoformat(timespec="seconds"),
        version or "",
    )


def _flag(value: bool | None) -> str:  # a value of the table, not a switch
    return "" if value is None else "true" if value else "false"


def to_csv(rows: Iterable[tuple[str, ...]]) -> str:
    """Return ``attempts.csv`` (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue()
