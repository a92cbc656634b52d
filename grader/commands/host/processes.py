"""What runs while the host is open: *pages*, *desk*, *watch*, Caddy; and the way from the spool to grading."""

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
from typing import Any

from course.host.settings import Settings
from course.words import _
from grader.commands.host.confined import Confined, confined
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.intake import spool

_POLL, _AGAIN = 0.2, 2.0  # seconds
_PATIENCE = 20.0
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")
"""What *pages* gets of the environment: nothing that tells of the workspace or of a database."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a process listens: address of this machine and port (0: a free one)."""

    bind: str
    port: int


def folder_of(space: Workspace) -> Path:
    """Return the host's own folder, beside the workspace: *pages* needs no right to look into the workspace itself."""
    return space.host


def settings_of(space: Workspace, course_id: str, address: str, proxies: frozenset[str], *, worker: bool) -> Settings:
    """Return the settings of *pages* for a workspace."""
    own = folder_of(space)
    course = space.exchange / course_id
    return Settings(course, own / "host.db", own / "spool", address, proxies, worker)


def told(settings: Settings, door: Door) -> bytes:
    """Return what *pages* reads from standard input: one line of JSON."""
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
    return json.dumps(given).encode() + b"\n"


def pages_command(settings: Settings, user: str = "", program: tuple[str, ...] = ("-m", "course.host")) -> Confined:
    """Return how *pages* is started: ``program`` of Python, kept from all that it need not see; raises ``E-HOST-6``."""
    _own_folder(settings, user)
    return confined((sys.executable, *program), settings, user)


def _own_folder(settings: Settings, user: str) -> None:
    """Make the host's folder; with an account of its own it is that account's, shared with the group of the grader."""
    own = settings.database.parent
    for path in (own, settings.spool):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user and os.geteuid() == 0:
        import shutil

        for path in (own, settings.spool):
            shutil.chown(path, user)
            path.chmod(0o2770)
        if settings.database.exists():
            shutil.chown(settings.database, user)
            settings.database.chmod(0o660)


def start_pages(settings: Settings, door: Door, command: Confined | None = None) -> tuple[subprocess.Popen[bytes], int]:
    """Start *pages* and return it with its port once it answers.

    Raises:
        ModuongError: ``E-HOST-2`` it did not start; what it said stands on standard error.
    """
    command = command or pages_command(settings)
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    more: dict[str, Any] = command.popen()
    process = subprocess.Popen(  # noqa: S603  # our own command
        command.argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=settings.database.parent,
        umask=0o007,
        **more,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(told(settings, door))
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


def start_desk(options: list[str], door: Door) -> tuple[subprocess.Popen[bytes], int]:
    """Start *desk* (``moduong host --only desk`` with ``options``) and return it with its port once it answers.

    Raises:
        ModuongError: ``E-HOST-8`` it did not start; what it said stands on standard error.
    """
    argv = [sys.executable, "-m", "grader", "host", "--only", "desk", "--desk-port", str(door.port), *options]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE)  # noqa: S603  # our own command
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    if not said.isdigit():
        process.wait()
        raise ModuongError("E-HOST-8", _("Bàn làm việc chưa khởi động được ở cổng {port}.", port=door.port))
    return process, int(said)


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
            ask_to_end(child.process)
        for child in children:
            try:
                child.process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        forward()


def ask_to_end(process: subprocess.Popen[bytes]) -> None:
    """Let a process end by itself: *pages*, which may be in a box, by closing its standard input."""
    if process.stdin is not None:
        process.stdin.close()
    else:
        process.terminate()


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
