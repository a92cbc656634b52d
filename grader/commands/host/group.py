"""The course at one address: ``moduong host``, and the letters that invite to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.words import _
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
    from grader.desk import invited as people
    from grader.desk import letters
    from grader.keep import names_read

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    now = clock()[0].astimezone(rules.course.zone)
    if not unit and not person:
        raise ModuongError("E-INVITE-3", _("Mời ai? Hãy nêu --unit hoặc --person."))
    wanted = people.accounts(gradebook_of(space), rules, now.date(), units=unit or (), people=person or ())
    settings = _settings(space, rules, address)
    codes = _invite(settings, wanted)
    made = [letters.letter(account, code, settings.address, now.date()) for account, code in codes]
    names_read.note(space.reports(), "invite", now, ", ".join((*(unit or ()), *(person or ()))), len(made))
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
_DESK = "http://localhost:8091/"
BindOption = Annotated[str, typer.Option("--bind", help=_("Địa chỉ của máy này để nghe; sau Caddy thì giữ 127.0.0.1."))]
PortOption = Annotated[int, typer.Option("--port", min=0, help=_("Cổng để nghe; 0 là một cổng còn trống."))]
DeskAddressOption = Annotated[
    str, typer.Option("--desk-address", help=_("Địa chỉ bàn làm việc của điều phối viên, người chấm; tên máy khác."))
]
DeskPortOption = Annotated[int, typer.Option("--desk-port", min=0, help=_("Cổng của bàn làm việc, chỉ trên máy này."))]
BaseOption = Annotated[
    str, typer.Option("--base-url", help=_("Đường dẫn gốc, khi khác với đường dẫn trong --address."))
]
ProxyOption = Annotated[
    list[str] | None, typer.Option("--proxy", help=_("Máy chuyển tiếp được tin khi nói người dùng đến từ đâu."))
]
InsecureOption = Annotated[
    bool,
    typer.Option("--insecure", help=_("Cho phép http không mã hóa ngoài máy này; mất mạng thì trang không mở được.")),
]
WorkerOption = Annotated[
    bool, typer.Option("--worker/--no-worker", help=_("Cho trang mở được khi mất mạng (service worker)."))
]
TlsOption = Annotated[
    str, typer.Option("--tls", help=_("internal: chứng thư của mạng nội bộ; hoặc tên máy công khai. Cần Caddy."))
]
OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", help=_("Chỉ mở pages, desk hoặc watch; dùng được nhiều lần."))
]
UserOption = Annotated[
    str, typer.Option("--pages-user", help=_("Tài khoản riêng của trang công khai, khi chạy bằng root."))
]
DemoOption = Annotated[bool, typer.Option("--demo", help=_("Mở khóa chạy thử, với ba tài khoản mẫu."))]


@app.command(help=_("Mở trang khóa học cho cán bộ, nhận bài và chấm, đến khi dừng.\n\nVí dụ: moduong host --demo"))
def host(
    address: AddressOption = _ADDRESS,
    bind: BindOption = "127.0.0.1",
    port: PortOption = 8090,
    desk_address: DeskAddressOption = _DESK,
    desk_port: DeskPortOption = 8091,
    base_url: BaseOption = "",
    proxy: ProxyOption = None,
    insecure: InsecureOption = False,
    worker: WorkerOption = True,
    tls: TlsOption = "",
    only: OnlyOption = None,
    pages_user: UserOption = "",
    demo: DemoOption = False,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Open pages, desk and watch, or those named."""
    from urllib.parse import urlsplit, urlunsplit

    from grader.commands.host import opening
    from grader.commands.host.processes import Door

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    if tls and tls != "internal":
        address = urlunsplit(urlsplit(address)._replace(scheme="https", netloc=tls))
    parts = urlsplit(address)
    chosen = urlunsplit(parts._replace(path=base_url)) if base_url else address
    proxies = (*(proxy or ()), *(("127.0.0.1",) if tls else ()))
    settings = _settings(space, rules, chosen, proxies, worker=worker)
    _refuse_plain([chosen, desk_address], insecure=insecure)
    if unknown := set(only or ()) - set(opening.KINDS):
        said = _("Không có tiến trình «{name}»; có: pages, desk, watch.", name=min(unknown))
        raise ModuongError("E-HOST-1", said)
    desk = opening.desk_settings(space, settings, desk_address, lang)
    doors = Door(bind, port), Door("127.0.0.1", desk_port)
    what = opening.Opening(
        space, course, rules, settings, doors[0], desk, doors[1], frozenset(only or ()), tls, pages_user, lang
    )
    if only == ["desk"]:
        opening.serve_desk(what)
        return
    if not (settings.course / "course.json").exists():
        said = _(
            "{course}: chưa có khóa học được phát. Chạy «moduong release» hoặc «moduong demo» trước.",
            course=settings.course,
        )
        raise ModuongError("E-HOST-4", said)
    if demo:
        _sample(space, rules, settings, lang)
    if what.wants("pages"):
        opening.refuse_unknown_host(what)
    same = ["--address", settings.address, "--desk-address", desk_address, "--lang", lang]
    same += ["--workspace", str(space.root), "--course", str(course.absolute())]
    same += [word for one in proxies for word in ("--proxy", one)] + (["--insecure"] if insecure else [])
    opening.open_all(what, same)


def _refuse_plain(addresses: list[str], *, insecure: bool) -> None:
    from urllib.parse import urlsplit

    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK and not insecure:
            said = _(
                "{address}: ngoài máy này cần https. Đặt Caddy phía trước (--tls), hoặc thêm --insecure và chấp nhận "
                "mất phần khi mất mạng.",
                address=address,
            )
            raise ModuongError("E-HOST-3", said)


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
