"""The cadres' pages under load: saves, hand-ins and results, processor and memory; bytes and seconds on a slow link.

*Pages* and *watch* run as ``moduong host`` starts them; the load comes from a process of its own on the same cores over
loopback. Beside the saves an empty handler of the same server is asked in the same run.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.host_link import slow_link
from bench.measure import ROOT, heading, line, moduong, run
from course.host.settings import Settings
from course.host.store import accounts
from course.host.store.accounts import Account
from course.host.store.clerk import Clerk
from grader.commands.host import processes
from grader.commands.host.confined import account_of
from grader.ground.workspace import Workspace
from grader.itemtypes import TYPES
from grader.marking.grade import load_key

MODULE, COURSE = "M02", "truyen-thong-so"
PEOPLE, A_MINUTE, SECONDS, HAND_INS = 2000, 10, 180, 200
_TICK = os.sysconf("SC_CLK_TCK")
_PAGES = """
import sys, time
from tornado.web import RequestHandler
from course.host import server
from course.host.store.clerk import Clerk
class Empty(RequestHandler):
    def get(self): self.finish("")
made = server.application
def application(host):
    app = made(host)
    app.add_handlers(".*", [("/rong", Empty)])
    return app
server.application = application
slow = {slow}
if slow:
    class Slow:
        def __init__(self, real): self._real = real
        def execute(self, sql, *more):
            if sql == "COMMIT": time.sleep(slow)
            return self._real.execute(sql, *more)
        def __getattr__(self, name): return getattr(self._real, name)
    begin = Clerk._commit
    def commit(self, batch):
        if not isinstance(self._connection, Slow): self._connection = Slow(self._connection)
        begin(self, batch)
    Clerk._commit = commit
from course.host.__main__ import main
main()
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A prepared workspace with its host's settings."""

    space: Workspace
    settings: Settings
    values: dict[str, list[Any]]


def bench(folder: Path) -> None:
    """Print every figure."""
    heading(f"The host: {PEOPLE} cadres, {A_MINUTE} saves a minute each, {SECONDS} s")
    line("syncs a second of this disk; load before", f"{syncs(folder):.0f}; {os.getloadavg()[0]:.1f}")
    room = prepare(folder)
    under_load(room, folder / "a", PEOPLE, SECONDS, HAND_INS, slow=0.0)
    under_load(room, folder / "b", PEOPLE, 30, 0, slow=0.01)
    on_a_slow_link(room, folder / "c")


def syncs(folder: Path) -> float:
    """Return how many times a second a small file can be synced."""
    with (folder / "dong-bo").open("wb") as file:
        begin, count = time.perf_counter(), 0
        while time.perf_counter() < begin + 1:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
            count += 1
    return count / (time.perf_counter() - begin)


def prepare(folder: Path) -> Room:
    """Build and release the module, and name our own account as a host."""
    space = Workspace(folder / "w")
    for command in ("build", "release"):
        run(moduong(command, MODULE, "--workspace", space.root))
    with space.config.open("a", encoding="utf-8") as file:
        file.write(f'c.Moduong.hosts = ["{account_of("")}"]\n')
    values = {}
    for item in load_key(space, MODULE)["items"]:
        body = item["variants"][0]
        kind, rng = TYPES[item["type"]], random.Random(1)
        values[item["id"]] = [kind.right(body), kind.wrong(body, rng)]
    settings = processes.settings_of(space, COURSE, "http://127.0.0.1:8090/", frozenset(), worker=True)
    return Room(space, settings, values)


def sign_in(room: Room, people: int) -> list[tuple[str, str]]:
    """Make accounts with a session each; return person and token."""
    listed = [Account(f"CB-{n:06}", f"Người Mẫu {n}", "U-1", "CĐCS Mẫu", "leader") for n in range(people)]

    def make(connection: sqlite3.Connection) -> list[tuple[str, str]]:
        accounts.invite(connection, listed, "bench")
        return [(one.person, accounts.open_session(connection, one.person, "bench")) for one in listed]

    clerk = Clerk(room.settings.database)
    try:
        return clerk.ask(make).result()
    finally:
        clerk.close()


@dataclass(frozen=True, slots=True)
class Used:
    """Processor seconds and resident MiB of a process and all below it."""

    seconds: float
    mebibytes: float


