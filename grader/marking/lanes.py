"""Whose code runs next under ``--watch``: quick answers first, and who has used most waits longest.

Code is graded by processes beside the watch, one attempt at a time, so that what needs no code never waits for it. Each
attempt gets a first look of a few seconds; what needs longer goes to a lane of its own, behind those who used less.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace

from grader.box.box import Box
from grader.box.command import NoIsolation
from grader.box.probe import open_box
from grader.gradebook import keys
from grader.ground.workspace import Workspace
from grader.marking import grade
from grader.marking.crew import end_with_parent
from grader.marking.due import Pending
from grader.marking.grade import Graded, Job

QUICK, SLOW = 2, 1
"""Attempts at once at their first look, and of those that need longer."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one attempt: its grading, or the error that kept it from one."""

    module: str
    pending: Pending
    graded: Sequence[Graded]
    error: BaseException | None = None


class Lanes:
    """Two pools of processes and who waits for them; nothing in here needs to outlive the watch."""

    def __init__(self, quick: int = QUICK, slow: int = SLOW) -> None:
        self._width = {True: quick, False: slow}
        self._pools: dict[bool, ProcessPoolExecutor] = {}
        self._waiting: dict[bool, list[Job]] = {True: [], False: []}
        self._running: dict[Future[tuple[list[Graded], float]], Job] = {}
        self._used: dict[str, float] = defaultdict(float)
        self._newest: dict[tuple[str, str], int] = {}

    def held(self) -> frozenset[str]:
        """Return the attempts that wait or run here."""
        jobs = (*self._waiting[True], *self._waiting[False], *self._running.values())
        return frozenset(job.chunk[0].attempt_id for job in jobs)

    def put(self, workspace: Workspace, module: str, waiting: Sequence[Pending]) -> None:
        """Let attempts of a module wait for their first look."""
        known = keys.read(workspace, module, grade.load_key(workspace, module))
        for one in waiting:
            place = (module, one.person)
            self._newest[place] = max(one.number, self._newest.get(place, 0))
        self._waiting[True] += grade.jobs(workspace, known, waiting, 1, "grade", grade.FIRST_LOOK)

    def done(self) -> Iterator[Done]:
        """Yield what ended since the last call, then start what there is room for."""
        for future in [one for one in self._running if one.done()]:
            job = self._running.pop(future)
            module, one = str(job.key["module"]), job.chunk[0]
            if error := future.exception():
                self._pools.pop(job.budget is not None, None)  # a pool that lost a process takes nothing any more
                yield Done(module, one, (), error)
                continue
            graded, seconds = future.result()
            self._used[one.person] += seconds
            if graded:
                yield Done(module, one, graded)
            else:
                self._waiting[False].append(replace(job, budget=None))
        self._start()

    def close(self) -> None:
        """End all that runs; it is graded by the next watch."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.kill()

    def _start(self) -> None:
        """Start what there is room for, one of a person at a time: a newer attempt is never overtaken by an older."""
        busy = {job.chunk[0].person for job in self._running.values()}
        for quick, waiting in self._waiting.items():
            room = self._width[quick] - sum((job.budget is not None) is quick for job in self._running.values())
            for job in sorted(waiting, key=lambda job: self._used[job.chunk[0].person]):
                if room and job.chunk[0].person not in busy:
                    room -= 1
                    busy.add(job.chunk[0].person)
                    waiting.remove(job)
                    self._running[self._pool(quick).submit(_look, self._shown(job))] = job

    def _shown(self, job: Job) -> Job:
        """Return a job that leaves ``autograded/`` alone when a newer attempt came while it waited."""
        one = job.chunk[0]
        newest = self._newest.get((str(job.key["module"]), one.person), one.number)
        return replace(job, chunk=(replace(one, current=one.current and one.number >= newest),))

    def _pool(self, quick: bool) -> ProcessPoolExecutor:
        if quick not in self._pools:
            context = multiprocessing.get_context("spawn")  # the watch has threads and a database open
            self._pools[quick] = ProcessPoolExecutor(
                self._width[quick], context, initializer=_begin, initargs=(0 if quick else 10,)
            )
        return self._pools[quick]


def _begin(nice: int) -> None:
    end_with_parent()
    os.nice(nice)


def _look(job: Job) -> tuple[list[Graded], float]:
    """Grade one attempt in a worker; return it, or nothing when it needs longer, and the seconds that it took."""
    started = time.monotonic()
    try:
        box = _box(job.workspace)
    except NoIsolation:
        box = None
    return grade.run(job, box), time.monotonic() - started


@functools.lru_cache(maxsize=1)
def _box(workspace: Workspace) -> Box:
    """Open this worker's box, once: its start takes far longer than an honest answer."""
    return open_box([workspace.root])
