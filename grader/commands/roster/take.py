"""``moduong roster import``: any list into the workspace, with its effect, its questions and its guards."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
    syllabus_of,
)
from grader.commands.roster import told
from grader.commands.roster.group import app, roster_app
from grader.ground.clock import clock

__all__ = ["app"]  # the same as in ``group``, with the commands of this module

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.completion.effect import Effect
    from grader.ground.offices import Offices
    from grader.ground.syllabus import Syllabus
    from grader.roster.door.taking import Draft, Now
    from grader.roster.records import Roster


@roster_app.command(
    "import",
    help=_(
        "Nạp danh sách vào thư mục làm việc và nói điều thay đổi: dòng mới, thay đổi, kết thúc, giữ nguyên, bị "
        "loại.\n\nVí dụ: moduong roster import danh-sach.xlsx --dry-run"
    ),
)
def roster_import(
    source: Annotated[
        Path,
        typer.Argument(
            help=_(
                "Danh sách như anh/chị đang giữ (.xlsx, .xls, .ods, .csv …), bản mẫu, hoặc một thư mục có các tệp CSV."
            )
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Chỉ nói điều sẽ thay đổi, không ghi gì."))] = False,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help=_("Tệp là toàn bộ sự thật: dòng tệp không có thì gỡ bỏ. Không có tùy chọn này thì giữ.")
        ),
    ] = False,
    profile: Annotated[
        Path | None,
        typer.Option(
            "--profile", help=_("Câu trả lời cho những câu mà danh sách đặt ra: đã xác nhận, giữ cho lần sau.")
        ),
    ] = None,
    start: Annotated[
        str, typer.Option("--start", help=_("Ngày bắt đầu giữ chức cho các dòng của danh sách không có cột này."))
    ] = "",
    correct: Annotated[
        bool, typer.Option("--correct", help=_("Chức vụ có ngày bắt đầu khác dòng đã lưu thì sửa dòng ấy."))
    ] = False,
    losses: Annotated[
        int | None, typer.Option("--losses", help=_("Số dòng mà lần nạp này được kết thúc hoặc gỡ bỏ, khi có nhiều."))
    ] = None,
    rejects: Annotated[Path | None, typer.Option("--rejects", help=_("Ghi mọi dòng bị loại vào tệp CSV này."))] = None,
    by: Annotated[str, typer.Option("--by", help=_("Ai làm việc này; bỏ trống thì là người dùng máy."))] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Take a list into the workspace and say what that changes: new, changed, ended, kept, rejected rows."""
    from grader.roster.door import taking

    rules = syllabus_of(course)
    engine = _engine(workspace, rules, create=not dry_run)
    before = _now(engine, workspace / "roster", profile, start, rules.offices)
    made = taking.draft(source, before, whole=replace, correct=correct, by_door=profile is not None)
    if made.questions:
        told.stop(made, workspace / "roster", lang, dry_run=dry_run, as_json=as_json)
    saved = not dry_run and engine is not None and _take(engine, made, by, losses, workspace / "roster")
    rejects = told.write_rejects(made, rejects, None if dry_run else workspace / "reports", lang)
    effects = _effects(engine, rules, made) if saved or dry_run else ()
    if as_json:
        from grader.roster import words

        said = {"source": str(source), "dry_run": dry_run, "replace": replace, "saved": saved}
        found = words.to_json(made.shown(), made.tables, lang, made.place)
        typer.echo(json.dumps(said | found | told.effect_json(effects), ensure_ascii=False, indent=1))
        return
    told.changes(rules, made, effects, lang)
    told.end(lang, made, rejects, dry_run=dry_run, saved=saved)


def _engine(workspace: Path, rules: Syllabus, *, create: bool) -> Engine | None:
    """Open the gradebook; ``None`` where there is no workspace and none is to be made."""
    from grader.ground.workspace import Workspace

    if not create and not Workspace(workspace).config.exists():
        return None
    return gradebook_of(open_at(workspace, rules))


def _now(engine: Engine | None, folder: Path, profile: Path | None, start: str, offices: Offices) -> Now:
    """Read what is stored, and the answers: of the workspace's profile, of the file that is named, of ``--start``."""
    from grader.ground import text_files
    from grader.roster import store, versions
    from grader.roster.door import profile as profiles
    from grader.roster.door.taking import Now

    answers = profiles.load(folder / profiles.FILE)
    if profile is not None:
        if not profile.exists():
            raise text_files.no_file(profile)
        answers |= profiles.load(profile)
    if start:
        answers["start:list"] = start
    if engine is None:
        return Now(0, None, {}, answers, offices)
    with engine.connect() as connection:
        roster, births = store.load(connection), versions.births(connection)
        return Now(store.version(connection), roster, births, answers, offices)


def _take(engine: Engine, made: Draft, by: str, losses: int | None, folder: Path) -> bool:
    from grader.ground import database
    from grader.roster import versions
    from grader.roster.door import profile as profiles
    from grader.roster.door import taking

    with database.writing(engine) as connection:
        saved = taking.take(connection, made, versions.whoever(by), clock()[0], losses)
    profiles.keep(folder / profiles.FILE, made.answers)
    return saved


def _effects(engine: Engine | None, rules: Syllabus, made: Draft) -> Sequence[Effect]:
    """Return what the draft does to the targets, as of today."""
    from grader.completion import effect, ledger_progress
    from grader.completion.records import Progress

    now, _simulated = clock()
    moment = now.astimezone(rules.course.zone).date(), now
    if engine is None:
        return effect.of(rules, None, made.merged.roster, lambda _: Progress({}, {}, {}, frozenset()), moment)
    with engine.connect() as connection:

        def progress(roster: Roster) -> Progress:
            return ledger_progress.read(connection, rules, roster)

        return effect.of(rules, made.stored, made.merged.roster, progress, moment)
