"""Which version our tables have, and the steps from one version to the next.

Tables and indexes that only come in addition are made whenever a database is opened. A change of what is there is a
step here; it is made by ``moduong db upgrade`` alone, never in passing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.words import _
from grader.ground.errors import ModuongError

_SIGN = "moduong_attempt"
"""The table that every version has."""
_ABOUT = "moduong_about"


def about_table(metadata: sa.MetaData) -> sa.Table:
    """Return the table of what the database says of itself, one row per name: ``schema`` and ``ledger``."""
    return sa.Table(
        _ABOUT,
        metadata,
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _to_2(connection: Connection) -> None:
    """Give the ledger an identity: a copy of it is known as such, another one in its place too."""
    _put(connection, "ledger", uuid.uuid4().hex)


STEPS: dict[int, Callable[[Connection], None]] = {2: _to_2}
"""Version → the step that leads to it from the one before. 1: before versions were kept."""


def latest() -> int:
    """Return the version that this code reads and writes."""
    return max(STEPS)


def _put(connection: Connection, name: str, value: str) -> None:
    about = about_table(sa.MetaData())
    connection.execute(sa.delete(about).where(about.c.name == name))
    connection.execute(sa.insert(about), {"name": name, "value": value})


def version(connection: Connection) -> int:
    """Return the version of an opened database; 0 where none of our tables is there yet."""
    found = sa.inspect(connection)
    if not found.has_table(_SIGN):
        return 0
    if not found.has_table(_ABOUT):
        return 1
    about = about_table(sa.MetaData())
    said = connection.execute(sa.select(about.c.value).where(about.c.name == "schema")).scalar()
    return int(said) if said else 1


def refuse_other(found: int) -> None:
    """Stop at a version that this code does not speak.

    Raises:
        ModuongError: ``E-DB-8`` a later one, ``E-DB-9`` an earlier one.
    """
    if found > latest():
        said = _(
            "Sổ điểm do bản moduong mới hơn ghi (phiên bản {found}, bản này hiểu đến {latest}). "
            "Hãy cài bản moduong mới.",
            found=found,
            latest=latest(),
        )
        raise ModuongError("E-DB-8", said)
    if 0 < found < latest():
        said = _(
            "Sổ điểm do bản moduong cũ hơn ghi (phiên bản {found}, nay là {latest}). Hãy chạy «moduong db upgrade»: "
            "lệnh sao lưu trước, giữ nguyên mọi điểm.",
            found=found,
            latest=latest(),
        )
        raise ModuongError("E-DB-9", said)


def bring(connection: Connection, found: int) -> int:
    """Make the steps from version ``found`` to the latest (0: a new database) and return how many were made.

    The caller's transaction makes them one: all or none.
    """
    steps = [STEPS[number] for number in sorted(STEPS) if number > found]
    for step in steps if found else [_to_2]:
        step(connection)
    if steps:
        _put(connection, "schema", str(latest()))
    return len(steps)
