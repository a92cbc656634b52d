"""Accounts, one-time codes, device sessions. Codes and tokens are kept as hashes: a copy of the file opens no door."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from course.answers import ZONE

_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
"""No two of them look alike on paper."""
_CODE_LENGTH = 12
CODE_DAYS, SESSION_DAYS = 30, 90
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Account:
    """One cadre: id, name, unit (id and name), track of the course, and the passphrase's hash (empty: none yet)."""

    person: str
    name: str
    unit: str
    unit_name: str
    track: str
    passphrase: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in on a device, until when (UNIX seconds)."""

    person: str
    expires: float


def at() -> str:
    """Return this moment as an ISO instant."""
    return datetime.now(ZONE).isoformat(timespec="seconds")


def hashed(token: str) -> str:
    """Return the hash under which a token or code is kept; they are long and random, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def folded(person: str) -> str:
    """Return an id as it is compared: people type it in any case, with spaces around."""
    return unicodedata.normalize("NFC", person).strip().casefold()


def typed_code(text: str) -> str:
    """Return a code as it was printed: without dashes, spaces and lower case."""
    return "".join(c for c in text.upper() if c.isalnum())


def shown_code(code: str) -> str:
    """Return a code in groups of four."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def note(connection: sqlite3.Connection, who: str, what: str, about: str = "") -> None:
    """Write a line of the audit: who did what to whom."""
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", (at(), who, what, about))


def invite(connection: sqlite3.Connection, accounts: Iterable[Account], made_by: str) -> list[tuple[Account, str]]:
    """Make an account for everybody who has none, and a fresh code for each; earlier unused codes are void.

    Name, unit and track follow what is given; a passphrase that was set stays until the code is used.
    """
    made = []
    for one in accounts:
        connection.execute(
            "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, '', ?) ON CONFLICT (person) DO UPDATE SET"
            " name = excluded.name, unit = excluded.unit, unit_name = excluded.unit_name, track = excluded.track",
            (one.person, folded(one.person), one.name, one.unit, one.unit_name, one.track, at()),
        )
        connection.execute("DELETE FROM invitations WHERE person = ? AND used_at = ''", (one.person,))
        code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
        expires = time.time() + CODE_DAYS * _DAY
        connection.execute(
            "INSERT INTO invitations VALUES (?, ?, ?, ?, ?, '')", (hashed(code), one.person, made_by, at(), expires)
        )
        note(connection, made_by, "invite", one.person)
        made.append((one, code))
    return made


def account(connection: sqlite3.Connection, person: str) -> Account | None:
    """Return the account of an id as somebody typed it."""
    row = connection.execute(
        "SELECT person, name, unit, unit_name, track, passphrase FROM accounts WHERE folded = ?", (folded(person),)
    ).fetchone()
    return None if row is None else Account(*row)


def invited(connection: sqlite3.Connection, code: str) -> Account | None:
    """Return whom a code invites; ``None`` for one that is unknown, used or too old."""
    row = connection.execute(
        "SELECT person FROM invitations WHERE code = ? AND used_at = '' AND expires > ?",
        (hashed(typed_code(code)), time.time()),
    ).fetchone()
    return None if row is None else account(connection, row[0])


def accept(connection: sqlite3.Connection, code: str, passphrase: str) -> Account | None:
    """Use a code up: set the passphrase's hash, sign out every device; ``None`` when the code is no longer good."""
    found = invited(connection, code)
    if found is None:
        return None
    connection.execute("UPDATE invitations SET used_at = ? WHERE code = ?", (at(), hashed(typed_code(code))))
    connection.execute("UPDATE accounts SET passphrase = ? WHERE person = ?", (passphrase, found.person))
    connection.execute("DELETE FROM sessions WHERE person = ?", (found.person,))
    note(connection, found.person, "passphrase", found.person)
    return found


def open_session(connection: sqlite3.Connection, person: str, device: str) -> str:
    """Begin a session on a device and return its token, which is kept nowhere here."""
    token = secrets.token_urlsafe(32)
    connection.execute("DELETE FROM sessions WHERE expires < ?", (time.time(),))
    row = (hashed(token), person, at(), time.time() + SESSION_DAYS * _DAY, device[:80])
    connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", row)
    note(connection, person, "sign-in", device[:80])
    return token


def session(connection: sqlite3.Connection, token: str) -> Session | None:
    """Return who holds ``token``; ``None`` when nobody does any more."""
    row = connection.execute(
        "SELECT person, expires FROM sessions WHERE token = ? AND expires > ?", (hashed(token), time.time())
    ).fetchone()
    return None if row is None else Session(*row)


def devices(connection: sqlite3.Connection, person: str) -> list[tuple[str, str]]:
    """Return (device, since when) of a person's open sessions."""
    rows = connection.execute("SELECT device, made_at FROM sessions WHERE person = ? ORDER BY made_at", (person,))
    return [(r[0], r[1]) for r in rows]


def close_session(connection: sqlite3.Connection, token: str) -> None:
    """End one session."""
    connection.execute("DELETE FROM sessions WHERE token = ?", (hashed(token),))


def close_sessions(connection: sqlite3.Connection, person: str) -> None:
    """End all sessions of a person."""
    connection.execute("DELETE FROM sessions WHERE person = ?", (person,))
    note(connection, person, "sign-out everywhere", person)


@dataclass(frozen=True, slots=True)
class Way:
    """How far somebody has come in: a passphrase is set, an unused code works until (UNIX seconds), devices."""

    entered: bool
    code_until: float
    devices: int


def ways(connection: sqlite3.Connection) -> dict[str, Way]:
    """Return person -> how far they have come in, for everybody with an account."""
    rows = connection.execute(
        "SELECT a.person, a.passphrase != '' AS entered,"
        " coalesce((SELECT max(expires) FROM invitations i WHERE i.person = a.person AND used_at = ''), 0) AS until,"
        " (SELECT count(*) FROM sessions s WHERE s.person = a.person AND s.expires > ?) AS devices FROM accounts a",
        (time.time(),),
    )
    return {r["person"]: Way(bool(r["entered"]), float(r["until"]), int(r["devices"])) for r in rows}
