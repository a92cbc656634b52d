"""What coordinators keep: the roster of cadres."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from course.words import _
from grader.commands.console import COURSE, CourseOption, LangOption, say, syllabus_of

app = typer.Typer()
roster_app = typer.Typer(help=_("Danh sách cán bộ: đơn vị, người, chức vụ."), no_args_is_help=True)
app.add_typer(roster_app, name="roster")


def day_of(written: str) -> date:
    """Return the day that an option of a command gives.

    Raises:
        ModuongError: ``E-ASOF-2`` it is none.
    """
    from course.vietnamese import read_day
    from grader.ground.errors import ModuongError

    day = read_day(written)
    if day is None or day.year < 1900:  # noqa: PLR2004  # two digits are no year
        raise ModuongError(
            "E-ASOF-2", _("«{written}» không phải ngày; hãy viết như 2026-10-31 hoặc 31/10/2026.", written=written)
        )
    return day


@roster_app.command(
    "sample",
    help=_(
        "Ghi một danh sách hư cấu có cài sẵn lỗi, để làm thử.\n\n"
        "Ví dụ: moduong roster sample roster --size demo --seed 1"
    ),
)
def roster_sample(
    folder: Annotated[Path, typer.Argument(help=_("Thư mục để ghi vào."))] = Path("roster"),
    size: Annotated[
        str, typer.Option("--size", help=_("demo (khoảng 180 cán bộ lãnh đạo) hoặc full (khoảng 1.980)."))
    ] = "demo",
    seed: Annotated[int, typer.Option("--seed", help=_("Cùng một số thì ra cùng một danh sách."))] = 1,
    attempts: Annotated[bool, typer.Option("--attempts", help=_("Ghi thêm attempts.csv mô phỏng."))] = False,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help=_("Ghi thêm danh sách thành một tệp Excel, danh-sach.xlsx."))
    ] = False,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write an invented roster with planted faults, to try things out."""
    from grader.completion import attempts_sample
    from grader.roster.sample import files as stage

    stage.write(folder, size, seed, workbook=xlsx)
    if attempts or (folder / "attempts.csv").exists():  # of an earlier sample: it would not belong to this roster
        attempts_sample.write(folder, syllabus_of(course), seed)
    say(lang, _("Đã ghi danh sách mẫu vào {folder}.", folder=folder))


@roster_app.command(
    "template",
    help=_(
        "Ghi danh sách trống thành tệp Excel: danh sách để chọn, mỗi trang một dòng ví dụ, và trang hướng dẫn.\n\n"
        "Ví dụ: moduong roster template danh-sach.xlsx"
    ),
)
def roster_template(
    file: Annotated[Path, typer.Argument(help=_("Tệp Excel cần ghi."))] = Path("danh-sach.xlsx"),
    lang: LangOption = "vi",
) -> None:
    """Write an empty roster as a workbook: drop-down lists, an example row on each sheet, and an explanation."""
    from grader.roster import template as stage

    stage.write(file)
    say(lang, _("Đã ghi bản mẫu {file}. Hãy mở bằng Excel, bắt đầu từ trang «Hướng dẫn».", file=file))
