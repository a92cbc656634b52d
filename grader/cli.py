"""The command line: one command per stage; the only place, beside the drivers, that puts stages in order."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from grader.errors import ModuongError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from grader.collect import Policy
    from grader.completion_records import Completion
    from grader.intake import HandIn
    from grader.judge import Judge
    from grader.module_text import ModuleText
    from grader.regrade import Difference
    from grader.syllabus import Syllabus
    from grader.workspace import Workspace

app = typer.Typer(
    name="moduong",
    help="Mở Đường: course text → notebooks → hand-ins → marks → which corporation is below its target.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_HERE = Path(__file__).resolve().parent.parent

WorkspaceOption = Annotated[Path, typer.Option("--workspace", envvar="MODUONG_WORKSPACE", help="The nbgrader course folder that moduong keeps.")]
ExercisesOption = Annotated[Path, typer.Option("--exercises", help="The private folder of exercises, which hold the keys.")]
CourseOption = Annotated[Path, typer.Option("--course", help="The public folder: course.yaml, lessons, law facts.")]
LangOption = Annotated[str, typer.Option("--lang", envvar="MODUONG_LANG", help="Language of messages: vi or en.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
ModulesArgument = Annotated[list[str] | None, typer.Argument(help="Modules, such as M02; all when left out.")]
_WORKSPACE = Path("workspace")
_EXERCISES = Path("exercises")
_COURSE = _HERE / "course"


def main() -> None:
    """Run the command line; a ``ModuongError`` becomes one sentence on standard error and exit code 2."""
    try:
        app(standalone_mode=True)
    except ModuongError as error:
        lang = _lang_of(sys.argv)
        typer.echo(f"{error.code}: {error.text(lang)}", err=True)
        raise SystemExit(2) from None


def _lang_of(arguments: list[str]) -> str:
    for before, after in zip(arguments, [*arguments[1:], ""], strict=True):
        if before == "--lang":
            return after
        if before.startswith("--lang="):
            return before.removeprefix("--lang=")
    return os.environ.get("MODUONG_LANG", "vi")


def _say(lang: str, vi: str, en: str) -> None:
    typer.echo(en if lang == "en" else vi)


def clock() -> tuple[datetime, bool]:
    """Return the one ``now`` that every stage gets, and whether it is simulated (``$MODUONG_NOW``).

    Raises:
        ModuongError: ``E-NOW-1`` when ``$MODUONG_NOW`` is no instant with an offset.
    """
    text = os.environ.get("MODUONG_NOW", "")
    if not text:
        return datetime.now(UTC), False
    try:
        now: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        now = None
    if now is None or now.tzinfo is None:
        raise ModuongError(
            "E-NOW-1",
            vi=f"MODUONG_NOW={text} không phải thời điểm có múi giờ, ví dụ 2026-11-01T08:00+07:00.",
            en=f"MODUONG_NOW={text} is no instant with an offset, such as 2026-11-01T08:00+07:00.",
        )
    return now, True


def _syllabus(course: Path) -> Syllabus:
    from grader import syllabus  # each command loads what it needs

    return syllabus.load(course / "course.yaml")


def _open(workspace: Path, rules: Syllabus) -> Workspace:
    from grader.workspace import open_workspace

    return open_workspace(workspace, rules.course.id)


def _gradebook(space: Workspace) -> Engine:
    from grader.nbgrader_bridge import open_gradebook

    return open_gradebook(space)


def _chosen(rules: Syllabus, modules: list[str] | None) -> list[str]:
    for module in modules or []:
        if module not in rules.modules:
            known = ", ".join(rules.modules)
            raise ModuongError(
                "E-MOD-1", vi=f"Không có học phần «{module}» trong course.yaml; có: {known}.", en=f"No module '{module}' in course.yaml; there are: {known}."
            )
    return modules or list(rules.modules)


def _text(rules: Syllabus, module: str, exercises: Path, course: Path) -> ModuleText:
    from grader import module_text

    return module_text.read(rules, module, exercises, course)


@app.command()
def check(
    modules: ModulesArgument = None,
    exercises: ExercisesOption = _EXERCISES,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Find mistakes in lessons and exercises: file, line, item, field, remedy; then the quality table Q1–Q17 of the course.

    With modules named, only they are looked at, and there is no table. Exit code 1: an essential finding, or a table that does not pass.

    Example: moduong check M02
    """
    from grader import check as stage

    rules = _syllabus(course)
    report = stage.inspect(rules, exercises, course, modules, clock()[0].astimezone(rules.course.zone).date())
    if as_json:
        typer.echo(json.dumps(stage.report_as_json(report, lang), ensure_ascii=False, indent=1))
    else:
        for line in stage.lines(report, lang):
            typer.echo(line)
    if not report.passed:
        raise typer.Exit(1)


