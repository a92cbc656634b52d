"""The attempt ledger on the command line: show it, and enter what only people can decide."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from course.words import _
from grader.commands.console import (
    COURSE,
    WORKSPACE,
    CourseOption,
    LangOption,
    WorkspaceOption,
    chosen,
    day_of,
    gradebook_of,
    open_at,
    publish_feedback,
    say,
    syllabus_of,
)
from grader.ground.clock import clock

app = typer.Typer()
ledger_app = typer.Typer(invoke_without_command=True)
app.add_typer(ledger_app, name="ledger")
ByOption = Annotated[str, typer.Option("--by", help=_("Tên điều phối viên."))]
NoteOption = Annotated[str, typer.Option("--note", help=_("Lý do; được giữ trong sổ lượt làm."))]


@ledger_app.callback(
    help=_(
        "Xem sổ lượt làm, hoặc in thành attempts.csv; ghi quyết định của điều phối viên.\n\n"
        "Ví dụ: moduong ledger --csv > attempts.csv"
    )
)
def ledger(
    context: typer.Context,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("In các lượt làm thành attempts.csv."))] = False,
    lang: LangOption = "vi",
) -> None:
    """Show the attempt ledger, or print it as attempts.csv; enter what a coordinator decided."""
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
            _(
                "{person}: cần cập nhật {module} (đạt ở bản {version}; kết quả vẫn được tính).",
                person=old.person,
                module=old.module,
                version=old.version,
            ),
        )
    say(lang, _("{count} lượt làm bài.", count=len(rows)))


@ledger_app.command(
    "void",
    help=_(
        "Hủy một lượt làm vì gian lận đã xác minh: từ nay không tính ở đâu. Hai người ký.\n\n"
        'Ví dụ: moduong ledger void CB-000123.M07.2 --reason "nộp bài của người khác" --by "Lê Thị Mẫu" --by '
        '"Trần Văn Mẫu"'
    ),
)
def ledger_void(
    attempt: Annotated[str, typer.Argument(help=_("Mã lượt làm, ví dụ CB-000123.M07.2."))],
    reason: Annotated[str, typer.Option("--reason", help=_("Lý do; được giữ trong sổ lượt làm."))],
    by: Annotated[list[str], typer.Option("--by", help=_("Tên một người ký; ghi hai lần."))],
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Declare an attempt void for proven misconduct: it counts nowhere from now on. Two people sign."""
    from grader.feedback import owed
    from grader.gradebook import ledger_entries as stage
    from grader.ground import database

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    person, module, _number = attempt.rsplit(".", 2) if attempt.count(".") > 1 else ("", "", "")
    with owed.owing(space, engine, rules, owed.PAGE, [module], person):
        with database.writing(engine) as connection:
            stage.void(connection, attempt, reason, by, clock()[0])
        say(lang, _("{attempt}: đã hủy.", attempt=attempt))
        publish_feedback(space, engine, rules, module, lang, [person])


@ledger_app.command(
    "attest",
    help=_(
        "Xác nhận bài của nơi mất mạng đã nộp trước khi máy chủ nhận, nhiều nhất 7 ngày.\n\n"
        'Ví dụ: moduong ledger attest CB-000123.M07.2 --on 2026-10-30 --note "trạm mất mạng" --by "Lê Thị Mẫu"'
    ),
)
def ledger_attest(
    attempt: Annotated[str, typer.Argument(help=_("Mã lượt làm, ví dụ CB-000123.M07.2."))],
    on: Annotated[str, typer.Option("--on", help=_("Ngày đã nộp ở nơi mất mạng, ví dụ 2026-10-30."))],
    note: NoteOption,
    by: ByOption,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Attest that an offline site's hand-in was made up to 7 days before the server got it."""
    from grader.gradebook import ledger_entries as stage

    rules = syllabus_of(course)
    with gradebook_of(open_at(workspace, rules)).begin() as connection:
        counts = stage.attest(connection, attempt, day_of(on), note, by, clock()[0], rules.course.zone)
    say(
        lang, _("{attempt}: tính từ {counts:%H:%M %d/%m/%Y}.", attempt=attempt, counts=counts, value=counts.isoformat())
    )


@ledger_app.command(
    "reopen",
    help=_(
        "Mở thêm hai lượt cho người đã hết lượt và đã được kèm cặp.\n\n"
        'Ví dụ: moduong ledger reopen CB-000123 M07 --note "kèm cặp ngày 12/10" --by "Lê Thị Mẫu"'
    ),
)
def ledger_reopen(
    person: Annotated[str, typer.Argument(help=_("Mã cán bộ như trong sổ, ví dụ CB-000123."))],
    module: Annotated[str, typer.Argument(help=_("Học phần, ví dụ M07."))],
    note: NoteOption,
    by: ByOption,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Open two more attempts for somebody who has used all of them and was coached."""
    from grader.feedback import owed
    from grader.gradebook import ledger_entries as stage
    from grader.ground import database

    rules = syllabus_of(course)
    (module,) = chosen(rules, [module])
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    with owed.owing(space, engine, rules, owed.PAGE, [module], person):
        with database.writing(engine) as connection:
            limit = stage.reopen(connection, person, module, rules.attempts.limit, note, by, clock()[0])
        say(lang, _("{person} {module}: nay có {limit} lượt.", person=person, module=module, limit=limit))
        publish_feedback(space, engine, rules, module, lang, [person])