def used(pid: int) -> Used:
    """Return what a process and its children use now."""
    seconds, pages = 0.0, 0
    for one in _tree(pid):
        try:
            words = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        except OSError:
            continue
        seconds += (int(words[11]) + int(words[12])) / _TICK
        pages += int(words[21])
    return Used(seconds, pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in below:
        yield from _tree(int(child))


@contextmanager
def opened(room: Room, slow: float, *, watch: bool) -> Iterator[tuple[int, int, int]]:
    """Run *pages* (``slow`` seconds added to a commit) and *watch*; yield port and both process ids."""
    command = processes.pages_command(room.settings, program=("-c", _PAGES.replace("{slow}", str(slow))))
    pages, port = processes.start_pages(room.settings, processes.Door("127.0.0.1", 0), command)
    watching = None
    if watch:
        words = moduong("host", "--only", "watch", "--workspace", room.space.root)
        watching = subprocess.Popen([str(w) for w in words], cwd=ROOT, stdout=subprocess.DEVNULL)
        time.sleep(8)  # nbgrader is loaded once, before the rush
    try:
        yield port, pages.pid, watching.pid if watching else 0
    finally:
        processes.ask_to_end(pages)
        pages.wait(30)
        if watching:
            watching.terminate()
            watching.wait(60)


def percent(found: list[float], share: float) -> float:
    """Return a percentile in milliseconds."""
    ordered = sorted(found)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def under_load(room: Room, folder: Path, people: int, seconds: int, hand_ins: int, *, slow: float) -> dict[str, Any]:
    """Run the load once, print and return the figures."""
    folder.mkdir()
    settings = Settings(room.settings.course, folder / "host.db", room.settings.spool, room.settings.address)
    room = Room(room.space, settings, room.values)
    folder.chmod(0o700)
    sessions = sign_in(room, people)
    with opened(room, slow, watch=hand_ins > 0) as (port, pages, watch):
        task = {"port": port, "sessions": sessions, "module": MODULE, "values": room.values, "a_minute": A_MINUTE}
        task |= {
            "seconds": seconds,
            "hand_ins": hand_ins,
            "hand_in_within": min(60, seconds / 2),
            "probe": True,
            "seed": 1,
        }
        before = used(pages)
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.host_load"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(task).encode() + b"\n")
        process.stdin.close()
        most = 0.0
        while process.poll() is None and process.stdout is not None:
            most = max(most, used(pages).mebibytes + (used(watch).mebibytes if watch else 0))
            if _ready(process.stdout):
                break
        assert process.stdout is not None
        found = json.loads(process.stdout.read())
        after = used(pages)
        process.wait()
    found |= {"lost": lost(folder / "host.db", found["given"]), "most": most, "people": people}
    found |= {"cpu": after.seconds - before.seconds, "grown": after.mebibytes - before.mebibytes, "slow": slow}
    told(found)
    return found


def _ready(stream: Any) -> bool:
    import select

    return bool(select.select([stream], [], [], 1.0)[0])


def lost(database: Path, given: dict[str, dict[str, Any]]) -> int:
    """Return how many acknowledged answers are not what the database holds."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT person, item, value FROM drafts WHERE attempt = 1")
        held = {(person, item): json.loads(value) for person, item, value in rows}
    return sum(held.get((person, item)) != value for person, items in given.items() for item, value in items.items())


def told(found: dict[str, Any]) -> None:
    """Print one run."""
    saves, what = found["saves"], f"{found['people']} cadres" + (", 10 ms a commit more" if found["slow"] else "")
    p95, empty = percent(saves, 0.95), percent(found["empty"], 0.95)
    line(
        f"{what}: {len(saves)} saves, {found['lost']} lost, {len(found['wrong'])} refused",
        f"p50 {percent(saves, 0.5):.0f}, p95 {p95:.0f}, p99 {percent(saves, 0.99):.0f} ms; "
        f"empty handler p95 {empty:.0f} ms, ratio {p95 / empty:.1f}",
        "p95 ≤ 150 ms" if found["slow"] else "0 lost, p95 ≤ 100 ms",
    )
    for said in found["wrong"][:5]:
        print(f"  {said}")
    line("processor of *pages* a save", f"{1000 * found['cpu'] / max(1, len(saves)):.2f} ms", "≤ 2 ms")
    line("memory of all processes, most", f"{found['most']:.0f} MiB", "≤ 1 GB")
    line("one more signed-in cadre", f"{found['grown'] / found['people']:.3f} MiB", "≤ 0.2 MB")
    if found["receipts"]:
        line(
            f"{len(found['receipts'])} hand-ins meanwhile, receipt; result on the page ({len(found['results'])})",
            f"p95 {percent(found['receipts'], 0.95) / 1000:.2f} s; p95 {percent(found['results'], 0.95) / 1000:.2f} s",
            "≤ 1 s; ≤ 5 s",
        )


_USABLE = ".md-question input:enabled, .md-question select:enabled, .md-question textarea:enabled"


def on_a_slow_link(room: Room, folder: Path, rounds: int = 3, slower: float = 4.0) -> list[tuple[str, float, int]]:
    """Open the exercise cold and warm over 400 kbit/s and 400 ms, in a browser on a slower processor."""
    from playwright.sync_api import sync_playwright

    folder.mkdir()
    settings = Settings(room.settings.course, folder / "host.db", folder / "spool", room.settings.address)
    room = Room(room.space, settings, room.values)
    ((_person, token),) = sign_in(room, 1)
    found = []
    with (
        opened(room, 0.0, watch=False) as (port, _pages, _watch),
        slow_link(port) as link,
        sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        address = f"http://127.0.0.1:{link.port}/"
        for _round in range(rounds):
            context = browser.new_context(viewport={"width": 390, "height": 800})
            context.add_cookies([{"name": "moduong-phien", "value": token, "url": address}])
            for kind in ("cold", "warm"):
                page = context.new_page()
                context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
                link.counted()
                begin = time.perf_counter()
                page.goto(f"{address}bai/{MODULE}", wait_until="commit", timeout=60_000)
                page.wait_for_selector(_USABLE, timeout=60_000)
                found.append((kind, time.perf_counter() - begin, link.counted()))
                page.wait_for_timeout(3000)
                page.close()
            context.close()
        browser.close()
    for kind, most, weight in (("cold", 4, 40), ("warm", 2, 2)):
        times = sorted(s for k, s, _b in found if k == kind)
        sizes = sorted(b for k, _s, b in found if k == kind)
        line(
            f"10-item exercise, {kind}, first question usable (400 kbit/s, 400 ms, processor {slower:.0f}× slower)",
            f"{times[len(times) // 2]:.2f} s ({times[0]:.2f}–{times[-1]:.2f}), {sizes[len(sizes) // 2] / 1000:.1f} kB",
            f"≤ {most} s, ≤ {weight} kB",
        )
    return found
