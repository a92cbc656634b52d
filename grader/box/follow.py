"""Follows one program from outside while it runs, ends it when it must end, and names the verdict."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.box.lines import Reader, Refused, nothing
from grader.box.values import BoxFailure, Limits, Program, Run

_END_SECONDS = 20.0
_LAST_SECONDS, _DRAIN_SECONDS = 2.0, 3.0
_BLOCK = 1 << 16


def follow(program: Program, limits: Limits, status: socket.socket, result: int) -> Run:
    """Read values until the program ends, or until it must be ended."""
    reader = Reader([len(c.checks) for c in program.cells], limits.line, limits.results, limits.depth)
    started = cell_started = time.monotonic()
    cell, verdict, open_ = 0, "", True
    while open_ and not verdict:
        now = time.monotonic()
        if reader.cell != cell:
            cell, cell_started = reader.cell, now
        left = min(started + limits.wall, cell_started + limits.cell) - now
        if reader.complete:  # nothing is awaited but the end
            left = cell_started + _LAST_SECONDS - now
        if left <= 0 and reader.complete:
            break
        if left <= 0:
            verdict = "timeout"
        elif _readable(result, left):
            data = os.read(result, _BLOCK)
            open_ = bool(data)
            try:
                reader.feed(data)
            except Refused:
                verdict = "rejected"
    if open_ or not _readable(status.fileno(), _LAST_SECONDS):  # else process 1 ends by itself: let its own end be seen
        with contextlib.suppress(OSError):
            status.shutdown(socket.SHUT_WR)
    ended = _ended(status)
    _drained(result)
    return _judged(reader, verdict, ended, time.monotonic() - started, limits)


def _readable(handle: int, seconds: float) -> bool:
    poll = select.poll()  # select() cannot watch handles from 1024 on
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(seconds * 1000))


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
    until = time.monotonic() + _DRAIN_SECONDS
    while _readable(result, max(0.0, until - time.monotonic())):
        if not os.read(result, _BLOCK):
            return
    raise BoxFailure("a process outlived its box")


def _judged(reader: Reader, verdict: str, ended: Mapping[str, Any], seconds: float, limits: Limits) -> Run:
    """Name the end: our own reason first, then the warden's, then the kernel's."""
    cause, died, cpu = str(ended["cause"]), int(ended["signal"]), float(ended["cpu"])
    run = Run("ok", tuple(reader.cells), died, seconds, cpu, int(ended["peak"]))
    if verdict == "rejected":
        return replace(run, verdict="rejected", cells=tuple(nothing(reader.checks)))
    if verdict == "timeout":
        return replace(run, verdict="timeout")
    if cause == "memory":
        return replace(run, verdict="memory")
    if cause == "output-limit":
        return replace(run, verdict="output-limit")
    if died in {signal.SIGKILL, signal.SIGXCPU} and cpu >= limits.cpu - 1:
        return replace(run, verdict="timeout")
    if died == signal.SIGKILL and cause != "closed":
        raise BoxFailure("process 1 was killed from outside")
    return run if reader.complete else replace(run, verdict="killed")
