"""Stage ``grade``: scores answers as data against the key, writes nbgrader's tables, ``autograded/`` and the ledger."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from course import items
from course.answers import Answer, AnswerSet
from course.items import MANUAL_PART, ItemScore
from grader import autograded, ledger, nbgrader_bridge
from grader.database import attempts, results
from grader.errors import ModuongError
from grader.ledger import Result
from grader.nbgrader_bridge import GradeRow, Mark, Registered, Submission
from grader.workspace import Workspace

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Pending:
    """An accepted attempt that is to be graded; ``current``: it is the person's latest, so nbgrader shows it."""

    attempt_id: str
    person: str
    number: int
    submitted_at: str
    answers: str
    current: bool


@dataclass(frozen=True, slots=True)
class Graded:
    """One graded attempt: what goes to the ledger, and to nbgrader's tables."""

    pending: Pending
    result: Result
    grades: tuple[GradeRow, ...]
    blank: frozenset[str]


def load_key(workspace: Workspace, module: str) -> dict[str, Any]:
    """Return the key of a built module.

    Raises:
        ModuongError: ``E-GRADE-1`` when the module was not built in this workspace.
    """
    path = workspace.key(module)
    if not path.exists():
        raise ModuongError(
            "E-GRADE-1",
            vi=f"{module}: không có đáp án trong {path.parent}. Chạy «moduong build {module}» trước.",
            en=f"{module}: no key in {path.parent}. Run 'moduong build {module}' first.",
        )
    key: dict[str, Any] = orjson.loads(path.read_bytes())
    return key


def pending(connection: Connection, module: str, *, again: bool) -> list[Pending]:
    """Return the accepted attempts of a module without a result, or all of them with ``again``."""
    taken = (attempts.c.module_id == module) & (attempts.c.state == "accepted")
    return _read(connection, taken, taken if again else taken & ~_has_result())


def shown(connection: Connection, module: str) -> list[Pending]:
    """Return the attempts that nbgrader's tables hold now: of each person the newest one that was graded."""
    graded = (attempts.c.module_id == module) & (attempts.c.state == "accepted") & _has_result()
    return [p for p in _read(connection, graded, graded) if p.current]


def _has_result() -> sa.ColumnElement[bool]:
    return sa.exists().where(results.c.attempt_id == attempts.c.attempt_id)


