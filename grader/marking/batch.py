"""Driver ``grade``.

Grades what waits in a module, in parallel, so that one attempt that fails never stops the others.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Engine

from course.words import _
from grader.gradebook import keys, nbgrader_tables
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.marking import due, grade, marks, stock_engine
from grader.marking.crew import Crew, Here
from grader.marking.foreign_cells import foreign
from grader.marking.grade import Graded, Job

Run = Callable[[Job], list[Graded]]

_LARGER = 4
"""How much larger jobs become in a large batch.

One commit and one start of a judge serve more attempts, and every worker still has many jobs.
"""

_CODE_CHUNK = 100
"""Attempts of one job where code is run: with 100 the start of the box is a small part."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch did in one module.

    Attributes:
        module: which.
        graded: attempts graded now.
        states: of these, how many have each state of the ledger (``graded``, ``pending_manual``).
        items: how many of their items have each state (``scored``, ``blank``, ``pending_manual``, ``invalid``).
        marks: attempts whose result changed by marks given in formgrader.
        left: attempts that our engine leaves to nbgrader's (``E-GRADE-4``).
        problems: one for each attempt that could not be graded; it waits for the next run.
    """

    module: str
    graded: int
    states: Mapping[str, int]
    items: Mapping[str, int]
    marks: int
    left: int
    problems: tuple[ModuongError, ...]

    def to_json(self, lang: str) -> dict[str, Any]:
        """Return one JSON object."""
        return {
            "module": self.module,
            "graded": self.graded,
            "states": dict(self.states),
            "items": dict(self.items),
            "marks": self.marks,
            "left_to_nbgrader": self.left,
            "problems": [{"code": p.code, "text": p.text(lang)} for p in self.problems],
        }


def grade_module(
    workspace: Workspace,
    engine: Engine,
    module: str,
    now: datetime,
    *,
    force: bool,
    crew: Crew,
    by_nbgrader: bool,
    begin: Callable[[int], Callable[[int], None]],
) -> Batch:
    """Read marks, then grade what waits in one module.

    Args:
        workspace: where files are.
        engine: the gradebook's.
        module: which.
        now: the clock.
        force: also what is graded already and no person has marked.
        crew: who scores.
        by_nbgrader: with stock nbgrader, which executes what learners handed in; our engine leaves alone what
            only that can score.
        begin: gets the number of attempts that wait, returns what is called with each number done (a progress bar).

    Raises:
        ModuongError: what concerns the whole module, such as ``E-GRADE-1``, ``E-DB-1``, ``E-WS-2``.
    """
    key = grade.load_key(workspace, module)
    changed = marks.read_marks(workspace, engine, module, now)
    with engine.connect() as connection:
        waiting = sorted(
            due.pending(connection, module, again=force),
            key=lambda one: nbgrader_tables.submission_id(module, one.person),
        )
        if by_nbgrader:
            stock_engine.refuse_unknown(connection, module, key)
    if foreign(key) and not by_nbgrader:
        return Batch(module, 0, {}, {}, changed, len(waiting), ())
    advance = begin(len(waiting))
    states: Counter[str] = Counter()
    items: Counter[str] = Counter()
    problems: list[ModuongError] = []
    cause = "regrade" if force else "grade"
    run: Run = stock_engine.run if by_nbgrader else grade.run
    size = 1 if by_nbgrader else _size(len(waiting), key, crew.width)
    known = keys.read(workspace, module, key)
    for budget in (grade.FIRST_LOOK, None) if grade.runs_code(key) and not by_nbgrader else (None,):
        failed: list[ModuongError] = []
        done: set[str] = set()
        work = list(grade.jobs(workspace, known, waiting, size, cause, budget))
        for graded in _graded(work, crew, run, failed):
            grade.commit(engine, module, graded, now)
            done.update(g.pending.attempt_id for g in graded)
            states.update(g.result.state for g in graded)
            items.update(item["state"] for g in graded for item in g.result.items)
            advance(len(graded))
        waiting, size = [one for one in waiting if one.attempt_id not in done], 1
        problems = failed  # what failed at the first look was tried again
    return Batch(module, states.total(), states, items, changed, 0, tuple(problems))


def _size(waiting: int, key: Mapping[str, Any], width: int) -> int:
    """Return how many attempts make a job; learner code takes long, so that every worker gets its share of it."""
    if grade.runs_code(key):
        return min(_CODE_CHUNK, max(1, -(-waiting // width)))
    return min(max(grade.CHUNK, waiting // (8 * width)), _LARGER * grade.CHUNK)


def _graded(work: Sequence[Job], crew: Crew, run: Run, problems: list[ModuongError]) -> Iterator[list[Graded]]:
    """Yield what each job found, in order."""
    if len(work) == 1 and not crew.remote:
        crew = Crew(Here(), 1)  # starting a process would cost more
    running: deque[tuple[Job, Future[list[Graded]]]] = deque()
    for job in work:
        running.append((job, _submitted(job, crew, run)))
        if len(running) >= crew.ahead:
            yield _result(*running.popleft(), run, problems)
    while running:
        yield _result(*running.popleft(), run, problems)


def _submitted(job: Job, crew: Crew, run: Run) -> Future[list[Graded]]:
    """Hand a job out; it is done here when nobody takes it any more (a worker process has died)."""
    try:
        return crew.executor.submit(run, job)
    except Exception:  # noqa: BLE001  # whatever it is, the attempts are graded
        return Here().submit(run, job)


def _result(job: Job, future: Future[list[Graded]], run: Run, problems: list[ModuongError]) -> list[Graded]:
    """Return what a job found; one that failed, or was lost with its worker, is done here."""
    try:
        return future.result()
    except ModuongError:
        raise
    except Exception:  # noqa: BLE001  # whatever it is, the attempts are graded
        return _here(job, run, problems)


def _here(job: Job, run: Run, problems: list[ModuongError]) -> list[Graded]:
    """Do a job in this process; where it fails, attempt by attempt, so that each failure is its own."""
    try:
        return run(job)
    except ModuongError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the other attempts are graded
        if len(job.chunk) > 1:
            return [found for one in job.chunk for found in _here(replace(job, chunk=(one,)), run, problems)]
        name = job.chunk[0].attempt_id
        said = f"{type(error).__name__}: {error}"[:200]
        problems.append(
            ModuongError(
                "E-GRADE-3",
                _(
                    "{name}: chưa chấm được ({said}). Lượt này được giữ và sẽ được chấm ở lần chạy sau; các lượt "
                    "khác đã chấm.",
                    name=name,
                    said=said,
                ),
            )
        )
        return []
