"""The attempt ledger on the command line: show it, and enter what only people can decide."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from grader.commands.console import (
    COURSE,
    WORKSPACE,
    CourseOption,
    LangOption,
    WorkspaceOption,
    chosen,
    clock,
    day_of,
    gradebook_of,
    open_at,
    publish_feedback,
    say,
    syllabus_of,
)

app = typer.Typer()
ledger_app = typer.Typer(invoke_without_command=True)
app.add_typer(ledger_app, name="ledger")
ByOption = Annotated[str, typer.Option("--by", help="Name of the coordinator.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why; kept in the ledger.")]


@ledger_app.callback()
def ledger(
    context: typer.Context,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print attempts.csv.")] = False,
    lang: LangOption = "vi",
) -> None:
    """Show the attempt ledger, or print it as attempts.csv; enter what a coordinator decided.

    Example: moduong ledger --csv > attempts.csv
    """
    from collections import Counter

    from grader.gradebook import ledger as stage

    if context.invoked_subcommand:
        return
    rules = syllabus_of(course)
    with gradebook_of(open_at(workspace, rules)).connect() as connection:
        rows = stage.export_rows(connection, rules.course.zone, rules.modules)
    if as_csv:
        sys.stdout.write(stage.to_csv(rows))
        return
    for (module, status), count in sorted(Counter((r[2], r[8]) for r in rows).items()):
        typer.echo(f"{module}  {status:16} {count}")
    for old in stage.outdated(rows, rules.modules, rules.course.version):
        say(
            lang,
            f"{old.person}: cần cập nhật {old.module} (đạt ở bản {old.version}; kết quả vẫn được tính).",
            f"{old.person}: {old.module} to be refreshed (passed in {old.version}; the pass still counts).",
        )
    say(lang, f"{len(rows)} lượt làm bài.", f"{len(rows)} attempts.")


@ledger_app.command("void")
def ledger_void(
    attempt: Annotated[str, typer.Argument(help="Attempt id, such as CB-000123.M07.2.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the ledger.")],
    by: Annotated[list[str], typer.Option("--by", help="Name of one who signs; give it twice.")],
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Declare an attempt void for proven misconduct: it counts nowhere from now on. Two people sign.

    Example: moduong ledger void CB-000123.M07.2 --reason "nộp bài của người khác" --by "Lê Thị Mẫu" --by "Trần Văn Mẫu"
    """
    from grader.gradebook import ledger_entries as stage
    from grader.ground import database

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    with database.writing(engine) as connection:
        stage.void(connection, attempt, reason, by, clock()[0])
    say(lang, f"{attempt}: đã hủy.", f"{attempt}: void.")
    person, module, _ = attempt.rsplit(".", 2)
    publish_feedback(space, engine, rules, module, lang, [person])


@ledger_app.command("attest")
def ledger_attest(
    attempt: Annotated[str, typer.Argument(help="Attempt id, such as CB-000123.M07.2.")],
    on: Annotated[
        str, typer.Option("--on", help="The day on which it was handed in at the offline site, such as 2026-10-30.")
    ],
    note: NoteOption,
    by: ByOption,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Attest that an offline site's hand-in was made up to 7 days before the server got it.

    Example: moduong ledger attest CB-000123.M07.2 --on 2026-10-30 --note "trạm mất mạng" --by "Lê Thị Mẫu"
    """
    from grader.gradebook import ledger_entries as stage

    rules = syllabus_of(course)
    with gradebook_of(open_at(workspace, rules)).begin() as connection:
        counts = stage.attest(connection, attempt, day_of(on), note, by, clock()[0], rules.course.zone)
    say(lang, f"{attempt}: tính từ {counts:%H:%M %d/%m/%Y}.", f"{attempt}: counts from {counts.isoformat()}.")


@ledger_app.command("reopen")
def ledger_reopen(
    person: Annotated[str, typer.Argument(help="Person id as in the ledger, such as CB-000123.")],
    module: Annotated[str, typer.Argument(help="The module, such as M07.")],
    note: NoteOption,
    by: ByOption,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Open two more attempts for somebody who has used all of them and was coached.

    Example: moduong ledger reopen CB-000123 M07 --note "kèm cặp ngày 12/10" --by "Lê Thị Mẫu"
    """
    from grader.gradebook import ledger_entries as stage
    from grader.ground import database

    rules = syllabus_of(course)
    (module,) = chosen(rules, [module])
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    with database.writing(engine) as connection:
        limit = stage.reopen(connection, person, module, rules.attempts.limit, note, by, clock()[0])
    say(lang, f"{person} {module}: nay có {limit} lượt.", f"{person} {module}: {limit} attempts now.")
    publish_feedback(space, engine, rules, module, lang, [person])