@app.command()
def build(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = _WORKSPACE,
    exercises: ExercisesOption = _EXERCISES,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Make nbgrader's source notebooks, the keys and the lessons from course text.

    Example: moduong build M02
    """
    from grader import build as stage

    rules = _syllabus(course)
    texts = [_text(rules, m, exercises, course) for m in _chosen(rules, modules)]
    space = _open(workspace, rules)
    for text in texts:
        built = stage.build(space, text)
        _say(
            lang,
            f"{built.module}: {built.items} câu chấm điểm, {built.practice} câu tự luyện.",
            f"{built.module}: {built.items} graded items, {built.practice} practice questions.",
        )
        if built.problem:
            typer.echo(f"{built.problem.code}: {built.problem.text(lang)}", err=True)


@app.command()
def release(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = _WORKSPACE,
    exercises: ExercisesOption = _EXERCISES,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Generate the learner's copies with nbgrader, prove that no key is in them, and hand them out.

    Example: moduong release M02
    """
    from grader import release as stage

    rules = _syllabus(course)
    space = _open(workspace, rules)
    for module in _chosen(rules, modules):
        done = stage.release(space, _text(rules, module, exercises, course))
        _say(lang, f"{module}: đã phát, bản {done.release}, {done.files} tệp.", f"{module}: released as {done.release}, {done.files} files.")


def _policy(rules: Syllabus, space: Workspace) -> Policy:
    """Return the rules for hand-ins: from course.yaml, the built keys, and the roster when there is one."""
    from grader import grade as grading
    from grader import roster as rosters
    from grader.collect import Policy as Rules

    people = None
    if (space.roster() / rosters.PEOPLE_FILE).exists():
        people = {p.person_id.casefold(): p.person_id for p in rosters.read(space.roster()).people}
    released = [m for m in rules.modules if (space.release(m) / "items.json").exists()]
    marked = [m for m in released if any(i["manual"] for i in grading.load_key(space, m)["items"])]
    return Rules(rules.attempts.limit, rules.attempts.wait_hours, frozenset(marked), frozenset(released), people)


@app.command()
def collect(
    sources: Annotated[list[Path] | None, typer.Argument(help="Folders or ZIP files; the exchange when left out.")] = None,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Take hand-ins in: from the exchange, or from folders and ZIP files. Nothing received is ever overwritten.

    Example: moduong collect bai-nop/
    """
    from grader import collect as stage

    rules = _syllabus(course)
    space = _open(workspace, rules)
    now, simulated = clock()
    engine = _gradebook(space)
    hand_ins: Iterable[HandIn]
    if sources:
        missing = [s for s in sources if not s.exists()]
        if missing:
            raise ModuongError("E-FILE-1", vi=f"{missing[0]}: không có tệp hay thư mục này.", en=f"{missing[0]}: no such file or folder.")
        hand_ins = itertools.chain.from_iterable(stage.from_path(source, now) for source in sources)
    else:
        hand_ins = stage.from_exchange(space.inbound(rules.course.id), now if simulated else None, stage.seen(engine))
    taken = list(stage.collect(space, engine, hand_ins, _policy(rules, space), simulated=simulated))
    if as_json:
        fields = ("source", "attempt_id", "person", "module", "state", "code", "reason")
        typer.echo(json.dumps([{f: getattr(t, f) for f in fields} for t in taken], ensure_ascii=False, indent=1))
        return
    for one in taken:
        if one.state not in {"accepted", "duplicate"}:
            typer.echo(f"{one.source}: {one.state} {one.code} {one.reason}")
    accepted = sum(t.state == "accepted" for t in taken)
    _say(lang, f"Nhận {accepted} trên {len(taken)} bài nộp mới.", f"{accepted} of {len(taken)} new hand-ins accepted.")


def _progress(title: str, total: int) -> tuple[Any, Callable[[int], None]]:
    """Return a progress bar (a context manager) and the function that moves it on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    )
    task = bar.add_task(title, total=total)
    return bar, lambda count: bar.update(task, advance=count)


def _grade_module(space: Workspace, engine: Engine, module: str, now: datetime, *, force: bool, jobs: int) -> int:
    """Grade what waits in one module and read marks; return the number of attempts graded."""
    from concurrent.futures import ProcessPoolExecutor

    from grader import grade as stage

    key = stage.load_key(space, module)
    stage.read_marks(space, engine, module, now)
    with engine.connect() as connection:
        waiting = stage.pending(connection, module, again=force)
    chunks = [tuple(waiting[i : i + stage.CHUNK]) for i in range(0, len(waiting), stage.CHUNK)]
    work = [stage.Job(space, key, chunk, "regrade" if force else "grade") for chunk in chunks]
    bar, advance = _progress(f"{module}", len(waiting))
    with bar:
        if jobs > 1 and len(work) > 1:
            with ProcessPoolExecutor(jobs, initializer=stage.end_with_parent) as pool:
                for graded in pool.map(stage.run, work):
                    stage.commit(engine, module, graded, now)
                    advance(len(graded))
        else:
            for job in work:
                graded = stage.run(job)
                stage.commit(engine, module, graded, now)
                advance(len(graded))
    return len(waiting)


@app.command()
def grade(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    force: Annotated[bool, typer.Option("--force", help="Grade again what no person has marked; see regrade for the rest.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Collect, grade and give feedback as hand-ins arrive, until stopped.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes that score side by side.")] = os.cpu_count() or 1,
    lang: LangOption = "vi",
) -> None:
    """Score what was collected, and carry formgrader's marks into the ledger. No learner's notebook is executed.

    Example: moduong grade M02 --jobs 2
    """
    rules = _syllabus(course)
    space = _open(workspace, rules)
    engine = _gradebook(space)
    if watch:
        _watch(space, engine, rules, lang)
        return
    now, _ = clock()
    for module in _chosen(rules, modules):
        if not space.key(module).exists():
            if modules:
                _say(lang, f"{module}: chưa được tạo.", f"{module}: not built.")
            continue
        count = _grade_module(space, engine, module, now, force=force, jobs=jobs)
        _say(lang, f"{module}: chấm {count} lượt.", f"{module}: {count} attempts graded.")


ledger_app = typer.Typer(invoke_without_command=True)
app.add_typer(ledger_app, name="ledger")


@ledger_app.callback()
def ledger(
    context: typer.Context,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print attempts.csv.")] = False,
    lang: LangOption = "vi",
) -> None:
    """Show the attempt ledger, or print it as attempts.csv; enter what a coordinator decided.

    Example: moduong ledger --csv > attempts.csv
    """
    from collections import Counter

    from grader import ledger as stage

    if context.invoked_subcommand:
        return
    rules = _syllabus(course)
    with _gradebook(_open(workspace, rules)).connect() as connection:
        rows = stage.export_rows(connection, rules.course.zone, rules.modules)
    if as_csv:
        sys.stdout.write(stage.to_csv(rows))
        return
    for (module, status), count in sorted(Counter((r[2], r[8]) for r in rows).items()):
        typer.echo(f"{module}  {status:16} {count}")
    for old in stage.outdated(rows, rules.modules, rules.course.version):
        _say(
            lang,
            f"{old.person}: cần cập nhật {old.module} (đạt ở bản {old.version}; kết quả vẫn được tính).",
            f"{old.person}: {old.module} to be refreshed (passed in {old.version}; the pass still counts).",
        )
    _say(lang, f"{len(rows)} lượt làm bài.", f"{len(rows)} attempts.")


def _completion(rules: Syllabus, roster: Path, attempts: Path, as_of: date, now: datetime) -> Completion:
    from grader import attempts as files
    from grader import completion as stage
    from grader import roster as rosters

    stage.refuse_day(rules, as_of, now)
    people = rosters.read(roster)
    return stage.compute(rules, people, files.read(attempts, people, rules), as_of, now)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ModuongError(
            "E-ASOF-2", vi=f"«{text}» không phải ngày; hãy viết như 2026-10-31.", en=f"'{text}' is no date; write it like 2026-10-31."
        ) from None


@app.command()
def completion(
    roster: Annotated[Path | None, typer.Option("--roster", help="Folder with units.csv, people.csv, posts.csv; the workspace's when left out.")] = None,
    attempts: Annotated[Path | None, typer.Option("--attempts", help="attempts.csv; the workspace's ledger when left out.")] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="As-of date, such as 2026-10-31; today when left out.")] = "",
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Count who is trained, per target and corporation, as of a date.

    Example: moduong completion --roster roster --attempts attempts.csv --as-of 2026-10-31 --json
    """
    from grader import reporting

    rules = _syllabus(course)
    now, _ = clock()
    day = _day(as_of) if as_of else now.astimezone(rules.course.zone).date()
    space = _open(workspace, rules) if roster is None or attempts is None else None
    found = _completion(
        rules,
        roster or (space.roster() if space else Path()),
        attempts or (reporting.export(space, _gradebook(space), rules) if space else Path()),
        day,
        now,
    )
    if as_json:
        typer.echo(json.dumps(found.to_json(lang), ensure_ascii=False, indent=1))
        return
    from grader import summary

    for line in summary.lines(found, lang):
        typer.echo(line)


@app.command()
def score(
    module: Annotated[str, typer.Option("--module", help="The module, such as M02.")],
    answers: Annotated[Path, typer.Option("--answers", help="An answers.json.")],
    exercises: ExercisesOption = _EXERCISES,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Score one answers.json against an exercise, without a workspace.

    Example: moduong score --exercises exercises --module M02 --answers answers.json --json
    """
    from course.answers import AnswersError
    from grader import build as building
    from grader import grade as grading

    text = _text(_syllabus(course), module, exercises, course)
    findings = text.exercise.findings if text.exercise else ()
    if text.exercise is None or findings:
        shown = "\n".join(f.text(lang) for f in findings)
        raise ModuongError("E-BUILD-1", vi=f"{module}: bài tập chưa dùng được.\n{shown}", en=f"{module}: the exercise is not usable.\n{shown}")
    try:
        with contextlib.ExitStack() as stack:
            judge = grading.open_judge(building.key_of(text, text.exercise)[0], (), stack)
            found = grading.score_file(judge, module, answers)
    except AnswersError as error:
        raise ModuongError(error.code, vi=f"{answers}: {error.vi}", en=f"{answers}: no answer set can be read ({error.code}).") from None
    except FileNotFoundError:
        raise ModuongError("E-FILE-1", vi=f"{answers}: không có tệp này.", en=f"{answers}: no such file.") from None
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for item in found["items"]:
        typer.echo(f"{item['id']}  {item['state']:15} {item['points']} / {item['max_points']}")
    typer.echo(f"{module}  {found['points']} / {found['max_points']}")


