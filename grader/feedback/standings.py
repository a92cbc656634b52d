"""Where somebody stands in a module, as the ledger alone knows it: published whenever that changes.

``exchange/<course>/standing/`` may be entered, not listed (0711); a file's name is the hash of a hand-in's secret, as
for nbgrader's feedback, so that nobody finds another's.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from course.fetched.standing import FOLDER
from course.words import _
from grader.gradebook import decisions, results, turn
from grader.gradebook.results import Result, Standing
from grader.ground import pass_rule
from grader.ground.database import attempts
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import ITEMS, Workspace

_SECRET = re.compile(r"[0-9A-Za-z_-]{16,256}")
_ENTERED = 0o711


def publish(
    workspace: Workspace, engine: Engine, rules: Syllabus, module: str, people: Collection[str] | None = None
) -> int:
    """Write the standings of ``people`` (all when ``None``) in one module; return how many files changed.

    Raises:
        ModuongError: ``E-FB-1`` the exchange cannot be written.
    """
    course = workspace.exchange / rules.course.id
    if not course.is_dir() or not (workspace.release(module) / ITEMS).exists():  # nobody handed in through it
        return 0
    with engine.connect() as connection:
        found = list(_of_people(workspace, connection, rules, module, people))
    try:
        return sum(_write(course / FOLDER, secret, module, said) for secret, said in found)
    except OSError as error:
        said = _("{path}: không ghi được ({reason}).", path=course / FOLDER, reason=error.strerror)
        raise ModuongError("E-FB-1", said) from None


def _of_people(
    workspace: Workspace, connection: Connection, rules: Syllabus, module: str, people: Collection[str] | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield secret and standing for every hand-in that came through the exchange."""
    mine = (attempts.c.module_id == module) & (attempts.c.person_id != "")
    if people is not None:
        mine &= attempts.c.person_id.in_(list(people))
    found = results.read(connection, mine)
    kept = results.kept(connection, {module: rules.modules[module]}, mine)
    opened = decisions.all_opened(connection, module)
    marked = any(item["manual"] for item in json.loads((workspace.release(module) / ITEMS).read_bytes())["items"])
    by_person: dict[str, list[Row[Any]]] = {}
    columns = [
        attempts.c[name]
        for name in ("attempt_id", "person_id", "number", "state", "code", "submitted_at", "content_hash")
    ]
    for row in connection.execute(sa.select(*columns).where(mine).order_by(attempts.c.number)):
        by_person.setdefault(row.person_id, []).append(row)
    for person, rows in by_person.items():
        said = _said(rules, module, rows, found, kept, opened.get(person, 0), marked=marked)
        for row in rows:
            path = workspace.attempt(person, module, str(row.number)) / "submission_secret.txt"
            if secret := _secret(path):
                yield secret, said


def _said(
    rules: Syllabus,
    module: str,
    rows: Sequence[Row[Any]],
    found: Mapping[str, Result],
    kept: Mapping[str, Standing],
    opened: int,
    *,
    marked: bool,
) -> dict[str, Any]:
    states = [_state(rules, module, row, found, kept) for row in rows]
    accepted = sorted((row for row in rows if row.state == "accepted"), key=lambda row: (row.submitted_at, row.number))
    last = found.get(accepted[-1].attempt_id) if accepted else None
    waits = marked and (last is None or last.state == "pending_manual")
    limit = rules.attempts.limit + opened
    times = [row.submitted_at for row in accepted]
    following = turn.turn(times, limit, rules.attempts.wait_hours, marked_later=waits)
    return {
        "schema": 1,
        "course": rules.course.id,
        "module": module,
        "passed": "passed" in states,
        "next": {
            "attempt": following.number,
            "left": following.left,
            "why": following.why,
            "from": following.again.isoformat() if following.again else None,
        },
        "hand_ins": [
            {"code": row.content_hash[:8].upper(), "at": row.submitted_at, "state": state, "why": row.code}
            for row, state in zip(rows, states, strict=True)
        ],
    }


def _state(
    rules: Syllabus, module: str, row: Row[Any], found: Mapping[str, Result], kept: Mapping[str, Standing]
) -> str:
    """Return ``passed``, ``graded``, ``pending_manual`` or ``void``; while there is no result the ledger's state."""
    result = found.get(row.attempt_id)
    if result is None:
        return str(row.state)
    holds = kept.get(row.attempt_id) or result
    rule = rules.modules[module]
    if pass_rule.passes(rule, holds.state, holds.score, holds.max_score, holds.critical_met, holds.component_met):
        return "passed"
    return holds.state


def _secret(path: Path) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(1000).decode("ascii")
    except (OSError, UnicodeDecodeError):
        return ""
    return text if _SECRET.fullmatch(text) else ""


def _write(folder: Path, secret: str, module: str, said: Mapping[str, Any]) -> bool:
    digest = hashlib.md5((secret + module).encode(), usedforsecurity=False).hexdigest()
    path, content = folder / f"{digest}.json", json.dumps(said, sort_keys=True).encode()
    if path.exists() and path.read_bytes() == content:
        return False
    if not folder.exists():
        folder.mkdir()
        os.chmod(folder, _ENTERED)
    fresh = folder / f".{digest}.new"
    fresh.write_bytes(content)
    os.chmod(fresh, 0o644)
    fresh.rename(path)  # whole or not at all; it can be made again, so no fsync
    return True
