"""The course at one address: ``moduong host``, and the letters that invite to it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.words import _, into
from grader.commands.console import (
    COURSE,
    WORKSPACE,
    CourseOption,
    LangOption,
    WorkspaceOption,
    gradebook_of,
    open_at,
    say,
    syllabus_of,
)
from grader.ground.clock import clock
from grader.ground.errors import ModuongError

if TYPE_CHECKING:
    from course.host.settings import Settings
    from course.host.store import accounts
    from grader.commands.host.processes import Door
    from grader.ground.syllabus import Syllabus
    from grader.ground.workspace import Workspace

app = typer.Typer()
_ADDRESS = "http://127.0.0.1:8090/"
AddressOption = Annotated[
    str,
    typer.Option(
        "--address", help=_("Địa chỉ mà mọi người gõ, ví dụ https://hoc.example.vn/; đường dẫn sau tên máy là gốc.")
    ),
]


@app.command(
    help=_(
        "Làm mã một lần và thư mời A4 có hình QR cho cán bộ của một đơn vị.\n\n"
        "Ví dụ: moduong invite --unit U-0001 --address https://hoc.example.vn/"
    )
)
def invite(
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help=_("Đơn vị, kể cả các đơn vị bên dưới; dùng được nhiều lần."))
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option("--person", help=_("Mã cán bộ, khi chỉ mời một người hoặc cấp mã mới."))
    ] = None,
    address: AddressOption = _ADDRESS,
    out: Annotated[
        Path | None, typer.Option("--out", help=_("Tệp HTML để in; bỏ trống là trong thư mục báo cáo."))
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Make accounts and one-time codes, and write the letters."""
    from grader.commands.host import letters, people

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    now = clock()[0].astimezone(rules.course.zone)
    if not unit and not person:
        raise ModuongError("E-INVITE-3", _("Mời ai? Hãy nêu --unit hoặc --person."))
    wanted = people.accounts(gradebook_of(space), rules, now.date(), units=unit or (), people=person or ())
    settings = _settings(space, rules, address)
    codes = _invite(settings, wanted)
    made = [letters.letter(account, code, settings.address, now.date()) for account, code in codes]
    path = out or space.reports() / f"thu-moi-{now:%Y%m%d-%H%M%S}.html"
    letters.write(path, letters.render(made, rules.course.title or rules.course.id, rules.course.language))
    say(
        lang,
        _(
            "Đã làm {count} thư mời: {path}. Mã trong thư dùng được một lần; mã cũ chưa dùng không còn giá trị.",
            count=len(made),
            path=path,
        ),
    )


def _settings(
    space: Workspace, rules: Syllabus, address: str, proxies: tuple[str, ...] = (), *, worker: bool = True
) -> Settings:
    from urllib.parse import urlsplit

    from grader.commands.host import processes

    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ModuongError(
            "E-HOST-1", _("«{address}» không phải địa chỉ, ví dụ đúng: https://hoc.example.vn/.", address=address)
        )
    whole = address if address.endswith("/") else address + "/"
    return processes.settings_of(space, rules.course.id, whole, frozenset(proxies), worker=worker)


def _invite(settings: Settings, wanted: list[accounts.Account]) -> list[tuple[accounts.Account, str]]:
    from course.host.store import accounts as kept
    from course.host.store.clerk import Clerk

    clerk = Clerk(settings.database)
    try:
        return clerk.ask(lambda connection: kept.invite(connection, wanted, "moduong invite")).result()
    finally:
        clerk.close()


_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@app.command(help=_("Mở trang khóa học cho cán bộ, nhận bài và chấm, đến khi dừng.\n\nVí dụ: moduong host --demo"))
def host(
    address: AddressOption = _ADDRESS,
    bind: Annotated[
        str, typer.Option("--bind", help=_("Địa chỉ của máy này để nghe; sau Caddy thì giữ 127.0.0.1."))
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, help=_("Cổng để nghe; 0 là một cổng còn trống."))] = 8090,
    base_url: Annotated[
        str, typer.Option("--base-url", help=_("Đường dẫn gốc, khi khác với đường dẫn trong --address."))
    ] = "",
    proxy: Annotated[
        list[str] | None, typer.Option("--proxy", help=_("Máy chuyển tiếp được tin khi nói người dùng đến từ đâu."))
    ] = None,
    insecure: Annotated[
        bool,
        typer.Option(
            "--insecure", help=_("Cho phép http không mã hóa ngoài máy này; mất mạng thì trang không mở được.")
        ),
    ] = False,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help=_("Cho trang mở được khi mất mạng (service worker)."))
    ] = True,
    demo: Annotated[bool, typer.Option("--demo", help=_("Mở khóa chạy thử, với ba tài khoản mẫu."))] = False,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Start the cadres' pages, the watch, and what takes hand-ins from one to the other."""
    from urllib.parse import urlsplit, urlunsplit

    from grader.commands.host import processes

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    parts = urlsplit(address)
    chosen = urlunsplit(parts._replace(path=base_url)) if base_url else address
    settings = _settings(space, rules, chosen, tuple(proxy or ()), worker=worker)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK and not insecure:
        said = _(
            "{address}: ngoài máy này cần https. Đặt Caddy phía trước, hoặc thêm --insecure và chấp nhận mất phần khi "
            "mất mạng.",
            address=address,
        )
        raise ModuongError("E-HOST-3", said)
    if not (settings.course / "course.json").exists():
        raise ModuongError(
            "E-HOST-4",
            _(
                "{course}: chưa có khóa học được phát. Chạy «moduong release» hoặc «moduong demo» trước.",
                course=settings.course,
            ),
        )
    if demo:
        _sample(space, rules, settings, lang)
    _keep_open(space, course, settings, processes.Door(bind, port), lang)


def _keep_open(space: Workspace, course: Path, settings: Settings, door: Door, lang: str) -> None:
    """Run pages and watch until the process is told to stop."""
    import signal
    from threading import Event

    from grader.commands.host import processes

    pages, answering = processes.start_pages(settings, door)
    watch = processes.start_watch(space, course, lang)
    stop = Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_signal: stop.set())
    say(
        lang,
        _(
            "Trang khóa học: {address} (máy này nghe ở {bind}:{port}). Dừng bằng Ctrl+C.",
            address=settings.address,
            bind=door.bind,
            port=answering,
        ),
    )
    sys.stdout.flush()
    children = [
        processes.Child("pages", lambda: processes.start_pages(settings, door)[0], pages),
        processes.Child("watch", lambda: processes.start_watch(space, course, lang), watch),
    ]
    forward = processes.forwarder(settings, space.inbound(settings.course.name))
    processes.keep(children, forward, stop, lambda text: typer.echo(into(text, lang), err=True))
    say(lang, _("Đã dừng."))


def _sample(space: Workspace, rules: Syllabus, settings: Settings, lang: str) -> None:
    from grader.commands.host import sample

    for account, phrase in sample.accounts(space, gradebook_of(space), rules, settings.database, clock()[0]):
        say(
            lang,
            _(
                "Tài khoản mẫu: {person} ({name}), cụm từ bí mật «{phrase}».",
                person=account.person,
                name=account.name,
                phrase=phrase,
            ),
        )
