"""Honest hand-ins beside four that sleep: how long feedback takes under ``grade --watch``, with them and without.

Both in one run, turn by turn, each in a process and a workspace of its own. Half of the honest ones answer code too.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.code import honest
from bench.measure import ROOT, heading, line, moduong, run, spread
from bench.watch import drawn
from course.answers import AnswerSet, AnswerStore, release_id
from course.exchange import Exchange
from grader.ground.workspace import Workspace
from grader.itemtypes.invented import simulate
from grader.keep import names_read
from grader.marking.grade import load_key

ROUNDS, HONEST, SLEEPERS, EVERY = 3, 12, 4, 1.0
PLAIN, CODE, COURSE = "M01", "M10", "truyen-thong-so"
SLEEP = "import time\ntime.sleep(28)"
_LONGEST = 120.0


def bench(folder: Path) -> None:
    """Print the waits with and without sleepers, and their ratio."""
    heading("Feedback beside four sleepers, grade --watch")
    base = folder / "base"
    for command in ("build", "release"):
        run(moduong(command, PLAIN, CODE, "--workspace", base))
    with (base / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"\nc.Moduong.hosts = [{names_read.account()!r}]\n")
    medians: dict[int, list[float]] = {0: [], SLEEPERS: []}
    slowest: dict[int, list[float]] = {0: [], SLEEPERS: []}
    for number in range(ROUNDS):
        for sleepers in (0, SLEEPERS):
            name = f"{number}-{sleepers}"
            shutil.copytree(base, folder / name)
            shutil.copytree(base.with_name("base-exchange"), folder / f"{name}-exchange")
            waits = rush(Workspace(folder / name), sleepers, number)
            medians[sleepers].append(statistics.median(waits))
            slowest[sleepers].append(max(waits))
    for sleepers in (0, SLEEPERS):
        told = f"median {spread(medians[sleepers])} s, slowest {spread(slowest[sleepers])} s"
        line(f"{HONEST} honest hand-ins, one a second, beside {sleepers} sleepers", told)
    ratios = [with_ / without for without, with_ in zip(medians[0], medians[SLEEPERS], strict=True)]
    longest = [with_ / without for without, with_ in zip(slowest[0], slowest[SLEEPERS], strict=True)]
    line("times as long beside the sleepers", f"median {spread(ratios)}×, slowest {spread(longest)}×", "median ≤ 2×")


def rush(workspace: Workspace, sleepers: int, seed: int) -> list[float]:
    """Let the sleepers hand in, then the honest ones; return the seconds that each of these waited for its page.

    Raises:
        RuntimeError: when one got none.
    """
    rng = random.Random(seed)
    sleeping = [_answered(workspace, f"CB-9{n:05}", CODE, rng, sleeps=True) for n in range(sleepers)]
    waiting = [
        (module, _answered(workspace, f"CB-{n:06}", module, rng))
        for n, module in enumerate((PLAIN, CODE) * (HONEST // 2))
    ]
    command = [str(word) for word in moduong("grade", "--watch", "--workspace", workspace.root)]
    watch = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    assert watch.stdout is not None
    watch.stdout.readline()
    for one in sleeping:
        one.submit(CODE, one.home)
    time.sleep(EVERY)
    sent: dict[Path, float] = {}
    for module, one in waiting:
        begun = time.time()
        sent[_page(workspace, module, one.submit(module, one.home))] = time.time()
        time.sleep(max(0.0, EVERY - (time.time() - begun)))
    until = time.time() + _LONGEST
    while time.time() < until and not all(page.exists() for page in sent):
        time.sleep(0.05)
    watch.kill()
    watch.wait()
    if missing := [page for page in sent if not page.exists()]:
        raise RuntimeError(f"{len(missing)} without a page")
    return [max(0.0, page.stat().st_mtime - moment) for page, moment in sent.items()]


def _answered(workspace: Workspace, person: str, module: str, rng: random.Random, *, sleeps: bool = False) -> Exchange:
    """Let one cadre fetch and answer; return the exchange through which the hand-in goes."""
    home = workspace.root.with_name(f"{workspace.root.name}-homes") / person
    shutil.copytree(workspace.release(module), home / module)
    blank = AnswerSet(module, {}, COURSE, release_id((home / module / "items.json").read_bytes()), person, 1)
    store = AnswerStore(home / module, blank)
    for seq, item in enumerate(load_key(workspace, module)["items"]):
        variant, one = drawn(home / module, item, person)
        store.put(item["id"], _value(one, rng, sleeps=sleeps), variant, seq)
    return Exchange(workspace.exchange, COURSE, person, home)


def _value(item: Mapping[str, Any], rng: random.Random, *, sleeps: bool) -> Any:
    if item["type"] == "code":
        return f"{SLEEP}\n{item['variants'][0]['solution']}" if sleeps else honest(item, rng)
    return simulate.right(item)


def _page(workspace: Workspace, module: str, entry: Path) -> Path:
    """Return where the page of a hand-in will be."""
    secret = (entry / "submission_secret.txt").read_text(encoding="utf-8")
    digest = hashlib.md5((secret + module).encode(), usedforsecurity=False).hexdigest()
    return workspace.exchange / COURSE / "feedback" / f"{digest}.html"
