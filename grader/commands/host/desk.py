"""``moduong desk``: who of the staff may do what on the desk's pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from course.words import _, joined
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
from grader.ground.errors import ModuongError

if TYPE_CHECKING:
    import sqlite3

    from grader.desk.frame.staff import Grant

T = TypeVar("T")
app = typer.Typer()
_desk = typer.Typer(
    help=_("Tài khoản và quyền của điều phối viên, người chấm, giảng viên, người vận hành."), no_args_is_help=True
)
app.add_typer(_desk, name="desk")
LoginArgument = Annotated[str, typer.Argument(help=_("Tên đăng nhập, ví dụ lan.nguyen."))]
RoleOption = Annotated[str, typer.Option("--role", help=_("coordinator, marker, instructor hoặc operator."))]
UnitOption = Annotated[
    str, typer.Option("--unit", help=_("Đơn vị của điều phối viên, kể cả các đơn vị bên dưới; all là toàn bộ."))
]
_LOGIN_LENGTH = 40


@_desk.command(
    help=_(
        "Cấp một vai cho một người; người mới thì in mã một lần để đặt cụm từ bí mật.\n\n"
        "Ví dụ: moduong desk grant lan.nguyen --role coordinator --unit U-0001 --name 'Nguyễn Thị Lan'"
    )
)
def grant(
    login: LoginArgument,
    role: RoleOption,
    unit: UnitOption = "",
    module: Annotated[str, typer.Option("--module", help=_("Học phần của người chấm; bỏ trống là mọi học phần."))] = "",
    name: Annotated[str, typer.Option("--name", help=_("Họ tên, cho tài khoản mới."))] = "",
    pages: Annotated[str, typer.Option("--pages", help=_("Ngôn ngữ trang của người này: vi hoặc en."))] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Grant a role."""
    from course.host.store.accounts import shown_code
    from grader.desk.frame import staff
    from grader.roster.versions import whoever

    given = _given(role, unit, module, workspace, course)
    if not login.strip() or len(login) > _LOGIN_LENGTH or any(not c.isprintable() or c.isspace() for c in login):
        raise ModuongError(
            "E-DESK-1", _("«{login}» không làm tên đăng nhập được: không khoảng trắng, ≤ 40 ký tự.", login=login)
        )
    if pages not in {"", "vi", "en"}:
        raise ModuongError("E-DESK-1", _("«{lang}»: trang có hai ngôn ngữ, vi và en.", lang=pages))
    by = whoever()

    def make(connection: sqlite3.Connection) -> str:
        new = staff.grant(connection, login, given, by, name=name, lang=pages)
        return staff.code(connection, login, by) if new else ""

    code = _do(workspace, course, make)
    said = _("Đã cấp cho {login}: {role} {scope}", login=login, role=given.role, scope=given.scope or "*")
    say(lang, said)
    if code:
        say(lang, _("Mã một lần, trao tận tay: {code}", code=shown_code(code)))


def _given(role: str, unit: str, module: str, workspace: Path, course: Path) -> Grant:
    from grader.desk.frame.staff import ROLES, Grant

    if role not in ROLES:
        raise ModuongError("E-DESK-2", _("Không có vai «{role}»; có: {roles}.", role=role, roles=joined(", ", ROLES)))
    if role != "coordinator":
        if unit:
            raise ModuongError("E-DESK-2", _("--unit chỉ đi với vai coordinator."))
        if module and (role != "marker" or module not in syllabus_of(course).modules):
            raise ModuongError(
                "E-DESK-2", _("--module là một học phần có trong course.yaml, và chỉ đi với vai marker.")
            )
        return Grant(role, module)
    if module or not unit:
        raise ModuongError("E-DESK-2", _("Điều phối viên của đơn vị nào? Hãy nêu --unit; --unit all là toàn bộ."))
    if unit == "all":
        return Grant(role, "")
    return Grant(role, _scope(unit, workspace, course))


def _scope(unit: str, workspace: Path, course: Path) -> str:
    """Return the scope of a unit: empty for the union itself."""
    from grader.roster import store

    rules = syllabus_of(course)
    with gradebook_of(open_at(workspace, rules)).connect() as connection:
        roster = store.load(connection)
    kinds = {one.unit_id: one.kind for one in (roster.units if roster else ())}
    if unit not in kinds:
        raise ModuongError("E-INVITE-1", _("Hôm nay không có đơn vị «{unit}» trong danh sách.", unit=unit))
    return "" if kinds[unit] == rules.offices.top else unit


@_desk.command(
    help=_("Thu một vai, hoặc mọi vai, và đăng xuất người ấy.\n\nVí dụ: moduong desk revoke lan.nguyen --role marker")
)
def revoke(
    login: LoginArgument,
    role: Annotated[str, typer.Option("--role", help=_("Vai bị thu; bỏ trống là mọi vai."))] = "",
    scope: Annotated[str, typer.Option("--scope", help=_("Đơn vị hoặc học phần đã ghi khi cấp."))] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Take roles away."""
    from grader.desk.frame import staff
    from grader.roster.versions import whoever

    given, by = staff.Grant(role, scope) if role else None, whoever()
    _existing(workspace, course, login)
    gone = _do(workspace, course, lambda connection: staff.revoke(connection, login, given, by))
    say(lang, _("Đã thu {count} vai của {login}.", count=gone, login=login))


@_desk.command(help=_("In mã một lần mới cho người quên cụm từ bí mật.\n\nVí dụ: moduong desk code lan.nguyen"))
def code(
    login: LoginArgument, workspace: WorkspaceOption = WORKSPACE, course: CourseOption = COURSE, lang: LangOption = "vi"
) -> None:
    """Make a one-time code."""
    from course.host.store.accounts import shown_code
    from grader.desk.frame import staff
    from grader.roster.versions import whoever

    by = whoever()
    _existing(workspace, course, login)
    made = _do(workspace, course, lambda connection: staff.code(connection, login, by))
    say(lang, _("Mã một lần, trao tận tay: {code}", code=shown_code(made)))


@_desk.command("list", help=_("Ai có vai nào; --log in nhật ký.\n\nVí dụ: moduong desk list --log"))
def listed(
    log: Annotated[bool, typer.Option("--log", help=_("In 200 dòng nhật ký mới nhất."))] = False,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
) -> None:
    """List accounts and roles."""
    from grader.desk.frame import staff

    if log:
        for line in _do(workspace, course, staff.log):
            typer.echo("\t".join(line))
        return
    for one in _do(workspace, course, staff.everybody):
        roles = ", ".join(f"{g.role}({g.scope})" if g.scope else g.role for g in one.grants)
        typer.echo(f"{one.login}\t{one.name}\t{roles}")


def _existing(workspace: Path, course: Path, login: str) -> None:
    from grader.desk.frame import staff

    if _do(workspace, course, lambda connection: staff.find(connection, login)) is None:
        raise ModuongError("E-DESK-3", _("Không có tài khoản «{login}»; xem «moduong desk list».", login=login))


def _do(workspace: Path, course: Path, job: Callable[[sqlite3.Connection], T]) -> T:
    from course.host.store.clerk import Clerk
    from grader.desk.frame import settings, store

    space = open_at(workspace, syllabus_of(course))
    clerk = Clerk(space.root / settings.NAME, store.connect)
    try:
        return clerk.ask(job).result()
    finally:
        clerk.close()
