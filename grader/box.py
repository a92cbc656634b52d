"""The box as the trusted side sees it: values in, values out. A program runs where there is no key, no gradebook and no network.

``open_box()`` starts and probes it; ``Box.run(program)`` returns what one program reported and how it ended. What the learner's code does
is a verdict; what fails on our side is ``BoxFailure`` and never a score.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from grader import box_command, box_seccomp
from grader.box_command import NoIsolation
from grader.box_lines import CellResult, Reader, Refused

Verdict = Literal["ok", "timeout", "memory", "output-limit", "killed", "rejected"]
MIB = 1 << 20
_START_SECONDS, _END_SECONDS = 60.0, 10.0
_BLOCK = 1 << 16


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
    """One cell: the value of ``DATA``, the author's code, the learner's code, and the expressions to report afterwards."""

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
    """What one program did: how it ended, what its cells reported, what it used. ``cells`` is empty of values when ``rejected``."""

    verdict: Verdict
    cells: tuple[CellResult, ...]
    signal: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0


class BoxFailure(Exception):  # noqa: N818  # named for what it is
    """The box itself failed: the submission could not be graded, and has no score."""


class Box:
    """A warm interpreter in bubblewrap. One program at a time; each gets a fresh box of its own. Use one ``Box`` for each process."""

    def __init__(
        self, limits: Limits | None = None, preload: Sequence[str] = ("pandas", "IPython.core.inputtransformer2"), *, without: frozenset[str] = frozenset()
    ) -> None:
        """Start the zygote. ``without`` switches protections off, for tests of the probe only.

        Raises:
            NoIsolation: when the machine refuses.
        """
        self.limits = limits or Limits()
        self.without = without
        self._preload = list(preload)
        self._machine = box_command.machine()
        self._process: subprocess.Popen[bytes] | None = None
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process id of bubblewrap; below it lives everything that ever runs learner code."""
        return self._process.pid if self._process else 0

    def _start(self) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = box_command.command(theirs.fileno(), self.without)
        with tempfile.TemporaryFile() as said:
            self._process = subprocess.Popen(  # noqa: S603  # a list of our own, no shell
                command.argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, pass_fds=command.handles, env={}, cwd="/"
            )
            theirs.close()
            for handle in command.handles[1:]:
                os.close(handle)
            settings = {
                "path": box_command.packages(),
                "preload": self._preload,
                "filter": box_seccomp.program(self._machine, "cell").hex(),
            }
            answer = b""
            with contextlib.suppress(OSError):
                self._channel.send(json.dumps(settings).encode())
                self._channel.settimeout(_START_SECONDS)
                answer = self._channel.recv(4096)
                self._channel.settimeout(None)
            if not answer:
                self.close()
                raise _refusal(said)
        if json.loads(answer)["threads"] != 1:
            self.close()
            raise NoIsolation("thư viện nạp sẵn đã mở thêm luồng.", "a preloaded library has started threads.")

    def close(self) -> None:
        """End the zygote and with it everything inside."""
        self._channel.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def run(self, program: Program, limits: Limits | None = None) -> Run:
        """Run ``program`` in a fresh box.

        Raises:
            BoxFailure: when the box itself failed, twice.
        """
        for last in (False, True):
            try:
                return self._run(program, limits or self.limits)
            except (BoxFailure, OSError) as error:
                self.close()
                if last:
                    raise BoxFailure(str(error)) from error
                try:
                    self._start()
                except NoIsolation as refusal:
                    raise BoxFailure(str(refusal)) from refusal
        raise AssertionError  # the loop returns or raises

    def _run(self, program: Program, limits: Limits) -> Run:
        if self._process is None:
            self._start()
        order = os.memfd_create("job")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        result, result_end = os.pipe2(os.O_CLOEXEC)
        try:
            try:
                _write(order, json.dumps(self._job(program, limits)).encode())
                socket.send_fds(self._channel, [b"job"], [order, theirs.fileno(), result_end])
            finally:
                os.close(order)
                os.close(result_end)
                theirs.close()
            return _follow(program, limits, ours, result)
        finally:
            ours.close()
            os.close(result)

    def _job(self, program: Program, limits: Limits) -> dict[str, Any]:
        names = ("cpu", "memory", "address_space", "processes", "handles", "file_size", "disk", "inodes", "shared_memory", "output", "line")
        return {
            "files": {name: content.hex() for name, content in program.files.items()},
            "cells": [{"data": c.data, "given": c.given, "source": c.source, "checks": c.checks} for c in program.cells],
            "depth": limits.depth - 1,
            "without": sorted(self.without),
            **{name: getattr(limits, name) for name in names},
        }


