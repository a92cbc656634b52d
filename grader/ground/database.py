"""The database.

One SQLAlchemy engine, SQLite by default or PostgreSQL by URL, with our own tables beside nbgrader's.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.schema import CreateIndex

from course.words import _
from grader.ground import schema
from grader.ground.errors import ModuongError

_BUSY_MILLISECONDS = 30_000
_LOCK = 0x6D6F6475
"""Our number among PostgreSQL's advisory locks."""
metadata = sa.MetaData()
about = schema.about_table(metadata)

attempts = sa.Table(
    "moduong_attempt",
    metadata,
    sa.Column("attempt_id", sa.String(64), primary_key=True),
    sa.Column("person_id", sa.String(128), nullable=False),
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
    sa.Index("moduong_attempt_progress", "person_id", "module_id", "state", "submitted_at", "attempt_id"),
)
"""One row per hand-in. ``state``.

``accepted``, ``duplicate``, ``refused``, ``unreadable``, ``set_aside``, or ``waiting`` for a person, who decides once
(``grader/intake/confirm.py``); nothing else of a row ever changes.

``answers`` is the answer set as it was understood (JSON); the files as received are in ``attempts/``.
``submitted_at`` is in UTC
to the second, so that the order of its text is that of time. The index holds all that completion reads: a row of a
hundred
thousand cadres' answers is never touched for it; so does that of the results.
"""

WAITING = "waiting"
ERASED = "erased"
"""The ``identity`` of an attempt whose person was erased: its score stays, it is never graded again."""

answered = sa.Table(
    "moduong_answered",
    metadata,
    sa.Column("attempt_id", sa.String(64), primary_key=True),
    sa.Column("release", sa.String(16), nullable=False),
)
"""Which release a hand-in answered, never changed; none for one that was taken in before releases were recorded."""

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
    sa.Index(
        "moduong_result_progress",
        "attempt_id",
        "seq",
        "state",
        "score",
        "max_score",
        "critical_met",
        "component_met",
        "key_version",
    ),
)
"""What grading found, one row per grading of an attempt; the highest ``seq`` holds. ``state``.

``graded``, ``pending_manual``, ``void``.
"""

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
"""What a person decided, one row per decision, never changed. ``kind``.

``reopen``, ``attest``, ``confirm`` or ``refuse``.

See ``gradebook/decisions.py``.
"""

