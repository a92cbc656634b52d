"""Opens the host: which processes, where each listens, and what the operator is told."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import typer

from course.host.settings import Settings
from course.words import _, into
from grader.commands.console import gradebook_of, say
from grader.commands.host import processes, tls
from grader.commands.host.confined import account_of
from grader.commands.host.processes import Child, Door
from grader.desk.frame import server as desk_server
from grader.desk.frame.settings import NAME
from grader.desk.frame.settings import Settings as DeskSettings
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace

KINDS = ("pages", "desk", "watch")


@dataclass(frozen=True, slots=True)
class Opening:
    """What is opened.

    Attributes:
        space, course, rules: the workspace, and the folder and rules of the course.
        settings, door: of *pages*.
        desk, desk_door: of *desk*.
        only: kinds of process; all when empty.
        tls: host name or ``internal``; empty without Caddy.
        user: account of *pages*; empty: a box, where there is bubblewrap.
        lang: of what is told.
    """

    space: Workspace
    course: Path
    rules: Syllabus
    settings: Settings
    door: Door
    desk: DeskSettings
    desk_door: Door
    only: frozenset[str] = frozenset()
    tls: str = ""
    user: str = ""
    lang: str = "vi"

    def wants(self, kind: str) -> bool:
        """Say whether a kind of process is opened."""
        return not self.only or kind in self.only


def desk_settings(space: Workspace, settings: Settings, address: str, lang: str) -> DeskSettings:
    """Return the settings of *desk*.

    Raises:
        ModuongError: ``E-HOST-9`` it has the cadres' host name: their pages would be sent the staff's cookies, which
            know no ports.
    """
    if urlsplit(address).hostname == urlsplit(settings.address).hostname:
        said = _(
            "Bàn làm việc phải có tên máy khác với trang cán bộ ({address}): cookie không phân biệt cổng, trang cán bộ "
            "sẽ nhận được phiên của điều phối viên. Ví dụ: https://ban.hoc.example.vn/.",
            address=address,
        )
        raise ModuongError("E-HOST-9", said)
    whole = address if address.endswith("/") else address + "/"
    return DeskSettings(space.root / NAME, whole, settings, lang, settings.proxies)


def refuse_unknown_host(opening: Opening) -> None:
    """Refuse to open pages whose hand-ins would each wait for a person to confirm who sent them.

    Raises:
        ModuongError: ``E-HOST-10`` the operator's file does not name the account that writes the spool.
    """
    account = account_of(opening.user)
    if account not in opening.space.hosts:
        said = _(
            "{path} chưa ghi tài khoản viết bài nộp của trang, nên mỗi bài sẽ phải có người xác nhận. Thêm dòng: "
            'c.Moduong.hosts = ["{account}"]',
            path=opening.space.config,
            account=account,
        )
        raise ModuongError("E-HOST-10", said)


def serve_desk(opening: Opening) -> None:
    """Be the process *desk*: print the port, answer until told to stop."""
    desk = desk_server.open_desk(opening.desk, opening.space, gradebook_of(opening.space), opening.rules)

    def ready(port: int) -> None:
        typer.echo(str(port))
        sys.stdout.flush()

    try:
        asyncio.run(desk_server.serve(desk, opening.desk_door.port, opening.desk_door.bind, ready))
    except OSError as error:
        said = _("cổng {port} không mở được ({reason}).", port=opening.desk_door.port, reason=error.strerror)
        raise ModuongError("E-HOST-8", said) from None


def open_all(opening: Opening, desk_options: list[str]) -> None:
    """Run what is wanted until the process is told to stop; ``desk_options`` start *desk* with the same settings."""
    stop, children, sites = Event(), list[Child](), list[tls.Site]()
    try:
        if opening.wants("pages"):
            children.append(_pages(opening, sites))
        if opening.wants("desk"):
            children.append(_desk(opening, desk_options, sites))
        if opening.wants("watch"):

            def watch() -> subprocess.Popen[bytes]:
                return processes.start_watch(opening.space, opening.course, opening.lang)

            children.append(Child("watch", watch, watch()))
        if opening.tls and sites:
            children.append(_caddy(opening, sites))
    except BaseException:
        for child in children:
            processes.ask_to_end(child.process)
        raise
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_signal: stop.set())
    say(opening.lang, _("Dừng bằng Ctrl+C."))
    sys.stdout.flush()
    processes.keep(children, _forward(opening), stop, lambda text: typer.echo(into(text, opening.lang), err=True))
    say(opening.lang, _("Đã dừng."))


def _forward(opening: Opening) -> Callable[[], int]:
    """Return what takes hand-ins from the spool; nothing where *watch* is elsewhere."""
    if not opening.wants("watch"):
        return lambda: 0
    return processes.forwarder(opening.settings, opening.space.inbound(opening.settings.course.name))


def _pages(opening: Opening, sites: list[tls.Site]) -> Child:
    settings, door = opening.settings, opening.door
    command = processes.pages_command(settings, opening.user)
    process, port = processes.start_pages(settings, door, command)
    sites.append(tls.Site(settings.address, port))
    said = _(
        "Trang khóa học: {address} (máy này nghe ở {bind}:{port}).", address=settings.address, bind=door.bind, port=port
    )
    say(opening.lang, said)
    if command.how == "none":
        told = _("Trang chạy chung tài khoản với sổ điểm, không có hộp: cài bubblewrap, hoặc dùng --pages-user.")
        typer.echo(into(told, opening.lang), err=True)
    again = Door(door.bind, port)
    return Child("pages", lambda: processes.start_pages(settings, again, command)[0], process)


def _desk(opening: Opening, options: list[str], sites: list[tls.Site]) -> Child:
    process, port = processes.start_desk(options, opening.desk_door)
    sites.append(tls.Site(opening.desk.address, port))
    bind = opening.desk_door.bind
    said = _(
        "Bàn làm việc: {address} (máy này nghe ở {bind}:{port}).", address=opening.desk.address, bind=bind, port=port
    )
    say(opening.lang, said)
    again = Door(bind, port)
    return Child("desk", lambda: processes.start_desk(options, again)[0], process)


def _caddy(opening: Opening, sites: list[tls.Site]) -> Child:
    folder = opening.settings.database.parent.with_name(f"{opening.space.root.name}-tls")
    internal = opening.tls == tls.INTERNAL
    chosen = [site for site in sites if urlsplit(site.address).scheme == "https"]

    def start() -> subprocess.Popen[bytes]:
        return tls.start(chosen, folder, internal=internal)

    child = Child("caddy", start, start())
    if internal:
        said = _("Máy của mọi người phải tin chứng thư này: {path}", path=tls.root_certificate(folder))
        say(opening.lang, said)
    return child
