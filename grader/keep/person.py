"""What is held of one person: all of it for them to have, or none of it any more.

Law 91/2025 on the protection of personal data gives people both. An erasure takes words, answers, names and files; what
figures rest on (score, state, date, post) stays under a name drawn at random, so that no figure changes.
"""

from __future__ import annotations

import json
import os
import secrets
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from course.words import _
from grader.ground import database, durable, operators_file
from grader.ground.errors import ModuongError
from grader.ground.journal import log
from grader.ground.workspace import Workspace
from grader.keep import erasures, person_files, person_rows
from grader.keep.erasures import Erasure

DATA = "du-lieu.json"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a person: rows of the gradebook and of the host, table → rows; folders and files."""

    person: str
    rows: dict[str, list[dict[str, Any]]]
    host: dict[str, list[dict[str, Any]]]
    files: tuple[Path, ...]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(map(len, (*self.rows.values(), *self.host.values())))

    @property
    def words(self) -> list[str]:
        """Id and names, as they may stand in a list."""
        names = (str(row["full_name"]) for row in self.rows.get("moduong_person", ()) if row["full_name"])
        return [self.person, *sorted(set(names))]


def held(workspace: Workspace, engine: Engine, course_id: str, person: str) -> Held:
    """Return all that is held of a person.

    Raises:
        ModuongError: ``E-PERSON-1`` nothing is.
    """
    with engine.connect() as connection:
        rows = person_rows.of(connection, person)
    found = Held(
        person, rows, person_files.host_rows(workspace, person), tuple(person_files.of(workspace, course_id, person))
    )
    if not found.count and not found.files:
        said = _("«{person}»: nơi này không giữ gì của người mang mã ấy. Xem mã trong danh sách cán bộ.", person=person)
        raise ModuongError("E-PERSON-1", said)
    return found


def export(workspace: Workspace, found: Held, target: Path) -> int:
    """Write all that is held into a ZIP that only its owner may read; return how many files are in it.

    Raises:
        ModuongError: ``E-FILE-3`` the file is there already.
        OSError: it cannot be written.
    """
    if target.exists():
        raise ModuongError("E-FILE-3", _("{value}: đã có tệp này, không ghi đè. Hãy đặt tên khác.", value=target))
    fresh = target.with_name(f".{target.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    count = 1
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            said = {"person": found.person, "gradebook": found.rows, "host": found.host}
            packed.writestr(DATA, json.dumps(said, ensure_ascii=False, indent=1, default=_plain))
            for path in found.files:
                for one in sorted(path.rglob("*")) if path.is_dir() else (path,):
                    if one.is_file() and not one.is_symlink():
                        packed.write(one, _inside(workspace, one))
                        count += 1
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, target)
    durable.sync_folder(target.parent)
    return count


def _plain(value: object) -> object:
    return (
        value.isoformat()
        if isinstance(value, date | datetime)
        else float(value)
        if isinstance(value, Decimal)
        else str(value)
    )


def _inside(workspace: Workspace, path: Path) -> str:
    for base, name in ((workspace.root, ""), (workspace.exchange, "exchange/"), (workspace.host, "host/")):
        if path.is_relative_to(base):
            return f"{name}{path.relative_to(base).as_posix()}"
    return path.name


def erase(
    workspace: Workspace,
    engine: Engine,
    course_id: str,
    found: Held,
    now: datetime,
    draw: Callable[[], str] = lambda: f"XOA-{secrets.token_hex(6)}",
) -> Erasure:
    """Erase a person: note it, keep a version until its time ends, then take rows and files away.

    Safe to repeat: whoever was killed in between goes on where it stopped.

    Raises:
        ModuongError: those of the database.
        OSError: a file cannot be written or removed.
    """
    known = {one.person: one for one in erasures.noted(workspace)}
    days = timedelta(days=operators_file.read(workspace.root).erased_days)
    fresh = Erasure(found.person, draw(), now.isoformat(timespec="seconds"), (now + days).isoformat(timespec="seconds"))
    one = known.get(found.person, fresh)
    erasures.note(workspace, one)
    workspace.erased.mkdir(mode=0o700, exist_ok=True)
    kept = erasures.kept(workspace, one)
    if not kept.exists() and days:
        export(workspace, found, kept)
    apply(workspace, engine, course_id, one)
    log.event("erased", person=one.becomes)
    return one


def apply(workspace: Workspace, engine: Engine, course_id: str, one: Erasure) -> int:
    """Take the rows and files of an erasure away; return how many rows changed. Again: nothing.

    Raises:
        ModuongError: those of the database.
        OSError: a file cannot be removed.
    """
    with database.writing(engine) as connection:
        count = person_rows.erase(connection, one.person, one.becomes)
    count += person_files.erase_host_rows(workspace, one.person, one.becomes)
    person_files.remove(workspace, course_id, one.person)
    return count
