"""What the box costs: python bench/box.py [ROUNDS]. Others may use the machine.

The load is printed, and the spread beside each median.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bench.measure import ROOT, heading
from grader.box import code_items
from grader.box.box import Box, Cell, Program
from grader.box.probe import open_box
from grader.text import authoring

EMPTY = Program((Cell("", "", "", ()),), {})
DATA = {"so.csv": b"ten,n\n" + b"".join(b"nguoi %d,%d\n" % (n % 7, n) for n in range(200))}
NOTEBOOK = Program(
    tuple(
        Cell("so.csv", "", source, (check,))
        for source, check in [
            ("import pandas as pd\nbang = pd.read_csv(DATA)", "len(bang)"),
            ("sach = bang.drop_duplicates()", "len(sach)"),
            ("nhom = sach.groupby('ten')['n'].sum()", "nhom"),
            ("lon = sach[sach.n > 50]", "len(lon)"),
            ("tb = lon.n.mean()", "tb"),
            ("xep = sach.sort_values('n', ascending=False).head(3)", "xep"),
            ("gop = sach.merge(nhom.rename('tong').reset_index(), on='ten')", "gop.tong.sum()"),
            ("ti_le = gop.n / gop.tong * 100", "ti_le.round(1).max()"),
            ("noi = nhom.idxmax()", "noi"),
            ("def gap(x):\n    return 2 * x", "gap(21)"),
        ]
    ),
    DATA,
)


def times(act: Callable[[], object], rounds: int) -> list[float]:
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        found.append((time.perf_counter() - started) * 1000)
    return found


def show(name: str, found: Sequence[float], unit: str = "ms") -> None:
    ordered = sorted(found)
    p10, p90 = ordered[len(ordered) // 10], ordered[len(ordered) * 9 // 10]
    print(
        f"{name:<46} {statistics.median(ordered):8.1f} {unit}  (p10 {p10:.1f}, p90 {p90:.1f}, n={len(ordered)})",
        flush=True,
    )


def start() -> None:
    open_box().close()


def memory(box: Box) -> float | None:
    """Return what one waiting box holds for itself alone (cell and warden), in MB; only root may look."""
    program = Program((*NOTEBOOK.cells, Cell("", "", "import time\ntime.sleep(1.5)", ())), DATA)
    runner = threading.Thread(target=box.run, args=(program,))
    runner.start()
    time.sleep(1)
    alone = 0
    try:
        for pid in below(box.pid)[2:]:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            alone += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_"))
    except PermissionError:
        return None
    finally:
        runner.join()
    return alone / 1024


def below(pid: int) -> list[int]:
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents[int(name)] = int(
                Path(f"/proc/{name}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1]
            )
        except OSError:
            continue
    found, layer = [], [pid]
    while layer:
        layer = [child for child, parent in parents.items() if parent in layer]
        found += layer
    return found


def job(rounds: int, begin: float) -> tuple[float, float]:
    with Box() as box:
        box.run(NOTEBOOK)
        time.sleep(max(0.0, begin - time.time()))
        started = time.time()
        for _ in range(rounds):
            box.run(NOTEBOOK)
        return started, time.time()


def throughput(jobs: int, rounds: int) -> float:
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        spans = list(pool.map(job, [rounds] * jobs, [time.time() + 8] * jobs))
    return jobs * rounds / (max(end for _, end in spans) - min(begin for begin, _ in spans))


def submissions(box: Box) -> Callable[[], object]:
    """Return what scores one honest M10 submission: five items on two data sets."""
    read = authoring.read(ROOT / "exercises" / "M10" / "exercise.md")
    items = [item.keyed for item in read.items if item.keyed["type"] == "code"]
    data = code_items.read_data(items, ROOT / "exercises" / "M10" / "data")
    keyed = code_items.with_expected(items, data, box)
    answers = {item["id"]: item["variants"][0]["solution"] for item in items}

    def score() -> None:
        scores = code_items.score(keyed, answers, data, box)
        assert all(s.points == s.max_points for s in scores.values())

    return score


def bench(_folder: Path, rounds: int = 100) -> None:
    """Print what a box costs."""
    heading("The box")
    print(
        f"uid {os.geteuid()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; the machine may be shared"
    )
    show("start and probe (once for each process)", times(start, 3))
    with open_box() as box:
        box.run(NOTEBOOK)
        show("set-up: an empty program, whole round trip", times(lambda: box.run(EMPTY), rounds))
        show("10-cell pandas notebook", times(lambda: box.run(NOTEBOOK), rounds))
        show("M10 submission: 5 items x 2 data sets, scored", times(submissions(box), rounds // 2))
        found = [m for m in (memory(box) for _ in range(3)) if m is not None]
        if found:
            show("extra memory of one box", found, "MB")
    for jobs in (1, 2):
        show(f"notebooks a second with {jobs} job(s)", [throughput(jobs, rounds) for _ in range(3)], "/s")
    print(f"load {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    bench(Path(), int(sys.argv[1]) if len(sys.argv) > 1 else 100)
