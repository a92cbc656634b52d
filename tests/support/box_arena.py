"""Where hostile code meets the box: after every attack an honest submission must get its exact score."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from grader.box import attacks as box_attacks
from grader.box import code_items
from grader.box.box import Box, Limits, Program, Run
from grader.box.lines import Failure, Value
from grader.box.values import MIB, Cell

FAST = replace(box_attacks.LIMITS, cell=20.0, wall=40.0)
"""Generous, because the machine may be busy; attacks that never end are given seconds of their own."""
DATA = {"so-1.csv": b"ten,n\nan,3\nbinh,4\nan,3\n", "so-2.csv": b"ten,n\nan,10\nchi,5\n"}
HONEST = {
    "M10-Q01": "tong = bang['n'].sum()\nten = list(bang['ten'].unique())",
    "M10-Q02": "def gap(x):\n    return 2 * x\nnhom = bang.groupby('ten')['n'].sum()",
}
EXACT = {"M10-Q01": Decimal("2.00"), "M10-Q02": Decimal("3.00")}


def keyed(name: str, points: str, solution: str, checks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    body = {
        "data": ["so-1.csv", "so-2.csv"],
        "given": "import pandas as pd\nbang = pd.read_csv(DATA)\n",
        "starter": "tong = ...",
        "solution": solution,
    }
    full = [{"tol": "0", "feedback": "Hãy xem lại.", **check} for check in checks]
    head = {"id": name, "type": "code", "points": points, "critical": None, "component_min": None, "withdrawn": False}
    return {**head, **more, "variants": [{**body, "checks": full}]}


ITEMS = [
    keyed("M10-Q01", "2", HONEST["M10-Q01"], [{"value": "tong", "points": "1"}, {"value": "ten", "points": "1"}]),
    keyed("M10-Q02", "3", HONEST["M10-Q02"], [{"call": "gap(21)", "points": "1"}, {"table": "nhom", "points": "2"}]),
]


class Arena:
    """One box, a key with expected values, and an honest learner who comes after every attack."""

    def __init__(self, limits: Limits = FAST) -> None:
        self.box = Box(limits)
        self.items = code_items.with_expected(ITEMS, DATA, self.box)

    def close(self) -> None:
        self.box.close()

    def score(self, answers: dict[str, Any]) -> dict[str, Decimal | None]:
        return {name: s.points for name, s in code_items.score(self.items, answers, DATA, self.box).items()}

    def run(
        self, *sources: str, given: str = "", limits: Limits | None = None, files: dict[str, bytes] | None = None
    ) -> Run:
        """Run hostile cells, each of which is to set ``found``.

        Then let an honest submission prove that nothing has changed.
        """
        cells = tuple(Cell("so-1.csv", given, source, ("found",)) for source in sources)
        run = self.box.run(Program(cells, DATA if files is None else files), limits)
        assert self.score(HONEST) == EXACT
        return run

    def found(self, source: str, **more: Any) -> Any:
        """Return what one hostile cell found; its code must have run to the end."""
        run = self.run(source, **more)
        assert run.verdict == "ok", run
        value = run.cells[0].checks[0]
        assert isinstance(value, Value), run
        return value.data

    def cheated(self, source: str) -> dict[str, Decimal | None]:
        """Return what a cheat earns when every answer is ``source``; then an honest submission is scored."""
        earned = self.score(dict.fromkeys(HONEST, source))
        assert self.score(HONEST) == EXACT
        return earned


def values(run: Run) -> list[Any]:
    """Return the first check of each cell: its data, the kind of its failure, or ``None`` where it was not reached."""
    return [
        c.data if isinstance(c, Value) else c.kind if isinstance(c, Failure) else None
        for c in (cell.checks[0] for cell in run.cells)
    ]


def below(pid: int) -> list[int]:
    """Return all processes below ``pid``."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents[int(name)] = int(
                Path(f"/proc/{name}/stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()[1]
            )
        except OSError:
            continue
    found, layer = [], [pid]
    while layer:
        layer = [child for child, parent in parents.items() if parent in layer]
        found += layer
    return found


def resident(pid: int | str = "self") -> int:
    """Return the resident memory of a process in bytes."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS"))) * 1024


def handles(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except PermissionError:  # an ordinary user may not look into another user namespace
        return 0


def leavings(rounds: int) -> list[str]:
    """Run an empty program ``rounds`` times in one box; return what is left of them: handles, memory, processes."""
    empty = Program((Cell("", "", "x = 1", ("x",)),), {"a": b"1"})
    left = []
    with Box(preload=()) as box:
        for _ in range(20):
            box.run(empty)
        zygote = below(box.pid)[1]
        before = (len(os.listdir("/proc/self/fd")), handles(zygote), resident(zygote), resident())
        verdicts = {box.run(empty).verdict for _ in range(rounds)}
        after = (len(os.listdir("/proc/self/fd")), handles(zygote), resident(zygote), resident())
        if verdicts != {"ok"}:
            left.append(f"verdicts: {sorted(verdicts)}")
        if after[:2] != before[:2]:
            left.append(f"handles: {before[:2]} became {after[:2]}")
        grown = max(after[2] - before[2], after[3] - before[3])
        if grown >= 2 * MIB + rounds * 3 * 1024:  # what an allocator keeps, and 3 kB a program
            left.append(f"memory: {grown} bytes more")
        time.sleep(0.2)
        if len(below(box.pid)) != 2:  # bubblewrap and the zygote
            left.append(f"processes: {below(box.pid)}")
    return left
