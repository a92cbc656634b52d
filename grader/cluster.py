"""The one file that knows Dask: a cluster's workers as an executor of ``concurrent.futures``."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.crew import Crew
from grader.errors import ModuongError
from grader.workspace import Workspace

PATIENCE = 10
"""Seconds in which the scheduler must answer, and have a worker."""


@contextlib.contextmanager
def crew(address: str, workspace: Workspace) -> Iterator[Crew]:
    """Yield the workers of the Dask scheduler at ``address``; a job whose worker dies is given to another one by the scheduler.

    Raises:
        ModuongError: ``E-CLUSTER-1`` without the extra ``cluster``, ``E-CLUSTER-2`` when the scheduler cannot be reached,
            ``E-CLUSTER-3`` when no worker is there or one does not see the workspace.
    """
    try:
        from distributed import Client, comm  # heavy, and an extra
    except ModuleNotFoundError:
        raise ModuongError(
            "E-CLUSTER-1",
            vi="Máy này chưa có gói «distributed». Cài bằng «pip install 'moduong[cluster]'», hoặc bỏ --scheduler để chấm trên máy này.",
            en="The package 'distributed' is missing. Install \"moduong[cluster]\", or leave out --scheduler to grade on this machine.",
        ) from None
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a lost worker or scheduler is told by us, once
    try:
        comm.get_address_host_port(address)  # a client on a malformed address cannot even be closed
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise ModuongError(
            "E-CLUSTER-2",
            vi=f"{address}: không nối được với bộ điều phối Dask ({_first_line(error)}). Kiểm tra địa chỉ, ví dụ tcp://127.0.0.1:8786, và xem nó có đang chạy không.",
            en=f"{address}: the Dask scheduler cannot be reached ({_first_line(error)}). Check the address, such as tcp://127.0.0.1:8786, and that it runs.",
        ) from None
    with client:
        threads = _willing(client, address, workspace)
        yield Crew(client.get_executor(pure=False), threads, remote=True)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _willing(client: Any, address: str, workspace: Workspace) -> int:
    """Return how many jobs the workers take at once, after each has read in the workspace what was just written there."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except OSError:  # its TimeoutError
        raise ModuongError(
            "E-CLUSTER-3",
            vi=f"{address}: chưa có máy làm việc nào. Chạy «dask worker {address}» trên ít nhất một máy.",
            en=f"{address}: there is no worker. Run 'dask worker {address}' on one machine at least.",
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
            vi=f"{blind[0]}: máy làm việc này không thấy {workspace.root}, hoặc chưa cài moduong. Mọi máy phải dùng chung thư mục này, cùng đường dẫn.",
            en=f"{blind[0]}: this worker does not see {workspace.root}, or has no moduong. All of them must share this folder under the same path.",
        )
    threads: dict[str, int] = client.nthreads()
    return max(1, sum(threads.values()))


def _reads(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""
