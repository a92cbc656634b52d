"""One thread that owns the connection: saves that arrive together share a commit, and the event loop never waits.

A job is a function of the connection. Its future is resolved after the commit that holds what it wrote, so whatever was
acknowledged is on disk. A job that fails takes back what it did and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from course.host.store import schema

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], Any]
_MOST = 500
"""Jobs that share one commit."""


class Closed(Exception):
    """The clerk has stopped; nothing was written."""


class Clerk:
    """Writes to and reads from one database, in order of arrival.

    Attributes:
        commits, jobs: how many there were, for the metrics.
    """

    def __init__(self, path: Path, opened: Callable[[Path], sqlite3.Connection] = schema.connect) -> None:
        """Open the database at ``path`` by ``opened`` and start; raises as :func:`schema.connect`."""
        self.commits = self.jobs = 0
        self._connection = opened(path)
        self._queue: queue.SimpleQueue[tuple[Job, Future[Any]] | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="host-clerk", daemon=True)
        self._thread.start()

    def ask(self, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queue ``job``; the future has its result once it is committed, or its exception."""
        future: Future[T] = Future()
        if self._closed:
            future.set_exception(Closed())
        else:
            self._queue.put((job, future))
        return future

    async def do(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Await ``job``'s result."""
        return await asyncio.wrap_future(self.ask(job))

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return self._queue.qsize()

    def close(self) -> None:
        """Finish what waits, and close."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, last = [first], False
            with contextlib.suppress(queue.Empty):
                while len(batch) < _MOST:
                    more = self._queue.get_nowait()
                    if more is None:
                        last = True
                        break
                    batch.append(more)
            self._commit(batch)
            if last:
                return

    def _commit(self, batch: list[tuple[Job, Future[Any]]]) -> None:
        """Do the jobs in one transaction; where the commit fails, each in one of its own."""
        done: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            done = [(future, *self._one(job)) for job, future in batch]
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  # whatever it is, nobody waits for ever
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            if len(batch) > 1:
                for one in batch:
                    self._commit([one])
            else:
                done = [(batch[0][1], None, error)]
        else:
            self.commits += 1
            self.jobs += len(batch)
        for future, result, failure in done:
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)

    def _one(self, job: Job) -> tuple[Any, BaseException | None]:
        self._connection.execute("SAVEPOINT one")
        try:
            result = job(self._connection)
        except Exception as error:  # its own future gets it
            if not self._connection.in_transaction:  # a full disk: SQLite has taken back the whole commit
                raise
            self._connection.execute("ROLLBACK TO one")
            self._connection.execute("RELEASE one")
            return None, error
        self._connection.execute("RELEASE one")
        return result, None
