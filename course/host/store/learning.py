"""Hand-ins of a cadre, and where learning stopped: practice answers and the place in a lesson."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from course.answers import ZONE


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One hand-in: its receipt, its entry in the spool, and the secret by which feedback and standing are found."""

    person: str
    module: str
    attempt: int
    code: str
    at: str
    answered: int
    total: int
    entry: str
    secret: str
    release: str


def hand_ins(connection: sqlite3.Connection, person: str, module: str = "") -> list[HandedIn]:
    """Return a person's hand-ins of one module (of all when empty), oldest first."""
    query = "SELECT * FROM hand_ins WHERE person = ? AND (? IN ('', module)) ORDER BY module, attempt"
    return [HandedIn(*row) for row in connection.execute(query, (person, module))]


def keep_hand_in(connection: sqlite3.Connection, done: HandedIn) -> HandedIn:
    """Keep a receipt and return it; where the attempt was handed in meanwhile, the one that came first."""
    connection.execute("INSERT OR IGNORE INTO hand_ins VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(done))
    query = "SELECT * FROM hand_ins WHERE person = ? AND module = ? AND attempt = ?"
    return HandedIn(*connection.execute(query, (done.person, done.module, done.attempt)).fetchone())


def _at() -> str:
    return datetime.now(ZONE).isoformat(timespec="seconds")


def keep_practice(  # noqa: D417  # the rest is the row
    connection: sqlite3.Connection, person: str, module: str, item: str, variant: int, value: object
) -> None:
    """Keep the last answer to a practice question; it counts for nothing.

    Args:
        connection: of the clerk.
    """
    row = (person, module, item, variant, json.dumps(value, ensure_ascii=False), _at())
    connection.execute("INSERT OR REPLACE INTO practice VALUES (?, ?, ?, ?, ?, ?)", row)


def practised(connection: sqlite3.Connection, person: str, module: str) -> Mapping[str, tuple[int, Any]]:
    """Return item → (variant, value) of what was practised in a module."""
    query = "SELECT item, variant, value FROM practice WHERE person = ? AND module = ?"
    return {r["item"]: (r["variant"], json.loads(r["value"])) for r in connection.execute(query, (person, module))}


def keep_place(connection: sqlite3.Connection, person: str, module: str, place: str) -> None:
    """Remember where in a lesson the person is."""
    connection.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", (person, module, place, _at()))


def places(connection: sqlite3.Connection, person: str) -> Mapping[str, str]:
    """Return module → place in its lesson, for every lesson that was opened."""
    query = "SELECT module, place FROM places WHERE person = ? ORDER BY time"
    return {r["module"]: r["place"] for r in connection.execute(query, (person,))}


def begun(connection: sqlite3.Connection, person: str) -> Mapping[tuple[str, int], int]:
    """Return (module, attempt) → how many answers are stored."""
    query = (
        "SELECT module, attempt, count(*) FROM drafts WHERE person = ? AND value NOT IN ('null', '\"\"', '[]', '{}')"
    )
    return {(r[0], r[1]): r[2] for r in connection.execute(query + " GROUP BY module, attempt", (person,))}


def everything(connection: sqlite3.Connection, person: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row about a person but the secrets, table → rows: what the law lets them ask for."""
    hidden = {"passphrase", "secret", "token", "folded"}
    tables = ("accounts", "sessions", "drafts", "others", "hand_ins", "practice", "places")
    found = {}
    for table in tables:
        rows = connection.execute(f"SELECT * FROM {table} WHERE person = ?", (person,))  # noqa: S608  # no input
        found[table] = [_plain(row, hidden) for row in rows]
    return found


def _plain(row: sqlite3.Row, hidden: set[str]) -> dict[str, Any]:
    named = {name: row[name] for name in row.keys() if name not in hidden}  # noqa: SIM118  # sqlite3.Row
    return {name: json.loads(value) if name == "value" else value for name, value in named.items()}
