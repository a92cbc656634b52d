"""``moduong roster import``: any list into the workspace, with its effect, its questions and its guards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from grader.commands.roster import app, roster_app
from grader.ground.clock import clock

__all__ = ["app"]  # the same as in ``roster``, with the commands of this module

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.completion.effect import Effect
    from grader.ground.offices import Offices
    from grader.ground.syllabus import Syllabus
    from grader.roster.door.asked import Question
    from grader.roster.door.taking import Draft, Now
    from grader.roster.records import Roster

_OPTIONS_SHOWN = 6


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
        _stop(made, workspace / "roster", lang, dry_run=dry_run, as_json=as_json)
    saved = not dry_run and engine is not None and _take(engine, made, by, losses, workspace / "roster")
    rejects = _write_rejects(made, rejects, None if dry_run else workspace / "reports", lang)
    effects = _effects(engine, rules, made) if saved or dry_run else ()
    if as_json:
        from grader.roster import words

        said = {"source": str(source), "dry_run": dry_run, "replace": replace, "saved": saved}
        found = words.to_json(made.shown(), made.tables, lang, made.place)
        typer.echo(json.dumps(said | found | _effect_json(effects), ensure_ascii=False, indent=1))
        return
    _say(rules, made, effects, lang)
    _say_end(lang, made, rejects, dry_run=dry_run, saved=saved)


def _write_rejects(made: Draft, path: Path | None, reports: Path | None, lang: str) -> Path | None:
    """Write the rejected rows to the file that was asked for, of many to one among the reports; return it."""
    from grader.roster import words

    rejected = [made.place(finding) for finding in made.merged.roster.rejected]
    if path is None and reports is not None and len(rejected) > words.SHOWN:
        path = reports / "roster-rejects.csv"
    if path is not None:
        words.write_rejects(path, rejected, lang)
    return path


def _say(rules: Syllabus, made: Draft, effects: Sequence[Effect], lang: str) -> None:
    """Say what changes, what that does to the targets, and what is to be done about the findings."""
    from grader.roster import words

    for line in words.lines(made.shown(), made.tables, lang, made.place):
        typer.echo(line)
    for effect in effects:
        typer.echo(effect.said())
    for line in _tasks(rules, made, lang):
        typer.echo(line)


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


def _tasks(rules: Syllabus, made: Draft, lang: str) -> Iterable[str]:
    """Return what is to be done about the findings of a draft, and about posts that cannot all be true today."""
    from grader.roster import lineage, occupancy, todo

    roster, day = made.merged.roster, clock()[0].astimezone(rules.course.zone).date()
    structure = lineage.on(roster.units, day, rules.offices)
    states = occupancy.states(occupancy.in_force(roster, day), roster.units, structure, day)
    return todo.lines(todo.tasks([*roster.rejected, *roster.warnings], states), lang)


def _effect_json(effects: Sequence[Effect]) -> dict[str, Any]:
    rates = {
        one.target: {"before": one.before.to_json() if one.before else None, "after": one.after.to_json()}
        for one in effects
    }
    return {"effect": rates}


def _stop(made: Draft, folder: Path, lang: str, *, dry_run: bool, as_json: bool) -> None:
    """Show the questions, write the proposals for a person to look at, and stop.

    Raises:
        ModuongError: ``E-DOOR-1`` always.
    """
    from grader.roster.door import profile as profiles
    from grader.roster.door import taking

    if as_json:
        typer.echo(
            json.dumps(
                {"source": made.source, "saved": False, "questions": [_asked(q) for q in made.questions]},
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for question in made.questions:
            _show(question, lang)
        for finding in map(made.place, made.merged.roster.warnings):
            if finding.code == "ROS-W20":
                typer.echo(f"{finding.file}: {finding.code} {finding.message(lang)}")
    if made.losses.many:
        say(
            lang,
            _(
                "Nạp như đang đọc sẽ kết thúc hoặc gỡ bỏ {total} dòng ({lost}).",
                total=made.losses.total,
                lost=made.losses.said(),
            ),
        )
    if not dry_run:
        path = folder / profiles.PROPOSED
        if profiles.propose(path, made.questions, made.answers, lang):
            say(
                lang,
                _(
                    "{path} có từ trước: câu trả lời còn dùng được thì giữ; bản cũ ở {before}.",
                    path=path,
                    before=path.with_name(profiles.BEFORE),
                ),
            )
        say(lang, _("Đề xuất đã ghi vào {path}. Hãy đọc và sửa, rồi chạy lại với --profile {path}", path=path))
    raise taking.open_questions(made.source, made.questions)


def _show(question: Question, lang: str) -> None:
    typer.echo(f"? {into(question.said, lang)}")
    likely = next((one for one in question.options if one.value == question.proposal), None)
    if likely:
        typer.echo(f"    → {into(likely.said, lang)}")
    else:
        for one in question.options[:_OPTIONS_SHOWN]:
            typer.echo(f"    {one.value} = {into(one.said, lang)}")


def _asked(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "question": question.said,
        "options": {one.value: one.said for one in question.options},
        "proposal": question.proposal,
        "rows": question.rows,
    }


def _say_end(lang: str, made: Draft, rejects: Path | None, *, dry_run: bool, saved: bool) -> None:
    from grader.roster.words import SHOWN

    found = made.merged.roster
    if rejects:
        say(lang, _("Mọi dòng bị loại ({count}): {rejects}", count=len(found.rejected), rejects=rejects))
    elif len(found.rejected) > SHOWN:
        say(lang, _("Ghi mọi dòng bị loại ra tệp: --rejects TỆP.csv"))
    said = _(
        "{units} đơn vị, {people} người, {posts} chức vụ",
        units=len(found.units),
        people=len(found.people),
        posts=len(found.posts),
    )
    if dry_run:
        say(lang, _("Chạy thử: chưa ghi gì. Nếu nạp, danh sách sẽ có {said}.", said=said))
        if made.losses.many:
            say(
                lang,
                _(
                    "Lần nạp này kết thúc hoặc gỡ bỏ {total} dòng ({lost}); khi nạp cần --losses {total}.",
                    total=made.losses.total,
                    lost=made.losses.said(),
                ),
            )
    elif saved:
        say(lang, _("Đã nạp: danh sách có {said}.", said=said))
    else:
        say(lang, _("Không có gì thay đổi: danh sách có {said}.", said=said))
