"""What every command shares: options, the language, and opening course and workspace."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from course import vietnamese
from course.words import _, into
from grader.ground.errors import ModuongError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.ground.syllabus import Syllabus
    from grader.ground.workspace import Workspace
    from grader.intake.collect import Policy
    from grader.marking.batch import Batch
    from grader.marking.crew import Crew
    from grader.text.module_text import ModuleText

_HERE = Path(__file__).resolve().parents[2]
WorkspaceOption = Annotated[
    Path,
    typer.Option(
        "--workspace", envvar="MODUONG_WORKSPACE", help=_("Thư mục làm việc (thư mục khóa học của nbgrader).")
    ),
]
ExercisesOption = Annotated[Path, typer.Option("--exercises", help=_("Thư mục riêng chứa bài tập, có đáp án."))]
CourseOption = Annotated[
    Path, typer.Option("--course", help=_("Thư mục công khai: course.yaml, bài học, căn cứ pháp luật."))
]
LangOption = Annotated[str, typer.Option("--lang", envvar="MODUONG_LANG", help=_("Ngôn ngữ của lời báo: vi hoặc en."))]
JsonOption = Annotated[bool, typer.Option("--json", help=_("In một đối tượng JSON."))]
ModulesArgument = Annotated[list[str] | None, typer.Argument(help=_("Học phần, ví dụ M02; bỏ trống là tất cả."))]
WORKSPACE = Path("workspace")
EXERCISES = Path("exercises")
COURSE = _HERE / "course"


def say(lang: str, said: str) -> None:
    """Print one sentence in the language chosen."""
    typer.echo(into(said, lang))


def syllabus_of(course: Path) -> Syllabus:
    """Load the course's rules."""
    from grader.ground import syllabus  # each command loads what it needs

    return syllabus.load(course / "course.yaml")


def open_at(workspace: Path, rules: Syllabus) -> Workspace:
    """Open the workspace, making what is missing; its operator's file says whether there is a log."""
    from grader.ground import operators_file
    from grader.ground.journal import log
    from grader.ground.workspace import open_workspace

    space = open_workspace(workspace, rules.course.id)
    if not os.environ.get(log.VARIABLE):
        log.listen(operators_file.read(space.root).log)
    return space


def gradebook_of(space: Workspace) -> Engine:
    """Open the gradebook."""
    from grader.gradebook.nbgrader_bridge import open_gradebook

    return open_gradebook(space)


def chosen(rules: Syllabus, modules: list[str] | None) -> list[str]:
    """Return the modules named, or all; refuse one that is not in course.yaml."""
    for module in modules or []:
        if module not in rules.modules:
            known = ", ".join(rules.modules)
            raise ModuongError(
                "E-MOD-1", _("Không có học phần «{module}» trong course.yaml; có: {known}.", module=module, known=known)
            )
    return modules or list(rules.modules)


def text_of(rules: Syllabus, module: str, exercises: Path, course: Path) -> ModuleText:
    """Read a module's text."""
    from grader.text import module_text

    return module_text.read(rules, module, exercises, course)


def policy_of(rules: Syllabus, space: Workspace, engine: Engine) -> Policy:
    """Return the rules for hand-ins: from course.yaml, the built keys, and the roster when there is one."""
    from grader.intake.collect import Policy as Rules
    from grader.marking import grade as grading
    from grader.roster import store as roster_store

    with engine.connect() as connection:
        people = roster_store.person_ids(connection, space.roster())
    released = [m for m in rules.modules if (space.release(m) / "items.json").exists()]
    marked = [m for m in released if any(i["manual"] for i in grading.load_key(space, m)["items"])]
    limits = rules.attempts
    return Rules(
        *(limits.limit, limits.wait_hours, frozenset(marked), frozenset(released), people),
        rules.course.language,
        rules.course.id,
        space.hosts,
    )


def progress(title: str, total: int) -> tuple[Any, Callable[[int], None]]:
    """Return a progress bar with rate and time left (a context manager), and the function that moves it on."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many are done in a second, over the last half minute."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            if speed is None:
                return Text("–/s")
            return Text(f"{speed:.3g}/s" if speed < 1000 else f"{speed:.0f}/s")  # noqa: PLR2004  # no exponents

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(title, total=total)
    return bar, lambda count: bar.update(task, advance=count)


def day_of(text: str) -> date:
    """Read a date as it was typed; raises ``E-ASOF-2`` for what is none."""
    day = vietnamese.read_day(text)
    if day is None:
        raise ModuongError(
            "E-ASOF-2", _("«{text}» không phải ngày; hãy viết như 2026-10-31 hoặc 31/10/2026.", text=text)
        )
    return day


def grade_here(
    space: Workspace,
    engine: Engine,
    module: str,
    now: datetime,
    crew: Crew,
    lang: str,
    *,
    force: bool = False,
    by_nbgrader: bool = False,
) -> Batch:
    """Grade what waits in a module behind a progress bar, and say on standard error what could not be graded."""
    from grader.marking import batch, due

    bar, advance = progress(module, 0)

    def begin(total: int) -> Callable[[int], None]:
        bar.update(bar.task_ids[0], total=total)
        return advance

    with bar:
        done = batch.grade_module(
            space, engine, module, now, force=force, crew=crew, by_nbgrader=by_nbgrader, begin=begin
        )
    for problem in (*done.problems, *([due.left_to_nbgrader(module, done.left)] if done.left else ())):
        typer.echo(f"{problem.code}: {problem.text(lang)}", err=True)
    return done


def publish_feedback(
    space: Workspace, engine: Engine, rules: Syllabus, module: str, lang: str, people: list[str] | None = None
) -> None:
    """Write and release a module's feedback pages and say what was done."""
    from grader.feedback import publish as stage

    done = stage.publish(space, engine, rules, module, people)
    say(
        lang,
        _(
            "{module}: {pages} trang phản hồi, viết mới {written}, phát {released}.",
            module=module,
            pages=done.pages,
            written=done.written,
            released=done.released,
        ),
    )
    if done.waiting:
        say(
            lang,
            _(
                "{module}: đáp án đã đổi, {waiting} trang giữ nguyên cho đến khi chạy «moduong regrade {module}».",
                module=module,
                waiting=done.waiting,
            ),
        )
