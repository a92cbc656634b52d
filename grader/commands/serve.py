"""Driver ``serve``: Jupyter on loopback for one role.

Cadres and coordinators get Notebook in focus mode and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from course import focus, start_page
from course.answers import write_atomically
from course.words import _
from grader.coordinator import page as coordinating
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace

_PATIENCE = 60
COORDINATORS_PAGE = "Dieu-phoi.ipynb"
_NOT_FOR_CADRES = ("assignment_list", "course_list", "formgrader", "validate_assignment")


@dataclass(frozen=True, slots=True)
class Command:
    """How a server is started: arguments, environment, and the link to give out."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: Path
    port: int
    link: str


def cadre(folder: Path, port: int | None, open_exchange: Path | None, *, person: str = "", course: str = "") -> Command:
    """Prepare a cadre's folder and return how to start their server.

    Args:
        folder: the cadre's own folder; made when it is missing, with ``Trang-chu.ipynb`` in it.
        port: on loopback; a free one when ``None``.
        open_exchange: root of nbgrader's exchange; without it hand-ins are files to send.
        person: id of the cadre; without it the page finds out (hub user, or it asks once).
        course: course id, kept in the start page's metadata.

    Raises:
        ModuongError: ``E-SERVE-1`` when the folder cannot be written, ``E-SERVE-4`` when the port is taken.
    """
    more = {"MODUONG_EXCHANGE": str(open_exchange.absolute())} if open_exchange is not None else {}
    if person:
        more["MODUONG_PERSON"] = person
    return _focus(folder, start_page.NAME, start_page.notebook_bytes(course), port, more)


def coordinator(space: Workspace, course: Path, port: int | None) -> Command:
    """Prepare the coordinator's folder in the workspace and return how to start their server.

    The folder is its owner's alone; files made for download in earlier sittings, some of which may name people, are
    removed.

    Args:
        space: whose roster and results are shown.
        course: folder of course.yaml.
        port: on loopback; a free one when ``None``.

    Raises:
        ModuongError: ``E-SERVE-1`` when the folder cannot be written, ``E-SERVE-4`` when the port is taken.
    """
    folder = space.coordinator()
    page = start_page.notebook_bytes("", "coordinator", "grader.coordinator", "dieu-phoi")
    more = {coordinating.WORKSPACE: str(space.root), coordinating.COURSE: str(course.absolute())}
    command = _focus(folder, COORDINATORS_PAGE, page, port, more)
    shutil.rmtree(folder / coordinating.FILES, ignore_errors=True)
    folder.chmod(0o700)
    return command


def _focus(folder: Path, name: str, page: bytes, port: int | None, more: dict[str, str]) -> Command:
    """Put the notebook ``page`` into ``folder`` and return how to open it in focus mode; ``more`` is for its kernel."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        home = folder / name
        if not home.exists() or home.read_bytes() != page:
            write_atomically(home, page)
    except OSError as error:
        raise ModuongError(
            "E-SERVE-1",
            _("{folder}: không ghi được ({strerror}). Hãy chọn thư mục khác.", folder=folder, strerror=error.strerror),
        ) from None
    chosen = _free(port)
    token = secrets.token_urlsafe(24)
    link = f"http://127.0.0.1:{chosen}/notebooks/{name}?token={token}"
    return Command(_arguments(folder, name, chosen), {**_environment(token), **more}, folder, chosen, link)


def instructor(workspace: Path, port: int | None) -> Command:
    """Return how to start JupyterLab in the workspace, with nbgrader's formgrader in its menu."""
    chosen = _free(port)
    token = secrets.token_urlsafe(24)
    arguments = (
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.port={chosen}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        "--no-browser",
    )
    root = ("--allow-root",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    link = f"http://127.0.0.1:{chosen}/lab?token={token}"
    return Command((*arguments, *root), {**os.environ, "JUPYTER_TOKEN": token}, workspace, chosen, link)


def _free(port: int | None) -> int:
    """Return the port asked for, or a free one.

    Raises:
        ModuongError: ``E-SERVE-4`` another program listens there: its answers would be taken for ours.
    """
    if port is None:
        return free_port()
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            probe.bind(("127.0.0.1", port))
    except (OSError, OverflowError):
        said = _("Cổng {port} không dùng được: chương trình khác đang giữ. Bỏ --port để lấy một cổng trống.", port=port)
        raise ModuongError("E-SERVE-4", said) from None
    return port


def free_port() -> int:
    """Return a port that is free on loopback now, below those that the system gives out by itself."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def _arguments(folder: Path, name: str, port: int) -> tuple[str, ...]:
    return (
        sys.executable,
        "-m",
        "notebook",
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder.absolute()}",
        "--ServerApp.terminals_enabled=False",
        f"--ServerApp.default_url=/notebooks/{name}",
        "--ServerApp.allow_root=True",
        *(f"--ServerApp.jpserver_extensions=nbgrader.server_extensions.{name}=False" for name in _NOT_FOR_CADRES),
    )


def _environment(token: str) -> dict[str, str]:
    """Return the environment: our extension and settings first, no file of the folder on Python's path."""

    def before(variable: str) -> str:
        return os.pathsep.join(p for p in (str(focus.HERE), os.environ.get(variable, "")) if p)

    ours = {
        "JUPYTER_TOKEN": token,  # not an argument: arguments are visible to every user of the machine
        "JUPYTER_PATH": before("JUPYTER_PATH"),
        "JUPYTER_CONFIG_PATH": before("JUPYTER_CONFIG_PATH"),
        "PYTHONSAFEPATH": "1",
    }
    return {**os.environ, **ours}


def start(command: Command) -> subprocess.Popen[bytes]:
    """Start the server and return when it answers.

    Raises:
        ModuongError: ``E-SERVE-2`` when it does not start.
    """
    log = subprocess.DEVNULL if not os.environ.get("MODUONG_DEBUG") else None
    server = subprocess.Popen(  # noqa: S603  # our own arguments; a session of its own, so that Ctrl-C reaches us first
        command.arguments, env=command.environment, cwd=command.folder, stdout=log, stderr=log, start_new_session=True
    )
    deadline = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError, HTTPException),
            urllib.request.urlopen(f"http://127.0.0.1:{command.port}/api", timeout=2),
        ):
            return server
        time.sleep(0.1)
    stop(server)
    raise ModuongError(
        "E-SERVE-2",
        _("Máy chủ không khởi động được ở cổng {port}. Thử cổng khác, hoặc chạy «moduong doctor».", port=command.port),
    )


def stop(server: subprocess.Popen[bytes], patience: float = 15) -> None:
    """End the server and its kernels; kill it only when it does not end by itself."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def run(command: Command, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; ``say`` gets the link."""
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # the server has a session of its own: nobody else would end it
    server = start(command)
    try:
        say(command.link)
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        stop(server)
