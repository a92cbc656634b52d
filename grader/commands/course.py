"""What authors and instructors do with course text: check, build, release."""

from __future__ import annotations

import json
from typing import Annotated

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
        if built.ids:
            say(lang, _("{path}: mã các phương án đã đổi; hãy commit tệp này cùng bài tập.", path=built.ids))
        if built.own:
            said = _(
                "{module}: giữ {own} ô của anh/chị trong sổ nguồn (bản trước ở source-truoc/).",
                module=built.module,
                own=built.own,
            )
            say(lang, said)
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


@app.command(
    help=_(
        "Bắt đầu một học phần, hay một khóa học (course): viết các tệp có chỗ ⟨…⟩ để điền, rồi nêu những gì còn thiếu."
        "\n\n"
        "Không ghi đè tệp nào.\n\n"
        "Ví dụ: moduong new M11 --types single,number"
    )
)
def new(
    name: Annotated[str, typer.Argument(help=_("Mã học phần mới, như M11; hoặc course."))],
    types: Annotated[
        str, typer.Option("--types", help=_("Các loại câu, cách nhau dấu phẩy; all là mọi loại."))
    ] = "all",
    title: Annotated[str, typer.Option("--title", help=_("Tên học phần."))] = "",
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Begin a module or a course; say what its author still has to write."""
    from grader.itemtypes import TYPES
    from grader.text import module_text, scaffold

    kinds = list(TYPES) if types == "all" else [kind.strip() for kind in types.split(",")]
    if name == "course":
        written = scaffold.course(course, "khoa-moi", kinds, exercises, lang)
        name = "M01"
    else:
        written = scaffold.module(name, title, kinds, exercises, course, syllabus_of(course).course.language)
    for path in written:
        say(lang, _("đã viết {path}", path=path))
    rules = syllabus_of(course)
    if name not in rules.modules:
        points = 2 * len(kinds)
        said = _(
            "thêm vào modules của course.yaml: {line}",
            line=f"{name}: {{title: …, part: 1, points: {points}, pass_mark: …}}",
        )
        say(lang, said)
    for finding in module_text.mistakes(module_text.read(rules, name, exercises, course)):
        typer.echo(finding.text(lang))


@app.command(
    help=_(
        "Xem trước một học phần trong trình duyệt: người học thấy gì, đáp án, phản hồi, và điều cần sửa.\n\n"
        "Trang tự vẽ lại khi tệp được lưu; chỉ mở được trên máy này. Dừng bằng Ctrl+C.\n\n"
        "Ví dụ: moduong preview M05"
    )
)
def preview(
    module: Annotated[str, typer.Argument(help=_("Học phần, ví dụ M05."))],
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    port: Annotated[int, typer.Option("--port", help=_("Cổng trên máy này; 0 là cổng trống bất kỳ."))] = 0,
    lang: LangOption = "vi",
) -> None:
    """Show a module as its author needs it: the learner's view, key and feedback side by side."""
    import asyncio
    import contextlib

    from grader.desk import preview as page

    text_of(syllabus_of(course), module, exercises, course)  # a module that does not exist is said at once
    shown = page.Preview(lambda: syllabus_of(course), module, exercises, course, lang)

    def ready(address: str) -> None:
        say(lang, _("Mở trong trình duyệt: {address}", address=address))

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(page.serve(shown, port, ready))
