"""Hand-in → feedback visible, with ``moduong grade --watch`` in a process of its own: 200 hand-ins within 10 seconds.

Learners hand in through nbgrader's own submit. The clock of a hand-in starts when its submit has returned and stops
when the page lies
where stock ``fetch_feedback`` looks (its time of change). One in twenty is broken; those must neither stop nor delay
the others.
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

from bench.measure import ROOT, heading, line, moduong, run
from course import drawing
from course.answers import AnswerSet, AnswerStore, release_id
from course.exchange import Exchange
from grader.ground.workspace import Workspace
from grader.itemtypes.invented import simulate
from grader.marking.grade import load_key

HAND_INS, WITHIN, MODULE, COURSE = 200, 10.0, "M02", "truyen-thong-so"
_SECRET = "submission_secret.txt"


def bench(folder: Path) -> None:
    """Play the rush three times and print median, p95 and slowest of each."""
    heading("Hand-in to feedback, grade --watch")
    base = folder / "base"
    for command in ("build", "release"):
        run(moduong(command, MODULE, "--workspace", base))
    for number in range(3):
        shutil.copytree(base, folder / str(number))
        waits, missing, took = rush(Workspace(folder / str(number)), number)
        ordered = sorted(waits)
        p95 = ordered[int(0.95 * len(ordered)) - 1]
        line(
            f"{len(waits)} of {HAND_INS} hand-ins, one in twenty broken, submitted within {took:.1f} s; "
            f"{missing} without a page",
            f"median {statistics.median(waits):.2f} s, p95 {p95:.2f} s, slowest {ordered[-1]:.2f} s",
            "p95 ≤ 3 s",
        )


def drawn(folder: Path, item: Mapping[str, Any], person: str) -> tuple[int, dict[str, Any]]:
    """Return which body of an item is drawn for a person's first attempt, and the item with that body alone."""
    asked = drawing.questions((folder / "items.json").read_bytes())
    variant = asked.draw(person, item, 1)
    return variant, {**item, "variants": [item["variants"][variant]]}


def prepare(workspace: Workspace, number: int, rng: random.Random) -> Exchange:
    """Let one cadre fetch and answer; return the exchange through which the hand-in goes."""
    person = f"CB-{number:06}"
    home = workspace.root / "homes" / person
    shutil.copytree(workspace.release(MODULE), home / MODULE)
    blank = AnswerSet(MODULE, {}, COURSE, release_id((home / MODULE / "items.json").read_bytes()), person, 1)
    store = AnswerStore(home / MODULE, blank)
    for seq, item in enumerate(load_key(workspace, MODULE)["items"]):
        variant, one = drawn(home / MODULE, item, person)
        store.put(item["id"], simulate.right(one) if rng.random() < 0.8 else simulate.wrong(one, rng), variant, seq)
    if number % 20 == 7:
        (home / MODULE / "answers.json").write_text('{"schema": 1, "answers": {', encoding="utf-8")
        (home / MODULE / f"{MODULE}.ipynb").write_text("[]", encoding="utf-8")
    return Exchange(workspace.exchange, COURSE, person, home)


def rush(workspace: Workspace, seed: int) -> tuple[list[float], int, float]:
    """Start a watch, let everybody hand in.

    Return the seconds each waited, how many got no page, and how long handing in took.
    """
    rng = random.Random(seed)
    exchanges = [prepare(workspace, n, rng) for n in range(HAND_INS)]
    command = moduong("grade", "--watch", "--workspace", workspace.root)
    watch = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    assert watch.stdout is not None
    watch.stdout.readline()
    start = time.time() + 0.5
    moments = sorted(start + rng.random() * WITHIN for _ in exchanges)
    sent = {}
    for exchange, moment in zip(exchanges, moments, strict=True):
        time.sleep(max(0.0, moment - time.time()))
        entry = exchange.submit(MODULE, exchange.home)
        digest = hashlib.md5(
            ((entry / _SECRET).read_text(encoding="utf-8") + MODULE).encode(), usedforsecurity=False
        ).hexdigest()
        sent[workspace.exchange / COURSE / "feedback" / f"{digest}.html"] = time.time()
    until = time.time() + 30
    while time.time() < until and not all(page.exists() for page in sent):
        time.sleep(0.1)
    watch.terminate()
    watch.communicate(timeout=60)
    there = {page: moment for page, moment in sent.items() if page.exists()}
    return (
        [max(0.0, page.stat().st_mtime - moment) for page, moment in there.items()],
        len(sent) - len(there),
        max(sent.values()) - start,
    )
