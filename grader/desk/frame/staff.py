"""Accounts of staff: who they are, what they may do, one-time codes, sessions, and the log of all that."""

from __future__ import annotations

import secrets
import sqlite3
import time
from dataclasses import dataclass

from course.host.store.accounts import at, folded, hashed, typed_code
from course.words import _

ROLES = ("coordinator", "marker", "instructor", "operator")
ROLE_NAMES = {
    "coordinator": _("điều phối viên"),
    "marker": _("người chấm"),
    "instructor": _("giảng viên"),
    "operator": _("người vận hành"),
}
SESSION_HOURS, CODE_DAYS = 12, 7
_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
_CODE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and where: a unit (coordinator), a module (marker), or everywhere when empty."""

    role: str
    scope: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the staff: login, name, language of their pages, what they may do, the passphrase's hash."""

    login: str
    name: str
    lang: str
    grants: tuple[Grant, ...]
    passphrase: str = ""

    def may(self, *roles: str) -> bool:
        """Say whether one of the roles was granted."""
        return any(grant.role in roles for grant in self.grants)

    def scopes(self, role: str) -> tuple[str, ...]:
        """Return where a role holds."""
        return tuple(grant.scope for grant in self.grants if grant.role == role)


def note(connection: sqlite3.Connection, who: str, what: str, about: str = "") -> None:
    """Write a line of the log: who did what, about whom or what."""
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", (at(), who, what, about[:500]))


def grant(connection: sqlite3.Connection, login: str, given: Grant, by: str, *, name: str = "", lang: str = "") -> bool:
    """Grant a role, making the account where there is none (``name``, ``lang``); say whether the account is new."""
    known = find(connection, login)
    if known is None:
        row = (login, folded(login), name or login, lang or "vi", at())
        connection.execute("INSERT INTO staff VALUES (?, ?, ?, ?, '', ?)", row)
    else:
        login = known.login
        changed = (name or known.name, lang or known.lang, login)
        connection.execute("UPDATE staff SET name = ?, lang = ? WHERE login = ?", changed)
    row = (login, given.role, given.scope, by, at())
    connection.execute("INSERT OR IGNORE INTO grants VALUES (?, ?, ?, ?, ?)", row)
    note(connection, by, "grant", f"{login} {given.role} {given.scope}".strip())
    return known is None


def revoke(connection: sqlite3.Connection, login: str, given: Grant | None, by: str) -> int:
    """Take a role away (all when ``None``), end the sessions; return how many grants that were."""
    query, values = "DELETE FROM grants WHERE login = ?", [login]
    if given is not None:
        query += " AND role = ? AND scope = ?"
        values += [given.role, given.scope]
    gone = connection.execute(query, values).rowcount
    connection.execute("DELETE FROM sessions WHERE login = ?", (login,))
    connection.execute("DELETE FROM codes WHERE login = ? AND used_at = ''", (login,))
    note(connection, by, "revoke", f"{login} {given.role if given else '*'} {given.scope if given else ''}".strip())
    return gone


def find(connection: sqlite3.Connection, login: str) -> Staff | None:
    """Return whom a login names, as somebody typed it."""
    row = connection.execute(
        "SELECT login, name, lang, passphrase FROM staff WHERE folded = ?", (folded(login),)
    ).fetchone()
    if row is None:
        return None
    rows = connection.execute("SELECT role, scope FROM grants WHERE login = ? ORDER BY role, scope", (row["login"],))
    grants = tuple(Grant(r["role"], r["scope"]) for r in rows)
    return Staff(row["login"], row["name"], row["lang"], grants, row["passphrase"])


def everybody(connection: sqlite3.Connection) -> list[Staff]:
    """Return all accounts, by login."""
    logins = [r[0] for r in connection.execute("SELECT login FROM staff ORDER BY login")]
    return [one for one in (find(connection, login) for login in logins) if one is not None]


def log(connection: sqlite3.Connection, most: int = 200) -> list[tuple[str, str, str, str]]:
    """Return the latest lines of the log, newest first: when, who, what, about."""
    rows = connection.execute("SELECT at, who, what, about FROM audit ORDER BY rowid DESC LIMIT ?", (most,))
    return [tuple(row) for row in rows]


def code(connection: sqlite3.Connection, login: str, by: str) -> str:
    """Make a one-time code for an account; earlier unused ones are void."""
    connection.execute("DELETE FROM codes WHERE login = ? AND used_at = ''", (login,))
    made = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    expires = time.time() + CODE_DAYS * 86_400
    connection.execute("INSERT INTO codes VALUES (?, ?, ?, ?, ?, '')", (hashed(made), login, by, at(), expires))
    note(connection, by, "code", login)
    return made


def coded(connection: sqlite3.Connection, typed: str) -> Staff | None:
    """Return whose a code is; ``None`` for one that is unknown, used or too old."""
    row = connection.execute(
        "SELECT login FROM codes WHERE code = ? AND used_at = '' AND expires > ?",
        (hashed(typed_code(typed)), time.time()),
    ).fetchone()
    return None if row is None else find(connection, row["login"])


def accept(connection: sqlite3.Connection, typed: str, passphrase: str) -> Staff | None:
    """Use a code up: set the passphrase's hash, end every session; ``None`` when the code is no longer good."""
    found = coded(connection, typed)
    if found is None:
        return None
    connection.execute("UPDATE codes SET used_at = ? WHERE code = ?", (at(), hashed(typed_code(typed))))
    connection.execute("UPDATE staff SET passphrase = ? WHERE login = ?", (passphrase, found.login))
    connection.execute("DELETE FROM sessions WHERE login = ?", (found.login,))
    note(connection, found.login, "passphrase", found.login)
    return found


def speak(connection: sqlite3.Connection, login: str, lang: str) -> None:
    """Set the language of somebody's pages."""
    connection.execute("UPDATE staff SET lang = ? WHERE login = ?", (lang, login))


def open_session(connection: sqlite3.Connection, login: str, device: str) -> str:
    """Begin a session and return its token, which is kept nowhere here."""
    token = secrets.token_urlsafe(32)
    connection.execute("DELETE FROM sessions WHERE expires < ?", (time.time(),))
    row = (hashed(token), login, at(), time.time() + SESSION_HOURS * 3600, device[:80])
    connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", row)
    note(connection, login, "sign-in", device[:80])
    return token


def session(connection: sqlite3.Connection, token: str) -> Staff | None:
    """Return who holds ``token``; ``None`` when nobody does any more."""
    row = connection.execute(
        "SELECT login FROM sessions WHERE token = ? AND expires > ?", (hashed(token), time.time())
    ).fetchone()
    return None if row is None else find(connection, row["login"])


def close_session(connection: sqlite3.Connection, token: str, login: str) -> None:
    """End one session."""
    connection.execute("DELETE FROM sessions WHERE token = ?", (hashed(token),))
    note(connection, login, "sign-out")
