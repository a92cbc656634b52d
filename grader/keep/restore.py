"""Puts a backup back where something is missing. What is there is never overwritten: the old gradebook is put aside."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.words import _
from grader.ground import database, durable, operators_file
from grader.ground.errors import ModuongError
from grader.ground.workspace import GRADEBOOK, Workspace
from grader.keep import backup
from grader.keep.backup import Backup

_PARTS = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside a database; it belongs to this one and would spoil another."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: files that were missing, files that differ from the backup and were left as they are.

    ``aside``: where the gradebook that was there is now; ``None`` where there was none, or it is a server's.
    """

    files: tuple[str, ...]
    differing: tuple[str, ...]
    aside: Path | None


def chosen(workspace: Workspace, given: Path | None) -> Path | None:
    """Return the backup meant: the one given, else the last one that the workspace knows of or that lies beside it."""
    if given is not None:
        return given
    try:
        noted = Path(workspace.last_backup.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        noted = None
    if noted is not None and (noted / backup.MANIFEST).is_file():
        return noted
    beside = backup.listed(workspace.backups)
    return beside[-1] if beside else None


def operators_file_first(root: Path, found: Backup) -> None:
    """Put the operator's file back before the workspace is opened: it says where the database is.

    Raises:
        OSError: it cannot be written.
    """
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if operators_file.NAME in found.files and not (root / operators_file.NAME).exists():
        _place(found.folder / operators_file.NAME, root / operators_file.NAME)


def put_back(workspace: Workspace, found: Backup, now: datetime) -> Restored:
    """Put the databases of a checked backup in place, and every file that the workspace lacks.

    A server's database is left alone: the caller fills it.

    Raises:
        ModuongError: ``E-BAK-3`` it cannot be written.
    """
    try:
        aside = _database(workspace, found, now)
        missing, differing = [], []
        for name in sorted(found.files):
            path = place_of(workspace, name)
            if name == GRADEBOOK:
                continue
            if path.suffix == ".db" and path.exists() and not _readable(path):
                set_aside(path, now)
            if not path.exists():
                _folders(path.parent)
                _place(found.folder / name, path)
                missing.append(name)
            elif not backup.same(path, found.files[name]):
                differing.append(name)
    except OSError as error:
        said = _("{root}: không ghi được ({strerror}).", root=workspace.root, strerror=error.strerror)
        raise ModuongError("E-BAK-3", said) from None
    return Restored(tuple(missing), tuple(differing), aside)


def place_of(workspace: Workspace, name: str) -> Path:
    """Return where a file of a backup belongs."""
    within = f"{backup.HOST}/"
    return workspace.host / name.removeprefix(within) if name.startswith(within) else workspace.root / name


def _folders(path: Path) -> None:
    """Make a folder and those above it that are missing, for its owner alone."""
    for folder in reversed((path, *path.parents)):
        if not folder.exists():
            folder.mkdir(mode=0o700)


def _readable(path: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(path)) as book:
            return bool(book.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _database(workspace: Workspace, found: Backup, now: datetime) -> Path | None:
    file = database.file_of(workspace.database)
    if file is None:  # a server's: the caller fills it
        return None
    aside = set_aside(file, now)
    _place(found.folder / GRADEBOOK, file)
    return aside


def set_aside(file: Path, now: datetime) -> Path | None:
    """Rename a SQLite gradebook, with what SQLite keeps beside it, and return its new name; ``None``: none was there.

    Raises:
        OSError: it cannot be renamed.
    """
    base = name = f"{file.name}.truoc-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number = 2
    while file.with_name(name).exists():  # another restore within the second
        name, number = f"{base}-{number}", number + 1
    moved = None
    for part in _PARTS:
        old = file.with_name(file.name + part)
        if old.exists():
            target = file.with_name(name + part)
            os.replace(old, target)
            moved = moved or target
    return moved


def _place(kept: Path, path: Path) -> None:
    fresh = path.with_name(f".{path.name}.new")
    shutil.copyfile(kept, fresh)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    os.chmod(fresh, 0o600)
    os.replace(fresh, path)
    durable.sync_folder(path.parent)
