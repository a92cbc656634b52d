"""Answers being worked on. The server alone decides the order: no device's clock does.

A save names the version that it was typed on. Typed on the newest, it becomes the answer; typed on an older one, it is
kept beside the answer as the other text, and shown. So two tabs or devices lose nothing.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course.answers import ZONE, Answer
from course.types.shared.reading import is_blank


@dataclass(frozen=True, slots=True)
class Place:
    """Whose answers of which attempt at which module.

    ``attempt`` counts what was handed in here; ``number`` is the attempt that the ledger counts next (0: not known), by
    which bodies are drawn: a hand-in that was refused used none up.
    """

    person: str
    module: str
    attempt: int
    number: int = 0

    @property
    def turn(self) -> int:
        """The attempt as it is drawn and handed in."""
        return self.number or self.attempt

    @property
    def key(self) -> tuple[str, str, int]:
        """The columns that lead the tables' keys."""
        return self.person, self.module, self.attempt


@dataclass(frozen=True, slots=True)
class Save:
    """What a page sends: an answer, the version it was typed on (0: none, -1: another attempt's), and which save it is.

    ``client`` names the page, ``number`` grows with each of its saves.
    """

    item: str
    variant: int
    value: Any
    base: int
    client: str
    number: int


@dataclass(frozen=True, slots=True)
class Other:
    """A text that was typed on an older version, by which page, and when it arrived."""

    client: str
    variant: int
    value: Any
    time: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the server holds of one item after a save: the answer (``seq`` is its version) and the other texts."""

    answer: Answer | None
    others: tuple[Other, ...]


def _now() -> tuple[int, str]:
    return time.time_ns() // 1_000_000, datetime.now(ZONE).isoformat(timespec="seconds")


def put(connection: sqlite3.Connection, place: Place, save: Save) -> tuple[Answer | None, Kept]:
    """Store one save; return the answer before it, and what is held now. The same save twice is stored once."""
    row = _row(connection, place, save.item)
    before = None if row is None else _answer(row)
    value = json.dumps(save.value, ensure_ascii=False)
    repeated = row is not None and row["client"] == save.client and save.number <= row["number"]
    if repeated or (row is not None and row["value"] == value and row["variant"] == save.variant):
        return before, held(connection, place, save.item)
    mine = row is not None and row["client"] == save.client and save.base >= 0
    if (row is None and save.base >= 0) or (row is not None and (save.base == row["seq"] or mine)):
        _write(connection, place, save, value, 0 if row is None else row["seq"])
    elif not is_blank(save.value):
        _keep(connection, place, save, value)
    return before, held(connection, place, save.item)


def _answer(row: sqlite3.Row) -> Answer:
    return Answer(json.loads(row["value"]), row["variant"], row["seq"], row["time"])


def _row(connection: sqlite3.Connection, place: Place, item: str) -> sqlite3.Row | None:
    query = "SELECT * FROM drafts WHERE person = ? AND module = ? AND attempt = ? AND item = ?"
    found: sqlite3.Row | None = connection.execute(query, (*place.key, item)).fetchone()
    return found


def _write(connection: sqlite3.Connection, place: Place, save: Save, value: str, before: int) -> None:
    """Make the save the answer; its version is above the one before, whatever the server's clock says."""
    now, at = _now()
    row = (*place.key, save.item, save.variant, value, max(before + 1, now), at, save.client, save.number)
    connection.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _keep(connection: sqlite3.Connection, place: Place, save: Save, value: str) -> None:
    """Keep the save as the other text of its page; a later one of the same page replaces it."""
    key = (*place.key, save.item, save.client)
    where = "person = ? AND module = ? AND attempt = ? AND item = ? AND client = ?"
    newer = connection.execute(f"SELECT number FROM others WHERE {where}", key).fetchone()  # noqa: S608  # no input
    if newer is None or newer[0] < save.number:
        row = (*key, save.number, save.variant, value, _now()[1])
        connection.execute("INSERT OR REPLACE INTO others VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", row)


def held(connection: sqlite3.Connection, place: Place, item: str) -> Kept:
    """Return what is held of one item."""
    row = _row(connection, place, item)
    return Kept(None if row is None else _answer(row), _others(connection, place).get(item, ()))


def _others(connection: sqlite3.Connection, place: Place) -> dict[str, tuple[Other, ...]]:
    query = "SELECT * FROM others WHERE person = ? AND module = ? AND attempt = ? AND seen = 0 ORDER BY time"
    found: dict[str, tuple[Other, ...]] = {}
    for row in connection.execute(query, place.key):
        other = Other(row["client"], row["variant"], json.loads(row["value"]), row["time"])
        found[row["item"]] = (*found.get(row["item"], ()), other)
    return found


def put_away(connection: sqlite3.Connection, place: Place, item: str, client: str) -> Kept:
    """Show an other text no more; it stays in the database. Return what is held of the item now."""
    where = "person = ? AND module = ? AND attempt = ? AND item = ? AND client = ?"
    # No input
    connection.execute(f"UPDATE others SET seen = 1 WHERE {where}", (*place.key, item, client))  # noqa: S608
    return held(connection, place, item)


def answers(connection: sqlite3.Connection, place: Place) -> dict[str, Answer]:
    """Return the answers of an attempt, item → answer."""
    query = "SELECT * FROM drafts WHERE person = ? AND module = ? AND attempt = ?"
    rows = connection.execute(query, place.key)
    return {row["item"]: _answer(row) for row in rows}


def begin(connection: sqlite3.Connection, place: Place, drawn: Callable[[str, int], bool]) -> Mapping[str, Kept]:
    """Return everything held of an attempt, item → what is held.

    A new attempt begins with the answers of the one before whose variant is drawn again (``drawn(item, variant)``).
    """
    found = answers(connection, place)
    if not found and place.attempt > 1:
        earlier = Place(place.person, place.module, place.attempt - 1)
        for item, answer in answers(connection, earlier).items():
            if drawn(item, answer.variant):
                row = (*place.key, item, answer.variant, json.dumps(answer.value, ensure_ascii=False), answer.seq)
                connection.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 0)", (*row, answer.saved_at))
                found[item] = answer
    others = _others(connection, place)
    return {item: Kept(found.get(item), others.get(item, ())) for item in {*found, *others}}
