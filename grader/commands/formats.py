"""What authors do with questions of other systems: bring them in, take them out, print them."""

from __future__ import annotations

import json
import tempfile
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
from grader.ground.errors import ModuongError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.formats.losses import Loss
    from grader.text.module_text import ModuleText

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
        "Ghi các câu chấm điểm của học phần, kèm đáp án, cho hệ thống khác (--format), hoặc in ra giấy (--to); nói rõ "
        "điều gì không có trong tệp ấy.\n\n"
        "Ví dụ: moduong export M05 --format gift\n"
        "Ví dụ: moduong export M05 --to pdf --key"
    ),
)
def export_questions(
    module: Annotated[str, typer.Argument(help=_("Học phần, ví dụ M02."))],
    form: Annotated[str, typer.Option("--format", help=_("Khuôn dạng: gift, moodle, …"))] = "",
    to: Annotated[str, typer.Option("--to", help=_("In ra: docx, pdf hoặc html."))] = "",
    key: Annotated[bool, typer.Option("--key", help=_("Bản in có đáp án và cách chấm."))] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("Tệp cần ghi; bỏ trống: tên học phần."))
    ] = None,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Write the graded questions of a module for another system, or print them, and say what is not in it."""
    if bool(form) == bool(to) or (key and not to):
        raise ModuongError("E-CLI-1", _("Hãy ghi --format hoặc --to, một trong hai; --key chỉ đi với --to."))
    rules = syllabus_of(course)
    chosen(rules, [module])
    text = text_of(rules, module, exercises, course)
    if to:
        path, questions, lost = _printed(text, to, output, key=key)
    else:
        from grader.formats import carry

        done = carry.carry(text, form, output or Path(f"{module}{carry.suffix(form)}"))
        path, questions, lost = done.path, done.questions, done.losses
    if as_json:
        _print_json({"path": str(path), "questions": questions}, lost, lang)
        return
    _print_losses(lost, lang)
    if to and not key:
        said = _("{module}: {count} câu không kèm đáp án, ghi ở {path}.", module=module, count=questions, path=path)
    else:
        said = _("{module}: {count} câu kèm đáp án, ghi ở {path}.", module=module, count=questions, path=path)
    say(lang, said)


def _printed(text: ModuleText, to: str, output: Path | None, *, key: bool) -> tuple[Path, int, Sequence[Loss]]:
    """Print a module and return the file, how many questions are on it, and what is not."""
    from grader.formats import carry
    from grader.formats.paper import sheet, web, word

    if to not in {"docx", "pdf", "html"}:
        known = "docx, pdf, html"
        raise ModuongError("E-FORMAT-1", _("Không có khuôn dạng «{name}»; có: {known}.", name=to, known=known))
    path = output or Path(f"{text.module}{'-dap-an' if key else ''}.{to}")
    made, losses = sheet.sheet(text, key=key)
    if to == "docx":
        data, lost = word.document(made)
        losses += lost
    else:
        data = web.page(made).encode()
    carry.store(path, _as_pdf(data) if to == "pdf" else data)
    return path, made.questions, losses


def _as_pdf(page: bytes) -> bytes:
    from grader.report import pdf

    with tempfile.TemporaryDirectory(prefix="moduong-print-") as folder:
        (Path(folder) / "sheet.html").write_bytes(page)
        return pdf.write(Path(folder) / "sheet.html", Path(folder) / "sheet.pdf").read_bytes()


def _print_losses(losses: Sequence[Loss], lang: str) -> None:
    from grader.formats import losses as report

    for line in report.lines(losses, lang):
        typer.echo(line)
    typer.echo(report.summary(losses, lang))


def _print_json(made: dict[str, object], losses: Sequence[Loss], lang: str) -> None:
    from grader.formats import losses as report

    shown = {**made, "counts": report.counts(losses), "losses": report.as_json(losses, lang)}
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
