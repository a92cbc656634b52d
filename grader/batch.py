"""Driver ``grade``: grades what waits in a module, in parallel, so that one attempt that fails never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Engine

from grader import grade
from grader.errors import ModuongError
from grader.grade import Graded, Job
from grader.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch did: attempts graded, and one problem for each that could not be; those wait for the next run."""

    graded: int
    problems: tuple[ModuongError, ...]


def grade_module(
    workspace: Workspace,
    engine: Engine,
    module: str,
    now: datetime,
    *,
    force: bool,
    jobs: int,
    begin: Callable[[int], Callable[[int], None]],
) -> Batch:
    """Read marks, then grade what waits in one module.

    Args:
        workspace: where files are.
        engine: the gradebook's.
        module: which.
        now: the clock.
        force: also what is graded already and no person has marked.
        jobs: processes that score side by side.
        begin: gets the number of attempts that wait, returns what is called with each number done (a progress bar).

    Raises:
        ModuongError: what concerns the whole module, such as ``E-GRADE-1``, ``E-DB-1``, ``E-WS-2``.
    """
    key = grade.load_key(workspace, module)
    grade.read_marks(workspace, engine, module, now)
    with engine.connect() as connection:
        waiting = grade.pending(connection, module, again=force)
    chunks = [tuple(waiting[i : i + grade.CHUNK]) for i in range(0, len(waiting), grade.CHUNK)]
    advance = begin(len(waiting))
    done = 0
    problems: list[ModuongError] = []
    for graded in _graded([Job(workspace, key, chunk, "regrade" if force else "grade") for chunk in chunks], jobs, problems):
        grade.commit(engine, module, graded, now)
        done += len(graded)
        advance(len(graded))
    return Batch(done, tuple(problems))


def _graded(work: Sequence[Job], jobs: int, problems: list[ModuongError]) -> Iterator[list[Graded]]:
    """Yield what each job found, in order."""
    if jobs == 1 or len(work) == 1:
        for job in work:
            yield _run(job, problems)
        return
    with ProcessPoolExecutor(jobs, initializer=grade.end_with_parent) as pool:
        running = [pool.submit(grade.run, job) for job in work]
        for job, future in zip(work, running, strict=True):
            try:
                yield future.result()
            except ModuongError:
                raise
            except Exception:  # noqa: BLE001  # the job is tried again here, attempt by attempt
                yield _run(job, problems)


def _run(job: Job, problems: list[ModuongError]) -> list[Graded]:
    """Grade a chunk; where it fails, attempt by attempt, so that each failure is its own."""
    try:
        return grade.run(job)
    except ModuongError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the other attempts are graded
        if len(job.chunk) > 1:
            return [found for one in job.chunk for found in _run(Job(job.workspace, job.key, (one,), job.cause), problems)]
        name = job.chunk[0].attempt_id
        said = f"{type(error).__name__}: {error}"[:200]
        problems.append(
            ModuongError(
                "E-GRADE-3",
                vi=f"{name}: chưa chấm được ({said}). Lượt này được giữ và sẽ được chấm ở lần chạy sau; các lượt khác đã chấm.",
                en=f"{name}: could not be graded ({said}). It is kept and tried at the next run; the others are graded.",
            )
        )
        return []
