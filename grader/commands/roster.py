"""What coordinators keep: the roster of cadres."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
roster_app = typer.Typer(help="The roster of cadres: units, people, posts.", no_args_is_help=True)
app.add_typer(roster_app, name="roster")


@roster_app.command("sample")
def roster_sample(
    folder: Annotated[Path, typer.Argument(help="Folder to write into.")] = Path("roster"),
    size: Annotated[str, typer.Option("--size", help="demo (about 180 leaders) or full (about 1,980).")] = "demo",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same roster.")] = 1,
    attempts: Annotated[bool, typer.Option("--attempts", help="Also write simulated attempts.csv.")] = False,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Also write the roster as one workbook, danh-sach.xlsx.")
    ] = False,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write an invented roster with planted faults, to try things out.

    Example: moduong roster sample roster --size demo --seed 1
    """
    from grader.completion import attempts_sample
    from grader.roster import sample as stage

    stage.write(folder, size, seed, workbook=xlsx)
    if attempts or (folder / "attempts.csv").exists():  # of an earlier sample: it would not belong to this roster
        attempts_sample.write(folder, syllabus_of(course), seed)
    say(lang, f"Đã ghi danh sách mẫu vào {folder}.", f"Sample roster written to {folder}.")


@roster_app.command("template")
def roster_template(
    file: Annotated[Path, typer.Argument(help="The workbook to write.")] = Path("danh-sach.xlsx"),
    lang: LangOption = "vi",
) -> None:
    """Write an empty roster as a workbook: drop-down lists, an example row on each sheet, and an explanation.

    Example: moduong roster template danh-sach.xlsx
    """
    from grader.roster import template as stage

    stage.write(file)
    say(
        lang, f"Đã ghi bản mẫu {file}. Hãy mở bằng Excel, bắt đầu từ trang «Hướng dẫn».", f"Template written to {file}."
    )


@roster_app.command("import")
def roster_import(
    source: Annotated[
        Path, typer.Argument(help="Folder with units.csv, people.csv, posts.csv, or one .xlsx with these sheets.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="The file is the whole truth: what it lacks is removed. Otherwise it is kept."),
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="Write every rejected row to this CSV file.")
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Take a roster into the workspace and say what that changes: new, changed, ended, kept, rejected rows.

    Example: moduong roster import danh-sach.xlsx --dry-run
    """
    from grader.roster import read as stage
    from grader.roster import words

    rows = stage.parse(source)
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
        say(
            lang,
            f"Mọi dòng bị loại ({len(found.rejected)}): {rejects}",
            f"All {len(found.rejected)} rejected rows: {rejects}",
        )
    elif len(found.rejected) > SHOWN:
        say(
            lang,
            "Ghi mọi dòng bị loại ra tệp: --rejects TỆP.csv",
            "Write all rejected rows to a file: --rejects FILE.csv",
        )
    said = (
        f"{len(found.units)} đơn vị, {len(found.people)} người, {len(found.posts)} chức vụ",
        f"{len(found.units)} units, {len(found.people)} people, {len(found.posts)} posts",
    )
    if dry_run:
        say(
            lang,
            f"Chạy thử: chưa ghi gì. Nếu nạp, danh sách sẽ có {said[0]}.",
            f"Dry run: nothing was written. Taken in, the roster would hold {said[1]}.",
        )
    elif saved:
        say(lang, f"Đã nạp: danh sách có {said[0]}.", f"Taken in: the roster holds {said[1]}.")
    else:
        say(lang, f"Không có gì thay đổi: danh sách có {said[0]}.", f"Nothing changed: the roster holds {said[1]}.")
