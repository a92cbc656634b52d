"""From hand-ins to marks: collect, grade, feedback."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.console import (
    COURSE,
    WORKSPACE,
    CourseOption,
    JsonOption,
    LangOption,
    ModulesArgument,
    WorkspaceOption,
    chosen,
    clock,
    grade_here,
    gradebook_of,
    open_at,
    policy_of,
    publish_feedback,
    say,
    syllabus_of,
)
from grader.ground.errors import ModuongError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.ground.syllabus import Syllabus
    from grader.ground.workspace import Workspace
    from grader.intake.answers_in import HandIn
    from grader.marking.batch import Batch
    from grader.marking.crew import Crew

app = typer.Typer()
ENGINES = ("moduong", "nbgrader")
_WARNING = {
    "vi": "Chú ý: nbgrader chạy mã của người học trên máy này, ngoài hộp cách ly, mỗi bài mất vài giây.",
    "en": "Note: nbgrader runs learners' code on this machine, outside the box, and takes seconds for each hand-in.",
}


@app.command()
def collect(
    sources: Annotated[
        list[Path] | None, typer.Argument(help="Folders or ZIP files; the exchange when left out.")
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Take hand-ins in: from the exchange, or from folders and ZIP files. Nothing received is ever overwritten.

    Example: moduong collect bai-nop/
    """
    from grader.intake import collect as stage

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    now, simulated = clock()
    engine = gradebook_of(space)
    hand_ins: Iterable[HandIn]
    if sources:
        missing = [s for s in sources if not s.exists()]
        if missing:
            raise ModuongError(
                "E-FILE-1",
                vi=f"{missing[0]}: không có tệp hay thư mục này.",
                en=f"{missing[0]}: no such file or folder.",
            )
        hand_ins = itertools.chain.from_iterable(stage.from_path(source, now) for source in sources)
    else:
        hand_ins = stage.from_exchange(space.inbound(rules.course.id), now if simulated else None, stage.seen(engine))
    taken = list(stage.collect(space, engine, hand_ins, policy_of(rules, space, engine), simulated=simulated))
    if as_json:
        fields = ("source", "attempt_id", "person", "module", "state", "code", "reason")
        typer.echo(json.dumps([{f: getattr(t, f) for f in fields} for t in taken], ensure_ascii=False, indent=1))
        return
    for one in taken:
        if one.state not in {"accepted", "duplicate"}:
            typer.echo(f"{one.source}: {one.state} {one.code} {one.reason}")
    accepted = sum(t.state == "accepted" for t in taken)
    say(lang, f"Nhận {accepted} trên {len(taken)} bài nộp mới.", f"{accepted} of {len(taken)} new hand-ins accepted.")


