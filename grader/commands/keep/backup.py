"""Backup while the course runs, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
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
    from grader.ground.workspace import Workspace

app = typer.Typer()
ToOption = Annotated[
    Path | None, typer.Option("--to", help=_("Thư mục giữ các bản sao lưu; bỏ trống là thư mục cạnh thư mục làm việc."))
]
_SHOWN = 5


@app.command(
    help=_(
        "Sao lưu trong khi khóa học vẫn chạy: sổ điểm, đáp án, bản phát, tệp cấu hình, kèm bản kê có mã kiểm.\n\n"
        "Bài nộp như đã nhận ở attempts/ không nằm trong bản sao; hãy chép riêng thư mục đó.\n\n"
        "Ví dụ: moduong backup --to /mnt/sao-luu"
    )
)
def backup(
    to: ToOption = None,
    most: Annotated[int, typer.Option("--keep", min=1, help=_("Giữ bao nhiêu bản gần nhất trong thư mục đó."))] = 14,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Make a backup while the course runs, and say where it is."""
    from grader.keep import backup as stage

    space = open_at(workspace, syllabus_of(course))
    made = stage.make(space, gradebook_of(space), clock()[0], to, most)
    said = _(
        "{folder}: {files} tệp, {attempts} lượt làm trong sổ.",
        folder=made.folder,
        files=len(made.files),
        attempts=made.attempts,
    )
    say(lang, said)


@app.command(
    help=_(
        "Đưa bản sao lưu về chỗ cũ rồi dựng lại từ attempts/ những lượt mà bản sao chưa có. Không ghi đè gì: sổ điểm "
        "đang có được đổi tên và giữ lại, tệp đang có ở nguyên.\n\n"
        "Trước đó hãy dừng mọi lệnh khác. Không chỉ bản sao nào thì lấy bản gần nhất; không có bản nào thì chỉ dựng "
        "lại từ attempts/.\n\n"
        "Ví dụ: moduong restore workspace-backup/20261130T184500Z"
    )
)
def restore(
    folder: Annotated[Path | None, typer.Argument(help=_("Thư mục của một bản sao lưu."))] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Put a backup back, rebuild from attempts/ what it lacks, and say what was done."""
    from grader.ground.workspace import Workspace as Space
    from grader.keep import backup as backups
    from grader.keep import restore as stage

    rules, now = syllabus_of(course), clock()[0]
    found_at = stage.chosen(Space(workspace.absolute()), folder)
    found = backups.read(found_at) if found_at is not None else None
    if found is not None:
        stage.operators_file_first(workspace.absolute(), found)
    space = open_at(workspace, rules)
    if found is None:
        aside = _begin_anew(space)
    else:
        _into_server(space, found.folder)
        done = stage.put_back(space, found, now)
        aside = done.aside
        say(lang, _("{folder}: đưa về {files} tệp đang thiếu.", folder=found.folder, files=len(done.files)))
        if done.differing:
            names = ", ".join(done.differing[:_SHOWN])
            say(lang, _("Khác bản sao nên giữ nguyên: {count} tệp ({names}).", count=len(done.differing), names=names))
    if aside is not None:
        say(lang, _("Sổ điểm trước đó nay ở {aside}.", aside=aside))
    _fill_up(space, rules.course.id, [found_at.parent] if found_at is not None else [], lang)


def _into_server(space: Workspace, folder: Path) -> None:
    """Fill the empty database of a server from the file in the backup; a SQLite gradebook is put in place as it is."""
    from grader.gradebook import nbgrader_bridge
    from grader.ground import database
    from grader.ground.workspace import GRADEBOOK
    from grader.keep import copying

    if database.file_of(space.database) is not None:
        return
    source, target = database.reach(f"sqlite:///{folder / GRADEBOOK}"), nbgrader_bridge.prepared(space.database, space)
    copying.copy(source, target)
    for engine in (source, target):
        engine.dispose()


def _begin_anew(space: Workspace) -> Path | None:
    """Without any backup: put an unusable gradebook aside, so that a new one is made; refuse where one is in use."""
    from grader.ground import database
    from grader.keep import restore as stage

    file = database.file_of(space.database)
    if file is None or not file.exists():
        return None
    try:
        gradebook_of(space).dispose()
    except ModuongError as error:
        if error.code not in {"E-DB-6", "E-DB-7"}:
            raise
        return stage.set_aside(file, clock()[0])
    raise ModuongError("E-BAK-4", _("{file}: sổ điểm vẫn dùng được và không có bản sao lưu nào để đưa về.", file=file))


def _fill_up(space: Workspace, course_id: str, beside: Sequence[Path], lang: str) -> None:
    """Enter what was kept and is not in the ledger, and erase again whoever was erased."""
    from grader.gradebook import lost, nbgrader_bridge
    from grader.ground import database
    from grader.intake import rebuild as stage
    from grader.keep import erasures, person

    older = database.reach(space.database)
    database.upgrade(older)
    older.dispose()
    engine = nbgrader_bridge.open_gradebook(space, anew=True)
    erased = erasures.noted(space, *beside)
    with database.writing(engine) as connection:
        count, unread = stage.rebuild(space, connection, {one.person for one in erased})
    for one in erased:
        erasures.note(space, one)
        person.apply(space, engine, course_id, one)
    with engine.connect() as connection:
        lost.refuse_if_empty(space, connection)
    say(lang, _("Dựng lại từ bài nộp đã giữ: {count} lượt. Hãy chạy «moduong grade» để chấm chúng.", count=count))
    if erased:
        say(lang, _("Đã xóa lại {count} người từng được xóa theo yêu cầu.", count=len(erased)))
    for folder in unread:
        say(lang, _("{folder}: không đọc được phiếu tiếp nhận nên để nguyên.", folder=folder))
