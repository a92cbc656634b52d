"""What authors and instructors do with course text: check, build, release."""

from __future__ import annotations

import json

import typer

from grader.commands.console import (
    COURSE,
    EXERCISES,
    WORKSPACE,
    CourseOption,
    ExercisesOption,
    JsonOption,
    LangOption,
    ModulesArgument,
    WorkspaceOption,
    chosen,
    clock,
    open_at,
    say,
    syllabus_of,
    text_of,
)

app = typer.Typer()


@app.command()
def check(
    modules: ModulesArgument = None,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Find mistakes in lessons and exercises: file, line, item, field, remedy.

    Then the quality table Q1–Q17 of the course.

    With modules named, only they are looked at, and there is no table. Exit code 1: an essential finding, or a table
    that does not pass.

    Example: moduong check M02
    """
    from grader.check import inspect as stage

    rules = syllabus_of(course)
    report = stage.inspect(rules, exercises, course, modules, clock()[0].astimezone(rules.course.zone).date())
    if as_json:
        typer.echo(json.dumps(stage.report_as_json(report, lang), ensure_ascii=False, indent=1))
    else:
        for line in stage.lines(report, lang):
            typer.echo(line)
    if not report.passed:
        raise typer.Exit(1)


@app.command()
def build(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = WORKSPACE,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Make nbgrader's source notebooks, the keys and the lessons from course text.

    Example: moduong build M02
    """
    from grader.publish import build as stage

    rules = syllabus_of(course)
    texts = [text_of(rules, m, exercises, course) for m in chosen(rules, modules)]
    space = open_at(workspace, rules)
    for text in texts:
        built = stage.build(space, text)
        say(
            lang,
            f"{built.module}: {built.items} câu chấm điểm, {built.practice} câu tự luyện.",
            f"{built.module}: {built.items} graded items, {built.practice} practice questions.",
        )
        if built.problem:
            typer.echo(f"{built.problem.code}: {built.problem.text(lang)}", err=True)


@app.command()
def release(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = WORKSPACE,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Generate the learner's copies with nbgrader, prove that no key is in them, and hand them out.

    Example: moduong release M02
    """
    from grader.publish import release as stage

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    for module in chosen(rules, modules):
        done = stage.release(space, text_of(rules, module, exercises, course))
        say(
            lang,
            f"{module}: đã phát, bản {done.release}, {done.files} tệp.",
            f"{module}: released as {done.release}, {done.files} files.",
        )
