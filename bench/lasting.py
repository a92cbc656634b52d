"""What it costs that commits are synced: grading of 2,000 with ``synchronous=FULL`` and with less, paired in one run.

``python -m bench.lasting NORMAL grade M02 …`` is the command line with another setting; nothing else differs.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from bench.grading import MODULE, enter, sets, workspace
from bench.measure import Run, heading, line, moduong, run, spread
from grader.ground.workspace import Workspace

PEOPLE, ROUNDS = 2_000, 5
LESS = ("NORMAL", "OFF")


def bench(folder: Path) -> None:
    """Grade the same 2,000 with each setting, turn by turn."""
    heading(f"Synced commits: grading of {PEOPLE:,}")
    base = workspace(folder / "base")
    handed_in = sets(base, MODULE, PEOPLE)
    enter(base, handed_in)
    found: dict[str, list[Run]] = {"FULL": [], **{name: [] for name in LESS}}
    for number in range(ROUNDS):
        for name, runs in found.items():
            target = folder / f"{name}-{number}"
            shutil.copytree(base.root, target)
            runs.append(_graded(Workspace(target), name))
            shutil.rmtree(target)
    for name, runs in found.items():
        line(f"`moduong grade` with synchronous={name}", f"{spread([r.seconds for r in runs])} s")
    for name in LESS:
        ratios = [full.seconds / less.seconds for full, less in zip(found["FULL"], found[name], strict=True)]
        line(f"FULL against {name}", f"{spread(ratios)}×", "≤ 1.1×" if name == "NORMAL" else "")
    whole = statistics.median(r.seconds for r in found["FULL"]) / statistics.median(r.seconds for r in found["NORMAL"])
    line("the same by the medians", f"{whole:.3f}×", "≤ 1.1×")


def _graded(space: Workspace, setting: str) -> Run:
    words = moduong("grade", MODULE, "--workspace", space.root)
    return run([sys.executable, "-m", "bench.lasting", setting, *words[3:]])


def main(setting: str, words: list[str]) -> None:
    """Run the command line with another ``synchronous``."""
    from grader import cli
    from grader.ground import database

    prepare = database._prepare_sqlite  # noqa: SLF001  # what it sets is what is measured

    def prepared(connection: Any, record: Any) -> None:
        prepare(connection, record)
        connection.execute(f"PRAGMA synchronous={setting}")

    database._prepare_sqlite = prepared  # noqa: SLF001
    sys.argv = ["moduong", *words]
    cli.main()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
