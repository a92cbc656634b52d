"""``moduong roster``: one post added, ended or corrected without a file."""

from __future__ import annotations

from collections.abc import Callable
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
    from grader.roster.records import Roster

PersonArgument = Annotated[str, typer.Argument(help=_("Mã cán bộ, như trong tệp của roster export."))]
UnitArgument = Annotated[str, typer.Argument(help=_("Mã đơn vị."))]
PostArgument = Annotated[str, typer.Argument(help=_("Chức vụ: chair, acting_chair, vice_chair … hoặc từ tiếng Việt."))]
ByOption = Annotated[str, typer.Option("--by", help=_("Ai làm việc này; bỏ trống thì là người dùng máy."))]
SinceOption = Annotated[
    str, typer.Option("--since", help=_("Ngày bắt đầu của chức vụ muốn nói, khi người ấy giữ chức này nhiều lần."))
]


@roster_app.command(
    "add",
    help=_(
        'Thêm một chức vụ cho một người.\n\nVí dụ: moduong roster add EVNNPC-01 chair --name "Trần Thị Mẫu 001" '
        "--start 2026-10-01"
    ),
)
def roster_add(
    unit: UnitArgument,
    post: PostArgument,
    start: Annotated[str, typer.Option("--start", help=_("Ngày bắt đầu giữ chức."))],
    person: Annotated[str, typer.Option("--person", help=_("Mã cán bộ; bỏ trống nếu là người mới."))] = "",
    name: Annotated[str, typer.Option("--name", help=_("Họ và tên của người mới."))] = "",
    decision: Annotated[str, typer.Option("--decision", help=_("Số quyết định."))] = "",
    by: ByOption = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Add one post of one person."""
    from grader.roster import edit
    from grader.roster.records import OPEN, Post

    row = Post(person, unit, _post(post, course), day_of(start), OPEN, decision, 0, person)
    told: list[str] = []

    def changed(roster: Roster) -> Roster:
        after, person_id = edit.add(roster, row, name)
        told.append(person_id)
        return after

    _change("add", changed, f"{name or person} {unit} {row.post}", by, workspace, course, lang)
    say(lang, _("Mã cán bộ: {value}.", value=told[0]))


@roster_app.command(
    "end",
    help=_(
        "Ghi ngày thôi giữ chức của một chức vụ.\n\nVí dụ: moduong roster end CB-000001 EVNNPC-01 chair --on 2026-09-30"
    ),
)
def roster_end(
    person: PersonArgument,
    unit: UnitArgument,
    post: PostArgument,
    on: Annotated[str, typer.Option("--on", help=_("Ngày cuối giữ chức; vẫn tính ngày này."))],
    since: SinceOption = "",
    by: ByOption = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write down the last day of one post."""
    from grader.roster import edit

    which = edit.Which(person, unit, _post(post, course), day_of(since) if since else None)
    last = day_of(on)
    source = f"{person} {unit} {which.post}"
    _change("end", lambda roster: edit.end(roster, which, last), source, by, workspace, course, lang)


@roster_app.command(
    "correct",
    help=_(
        "Sửa một chức vụ ghi nhầm, không đụng đến dòng nào khác.\n\nVí dụ: moduong roster correct CB-000001 "
        "EVNNPC-01 chair --start 2023-06-21"
    ),
)
def roster_correct(
    person: PersonArgument,
    unit: UnitArgument,
    post: PostArgument,
    start: Annotated[str, typer.Option("--start", help=_("Ngày bắt đầu đúng."))] = "",
    end: Annotated[str, typer.Option("--end", help=_("Ngày cuối đúng; «-» nếu còn đương nhiệm."))] = "",
    to_post: Annotated[str, typer.Option("--post", help=_("Chức vụ đúng."))] = "",
    decision: Annotated[str, typer.Option("--decision", help=_("Số quyết định đúng."))] = "",
    remove: Annotated[bool, typer.Option("--remove", help=_("Không hề có chức vụ này: gỡ bỏ."))] = False,
    since: SinceOption = "",
    by: ByOption = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Correct one post that was written down wrongly, without touching any other row."""
    from grader.roster import edit
    from grader.roster.records import OPEN

    which = edit.Which(person, unit, _post(post, course), day_of(since) if since else None)

    def changed(roster: Roster) -> Roster:
        if remove:
            return edit.correct(roster, which, None)
        before = roster.posts[edit.find(roster, which)]
        right = before._replace(
            start=day_of(start) if start else before.start,
            end=before.end if not end else OPEN if end == "-" else day_of(end),
            post=_post(to_post, course) if to_post else before.post,
            decision_no=decision or before.decision_no,
        )
        return edit.correct(roster, which, right)

    _change("correct", changed, f"{person} {unit} {which.post}", by, workspace, course, lang)


def _change(
    what: str, changed: Callable[[Roster], Roster], source: str, by: str, workspace: Path, course: Path, lang: str
) -> None:
    """Change the stored roster, say what that does to the targets, and keep it as a version."""
    from grader.completion import effect, ledger_progress
    from grader.ground import database
    from grader.roster import store, versions

    rules, (now, _simulated) = syllabus_of(course), clock()
    with database.writing(gradebook_of(open_at(workspace, rules))) as connection:
        before = store.required(connection)
        after = changed(before)
        births = versions.births(connection)
        versions.save(connection, after, births, versions.Cause(what, versions.whoever(by), source), now)
        moment = now.astimezone(rules.course.zone).date(), now
        effects = effect.of(rules, before, after, lambda r: ledger_progress.read(connection, rules, r), moment)
    for one in effects:
        typer.echo(one.said())
    say(lang, _("Đã ghi: {source}. Nhầm thì: moduong roster undo.", source=source))


def _post(written: str, course: Path) -> str:
    from grader.ground.errors import ModuongError
    from grader.roster.match.words import Words

    offices = syllabus_of(course).offices
    code = Words(offices).post(written)
    if not code:
        known = ", ".join(offices.posts)
        raise ModuongError("E-POST-1", _("«{written}» không phải chức vụ; có: {known}.", written=written, known=known))
    return code