def _read(connection: Connection, among: sa.ColumnElement[bool], wanted: sa.ColumnElement[bool]) -> list[Pending]:
    """Return the attempts that are ``wanted``, oldest first; the newest of a person ``among`` these is current."""
    latest = sa.select(attempts.c.person_id, sa.func.max(attempts.c.number)).where(among).group_by(attempts.c.person_id)
    newest = {row[0]: row[1] for row in connection.execute(latest)}
    columns = (attempts.c.attempt_id, attempts.c.person_id, attempts.c.number, attempts.c.submitted_at, attempts.c.answers)
    rows = connection.execute(sa.select(*columns).where(wanted).order_by(attempts.c.submitted_at, attempts.c.attempt_id)).all()
    return [Pending(*row, newest[row.person_id] == row.number) for row in rows]


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs for a chunk, so that it shares nothing: the key, the master, and where to write."""

    workspace: Workspace
    key: Mapping[str, Any]
    chunk: tuple[Pending, ...]
    cause: str


def run(job: Job) -> list[Graded]:
    """Grade one chunk and write its ``autograded/`` folders; runs in any process."""
    module = str(job.key["module"])
    judge = Judge(job.key)
    master = autograded.cut((job.workspace.source(module) / f"{module}.ipynb").read_bytes(), judge.items)
    graded = []
    for one in job.chunk:
        answers = AnswerSet(module, _stored(one.answers), str(job.key["course"]), "", one.person, one.number)
        scores = judge.score(answers)
        graded.append(Graded(one, judge.result(one.attempt_id, scores, job.cause), judge.grades(scores), judge.blank(scores)))
        if one.current:
            folder = job.workspace.autograded(one.person, module)
            _write(folder, module, autograded.render(master, answers, scores), one.submitted_at)
    return graded


def _stored(text: str) -> dict[str, Answer]:
    return {i: Answer(a["value"], a["variant"], a["seq"], a["saved_at"]) for i, a in orjson.loads(text).items()}


def _write(folder: Path, module: str, notebook: bytes, submitted_at: str) -> None:
    """Put the graded notebook and its time in place at once; plain system calls, since files are most of the cost."""
    fresh = f"{folder.parent}/.{module}.new"
    try:
        os.mkdir(fresh)
    except FileNotFoundError:
        folder.parent.mkdir(parents=True, exist_ok=True)
        os.mkdir(fresh)
    except FileExistsError:
        pass  # left by a killed run; its files are written anew
    moment = datetime.fromisoformat(submitted_at).astimezone(UTC)
    for name, content in ((f"{module}.ipynb", notebook), ("timestamp.txt", f"{moment:%Y-%m-%d %H:%M:%S} UTC".encode())):
        with open(f"{fresh}/{name}", "wb", buffering=0) as file:
            file.write(content)
    try:
        os.rename(fresh, folder)
    except OSError:  # an earlier result is there
        shutil.rmtree(folder)
        os.rename(fresh, folder)


class Judge:
    """Scores answer sets of one module; equal answers are scored once."""

    def __init__(self, key: Mapping[str, Any]) -> None:
        self.items = {item["id"]: item for item in key["items"]}
        self._key = key
        self._counted = [item for item in key["items"] if not item["withdrawn"]]
        self._cached = functools.lru_cache(maxsize=4096)(self._score)

    def score(self, answers: AnswerSet) -> dict[str, ItemScore]:
        """Return the score of every item that counts."""
        found = {}
        for item in self._counted:
            answer = answers.answers.get(item["id"], Answer(None))
            variant = answer.variant if isinstance(answer.variant, int) and not isinstance(answer.variant, bool) else -1
            found[item["id"]] = self._cached(item["id"], orjson.dumps(answer.value), variant)
        return found

    def _score(self, item: str, value: bytes, variant: int) -> ItemScore:
        return items.score(self.items[item], orjson.loads(value), variant)

    def result(self, attempt_id: str, scores: Mapping[str, ItemScore], cause: str, note: str = "") -> Result:
        """Return what the ledger keeps of an attempt."""
        waiting = any(s.state == "pending_manual" for s in scores.values())
        return Result(
            attempt_id,
            cause,
            "pending_manual" if waiting else "graded",
            sum((s.automatic if s.state == "pending_manual" else s.points or Decimal(0) for s in scores.values()), Decimal(0)),
            sum((s.max_points for s in scores.values()), Decimal(0)),
            _all(s.critical_met for s in scores.values()),
            _all(s.component_met for s in scores.values()),
            tuple(as_json(i, s) for i, s in scores.items()),
            str(self._key["key_version"]),
            str(self._key["course_version"]),
            note,
        )

    def grades(self, scores: Mapping[str, ItemScore]) -> tuple[GradeRow, ...]:
        """Return the rows of nbgrader's grade cells, an item that could not be graded asking for a person."""
        rows = []
        for item in self._key["items"]:
            name, score = item["id"], scores.get(item["id"])
            if item["automatic"] is not None:
                known = score is not None and score.state != "invalid"
                rows.append(GradeRow(name, float(score.automatic) if score else 0.0, not known and score is not None))
            if item["manual"] is not None:
                grade_id = name if item["type"] == "essay" else name + MANUAL_PART
                waits = score is not None and score.state == "pending_manual"
                rows.append(GradeRow(grade_id, None if waits else 0.0, waits))
        return tuple(rows)

    def blank(self, scores: Mapping[str, ItemScore]) -> frozenset[str]:
        """Return the solution cells without an answer."""
        return frozenset(i for i, s in scores.items() if s.state == "blank") | frozenset(
            i + MANUAL_PART for i, s in scores.items() if s.state == "blank"
        )


def _all(flags: Iterator[bool | None]) -> bool | None:
    known = [f for f in flags if f is not None]
    return all(known) if known else None


def as_json(item: str, score: ItemScore) -> dict[str, Any]:
    """Return one item's score as ``moduong score --json`` prints it, with what a marker's points are added to."""
    return {
        "id": item,
        "points": None if score.points is None else float(score.points),
        "max_points": float(score.max_points),
        "state": score.state,
        "critical_met": score.critical_met,
        "component_met": score.component_met,
        "automatic": float(score.automatic),
        "message": score.message,
    }


