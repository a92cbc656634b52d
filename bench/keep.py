"""A lost gradebook of 2,000 people with ten modules: backup, and the restore that is equal row by row.

Half of the hand-ins came after the backup and are entered again from ``attempts/``.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from bench.completion import course
from bench.measure import heading, line, moduong, run
from grader.gradebook import nbgrader_bridge
from grader.ground import database
from grader.ground.workspace import Workspace, open_workspace
from grader.intake.names import NOTE
from grader.intake.rebuild import ROW
from grader.keep import copying

PEOPLE, MODULES, ITEMS = 2_000, 10, 10
_OPENING = datetime(2026, 1, 15, 1, tzinfo=UTC)
_AT_ONCE = 5_000


def _rows(rng: random.Random) -> list[dict[str, Any]]:
    """Return a hand-in per person and module, as the collector enters them."""
    found = []
    for person in range(PEOPLE):
        for module in range(1, MODULES + 1):
            name, unit = f"CB-{person:06}", f"M{module:02}"
            items = {
                f"{unit}-Q{n:02}": {"value": rng.choice("ABCD"), "variant": 0, "seq": n} for n in range(1, ITEMS + 1)
            }
            at = (_OPENING + timedelta(seconds=rng.randrange(280 * 86400))).isoformat(timespec="seconds")
            found.append(
                {
                    "attempt_id": f"{name}.{unit}.1",
                    "person_id": name,
                    "module_id": unit,
                    "number": 1,
                    "received_from": f"exchange/{name}+{unit}+x",
                    "submitted_at": at,
                    "claimed_at": at,
                    "content_hash": f"{rng.getrandbits(256):064x}",
                    "answers": json.dumps(items),
                    "identity": "owner",
                    "state": "accepted",
                    "code": "",
                    "reason": "",
                    "simulated": True,
                }
            )
    rng.shuffle(found)
    return found


def _enter(space: Workspace, engine: Engine, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        folder = space.attempt(row["person_id"], row["module_id"], "1")
        folder.mkdir(parents=True)
        note = {"source": row["received_from"], "received_at": row["submitted_at"], "state": "accepted", "reason": ""}
        (folder / NOTE).write_text(json.dumps({**note, ROW: row}, ensure_ascii=False, indent=1), encoding="utf-8")
        (folder / "answers.json").write_text(json.dumps({"answers": row["answers"]}), encoding="utf-8")
    for begin in range(0, len(rows), _AT_ONCE):
        with database.writing(engine) as connection:
            database.insert_many(connection, database.attempts, rows[begin : begin + _AT_ONCE])


def _grade(engine: Engine, rows: list[dict[str, Any]]) -> None:
    """Give a result to each, as grading does: only the backup has them."""
    empty = dict.fromkeys(("critical_met", "component_met"), None) | {"items": "[]", "note": "", "seq": 1}
    said = {"cause": "grade", "state": "graded", "score": 16.0, "max_score": 20.0, "key_version": "1" * 16}
    found = [
        {"attempt_id": row["attempt_id"], "graded_at": row["submitted_at"], "course_version": "1.0.0", **said, **empty}
        for row in rows
    ]
    for begin in range(0, len(found), _AT_ONCE):
        with database.writing(engine) as connection:
            database.insert_many(connection, database.results, found[begin : begin + _AT_ONCE])


def bench(folder: Path) -> None:
    """Back up half-way, lose the gradebook at the end, restore.

    Raises:
        RuntimeError: when a row differs.
    """
    heading("backup and restore")
    public = course(folder / "course", MODULES)
    space = open_workspace(folder / "workspace", "do-luong")
    engine = nbgrader_bridge.open_gradebook(space)
    rows = _rows(random.Random(1))
    where = ("--workspace", space.root, "--course", public)
    half = len(rows) // 2
    _enter(space, engine, rows[:half])
    _grade(engine, rows[:half])
    made = run(moduong("backup", *where))
    _enter(space, engine, rows[half:])
    with engine.connect() as connection:
        wanted = copying.measure(connection)
    engine.dispose()
    space.gradebook.unlink()
    back = run(moduong("restore", *where))
    again = nbgrader_bridge.open_gradebook(space)
    with again.connect() as connection:
        found = copying.measure(connection)
    again.dispose()
    differing = sorted(name for name in wanted if wanted[name] != found.get(name))
    line(f"backup of {half:,} attempts", f"{made.seconds:.1f} s, {made.mebibytes:.0f} MiB")
    line(
        f"restore of {len(rows):,} attempts, half of them from attempts/",
        f"{back.seconds:.1f} s, {back.mebibytes:.0f} MiB, {len(differing)} tables differ",
        "≤ 60 s, 0 differ",
    )
    if differing:
        raise RuntimeError(", ".join(differing))
