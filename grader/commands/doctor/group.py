"""``moduong doctor``: a look at machine and installation, with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.words import _
from grader.commands.console import (
    COURSE,
    EXERCISES,
    WORKSPACE,
    CourseOption,
    ExercisesOption,
    LangOption,
    WorkspaceOption,
    syllabus_of,
)
from grader.ground.clock import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.commands.doctor.symptom import Symptom
    from grader.ground.syllabus import Syllabus

app = typer.Typer()


@app.command(
    help=_(
        "Nói thư mục làm việc và máy này có gì, thiếu gì, vì sao, và cần làm gì: quyền, cơ sở dữ liệu, sao lưu, đĩa, "
        "hộp cách ly, trang cán bộ, đồng hồ, phiên bản, chứng thư. ✗ là phải sửa (mã thoát 1), ! là nên xem.\n\n"
        "Ví dụ: moduong doctor --fix\n\n"
        "Ví dụ: moduong doctor --attack"
    )
)
def doctor(
    attack: Annotated[
        bool, typer.Option("--attack", help=_("Thử thêm các đòn tấn công có sẵn vào hộp cách ly."))
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help=_("Sửa những quyền sửa được, bỏ những gì đã hết hạn giữ."))
    ] = False,
    address: Annotated[
        str, typer.Option("--address", help=_("Xem thêm chứng thư TLS của địa chỉ này, ví dụ https://hoc.example.vn/."))
    ] = "",
    dossier: Annotated[
        bool, typer.Option("--dossier", help=_("In hồ sơ an toàn của hệ thống đang chạy (Markdown, tiếng Việt)."))
    ] = False,
    workspace: WorkspaceOption = WORKSPACE,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Say what machine and installation have, what is missing and what to do; with --fix mend what is safe."""
    from grader.commands.doctor import installation, machine, symptom, tls

    rules, now = syllabus_of(course), clock()[0]
    hidden = [folder for folder in (workspace, exercises) if folder.exists()]
    if fix:
        installation.mend(workspace, rules, now)
    symptoms = [*installation.examine(workspace, rules, now), *machine.examine(hidden)]
    symptoms += [tls.examine(address, now)] if address else []
    if dossier:
        _tell(workspace, rules, symptoms)
        return
    for one in symptoms:
        typer.echo(one.text(lang))
    fine = symptom.well(symptoms)
    if attack and fine:
        fine = _fight(hidden)
    if not fine:
        raise typer.Exit(1)


def _tell(workspace: Path, rules: Syllabus, symptoms: list[Symptom]) -> None:
    from grader.commands.console import open_at
    from grader.commands.doctor import dossier

    typer.echo(dossier.page(dossier.seen(open_at(workspace, rules), rules, symptoms, clock()[0])), nl=False)


def _fight(hidden: Sequence[Path]) -> bool:
    from grader.commands.doctor import machine

    stood = True
    for fought in machine.attack(hidden):
        typer.echo(machine.fought_text(fought))
        stood = stood and fought.stood
    return stood
