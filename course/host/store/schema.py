"""The tables of ``host.db``, and how it is opened."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

VERSION = 1
_BUSY = 15.0
"""Seconds to wait for another process (``moduong invite``) that is writing."""

TABLES = """
CREATE TABLE accounts (
    person TEXT PRIMARY KEY, folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL, unit TEXT NOT NULL,
    unit_name TEXT NOT NULL, track TEXT NOT NULL, passphrase TEXT NOT NULL DEFAULT '', made_at TEXT NOT NULL
);
CREATE TABLE invitations (
    code TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES accounts, made_by TEXT NOT NULL, made_at TEXT NOT NULL,
    expires REAL NOT NULL, used_at TEXT NOT NULL DEFAULT ''
);
CREATE TABLE sessions (
    token TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES accounts, made_at TEXT NOT NULL, expires REAL NOT NULL,
    device TEXT NOT NULL
);
CREATE TABLE tries (who TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE drafts (
    person TEXT NOT NULL, module TEXT NOT NULL, attempt INTEGER NOT NULL, item TEXT NOT NULL, variant INTEGER NOT NULL,
    value TEXT NOT NULL, seq INTEGER NOT NULL, time TEXT NOT NULL, client TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (person, module, attempt, item)
) WITHOUT ROWID;
CREATE TABLE others (
    person TEXT NOT NULL, module TEXT NOT NULL, attempt INTEGER NOT NULL, item TEXT NOT NULL, client TEXT NOT NULL,
    number INTEGER NOT NULL, variant INTEGER NOT NULL, value TEXT NOT NULL, time TEXT NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (person, module, attempt, item, client)
) WITHOUT ROWID;
CREATE TABLE hand_ins (
    person TEXT NOT NULL, module TEXT NOT NULL, attempt INTEGER NOT NULL, code TEXT NOT NULL, at TEXT NOT NULL,
    answered INTEGER NOT NULL, total INTEGER NOT NULL, entry TEXT NOT NULL, secret TEXT NOT NULL, release TEXT NOT NULL,
    PRIMARY KEY (person, module, attempt)
) WITHOUT ROWID;
CREATE TABLE practice (
    person TEXT NOT NULL, module TEXT NOT NULL, item TEXT NOT NULL, variant INTEGER NOT NULL, value TEXT NOT NULL,
    time TEXT NOT NULL, PRIMARY KEY (person, module, item)
) WITHOUT ROWID;
CREATE TABLE places (
    person TEXT NOT NULL, module TEXT NOT NULL, place TEXT NOT NULL, time TEXT NOT NULL, PRIMARY KEY (person, module)
) WITHOUT ROWID;
CREATE TABLE audit (at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL);
CREATE INDEX invitations_of ON invitations (person);
CREATE INDEX sessions_of ON sessions (person);
CREATE INDEX tries_of ON tries (who, at);
"""
"""``drafts.seq`` is the version that the server gave; ``client`` and ``number`` name the save that made it: a save
sent twice is stored once. ``others`` are texts that were typed on top of an older version. ``code`` and ``token`` are
SHA-256 of what the cadre holds."""


class NewerDatabase(Exception):
    """The file was written by a newer edition; the text is its version."""


def connect(path: Path, tables: str = TABLES, version: int = VERSION) -> sqlite3.Connection:
    """Open ``host.db``, or a database of other ``tables``, making it where it is missing; only its owner may read it.

    A folder with the set-group-id bit is shared with a group, and so is what is made in it. A rollback journal, synced
    at every commit: more than one process writes, and old SQLite may damage a shared WAL.

    Raises:
        sqlite3.Error: it cannot be opened, or is no database.
        NewerDatabase: of a newer edition.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        if path.parent.stat().st_mode & stat.S_ISGID:
            path.chmod(0o660)
    connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN IMMEDIATE")
    there = connection.execute("PRAGMA user_version").fetchone()[0]
    if there == 0:
        for statement in tables.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")
    if there > version:
        connection.close()
        raise NewerDatabase(str(there))
    return connection
