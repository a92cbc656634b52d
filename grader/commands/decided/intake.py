"""Hand-ins that wait for a person: what waits, whose they are, what is not taken."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict
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
    day_of,
    gradebook_of,
    open_at,
    policy_of,
    publish_feedback,
    say,
    syllabus_of,
)
from grader.ground.clock import clock

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.ground.syllabus import Syllabus
    from grader.ground.workspace import Workspace
    from grader.intake.confirm import Decided

app = typer.Typer()
intake_app = typer.Typer(invoke_without_command=True)
app.add_typer(intake_app, name="intake")
ByOption = Annotated[str, typer.Option("--by", help=_("Họ tên người xác nhận."))]
_SHOWN = 200


@intake_app.callback(
    help=_(
        "Xem bài nộp đang chờ người: chưa rõ của ai, hoặc có điều cần xem lại. Chưa có điểm, chưa mất lượt.\n\n"
        "Ví dụ: moduong intake"
    )
)
def intake(
    context: typer.Context,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Show the hand-ins that wait for a person."""
    from grader.intake import confirm as stage

    if context.invoked_subcommand:
        return
    with gradebook_of(open_at(workspace, syllabus_of(course))).connect() as connection:
        held = stage.waiting(connection)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in held], ensure_ascii=False, indent=1))
        return
    for one in held[:_SHOWN]:
        typer.echo(f"{one.attempt_id}  {one.received_at}  {one.source}  {one.code} {one.reason}")
    say(lang, _("{count} bài đang chờ.", count=len(held)))


@intake_app.command(
    "confirm",
    help=_(
        "Xác nhận bài nộp là của ai: cả lần nhận trong một lệnh, hoặc từng bài theo mã. Bài khi đó mới được tính.\n\n"
        'Ví dụ: moduong intake confirm bai-nop.zip --sent-by "Trần Văn Mẫu" --sent-on 2026-10-30 --by "Lê Thị Mẫu"'
    ),
)
def intake_confirm(
    sent_by: Annotated[str, typer.Option("--sent-by", help=_("Họ tên người đã gửi tệp."))],
    by: ByOption,
    wanted: Annotated[
        list[str] | None,
        typer.Argument(help=_("Tệp hoặc thư mục đã nhận, hoặc mã lượt làm; bỏ trống là mọi bài chờ xác nhận.")),
    ] = None,
    sent_on: Annotated[str, typer.Option("--sent-on", help=_("Ngày gửi; bỏ trống là hôm nay."))] = "",
    note: Annotated[str, typer.Option("--note", help=_("Ghi chú; được giữ trong sổ."))] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Confirm whose hand-ins are: a whole intake at once, or one by its id. Only then do they count."""
    from grader.feedback import owed
    from grader.intake import confirm as stage

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    now = clock()[0]
    day = day_of(sent_on) if sent_on else now.astimezone(rules.course.zone).date()
    with engine.connect() as connection:
        found = stage.chosen(stage.waiting(connection), wanted or [])
    witness = stage.Witness(by, sent_by, day.isoformat(), note)
    with owed.owing(space, engine, rules, owed.PAGE, list(rules.modules)):
        done = list(stage.confirm(space, engine, policy_of(rules, space, engine), found, witness, now))
        _tell(space, engine, rules, done, lang)


@intake_app.command(
    "refuse",
    help=_(
        "Không nhận một bài đang chờ; người nộp không mất lượt nào.\n\n"
        'Ví dụ: moduong intake refuse CB-000123.M07.2 --note "không phải của đồng chí ấy" --by "Lê Thị Mẫu"'
    ),
)
def intake_refuse(
    attempt: Annotated[str, typer.Argument(help=_("Mã lượt làm, ví dụ CB-000123.M07.2."))],
    note: Annotated[str, typer.Option("--note", help=_("Lý do; được giữ trong sổ."))],
    by: ByOption,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Refuse a hand-in that waits; no attempt is used up."""
    from grader.feedback import owed
    from grader.intake import confirm as stage

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    with engine.connect() as connection:
        held = [one for one in stage.waiting(connection) if one.attempt_id == attempt]
        (one,) = held or stage.chosen(held, [attempt])
    witness = stage.Witness(by, note=note)
    with owed.owing(space, engine, rules, owed.PAGE, list(rules.modules), one.person):
        done = stage.refuse(space, engine, policy_of(rules, space, engine), one, witness, clock()[0])
        _tell(space, engine, rules, [done] if done else [], lang)


def _tell(space: Workspace, engine: Engine, rules: Syllabus, done: Collection[Decided], lang: str) -> None:
    """Say what became of hand-ins, and tell those who handed in."""
    for one in done:
        if one.state != "accepted":
            typer.echo(f"{one.attempt_id}: {one.state} {one.code} {into(one.reason, lang)}")
    for module in sorted({one.module for one in done}):
        people = sorted({one.person for one in done if one.module == module})
        publish_feedback(space, engine, rules, module, lang, people)
    counts = Counter(one.state for one in done)
    say(lang, _("Xác nhận {accepted} trên {count} bài.", accepted=counts["accepted"], count=len(done)))
