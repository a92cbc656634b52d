"""What coordinators ask: who is trained as of a date, the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from grader.commands.console import (
    COURSE,
    WORKSPACE,
    CourseOption,
    JsonOption,
    LangOption,
    WorkspaceOption,
    clock,
    day_of,
    gradebook_of,
    open_at,
    say,
    syllabus_of,
)

app = typer.Typer()


RosterOption = Annotated[
    Path | None,
    typer.Option("--roster", help="Folder with units.csv, people.csv, posts.csv; the workspace's when left out."),
]
AttemptsOption = Annotated[
    Path | None, typer.Option("--attempts", help="attempts.csv; the workspace's ledger when left out.")
]


@app.command()
def completion(
    roster: RosterOption = None,
    attempts: AttemptsOption = None,
    as_of: Annotated[str, typer.Option("--as-of", help="As-of date, such as 2026-10-31; today when left out.")] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Count who is trained, per target and corporation, as of a date.

    Example: moduong completion --roster roster --attempts attempts.csv --as-of 2026-10-31 --json
    """
    from grader.report import run as reporting

    rules = syllabus_of(course)
    now, _ = clock()
    day = day_of(as_of) if as_of else now.astimezone(rules.course.zone).date()
    found = reporting.count(rules, lambda: gradebook_of(open_at(workspace, rules)), day, now, roster, attempts)
    if as_json:
        typer.echo(json.dumps(found.to_json(lang), ensure_ascii=False, indent=1))
        return
    from grader.report import summary

    for line in summary.lines(found, lang):
        typer.echo(line)


@app.command()
def report(
    as_of: Annotated[str, typer.Option("--as-of", help="As-of date, such as 2026-10-31; today when left out.")] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="Also print report.pdf (needs Chromium).")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Also write report.xlsx.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Also write the tables as CSV for Excel.")] = False,
    scope: Annotated[str, typer.Option("--scope", help="Report one unit and what is below it.")] = "",
    named: Annotated[
        bool, typer.Option("--named", help="Name the people still missing; confidential, kept apart and logged.")
    ] = False,
    wave: Annotated[
        list[str] | None, typer.Option("--wave", help="An election to come, such as 2028-10-15=35 (per cent replaced).")
    ] = None,
    indicators: Annotated[
        Path | None, typer.Option("--indicators", help="indicators.csv; the roster folder's when left out.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history/--no-history", help="Show the quarters before, and a forecast.")
    ] = True,
    seed: Annotated[int, typer.Option("--seed", help="Of the forecast's simulation.")] = 1,
    roster: RosterOption = None,
    attempts: AttemptsOption = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write report.html and report.json: targets, corporations, shortfall, pace and forecast, with date and rule.

    Example: moduong report --as-of 2026-10-31 --pdf --xlsx
    """
    from grader.completion import forecast
    from grader.report import run as reporting
    from grader.report.page import Options

    rules = syllabus_of(course)
    now, simulated = clock()
    space = open_at(workspace, rules)
    day = day_of(as_of) if as_of else now.astimezone(rules.course.zone).date()
    path, _ = reporting.write(
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
    for vi, en, kind, wanted in (("Bảng tính", "Workbook", "xlsx", xlsx), ("Bản in", "Print", "pdf", pdf)):
        if wanted:
            say(lang, f"{vi}: {path.with_suffix(f'.{kind}')}", f"{en}: {path.with_suffix(f'.{kind}')}")
    say(lang, f"Báo cáo: {path}", f"Report: {path}")