def commit(engine: Engine, module: str, graded: Sequence[Graded], now: datetime) -> None:
    """Write one chunk in one transaction: either a submission is in nbgrader's tables and the ledger, or in neither."""
    with engine.begin() as connection:
        entry = _entry(connection, module)
        current = [
            Submission(g.pending.person, datetime.fromisoformat(g.pending.submitted_at), g.grades, g.blank)
            for g in graded
            if g.pending.current
        ]
        nbgrader_bridge.store(connection, module, entry, current)
        ledger.append(connection, (g.result for g in graded), now)


def _entry(connection: Connection, module: str) -> Registered:
    entry = nbgrader_bridge.registered(connection, module)
    if entry is None:
        raise ModuongError(
            "E-GRADE-2",
            vi=f"{module}: sổ điểm chưa biết học phần này. Chạy «moduong release {module}» trước.",
            en=f"{module}: the gradebook does not know this module. Run 'moduong release {module}' first.",
        )
    return entry


def read_marks(workspace: Workspace, engine: Engine, module: str, now: datetime) -> int:
    """Carry marks given in formgrader into the ledger; return how many attempts changed."""
    key = load_key(workspace, module)
    judge = Judge(key)
    with engine.begin() as connection:
        entry = nbgrader_bridge.registered(connection, module)
        marks: dict[str, list[Mark]] = {}
        for mark in nbgrader_bridge.manual_marks(connection, entry) if entry else []:
            marks.setdefault(mark.person, []).append(mark)
        changed = []
        for one in (p for p in shown(connection, module) if p.person in marks):
            scores = judge.score(AnswerSet(module, _stored(one.answers), person=one.person))
            result = judge.result(one.attempt_id, _marked(judge, scores, marks[one.person]), "manual", _comments(marks[one.person]))
            if _differs(connection, result):
                changed.append(result)
        ledger.append(connection, changed, now)
    return len(changed)


def _marked(judge: Judge, scores: Mapping[str, ItemScore], marks: Sequence[Mark]) -> dict[str, ItemScore]:
    """Add marks to scores: a mark on a waiting item completes it; one on an automatic item replaces its points."""
    found = dict(scores)
    for mark in marks:
        name = mark.grade_id.removesuffix(MANUAL_PART)
        score = found.get(name)
        if score is None:
            continue
        item = judge.items[name]
        if mark.grade_id == name and item["type"] != "essay":
            manual = Decimal(item["manual"] or 0)
            base = ItemScore(None, Decimal(0), score.max_points, score.state, message=score.message, notes=score.notes)
            found[name] = items.with_mark(item, base, mark.points) if not manual else score
        elif score.state == "pending_manual":
            found[name] = items.with_mark(item, score, mark.points)
    return found


def _comments(marks: Sequence[Mark]) -> str:
    return json.dumps({m.grade_id: m.comment for m in marks if m.comment}, ensure_ascii=False)


def _differs(connection: Connection, result: Result) -> bool:
    """Say whether ``result`` says anything new."""
    newest = connection.execute(
        sa.select(results.c.score, results.c.state, results.c["items"], results.c.note)
        .where(results.c.attempt_id == result.attempt_id)
        .order_by(results.c.seq.desc())
        .limit(1)
    ).first()
    if newest is None:
        return True
    same = (newest.state, newest.note) == (result.state, result.note)
    return not same or json.loads(newest[2]) != json.loads(json.dumps(result.items))


def score_file(key: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Score one ``answers.json`` without a workspace; the object that ``moduong score --json`` prints.

    Raises:
        AnswersError: when no answer set can be read from the file.
    """
    from course.answers import parse  # one place of use

    judge = Judge(key)
    scores = judge.score(parse(path.read_bytes()))
    result = judge.result("", scores, "grade")
    shown = ("id", "points", "max_points", "state", "critical_met")
    total = None if result.state == "pending_manual" else float(result.score or 0)
    return {
        "module": key["module"],
        "points": total,
        "max_points": float(result.max_score),
        "items": [{name: item[name] for name in shown} for item in result.items],
    }
