"""From the database to the answer: which of the nine corporations is below 70 %, and by how many; for three sizes of union."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from grader import database, nbgrader_bridge, results, roster_rules, roster_store, syllabus
from grader.roster_records import OPEN, Person, Post, Roster, Unit
from grader.workspace import Workspace, open_workspace

AS_OF = date(2026, 10, 31)
CORPORATIONS = 9
_OPENING = datetime(2026, 1, 15, 1, tzinfo=UTC)
_SECONDS = 280 * 24 * 3600
_AT_ONCE = 20_000
_VERSION = "1.0.0"


def course(folder: Path, modules: int) -> Path:
    """Write a course of so many modules, all of them in the leaders' track, and return its folder."""
    names = [f"M{number:02}" for number in range(1, modules + 1)]
    text = f"""
course: {{id: do-luong, version: "{_VERSION}", time_zone: Asia/Ho_Chi_Minh}}
modules:
{"".join(f"  {name}: {{title: Học phần {name}, part: 1, points: 20, pass_mark: {16 if name in {'M03', 'M07'} else 15}}}{chr(10)}" for name in names)}
tracks: {{leader: [{", ".join(names)}]}}
attempts: {{limit: 3, wait_hours: 12}}
targets:
  set: CTr01-2023
  CT70: {{track: leader, goal: [7, 10], by: 2028-12-31, counts_from: 2023-12-29, posts: [chair, vice_chair, acting_chair],
         unit_kinds: [grassroots_union, member_grassroots_union, section_union], under: corporation}}
"""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.yaml").write_text(text, encoding="utf-8")
    return folder


def union(people: int, units: int) -> Roster:
    """Return a plainly invented union: nine corporations, ``units`` grassroots unions and sections, ``people`` leaders in them."""
    start = date(2018, 1, 1)
    rows = [Unit("CD", "Công đoàn Mẫu", "union", "", start, OPEN, "", 2)]
    rows += [Unit(f"TCT{n}", f"Tổng công ty Mẫu {n}", "corporation", "CD", start, OPEN, "", 3 + n) for n in range(CORPORATIONS)]
    for n in range(units):
        first = n // 10 * 10  # of ten units one is a grassroots union, nine are its sections
        kind, above = ("grassroots_union", f"TCT{n // 10 % CORPORATIONS}") if n == first else ("section_union", f"DV{first:05}")
        rows.append(Unit(f"DV{n:05}", f"{'CĐCS' if n == first else 'CĐBP'} Công ty Điện lực Mẫu {n:05}", kind, above, start, OPEN, "", 20 + n))
    persons = [Person(f"CB-{n:07}", f"Trần Thị Mẫu {n:07}", f"mau{n}@mau.vn", False, "", 2 + n) for n in range(people)]
    posts = [
        Post(f"CB-{n:07}", f"DV{n % units:05}", "chair" if n < units else "vice_chair", date(2025, 10, 1), OPEN, "QĐ-1", 2 + n) for n in range(people)
    ]
    return roster_rules.together(rows, persons, posts, (), ())


def workspace(folder: Path, people: int, modules: int, *, units: int, texts: bool = True) -> Workspace:
    """Return a workspace whose database holds a union and its ledger.

    ``texts``: whether each row carries answers and item scores of the usual size, about 3 kB together, or none.
    """
    rules = syllabus.load(course(folder / "course", modules) / "course.yaml")
    space = open_workspace(folder / "workspace", rules.course.id)
    engine = nbgrader_bridge.open_gradebook(space)
    with database.writing(engine) as connection:
        roster_store.save(connection, union(people, units))
        fill(connection, people, modules, "x" * 1200 if texts else "", "x" * 1800 if texts else "")
    engine.dispose()
    return space


def fill(connection: Connection, people: int, modules: int, answers: str, items: str) -> None:
    """Enter every attempt and its result as collect and grade leave them, a chunk at a time."""
    pairs = _attempts(people, modules, answers, items)
    while chunk := list(islice(pairs, _AT_ONCE)):
        database.insert_many(connection, database.attempts, [attempt for attempt, _ in chunk])
        database.insert_many(connection, database.results, [result for _, result in chunk])


def _attempts(people: int, modules: int, answers: str, items: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield attempts of everybody at every module: of some corporations more pass, one in seven fails once first."""
    rng = random.Random(f"{people}x{modules}")  # not for secrets
    for number in range(people):
        person = f"CB-{number:07}"
        diligent = rng.random() < 0.5 + 0.05 * (number // 10 % CORPORATIONS)
        for index in range(modules):
            module = f"M{index + 1:02}"
            at = _OPENING + timedelta(seconds=rng.randrange(_SECONDS))
            scores = [Decimal(16) + Decimal(rng.randrange(401)) / 100 if diligent or index else Decimal(9)]
            if rng.random() < 1 / 7:
                scores.insert(0, Decimal(rng.randrange(1450)) / 100)
            for attempt, score in enumerate(scores, 1):
                yield _row(person, module, attempt, at + timedelta(days=attempt), answers), _result(person, module, attempt, score, at, items)


def _row(person: str, module: str, number: int, at: datetime, answers: str) -> dict[str, Any]:
    return {
        "attempt_id": f"{person}.{module}.{number}",
        "person_id": person,
        "module_id": module,
        "number": number,
        "received_from": f"bench/{person}/{module}/{number}",
        "submitted_at": at.isoformat(timespec="seconds"),
        "claimed_at": "",
        "content_hash": f"{person}{module}{number}",
        "answers": answers,
        "identity": "owner",
        "state": "accepted",
        "code": "",
        "reason": "",
        "simulated": True,
    }


def _result(person: str, module: str, number: int, score: Decimal, at: datetime, items: str) -> dict[str, Any]:
    found = results.Result(f"{person}.{module}.{number}", "grade", "graded", score, Decimal(20), True, None, (), "k1", _VERSION)
    return {**results.to_row(found, 1, at + timedelta(days=number, hours=1)), "items": items}
