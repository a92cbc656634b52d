"""Runs a command as a whole process; wall seconds and peak memory as the operating system accounts for them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process.

    Wall seconds, peak resident memory of its largest process in MiB, processor seconds of it and its children.
    """

    seconds: float
    mebibytes: float
    cpu: float


def run(arguments: Sequence[str | Path], cwd: Path = ROOT, **environment: str) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: when it fails; a failed command has no speed.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(a) for a in arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{arguments}: {errors.decode(errors='replace')[-1000:]}")
    return Run(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def moduong(*arguments: str | Path) -> list[str | Path]:
    """Return the command line of one ``moduong`` call."""
    return [sys.executable, "-m", "grader", *arguments]


def spread(values: Sequence[float]) -> str:
    """Return the median with minimum and maximum."""
    return f"{statistics.median(values):.3g} ({min(values):.3g}–{max(values):.3g})"


def line(what: str, found: str, wanted: str = "") -> None:
    """Print one row of the table."""
    print(f"| {what} | {found} | {wanted} |", flush=True)


def heading(title: str) -> None:
    """Print the head of a table."""
    print(f"\n## {title}\n\n| what | measured: median (min–max) | must reach |\n|---|---|---|", flush=True)
