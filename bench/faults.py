"""Kills kernel, browser and server with ``kill -9`` at random moments while a cadre answers.

What was acknowledged is stored, every time.

``python -m bench faults`` does fifty rounds. An acknowledgement is the kernel's own message as it reaches the
browser, read from the wire.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import heading, line
from course.answers import ANSWERS, parse
from grader.commands import serve

ROUNDS = 50
KINDS = ("kernel", "browser", "server")
_WAIT = 90_000
_STORED = re.compile(rb'\{"kind": ?"stored"')
_TEXTS = ("Q06", "Q07", "Q08")
_PAGE = """() => Object.fromEntries([...document.querySelectorAll('.md-question')].map((q) => [q.dataset.item, [
  q.querySelector('.md-status').dataset.state,
  q.querySelector('input[type=radio]') ? (q.querySelector('input:checked')?.value ?? null)
      : (q.querySelector('textarea, .md-field > div > input')?.value ?? null)]]))"""


@dataclass
class Cadre:
    """One cadre with a browser whose profile outlives it, and every acknowledgement that reached it.

    (sequence number, value).
    """

    playwright: Any
    running: Any
    module: str
    profile: Path
    heard: set[tuple[int, str]] = field(default_factory=set)
    context: Any = None
    page: Any = None

    def sit_down(self) -> None:
        """Open the browser and the exercise."""
        from tests.support.cadre_browser import ARGS

        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile, executable_path="/usr/bin/chromium", args=ARGS, viewport={"width": 1000, "height": 800}
        )
        self.page = self.context.new_page()
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._hear))
        self.open()

    def open(self) -> None:
        """Open the exercise, and wait until every question is there."""
        self.page.goto(self.running.url(f"{self.module}/{self.module}.ipynb"))
        self.page.wait_for_selector(".md-handin", timeout=_WAIT)

    def _hear(self, payload: bytes | str) -> None:
        raw = payload if isinstance(payload, bytes) else payload.encode()
        for found in _STORED.finditer(raw):
            said, _ = json.JSONDecoder().raw_decode(raw[found.start() :].decode("utf-8", errors="replace"))
            if isinstance(said["value"], str):
                self.heard.add((said["seq"], said["value"]))

    def answer(self, rng: random.Random, mark: str, until: float) -> None:
        """Answer in one place after the other until the moment ``until`` is over.

        A page that dies under the hand is no error.
        """
        from playwright.sync_api import Error

        number = 0
        while time.monotonic() < until:
            number += 1
            try:
                if rng.random() < 0.4:
                    self.question("Q01").locator("input").nth(rng.randrange(3)).check(timeout=1500)
                else:
                    item = rng.choice(_TEXTS)
                    self.question(item).locator("input, textarea").first.fill(f"{item} {mark}.{number}", timeout=1500)
                self.page.wait_for_timeout(rng.uniform(10, 350))
            except Error:
                time.sleep(0.05)

    def question(self, item: str) -> Any:
        return self.page.locator(f'.md-question[data-item="{self.module}-{item}"]')

    def settled(self) -> dict[str, list[Any]]:
        """Return state and value of every question, once none is on its way any more."""
        end = time.monotonic() + _WAIT / 1000
        while True:
            states: dict[str, list[Any]] = self.page.evaluate(_PAGE)
            if len(states) == 10 and not any(state in {"saving", "failed"} for state, _ in states.values()):
                return states
            if time.monotonic() > end:
                raise RuntimeError(f"never settled: {states}")
            self.page.wait_for_timeout(100)


def browser_process(profile: Path) -> int:
    """Return the process number of the browser with this profile."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return next(
        int(row.split()[0])
        for row in listed.splitlines()
        if f"--user-data-dir={profile}" in row and "--type=" not in row and "chrom" in row
    )


def victim(cadre: Cadre, kind: str) -> int:
    from tests.support.cadre_browser import kernels

    if kind == "server":
        return int(cadre.running.server.pid)
    return max(kernels(cadre.running)) if kind == "kernel" else browser_process(cadre.profile)


def recover(cadre: Cadre, kind: str) -> None:
    """Do what a cadre would: nothing after the kernel's death, else open browser and page again."""
    if kind == "server":
        cadre.running.server.wait()
        cadre.running.server = serve.start(cadre.running.command)
        cadre.open()
    elif kind == "browser":
        from playwright.sync_api import Error

        with contextlib.suppress(Error):
            cadre.context.close()
        cadre.sit_down()


def wrong(cadre: Cadre, folder: Path) -> list[str]:
    """Compare acknowledgements and page with the disk; return what differs."""
    states = cadre.settled()
    disk = parse((folder / ANSWERS).read_bytes()).answers if (folder / ANSWERS).exists() else {}
    problems = []
    for seq, value in cadre.heard:
        item = f"{cadre.module}-{value[:3]}" if value[:1] == "Q" else f"{cadre.module}-Q01"
        kept = disk.get(item)
        if kept is None or kept.seq < seq or (kept.seq == seq and kept.value != value):
            problems.append(f"acknowledged {item} {seq} {value!r}, on disk {kept}")
    for item, (state, value) in states.items():
        kept = disk.get(item)
        if state in {"saved", "elsewhere"} and value is not None and (kept is None or kept.value != value):
            problems.append(f"the page says {item} = {value!r} is saved, on disk {kept}")
    return problems


def rounds(folder: Path, kinds: list[str], seed: int) -> tuple[list[str], int]:
    """Kill once per entry of ``kinds``; return what went wrong, and how many acknowledgements were compared."""
    from playwright.sync_api import sync_playwright

    from tests.support.cadre_browser import make_module, seat

    home = folder / "CB-000123"
    module = make_module(home, "M90")
    rng = random.Random(seed)
    problems: list[str] = []
    with seat(home, None) as running, sync_playwright() as playwright:
        cadre = Cadre(playwright, running, "M90", folder / "profile")
        cadre.sit_down()
        for number, kind in enumerate(kinds):
            after, target = rng.uniform(0.1, 2.5), victim(cadre, kind)
            blow = threading.Timer(after, os.kill, (target, signal.SIGKILL))
            blow.start()
            cadre.answer(rng, f"{number}", time.monotonic() + after + 0.4)
            blow.join()
            recover(cadre, kind)
            problems += [f"round {number}, {kind} killed after {after:.2f} s: {text}" for text in wrong(cadre, module)]
        cadre.context.close()
    return problems, len(cadre.heard)


def bench(folder: Path) -> None:
    """Fifty rounds.

    Raises:
        RuntimeError: when an acknowledged answer is not stored, or the page says what is not so.
    """
    heading("kill -9 of kernel, browser and server while answers are given")
    rng = random.Random(1)
    kinds = [rng.choice(KINDS) for _ in range(ROUNDS)]
    begin = time.perf_counter()
    problems, heard = rounds(folder, kinds, seed=1)
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(Counter(kinds).items()))
    line(
        f"{ROUNDS} rounds ({told}), {heard} acknowledgements",
        f"{len(problems)} differ, {time.perf_counter() - begin:.0f} s",
        "0 differ",
    )
    if problems:
        raise RuntimeError("\n".join(problems))
