"""The tables of ``desk.db``: who of the staff may do what, sessions, and the log of what was done."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from course.host.store import schema

VERSION = 1
TABLES = """
CREATE TABLE staff (
    login TEXT PRIMARY KEY, folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL, lang TEXT NOT NULL,
    passphrase TEXT NOT NULL DEFAULT '', made_at TEXT NOT NULL
);
CREATE TABLE grants (
    login TEXT NOT NULL REFERENCES staff, role TEXT NOT NULL, scope TEXT NOT NULL, made_by TEXT NOT NULL,
    made_at TEXT NOT NULL, PRIMARY KEY (login, role, scope)
) WITHOUT ROWID;
CREATE TABLE codes (
    code TEXT PRIMARY KEY, login TEXT NOT NULL REFERENCES staff, made_by TEXT NOT NULL, made_at TEXT NOT NULL,
    expires REAL NOT NULL, used_at TEXT NOT NULL DEFAULT ''
);
CREATE TABLE sessions (
    token TEXT PRIMARY KEY, login TEXT NOT NULL REFERENCES staff, made_at TEXT NOT NULL, expires REAL NOT NULL,
    device TEXT NOT NULL
);
CREATE TABLE tries (who TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE audit (at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL);
CREATE INDEX tries_of ON tries (who, at);
CREATE INDEX audit_at ON audit (at)
"""
"""``code`` and ``token`` are SHA-256 of what is held. ``scope`` is a unit, a module, or empty for all."""


def connect(path: Path) -> sqlite3.Connection:
    """Open ``desk.db``, readable by its owner alone; raises as :func:`course.host.store.schema.connect`."""
    connection = schema.connect(path, TABLES, VERSION)
    path.chmod(0o600)
    return connection
