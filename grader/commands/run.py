"""What starts something: the demo, the page of a role, a look at this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.words import _, into
from grader.commands.console import (
    COURSE,
    EXERCISES,
    WORKSPACE,
    CourseOption,
    ExercisesOption,
    LangOption,
    WorkspaceOption,
    grade_here,
    gradebook_of,
    open_at,
    policy_of,
    progress,
    say,
    syllabus_of,
    text_of,
)
from grader.ground.errors import ModuongError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.ground.syllabus import Syllabus
    from grader.ground.workspace import Workspace

app = typer.Typer()


@app.command(
    help=_(
        "Chạy thử cả khóa học với cán bộ hư cấu, kết thúc bằng dòng CT70 và báo cáo.\n\nVí dụ: moduong demo --seed 1"
    )
)
def demo(
    workspace: WorkspaceOption = WORKSPACE,
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    seed: Annotated[int, typer.Option("--seed", help=_("Cùng một số thì ra cùng một lần chạy thử."))] = 1,
    lang: LangOption = "vi",
) -> None:
    """Play the whole course with invented cadres, ending with the CT70 line and the report."""
    from grader.commands import demo as driver
    from grader.marking.crew import Crew, Here
    from grader.publish import build as building
    from grader.publish import release as releasing
    from grader.report import run as reporting
    from grader.report import summary

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    if not driver.played_before(space, seed):
        if any(space.inbound(rules.course.id).glob("*")):
            said = _(
                "{workspace}: đã có bài nộp khác. Hãy chạy demo trong thư mục mới bằng --workspace.",
                workspace=workspace,
            )
            raise ModuongError("E-DEMO-1", said)
        driver.roster(space, engine, seed)
        for module in rules.modules:
            text = text_of(rules, module, exercises, course)
            building.build(space, text)
            releasing.release(space, text)
        releasing.announce(space, rules)
        _play(space, engine, rules, seed, lang)
    for module in rules.modules:
        if space.key(module).exists():
            grade_here(space, engine, module, driver.NOW, Crew(Here(), 1), lang)
    path, found = reporting.write(space, engine, rules, driver.AS_OF, driver.NOW, lang, simulated=True)
    for line in summary.lines(found, lang):
        typer.echo(line)
    say(lang, _("Xem như một cán bộ: moduong host --demo --workspace {workspace}", workspace=workspace))
    say(lang, _("Báo cáo: {path}", path=path))


def _play(space: Workspace, engine: Engine, rules: Syllabus, seed: int, lang: str) -> None:
    """Let the invented cadres hand in, and say what became of it."""
    from dataclasses import replace

    from grader.commands import demo as driver
    from grader.intake.collect import own_account

    policy = replace(policy_of(rules, space, engine), hosts=frozenset({own_account()}))  # the demo signs its people in
    bar, advance = progress(into(_("nộp bài"), lang), driver.count_events(space, rules, policy, seed))
    with bar:
        played = driver.play(space, engine, rules, policy, seed, lambda: advance(1))
    driver.remember(space, seed)
    for one in played.aside:
        typer.echo(f"{one.source}: {one.state} {one.code} {into(one.reason, lang)}")
    states = ", ".join(f"{state} {count}" for state, count in sorted(played.states.items()))
    say(lang, _("Bài nộp: {states}.", states=states))


@app.command(
    help=_("Mở trang của một vai trên máy này và in liên kết.\n\nVí dụ: moduong serve --as cadre --person CB-000001")
)
def serve(
    role: Annotated[
        str, typer.Option("--as", help=_("cadre (cán bộ), coordinator (điều phối viên) hoặc instructor (giảng viên)."))
    ] = "cadre",
    person: Annotated[str, typer.Option("--person", help=_("Mã cán bộ, ví dụ CB-000123."))] = "",
    folder: Annotated[
        Path | None, typer.Option("--folder", help=_("Thư mục của cán bộ; bỏ trống là trong thư mục làm việc."))
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", help=_("Cổng trên máy này; bỏ trống là một cổng còn trống."))
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Start the page of a role on this machine's loopback address and print its link."""
    from grader.commands import serve as driver

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    if role == "instructor":
        command = driver.instructor(space.root, port)
    elif role == "coordinator":
        command = driver.coordinator(space, course, port)
    elif role == "cadre":
        home = folder or space.learner(person or "toi")
        command = driver.cadre(home, port, space.exchange, person=person, course=rules.course.id)
    else:
        raise ModuongError("E-SERVE-3", _("Không có vai «{role}»; có: cadre, coordinator, instructor.", role=role))
    say(lang, _("Đang khởi động, khoảng năm giây…"))
    driver.run(command, lambda link: say(lang, _("Mở liên kết này trong trình duyệt: {link}", link=link)))
    say(lang, _("Đã dừng."))
