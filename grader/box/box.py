"""The box as the trusted side sees it: values in, values out.

A program runs where there is no key, no gradebook and no network.

``box_probe.open_box()`` starts and probes it; ``Box.run(program)`` returns what one program reported and how it
ended. What the learner's code does
is a verdict; what fails on our side is ``BoxFailure`` and never a score.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from course.words import _
from grader.box import command as box_command
from grader.box import seccomp as box_seccomp
from grader.box.command import NoIsolation
from grader.box.follow import follow
from grader.box.values import BoxFailure, Cell, Limits, Program, Run, Verdict

__all__ = ["PRELOAD", "Box", "BoxFailure", "Cell", "Limits", "NoIsolation", "Program", "Run", "Verdict"]
PRELOAD = ("pandas", "IPython.core.inputtransformer2")
"""Modules that every box has loaded already; one that is not installed is passed over."""
_START_SECONDS = 60.0


class Box:
    """A warm interpreter in bubblewrap; each program gets a fresh box of its own.

    A thread that grades opens its own ``Box``: the kernel ends a box with the thread that started it.
    """

    def __init__(
        self, limits: Limits | None = None, preload: Sequence[str] = PRELOAD, *, without: frozenset[str] = frozenset()
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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process id of bubblewrap; below it lives everything that ever runs learner code."""
        return self._process.pid if self._process else 0

    def _start(self) -> None:
        """Start bubblewrap and the zygote in it, and wait until it has loaded what jobs will need."""
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as said:
            with theirs:
                try:
                    command = box_command.command(theirs.fileno(), self.without)
                except BaseException:
                    self._channel.close()
                    raise
                self._process = subprocess.Popen(  # noqa: S603  # a list of our own, no shell
                    command.argv,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    pass_fds=command.handles,
                    env={},
                    cwd="/",
                )
            for handle in command.handles[1:]:
                os.close(handle)
            answer = self._greet()
            if not answer:
                self.close()
                raise box_command.refusal(said)
        if json.loads(answer)["threads"] != 1:
            self.close()
            raise NoIsolation(_("thư viện nạp sẵn đã mở thêm luồng."))

    def _greet(self) -> bytes:
        """Tell the zygote what it needs to know; return its answer, or nothing if it is not there."""
        program = box_seccomp.program(self._machine, "cell").hex()
        with contextlib.suppress(OSError):
            self._channel.send(
                json.dumps({"path": box_command.packages(), "preload": self._preload, "filter": program}).encode()
            )
            self._channel.settimeout(_START_SECONDS)
            answer = self._channel.recv(4096)
            self._channel.settimeout(None)
            return answer
        return b""

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
            return follow(program, limits, ours, result)
        finally:
            ours.close()
            os.close(result)

    def _job(self, program: Program, limits: Limits) -> dict[str, Any]:
        names = (
            "cpu",
            "memory",
            "address_space",
            "processes",
            "handles",
            "file_size",
            "disk",
            "inodes",
            "shared_memory",
            "output",
            "line",
        )
        return {
            "files": {name: content.hex() for name, content in program.files.items()},
            "cells": [
                {"data": c.data, "given": c.given, "source": c.source, "checks": c.checks} for c in program.cells
            ],
            "depth": limits.depth - 1,
            "without": sorted(self.without),
            **{name: getattr(limits, name) for name in names},
        }


def _write(handle: int, content: bytes) -> None:
    with os.fdopen(os.dup(handle), "wb") as file:
        file.write(content)
    os.lseek(handle, 0, os.SEEK_SET)
