"""Stage ``grade``: scores answers as data against the key, writes nbgrader's tables, ``autograded/`` and the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from course import items
from course.answers import Answer, AnswerSet
from course.types import TYPES
from course.words import _
from grader.box.box import Box
from grader.box.code_items import NeedsLonger
from grader.box.command import NoIsolation
from grader.box.probe import open_box
from grader.gradebook import nbgrader_tables, results
from grader.gradebook.nbgrader_tables import GradeRow, Registered, Submission
from grader.gradebook.results import Result
from grader.ground import database
from grader.ground.database import attempts
from grader.ground.database import results as result_rows
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.marking import autograded, autograded_files
from grader.marking.foreign_cells import FOREIGN, with_foreign
from grader.marking.judge import Judge

CHUNK = 200
FIRST_LOOK = 2.0
"""Seconds that code gets when it is first looked at: honest answers need a fraction of one, all data sets together.

What needs longer waits until the others have their result, so that a sleeper delays nobody but itself.
"""


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

    Cells that an instructor wrote for nbgrader are items of a type of their own in it.

    Raises:
        ModuongError: ``E-GRADE-1`` when the module was not built in this workspace, ``E-GRADE-7`` when it was built
            with item types that are not here.
    """
    path = workspace.key(module)
    if not path.exists():
        raise ModuongError(
            "E-GRADE-1",
            _(
                "{module}: không có đáp án trong {parent}. Chạy «moduong build {module}» trước.",
                module=module,
                parent=path.parent,
            ),
        )
    key: dict[str, Any] = orjson.loads(path.read_bytes())
    unknown = sorted({str(item["type"]) for item in key["items"]} - TYPES.keys())
    if unknown:
        said = _("{module}: đáp án có loại câu mà bản này không có ({types}).", module=module, types=", ".join(unknown))
        raise ModuongError("E-GRADE-7", said)
    with contextlib.suppress(FileNotFoundError):
        source = orjson.loads((workspace.source(module) / f"{module}.ipynb").read_bytes())
        key["items"] = with_foreign(key["items"], source)
    return key


def left_to_nbgrader(module: str, waiting: int) -> ModuongError:
    """Return the warning that our engine leaves a module alone."""
    return ModuongError(
        "E-GRADE-4",
        _(
            "{module}: sổ nguồn có ô kiểm tra do giảng viên viết cho nbgrader, nên {waiting} lượt chưa chấm. "
            "Chạy «moduong grade {module} --engine nbgrader»: cách đó chạy mã của người học ngoài hộp cách ly.",
            module=module,
            waiting=waiting,
        ),
    )


def pending(connection: Connection, module: str, *, again: bool) -> list[Pending]:
    """Return the accepted attempts of a module without a result.

    With ``again`` all that no person has marked or voided.

    What a person decided is only touched by ``regrade``, which keeps it.
    """
    taken = (attempts.c.module_id == module) & (attempts.c.state == "accepted")
    decided = sa.exists().where(
        result_rows.c.attempt_id == attempts.c.attempt_id, result_rows.c.cause.in_(("manual", "void"))
    )
    return _read(connection, taken, taken & ~decided if again else taken & ~_has_result())


def shown(connection: Connection, module: str) -> list[Pending]:
    """Return the attempts that nbgrader's tables hold now: of each person the newest one that was graded."""
    graded = (attempts.c.module_id == module) & (attempts.c.state == "accepted") & _has_result()
    return [p for p in _read(connection, graded, graded) if p.current]


def _has_result() -> sa.ColumnElement[bool]:
    return sa.exists().where(result_rows.c.attempt_id == attempts.c.attempt_id)


def _read(connection: Connection, among: sa.ColumnElement[bool], wanted: sa.ColumnElement[bool]) -> list[Pending]:
    """Return the attempts that are ``wanted``, oldest first; the newest of a person ``among`` these is current."""
    latest = sa.select(attempts.c.person_id, sa.func.max(attempts.c.number)).where(among).group_by(attempts.c.person_id)
    newest = {row[0]: row[1] for row in connection.execute(latest)}
    columns = (
        attempts.c.attempt_id,
        attempts.c.person_id,
        attempts.c.number,
        attempts.c.submitted_at,
        attempts.c.answers,
    )
    rows = connection.execute(
        sa.select(*columns).where(wanted).order_by(attempts.c.submitted_at, attempts.c.attempt_id)
    ).all()
    return [Pending(*row, newest[row.person_id] == row.number) for row in rows]


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs for a chunk, so that it shares nothing: the key, the master, and where to write.

    ``budget``: seconds of a first look at each attempt's code; what needs longer is left out of what ``run`` returns.
    """

    workspace: Workspace
    key: Mapping[str, Any]
    chunk: tuple[Pending, ...]
    cause: str
    budget: float | None = None


def runs_code(key: Mapping[str, Any]) -> bool:
    """Say whether a key has items whose answers are programs of ours to run."""
    return any(item["type"] != FOREIGN and items.kind(item).runs_code for item in key["items"])


def open_judge(
    key: Mapping[str, Any], hidden: Sequence[Path], stack: contextlib.ExitStack, *, needs_box: bool = False
) -> Judge:
    """Return the judge of a module.

    It gets a probed box, closed with ``stack``, when there are code items and this machine can.

    Raises:
        NoIsolation: only with ``needs_box``, for what must not go on without (a regrade would put "waits" in
            place of scores).
    """
    if not runs_code(key):
        return Judge(key)
    try:
        return Judge(key, stack.enter_context(open_box(hidden)))
    except NoIsolation:
        if needs_box:
            raise
        return Judge(key)


def run(job: Job, box: Box | None = None) -> list[Graded]:
    """Grade one chunk and write its ``autograded/`` folders; runs in any process.

    ``box``: one that is open already, and stays so.

    Raises:
        ModuongError: ``E-WS-2`` when a folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        judge = Judge(job.key, box) if box else open_judge(job.key, [job.workspace.root], stack)
        try:
            return _run(job, judge)
        except OSError as error:
            raise ModuongError(
                "E-WS-2",
                _(
                    "{root}: không ghi được bài đã chấm ({strerror}). Hãy kiểm tra chỗ trống và quyền ghi rồi "
                    "chạy lại.",
                    root=job.workspace.root,
                    strerror=error.strerror,
                ),
            ) from None