def _write(handle: int, content: bytes) -> None:
    with os.fdopen(os.dup(handle), "wb") as file:
        file.write(content)
    os.lseek(handle, 0, os.SEEK_SET)


def _follow(program: Program, limits: Limits, status: socket.socket, result: int) -> Run:
    """Read values until the program ends, or until it must be ended."""
    reader = Reader([len(c.checks) for c in program.cells], limits.line, limits.results, limits.depth)
    started = cell_started = time.monotonic()
    cell, verdict, open_ = 0, "", True
    while open_ and not verdict:
        now = time.monotonic()
        if reader.cell != cell:
            cell, cell_started = reader.cell, now
        left = min(started + limits.wall, cell_started + limits.cell) - now
        if left <= 0:
            verdict = "timeout"
        elif select.select([result], [], [], left)[0]:
            data = os.read(result, _BLOCK)
            open_ = bool(data)
            try:
                reader.feed(data)
            except Refused:
                verdict = "rejected"
    with contextlib.suppress(OSError):
        status.shutdown(socket.SHUT_WR)
    ended = _ended(status)
    _drained(result)
    return _judged(reader, verdict, ended, time.monotonic() - started, limits)


def _ended(status: socket.socket) -> dict[str, Any]:
    """Return the warden's last word."""
    status.settimeout(_END_SECONDS)
    try:
        said = status.recv(_BLOCK)
    except OSError as error:
        raise BoxFailure(f"no word from the warden: {error}") from None
    if not said:
        raise BoxFailure("the warden ended without a word")
    ended: dict[str, Any] = json.loads(said)
    if "failed" in ended:
        raise BoxFailure(str(ended["failed"]))
    return ended


def _drained(result: int) -> None:
    """Make sure that nobody holds the pipe any more: a process that outlived its box would."""
    until = time.monotonic() + _END_SECONDS
    while select.select([result], [], [], max(0.0, until - time.monotonic()))[0]:
        if not os.read(result, _BLOCK):
            return
    raise BoxFailure("a process outlived its box")


def _judged(reader: Reader, verdict: str, ended: Mapping[str, Any], seconds: float, limits: Limits) -> Run:
    """Name the end: our own reason first, then the warden's, then the kernel's."""
    cause, died = str(ended["cause"]), int(ended["signal"])
    measures = {"seconds": seconds, "cpu": float(ended["cpu"]), "peak": int(ended["peak"])}
    if verdict == "rejected":
        empty = Reader(reader.checks, 0, 0, 0)
        return Run("rejected", tuple(empty.cells), died, **measures)  # type: ignore[arg-type]
    run = Run("ok", tuple(reader.cells), died, **measures)  # type: ignore[arg-type]
    if verdict == "timeout":
        return replace(run, verdict="timeout")
    if cause == "memory":
        return replace(run, verdict="memory")
    if cause == "output-limit":
        return replace(run, verdict="output-limit")
    if died in {signal.SIGKILL, signal.SIGXCPU} and run.cpu >= limits.cpu - 1:
        return replace(run, verdict="timeout")
    if died == signal.SIGKILL and cause != "closed":
        raise BoxFailure("process 1 was killed from outside")
    return run if reader.complete else replace(run, verdict="killed")


def _refusal(said: IO[bytes]) -> NoIsolation:
    """Turn what bubblewrap printed into the primitive that is missing and the remedy."""
    said.seek(0)
    lines = said.read(4000).decode("utf-8", "replace").strip().splitlines() or ["?"]
    text = lines[-1][:300]
    if "uid map" in text or "namespace" in text or "NEWUSER" in text or "Operation not permitted" in text:
        apparmor = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
        remedy = "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0" if apparmor.exists() else "sudo sysctl user.max_user_namespaces=15000"
        return NoIsolation(
            f"nhân không cho người dùng thường mở không gian tên ({text}). Quản trị viên chạy «{remedy}», hoặc chấm trong máy ảo Linux.",
            f"the kernel does not let ordinary users open user namespaces ({text}). An administrator runs '{remedy}', or grade in a Linux VM.",
        )
    if "setresuid" in text or "setgroups" in text or "setresgid" in text:
        return NoIsolation(
            f"đang chạy bằng root mà không hạ quyền được ({text}). Hãy chạy bằng người dùng thường.",
            f"running as root without a uid to drop to ({text}). Run as an ordinary user.",
            "E-ISO-2",
        )
    return NoIsolation(f"bubblewrap không khởi động được ({text}).", f"bubblewrap could not start ({text}).")
