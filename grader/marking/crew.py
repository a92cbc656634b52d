"""Who scores: an executor and how many jobs it takes at once.

This process, processes beside it, or a cluster's workers.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Crew:
    """An executor of ``concurrent.futures``; ``width``: jobs that run side by side in it; ``remote``.

    It is there already, elsewhere.
    """

    executor: Executor
    width: int
    remote: bool = False

    @property
    def ahead(self) -> int:
        """Jobs handed out before the first must be done.

        Enough that nobody waits, few enough that what is graded is soon written.
        """
        return 1 if isinstance(self.executor, Here) else 2 * self.width


class Here(Executor):
    """Runs a job in this process when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # the future tells it
            future.set_exception(error)
        return future


@contextlib.contextmanager
def local(jobs: int) -> Iterator[Crew]:
    """Yield processes on this machine, started when the first job comes; with one job, this process."""
    if jobs == 1:
        yield Crew(Here(), 1)
        return
    with ProcessPoolExecutor(jobs, initializer=end_with_parent) as pool:
        yield Crew(pool, jobs)


def end_with_parent() -> None:
    """Let a worker process end when the grader is killed; otherwise it waits for work for ever.

    Linux only, elsewhere nothing happens.
    """
    if sys.platform == "linux":
        from grader.box.kernel import die_with_parent

        die_with_parent(signal.SIGKILL)
