"""The attempt ledger: every hand-in and every result, append-only; what completion reads is derived from it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.gradebook import decisions
from grader.gradebook.results import Result, append, kept, latest
from grader.ground.database import attempts
from grader.ground.pass_rule import Rule, passes
from grader.roster.records import ATTEMPT_COLUMNS as COLUMNS

__all__ = ["COLUMNS", "Outdated", "Result", "append", "export_rows", "latest", "outdated", "row_passes", "to_csv"]
LAW_MODULES = ("M03",)
"""Modules whose text is law.

A pass in an earlier major version stays valid and is flagged (E25).
"""


def export_rows(
    connection: Connection, zone: ZoneInfo, rules: Mapping[str, Rule], chosen: sa.ColumnElement[bool] | None = None
) -> list[tuple[str, ...]]:
    """Return the rows of ``attempts.csv``: accepted and unreadable hand-ins (all, or those ``chosen``), oldest first.

    An attempt that is not graded yet counts as awaiting a marker: it has no score that could pass. An attempt that
    passed keeps
    the score and ``critical_met`` with which it passed, whatever a corrected key gives it (E16). A date that a
    coordinator
    attested stands in place of the server's (E20). ``rules``: the modules of ``course.yaml``.
    """
    holds = latest()
    result = ("score", "max_score", "critical_met", "component_met", "state", "graded_at", "course_version")
    query = (
        sa.select(
            attempts.c.attempt_id,
            attempts.c.person_id,
            attempts.c.module_id,
            attempts.c.submitted_at,
            attempts.c.state,
            *(holds.c[name] for name in result),
        )
        .select_from(attempts.outerjoin(holds, holds.c.attempt_id == attempts.c.attempt_id))
        .where(attempts.c.state.in_(("accepted", "unreadable")))
    )
    granted = kept(connection, rules, chosen)
    dates = decisions.attested(connection)
    rows = []
    for row in connection.execute(query if chosen is None else query.where(chosen)):
        attempt_id, person, module, submitted, taken, *found = row
        if attempt_id in granted:
            found = [getattr(granted[attempt_id], name) for name in result]
        rows.append(
            (datetime.fromisoformat(dates.get(attempt_id, submitted)), attempt_id, person, module, taken, found)
        )
    rows.sort(key=lambda row: row[:2])
    return [_row(row, zone) for row in rows]


def _row(row: Sequence[Any], zone: ZoneInfo) -> tuple[str, ...]:
    submitted, attempt, person, module, taken, found = row
    score, most, critical, component, state, graded, version = found
    status = "unreadable" if taken == "unreadable" else state or "pending_manual"
    return (
        attempt,
        person,
        module,
        submitted.astimezone(zone).isoformat(timespec="seconds"),
        "" if score is None or status == "pending_manual" else f"{score:.2f}",  # awaited, never 0.00
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


@dataclass(frozen=True, slots=True)
class Outdated:
    """Somebody whose passes of a law module all date from an earlier major version of the course; ``version``.

    The newest of them.
    """

    person: str
    module: str
    version: str


def outdated(rows: Iterable[tuple[str, ...]], rules: Mapping[str, Rule], version: str) -> list[Outdated]:
    """Return who is to be told "cần cập nhật M03" under course ``version``; the passes stay valid (E25). ``rows``.

    Of the export.
    """
    passed: dict[tuple[str, str], str] = {}
    for row in rows:
        said = dict(zip(COLUMNS, row, strict=True))
        module = said["module_id"]
        if module in LAW_MODULES and module in rules and row_passes(said, rules[module]):
            who = (said["person_id"], module)
            passed[who] = max(passed.get(who, ""), said["course_version"], key=_version)
    return [
        Outdated(person, module, old)
        for (person, module), old in sorted(passed.items())
        if _version(old)[:1] < _version(version)[:1]
    ]


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def row_passes(said: Mapping[str, str], rule: Rule) -> bool:
    """Tell whether one row of the export passes its module."""
    score, most = (Decimal(said[name]) if said[name] else None for name in ("score", "max_score"))
    flags = {"true": True, "false": False, "": None}
    return passes(rule, said["status"], score, most, flags[said["critical_met"]], flags[said["component_met"]])
