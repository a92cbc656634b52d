"""What authors do with questions of other systems: bring them in, take them out, print them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.words import _
from grader.commands.console import (
    COURSE,
    EXERCISES,
    CourseOption,
    ExercisesOption,
    JsonOption,
    LangOption,
    chosen,
    say,
    syllabus_of,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.formats.losses import Loss

app = typer.Typer()
FilesArgument = Annotated[list[Path], typer.Argument(help=_("Tệp câu hỏi, của bất kỳ hệ thống nào đã biết."))]
ModuleOption = Annotated[str, typer.Option("--module", help=_("Học phần nhận câu hỏi, ví dụ M05."))]
FormatOption = Annotated[str, typer.Option("--format", help=_("Khuôn dạng; bỏ trống là nhận ra từ tệp."))]
OutcomeOption = Annotated[str, typer.Option("--outcome", help=_("Kết quả học tập của mọi câu trong tệp, ví dụ 1."))]
LevelOption = Annotated[str, typer.Option("--level", help=_("Bậc nhận thức của mọi câu trong tệp, ví dụ apply."))]


@app.command(
    "import",
    help=_(
        "Mang câu hỏi của hệ thống khác vào thành văn bản bài tập, và nói rõ từng điều không mang theo được.\n\n"
        "Câu hỏi vào một tệp riêng ở exercises/M05/import, từ đó anh/chị chuyển vào exercise.md; không ghi đè gì. Mã "
        "thoát 1: không mang vào được câu nào.\n\n"
        "Ví dụ: moduong import cau-hoi.xml --module M05"
    ),
)
def import_questions(
    files: FilesArgument,
    module: ModuleOption,
    form: FormatOption = "",
    outcome: OutcomeOption = "",
    level: LevelOption = "",
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Bring questions of other systems along as exercise text, and say of each what could not come."""
    from grader.formats import bring
    from grader.formats.question import Given

    rules = syllabus_of(course)
    chosen(rules, [module])
    done = bring.bring(files, module, exercises, course, rules, Given(outcome, level), form)
    if as_json:
        made: dict[str, object] = {
            "path": str(done.path) if done.path else None,
            "items": list(done.items),
            "pictures": [str(picture) for picture in done.pictures],
        }
        _print_json(made, done.losses, lang)
    else:
        _print_losses(done.losses, lang)
        if done.path:
            say(
                lang,
                _(
                    "{module}: mang vào {count} câu, ghi ở {path}.",
                    module=module,
                    count=len(done.items),
                    path=done.path,
                ),
            )
        else:
            say(lang, _("{module}: không mang vào được câu nào.", module=module))
    if done.path is None:
        raise typer.Exit(1)


@app.command(
    "export",
    help=_(
        "Ghi các câu chấm điểm của học phần, kèm đáp án, cho hệ thống khác, và nói rõ điều hệ thống ấy không có "
        "chỗ.\n\n"
        "Ví dụ: moduong export M05 --format gift -o M05.gift.txt"
    ),
)
def export_questions(
    module: Annotated[str, typer.Argument(help=_("Học phần, ví dụ M02."))],
    form: Annotated[str, typer.Option("--format", help=_("Khuôn dạng: gift, moodle, …"))],
    output: Annotated[Path, typer.Option("--output", "-o", help=_("Tệp cần ghi."))],
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Write the graded questions of a module for another system, and say what it has no place for."""
    from grader.formats import carry

    rules = syllabus_of(course)
    chosen(rules, [module])
    done = carry.carry(text_of(rules, module, exercises, course), form, output)
    if as_json:
        _print_json({"path": str(done.path), "questions": done.questions}, done.losses, lang)
    else:
        _print_losses(done.losses, lang)
        say(
            lang,
            _("{module}: {count} câu kèm đáp án, ghi ở {path}.", module=module, count=done.questions, path=done.path),
        )


def _print_losses(losses: Sequence[Loss], lang: str) -> None:
    from grader.formats import losses as report

    for line in report.lines(losses, lang):
        typer.echo(line)
    typer.echo(report.summary(losses, lang))


def _print_json(made: dict[str, object], losses: Sequence[Loss], lang: str) -> None:
    from grader.formats import losses as report

    shown = {**made, "counts": report.counts(losses), "losses": report.as_json(losses, lang)}
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
