"""Every file that tells of one person: in the workspace, on the exchange, in the host's own folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.ground.workspace import GRADEBOOK, Workspace

_FOLDERS = ("attempts", "submitted", "autograded", "feedback", "learners")
_SECRET = "submission_secret.txt"  # noqa: S105  # a file name
_HIDDEN = {"passphrase", "secret", "token", "folded", "code"}


def of(workspace: Workspace, course_id: str, person: str) -> Iterator[Path]:
    """Yield the folders and files of a person, those on the exchange included."""
    for name in _FOLDERS:
        if (folder := workspace.root / name / person).is_dir():
            yield folder
    for place in (workspace.inbound(course_id), workspace.host / "spool"):
        with contextlib.suppress(OSError):
            yield from sorted(path for path in place.iterdir() if path.name.startswith(f"{person}+"))
    yield from _published(workspace, course_id, person)


def _published(workspace: Workspace, course_id: str, person: str) -> Iterator[Path]:
    """Yield standings and pages on the exchange; the hash of each hand-in's secret is their name."""
    course = workspace.exchange / course_id
    for path in sorted((workspace.root / "attempts" / person).glob(f"*/*/{_SECRET}")):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            text = path.read_bytes().decode("ascii") + path.parent.parent.name
            digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
            there = (course / "standing" / f"{digest}.json", course / "feedback" / f"{digest}.html")
            yield from (one for one in there if one.exists())


def remove(workspace: Workspace, course_id: str, person: str) -> int:
    """Remove them all; return how many folders and files that were.

    Raises:
        OSError: one cannot be removed; what was removed stays removed.
    """
    found = list(of(workspace, course_id, person))
    for path in sorted(found, key=lambda path: "attempts" in path.parts):  # these name the others: last
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return len(found)


def _databases(workspace: Workspace) -> Iterator[Path]:
    """Yield those of the host, and that of the staff's pages, whose log names whom they invited."""
    with contextlib.suppress(OSError):
        own = (path for path in workspace.root.glob("*.db") if path.name != GRADEBOOK)
        yield from (*sorted(workspace.host.glob("*.db")), *sorted(own))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    book = sqlite3.connect(path, timeout=30)
    try:
        book.row_factory = sqlite3.Row
        book.execute("PRAGMA synchronous = FULL")
        with book:
            yield book
    finally:
        book.close()


def _of_person(book: sqlite3.Connection) -> Iterator[str]:
    for (table,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        if "person" in {row[1] for row in book.execute(f'PRAGMA table_info("{table}")')}:
            yield table


def host_rows(workspace: Workspace, person: str) -> dict[str, list[dict[str, Any]]]:
    """Return what the host's databases hold about a person, without what opens a door."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in _databases(workspace):
        with _opened(path) as book:
            for table in _of_person(book):
                rows = book.execute(f'SELECT * FROM "{table}" WHERE person = ?', (person,)).fetchall()  # noqa: S608  # its own
                if rows:
                    named = [column for column in rows[0].keys() if column not in _HIDDEN]  # noqa: SIM118  # sqlite3.Row
                    found[f"{path.name}: {table}"] = [{name: row[name] for name in named} for row in rows]
    return found


def erase_host_rows(workspace: Workspace, person: str, becomes: str) -> int:
    """Remove a person's rows from the host's databases; the audit goes on to say what was done, of nobody."""
    count = 0
    for path in _databases(workspace):
        with _opened(path) as book:
            book.execute("PRAGMA foreign_keys = OFF")
            for table in _of_person(book):
                count += book.execute(f'DELETE FROM "{table}" WHERE person = ?', (person,)).rowcount  # noqa: S608
            if book.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit'").fetchone():
                _renamed(book, person, becomes)
    return count


def _renamed(book: sqlite3.Connection, person: str, becomes: str) -> None:
    whole = re.compile(rf"(?<![\w-]){re.escape(person)}(?![\w-])")
    for row in book.execute("SELECT rowid, who, about FROM audit").fetchall():
        said = [whole.sub(becomes, str(row[column])) for column in ("who", "about")]
        if said != [row["who"], row["about"]]:
            book.execute("UPDATE audit SET who = ?, about = ? WHERE rowid = ?", (*said, row[0]))


def named_in(workspace: Workspace, words: list[str]) -> list[Path]:
    """Return the reports and lists in the workspace in which one of the words still stands; they are made anew."""
    found = []
    for folder in (workspace.reports(), workspace.coordinator(), workspace.roster()):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                with contextlib.suppress(OSError):
                    content = path.read_bytes()
                    if any(word.encode() in content or json.dumps(word)[1:-1].encode() in content for word in words):
                        found.append(path)
    return found