@app.command()
def items(
    modules: ModulesArgument = None,
    out: Annotated[Path | None, typer.Option("--out", help="The page to write; reports/items.html in the workspace when left out.")] = None,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write item statistics as a page: difficulty, item-rest correlation, use of options, alpha, for each version of the key.

    Example: moduong items M02
    """
    from grader import item_page
    from grader import item_statistics as stage

    rules = _syllabus(course)
    space = _open(workspace, rules)
    chosen = [m for m in _chosen(rules, modules) if rules.modules[m].points]
    found = stage.analyse(space, _gradebook(space), chosen, clock()[0].astimezone(rules.course.zone))
    for module in found.modules:
        for item in module.flagged:
            typer.echo(f"{item.id}  {item_page.words(item, lang)}")
    path = stage.write(space, found, lang, out)
    count = sum(len(module.flagged) for module in found.modules)
    _say(lang, f"{count} câu cần xem; trang: {path}", f"{count} items to look at; page: {path}")


roster_app = typer.Typer(help="The roster of cadres: units, people, posts.", no_args_is_help=True)
app.add_typer(roster_app, name="roster")


@roster_app.command("sample")
def roster_sample(
    folder: Annotated[Path, typer.Argument(help="Folder to write into.")] = Path("roster"),
    size: Annotated[str, typer.Option("--size", help="demo (about 180 leaders) or full (about 1,980).")] = "demo",
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same roster.")] = 1,
    attempts: Annotated[bool, typer.Option("--attempts", help="Also write simulated attempts.csv.")] = False,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write an invented roster with planted faults, to try things out.

    Example: moduong roster sample roster --size demo --seed 1
    """
    from grader import attempts_sample
    from grader import roster_sample as stage

    stage.write(folder, size, seed)
    if attempts:
        attempts_sample.write(folder, _syllabus(course), seed)
    _say(lang, f"Đã ghi danh sách mẫu vào {folder}.", f"Sample roster written to {folder}.")


@roster_app.command("import")
def roster_import(
    folder: Annotated[Path, typer.Argument(help="Folder with units.csv, people.csv, posts.csv.")],
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Check a roster and take it into the workspace; every rejected row is listed.

    Example: moduong roster import danh-sach/
    """
    import shutil

    from grader import roster as stage

    found = stage.read(folder)
    space = _open(workspace, _syllabus(course))
    for name in (stage.UNITS_FILE, stage.PEOPLE_FILE, stage.POSTS_FILE):
        if (folder / name).resolve() != (space.roster() / name).resolve():
            shutil.copyfile(folder / name, space.roster() / name)
    for finding in (*found.rejected, *found.warnings):
        typer.echo(f"{finding.file}:{finding.line}: {finding.code} {finding.message(lang)}")
    _say(
        lang,
        f"Nhận {len(found.units)} đơn vị, {len(found.people)} người, {len(found.posts)} chức vụ; loại {len(found.rejected)} dòng.",
        f"{len(found.units)} units, {len(found.people)} people, {len(found.posts)} posts taken; {len(found.rejected)} rows rejected.",
    )


@app.command()
def report(
    as_of: Annotated[str, typer.Option("--as-of", help="As-of date, such as 2026-10-31; today when left out.")] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="Also print report.pdf (needs Chromium).")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Also write report.xlsx.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Also write the tables as CSV for Excel.")] = False,
    scope: Annotated[str, typer.Option("--scope", help="Report one unit and what is below it.")] = "",
    named: Annotated[bool, typer.Option("--named", help="Name the people still missing; confidential, kept apart and logged.")] = False,
    wave: Annotated[list[str] | None, typer.Option("--wave", help="An election to come, such as 2028-10-15=35 (per cent replaced).")] = None,
    indicators: Annotated[Path | None, typer.Option("--indicators", help="indicators.csv; the roster folder's when left out.")] = None,
    history: Annotated[bool, typer.Option("--history/--no-history", help="Show the quarters before, and a forecast.")] = True,
    seed: Annotated[int, typer.Option("--seed", help="Of the forecast's simulation.")] = 1,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write report.html and report.json: targets, corporations, shortfall, pace and forecast, with date and rule.

    Example: moduong report --as-of 2026-10-31 --pdf --xlsx
    """
    from grader import forecast, reporting
    from grader.report_page import Options

    rules = _syllabus(course)
    now, simulated = clock()
    space = _open(workspace, rules)
    day = _day(as_of) if as_of else now.astimezone(rules.course.zone).date()
    path, _ = reporting.write(
        space,
        _gradebook(space),
        rules,
        day,
        now,
        lang,
        simulated=simulated,
        options=Options(named, scope, dict(map(forecast.wave, wave or [])), seed),
        indicators_file=indicators,
        formats=[name for name, wanted in (("xlsx", xlsx), ("csv", as_csv), ("pdf", pdf)) if wanted],
        history=history,
    )
    _say(lang, f"Báo cáo: {path}", f"Report: {path}")


@app.command()
def demo(
    workspace: WorkspaceOption = _WORKSPACE,
    exercises: ExercisesOption = _EXERCISES,
    course: CourseOption = _COURSE,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same demo.")] = 1,
    lang: LangOption = "vi",
) -> None:
    """Play the whole course with invented cadres, ending with the CT70 line and the report.

    Example: moduong demo --seed 1
    """
    from grader import build as building
    from grader import demo as driver
    from grader import release as releasing
    from grader import reporting, summary

    rules = _syllabus(course)
    space = _open(workspace, rules)
    engine = _gradebook(space)
    if not driver.played_before(space, seed):
        if any(space.inbound(rules.course.id).glob("*")):
            raise ModuongError(
                "E-DEMO-1",
                vi=f"{workspace}: đã có bài nộp khác. Hãy chạy demo trong thư mục mới bằng --workspace.",
                en=f"{workspace}: holds other hand-ins. Run the demo in a new folder with --workspace.",
            )
        driver.roster(space, seed)
        for module in rules.modules:
            text = _text(rules, module, exercises, course)
            building.build(space, text)
            releasing.release(space, text)
        policy = _policy(rules, space)
        bar, advance = _progress("nộp bài" if lang != "en" else "hand-ins", driver.count_events(space, rules, policy, seed))
        with bar:
            played = driver.play(space, engine, rules, policy, seed, lambda: advance(1))
        driver.remember(space, seed)
        for one in played.aside:
            typer.echo(f"{one.source}: {one.state} {one.code} {one.reason}")
        states = ", ".join(f"{state} {count}" for state, count in sorted(played.states.items()))
        _say(lang, f"Bài nộp: {states}.", f"Hand-ins: {states}.")
    for module in rules.modules:
        if space.key(module).exists():
            _grade_module(space, engine, module, driver.NOW, force=False, jobs=1)
    path, found = reporting.write(space, engine, rules, driver.AS_OF, driver.NOW, lang, simulated=True)
    for line in summary.lines(found, lang):
        typer.echo(line)
    _say(lang, f"Báo cáo: {path}", f"Report: {path}")


@app.command()
def feedback(
    modules: ModulesArgument = None,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Write the Vietnamese feedback pages and release them where learners fetch them; unchanged pages are not touched.

    Example: moduong feedback M02
    """
    rules = _syllabus(course)
    space = _open(workspace, rules)
    engine = _gradebook(space)
    for module in _chosen(rules, modules):
        if space.key(module).exists() and (space.release(module) / "items.json").exists():
            _feedback(space, engine, rules, module, lang)


def _feedback(space: Workspace, engine: Engine, rules: Syllabus, module: str, lang: str, people: list[str] | None = None) -> None:
    from grader import feedback as stage

    done = stage.publish(space, engine, rules, module, people)
    _say(
        lang,
        f"{module}: {done.pages} trang phản hồi, viết mới {done.written}, phát {done.released}.",
        f"{module}: {done.pages} feedback pages, {done.written} written, {done.released} released.",
    )
    if done.waiting:
        _say(
            lang,
            f"{module}: đáp án đã đổi, {done.waiting} trang giữ nguyên cho đến khi chạy «moduong regrade {module}».",
            f"{module}: the key has changed, {done.waiting} pages stay as they are until 'moduong regrade {module}' is run.",
        )


@app.command()
def regrade(
    module: Annotated[str, typer.Argument(help="The module whose key was corrected and built, such as M07.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    as_of: Annotated[str, typer.Option("--as-of", help="Day for which rates are compared; today when left out.")] = "",
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Score a module again after its key was corrected: whose score, pass or trained state changes, which rates move.

    Example: moduong regrade M07 --dry-run
    """
    from grader import grade as grading
    from grader import regrade as stage

    rules = _syllabus(course)
    (module,) = _chosen(rules, [module])
    space = _open(workspace, rules)
    now, _ = clock()
    day = _day(as_of) if as_of else now.astimezone(rules.course.zone).date()
    engine = _gradebook(space)
    key = grading.load_key(space, module)
    found = _regraded(space, engine, rules, key, day, now, write=not dry_run)
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        for line in stage.lines(found, lang):
            typer.echo(line)
    if dry_run:
        return
    grading.read_marks(space, engine, module, now)
    if not as_json:
        _feedback(space, engine, rules, module, lang)


def _regraded(space: Workspace, engine: Engine, rules: Syllabus, key: dict[str, Any], day: date, now: datetime, *, write: bool) -> Difference:
    """Regrade one module, with a box for code items where this machine has one."""
    from grader import grade as grading

    with contextlib.ExitStack() as stack:
        judge = grading.open_judge(key, [space.root], stack, needs_box=True)
        return _regraded_by(judge, space, engine, rules, key, day, now, write=write)


def _regraded_by(
    judge: Judge, space: Workspace, engine: Engine, rules: Syllabus, key: dict[str, Any], day: date, now: datetime, *, write: bool
) -> Difference:
    """Regrade one module in a transaction, which a dry run takes back: what it shows is what would be written."""
    from grader import database
    from grader import grade as grading
    from grader import ledger as ledgers
    from grader import regrade as stage

    module, version = str(key["module"]), str(key["key_version"])
    with engine.connect() as connection:  # scored before anything is locked: code items take their time
        regraded = stage.regrade(connection, module, judge, version)
        changed = {one.after.attempt_id for one in regraded if one.shown}
        again = [one for one in grading.shown(connection, module) if one.attempt_id in changed]
    for start in range(0, len(again) if write else 0, grading.CHUNK):  # the files first: a run that is killed here does them again
        grading.run(grading.Job(space, key, tuple(again[start : start + grading.CHUNK]), "regrade"))
    with database.writing(engine) as connection:
        before = ledgers.export_rows(connection, rules.course.zone, rules.modules)
        stage.write(connection, module, regraded, now)
        after = ledgers.export_rows(connection, rules.course.zone, rules.modules)
        if not write:
            connection.rollback()
    counted = (_counted(space, rules, before, day, now), _counted(space, rules, after, day, now))
    both = (counted[0], counted[1]) if counted[0] and counted[1] else None
    return stage.difference(module, rules.modules[module], regraded, (before, after), both)


def _counted(space: Workspace, rules: Syllabus, rows: list[tuple[str, ...]], day: date, now: datetime) -> Completion | None:
    """Return completion from an export; ``None`` without a roster."""
    import tempfile

    from grader import ledger as ledgers
    from grader.roster_records import PEOPLE_FILE

    if not (space.roster() / PEOPLE_FILE).exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attempts.csv"
        path.write_text(ledgers.to_csv(rows), encoding="utf-8", newline="")
        return _completion(rules, space.roster(), path, day, now)


ByOption = Annotated[str, typer.Option("--by", help="Name of the coordinator.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why; kept in the ledger.")]


@ledger_app.command("void")
def ledger_void(
    attempt: Annotated[str, typer.Argument(help="Attempt id, such as CB-000123.M07.2.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the ledger.")],
    by: Annotated[list[str], typer.Option("--by", help="Name of one who signs; give it twice.")],
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Declare an attempt void for proven misconduct: it counts nowhere from now on. Two people sign.

    Example: moduong ledger void CB-000123.M07.2 --reason "nộp bài của người khác" --by "Lê Thị Mẫu" --by "Trần Văn Mẫu"
    """
    from grader import ledger_entries as stage

    rules = _syllabus(course)
    space = _open(workspace, rules)
    engine = _gradebook(space)
    with engine.begin() as connection:
        stage.void(connection, attempt, reason, by, clock()[0])
    _say(lang, f"{attempt}: đã hủy.", f"{attempt}: void.")
    person, module, _ = attempt.rsplit(".", 2)
    _feedback(space, engine, rules, module, lang, [person])


@ledger_app.command("attest")
def ledger_attest(
    attempt: Annotated[str, typer.Argument(help="Attempt id, such as CB-000123.M07.2.")],
    on: Annotated[str, typer.Option("--on", help="The day on which it was handed in at the offline site, such as 2026-10-30.")],
    note: NoteOption,
    by: ByOption,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Attest that an offline site's hand-in was made up to 7 days before the server got it.

    Example: moduong ledger attest CB-000123.M07.2 --on 2026-10-30 --note "trạm mất mạng" --by "Lê Thị Mẫu"
    """
    from grader import ledger_entries as stage

    rules = _syllabus(course)
    with _gradebook(_open(workspace, rules)).begin() as connection:
        counts = stage.attest(connection, attempt, _day(on), note, by, clock()[0], rules.course.zone)
    _say(lang, f"{attempt}: tính từ {counts:%H:%M %d/%m/%Y}.", f"{attempt}: counts from {counts.isoformat()}.")


@ledger_app.command("reopen")
def ledger_reopen(
    person: Annotated[str, typer.Argument(help="Person id as in the ledger, such as CB-000123.")],
    module: Annotated[str, typer.Argument(help="The module, such as M07.")],
    note: NoteOption,
    by: ByOption,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Open two more attempts for somebody who has used all of them and was coached.

    Example: moduong ledger reopen CB-000123 M07 --note "kèm cặp ngày 12/10" --by "Lê Thị Mẫu"
    """
    from grader import ledger_entries as stage

    rules = _syllabus(course)
    (module,) = _chosen(rules, [module])
    space = _open(workspace, rules)
    engine = _gradebook(space)
    with engine.begin() as connection:
        limit = stage.reopen(connection, person, module, rules.attempts.limit, note, by, clock()[0])
    _say(lang, f"{person} {module}: nay có {limit} lượt.", f"{person} {module}: {limit} attempts now.")
    _feedback(space, engine, rules, module, lang, [person])


def _watch(space: Workspace, engine: Engine, rules: Syllabus, lang: str) -> None:
    """Run the watch until the process is told to stop; the round that is under way is finished."""
    import functools
    import signal
    from threading import Event

    from grader import watch as driver

    def report(done: driver.Round) -> None:
        if not done.busy:
            _say(lang, "Đang chờ bài nộp. Dừng bằng Ctrl+C.", "Waiting for hand-ins. Stop with Ctrl+C.")
        else:
            counts = (len(done.taken), done.graded, done.released)
            _say(lang, "Nhận {}, chấm {}, phát {} phản hồi.".format(*counts), "{} taken, {} graded, {} feedback pages.".format(*counts))
        for problem in done.problems:
            typer.echo(f"{problem.code}: {problem.text(lang)}", err=True)
        sys.stdout.flush()

    stop = Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: stop.set())
    driver.run(driver.Desk(space, engine, rules, functools.partial(_policy, rules, space), clock), stop, report)


@app.command()
def serve(
    role: Annotated[str, typer.Option("--as", help="cadre or instructor.")] = "cadre",
    person: Annotated[str, typer.Option("--person", help="Id of the cadre, such as CB-000123.")] = "",
    folder: Annotated[Path | None, typer.Option("--folder", help="The cadre's own folder; in the workspace when left out.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="On loopback; a free one when left out.")] = None,
    workspace: WorkspaceOption = _WORKSPACE,
    course: CourseOption = _COURSE,
    lang: LangOption = "vi",
) -> None:
    """Start the page of a role on this machine's loopback address and print its link.

    Example: moduong serve --as cadre --person CB-000001
    """
    from grader import serve as driver

    rules = _syllabus(course)
    space = _open(workspace, rules)
    if role == "instructor":
        command = driver.instructor(space.root, port)
    elif role == "cadre":
        home = folder or space.learner(person or "toi")
        command = driver.cadre(home, port, space.exchange, person=person, course=rules.course.id)
    else:
        raise ModuongError("E-SERVE-3", vi=f"Không có vai «{role}»; có: cadre, instructor.", en=f"No role '{role}'; there are: cadre, instructor.")
    driver.run(command, lambda link: _say(lang, f"Mở liên kết này trong trình duyệt: {link}", f"Open this link in a browser: {link}"))


@app.command()
def doctor(
    attack: Annotated[bool, typer.Option("--attack", help="Also try the shipped attacks on the box.")] = False,
    workspace: WorkspaceOption = _WORKSPACE,
    exercises: ExercisesOption = _EXERCISES,
    lang: LangOption = "vi",
) -> None:
    """Say what this machine has for grading code, why something is missing, and what to do.

    Example: moduong doctor --attack
    """
    from grader import doctor as driver

    hidden = [folder for folder in (workspace, exercises) if folder.exists()]
    symptoms = driver.examine(hidden)
    for symptom in symptoms:
        typer.echo(symptom.text(lang))
    fine = driver.well(symptoms)
    if attack and fine:
        for fought in driver.attack(hidden):
            typer.echo(driver.fought_text(fought))
            fine = fine and fought.stood
    if not fine:
        raise typer.Exit(1)
