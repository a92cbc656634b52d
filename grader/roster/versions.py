"""Versions of the roster: who changed it, when, by which file; and the way back to the one before, row by row."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.words import _
from grader.ground import database
from grader.ground.errors import ModuongError
from grader.roster import store
from grader.roster.records import Roster

KEPT = 50
"""Versions whose rows are kept; those before them keep their entry."""
UNDO = "undo"


class Cause(NamedTuple):
    """Why the roster changes.

    ``what`` was done (``import``, ``add``, ``end``, ``correct``, ``undo``), by whom, from what.

    ``source`` is the name of the file, ``digest`` its SHA-256; both may be empty.
    """

    what: str
    by: str = ""
    source: str = ""
    digest: str = ""


class Entry(NamedTuple):
    """One version.

    Attributes:
        version: its number.
        at: instant in UTC, ISO 8601; empty for one from before versions were kept.
        by, what, source, digest: as ``Cause``.
        content: the version whose rows these are; another one than ``version`` after an undo.
        rows: table -> how many rows.
    """

    version: int
    at: str
    by: str
    what: str
    source: str
    digest: str
    content: int
    rows: Mapping[str, int]


def whoever(given: str = "") -> str:
    """Return who is at work: the name given, else that of the hub's or the machine's user."""
    return given or os.environ.get("JUPYTERHUB_USER", "") or getpass.getuser()


def save(connection: Connection, roster: Roster, births: Mapping[str, str], cause: Cause, now: datetime) -> int:
    """Store a roster as a new version, keep the rows of the one before, and return its number.

    In the caller's transaction; ``births`` replaces those that are stored, ``now`` is an aware instant.
    """
    _keep(connection)
    store.save(connection, roster)
    connection.execute(sa.delete(database.births))
    rows = [{"person_id": person, "birth": birth} for person, birth in sorted(births.items())]
    database.insert_many(connection, database.births, rows)
    version = store.version(connection)
    _enter(connection, version, cause, version, now)
    return version


def births(connection: Connection) -> dict[str, str]:
    """Return person id -> birth date, of those who have one."""
    found = connection.execute(sa.select(database.births.c.person_id, database.births.c.birth))
    return {person: birth for person, birth in found}  # noqa: C416  # rows are no pairs to a type checker


def entries(connection: Connection) -> list[Entry]:
    """Return all versions, the oldest first."""
    found = connection.execute(sa.select(database.roster_versions).order_by(database.roster_versions.c.version))
    return [Entry._make((*row[:-1], json.loads(row[-1]))) for row in found]


def undo(connection: Connection, by: str, now: datetime) -> tuple[Entry, Entry]:
    """Bring back the rows before the last change that was not undone; return (what is undone, what is back).

    Raises:
        ModuongError: ``E-ROSTER-4`` there is nothing before it, or its rows are no longer kept.
    """
    _keep(connection)
    known = entries(connection)
    standing = stack(known)
    if len(standing) < 2:  # noqa: PLR2004  # the one to undo and the one to come back
        raise _nothing()
    undone, back = standing[-1], standing[-2]
    version = store.version(connection) + 1
    for table in database.OF_ROSTER:
        former = database.former[table.name]
        columns = [former.c[column.name] for column in table.c]
        connection.execute(sa.delete(table))
        rows = sa.select(*columns).where(former.c.version == back.content)
        connection.execute(sa.insert(table).from_select([column.name for column in table.c], rows))
    counted = _counted(connection)
    if any(counted[table] != number for table, number in back.rows.items()):
        raise _nothing()
    connection.execute(sa.update(database.roster).values(version=version))
    _enter(connection, version, Cause(UNDO, by, undone.source, back.digest), back.content, now)
    return undone, back


def stack(known: Sequence[Entry]) -> list[Entry]:
    """Return the versions that stand one upon the other: each undo takes away the last."""
    standing: list[Entry] = []
    for entry in known:
        if entry.what == UNDO:
            standing.pop()
        else:
            standing.append(entry)
    return standing


def _keep(connection: Connection) -> None:
    """Copy the rows that are stored now to the former ones, unless they are there already."""
    version = store.version(connection)
    if not version:
        return
    known = entries(connection)
    if not known or known[-1].version != version:  # a roster from before versions were kept, or stored without a cause
        _enter(connection, version, Cause("import"), version, None)
        known = entries(connection)
    content = known[-1].content
    for table in database.OF_ROSTER:
        former = database.former[table.name]
        if connection.execute(sa.select(former.c.version).where(former.c.version == content).limit(1)).first():
            continue
        copied = sa.select(sa.literal(content, sa.Integer), *table.c)
        connection.execute(sa.insert(former).from_select(["version", *(column.name for column in table.c)], copied))
    kept = {entry.content for entry in stack(known)[-KEPT:]}
    for former in database.former.values():
        connection.execute(sa.delete(former).where(former.c.version.not_in(kept)))


def _enter(connection: Connection, version: int, cause: Cause, content: int, now: datetime | None) -> None:
    at = now.astimezone(UTC).isoformat(timespec="seconds") if now else ""
    row = {
        **cause._asdict(),
        "version": version,
        "at": at,
        "content": content,
        "rows": json.dumps(_counted(connection)),
    }
    database.insert_many(connection, database.roster_versions, [row])


def _counted(connection: Connection) -> dict[str, int]:
    tables = (
        ("units", database.units),
        ("people", database.people),
        ("posts", database.posts),
        ("external", database.external),
    )
    return {
        name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for name, table in tables
    }


def _nothing() -> ModuongError:
    return ModuongError(
        "E-ROSTER-4",
        _("Không còn bản danh sách nào trước bản đang dùng để quay lại. Xem các bản: moduong roster versions."),
    )
