"""A slow link: a TCP proxy that lets through so many bytes a second, each after a delay, and counts them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_PIECE = 1400


@dataclass
class Link:
    """A running proxy: its port, and bytes that came down since ``counted`` was last called."""

    port: int = 0
    down: int = 0
    free: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def counted(self) -> int:
        """Return the bytes that came down, and begin to count anew."""
        found, self.down = self.down, 0
        return found


async def _pass_on(
    link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rate: float, delay: float, *, counts: bool
) -> None:
    """Send on what comes, late by ``delay`` seconds and not faster than ``rate`` bytes a second for all together."""
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def send() -> None:
        while True:
            due, piece = await queue.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not piece:
                break
            writer.write(piece)
        writer.close()

    sending = asyncio.ensure_future(send())
    while piece := await reader.read(_PIECE):
        now = time.monotonic()
        if counts:
            link.down += len(piece)
            link.free = max(now, link.free) + len(piece) / rate
            now = link.free
        queue.put_nowait((now + delay, piece))
    queue.put_nowait((time.monotonic() + delay, b""))
    await sending


@contextmanager
def slow_link(to: int, rate: float = 50_000.0, delay: float = 0.2) -> Iterator[Link]:
    """Open a link to a port of this machine: ``rate`` bytes a second down, ``delay`` seconds each way."""
    link, loop, ready = Link(), asyncio.new_event_loop(), threading.Event()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", to)
        both = (
            _pass_on(link, reader, there[1], rate, delay, counts=False),
            _pass_on(link, there[0], writer, rate, delay, counts=True),
        )
        with contextlib.suppress(asyncio.CancelledError):  # the link is let go of
            await asyncio.gather(*both, return_exceptions=True)

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(accept, "127.0.0.1", 0))
        link.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield link
    finally:
        asyncio.run_coroutine_threadsafe(_end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


async def _end() -> None:
    """Let go of every connection."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
