"""The frozen values that pass between a box and those who use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from grader.box.lines import CellResult

Verdict = Literal["ok", "timeout", "memory", "output-limit", "killed", "rejected"]
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use; over a limit is a verdict, never a crash. Seconds and bytes.

    Attributes:
        cell: seconds for one cell with its checks.
        wall: seconds for one program (one data set); the caller keeps the sum for a submission.
        submission: seconds for all data sets of a submission together.
        cpu: processor seconds of one process.
        memory: of all processes together.
        address_space: of one process.
    """

    cell: float = 30.0
    wall: float = 120.0
    submission: float = 300.0
    cpu: int = 120
    memory: int = 1024 * MIB
    address_space: int = 4096 * MIB
    processes: int = 64
    handles: int = 256
    file_size: int = 64 * MIB
    disk: int = 128 * MIB
    inodes: int = 4096
    shared_memory: int = 8 * MIB
    output: int = 16 * MIB
    line: int = MIB
    results: int = 8 * MIB
    depth: int = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    The value of ``DATA``, the author's code, the learner's code, and the expressions to report afterwards.
    """

    data: str
    given: str
    source: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """Cells that share one namespace, and the files in the folder where they run."""

    cells: tuple[Cell, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Run:
    """What one program did: how it ended, what its cells reported, what it used.

    ``cells`` is empty of values when ``rejected``.
    """

    verdict: Verdict
    cells: tuple[CellResult, ...]
    signal: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0


class BoxFailure(Exception):  # named for what it is
    """The box itself failed: the submission could not be graded, and has no score."""
