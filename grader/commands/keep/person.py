"""What is held of one person: given to them, erased, due to be erased; and who read names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.words import _, into
from grader.commands.console import (
    COURSE,
    WORKSPACE,
    CourseOption,
    JsonOption,
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
    from sqlalchemy.engine import Engine

    from grader.ground.syllabus import Syllabus
    from grader.ground.workspace import Workspace

app = typer.Typer()
person_app = typer.Typer(
    help=_("Dữ liệu của một người: trích cho người ấy, xóa theo yêu cầu; ai đã đọc danh sách tên.")
)
app.add_typer(person_app, name="person")
PersonArgument = Annotated[str, typer.Argument(help=_("Mã cán bộ, ví dụ CB-000123."))]
_SHOWN = 5


@person_app.command(
    "export",
    help=_(
        "Trích mọi dữ liệu đang giữ của một người thành một tệp ZIP để trao cho người ấy.\n\n"
        "Ví dụ: moduong person export CB-000123"
    ),
)
def person_export(
    person: PersonArgument,
    out: Annotated[Path | None, typer.Option("--out", help=_("Tệp ZIP; bỏ trống là trong thư mục hiện tại."))] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write all that is held of a person into a ZIP to be given to them."""
    from grader.keep import names_read
    from grader.keep import person as stage

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    found = stage.held(space, gradebook_of(space), rules.course.id, person)
    names_read.note(space.reports(), "person export", clock()[0], person, 1)
    target = out or Path(f"{person}.zip")
    files = stage.export(space, found, target)
    say(lang, _("{target}: {rows} dòng dữ liệu, {files} tệp.", target=target, rows=found.count, files=files))


@person_app.command(
    "erase",
    help=_(
        "Xóa dữ liệu của một người theo yêu cầu: họ tên, thư điện tử, câu trả lời, bài nộp, bản nháp. Điểm, ngày và "
        "chức vụ ở lại dưới một mã ngẫu nhiên, nên mọi con số đã báo cáo giữ nguyên.\n\n"
        "Lệnh hỏi lại trước khi xóa, giữ riêng một bản cho đến hết hạn, rồi sao lưu.\n\n"
        "Ví dụ: moduong person erase CB-000123"
    ),
)
def person_erase(
    person: PersonArgument,
    sure: Annotated[str, typer.Option("--sure", help=_("Gõ lại mã cán bộ thay cho câu hỏi."))] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Erase a person: words, answers, names and files go; scores and dates stay under a name drawn at random."""
    from grader.keep import person as stage

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    found = stage.held(space, engine, rules.course.id, person)
    said = _(
        "{person}: {rows} dòng dữ liệu, {files} tệp và thư mục.",
        person=person,
        rows=found.count,
        files=len(found.files),
    )
    say(lang, said)
    typed = sure or typer.prompt(into(_("Xóa thật thì gõ lại mã cán bộ"), lang), default="", show_default=False)
    if typed.strip() != person:
        raise ModuongError("E-PERSON-2", _("{person}: mã gõ lại không khớp; chưa xóa gì.", person=person))
    _erase(space, engine, rules, person, lang)


def _erase(space: Workspace, engine: Engine, rules: Syllabus, person: str, lang: str) -> None:
    from grader.keep import backup, erasures, names_read, person_files
    from grader.keep import person as stage

    now = clock()[0]
    found = stage.held(space, engine, rules.course.id, person)
    names_read.note(space.reports(), "person erase", now, person, 1)
    one = stage.erase(space, engine, rules.course.id, found, now)
    made = backup.make(space, engine, now)
    say(lang, _("{person}: đã xóa; điểm và ngày ở lại dưới mã {code}.", person=person, code=one.becomes))
    kept = erasures.kept(space, one)
    if kept.exists():
        say(lang, _("Một bản được giữ riêng đến {until}: {kept}", until=one.until[:10], kept=kept))
    say(lang, _("Các bản sao lưu cũ hơn {folder} còn dữ liệu ấy cho đến khi chúng được thay.", folder=made.folder))
    if named := person_files.named_in(space, found.words):
        names = ", ".join(str(path) for path in named[:_SHOWN])
        say(
            lang,
            _(
                "Báo cáo đã viết còn tên người này, hãy viết lại hoặc bỏ: {count} tệp ({names}).",
                count=len(named),
                names=names,
            ),
        )


@person_app.command(
    "due",
    help=_(
        "Những người đã hết hạn giữ dữ liệu theo c.Moduong.months trong nbgrader_config.py: không còn chức vụ và không "
        "nộp bài đã lâu; với --erase thì xóa. Đồng thời bỏ những bản giữ riêng đã hết hạn.\n\n"
        "Ví dụ: moduong person due"
    ),
)
def person_due(
    erase: Annotated[bool, typer.Option("--erase", help=_("Xóa dữ liệu của những người này."))] = False,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """List, or erase, people whose time has ended; remove kept versions whose time has ended."""
    from grader.ground import operators_file
    from grader.keep import erasures, retention

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine, now = gradebook_of(space), clock()[0]
    months = operators_file.read(space.root).months
    due = retention.due(engine, now, months) if months else []
    for one in due:
        say(lang, _("{person}: dấu vết cuối cùng ngày {last:%d/%m/%Y}.", person=one.person, last=one.last))
        if erase:
            _erase(space, engine, rules, one.person, lang)
    gone = erasures.expire(space, now)
    say(lang, _("{count} người hết hạn giữ dữ liệu; bỏ {gone} bản giữ riêng đã hết hạn.", count=len(due), gone=gone))


@person_app.command(
    "reads",
    help=_(
        "Ai đã đọc danh sách có họ tên, khi nào, bao nhiêu người: báo cáo, trang điều phối, bản trích, thư mời.\n\n"
        "Ví dụ: moduong person reads"
    ),
)
def person_reads(
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Say who read lists of names, when, and how many people they named."""
    from dataclasses import asdict

    from grader.keep import names_read

    space = open_at(workspace, syllabus_of(course))
    found = list(names_read.noted(space.reports()))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        typer.echo(f"{one.at}  {one.by}  {one.what}  {one.scope}  {one.people}")
    say(lang, _("{count} lần đọc danh sách có tên.", count=len(found)))