roster = sa.Table("moduong_roster", metadata, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
"""One row once a roster has been taken in: how often; see ``roster/store.py``."""

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

births = sa.Table(
    "moduong_birth",
    metadata,
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("birth", sa.String(10), nullable=False),
)
"""Birth dates that a list gave (``YYYY-MM-DD``, or the year).

They tell people of one name apart, and stand nowhere else.
"""

external = sa.Table(
    "moduong_external",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("course", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("organiser", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
)
"""Courses that people took outside, one row each."""

roster_versions = sa.Table(
    "moduong_roster_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("content", sa.Integer, nullable=False),
    sa.Column("rows", sa.Text, nullable=False),
)
"""Each change of the roster: when, by whom, from which file. ``content``: the version whose rows these are (an undo
brings back those of an earlier one). See ``grader/roster/versions.py``."""

OF_ROSTER = (units, people, posts, findings, births, external)
former = {
    table.name: sa.Table(
        f"{table.name}_former",
        metadata,
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(c.name, c.type, primary_key=c.primary_key, nullable=c.nullable, autoincrement=False)
            for c in table.c
        ),
    )
    for table in OF_ROSTER
}
"""The rows of former versions of the roster, table by table, as they were."""


def file_of(url: str) -> Path | None:
    """Return the file of a SQLite database; ``None`` for a server, and for a URL that cannot be read."""
    try:
        parts = sa.make_url(url)
    except sa.exc.ArgumentError:
        return None
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


_SOUND_WAL = (3, 51, 3)
"""First SQLite whose write-ahead log cannot lose commits when several processes write (the WAL-reset bug)."""


def journal_mode() -> str:
    """Return how a gradebook that several processes write is kept safe with this machine's SQLite."""
    return "WAL" if sqlite3.sqlite_version_info >= _SOUND_WAL else "TRUNCATE"


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # SQLAlchemy's hook
    _run(connection, f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}", "PRAGMA foreign_keys=OFF")
    with contextlib.suppress(sqlite3.OperationalError):  # in use by somebody: the next who opens it alone changes it
        _run(connection, f"PRAGMA journal_mode={journal_mode()}")
    _run(connection, "PRAGMA synchronous=FULL")  # what is acknowledged outlives a power cut


def _prepare_server(connection: Any, _record: Any) -> None:  # SQLAlchemy's hook
    _run(connection, f"SET lock_timeout = {_BUSY_MILLISECONDS}")


def _run(connection: Any, *statements: str) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()
    connection.commit()


_DAMAGED = ("malformed", "not a database", "disk image")
_DAMAGE = _(
    "Sổ điểm bị hỏng, không đọc được nữa. Đừng chạy gì thêm; giữ lại tệp hỏng, chép gradebook.db từ bản sao lưu gần "
    "nhất vào chỗ cũ rồi chạy lại."
)


def _explain(context: ExceptionContext) -> None:
    error = context.sqlalchemy_exception
    if isinstance(error, DatabaseError) and any(sign in str(error.orig) for sign in _DAMAGED):
        raise ModuongError("E-DB-7", _DAMAGE)
    if isinstance(error, OperationalError) and not context.is_pre_ping:
        served = context.engine is not None and context.engine.dialect.name != "sqlite"
        away = context.is_disconnect or (context.connection is None and served)
        raise _problem(error, away=away)


def connect(url: str) -> Engine:
    """Return an engine on ``url`` with our tables in place, waiting up to 30 s for a lock.

    Every commit of SQLite is synced to the disk before it is acknowledged.

    What goes wrong with the database later is raised through this engine as a ``ModuongError``, wherever it happens:
    ``E-DB-1`` another program has held it for too long, ``E-DB-3`` it cannot be read or written, ``E-DB-4`` the
    server is away, ``E-DB-7`` it is damaged.

    Raises:
        ModuongError: the same, ``E-DB-5`` when the driver for ``url`` is not installed, ``E-DB-8`` and ``E-DB-9`` when
            its tables are of a later or an earlier version.
    """
    engine = reach(url)
    with engine.connect() as connection:
        found = schema.version(connection)
    schema.refuse_other(found)
    if not found:
        upgrade(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:  # a gradebook from before an index was needed
        for index in (index for table in metadata.sorted_tables for index in table.indexes):
            connection.execute(CreateIndex(index, if_not_exists=True))
    return engine


def upgrade(engine: Engine) -> int:
    """Bring our tables to this code's version, all in one transaction, and return how many steps were made.

    Raises:
        ModuongError: ``E-DB-8`` they are of a later one; those of ``connect``.
    """
    with writing(engine) as connection:
        found = schema.version(connection)
        if found > schema.latest():
            schema.refuse_other(found)
        metadata.create_all(connection)
        return schema.bring(connection, found)


def reach(url: str) -> Engine:
    """Return an engine on ``url`` that makes and asks nothing of what is in it; its errors are those of ``connect``.

    Raises:
        ModuongError: ``E-DB-5``.
    """
    try:
        engine = sa.create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except (ImportError, sa.exc.ArgumentError) as error:
        raise ModuongError(
            "E-DB-5",
            _(
                "Không dùng được địa chỉ cơ sở dữ liệu trong nbgrader_config.py ({error}). Với PostgreSQL hãy "
                "cài moduong[postgres].",
                error=error,
            ),
        ) from None
    event.listen(engine, "connect", _prepare_sqlite if engine.dialect.name == "sqlite" else _prepare_server)
    event.listen(engine, "handle_error", _explain)
    return engine


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that alone may write: what is read through it stays true until it commits at the end.

    Raises:
        ModuongError: those of ``connect``. Nothing was changed then.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection


def _problem(error: OperationalError, *, away: bool) -> ModuongError:
    said = str(error.orig).strip().splitlines()[0]
    if away:
        return ModuongError(
            "E-DB-4",
            _(
                "Mất kết nối tới cơ sở dữ liệu ({said}). Hãy kiểm tra máy chủ rồi chạy lại; việc đang làm dở sẽ "
                "được làm tiếp.",
                said=said,
            ),
        )
    if "lock" in said or "busy" in said:
        return ModuongError(
            "E-DB-1",
            _(
                "Chương trình khác đang giữ sổ điểm quá lâu. Hãy đóng chương trình đó rồi chạy lại; việc đang "
                "làm dở sẽ được làm tiếp."
            ),
        )
    return ModuongError(
        "E-DB-3",
        _(
            "Không đọc hoặc ghi được sổ điểm ({said}). Hãy kiểm tra chỗ trống và quyền ghi rồi chạy lại; việc "
            "đang làm dở sẽ được làm tiếp.",
            said=said,
        ),
    )


def backup(source: Path, target: Path) -> None:
    """Copy an SQLite database while it may be in use."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)


def insert_many(connection: Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert ``rows`` in one statement."""
    if rows:
        connection.execute(sa.insert(table), rows)
