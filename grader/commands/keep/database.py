"""The database: brought to this version's tables, moved to another engine."""

from __future__ import annotations

from typing import Annotated

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
from grader.commands.keep.backup import ToOption
from grader.ground.clock import clock

app = typer.Typer()
db_app = typer.Typer(help=_("Cơ sở dữ liệu: lên phiên bản mới, chuyển sang máy chủ cơ sở dữ liệu."))
app.add_typer(db_app, name="db")


@db_app.command(
    "upgrade",
    help=_(
        "Đưa sổ điểm của bản moduong cũ lên phiên bản mới, sau khi tự sao lưu. Mọi điểm giữ nguyên; chạy lại không đổi "
        "gì.\n\nVí dụ: moduong db upgrade"
    ),
)
def db_upgrade(
    to: ToOption = None, workspace: WorkspaceOption = WORKSPACE, course: CourseOption = COURSE, lang: LangOption = "vi"
) -> None:
    """Bring the gradebook to this version's tables after a backup; every mark stays."""
    from grader.ground import database, schema
    from grader.keep import backup as stage

    space = open_at(workspace, syllabus_of(course))
    engine = database.reach(space.database)
    with engine.connect() as connection:
        found = schema.version(connection)
    if 0 < found < schema.latest():
        made = stage.make(space, engine, clock()[0], to)
        say(lang, _("Đã sao lưu vào {folder}.", folder=made.folder))
        database.upgrade(engine)
    engine.dispose()
    gradebook_of(space).dispose()
    say(lang, _("Sổ điểm ở phiên bản {version}.", version=schema.latest()))


@db_app.command(
    "move",
    help=_(
        "Chép sổ điểm sang cơ sở dữ liệu trống khác (ví dụ PostgreSQL) và so từng dòng. Sổ cũ giữ nguyên; sau đó "
        "anh/chị tự sửa db_url trong nbgrader_config.py.\n\n"
        "Trước đó hãy dừng mọi lệnh khác.\n\n"
        "Ví dụ: moduong db move postgresql+psycopg://moduong@/moduong"
    ),
)
def db_move(
    url: Annotated[str, typer.Argument(help=_("Địa chỉ của cơ sở dữ liệu đích, đang trống."))],
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Copy the gradebook to another, empty database and compare every row; the old one stays as it is."""
    from grader.gradebook import nbgrader_bridge
    from grader.keep import copying

    space = open_at(workspace, syllabus_of(course))
    source = gradebook_of(space)
    target = nbgrader_bridge.prepared(url, space)
    found = copying.copy(source, target)
    for engine in (source, target):
        engine.dispose()
    rows = sum(table.rows for table in found.values())
    say(lang, _("Đã chép và so {tables} bảng, {rows} dòng: giống nhau.", tables=len(found), rows=rows))
    say(lang, _('Nay sửa nbgrader_config.py: c.CourseDirectory.db_url = "{url}"', url=url))
