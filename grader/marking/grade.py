"""Stage ``grade``: scores answers as data against the key, writes nbgrader's tables, ``autograded/`` and the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from grader.gradebook.keys import Keys
from grader.gradebook.nbgrader_tables import GradeRow, Registered, Submission
from grader.gradebook.results import Result
from grader.ground import database, lineage
from grader.ground.database import attempts
from grader.ground.database import results as result_rows
from grader.ground.errors import ModuongError
from grader.ground.journal import log
from grader.ground.workspace import Workspace
from grader.marking import autograded, autograded_files
from grader.marking.due import Pending
from grader.marking.foreign_cells import FOREIGN, with_foreign
from grader.marking.judge import Judge

CHUNK = 200
FIRST_LOOK = 2.0
"""Seconds that code gets when it is first looked at: honest answers need a fraction of one, all data sets together.

What needs longer waits until the others have their result, so that a sleeper delays nobody but itself.
"""


@dataclass(frozen=True, slots=True)
class Graded:
    """One graded attempt: what goes to the ledger, and to nbgrader's tables.

    ``earlier``: it answered an earlier release, so that nbgrader may have other cells now.
    """

    pending: Pending
    result: Result
    grades: tuple[GradeRow, ...]
    blank: frozenset[str]
    earlier: bool = False

    def shown(self, entry: Registered) -> Submission:
        """Return what nbgrader's tables hold of it."""
        rows = tuple(row for row in self.grades if not self.earlier or row.grade_id in entry.grade_cells)
        return Submission(self.pending.person, datetime.fromisoformat(self.pending.submitted_at), rows, self.blank)


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


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs for a chunk, so that it shares nothing: the key, the master, and where to write.

    ``budget``: seconds of a first look at each attempt's code; what needs longer is left out of what ``run`` returns.
    ``older``: the keys of earlier releases that the chunk's attempts answered.
    """

    workspace: Workspace
    key: Mapping[str, Any]
    chunk: tuple[Pending, ...]
    cause: str
    budget: float | None = None
    older: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def jobs(
    workspace: Workspace, keys: Keys, waiting: Sequence[Pending], size: int, cause: str, budget: float | None = None
) -> Iterator[Job]:
    """Yield jobs of ``size`` attempts each; a job gets the keys of the earlier releases that its attempts answered."""
    for start in range(0, len(waiting), size):
        chunk = tuple(waiting[start : start + size])
        releases = {one.release for one in chunk}
        older = {release: key for release in releases if (key := keys.of(release)) is not keys.newest}
        yield Job(workspace, keys.newest, chunk, cause, budget, older)


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
        try:
            return _run(job, box, stack)
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


@dataclass(frozen=True, slots=True)
class _Bench:
    """Who scores the answers to one release, and the notebook into which answers and scores are put."""

    judge: Judge
    master: autograded.Master


def _bench(job: Job, release: str | None, box: Box | None, stack: contextlib.ExitStack) -> _Bench:
    """Return the bench of an earlier release, or of the newest (``None``).

    Cells that nbgrader shows of an earlier one are those that were handed out.
    """
    module, space = str(job.key["module"]), job.workspace
    if release is None:
        place, key = space.source(module), job.key
    else:
        place = lineage.folder(space, module, release or lineage.before(space, module))
        key = job.older[release]
    judge = Judge(key, box) if box else open_judge(key, [space.root], stack)
    return _Bench(judge, autograded.cut((place / f"{module}.ipynb").read_bytes(), judge.items))


def _run(job: Job, box: Box | None, stack: contextlib.ExitStack) -> list[Graded]:
    module = str(job.key["module"])
    benches: dict[str | None, _Bench] = {}
    graded = []
    for one in job.chunk:
        release = one.release if one.release in job.older else None
        if release not in benches:
            benches[release] = _bench(job, release, box, stack)
        judge, master = benches[release].judge, benches[release].master
        answers = AnswerSet(module, stored_answers(one.answers), str(job.key["course"]), "", one.person, one.number)
        try:
            scores = judge.score(answers, job.budget)
        except NeedsLonger:
            continue
        graded.append(
            Graded(
                one,
                judge.result(one.attempt_id, scores, job.cause),
                judge.grades(scores),
                judge.blank(scores),
                earlier=release is not None,
            )
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
        current = [g.shown(entry) for g in due if newest.get(g.pending.person) == g.pending.number]
        nbgrader_tables.store(connection, module, entry, current)
        results.append(connection, (g.result for g in due), now)
    for one in due:
        log.event(
            "graded",
            module=module,
            person=one.pending.person,
            attempt=one.pending.attempt_id,
            state=one.result.state,
            code=one.result.cause,
        )


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