@app.command()
def grade(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    force: Annotated[
        bool, typer.Option("--force", help="Grade again what no person has marked; see regrade for the rest.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Collect, grade and give feedback as hand-ins arrive, until stopped.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes that score side by side.")] = os.cpu_count()
    or 1,
    scheduler: Annotated[
        str,
        typer.Option("--scheduler", help="Let the workers of this Dask scheduler score, such as tcp://127.0.0.1:8786."),
    ] = "",
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            help="moduong, or nbgrader for test cells that an instructor wrote for it (runs learners' code).",
        ),
    ] = "moduong",
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Score what was collected, and carry formgrader's marks into the ledger.

    Our engine executes no learner's notebook.

    Example: moduong grade M02 --jobs 2
    """
    if engine not in ENGINES:
        raise ModuongError(
            "E-OPT-2",
            vi=f"Không có cách chấm «{engine}»; có: {', '.join(ENGINES)}.",
            en=f"No engine '{engine}'; there are: {', '.join(ENGINES)}.",
        )
    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    if watch:
        _refuse_beside_watch(
            ("--scheduler", scheduler), ("--force", force), ("--json", as_json), ("--engine", engine != "moduong")
        )
        _watch(space, gradebook_of(space), rules, lang)
        return
    wanted = chosen(rules, modules)
    built = [module for module in wanted if space.key(module).exists()]
    gradebook = gradebook_of(space)
    now, _ = clock()
    if engine == "nbgrader":
        typer.echo(_WARNING["en" if lang == "en" else "vi"], err=True)
    with _crew(space, jobs, scheduler) as crew:
        done, failed = [], []
        for module in built:
            try:
                done.append(
                    grade_here(space, gradebook, module, now, crew, lang, force=force, by_nbgrader=engine == "nbgrader")
                )
            except ModuongError as error:
                if not error.code.startswith("E-GRADE-"):
                    raise
                failed.append(error)  # of this module; the others are graded
                typer.echo(f"{error.code}: {error.text(lang)}", err=True)
                continue
            if not as_json:
                typer.echo(_summary(done[-1], lang))
    missing = [module for module in wanted if module not in built] if modules else []
    if as_json:
        refused = [{"code": error.code, "text": error.text(lang)} for error in failed]
        found = {"modules": [one.to_json(lang) for one in done], "not_built": missing, "refused": refused}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for module in missing:
            say(lang, f"{module}: chưa được tạo.", f"{module}: not built.")
    if failed:
        raise typer.Exit(2)
    if any(one.problems for one in done):
        raise typer.Exit(1)


def _refuse_beside_watch(*options: tuple[str, object]) -> None:
    for option, given in options:
        if given:
            raise ModuongError(
                "E-OPT-1",
                vi=f"Không dùng --watch cùng {option}; hãy bỏ một trong hai.",
                en=f"--watch does not go with {option}; leave one out.",
            )


def _crew(space: Workspace, jobs: int, scheduler: str) -> contextlib.AbstractContextManager[Crew]:
    """Return who scores: a cluster's workers, or processes here."""
    if scheduler:
        from grader.marking import cluster

        return cluster.crew(scheduler, space)
    from grader.marking import crew

    return crew.local(jobs)


def _summary(done: Batch, lang: str) -> str:
    """Return what a batch did, by outcome, in one line; what did not happen is left out."""
    states = (done.states.get("graded", 0), done.states.get("pending_manual", 0))
    counts = (done.graded, *states, done.items.get("invalid", 0), done.marks, done.left, len(done.problems))
    said = zip(_ENGLISH if lang == "en" else _VIETNAMESE, counts, strict=True)
    return (
        f"{done.module}: "
        + "; ".join(text.format(count) for text, count in said if count or text in {_ENGLISH[0], _VIETNAMESE[0]})
        + "."
    )


_VIETNAMESE = (
    "chấm {} lượt",
    "{} lượt có điểm",
    "{} lượt chờ người chấm",
    "{} câu trả lời không đọc được",
    "{} lượt đổi theo điểm người chấm",
    "{} lượt để cho nbgrader",
    "{} lượt chưa chấm được",
)
_ENGLISH = (
    "{} attempts graded",
    "{} with a score",
    "{} awaiting a marker",
    "{} answers unreadable",
    "{} changed by marks",
    "{} left to nbgrader",
    "{} could not be graded",
)


def _watch(space: Workspace, engine: Engine, rules: Syllabus, lang: str) -> None:
    """Run the watch until the process is told to stop; the round that is under way is finished."""
    import functools
    import signal
    from threading import Event

    from grader.commands import watch as driver

    def report(done: driver.Round) -> None:
        if not done.busy:
            say(lang, "Đang chờ bài nộp. Dừng bằng Ctrl+C.", "Waiting for hand-ins. Stop with Ctrl+C.")
        else:
            counts = (len(done.taken), done.graded, done.released)
            say(
                lang,
                "Nhận {}, chấm {}, phát {} phản hồi.".format(*counts),
                "{} taken, {} graded, {} feedback pages.".format(*counts),
            )
        for problem in done.problems:
            typer.echo(f"{problem.code}: {problem.text(lang)}", err=True)
        sys.stdout.flush()

    stop = Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stop.set())
    driver.run(
        driver.Desk(space, engine, rules, functools.partial(policy_of, rules, space, engine), clock), stop, report
    )


@app.command()
def feedback(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write the Vietnamese feedback pages and release them where learners fetch them; unchanged pages are not touched.

    Example: moduong feedback M02
    """
    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    for module in chosen(rules, modules):
        if space.key(module).exists() and (space.release(module) / "items.json").exists():
            publish_feedback(space, engine, rules, module, lang)
