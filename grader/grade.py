"""Stage ``grade``: scores answers as data against the key, writes nbgrader's tables, ``autograded/`` and the ledger."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from grader import autograded, database, nbgrader_bridge, results
from grader.box_command import NoIsolation
from grader.box_probe import open_box
from grader.database import attempts
from grader.database import results as result_rows
from grader.errors import ModuongError
from grader.foreign_cells import with_foreign
from grader.judge import Judge, from_json
from grader.nbgrader_bridge import GradeRow, Mark, Registered, Submission
from grader.results import Result
from grader.workspace import Workspace

CHUNK = 200
_TRIES = 5


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
    """Return the key of a built module; cells that an instructor wrote for nbgrader are items of a type of their own in it.

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
    with contextlib.suppress(FileNotFoundError):
        source = orjson.loads((workspace.source(module) / f"{module}.ipynb").read_bytes())
        key["items"] = with_foreign(key["items"], source)
    return key


def left_to_nbgrader(module: str, waiting: int) -> ModuongError:
    """Return the warning that our engine leaves a module alone."""
    return ModuongError(
        "E-GRADE-4",
        vi=f"{module}: sổ nguồn có ô kiểm tra do giảng viên viết cho nbgrader, nên {waiting} lượt chưa chấm. "
        f"Chạy «moduong grade {module} --engine nbgrader»: cách đó chạy mã của người học ngoài hộp cách ly.",
        en=f"{module}: the source notebook has test cells that an instructor wrote for nbgrader; {waiting} attempts are left ungraded. "
        f"Run 'moduong grade {module} --engine nbgrader': it runs learners' code outside the box.",
    )


def pending(connection: Connection, module: str, *, again: bool) -> list[Pending]:
    """Return the accepted attempts of a module without a result; with ``again`` all that no person has marked or voided.

    What a person decided is only touched by ``regrade``, which keeps it.
    """
    taken = (attempts.c.module_id == module) & (attempts.c.state == "accepted")
    decided = sa.exists().where(result_rows.c.attempt_id == attempts.c.attempt_id, result_rows.c.cause.in_(("manual", "void")))
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


def open_judge(key: Mapping[str, Any], hidden: Sequence[Path], stack: contextlib.ExitStack, *, needs_box: bool = False) -> Judge:
    """Return the judge of a module; it gets a probed box, closed with ``stack``, when there are code items and this machine can.

    Raises:
        NoIsolation: only with ``needs_box``, for what must not go on without (a regrade would put "waits" in place of scores).
    """
    if not any(item["type"] == "code" for item in key["items"]):
        return Judge(key)
    try:
        return Judge(key, stack.enter_context(open_box(hidden)))
    except NoIsolation:
        if needs_box:
            raise
        return Judge(key)


