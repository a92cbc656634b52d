"""What grading found, as the database keeps it: appended, never changed; and which of an attempt's results holds."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.ground.database import attempts, insert_many, results
from grader.ground.pass_rule import Rule, passes

VOID = "void"


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
        note: the marker's comments as JSON (grade id → text); for ``void`` the reason and the two names.
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
    """Append results after those already there; nothing is ever changed, and nothing follows a ``void`` (E18)."""
    batch = list(found)
    query = (
        sa.select(
            results.c.attempt_id,
            sa.func.max(results.c.seq),
            sa.func.max(sa.case((results.c.state == VOID, 1), else_=0)),
        )
        .where(results.c.attempt_id.in_([r.attempt_id for r in batch]))
        .group_by(results.c.attempt_id)
    )
    known = {row[0]: (row[1], bool(row[2])) for row in connection.execute(query)}
    rows = []
    for r in batch:
        seq, void = known.get(r.attempt_id, (0, False))
        if not void:
            rows.append(_row(r, seq + 1, now))
    insert_many(connection, results, rows)


def _row(r: Result, seq: int, now: datetime) -> dict[str, Any]:
    return {
        "attempt_id": r.attempt_id,
        "seq": seq,
        "graded_at": now.isoformat(timespec="seconds"),
        "cause": r.cause,
        "state": r.state,
        "score": None if r.score is None else float(r.score),
        "max_score": float(r.max_score),
        "critical_met": r.critical_met,
        "component_met": r.component_met,
        "key_version": r.key_version,
        "course_version": r.course_version,
        "items": orjson.dumps(r.items).decode(),
        "note": r.note,
    }


def is_newest(found: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that no result of the same attempt follows.

    ``found`` is ``moduong_result`` or an alias of it.
    """
    later = results.alias()
    return ~sa.exists(1).where(later.c.attempt_id == found.c.attempt_id, later.c.seq > found.c.seq)


def latest() -> sa.Subquery:
    """Return the newest result of each attempt, as a subquery with the columns of ``moduong_result``."""
    return sa.select(results).where(is_newest(results)).subquery("latest")


def read(connection: Connection, chosen: sa.ColumnElement[bool]) -> dict[str, Result]:
    """Return the newest result of each accepted attempt that meets ``chosen``, by attempt id."""
    newest = latest()
    joined = (
        sa.select(newest)
        .join(attempts, attempts.c.attempt_id == newest.c.attempt_id)
        .where(chosen, attempts.c.state == "accepted")
    )
    return {row["attempt_id"]: _result(row) for row in connection.execute(joined).mappings()}


def _result(row: Mapping[Any, Any]) -> Result:
    return Result(
        row["attempt_id"],
        row["cause"],
        row["state"],
        exact(row["score"]),
        exact(row["max_score"]) or Decimal(0),
        row["critical_met"],
        row["component_met"],
        tuple(json.loads(row["items"])),
        row["key_version"],
        row["course_version"],
        row["note"],
    )


def exact(number: float | None) -> Decimal | None:
    """Return a stored number of points as it was meant: two decimals."""
    return None if number is None else Decimal(f"{number:.2f}")


@dataclass(frozen=True, slots=True)
class Standing:
    """One result of an attempt without its items: what decides whether it passes, and with what it was graded."""

    seq: int
    graded_at: str
    cause: str
    state: str
    score: Decimal | None
    max_score: Decimal | None
    critical_met: bool | None
    component_met: bool | None
    key_version: str
    course_version: str

    def passes(self, rule: Rule) -> bool:
        """Tell whether this result passes the module."""
        return passes(rule, self.state, self.score, self.max_score, self.critical_met, self.component_met)


def holding(history: Sequence[Standing], rule: Rule, marks: Callable[[int], Decimal]) -> Standing:
    """Return the result that counts, of all results of one attempt, oldest first: no harm (E16).

    A corrected key never takes a pass away, nor points from an attempt that had passed: of the results with which it
    passed the
    best one holds. What is not a corrected key does: ``void`` always, and a marker who takes points back (same key,
    or a lower
    mark; ``marks`` gives the marker's points of a ``seq``).
    """
    granted: Standing | None = None
    for found in history:
        if found.state == VOID:
            return found
        corrected = granted is not None and found.key_version != granted.key_version
        if granted is not None and (
            not corrected or (found.cause == "manual" and marks(found.seq) < marks(granted.seq))
        ):
            granted = None
        if found.passes(rule) and (granted is None or _share(found) >= _share(granted)):
            granted = found
    return granted or history[-1]


def _share(found: Standing) -> Decimal:
    return (found.score or Decimal(0)) / found.max_score if found.max_score else Decimal(0)


def kept(
    connection: Connection, rules: Mapping[str, Rule], chosen: sa.ColumnElement[bool] | None = None
) -> dict[str, Standing]:
    """Return the attempts for which an earlier result than the newest one holds (E16), among ``chosen`` or all.

    It never does while the key is the same: see ``holding``.
    """
    keys = sa.func.count(results.c.key_version.distinct())
    regraded = sa.select(results.c.attempt_id).group_by(results.c.attempt_id).having(keys > 1)
    columns = [results.c[name] for name in Standing.__dataclass_fields__]
    query = (
        sa.select(attempts.c.attempt_id, attempts.c.module_id, *columns)
        .join(results, results.c.attempt_id == attempts.c.attempt_id)
        .where(attempts.c.attempt_id.in_(regraded), attempts.c.state == "accepted")
        .order_by(attempts.c.attempt_id, results.c.seq)
    )
    rows = connection.execute(query if chosen is None else query.where(chosen)).all()
    found = {}
    for attempt_id, group in itertools.groupby(rows, key=lambda row: str(row[0])):
        module, history = "", []
        for row in group:
            module, (seq, graded_at, cause, state, score, most, critical, component, key, course) = row[1], row[2:]
            history.append(
                Standing(seq, graded_at, cause, state, exact(score), exact(most), critical, component, key, course)
            )
        if module in rules:
            holds = holding(history, rules[module], functools.partial(_marks, connection, attempt_id))
            if holds is not history[-1]:
                found[attempt_id] = holds
    return found


def _marks(connection: Connection, attempt_id: str, seq: int) -> Decimal:
    """Return the points that a person gave in one result."""
    query = sa.select(results.c["items"]).where(results.c.attempt_id == attempt_id, results.c.seq == seq)
    return sum(
        (
            Decimal(str(i["points"])) - Decimal(str(i["automatic"]))
            for i in json.loads(connection.execute(query).scalar_one())
            if i["points"] is not None
        ),
        Decimal(0),
    )
