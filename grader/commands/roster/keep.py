"""``moduong roster``: versions, the way back, exports, and what in the stored roster is doubtful."""

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
from grader.commands.roster.group import app, day_of, roster_app
from grader.ground.clock import clock

__all__ = ["app"]  # the same as in ``group``, with the commands of this module

if TYPE_CHECKING:
    from grader.ground.syllabus import Syllabus
    from grader.roster.records import Roster

PersonArgument = Annotated[str, typer.Argument(help=_("Mã cán bộ, như trong tệp của roster export."))]
UnitArgument = Annotated[str, typer.Argument(help=_("Mã đơn vị."))]
PostArgument = Annotated[str, typer.Argument(help=_("Chức vụ: chair, acting_chair, vice_chair … hoặc từ tiếng Việt."))]
ByOption = Annotated[str, typer.Option("--by", help=_("Ai làm việc này; bỏ trống thì là người dùng máy."))]
SinceOption = Annotated[
    str, typer.Option("--since", help=_("Ngày bắt đầu của chức vụ muốn nói, khi người ấy giữ chức này nhiều lần."))
]


@roster_app.command(
    "versions",
    help=_("Liệt kê các bản danh sách: lúc nào, ai nạp, từ tệp nào, bao nhiêu dòng.\n\nVí dụ: moduong roster versions"),
)
def roster_versions(
    workspace: WorkspaceOption = WORKSPACE, course: CourseOption = COURSE, lang: LangOption = "vi"
) -> None:
    """List the versions of the roster: when, by whom, from which file, how many rows."""
    from grader.roster import versions as stage

    rules = syllabus_of(course)
    with gradebook_of(open_at(workspace, rules)).connect() as connection:
        known = stage.entries(connection)
    standing = stage.stack(known)
    for entry in known:
        at = clock_of(entry.at, rules)
        rows = "/".join(str(number) for number in entry.rows.values())
        mark = "*" if entry is known[-1] else "-" if entry not in standing else " "
        typer.echo(
            f"{mark} {entry.version}  {at}  {entry.what}  {entry.by}  {entry.source}  {rows}  {entry.digest[:12]}"
        )
    say(
        lang,
        _(
            "* bản đang dùng; - đã được quay lại. Số cuối: đơn vị/người/chức vụ/khóa ngoài. Quay lại một bản: "
            "moduong roster undo."
        ),
    )


def clock_of(at: str, rules: Syllabus) -> str:
    """Return an instant of the list of versions in the course's zone, to the minute."""
    from datetime import datetime

    if not at:
        return "—"
    return f"{datetime.fromisoformat(at).astimezone(rules.course.zone):%d/%m/%Y %H:%M}"


@roster_app.command(
    "check",
    help=_(
        "Nói chỗ nào trong danh sách còn ngờ, ảnh hưởng thế nào đến chỉ tiêu, và lệnh nào sửa được.\n\nVí dụ: "
        "moduong roster check"
    ),
)
def roster_check(
    as_of: Annotated[str, typer.Option("--as-of", help=_("Ngày chốt, ví dụ 2026-10-31; bỏ trống là hôm nay."))] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Say what in the stored roster is doubtful, what it does to the targets, and which command mends it."""
    from grader.completion import count, ledger_progress
    from grader.roster import lineage, occupancy, store, todo

    rules, (now, _simulated) = syllabus_of(course), clock()
    day = day_of(as_of) if as_of else now.astimezone(rules.course.zone).date()
    with gradebook_of(open_at(workspace, rules)).connect() as connection:
        roster = store.required(connection)
        count.refuse_day(rules, day, now)
        found = count.decide(rules, roster, ledger_progress.read(connection, rules, roster), day, now)
    structure = lineage.on(roster.units, day, rules.offices)
    states = occupancy.states(occupancy.in_force(roster, day), roster.units, structure, day)
    for finding in found.impossible:
        typer.echo(f"{finding.code} {finding.message(lang)}")
    tasks = todo.tasks([*roster.rejected, *found.warnings], states)
    for line in todo.lines(tasks, lang, most=50):
        typer.echo(line)
    if not tasks:
        say(lang, _("Không có điều gì cần làm."))


@roster_app.command(
    "undo", help=_("Đưa danh sách về đúng như trước lần thay đổi cuối, từng dòng.\n\nVí dụ: moduong roster undo")
)
def roster_undo(
    by: ByOption = "", workspace: WorkspaceOption = WORKSPACE, course: CourseOption = COURSE, lang: LangOption = "vi"
) -> None:
    """Bring back the roster as it was before the last change, row by row."""
    from grader.ground import database
    from grader.roster import versions as stage

    with database.writing(gradebook_of(open_at(workspace, syllabus_of(course)))) as connection:
        undone, back = stage.undo(connection, stage.whoever(by), clock()[0])
    rows = f"{back.rows['units']} / {back.rows['people']} / {back.rows['posts']}"
    say(
        lang,
        _(
            "Đã quay lại trước lần {version} ({what} {source}). Danh sách lại có {rows} đơn vị / người / chức "
            "vụ. Muốn nạp lại thì nạp tệp ấy một lần nữa.",
            version=undone.version,
            what=undone.what,
            source=undone.source,
            rows=rows,
        ),
    )


@roster_app.command(
    "export",
    help=_(
        "Ghi danh sách đang lưu ra tệp; nạp lại thì không có gì thay đổi.\n\nVí dụ: moduong roster export "
        "danh-sach-dang-dung.xlsx"
    ),
)
def roster_export(
    target: Annotated[Path, typer.Argument(help=_("Thư mục cho ba tệp CSV, hoặc tên tệp kết thúc bằng .xlsx."))],
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write the roster as it is stored; roster import takes it back unchanged."""
    from grader.keep import names_read
    from grader.roster import export as stage

    roster = _roster(workspace, course)
    space = open_at(workspace, syllabus_of(course))
    names_read.note(space.reports(), "roster export", clock()[0], str(target), len(roster.people))
    files = stage.write(roster, target)
    say(lang, _("Đã ghi: {value}.", value=", ".join(map(str, files))))


def _roster(workspace: Path, course: Path) -> Roster:
    from grader.roster import store

    with gradebook_of(open_at(workspace, syllabus_of(course))).connect() as connection:
        return store.required(connection)
