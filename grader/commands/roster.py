"""What coordinators keep: the roster of cadres."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.words import _
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

if TYPE_CHECKING:
    from grader.roster.diff import Merged
    from grader.roster.records import Parsed

app = typer.Typer()
roster_app = typer.Typer(help=_("Danh sách cán bộ: đơn vị, người, chức vụ."), no_args_is_help=True)
app.add_typer(roster_app, name="roster")


@roster_app.command(
    "sample",
    help=_(
        "Ghi một danh sách hư cấu có cài sẵn lỗi, để làm thử.\n\n"
        "Ví dụ: moduong roster sample roster --size demo --seed 1"
    ),
)
def roster_sample(
    folder: Annotated[Path, typer.Argument(help=_("Thư mục để ghi vào."))] = Path("roster"),
    size: Annotated[
        str, typer.Option("--size", help=_("demo (khoảng 180 cán bộ lãnh đạo) hoặc full (khoảng 1.980)."))
    ] = "demo",
    seed: Annotated[int, typer.Option("--seed", help=_("Cùng một số thì ra cùng một danh sách."))] = 1,
    attempts: Annotated[bool, typer.Option("--attempts", help=_("Ghi thêm attempts.csv mô phỏng."))] = False,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help=_("Ghi thêm danh sách thành một tệp Excel, danh-sach.xlsx."))
    ] = False,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write an invented roster with planted faults, to try things out."""
    from grader.completion import attempts_sample
    from grader.roster import sample as stage

    stage.write(folder, size, seed, workbook=xlsx)
    if attempts or (folder / "attempts.csv").exists():  # of an earlier sample: it would not belong to this roster
        attempts_sample.write(folder, syllabus_of(course), seed)
    say(lang, _("Đã ghi danh sách mẫu vào {folder}.", folder=folder))


@roster_app.command(
    "template",
    help=_(
        "Ghi danh sách trống thành tệp Excel: danh sách để chọn, mỗi trang một dòng ví dụ, và trang hướng dẫn.\n\n"
        "Ví dụ: moduong roster template danh-sach.xlsx"
    ),
)
def roster_template(
    file: Annotated[Path, typer.Argument(help=_("Tệp Excel cần ghi."))] = Path("danh-sach.xlsx"),
    lang: LangOption = "vi",
) -> None:
    """Write an empty roster as a workbook: drop-down lists, an example row on each sheet, and an explanation."""
    from grader.roster import template as stage

    stage.write(file)
    say(lang, _("Đã ghi bản mẫu {file}. Hãy mở bằng Excel, bắt đầu từ trang «Hướng dẫn».", file=file))


@roster_app.command(
    "import",
    help=_(
        "Nạp danh sách vào thư mục làm việc và nói điều thay đổi: dòng mới, thay đổi, kết thúc, giữ nguyên, bị "
        "loại.\n\n"
        "Ví dụ: moduong roster import danh-sach.xlsx --dry-run"
    ),
)
def roster_import(
    source: Annotated[
        Path, typer.Argument(help=_("Thư mục có units.csv, people.csv, posts.csv, hoặc một tệp .xlsx có các trang ấy."))
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Chỉ nói điều sẽ thay đổi, không ghi gì."))] = False,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help=_("Tệp là toàn bộ sự thật: dòng tệp không có thì gỡ bỏ. Không có tùy chọn này thì giữ.")
        ),
    ] = False,
    rejects: Annotated[Path | None, typer.Option("--rejects", help=_("Ghi mọi dòng bị loại vào tệp CSV này."))] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Take a roster into the workspace and say what that changes: new, changed, ended, kept, rejected rows."""
    from grader.roster import read as stage
    from grader.roster import words

    rows = stage.parse(source, syllabus_of(course).offices)
    merged, saved = _take(rows, workspace, course, dry_run=dry_run, replace=replace)
    rejected = merged.roster.rejected
    if rejects is None and not dry_run and len(rejected) > words.SHOWN:
        rejects = workspace / "reports" / "roster-rejects.csv"
    if rejects:
        words.write_rejects(rejects, rejected, lang)
    if as_json:
        said = {"source": str(source), "dry_run": dry_run, "replace": replace, "saved": saved}
        typer.echo(json.dumps(said | words.to_json(merged, rows.tables, lang), ensure_ascii=False, indent=1))
        return
    for line in words.lines(merged, rows.tables, lang):
        typer.echo(line)
    _say_end(lang, merged, rejects, dry_run=dry_run, saved=saved)


def _take(rows: Parsed, workspace: Path, course: Path, *, dry_run: bool, replace: bool) -> tuple[Merged, bool]:
    """Merge the rows into what is stored; return the outcome and whether anything was written."""
    from grader.ground import database
    from grader.ground.workspace import Workspace
    from grader.roster import diff as roster_diff
    from grader.roster import store as roster_store

    rules = syllabus_of(course)
    if dry_run:
        stored = None
        if Workspace(workspace).config.exists():
            with gradebook_of(open_at(workspace, rules)).connect() as connection:
                stored = roster_store.load(connection)
        return roster_diff.merge(stored, rows, whole=replace), False
    with database.writing(gradebook_of(open_at(workspace, rules))) as connection:
        stored = roster_store.load(connection)
        merged = roster_diff.merge(stored, rows, whole=replace)
        if merged.roster != stored:
            roster_store.save(connection, merged.roster)
    return merged, merged.roster != stored


def _say_end(lang: str, merged: Merged, rejects: Path | None, *, dry_run: bool, saved: bool) -> None:
    from grader.roster.words import SHOWN

    found = merged.roster
    if rejects:
        say(lang, _("Mọi dòng bị loại ({count}): {rejects}", count=len(found.rejected), rejects=rejects))
    elif len(found.rejected) > SHOWN:
        say(lang, _("Ghi mọi dòng bị loại ra tệp: --rejects TỆP.csv"))
    said = (
        f"{len(found.units)} đơn vị, {len(found.people)} người, {len(found.posts)} chức vụ",
        f"{len(found.units)} units, {len(found.people)} people, {len(found.posts)} posts",
    )
    if dry_run:
        say(lang, _("Chạy thử: chưa ghi gì. Nếu nạp, danh sách sẽ có {said}.", said=said[0], said2=said[1]))
    elif saved:
        say(lang, _("Đã nạp: danh sách có {said}.", said=said[0], said2=said[1]))
    else:
        say(lang, _("Không có gì thay đổi: danh sách có {said}.", said=said[0], said2=said[1]))
