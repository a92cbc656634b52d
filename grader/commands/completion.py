"""What coordinators ask: who is trained as of a date, the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from course.words import _
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
    say,
    syllabus_of,
)
from grader.ground.clock import clock

app = typer.Typer()


RosterOption = Annotated[
    Path | None,
    typer.Option("--roster", help=_("Thư mục có units.csv, people.csv, posts.csv; bỏ trống là danh sách đã nạp.")),
]
AttemptsOption = Annotated[
    Path | None, typer.Option("--attempts", help=_("Tệp attempts.csv; bỏ trống là sổ lượt làm."))
]


@app.command(
    help=_(
        "Đếm người đã bồi dưỡng theo chỉ tiêu và tổng công ty, đến một ngày chốt.\n\n"
        "Ví dụ: moduong completion --roster roster --attempts attempts.csv --as-of 2026-10-31 --json"
    )
)
def completion(
    roster: RosterOption = None,
    attempts: AttemptsOption = None,
    as_of: Annotated[str, typer.Option("--as-of", help=_("Ngày chốt, ví dụ 2026-10-31; bỏ trống là hôm nay."))] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Count who is trained, per target and corporation, as of a date."""
    from grader.report import run as reporting

    rules = syllabus_of(course)
    now, _counted = clock()
    day = day_of(as_of) if as_of else now.astimezone(rules.course.zone).date()
    found = reporting.count(rules, lambda: gradebook_of(open_at(workspace, rules)), day, now, roster, attempts)
    if as_json:
        typer.echo(json.dumps(found.to_json(lang), ensure_ascii=False, indent=1))
        return
    from grader.report import summary

    for line in summary.lines(found, lang):
        typer.echo(line)


@app.command(
    help=_(
        "Lập report.html và report.json: chỉ tiêu, tổng công ty, số còn thiếu, nhịp cần có và dự báo, kèm ngày "
        "chốt và quy tắc.\n\n"
        "Ví dụ: moduong report --as-of 2026-10-31 --pdf --xlsx"
    )
)
def report(
    as_of: Annotated[str, typer.Option("--as-of", help=_("Ngày chốt, ví dụ 2026-10-31; bỏ trống là hôm nay."))] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help=_("In thêm report.pdf (cần Chromium)."))] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help=_("Ghi thêm report.xlsx."))] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("Ghi thêm các bảng thành CSV cho Excel."))] = False,
    scope: Annotated[str, typer.Option("--scope", help=_("Chỉ báo cáo một đơn vị và các đơn vị bên dưới."))] = "",
    named: Annotated[
        bool, typer.Option("--named", help=_("Nêu tên người còn thiếu; tài liệu mật, để riêng và ghi nhật ký."))
    ] = False,
    wave: Annotated[
        list[str] | None,
        typer.Option("--wave", help=_("Một đợt đại hội sắp tới, ví dụ 2028-10-15=35 (phần trăm thay mới).")),
    ] = None,
    indicators: Annotated[
        Path | None,
        typer.Option("--indicators", help=_("Tệp indicators.csv; bỏ trống là tệp trong thư mục danh sách.")),
    ] = None,
    history: Annotated[bool, typer.Option("--history/--no-history", help=_("Có các quý trước và dự báo."))] = True,
    seed: Annotated[int, typer.Option("--seed", help=_("Số khởi đầu của mô phỏng dự báo."))] = 1,
    roster: RosterOption = None,
    attempts: AttemptsOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write report.html and report.json: targets, corporations, shortfall, pace and forecast, with date and rule."""
    from grader.completion import forecast
    from grader.report import run as reporting
    from grader.report.page import Options

    rules = syllabus_of(course)
    now, simulated = clock()
    space = open_at(workspace, rules)
    day = day_of(as_of) if as_of else now.astimezone(rules.course.zone).date()
    path, _counted = reporting.write(
        space,
        gradebook_of(space),
        rules,
        day,
        now,
        lang,
        simulated=simulated,
        options=Options(named, scope, dict(map(forecast.wave, wave or [])), seed),
        indicators_file=indicators,
        formats=[name for name, wanted in (("xlsx", xlsx), ("csv", as_csv), ("pdf", pdf)) if wanted],
        history=history,
        folder=roster,
        file=attempts,
    )
    if xlsx:
        say(lang, _("Bảng tính: {path}", path=path.with_suffix(".xlsx")))
    if pdf:
        say(lang, _("Bản in: {path}", path=path.with_suffix(".pdf")))
    say(lang, _("Báo cáo: {path}", path=path))
