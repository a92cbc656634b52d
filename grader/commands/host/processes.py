"""What runs while the host is open: *pages*, *watch*, and here the way from the spool to the exchange."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from course.host.settings import Settings
from course.words import _
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.intake import spool

_POLL, _AGAIN = 0.2, 2.0  # seconds
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")
"""What *pages* gets of the environment: nothing that tells of the workspace or of a database."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where *pages* listens: address of this machine and port (0: a free one)."""

    bind: str
    port: int


def folder_of(space: Workspace) -> Path:
    """Return the host's own folder, beside the workspace: *pages* needs no right to look into the workspace itself."""
    return space.root.with_name(f"{space.root.name}-host")


def settings_of(space: Workspace, course_id: str, address: str, proxies: frozenset[str], *, worker: bool) -> Settings:
    """Return the settings of *pages* for a workspace."""
    own = folder_of(space)
    course = space.exchange / course_id
    return Settings(course, own / "host.db", own / "spool", address, proxies, worker)


def start_pages(settings: Settings, door: Door) -> tuple[subprocess.Popen[bytes], int]:
    """Start *pages* and return it with its port once it answers.

    Raises:
        ModuongError: ``E-HOST-2`` it did not start; what it said stands on standard error.
    """
    settings.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "course.host"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=settings.database.parent,
    )
    given = {
        "course": str(settings.course),
        "database": str(settings.database),
        "spool": str(settings.spool),
        "address": settings.address,
        "proxies": sorted(settings.proxies),
        "worker": settings.worker,
        "port": door.port,
        "bind": door.bind,
    }
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(given).encode() + b"\n")
    process.stdin.flush()
    said = process.stdout.readline().strip()
    if not said.isdigit():
        process.wait()
        raise ModuongError("E-HOST-2", _("Trang cho cán bộ chưa khởi động được ở cổng {port}.", port=door.port))
    return process, int(said)


def start_watch(space: Workspace, course: Path, lang: str) -> subprocess.Popen[bytes]:
    """Start ``grade --watch`` for the workspace."""
    options = ["--watch", "--workspace", str(space.root), "--course", str(course.absolute()), "--lang", lang]
    return subprocess.Popen([sys.executable, "-m", "grader", "grade", *options])  # noqa: S603  # our own command


@dataclass(slots=True)
class Child:
    """A process that is started again when it ends."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]
    ended: float = 0.0


def keep(children: list[Child], forward: Callable[[], int], stop: Event, tell: Callable[[str], None]) -> None:
    """Forward hand-ins and start again what ends, until ``stop`` is set; then end everything and wait for it."""
    try:
        while not stop.is_set():
            forward()
            for child in children:
                _mend(child, tell)
            stop.wait(_POLL)
    finally:
        for child in children:
            child.process.terminate()
        for child in children:
            child.process.wait()
        forward()


def _mend(child: Child, tell: Callable[[str], None]) -> None:
    if child.process.poll() is None:
        return
    if not child.ended:
        child.ended = time.monotonic()
        tell(_("{name} đã dừng (mã {code}); đang mở lại.", name=child.name, code=child.process.returncode))
    elif time.monotonic() - child.ended > _AGAIN:
        try:
            child.process, child.ended = child.start(), 0.0
        except ModuongError:
            child.ended = time.monotonic()


def forwarder(settings: Settings, inbound: Path) -> Callable[[], int]:
    """Return what takes the host's hand-ins into the exchange."""
    return lambda: spool.forward(settings.spool, inbound)
