"""Our engine against stock nbgrader on the same submissions in one run, default settings."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson

from bench.measure import ROOT, heading, line, moduong, run, spread
from course.answers import Answer, AnswerSet
from grader import build, collect, database, grade, module_text, nbgrader_bridge, release, simulate, syllabus
from grader.workspace import Workspace, open_workspace

MODULE = "M02"
NOW = datetime(2026, 10, 1, tzinfo=UTC)
STOCK = 10


def workspace(folder: Path, modules: tuple[str, ...] = (MODULE,)) -> Workspace:
    """Return a workspace in which the modules' exercises (without lessons) are released."""
    rules = syllabus.load(ROOT / "course" / "course.yaml")
    space = open_workspace(folder, rules.course.id)
    for module in modules:
        text = module_text.read(rules, module, ROOT / "exercises", folder / "no-lessons")
        build.build(space, text)
        release.release(space, text)
    return space


def fill(space: Workspace, module: str, count: int) -> None:
    """Enter ``count`` accepted attempts as collect leaves them: rows, and for a few people ``submitted/`` for stock."""
    key = grade.load_key(space, module)
    rng = random.Random(f"{module}{count}")
    rows = []
    for number in range(count):
        person = f"CB-{number:06}"
        answers = {
            i["id"]: Answer(simulate.right(i) if rng.random() < 0.7 else simulate.wrong(i, rng), 0, n, "2026-09-01T08:00:00+07:00")
            for n, i in enumerate(key["items"])
        }
        found = AnswerSet(module, answers, key["course"], "", person)
        if number < STOCK:
            collect.write_submitted(space, found, NOW.isoformat())
        rows.append(
            {
                "attempt_id": f"{person}.{module}.1",
                "person_id": person,
                "module_id": module,
                "number": 1,
                "received_from": f"bench/{person}/{module}",
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
        )
    engine = nbgrader_bridge.open_gradebook(space)
    with engine.begin() as connection:
        database.insert_many(connection, database.attempts, rows)
    engine.dispose()


def stock_seconds(space: Workspace, folder: Path) -> tuple[float, dict[tuple[str, str], float]]:
    """Return stock nbgrader's wall seconds per submission for ten of them, start-up included, and the scores it gave."""
    copy = folder / "stock"
    shutil.copytree(space.root, copy, ignore=shutil.ignore_patterns("autograded"))
    with sqlite3.connect(copy / "gradebook.db") as book:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment"):
            book.execute(f"delete from {table}")  # our own names
    took = run([sys.executable, "-m", "nbgrader", "autograde", MODULE], cwd=copy).seconds
    return took / STOCK, scores(copy)


def scores(root: Path) -> dict[tuple[str, str], float]:
    """Return (person, cell) → automatic score."""
    query = """select sa.student_id, bc.name, g.auto_score from grade g join submitted_notebook sn on sn.id = g.notebook_id
        join submitted_assignment sa on sa.id = sn.assignment_id join base_cell bc on bc.id = g.cell_id"""
    with sqlite3.connect(root / "gradebook.db") as book:
        return {(person, name): score for person, name, score in book.execute(query)}


def ours_seconds(folder: Path, count: int, times: int) -> tuple[list[float], Workspace, float]:
    """Return wall seconds of ``moduong grade`` on ``count`` submissions, start-up included, several times; and peak MiB."""
    found, peak = [], 0.0
    for number in range(times):
        space = workspace(folder / f"ours-{count}-{number}")
        fill(space, MODULE, count)
        took = run(moduong("grade", MODULE, "--workspace", space.root))
        found.append(took.seconds)
        peak = max(peak, took.mebibytes)
        if number < times - 1:
            shutil.rmtree(space.root)
    return found, space, peak


def floor_seconds(space: Workspace, folder: Path) -> float:
    """Return the floor on one core: read and parse every answer set, write the same files and rows, commit; no scoring."""
    target = folder / "floor"
    with sqlite3.connect(space.root / "gradebook.db") as ledger, sqlite3.connect(folder / "floor.db") as book:
        book.execute("create table row (id text primary key, other text, score real)")
        master = orjson.loads((space.source(MODULE) / f"{MODULE}.ipynb").read_bytes())
        start = time.perf_counter()
        for person, text in ledger.execute("select person_id, answers from moduong_attempt"):
            answers = orjson.loads(text)
            out = target / person / MODULE
            out.mkdir(parents=True)
            (out / f"{MODULE}.ipynb").write_bytes(orjson.dumps({**master, "answers": answers}))
            (out / "timestamp.txt").write_bytes(b"2026-09-01 08:00:00 UTC")
            book.executemany("insert into row values (?, ?, ?)", [(f"{person}{n}", text, 1.0) for n in range(14)])
        book.commit()
    return time.perf_counter() - start


def bench(folder: Path) -> None:
    """Print the table of the grading issue for a non-code module."""
    heading("Grading, non-code module of 10 items")
    small, space, _ = ours_seconds(folder, 100, 5)
    stock, theirs = stock_seconds(space, folder)
    same = {k: v for k, v in scores(space.root).items() if k[0] < f"CB-{STOCK:06}"} == theirs
    line("stock `nbgrader autograde`, per submission, 10 submissions", f"{stock:.2f} s")
    line("100 submissions, times faster", f"{stock / (statistics.median(small) / 100):.0f}×", "≥ 100×")
    large, space, peak = ours_seconds(folder, 2000, 3)
    line("2,000 submissions, `moduong grade` as a whole process", f"{spread(large)} s, {peak:.0f} MiB")
    line("2,000 submissions, times faster", f"{stock / (statistics.median(large) / 2000):.0f}×", "≥ 1,000×")
    line("identical scores on the ten", "yes" if same else "NO", "yes")
    empty = statistics.median([run(moduong("grade", MODULE, "--workspace", space.root)).seconds for _ in range(3)])
    ratios = []
    for number in range(3):
        one = workspace(folder / f"one-{number}")
        fill(one, MODULE, 2000)
        took = run(moduong("grade", MODULE, "--workspace", one.root, "--jobs", "1")).seconds - empty
        ratios.append(took / floor_seconds(one, folder / f"one-{number}"))
    line("against the floor, one core, start-up taken off", f"{spread(ratios)}×", "≤ 3×")
    few, _, _ = ours_seconds(folder, 200, 3)
    many, _, _ = ours_seconds(folder, 20000, 1)
    per_few, per_many = (statistics.median(few) - empty) / 200, (many[0] - empty) / 20000
    line("cost per submission at 20,000 against at 200, start-up taken off", f"{per_many / per_few:.2f}× ({per_many * 1e3:.2f} ms / {per_few * 1e3:.2f} ms)", "≤ 1.15×")
