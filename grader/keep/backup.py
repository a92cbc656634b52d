"""Makes a backup while the course runs: databases, keys, releases, the operator's file, one manifest with hashes.

A backup is a folder of its own, named after the moment. It is whole once its name is there: it is written beside,
synced, then renamed. What cadres handed in stays in ``attempts/``; copy that folder with the means of your machine.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from course.words import _
from grader.ground import database, durable
from grader.ground.errors import ModuongError
from grader.ground.journal import log
from grader.ground.workspace import GRADEBOOK, Workspace
from grader.keep import copying, erasures, names_read

MANIFEST = "manifest.json"
FOLDERS = ("keys", "source", "release", "releases", "lessons", "roster", "reports/snapshots")
"""What is kept as files, where the workspace has it."""
HOST = "host"
"""What stands in the host's own folder, beside the workspace: its databases, and hand-ins still in the spool."""
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its folder, when it was made (UTC), its files (relative name → SHA-256), attempts in its ledger."""

    folder: Path
    made_at: datetime
    files: dict[str, str]
    attempts: int


def make(workspace: Workspace, engine: Engine, now: datetime, target: Path | None = None, most: int = 14) -> Backup:
    """Make one backup below ``target`` (the folder beside the workspace when left out), then remove the oldest.

    Args:
        workspace: nothing in it is changed but the note of where its last backup is.
        engine: its gradebook's.
        now: an aware instant.
        target: holds the backups; made with mode 0700.
        most: how many are kept, this one included.

    Raises:
        ModuongError: ``E-BAK-1`` the folder cannot be written; those of the database.
    """
    above = target or workspace.backups
    name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    fresh = above / f".{name}.new"
    try:
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(above):
            for left in above.glob(".*.new"):  # by one that was killed
                shutil.rmtree(left, ignore_errors=True)
            fresh.mkdir(mode=0o700)
            files = dict(_copied(workspace, engine, fresh))
            count = _attempts(fresh / GRADEBOOK)
            text = {"format": _FORMAT, "made_at": now.isoformat(), "attempts": count, "files": files}
            durable.write(fresh / MANIFEST, json.dumps(text, indent=1).encode())
            folder = _unused(above / name)
            os.rename(fresh, folder)
            if noted := erasures.noted(workspace, above):
                erasures.write(above, noted)  # also where no backup of it has lain before
            durable.sync_folder(above)
            durable.write(workspace.last_backup, f"{folder.absolute()}\n".encode())
            _rotate(above, most)
    except (OSError, sqlite3.OperationalError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        said = _("{above}: không ghi được bản sao lưu ({strerror}).", above=above, strerror=why)
        raise ModuongError("E-BAK-1", said) from None
    log.event("backup", state=folder.name, count=count)
    return Backup(folder, now, files, count)


@contextlib.contextmanager
def _alone(above: Path) -> Iterator[None]:
    """Wait until no other backup is made in this folder; what is unfinished there was left by one that was killed."""
    handle = os.open(above, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _unused(path: Path) -> Path:
    number = 2
    unused = path
    while unused.exists():
        unused = path.with_name(f"{path.name}-{number}")
        number += 1
    return unused


def _copied(workspace: Workspace, engine: Engine, fresh: Path) -> Iterator[tuple[str, str]]:
    """Copy everything into ``fresh``, each file synced, and yield its relative name and hash."""
    books = {path.name: path for path in workspace.root.glob("*.db") if path.name != GRADEBOOK}
    own = database.file_of(str(engine.url))
    if own is None:  # a file of that name in the workspace is from before the move to the server
        _from_server(engine, fresh / GRADEBOOK)
        yield GRADEBOOK, _synced(fresh / GRADEBOOK)
    else:
        books[GRADEBOOK] = own
    for name, path in sorted(books.items()):
        database.backup(path, fresh / name)
        yield name, _synced(fresh / name)
    for path in sorted(workspace.host.glob("*.db")):
        (fresh / HOST).mkdir(mode=0o700, exist_ok=True)
        database.backup(path, fresh / HOST / path.name)
        yield f"{HOST}/{path.name}", _synced(fresh / HOST / path.name)
    for path, name in (*_kept_files(workspace.root), *_of_host(workspace.host)):
        to = fresh / name
        to.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # replaced by a release that is under way
            shutil.copyfile(path, to)
            yield to.relative_to(fresh).as_posix(), _synced(to)
    for folder in sorted({p.parent for p in fresh.rglob("*")}):
        durable.sync_folder(folder)


def _kept_files(root: Path) -> Iterator[tuple[Path, str]]:
    alone = (path for path in sorted(root.iterdir()) if path.suffix in {".py", ".json"})
    for path in (*alone, root / "reports" / names_read.FILE):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(root).as_posix()
    for name in FOLDERS:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path, path.relative_to(root).as_posix()


def _of_host(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted((folder / "spool").rglob("*")):
        inside = path.relative_to(folder)
        if not any(part.startswith(".") for part in inside.parts) and path.is_file() and not path.is_symlink():
            yield path, f"{HOST}/{inside.as_posix()}"


def _from_server(engine: Engine, target: Path) -> None:
    """Copy a server's database into a file that any machine can read."""
    copy = sa.create_engine(f"sqlite:///{target}")
    with engine.connect() as connection:
        tables = copying.tables_of(connection)
    plain = sa.MetaData()
    for table in tables.sorted_tables:
        columns = (
            sa.Column(c.name, c.type.as_generic(allow_nulltype=True), primary_key=c.primary_key, nullable=c.nullable)
            for c in table.c
        )
        sa.Table(table.name, plain, *columns)
    plain.create_all(copy)
    copying.copy(engine, copy)
    copy.dispose()


def _synced(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


def _attempts(file: Path) -> int:
    with contextlib.closing(sqlite3.connect(file)) as book:
        return int(book.execute("SELECT count(*) FROM moduong_attempt").fetchone()[0])


def listed(above: Path) -> list[Path]:
    """Return the folders of the backups below ``above``, oldest first."""
    return sorted(path.parent for path in above.glob(f"[0-9]*/{MANIFEST}"))


def _rotate(above: Path, most: int) -> None:
    for old in listed(above)[: -max(most, 1)]:
        shutil.rmtree(old, ignore_errors=True)


def read(folder: Path) -> Backup:
    """Return a backup whose files are all there and unchanged.

    Raises:
        ModuongError: ``E-BAK-2`` it is none, or a file is missing or differs from the manifest.
    """
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        files = {str(name): str(digest) for name, digest in said["files"].items()}
        found = Backup(folder, datetime.fromisoformat(said["made_at"]), files, int(said["attempts"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModuongError("E-BAK-2", _("{folder}: không phải một bản sao lưu đọc được.", folder=folder)) from None
    for name, digest in files.items():
        if not same(folder / name, digest) or not (folder / name).resolve().is_relative_to(folder.resolve()):
            said_of = _("{path}: thiếu hoặc đã khác lúc sao lưu; hãy dùng bản khác.", path=folder / name)
            raise ModuongError("E-BAK-2", said_of)
    return found


def same(path: Path, digest: str) -> bool:
    """Say whether a file is there and has this SHA-256."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False