def run(job: Job) -> list[Graded]:
    """Grade one chunk and write its ``autograded/`` folders; runs in any process.

    Raises:
        ModuongError: ``E-WS-2`` when a folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        judge = open_judge(job.key, [job.workspace.root], stack)
        try:
            return _run(job, judge)
        except OSError as error:
            raise ModuongError(
                "E-WS-2",
                vi=f"{job.workspace.root}: không ghi được bài đã chấm ({error.strerror}). Hãy kiểm tra chỗ trống và quyền ghi rồi chạy lại.",
                en=f"{job.workspace.root}: a graded notebook cannot be written ({error.strerror}). Check free space and permissions and run again.",
            ) from None


def _run(job: Job, judge: Judge) -> list[Graded]:
    module = str(job.key["module"])
    master = autograded.cut((job.workspace.source(module) / f"{module}.ipynb").read_bytes(), judge.items)
    graded = []
    for one in job.chunk:
        answers = AnswerSet(module, stored_answers(one.answers), str(job.key["course"]), "", one.person, one.number)
        scores = judge.score(answers)
        graded.append(Graded(one, judge.result(one.attempt_id, scores, job.cause), judge.grades(scores), judge.blank(scores)))
        if one.current:
            folder = job.workspace.autograded(one.person, module)
            write_autograded(folder, module, one, autograded.render(master, answers, scores))
    return graded


def stored_answers(text: str) -> dict[str, Answer]:
    """Return the answers as the ledger keeps them."""
    return {i: Answer(a["value"], a["variant"], a["seq"], a["saved_at"]) for i, a in orjson.loads(text).items()}


def write_autograded(folder: Path, module: str, one: Pending, notebook: bytes) -> None:
    """Put the graded notebook and its time in place at once, also beside another grader; plain system calls: files are most of the cost."""
    stamp = f"{datetime.fromisoformat(one.submitted_at).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC".encode()
    if _time_of(folder) == stamp and _renewed(folder / f"{module}.ipynb", notebook):  # graded again: most are as they were
        return
    fresh = f"{folder.parent}/.{module}.{one.number}.new"
    for _ in range(_TRIES):
        try:
            _put(folder, fresh, ((f"{module}.ipynb", notebook), ("timestamp.txt", stamp)))
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST}:
                raise
            if _time_of(folder) > stamp:  # a later attempt, by a faster grader
                shutil.rmtree(fresh, ignore_errors=True)
                return
            shutil.rmtree(folder, ignore_errors=True)  # an earlier result, or another grader with this same attempt
        else:
            return


def _put(folder: Path, fresh: str, files: Sequence[tuple[str, bytes]]) -> None:
    try:
        os.mkdir(fresh)
    except FileNotFoundError:
        folder.parent.mkdir(parents=True, exist_ok=True)
        os.mkdir(fresh)
    except FileExistsError:
        pass  # left by a killed run; its files are written anew
    for name, content in files:
        _fill(f"{fresh}/{name}", content)
    os.rename(fresh, folder)


def _time_of(folder: Path) -> bytes:
    try:
        with open(f"{folder}/timestamp.txt", "rb", buffering=0) as file:
            return file.read(100)
    except OSError:
        return b""


def _renewed(path: Path, content: bytes) -> bool:
    """Put ``content`` in the place of a file of this very attempt, unless that holds it already; false when there is none."""
    try:
        with open(path, "rb", buffering=0) as file:
            if file.read() == content:
                return True
        fresh = f"{path}.{os.getpid()}.new"
        _fill(fresh, content)
        os.rename(fresh, path)
    except FileNotFoundError:
        return False
    return True


def _fill(path: str, content: bytes) -> None:
    with open(path, "wb", buffering=0) as file:
        if file.write(content) < len(content):  # an unbuffered file may take a part of it without a word
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)


def commit(engine: Engine, module: str, graded: Sequence[Graded], now: datetime) -> None:
    """Write one chunk in one transaction: either a submission is in nbgrader's tables and the ledger, or in neither.

    What another grader has graded in the meantime is left as it is, and nbgrader is shown the newest attempt, whoever grades it.
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
        nbgrader_bridge.store(connection, module, entry, current)
        results.append(connection, (g.result for g in due), now)


def _graded_by_others(connection: Connection, graded: Sequence[Graded]) -> set[str]:
    """Return the first gradings that are there already; a regrade is wanted anyhow."""
    first = [g.pending.attempt_id for g in graded if g.result.cause == "grade"]
    return set(connection.execute(sa.select(result_rows.c.attempt_id).where(result_rows.c.attempt_id.in_(first))).scalars())


def _newest(connection: Connection, module: str, people: Sequence[str]) -> dict[str, int]:
    query = sa.select(attempts.c.person_id, sa.func.max(attempts.c.number)).where(
        attempts.c.module_id == module, attempts.c.state == "accepted", attempts.c.person_id.in_(people)
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(attempts.c.person_id))}


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
    judge = Judge(load_key(workspace, module))
    with database.writing(engine) as connection:
        entry = nbgrader_bridge.registered(connection, module)
        marks: dict[str, list[Mark]] = {}
        for mark in nbgrader_bridge.manual_marks(connection, entry) if entry else []:
            marks.setdefault(mark.person, []).append(mark)
        changed = []
        people = {p.attempt_id: p.person for p in shown(connection, module) if p.person in marks}
        earlier = results.read(connection, attempts.c.module_id == module) if people else {}
        for attempt_id, person in people.items():
            before = earlier[attempt_id]
            scores = {entry["id"]: from_json(judge.items[entry["id"]], entry) for entry in before.items if entry["id"] in judge.items}
            result = judge.result(attempt_id, _marked(judge, scores, marks[person]), "manual", _comments(marks[person]))
            result = replace(result, key_version=before.key_version, course_version=before.course_version)
            if (result.state, result.note, as_plain(result.items)) != (before.state, before.note, as_plain(before.items)):
                changed.append(result)
        results.append(connection, changed, now)
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
        elif score.state == "pending_manual" or item["manual"] is not None:
            found[name] = items.with_mark(item, score, mark.points)
    return found


def _comments(marks: Sequence[Mark]) -> str:
    return json.dumps({m.grade_id: m.comment for m in marks if m.comment}, ensure_ascii=False)


def as_plain(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return items as they would be stored, so that equal ones compare equal."""
    return json.dumps(list(entries), ensure_ascii=False, sort_keys=True)


def score_file(judge: Judge, module: str, path: Path) -> dict[str, Any]:
    """Score one ``answers.json`` without a workspace; the object that ``moduong score --json`` prints.

    Raises:
        AnswersError: when no answer set can be read from the file, or it is another module's (all of it would look blank).
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
