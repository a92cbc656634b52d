"""From hand-ins to marks: collect, grade, feedback."""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.words import _, into
from grader.commands.console import (
    COURSE,
    WORKSPACE,
    CourseOption,
    JsonOption,
    LangOption,
    ModulesArgument,
    WorkspaceOption,
    chosen,
    grade_here,
    gradebook_of,
    open_at,
    policy_of,
    publish_feedback,
    say,
    syllabus_of,
)
from grader.ground import text_files
from grader.ground.clock import clock
from grader.ground.errors import ModuongError
from grader.ground.journal import log

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.ground.syllabus import Syllabus
    from grader.ground.workspace import Workspace
    from grader.intake.answers_in import HandIn
    from grader.marking.batch import Batch
    from grader.marking.crew import Crew

app = typer.Typer()
ENGINES = ("moduong", "nbgrader")
_WARNING = _("Chú ý: nbgrader chạy mã của người học trên máy này, ngoài hộp cách ly, mỗi bài mất vài giây.")


@app.command(
    help=_(
        "Nhận bài nộp: từ chỗ trao đổi, hoặc từ thư mục và tệp ZIP. Bài đã nhận không bao giờ bị ghi đè.\n\n"
        "Ví dụ: moduong collect bai-nop/"
    )
)
def collect(
    sources: Annotated[
        list[Path] | None, typer.Argument(help=_("Thư mục hoặc tệp ZIP; bỏ trống là chỗ trao đổi."))
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Take hand-ins in: from the exchange, or from folders and ZIP files. Nothing received is ever overwritten."""
    from grader.feedback import owed, standings
    from grader.ground import database
    from grader.intake import collect as stage

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    now, simulated = clock()
    engine = gradebook_of(space)
    hand_ins: Iterable[HandIn]
    if sources:
        missing = [s for s in sources if not s.exists()]
        if missing:
            raise text_files.no_file(missing[0])
        hand_ins = itertools.chain.from_iterable(stage.from_path(source, now) for source in sources)
    else:
        hand_ins = stage.from_exchange(space.inbound(rules.course.id), now if simulated else None, stage.seen(engine))
    with owed.owing(space, engine, rules, owed.STANDING, list(rules.modules)):
        taken = list(stage.collect(space, engine, hand_ins, policy_of(rules, space, engine), simulated=simulated))
        for module in sorted({t.module for t in taken if t.person}):
            standings.publish(space, engine, rules, module, {t.person for t in taken if t.module == module})
    if as_json:
        fields = ("source", "attempt_id", "person", "module", "state", "code", "reason")
        typer.echo(
            json.dumps([{f: into(getattr(t, f), lang) for f in fields} for t in taken], ensure_ascii=False, indent=1)
        )
        return
    for one in taken:
        if one.state not in {"accepted", "duplicate"}:
            typer.echo(f"{one.source}: {one.state} {one.code} {into(one.reason, lang)}")
    accepted = sum(t.state == "accepted" for t in taken)
    say(lang, _("Nhận {accepted} trên {count} bài nộp mới.", accepted=accepted, count=len(taken)))
    if held := sum(t.state == database.WAITING for t in taken):
        say(lang, _("{count} bài chờ người xác nhận: xem «moduong intake».", count=held))


@app.command(
    help=_(
        "Chấm bài đã nhận, và đưa điểm chấm tay trong formgrader vào sổ lượt làm. Máy chấm không chạy sổ bài của "
        "người học.\n\n"
        "Ví dụ: moduong grade M02 --jobs 2"
    )
)
def grade(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    force: Annotated[
        bool, typer.Option("--force", help=_("Chấm lại những bài chưa ai chấm tay; các bài khác: xem regrade."))
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help=_("Nhận, chấm và phản hồi ngay khi có bài nộp, đến khi dừng."))
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help=_("Số tiến trình chấm song song."))] = os.cpu_count() or 1,
    scheduler: Annotated[
        str,
        typer.Option("--scheduler", help=_("Để các máy của bộ điều phối Dask này chấm, ví dụ tcp://127.0.0.1:8786.")),
    ] = "",
    engine: Annotated[
        str,
        typer.Option(
            "--engine", help=_("moduong, hoặc nbgrader cho ô kiểm tra do giảng viên viết (có chạy mã của người học).")
        ),
    ] = "moduong",
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Score what was collected, and carry formgrader's marks into the ledger."""
    if engine not in ENGINES:
        raise ModuongError(
            "E-OPT-2", _("Không có cách chấm «{engine}»; có: {engines}.", engine=engine, engines=", ".join(ENGINES))
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
    now, _simulated = clock()
    by_nbgrader = engine == "nbgrader"
    if by_nbgrader:
        typer.echo(into(_WARNING, lang), err=True)
    with _crew(space, jobs, scheduler) as crew:
        one = partial(grade_here, space, gradebook, now=now, crew=crew, lang=lang, force=force, by_nbgrader=by_nbgrader)
        done, failed = _each(built, one, lang, quiet=as_json)
    missing = [module for module in wanted if module not in built] if modules else []
    if as_json:
        refused = [{"code": error.code, "text": error.text(lang)} for error in failed]
        found = {"modules": [one.to_json(lang) for one in done], "not_built": missing, "refused": refused}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for module in missing:
            say(lang, _("{module}: chưa được tạo.", module=module))
    if failed:
        raise typer.Exit(2)
    if any(one.problems for one in done):
        raise typer.Exit(1)


def _each(
    modules: Iterable[str], grade_one: Callable[[str], Batch], lang: str, *, quiet: bool
) -> tuple[list[Batch], list[ModuongError]]:
    """Grade one module after the other; what stops one does not stop the others."""
    done, failed = [], []
    for module in modules:
        try:
            done.append(grade_one(module))
        except ModuongError as error:
            if not error.code.startswith("E-GRADE-"):
                raise
            failed.append(error)
            typer.echo(f"{error.code}: {error.text(lang)}", err=True)
            continue
        if not quiet:
            typer.echo(_summary(done[-1], lang))
    return done, failed


def _refuse_beside_watch(*options: tuple[str, object]) -> None:
    for option, given in options:
        if given:
            raise ModuongError("E-OPT-1", _("Không dùng --watch cùng {option}; hãy bỏ một trong hai.", option=option))


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
    said = [
        into(text, lang).format(count)
        for n, (text, count) in enumerate(zip(_COUNTS, counts, strict=True))
        if count or not n
    ]
    return f"{done.module}: {'; '.join(said)}."


_COUNTS = (
    _("chấm {} lượt"),
    _("{} lượt có điểm"),
    _("{} lượt chờ người chấm"),
    _("{} câu trả lời không đọc được"),
    _("{} lượt đổi theo điểm người chấm"),
    _("{} lượt để cho nbgrader"),
    _("{} lượt chưa chấm được"),
)


def _watch(space: Workspace, engine: Engine, rules: Syllabus, lang: str) -> None:
    """Run the watch until the process is told to stop; the round that is under way is finished."""
    import functools
    import signal
    from threading import Event

    from grader.commands import watch as driver
    from grader.keep import daily

    def report(done: driver.Round) -> None:
        if not done.busy:
            say(lang, _("Đang chờ bài nộp. Dừng bằng Ctrl+C."))
        else:
            counts = {"taken": len(done.taken), "graded": done.graded, "released": done.released}
            say(lang, _("Nhận {taken}, chấm {graded}, phát {released} phản hồi.", **counts))
        for problem in done.problems:
            log.event("problem", level=logging.ERROR, code=problem.code)
            typer.echo(f"{problem.code}: {problem.text(lang)}", err=True)
        sys.stdout.flush()

    stop = Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_signal: stop.set())
    watched = driver.Watched(space, engine, rules, functools.partial(policy_of, rules, space, engine), clock)
    driver.run(watched, stop, report, daily.keeper(space, engine, clock))


@app.command(
    help=_(
        "Viết trang phản hồi và phát đến nơi người học nhận; trang không đổi thì giữ nguyên.\n\n"
        "Ví dụ: moduong feedback M02\n\n"
        "Ví dụ: moduong feedback --back phan-hoi/"
    )
)
def feedback(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    back: Annotated[
        Path | None,
        typer.Option("--back", help=_("Thư mục để ghi phản hồi trả lại: mỗi tệp ZIP nhiều người nộp, một tệp ZIP.")),
    ] = None,
    lang: LangOption = "vi",
) -> None:
    """Write the Vietnamese feedback pages and release them where learners fetch them."""
    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    engine = gradebook_of(space)
    built = [
        module
        for module in chosen(rules, modules)
        if space.key(module).exists() and (space.release(module) / "items.json").exists()
    ]
    for module in built:
        publish_feedback(space, engine, rules, module, lang)
    if back is not None:
        _give_back(space, engine, rules, built, back, lang)


def _give_back(
    space: Workspace, engine: Engine, rules: Syllabus, modules: Sequence[str], folder: Path, lang: str
) -> None:
    from grader.feedback import returned

    try:
        written = returned.write(space, engine, rules, modules, folder)
    except OSError as error:
        said = _("{folder}: không ghi được phản hồi ({strerror}).", folder=folder, strerror=error.strerror)
        raise ModuongError("E-WS-2", said) from None
    for path in written:
        typer.echo(path)
    if not written:
        say(lang, _("Chưa có tệp ZIP nào chứa bài nộp của nhiều người."))