def _run(job: Job, judge: Judge) -> list[Graded]:
    module = str(job.key["module"])
    master = autograded.cut((job.workspace.source(module) / f"{module}.ipynb").read_bytes(), judge.items)
    graded = []
    for one in job.chunk:
        answers = AnswerSet(module, stored_answers(one.answers), str(job.key["course"]), "", one.person, one.number)
        try:
            scores = judge.score(answers, job.budget)
        except NeedsLonger:
            continue
        graded.append(
            Graded(one, judge.result(one.attempt_id, scores, job.cause), judge.grades(scores), judge.blank(scores))
        )
        if one.current:
            folder = job.workspace.autograded(one.person, module)
            autograded_files.write(
                folder, module, one.number, one.submitted_at, autograded.render(master, answers, scores)
            )
    return graded


def stored_answers(text: str) -> dict[str, Answer]:
    """Return the answers as the ledger keeps them."""
    return {i: Answer(a["value"], a["variant"], a["seq"], a["saved_at"]) for i, a in orjson.loads(text).items()}


def commit(engine: Engine, module: str, graded: Sequence[Graded], now: datetime) -> None:
    """Write one chunk in one transaction: either a submission is in nbgrader's tables and the ledger, or in neither.

    What another grader has graded in the meantime is left as it is, and nbgrader is shown the newest attempt,
    whoever grades it.
    """
    with database.writing(engine) as connection:
        entry = _entry(connection, module)
        done = _graded_by_others(connection, graded)
        due = [g for g in graded if g.pending.attempt_id not in done]
        newest = _newest(connection, module, [g.pending.person for g in due])
        current = [
            Submission(g.pending.person, datetime.fromisoformat(g.pending.submitted_at), g.grades, g.blank)
            for g in due
            if newest.get(g.pending.person) == g.pending.number
        ]
        nbgrader_tables.store(connection, module, entry, current)
        results.append(connection, (g.result for g in due), now)


def _graded_by_others(connection: Connection, graded: Sequence[Graded]) -> set[str]:
    """Return the first gradings that are there already; a regrade is wanted anyhow."""
    first = [g.pending.attempt_id for g in graded if g.result.cause == "grade"]
    return set(
        connection.execute(sa.select(result_rows.c.attempt_id).where(result_rows.c.attempt_id.in_(first))).scalars()
    )


def _newest(connection: Connection, module: str, people: Sequence[str]) -> dict[str, int]:
    query = sa.select(attempts.c.person_id, sa.func.max(attempts.c.number)).where(
        attempts.c.module_id == module, attempts.c.state == "accepted", attempts.c.person_id.in_(people)
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(attempts.c.person_id))}


def _entry(connection: Connection, module: str) -> Registered:
    entry = nbgrader_tables.registered(connection, module)
    if entry is None:
        raise ModuongError(
            "E-GRADE-2",
            _("{module}: sổ điểm chưa biết học phần này. Chạy «moduong release {module}» trước.", module=module),
        )
    return entry


def score_file(judge: Judge, module: str, path: Path) -> dict[str, Any]:
    """Score one ``answers.json`` without a workspace; the object that ``moduong score --json`` prints.

    Raises:
        AnswersError: when no answer set can be read from the file, or it is another module's (all of it would
            look blank).
    """
    from course.answers import AnswersError, parse  # one place of use

    answers = parse(path.read_bytes())
    if answers.module != module:
        raise AnswersError("E-SUB-12", f"tệp này là bài làm của học phần {answers.module[:30]}, không phải {module}.")
    scores = judge.score(answers)
    result = judge.result("", scores, "grade")
    shown = ("id", "points", "max_points", "state", "critical_met")
    total = None if result.state == "pending_manual" else float(result.score or 0)
    return {
        "module": module,
        "points": total,
        "max_points": float(result.max_score),
        "items": [{name: item[name] for name in shown} for item in result.items],
    }
