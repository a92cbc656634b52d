"""Our engine against stock nbgrader on the same submissions in one run, default settings.

Then large batches of our own.
"""

from __future__ import annotations

import json
import operator
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from bench import stock
from bench.measure import ROOT, Run, heading, line, moduong, run, spread
from course.answers import Answer, AnswerSet
from grader.gradebook import nbgrader_bridge
from grader.ground import database, syllabus
from grader.ground.workspace import Workspace, open_workspace
from grader.intake import kept
from grader.itemtypes.invented import simulate
from grader.marking import grade
from grader.publish import build, release
from grader.text import module_text

MODULE = "M02"
TEN = ("M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "DA")
NOW = datetime(2026, 10, 1, tzinfo=UTC)
STOCK = 10
ROUNDS = 3
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a scratch folder with a name of its own is made in it
Draw = Callable[[Mapping[str, Any], random.Random], Any]


def workspace(folder: Path, modules: tuple[str, ...] = (MODULE,)) -> Workspace:
    """Return a workspace in which the modules' exercises (without lessons) are released."""
    rules = syllabus.load(ROOT / "course" / "course.yaml")
    space = open_workspace(folder, rules.course.id)
    for module in modules:
        text = module_text.read(rules, module, ROOT / "exercises", folder / "no-lessons")
        build.build(space, text)
        release.release(space, text)
    return space


def somebody(item: Mapping[str, Any], rng: random.Random) -> Any:
    """Return an answer of somebody who is right in seven of ten cases."""
    return simulate.right(item) if rng.random() < 0.7 else simulate.wrong(item, rng)


def sets(space: Workspace, module: str, count: int, draw: Draw = somebody) -> list[AnswerSet]:
    """Return the answers of ``count`` people, the same in every run."""
    key = grade.load_key(space, module)
    rng = random.Random(f"{module}{count}")
    found = []
    for number in range(count):
        answers = {i["id"]: Answer(draw(i, rng), 0, n, "2026-09-01T08:00:00+07:00") for n, i in enumerate(key["items"])}
        found.append(AnswerSet(module, answers, key["course"], "", f"CB-{number:06}"))
    return found


def enter(space: Workspace, handed_in: Sequence[AnswerSet]) -> None:
    """Enter accepted attempts as collect leaves them in the ledger."""
    engine = nbgrader_bridge.open_gradebook(space)
    with engine.begin() as connection:
        database.insert_many(
            connection, database.attempts, [_row(found, number) for number, found in enumerate(handed_in)]
        )
    engine.dispose()


def _row(found: AnswerSet, number: int) -> dict[str, Any]:
    return {
        "attempt_id": f"{found.person}.{found.module}.1",
        "person_id": found.person,
        "module_id": found.module,
        "number": 1,
        "received_from": f"bench/{found.person}/{found.module}",
        "submitted_at": NOW.isoformat(timespec="seconds"),
        "claimed_at": "",
        "content_hash": f"{number:064x}",
        "answers": json.dumps(found.to_json()["answers"], ensure_ascii=False),
        "identity": "claimed",
        "state": "accepted",
        "code": "",
        "reason": "",
        "simulated": True,
    }


def stock_run(
    space: Workspace, target: Path, handed_in: Sequence[AnswerSet]
) -> tuple[float, dict[tuple[str, str], float | None]]:
    """Return stock nbgrader's wall seconds for each of a few submissions, start-up included, and the scores it gave."""
    copy = stock.copy(space, target)
    for found in handed_in:
        kept.write_submitted(copy, found, NOW.isoformat())
    took = run([sys.executable, "-m", "nbgrader", "autograde", handed_in[0].module], cwd=copy.root).seconds
    return took / len(handed_in), stock.scores(copy.root)


def ours_run(base: Workspace, target: Path, handed_in: Sequence[AnswerSet], *options: str) -> tuple[Run, Workspace]:
    """Run ``moduong grade`` as a whole process on a fresh copy of ``base`` with these submissions."""
    shutil.copytree(base.root, target)
    space = Workspace(target)
    enter(space, handed_in)
    return run(moduong("grade", handed_in[0].module, "--workspace", space.root, *options)), space


def same(ours: Mapping[tuple[str, str], float | None], theirs: Mapping[tuple[str, str], float | None]) -> str:
    """Say whether every score that stock gave is ours too."""
    wrong = [key for key, score in theirs.items() if ours.get(key) != score]
    return f"NO: {wrong[:3]}" if wrong or not theirs else f"yes, {len(theirs)} cells"


def floor_seconds(space: Workspace, folder: Path) -> tuple[float, float]:
    """Return the floor on one core, wall and processor.

    Read and parse every answer set, write the same files and rows, commit; no scoring.
    """
    target = folder / "floor"
    with sqlite3.connect(space.root / "gradebook.db") as ledger, sqlite3.connect(folder / "floor.db") as book:
        book.execute("create table row (id text primary key, other text, score real)")
        master = orjson.loads((space.source(MODULE) / f"{MODULE}.ipynb").read_bytes())
        start, cpu = time.perf_counter(), time.process_time()
        for person, text in ledger.execute("select person_id, answers from moduong_attempt"):
            answers = orjson.loads(text)
            out = target / person / MODULE
            out.mkdir(parents=True)
            (out / f"{MODULE}.ipynb").write_bytes(orjson.dumps({**master, "answers": answers}))
            (out / "timestamp.txt").write_bytes(b"2026-09-01 08:00:00 UTC")
            book.executemany("insert into row values (?, ?, ?)", [(f"{person}{n}", text, 1.0) for n in range(14)])
        book.commit()
    return time.perf_counter() - start, time.process_time() - cpu


def against_stock(base: Workspace, folder: Path) -> None:
    """Print how many times faster than stock, each round with both engines on the same submissions."""
    two_thousand = sets(base, MODULE, 2000)
    stocks, large, small, identical = [], [], [], set()
    for number in range(ROUNDS):
        one = folder / f"round-{number}"
        took, theirs = stock_run(base, one / "stock", two_thousand[:STOCK])
        ours, space = ours_run(base, one / "2000", two_thousand)
        few, _ = ours_run(base, one / "100", two_thousand[:100])
        identical.add(same(stock.scores(space.root), theirs))
        stocks.append(took)
        large.append(ours)
        small.append(few)
    line(f"stock `nbgrader autograde`, wall for each of {STOCK} submissions", f"{spread(stocks)} s")
    line(
        "2,000 submissions, `moduong grade` as a whole process",
        f"{spread([r.seconds for r in large])} s, {max(r.mebibytes for r in large):.0f} MiB",
    )
    line(
        "2,000 submissions, times faster than stock",
        f"{spread([s / (r.seconds / 2000) for s, r in zip(stocks, large, strict=True)])}×",
        "≥ 1,000×",
    )
    line(
        "100 submissions, times faster than stock",
        f"{spread([s / (r.seconds / 100) for s, r in zip(stocks, small, strict=True)])}×",
        "≥ 100×",
    )
    line(f"identical scores on the {STOCK}", "; ".join(sorted(identical)), "yes")


def scale(base: Workspace, folder: Path) -> None:
    """Print the distance to the floor, and how the cost of one submission grows with their number."""
    handed_in = sets(base, MODULE, 20_000)
    _, done = ours_run(base, folder / "done", handed_in[:10])
    empties = [run(moduong("grade", MODULE, "--workspace", done.root)) for _ in range(5)]
    empty, empty_cpu = statistics.median(r.seconds for r in empties), statistics.median(r.cpu for r in empties)
    wall, cpu = [], []
    for number in range(ROUNDS):
        one = folder / f"floor-{number}"
        took, space = ours_run(base, one / "ours", handed_in[:2000], "--jobs", "1")
        seconds, processor = floor_seconds(space, one)
        wall.append((took.seconds - empty) / seconds)
        cpu.append((took.cpu - empty_cpu) / processor)
    line(
        "2,000 against the floor, one core, start-up taken off",
        f"wall {spread(wall)}×, processor {spread(cpu)}×",
        "≤ 3×",
    )
    grown(base, done, folder, handed_in, "on this disk", "")
    with tempfile.TemporaryDirectory(prefix="bench-grading-", dir=MEMORY) as scratch:
        grown(base, done, Path(scratch), handed_in, "in memory" if MEMORY else "again", "≤ 1.15×")


def grown(
    base: Workspace, done: Workspace, folder: Path, handed_in: Sequence[AnswerSet], where: str, wanted: str
) -> None:
    """Print how the cost of one submission grows with their number; in the workspace ``done`` nothing waits.

    In memory it is our own cost: on ext4 a new folder costs the more the fuller the disk, three times as much where
    others were removed.
    """
    ratios: dict[str, list[float]] = {"processor": [], "wall": []}
    for number in range(ROUNDS):
        empties = [run(moduong("grade", MODULE, "--workspace", done.root)) for _ in range(5)]
        few = [ours_run(base, folder / f"200-{number}-{n}", handed_in[:200])[0] for n in range(5)]
        many, _ = ours_run(base, folder / f"20000-{number}", handed_in)
        for what, of in (("processor", operator.attrgetter("cpu")), ("wall", operator.attrgetter("seconds"))):
            empty, small = (statistics.median(map(of, runs)) for runs in (empties, few))
            ratios[what].append((of(many) - empty) / 20_000 / ((small - empty) / 200))
    told = ", ".join(f"{what} {spread(found)}×" for what, found in ratios.items())
    line(f"each of 20,000 against of 200, start-up taken off, {where}", told, wanted)


def again(folder: Path, people: int = 2000) -> None:
    """Print what grading, grading again and a corrected key cost for ten modules of 2,000 learners each."""
    space = workspace(folder / "ten", TEN)
    for module in TEN:
        enter(space, sets(space, module, people))
    total = f"{people * len(TEN):,} attempts ({people:,} learners × {len(TEN)} modules)"
    first = run(moduong("grade", "--workspace", space.root))
    line(f"{total}: first grading", _told([first]))
    runs = [run(moduong("grade", "--force", "--workspace", space.root)) for _ in range(ROUNDS)]
    line(f"{total}: graded again, `moduong grade --force`", _told(runs), "≤ 20 s, ≤ 1 GB")
    for module in TEN:
        _correct(space, module)
    runs = [run(moduong("grade", "--force", "--workspace", space.root))]
    line(f"{total}: the same after every module's key was corrected", _told(runs), "≤ 20 s, ≤ 1 GB")
    _correct(space, MODULE)
    one = run(moduong("regrade", MODULE, "--workspace", space.root))
    line(f"`moduong regrade {MODULE}`: {people:,} attempts, difference and feedback pages included", _told([one]))


def _told(runs: Sequence[Run]) -> str:
    """Return wall and processor seconds, and the memory of the largest process."""
    return (
        f"{spread([r.seconds for r in runs])} s wall, {spread([r.cpu for r in runs])} s processor, "
        f"{max(r.mebibytes for r in runs):.0f} MiB"
    )


def _correct(space: Workspace, module: str) -> None:
    """Correct a key: of the first question with options another one is right now.

    It stays as it is in a module without any.
    """
    path = space.key(module)
    key = json.loads(path.read_bytes())
    for body in next((i["variants"] for i in key["items"] if i["type"] == "single"), ()):
        body["correct"] = [next(o["id"] for o in body["options"] if o["id"] not in body["correct"])]
    key["key_version"] = f"{int(key['key_version'], 16) + 1:016x}"[-16:]
    path.write_text(json.dumps(key), encoding="utf-8")


def bench(folder: Path) -> None:
    """Print the table of a non-code module."""
    heading("Grading, non-code module of 10 items")
    base = workspace(folder / "base")
    against_stock(base, folder)
    scale(base, folder)
    again(folder)
