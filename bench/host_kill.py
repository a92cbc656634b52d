"""Kill -9 of the cadres' pages in the middle of saves and hand-ins: what was acknowledged is what is stored.

A process that has everything loaded forks a server a round, so that a round costs its saves and not a start of Python.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.host_load import Cadre, Load
from bench.measure import ROOT, heading, line
from course.host.store import accounts
from course.host.store.accounts import Account
from course.host.store.clerk import Clerk

ROUNDS, PEOPLE, LONGEST = 1000, 6, 0.25
_ZYGOTE = """
import asyncio, json, os, sys
from pathlib import Path
from course.host import server
from course.host.settings import Settings
given = json.loads(sys.stdin.readline())
settings = Settings(Path(given["course"]), Path(given["database"]), Path(given["spool"]), "http://127.0.0.1:1/")
def tell(port):
    print(os.getpid(), port, flush=True)
for _line in sys.stdin:
    child = os.fork()
    if child == 0:
        asyncio.run(server.serve(settings, 0, "127.0.0.1", tell))
        os._exit(0)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


@dataclass(slots=True)
class Told:
    """What all rounds together found: saves and hand-ins acknowledged, and what of them is not there."""

    saves: int = 0
    hand_ins: int = 0
    lost: list[str] = field(default_factory=list)


class Servers:
    """A server a round over one course and one folder."""

    def __init__(self, course: Path, folder: Path) -> None:
        self.database, self.spool = folder / "host.db", folder / "spool"
        command = [sys.executable, "-c", _ZYGOTE]
        self._zygote = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._say(json.dumps({"course": str(course), "database": str(self.database), "spool": str(self.spool)}))

    def _say(self, words: str) -> None:
        assert self._zygote.stdin is not None
        self._zygote.stdin.write(words.encode() + b"\n")
        self._zygote.stdin.flush()

    def _heard(self) -> list[str]:
        assert self._zygote.stdout is not None
        return self._zygote.stdout.readline().decode().split()

    def start(self) -> tuple[int, int]:
        """Start a server; return its process and port."""
        self._say("next")
        process, port = self._heard()
        return int(process), int(port)

    def kill(self, process: int) -> None:
        """Kill it, and wait until it is gone."""
        os.kill(process, signal.SIGKILL)
        assert self._heard() == ["ended"]

    def close(self) -> None:
        """End the process that forks."""
        assert self._zygote.stdin is not None
        self._zygote.stdin.close()
        self._zygote.wait(20)


def sign_in(database: Path, people: list[str]) -> list[tuple[str, str]]:
    """Return person and token of a session each."""

    def make(connection: sqlite3.Connection) -> list[tuple[str, str]]:
        accounts.invite(connection, [Account(p, p, "U", "U", "leader") for p in people], "kill")
        return [(p, accounts.open_session(connection, p, "kill")) for p in people]

    clerk = Clerk(database)
    try:
        return clerk.ask(make).result()
    finally:
        clerk.close()


def rounds(course: Path, folder: Path, module: str, values: dict[str, list[Any]], count: int, seed: int = 1) -> Told:
    """Play ``count`` rounds of saves and a hand-in, each ended by a kill; hold file and spool against the answers."""
    folder.mkdir(parents=True, exist_ok=True)
    servers, rng, told = Servers(course, folder), random.Random(seed), Told()
    sessions = sign_in(servers.database, [f"CB-{n:06}" for n in range(PEOPLE)])
    leaving = sign_in(servers.database, [f"CB-{PEOPLE + n:06}" for n in range(count)])  # each hands in once
    given: dict[str, dict[str, tuple[int, Any]]] = {p: {} for p, _token in (*sessions, *leaving)}
    try:
        for number in range(count):
            process, port = servers.start()
            here = [leaving[number], *sessions]
            task = {"port": port, "sessions": here, "module": module, "values": values, "seed": number}
            asyncio.run(_one(Load(task), (number, given), servers, process, (rng, told)))
            _compare(servers, given, told)
    finally:
        servers.close()
    return told


async def _one(
    load: Load, told: tuple[int, dict[str, dict[str, tuple[int, Any]]]], servers: Servers, process: int, more: Any
) -> None:
    """Save from all sides until the kill."""
    (number, given), (rng, sums) = told, more
    for cadre in load.cadres:
        cadre.number = number * 10_000
    jobs = [asyncio.ensure_future(_saving(load, cadre, number)) for cadre in load.cadres[1:]]
    jobs.append(asyncio.ensure_future(_handing_in(load, load.cadres[0], number)))
    await asyncio.sleep(rng.random() * LONGEST)
    await asyncio.get_running_loop().run_in_executor(None, servers.kill, process)
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    sums.saves += len(load.found.saves)
    sums.hand_ins += len(load.found.receipts)
    for cadre in load.cadres:
        given[cadre.person] |= {item: (cadre.last[item], value) for item, value in cadre.given.items()}
        if cadre.wire.writer is not None:
            cadre.wire.writer.close()


async def _saving(load: Load, cadre: Cadre, number: int) -> None:
    turn = number
    while True:
        for item, values in load.task["values"].items():
            await load.save(cadre, item, values[turn % len(values)], time.perf_counter())
        turn += 1


async def _handing_in(load: Load, cadre: Cadre, number: int) -> None:
    """Save one answer and hand in."""
    await load.save(cadre, next(iter(load.task["values"])), f"{number}", time.perf_counter())
    status, _body = await load.try_(cadre, load.request(cadre, "/nop", {"module": load.task["module"], "attempt": 1}))
    if status == 200:
        load.found.receipts.append(0.0)


def _compare(servers: Servers, given: dict[str, dict[str, tuple[int, Any]]], told: Told) -> None:
    """Hold what was acknowledged against the file. A later save, on its way at the kill, may be there unanswered."""
    with sqlite3.connect(servers.database) as connection:
        rows = list(connection.execute("SELECT person, attempt, item, value, number FROM drafts ORDER BY number"))
        receipts = list(connection.execute("SELECT entry FROM hand_ins"))
        told.lost += [str(row) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    held = {(person, item): (number, json.loads(value)) for person, _attempt, item, value, number in rows}
    for person, items in given.items():
        for item, (number, value) in items.items():
            there = held.get((person, item), (-1, None))
            if there[1] != value and there[0] <= number:  # the same value again is no new version
                told.lost.append(f"{person} {item}: {value!r} ({number}), but {there}")
    entries = {path.name for path in servers.spool.iterdir()} if servers.spool.exists() else set()
    told.lost += [f"receipt without a hand-in: {entry}" for (entry,) in receipts if entry not in entries]


def bench(folder: Path) -> None:
    """Play all rounds and print what was found."""
    from bench.host import MODULE, prepare

    heading("Kill -9 of the cadres' pages")
    room = prepare(folder)
    told = rounds(room.settings.course, folder / "h", MODULE, room.values, ROUNDS)
    for said in told.lost[:10]:
        print(f"  {said}")
    line(f"{ROUNDS} kills: {told.saves} saves and {told.hand_ins} hand-ins acknowledged", f"{len(told.lost)} lost", "0")
