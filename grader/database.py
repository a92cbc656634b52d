"""The database: one SQLAlchemy engine, SQLite by default, with our own tables beside nbgrader's."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from grader.errors import ModuongError

_BUSY_MILLISECONDS = 30_000
_LOCK = 0x6D6F6475
"""Our number among PostgreSQL's advisory locks."""
metadata = sa.MetaData()

attempts = sa.Table(
    "moduong_attempt",
    metadata,
    sa.Column("attempt_id", sa.String(64), primary_key=True),
    sa.Column("person_id", sa.String(128), nullable=False, index=True),
    sa.Column("module_id", sa.String(16), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("received_from", sa.Text, nullable=False, unique=True),
    sa.Column("submitted_at", sa.String(32), nullable=False),
    sa.Column("claimed_at", sa.String(64), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("answers", sa.Text, nullable=False),
    sa.Column("identity", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("simulated", sa.Boolean, nullable=False),
)
"""One row per hand-in, never changed. ``state``: ``accepted``, ``duplicate``, ``refused``, ``unreadable`` or ``set_aside``.

``answers`` is the answer set as it was understood (JSON); the files as received are in ``attempts/``.
"""

results = sa.Table(
    "moduong_result",
    metadata,
    sa.Column("attempt_id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("graded_at", sa.String(32), nullable=False),
    sa.Column("cause", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("score", sa.Numeric(8, 2, asdecimal=False), nullable=True),
    sa.Column("max_score", sa.Numeric(8, 2, asdecimal=False), nullable=False),
    sa.Column("critical_met", sa.Boolean, nullable=True),
    sa.Column("component_met", sa.Boolean, nullable=True),
    sa.Column("key_version", sa.String(16), nullable=False),
    sa.Column("course_version", sa.String(16), nullable=False),
    sa.Column("items", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
"""What grading found, one row per grading of an attempt; the highest ``seq`` holds. ``state``: ``graded``, ``pending_manual``, ``void``."""

decisions = sa.Table(
    "moduong_decision",
    metadata,
    sa.Column("decision_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("decided_at", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person_id", sa.String(128), nullable=False, index=True),
    sa.Column("module_id", sa.String(16), nullable=False),
    sa.Column("attempt_id", sa.String(64), nullable=False),
    sa.Column("value", sa.String(32), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
)
"""What a coordinator decided, one row per decision, never changed. ``kind``: ``reopen`` or ``attest``; see ``decisions.py``."""

roster = sa.Table("moduong_roster", metadata, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
"""One row once a roster has been taken in: how often; see ``roster_store.py``."""

units = sa.Table(
    "moduong_unit",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("parent_id", sa.Text, nullable=False),
    sa.Column("start", sa.Date, nullable=False),
    sa.Column("end", sa.Date, nullable=False),
    sa.Column("successor_id", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
)
"""One row per period of a unit; an ``end`` of 9999-12-31 is open. ``place``: order of the file, here and below."""

people = sa.Table(
    "moduong_person",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("is_test", sa.Boolean, nullable=False),
    sa.Column("same_as", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
)

posts = sa.Table(
    "moduong_post",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("post", sa.String(32), nullable=False),
    sa.Column("start", sa.Date, nullable=False),
    sa.Column("end", sa.Date, nullable=False),
    sa.Column("decision_no", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("written_id", sa.Text, nullable=False),
)

findings = sa.Table(
    "moduong_roster_finding",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rejected", sa.Boolean, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("said", sa.Text, nullable=False),
)
"""What was found in reading the roster that is stored: rejected rows and warnings; ``said`` is a JSON array."""


def connect(url: str) -> Engine:
    """Return an engine on ``url`` with our tables in place; SQLite in WAL mode, waiting up to 30 s for a lock."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:  # SQLAlchemy's hook
            for pragma in (f"busy_timeout={_BUSY_MILLISECONDS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=OFF"):
                connection.execute(f"PRAGMA {pragma}")

    try:
        metadata.create_all(engine)
    except OperationalError as error:
        raise ModuongError(
            "E-DB-1",
            vi=f"Không mở được sổ điểm ({error.orig}). Hãy đóng chương trình đang giữ sổ điểm rồi chạy lại.",
            en=f"The gradebook cannot be opened ({error.orig}). Close the program that holds it and run again.",
        ) from None
    return engine


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that alone may write: what is read through it stays true until it commits at the end.

    Raises:
        ModuongError: ``E-DB-1`` another program has held the gradebook for too long, ``E-DB-3`` it cannot be written. Nothing was changed.
    """
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection
    except OperationalError as error:
        raise _not_written(error) from None


def _not_written(error: OperationalError) -> ModuongError:
    if "locked" in str(error.orig) or "busy" in str(error.orig):
        return ModuongError(
            "E-DB-1",
            vi="Chương trình khác đang giữ sổ điểm quá lâu. Hãy đóng chương trình đó rồi chạy lại; việc đang làm dở sẽ được làm tiếp.",
            en="Another program holds the gradebook for too long. Close it and run again; the work goes on where it stopped.",
        )
    return ModuongError(
        "E-DB-3",
        vi=f"Không ghi được sổ điểm ({error.orig}). Hãy kiểm tra chỗ trống và quyền ghi rồi chạy lại; việc đang làm dở sẽ được làm tiếp.",
        en=f"The gradebook cannot be written ({error.orig}). Check free space and permissions and run again; the work goes on where it stopped.",
    )


def backup(source: Path, target: Path) -> None:
    """Copy an SQLite database while it may be in use."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)


def insert_many(connection: Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert ``rows`` in one statement."""
    if rows:
        connection.execute(sa.insert(table), rows)
