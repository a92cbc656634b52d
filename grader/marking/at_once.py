"""Grades what waits as soon as it has come in: data in this process, code in the lanes beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Engine

from course.words import _
from grader.gradebook import keys
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.intake.lookout import Later
from grader.marking import due, grade
from grader.marking.due import Pending
from grader.marking.foreign_cells import foreign
from grader.marking.grade import Graded
from grader.marking.lanes import Lanes


@dataclass(slots=True)
class Step:
    """What one look at the waiting attempts did: how many were graded, who is owed a page, sentences for the operator.

    ``people``: (module, person).
    """

    graded: int = 0
    people: set[tuple[str, str]] = field(default_factory=set)
    problems: list[ModuongError] = field(default_factory=list)


class AtOnce:
    """The grading half of a watch; all it must remember stands in the ledger."""

    def __init__(self, workspace: Workspace, engine: Engine, clock: Callable[[], datetime], later: Later) -> None:
        self._workspace, self._engine, self._clock, self._later = workspace, engine, clock, later
        self._lanes = Lanes()

    def round(self, ungraded: set[str]) -> Step:
        """Grade what waits in the modules ``ungraded``, which keeps those in which something is left to do."""
        step = Step()
        for module in sorted(ungraded):
            if self._grade(module, step):
                ungraded.discard(module)
        self._take_code(step, ungraded)
        return step

    def close(self) -> None:
        """End the processes beside this one."""
        self._lanes.close()

    def _grade(self, module: str, step: Step) -> bool:
        """Grade what waits in one module; where a batch fails, one at a time, so that each failure is its own.

        Return whether the module needs no other look until something comes; what is to be tried again does.
        """
        key = grade.load_key(self._workspace, module)
        with self._engine.connect() as connection:
            held = self._later.waiting() | self._lanes.held()
            waiting = [p for p in due.pending(connection, module, again=False) if p.attempt_id not in held]
        if foreign(key):
            step.problems += [due.left_to_nbgrader(module, len(waiting))] if waiting else []
            return True
        if grade.runs_code(key):
            self._lanes.put(self._workspace, module, waiting)
            return self._nothing_left(module)
        for start in range(0, len(waiting), grade.CHUNK):
            chunk = waiting[start : start + grade.CHUNK]
            try:
                self._grade_chunk(module, chunk)
                step.graded += len(chunk)
            except Exception:  # noqa: BLE001  # whatever it is, the others are graded
                step.graded += sum(self._grade_one(module, one, step) for one in chunk)
        step.people |= {(module, p.person) for p in waiting}
        return self._nothing_left(module)

    def _nothing_left(self, module: str) -> bool:
        held = self._lanes.held()
        with self._engine.connect() as connection:
            return all(p.attempt_id in held for p in due.pending(connection, module, again=False))

    def _take_code(self, step: Step, ungraded: set[str]) -> None:
        """Enter the attempts whose code has been graded beside the watch."""
        for one in self._lanes.done():
            ungraded.add(one.module)
            error = one.error or self._entered(one.module, one.graded)
            if error:
                self._failed(one.pending, error, step)
                continue
            self._later.done(one.pending.attempt_id)
            step.people.add((one.module, one.pending.person))
            step.graded += 1

    def _entered(self, module: str, graded: Sequence[Graded]) -> BaseException | None:
        try:
            grade.commit(self._engine, module, graded, self._clock())
        except Exception as error:  # noqa: BLE001  # reported, tried again
            return error
        return None

    def _grade_chunk(self, module: str, chunk: Sequence[Pending]) -> None:
        known = keys.read(self._workspace, module, grade.load_key(self._workspace, module))
        for job in grade.jobs(self._workspace, known, chunk, grade.CHUNK, "grade"):
            grade.commit(self._engine, module, grade.run(job), self._clock())

    def _grade_one(self, module: str, one: Pending, step: Step) -> bool:
        try:
            self._grade_chunk(module, [one])
        except Exception as error:  # noqa: BLE001  # reported, tried again
            self._failed(one, error, step)
            return False
        self._later.done(one.attempt_id)
        return True

    def _failed(self, one: Pending, error: BaseException, step: Step) -> None:
        self._later.failed(one.attempt_id)
        step.problems.append(
            ModuongError(
                "E-WATCH-1",
                _(
                    "{attempt_id}: chưa chấm được ({name}: {error}); sẽ thử lại, các bài khác vẫn được chấm.",
                    attempt_id=one.attempt_id,
                    name=type(error).__name__,
                    error=error,
                ),
            )
        )
