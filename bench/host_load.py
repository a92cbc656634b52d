"""The load on the host's pages: many signed-in cadres, each on a connection of their own, saving at their own pace.

A process of its own (``python -m bench.host_load``) with its task as JSON on standard input; prints what it measured
as JSON. Open loop: a save is due at its moment whether or not the one before was answered; how late it was answered
counts from the moment that it was due.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: moduong-phien={token}; _xsrf={xsrf}\r\nX-XSRFToken: {xsrf}\r\n"
    "Content-Type: application/json\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n"
    "Content-Length: {length}\r\n\r\n"
)
_GET = "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: moduong-phien={token}\r\nAccept-Encoding: gzip\r\n\r\n"


@dataclass(slots=True)
class Wire:
    """One kept connection; requests on it wait for each other, as in a browser's tab."""

    host: str
    port: int
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and return status and body; once more where an idle connection was closed, as browsers do."""
        async with self.busy:
            if self.writer is not None:
                try:
                    return await self._once(request)
                except (OSError, asyncio.IncompleteReadError):
                    self.writer = None
            return await self._once(request)

    async def _once(self, request: bytes) -> tuple[int, bytes]:
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        assert self.reader is not None
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self.reader.readexactly(length)
        if b"content-encoding: gzip" in lower:
            body = gzip.decompress(body)
        return int(head.split(b" ", 2)[1]), body


@dataclass(slots=True)
class Cadre:
    """Somebody who is signed in; of what was acknowledged ``given`` holds the value, ``last`` the save's number."""

    person: str
    token: str
    wire: Wire
    given: dict[str, Any] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    number: int = 0


@dataclass(slots=True)
class Found:
    """What was measured: seconds of saves, of the empty handler, of receipts and results; what went wrong."""

    saves: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    receipts: list[float] = field(default_factory=list)
    results: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Load:
    """All cadres against one server."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        self.task, self.found, self.rng = task, Found(), random.Random(task["seed"])
        self.host = f"127.0.0.1:{task['port']}"
        self.cadres = [Cadre(p, t, Wire("127.0.0.1", task["port"])) for p, t in task["sessions"]]

    def request(self, cadre: Cadre, path: str, data: Any) -> bytes:
        """Return a request as the page's script sends it."""
        body = json.dumps(data, ensure_ascii=False).encode()
        head = _HEAD.format(path=path, host=self.host, token=cadre.token, xsrf="x" * 16, length=len(body))
        return head.encode() + body

    async def save(self, cadre: Cadre, item: str, value: Any, due: float) -> None:
        """Save one answer; what is acknowledged is remembered."""
        cadre.number += 1
        entry: dict[str, Any] = {
            "person": cadre.person,
            "module": self.task["module"],
            "attempt": 1,
            "item": item,
            "variant": 0,
        }
        entry |= {"value": value, "base": 0, "client": "may-thu", "number": cadre.number}
        status, body = await self.try_(cadre, self.request(cadre, "/luu", {"entries": [entry]}))
        if status == 200 and b'"stored"' in body:
            cadre.given[item], cadre.last[item] = value, entry["number"]
            self.found.saves.append(time.perf_counter() - due)
        elif len(self.found.wrong) < 50:
            self.found.wrong.append(f"save {status} {body[:200]!r}")

    async def try_(self, cadre: Cadre, request: bytes) -> tuple[int, bytes]:
        """Ask once; a connection that breaks is an answer of its own."""
        try:
            return await cadre.wire.ask(request)
        except (OSError, asyncio.IncompleteReadError, IndexError) as error:
            cadre.wire.writer = None
            return 0, str(error).encode()

    async def one(self, cadre: Cadre, begin: float) -> None:
        """Save at this cadre's pace until the time is over."""
        pause, items = 60 / self.task["a_minute"], list(self.task["values"].items())
        due = begin + self.rng.random() * pause
        turn = self.rng.randrange(len(items))
        while due < begin + self.task["seconds"]:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            item, values = items[turn % len(items)]
            await self.save(cadre, item, values[(turn // len(items)) % len(values)], due)
            turn += 1
            due += pause * (0.8 + 0.4 * self.rng.random())

    async def hand_in(self, cadre: Cadre, moment: float) -> None:
        """Answer everything, hand in, and wait for the result on the page."""
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        for item, values in self.task["values"].items():
            if item not in cadre.given:
                await self.save(cadre, item, values[0], time.perf_counter())
        begin = time.perf_counter()
        status, body = await self.try_(
            cadre, self.request(cadre, "/nop", {"module": self.task["module"], "attempt": 1})
        )
        if status != 200:
            self.found.wrong.append(f"hand-in {status} {body[:200]!r}")
            return
        self.found.receipts.append(time.perf_counter() - begin)
        page = _GET.format(path=f"/phan-hoi/{self.task['module']}/1", host=self.host, token=cadre.token).encode()
        while time.perf_counter() < begin + 60:
            await asyncio.sleep(1.0)
            _status, body = await self.try_(cadre, page)
            if b'class="card result' in body:
                self.found.results.append(time.perf_counter() - begin)
                return
        self.found.wrong.append(f"{cadre.person}: no result within 60 s")

    async def probe(self, begin: float) -> None:
        """Ask the empty handler five times a second, on a connection of its own."""
        wire = Wire("127.0.0.1", self.task["port"])
        request = f"GET /rong HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()
        while time.perf_counter() < begin + self.task["seconds"]:
            due = time.perf_counter()
            await wire.ask(request)
            self.found.empty.append(time.perf_counter() - due)
            await asyncio.sleep(0.2)

    async def run(self) -> Found:
        """Connect everybody, then go."""
        for cadre in self.cadres:
            cadre.wire.reader, cadre.wire.writer = await asyncio.open_connection("127.0.0.1", self.task["port"])
        begin = time.perf_counter() + 1
        jobs = [self.one(cadre, begin) for cadre in self.cadres[self.task["hand_ins"] :]]
        within = self.task["hand_in_within"]
        moments = [begin + self.task["seconds"] / 4 + self.rng.random() * within for _cadre in self.cadres]
        jobs += [self.hand_in(c, at) for c, at in zip(self.cadres[: self.task["hand_ins"]], moments, strict=False)]
        if self.task["probe"]:
            jobs.append(self.probe(begin))
        await asyncio.gather(*jobs)
        return self.found


def main() -> None:
    """Read the task, run, print."""
    load = Load(json.loads(sys.stdin.readline()))
    found = asyncio.run(load.run())
    given = {cadre.person: cadre.given for cadre in load.cadres}
    names = ("saves", "empty", "receipts", "results", "wrong")
    print(json.dumps({**{name: getattr(found, name) for name in names}, "given": given}))


if __name__ == "__main__":
    main()
