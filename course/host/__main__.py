"""The process *pages*: ``python -m course.host`` with its settings as JSON on standard input; prints its port."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import stat
import sys
from pathlib import Path

from course.host import server
from course.host.settings import Settings

_SWITCH = 0.0005
"""Seconds after which a busy thread lets another go on. The clerk gives way at every statement; by default it would
wait 5 ms each time while the event loop is busy."""
_COLLECT_EVERY = 20_000
"""New objects between two garbage collections; a save leaves none behind."""


def main() -> None:
    """Serve until told to stop. Nothing but what stands on standard input decides anything."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    given = json.loads(sys.stdin.buffer.readline())
    settings = Settings(
        Path(given["course"]),
        Path(given["database"]),
        Path(given["spool"]),
        given["address"],
        frozenset(given["proxies"]),
        given["worker"],
    )
    sys.setswitchinterval(_SWITCH)
    gc.set_threshold(_COLLECT_EVERY)
    asyncio.run(server.serve(settings, given["port"], given["bind"], _tell, until=_closed))


async def _closed() -> None:
    """Wait until who started us closes standard input or is gone, or for ever where it was no pipe."""
    ended, handle = asyncio.Event(), sys.stdin.fileno()
    if stat.S_ISFIFO(os.fstat(handle).st_mode):
        loop = asyncio.get_running_loop()
        loop.add_reader(handle, lambda: ended.set() if not os.read(handle, 4096) else None)
    await ended.wait()


def _tell(port: int) -> None:
    print(port, flush=True)  # noqa: T201  # its one word


if __name__ == "__main__":
    main()
