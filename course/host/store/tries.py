"""Wrong passphrases slow down further ones, per person; whether the person exists makes no difference."""

from __future__ import annotations

import sqlite3
import time

from course.host.store.accounts import folded, hashed

_WINDOW = 1800.0
"""Seconds after which a wrong try is forgotten."""
_FREE = 5
_FIRST, _LONGEST = 15.0, 900.0


def who(person: str, device: str) -> str:
    """Return the name under which tries are counted.

    A device on which this person has signed in before counts by itself, so that a stranger's guesses lock nobody out.
    """
    return hashed(f"{folded(person)}\0{device}")


def wait(connection: sqlite3.Connection, name: str) -> float:
    """Return the seconds until the next try is taken; 0 when it may be now. Doubles with each wrong try after five."""
    now = time.time()
    query = "SELECT count(*), max(at) FROM tries WHERE who = ? AND at > ?"
    wrong, last = connection.execute(query, (name, now - _WINDOW)).fetchone()
    if wrong < _FREE:
        return 0.0
    pause = min(_LONGEST, _FIRST * float(2 ** min(wrong - _FREE, 16)))
    return max(0.0, float(last) + pause - now)


def wrong(connection: sqlite3.Connection, name: str) -> None:
    """Count a wrong try, before it is known to be wrong: many at once are counted too."""
    now = time.time()
    connection.execute("DELETE FROM tries WHERE at < ?", (now - _WINDOW,))
    connection.execute("INSERT INTO tries VALUES (?, ?)", (name, now))


def forget(connection: sqlite3.Connection, name: str) -> None:
    """Forget the wrong tries after a right one."""
    connection.execute("DELETE FROM tries WHERE who = ?", (name,))
