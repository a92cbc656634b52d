"""What a key gives: score one file, statistics of the items, regrade after a correction."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    day_of,
    gradebook_of,
    open_at,
    publish_feedback,
    say,
    syllabus_of,
    text_of,
)
from grader.ground import text_files
from grader.ground.clock import clock
from grader.ground.errors import ModuongError
from grader.ground.journal import log

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.gradebook.keys import Keys
    from grader.ground.syllabus import Syllabus
    from grader.ground.workspace import Workspace
    from grader.marking.difference import Difference
    from grader.marking.judge import Judge

app = typer.Typer()


@app.command(
    help=_(
        "Chấm một tệp answers.json theo bài tập, không cần thư mục làm việc.\n\n"
        "Ví dụ: moduong score --exercises exercises --module M02 --answers answers.json --json"
    )
)
def score(
    module: Annotated[str, typer.Option("--module", help=_("Học phần, ví dụ M02."))],
    answers: Annotated[Path, typer.Option("--answers", help=_("Một tệp answers.json."))],
    exercises: ExercisesOption = EXERCISES,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Score one answers.json against an exercise, without a workspace."""
    from course.answers import AnswersError
    from grader.marking import grade as grading
    from grader.publish import build as building

    text = text_of(syllabus_of(course), module, exercises, course)
    if not answers.is_file():
        raise text_files.no_file(answers)
    findings = text.exercise.findings if text.exercise else ()
    if text.exercise is None or findings:
        shown = "\n".join(f.text(lang) for f in findings)
        raise ModuongError("E-BUILD-1", _("{module}: bài tập chưa dùng được.\n{shown}", module=module, shown=shown))
    try:
        with contextlib.ExitStack() as stack:
            judge = grading.open_judge(building.key_of(text, text.exercise)[0], (), stack)
            found = grading.score_file(judge, module, answers)
    except AnswersError as error:
        raise ModuongError(error.code, _("{answers}: {said}", answers=answers, said=error.said)) from None
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for item in found["items"]:
        typer.echo(f"{item['id']}  {item['state']:15} {item['points']} / {item['max_points']}")
    typer.echo(f"{module}  {found['points']} / {found['max_points']}")


@app.command(
    help=_(
        "Viết trang thống kê câu hỏi: độ khó, tương quan với phần còn lại, lựa chọn được dùng, alpha, theo từng "
        "bản đáp án.\n\n"
        "Ví dụ: moduong items M02"
    )
)
def items(
    modules: ModulesArgument = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help=_("Trang cần viết; bỏ trống là reports/items.html trong thư mục làm việc.")),
    ] = None,
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write item statistics as a page: difficulty, item-rest correlation, use of options, alpha."""
    from grader.feedback import statistics as stage
    from grader.feedback import statistics_page as item_page

    rules = syllabus_of(course)
    space = open_at(workspace, rules)
    wanted = [m for m in chosen(rules, modules) if rules.modules[m].points]
    found = stage.analyse(space, gradebook_of(space), wanted, clock()[0].astimezone(rules.course.zone))
    for module in found.modules:
        for item in module.flagged:
            typer.echo(f"{item.id}  {item_page.words(item, lang)}")
    path = stage.write(space, found, lang, out)
    count = sum(len(module.flagged) for module in found.modules)
    say(lang, _("{count} câu cần xem; trang: {path}", count=count, path=path))


@app.command(
    help=_(
        "Chấm lại học phần sau khi sửa đáp án: điểm, kết quả đạt của ai thay đổi, tỉ lệ nào thay đổi.\n\n"
        "Ví dụ: moduong regrade M07 --dry-run"
    )
)
def regrade(
    module: Annotated[str, typer.Argument(help=_("Học phần đã sửa đáp án và đã build, ví dụ M07."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Chỉ nói điều sẽ thay đổi, không ghi gì."))] = False,
    as_of: Annotated[str, typer.Option("--as-of", help=_("Ngày chốt để so tỉ lệ; bỏ trống là hôm nay."))] = "",
    workspace: WorkspaceOption = WORKSPACE,
    course: CourseOption = COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Score a module again after its key was corrected.

    Whose score, pass or trained state changes, which rates move.
    """
    from grader.feedback import owed
    from grader.marking import difference, marks
    from grader.marking import grade as grading
    from grader.marking.foreign_cells import foreign

    rules = syllabus_of(course)
    (module,) = chosen(rules, [module])
    space = open_at(workspace, rules)
    now, _simulated = clock()
    day = day_of(as_of) if as_of else now.astimezone(rules.course.zone).date()
    engine = gradebook_of(space)
    key = grading.load_key(space, module)
    if foreign(key):
        raise ModuongError(
            "E-GRADE-6",
            _(
                "{module}: có ô do nbgrader chấm, nên không chấm lại theo cách này được. Chạy «moduong grade "
                "{module} --engine nbgrader --force».",
                module=module,
            ),
        )
    with contextlib.nullcontext() if dry_run else owed.owing(space, engine, rules, owed.PAGE, [module]):
        found = _regraded(space, engine, rules, key, day, now, write=not dry_run)
        if as_json:
            typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
        else:
            for line in difference.lines(found, lang):
                typer.echo(line)
        if dry_run:
            return
        marks.read_marks(space, engine, module, now)
        if not as_json:
            publish_feedback(space, engine, rules, module, lang)


