"""Kills the collector and grader with ``kill -9`` at random moments and lets them resume.

The end equals the uninterrupted one.

``python -m bench kill`` does twenty rounds on a fresh copy each; equal means every row of the gradebook and every
file that was kept or written.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from bench.measure import ROOT, heading, line
from course.answers import Answer, AnswerSet
from grader.ground.workspace import Workspace
from grader.itemtypes.invented import simulate
from grader.marking import grade

ROUNDS, PEOPLE = 20, 400
NOW = "2026-10-01T08:00:00+07:00"
_KEPT = ("attempts", "submitted", "autograded", "set-aside")
_PATIENCE = 5.0


def fill(space: Workspace, course: str, module: str, count: int, seed: int = 1) -> None:
    """Put ``count`` hand-ins into the exchange, as nbgrader does.

    Every tenth cannot be read, every tenth comes twice.
    """
    key = grade.load_key(space, module)
    rng = random.Random(seed)
    for number in range(count):
        person = f"CB-{number:06}"
        values = {i["id"]: simulate.right(i) if rng.random() < 0.7 else simulate.wrong(i, rng) for i in key["items"]}
        answers = AnswerSet(module, {i: Answer(v, 0, n) for n, (i, v) in enumerate(values.items())}, course, "", person)
        raw = json.dumps(answers.to_json(), ensure_ascii=False).encode()
        for again in range(2 if number % 10 == 1 else 1):
            folder = space.inbound(course) / f"{person}+{module}+2026-10-01 01:00:0{again}.000000 UTC+x"
            folder.mkdir(parents=True)
            (folder / "answers.json").write_bytes(raw[:-20] if number % 10 == 0 else raw)
            (folder / "timestamp.txt").write_text("2026-10-01 01:00:00.000000 UTC", encoding="utf-8")


def start(space: Workspace, course: Path, module: str, chunk: int) -> subprocess.Popen[bytes]:
    """Start a collector and grader, and return when it begins to work."""
    command = [sys.executable, "-m", "bench.kill", str(space.root), str(course), module, str(chunk)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MODUONG_NOW": NOW}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    if first != b"ready\n":
        raise RuntimeError((first + process.stdout.read()).decode(errors="replace"))
    return process


def finish(process: subprocess.Popen[bytes]) -> float:
    """Wait for the end and return the seconds it took.

    Raises:
        RuntimeError: with what the process printed, when it failed.
    """
    begin = time.perf_counter()
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode(errors="replace")[-3000:])
    return time.perf_counter() - begin


def kill(process: subprocess.Popen[bytes], after: float) -> bool:
    """Kill the process itself after some seconds; return whether it was still at work."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        return True
    return False


def left_over(space: Workspace) -> list[int]:
    """Return the processes that still work on a workspace after a while."""
    needle = str(space.root).encode()
    end = time.monotonic() + _PATIENCE
    while True:
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if needle in (folder / "cmdline").read_bytes() and "\nState:\tZ" not in (folder / "status").read_text():
                    found.append(int(folder.name))
            except OSError:
                continue
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def content(space: Workspace) -> dict[str, object]:
    """Return everything that must not depend on interruptions.

    Rows of all tables, files and folders kept and written.
    """
    found: dict[str, object] = {}
    with sqlite3.connect(space.gradebook) as book:
        book.text_factory = bytes
        for (table,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[table.decode()] = sorted(map(repr, book.execute(f"SELECT * FROM {table.decode()}")))
    for top in _KEPT:
        for path in sorted((space.root / top).rglob("*")):
            found[str(path.relative_to(space.root))] = path.read_bytes() if path.is_file() else None
    return found


def difference(expected: dict[str, object], found: dict[str, object]) -> list[str]:
    """Return the names of tables and files that differ."""
    return sorted(
        n for n in expected.keys() | found.keys() if n not in expected or n not in found or expected[n] != found[n]
    )


def copy(space: Workspace, target: Path) -> Workspace:
    """Return a copy of a workspace, at a place of its own; hand-ins arrive in the order of their names."""
    there = space.exchange
    shutil.copytree(space.root, target)
    made = Workspace(target)
    if not made.exchange.exists():  # it lies beside the workspace
        shutil.copytree(there, made.exchange)
    for entry in sorted(made.exchange.glob("*/inbound/*")):
        entry.chmod(0o755)
    return made


def rounds(
    base: Workspace,
    folder: Path,
    course: Path,
    module: str,
    count: int,
    seed: int,
    chunk: int = grade.CHUNK,
    kills: int = 2,
) -> list[str]:
    """Kill ``count`` times on a fresh copy each and resume; return what went wrong."""
    whole = copy(base, folder / "whole")
    seconds = finish(start(whole, course, module, chunk))
    expected = content(whole)
    rng = random.Random(seed)
    problems = []
    for number in range(count):
        space = copy(base, folder / f"killed-{number}")
        after = rng.random() * seconds
        hits = sum(kill(start(space, course, module, chunk), after / part) for part in range(1, kills + 1))
        if left := left_over(space):
            problems.append(f"round {number}: {len(left)} processes left behind after kill -9 at {after:.2f} s")
            for process in left:
                os.kill(process, signal.SIGKILL)
        finish(start(space, course, module, chunk))
        if names := difference(expected, content(space)):
            problems.append(
                f"round {number}, killed {hits} times, first after {after:.2f} of {seconds:.2f} s: {len(names)} "
                f"differ, such as {names[:5]}"
            )
        shutil.rmtree(space.root)
    return problems


def bench(folder: Path) -> None:
    """Twenty rounds on the shipped course.

    Raises:
        RuntimeError: when an end differs from the uninterrupted one.
    """
    from bench.grading import MODULE, workspace

    heading("kill -9 and resume")
    base = workspace(folder / "base")
    fill(base, "truyen-thong-so", MODULE, PEOPLE)
    begin = time.perf_counter()
    problems = rounds(base, folder, ROOT / "course", MODULE, ROUNDS, seed=1)
    line(
        f"{ROUNDS} rounds of kill -9 (twice each) among {PEOPLE} hand-ins, then resume",
        f"{len(problems)} differ, {time.perf_counter() - begin:.0f} s",
        "0 differ",
    )
    if problems:
        raise RuntimeError("\n".join(problems))


def work(root: str, course: str, module: str, chunk: str) -> None:
    """Be the process that is killed: say ready when everything is loaded, then collect and grade with two workers."""
    from grader import cli  # loaded first, so that the killing hits work, not start-up

    grade.CHUNK = int(chunk)
    where = ["--workspace", root, "--course", course]
    print("ready", flush=True)
    cli.app(["collect", *where], standalone_mode=False)
    cli.app(["grade", module, "--jobs", "2", *where], standalone_mode=False)


if __name__ == "__main__":
    work(*sys.argv[1:])
