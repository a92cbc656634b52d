"""The one file that knows Dask: a cluster's workers as an executor of ``concurrent.futures``."""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, InvalidStateError
from pathlib import Path
from typing import Any

from course.words import _
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.marking.crew import Crew

PATIENCE = 10
"""Seconds in which the scheduler must answer, and have a worker."""
_LOST = "the Dask scheduler is lost"


@contextlib.contextmanager
def crew(address: str, workspace: Workspace) -> Iterator[Crew]:
    """Yield the workers of the Dask scheduler at ``address``.

    A job whose worker dies is given to another one by the scheduler.

    Raises:
        ModuongError: ``E-CLUSTER-1`` without the extra ``cluster``, ``E-CLUSTER-2`` when the scheduler cannot be
            reached,
            ``E-CLUSTER-3`` when no worker is there or one does not see the workspace.
    """
    try:
        from distributed import Client, comm  # heavy, and an extra
    except ModuleNotFoundError:
        raise ModuongError(
            "E-CLUSTER-1",
            _(
                "Máy này chưa có gói «distributed». Cài bằng «pip install 'moduong[cluster]'», hoặc bỏ "
                "--scheduler để chấm trên máy này."
            ),
        ) from None
    for name in ["tornado.application", *(n for n in logging.root.manager.loggerDict if n.startswith("distributed"))]:
        logging.getLogger(name).setLevel(
            logging.CRITICAL
        )  # what is lost is graded elsewhere; pages of tracebacks would help nobody
    try:
        comm.get_address_host_port(address)  # a client on a malformed address cannot even be closed
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise ModuongError(
            "E-CLUSTER-2",
            _(
                "{address}: không nối được với bộ điều phối Dask ({error}). Kiểm tra địa chỉ, ví dụ "
                "tcp://127.0.0.1:8786, và xem nó có đang chạy không.",
                address=address,
                error=_first_line(error),
            ),
        ) from None
    with client:
        threads = _willing(client, address, workspace)
        with Workers(client) as workers:
            yield Crew(workers, threads, remote=True)


class Workers(Executor):
    """Dask's executor, whose futures would wait for ever when the scheduler is lost.

    Here they fail, and what they stood for is done elsewhere.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor: Executor = client.get_executor(pure=False)
        self._waiting: weakref.WeakSet[Future[Any]] = weakref.WeakSet()
        self._end = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self._lost():
            raise ConnectionError(_LOST)
        future = self._executor.submit(fn, *args, **kwargs)
        self._waiting.add(future)
        return future

    # Dask's has no such option
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        self._end.set()
        if not self._lost():
            self._executor.shutdown(wait=wait)

    def _lost(self) -> bool:
        return self._client.status not in {"running", "connecting"}

    def _look(self) -> None:
        while not self._end.wait(0.5):
            if self._lost():
                for future in list(self._waiting):
                    with contextlib.suppress(InvalidStateError):
                        future.set_exception(ConnectionError(_LOST))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _willing(client: Any, address: str, workspace: Workspace) -> int:
    """Return how many jobs the workers take at once; each has read what was just written to the workspace."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except OSError:  # its TimeoutError
        raise ModuongError(
            "E-CLUSTER-3",
            _(
                "{address}: chưa có máy làm việc nào. Chạy «dask worker {address}» trên ít nhất một máy.",
                address=address,
            ),
        ) from None
    sign = workspace.root / f".cluster-{secrets.token_hex(8)}"
    sign.write_text(sign.name, encoding="ascii")
    try:
        found = client.run(_reads, str(sign), on_error="return")
    finally:
        sign.unlink()
    blind = sorted(worker for worker, text in found.items() if text != sign.name)
    if blind:
        raise ModuongError(
            "E-CLUSTER-3",
            _(
                "{blind}: máy làm việc này không thấy {root}, hoặc chưa cài moduong. Mọi máy phải dùng chung thư "
                "mục này, cùng đường dẫn.",
                blind=blind[0],
                root=workspace.root,
            ),
        )
    threads: dict[str, int] = client.nthreads()
    return max(1, sum(threads.values()))


def _reads(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""