def _regraded(
    space: Workspace, engine: Engine, rules: Syllabus, key: dict[str, Any], day: date, now: datetime, *, write: bool
) -> Difference:
    """Regrade one module, with a box for code items where this machine has one."""
    from grader.gradebook import keys
    from grader.marking import grade as grading

    known = keys.read(space, str(key["module"]), key)
    with contextlib.ExitStack() as stack:
        opened: dict[int, Judge] = {}

        def judge_of(release: str) -> Judge:
            by = known.of(release)
            if id(by) not in opened:
                opened[id(by)] = grading.open_judge(by, [space.root], stack, needs_box=True)
            return opened[id(by)]

        return _regraded_by(judge_of, known, space, engine, rules, day, now, write=write)


def _regraded_by(
    judge_of: Callable[[str], Judge],
    known: Keys,
    space: Workspace,
    engine: Engine,
    rules: Syllabus,
    day: date,
    now: datetime,
    *,
    write: bool,
) -> Difference:
    """Regrade one module in a transaction, which a dry run takes back: what it shows is what would be written."""
    from grader.gradebook import ledger as ledgers
    from grader.ground import database
    from grader.marking import difference, due
    from grader.marking import grade as grading
    from grader.marking import regrade as stage
    from grader.report import run as reporting
    from grader.roster import store as roster_store

    module, version = str(known.newest["module"]), str(known.newest["key_version"])
    with engine.connect() as connection:  # scored before anything is locked: code items take their time
        regraded = stage.regrade(connection, module, judge_of, version)
        changed = {one.after.attempt_id for one in regraded if one.shown}
        again = [one for one in due.shown(connection, module) if one.attempt_id in changed]
    for job in grading.jobs(space, known, again if write else [], grading.CHUNK, "regrade"):
        grading.run(job)  # the files first: a run that is killed here does them again
    with database.writing(engine) as connection:
        people = roster_store.optional(connection, space.roster())
        before = ledgers.export_rows(connection, rules.course.zone, rules.modules)
        then = reporting.count_stored(connection, rules, people, day, now) if people else None
        stage.write(connection, module, regraded, now)
        after = ledgers.export_rows(connection, rules.course.zone, rules.modules)
        since = reporting.count_stored(connection, rules, people, day, now) if people else None
        if not write:
            connection.rollback()
    for one in regraded if write else ():
        log.event("regraded", module=module, person=one.person, attempt=one.after.attempt_id, state=one.after.state)
    return difference.difference(
        module, rules.modules[module], regraded, (before, after), (then, since) if then and since else None
    )
