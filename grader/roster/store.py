"""The roster in the workspace's database.

The rows that were accepted at the last import, and what was found in reading them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.words import _
from grader.ground import database
from grader.ground.errors import ModuongError
from grader.roster import rules as roster_rules
from grader.roster.records import PEOPLE_FILE, External, Person, Post, Roster, Unit
from grader.roster.row_findings import RowFinding

_AT_ONCE = 20_000
"""Rows per statement: many enough to be fast, few enough to need little memory."""


def save(connection: Connection, roster: Roster) -> None:
    """Store ``roster`` in place of the one that is there, in the caller's transaction.

    Readers see the old one until it commits.
    """
    before = version(connection)
    for table in (
        database.units,
        database.people,
        database.posts,
        database.external,
        database.findings,
        database.roster,
    ):
        connection.execute(sa.delete(table))
    for table, rows in (
        (database.units, roster.units),
        (database.people, roster.people),
        (database.posts, roster.posts),
        (database.external, roster.external),
    ):
        _insert(connection, table, (row._asdict() for row in rows))
    found = chain(((True, finding) for finding in roster.rejected), ((False, finding) for finding in roster.warnings))
    _insert(connection, database.findings, (_finding_row(finding, rejected=rejected) for rejected, finding in found))
    database.insert_many(connection, database.roster, [{"version": before + 1}])


def _insert(connection: Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    numbered = ({"place": place, **row} for place, row in enumerate(rows))
    while chunk := list(islice(numbered, _AT_ONCE)):
        database.insert_many(connection, table, chunk)


def _finding_row(finding: RowFinding, *, rejected: bool) -> dict[str, Any]:
    return {**finding._asdict(), "rejected": rejected, "said": json.dumps(finding.said, ensure_ascii=False)}


def version(connection: Connection) -> int:
    """Return how often a roster has been stored; 0: never. It changes with every ``save``."""
    return connection.execute(sa.select(database.roster.c.version)).scalar() or 0


def load(connection: Connection) -> Roster | None:
    """Return the stored roster, equal to the one that was saved; ``None`` where none ever was."""
    while True:  # an import that commits between two of the reads is seen by its version
        now = version(connection)
        roster = _read(connection)
        if version(connection) == now:
            return roster if now else None


def _read(connection: Connection) -> Roster:
    units = [Unit._make(row) for row in _rows(connection, database.units, Unit._fields)]
    people = [Person._make(row) for row in _rows(connection, database.people, Person._fields)]
    posts = [Post._make(row) for row in _rows(connection, database.posts, Post._fields)]
    external = [External._make(row) for row in _rows(connection, database.external, External._fields)]
    rejected: list[RowFinding] = []
    warnings: list[RowFinding] = []
    for turned_away, file, line, kind, said in _rows(connection, database.findings, ("rejected", *RowFinding._fields)):
        (rejected if turned_away else warnings).append(RowFinding(file, line, kind, tuple(json.loads(said))))
    return roster_rules.together(units, people, posts, rejected, warnings, external)


def _rows(connection: Connection, table: sa.Table, columns: Sequence[str]) -> Iterator[Any]:
    return iter(connection.execute(sa.select(*(table.c[name] for name in columns)).order_by(table.c.place)))


def required(connection: Connection) -> Roster:
    """Return the stored roster.

    Raises:
        ModuongError: ``E-ROSTER-1`` none was ever stored.
    """
    roster = load(connection)
    if roster is None:
        raise _missing()
    return roster


def optional(connection: Connection, folder: Path) -> Roster | None:
    """Return the stored roster, ``None`` where there is none; ``folder``: where older workspaces keep its files.

    Raises:
        ModuongError: ``E-ROSTER-1`` the files lie there and were never taken in: to go on without a roster would
            be wrong.
    """
    return load(connection) if _any(connection, folder) else None


def person_ids(connection: Connection, folder: Path) -> dict[str, str] | None:
    """Return the spelling of every person id by casefolded id; for the rest as ``optional``."""
    if not _any(connection, folder):
        return None
    return {
        person_id.casefold(): person_id
        for person_id in connection.execute(sa.select(database.people.c.person_id)).scalars()
    }


def _any(connection: Connection, folder: Path) -> bool:
    if version(connection):
        return True
    if (folder / PEOPLE_FILE).exists():
        raise _missing()
    return False


def _missing() -> ModuongError:
    return ModuongError(
        "E-ROSTER-1",
        _(
            "Thư mục làm việc chưa nạp danh sách cán bộ. Hãy nạp bằng «moduong roster import danh-sach.xlsx», "
            "hoặc tên thư mục có ba tệp CSV (các tệp còn nằm trong thư mục con «roster» của thư mục làm việc "
            "cũng nạp như vậy, một lần)."
        ),
    )
