"""What authors and instructors do with course text: check, build, release."""

from __future__ import annotations

import json

import typer

from course.words import _
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
    open_at,
    say,
    syllabus_of,
    text_of,
)
from grader.ground.clock import clock

app = typer.Typer()


@app.command(
    help=_(
        "Tìm lỗi trong bài học và bài tập: tệp, dòng, câu, mục, cách sửa; rồi in bảng chất lượng Q1–Q17 của khóa "
        "học.\n\n"
        "Nêu học phần thì chỉ xem học phần ấy và không có bảng. Mã thoát 1: có lỗi thiết yếu, hoặc bảng không đạt.\n\n"
        "Ví dụ: moduong check M02"
    )
)
def check(
    modules: ModulesArgument = None,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Find mistakes in lessons and exercises: file, line, item, field, remedy."""
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


@app.command(help=_("Làm sổ nguồn cho nbgrader, đáp án và bài học từ lời văn khóa học.\n\nVí dụ: moduong build M02"))
def build(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = WORKSPACE,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Make nbgrader's source notebooks, the keys and the lessons from course text."""
    from grader.publish import build as stage

    rules = syllabus_of(course)
    texts = [text_of(rules, m, exercises, course) for m in chosen(rules, modules)]
    space = open_at(workspace, rules)
    for text in texts:
        built = stage.build(space, text)
        say(
            lang,
            _(
                "{module}: {items} câu chấm điểm, {practice} câu tự luyện.",
                module=built.module,
                items=built.items,
                practice=built.practice,
            ),
        )
        if built.problem:
            typer.echo(f"{built.problem.code}: {built.problem.text(lang)}", err=True)


@app.command(
    help=_(
        "Tạo bản phát cho người học bằng nbgrader, chứng minh không có đáp án trong đó, rồi phát.\n\n"
        "Ví dụ: moduong release M02"
    )
)
def release(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = WORKSPACE,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Generate the learner's copies with nbgrader, prove that no key is in them, and hand them out."""
    from grader.publish import release as stage

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    stage.announce(space, rules)
    for module in chosen(rules, modules):
        done = stage.release(space, text_of(rules, module, exercises, course))
        say(
            lang,
            _("{module}: đã phát, bản {release}, {files} tệp.", module=module, release=done.release, files=done.files),
        )
