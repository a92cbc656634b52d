"""The ledger's rows again, from what was kept of each hand-in: for a restore, of what the backup does not have yet."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course.answers import AnswersError, AnswerSet
from grader.ground import database, lineage
from grader.ground.database import answered, attempts
from grader.ground.workspace import Workspace
from grader.intake import answers_in
from grader.intake.names import NOTE

ROW = "row"
"""Under which name the collector's note holds the row of the ledger."""
RELEASE = "release"
"""Under which name it holds the release that was answered; missing in notes from before releases were recorded."""
_COLUMNS = frozenset(attempts.c.keys())


def rebuild(workspace: Workspace, connection: Connection, without: Collection[str] = ()) -> tuple[int, list[Path]]:
    """Enter what lies in ``attempts/`` and ``set-aside/`` and not in the ledger; in the caller's transaction.

    ``without``: people whose hand-ins are left alone, because they were erased.

    Return how many rows were entered, and the folders whose note cannot be read: they are left alone. What was
    entered waits for grading.
    """
    known = connection.execute(sa.select(attempts.c.attempt_id, attempts.c.received_from)).all()
    ids, sources = {row[0] for row in known}, {row[1] for row in known}
    rows, releases, unread = [], [], []
    for folder, attempt_id in _folders(workspace):
        if attempt_id in ids or attempt_id.rsplit(".", 2)[0] in without:
            continue
        row, release = _row(workspace, folder, attempt_id)
        if row is None:
            unread.append(folder)
        elif row["received_from"] not in sources:
            rows.append(row)
            sources.add(row["received_from"])
            releases += [{"attempt_id": attempt_id, "release": release}] if release else []
    database.insert_many(connection, attempts, sorted(rows, key=lambda row: (row["submitted_at"], row["attempt_id"])))
    database.insert_many(connection, answered, releases)
    return len(rows), unread


def _folders(workspace: Workspace) -> Iterator[tuple[Path, str]]:
    for folder in sorted(workspace.root.glob("attempts/*/*/*")):
        if folder.name.isdecimal() and folder.is_dir():
            yield folder, f"{folder.parent.parent.name}.{folder.parent.name}.{folder.name}"
    for folder in sorted(workspace.set_aside().glob("set-aside.*")):
        yield folder, folder.name


def _row(workspace: Workspace, folder: Path, attempt_id: str) -> tuple[dict[str, Any] | None, str]:
    """Return the row of a kept hand-in, ``None`` where it cannot be read, and the release that was answered."""
    try:
        note = json.loads((folder / NOTE).read_bytes())
        row = note.get(ROW) or _from_before(workspace, folder, attempt_id, note)
        release = str(note.get(RELEASE, ""))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None, ""
    return (row if row.keys() == _COLUMNS and row["attempt_id"] == attempt_id else None), release


def _from_before(workspace: Workspace, folder: Path, attempt_id: str, note: dict[str, Any]) -> dict[str, Any]:
    """Read a hand-in again whose note does not hold its row, as those did before the row stood in it."""
    person, module, number = attempt_id.rsplit(".", 2) if folder.name.isdecimal() else ("", "", "0")
    state = str(note["state"])
    found = None if state == "unreadable" else _answers(folder, module)
    claim = folder / "timestamp.txt"
    return {
        "attempt_id": attempt_id,
        "person_id": person,
        "module_id": module or (found.module if found else ""),
        "number": int(number),
        "received_from": str(note["source"]),
        "submitted_at": datetime.fromisoformat(note["received_at"]).astimezone(UTC).isoformat(timespec="seconds"),
        "claimed_at": claim.read_text(encoding="utf-8", errors="replace").strip()[:64] if claim.is_file() else "",
        "content_hash": AnswerSet(module, found.answers, person=person).content_hash() if found and person else "",
        "answers": _understood(workspace, found) if found else "",
        "identity": "claimed",
        "state": state,
        "code": "",
        "reason": str(note["reason"]),
        "simulated": False,
    }


def _answers(folder: Path, module: str) -> AnswerSet | None:
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    files.pop(NOTE, None)
    try:
        return answers_in.find_answers(files, module)
    except AnswersError:
        return None


def _understood(workspace: Workspace, found: AnswerSet) -> str:
    """Return the answers to questions that the release has, as the ledger holds them."""
    released = lineage.folder(workspace, found.module, found.release) / "items.json"
    ids: Collection[str] = (
        {item["id"] for item in json.loads(released.read_bytes())["items"]} if released.exists() else found.answers
    )
    said = found.to_json()["answers"]
    return json.dumps({i: value for i, value in said.items() if i in ids}, ensure_ascii=False)
