"""Driver ``report``.

Reads roster and ledger once, counts the day and the quarters before it, and has the report written.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.engine import Connection, Engine

from grader.completion import attempts, indicators, ledger_progress, quarters
from grader.completion import count as completion
from grader.completion.progress import reduce_attempts
from grader.completion.records import Completion, Progress
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace
from grader.report import write as report
from grader.report.page import Options
from grader.roster import lineage
from grader.roster import read as roster
from grader.roster import store as roster_store
from grader.roster.records import Roster
from grader.roster.sample import files as roster_sample

FROM_FILES = "tu-tep"
"""Where reports from given files lie, below the workspace's reports."""


@contextlib.contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Keep Python from looking for cycles.

    There are none, and among millions of rows the search takes as long as the counting.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


@_no_search_for_cycles()
def write(  # one name per step
    workspace: Workspace,
    engine: Engine,
    rules: Syllabus,
    day: date,
    now: datetime,
    lang: str,
    *,
    simulated: bool,
    options: Options | None = None,
    indicators_file: Path | None = None,
    formats: Sequence[str] = (),
    history: bool = True,
    into: Path | None = None,
    folder: Path | None = None,
    file: Path | None = None,
) -> tuple[Path, Completion]:
    """Write the report of ``day`` and return its path and the completion it shows.

    ``folder`` and ``file`` as in ``count``.

    One from given files lies in a folder of its own, with versions of its own; from a sample it is stamped as
    simulated.

    Raises:
        ModuongError: those of ``count`` and ``report.write``.
    """
    completion.refuse_day(rules, day, now)
    reports = workspace.reports()
    if folder or file:  # an experiment: it neither takes the place of what was published nor enters its history
        reports /= FROM_FILES
        reports.mkdir(exist_ok=True)
        simulated = simulated or any(map(roster_sample.is_one, filter(None, (folder, file and file.parent))))
    people, progress = _read(rules, lambda: engine, folder, file)
    found = completion.decide(rules, people, progress, day, now)
    first = min(target.counts_from for target in rules.targets.values())
    earlier = (
        [completion.decide(rules, people, progress, end, now) for end in quarters.ends(first, day)] if history else []
    )
    structure = lineage.on(people.units, day, rules.offices)
    told = indicators.read(
        indicators_file or workspace.roster() / "indicators.csv", structure, day, indicators.of(rules)
    )
    path = report.write(
        reports,
        found,
        people,
        rules,
        lang,
        simulated=simulated,
        options=options or Options(),
        history=earlier,
        indicators=told,
        formats=formats,
        into=into,
    )
    return path, found


@_no_search_for_cycles()
def count(
    rules: Syllabus, gradebook: Callable[[], Engine], day: date, now: datetime, folder: Path | None, file: Path | None
) -> Completion:
    """Return the completion as of ``day``; the gradebook is opened only for what is not given.

    Args:
        rules: course.yaml.
        gradebook: opens the workspace's gradebook.
        day: the as-of date.
        now: printed as ``computed_at``.
        folder: of the roster's files; ``None`` for the roster that was taken in.
        file: an ``attempts.csv``; ``None`` for the ledger.

    Raises:
        ModuongError: ``E-ROSTER-1`` no roster was taken in; those of ``completion.refuse_day``, ``roster.read``,
            ``attempts.read``.
    """
    completion.refuse_day(rules, day, now)
    return completion.decide(rules, *_read(rules, gradebook, folder, file), day, now)


def _read(
    rules: Syllabus, gradebook: Callable[[], Engine], folder: Path | None, file: Path | None
) -> tuple[Roster, Progress]:
    """Return roster and progress, each from the files given, else from the gradebook."""
    if folder and file:
        people = roster.read(folder, rules.offices)
        return people, _from_file(rules, file, people)
    with gradebook().connect() as connection:
        people = roster.read(folder, rules.offices) if folder else roster_store.required(connection)
        return people, _from_file(rules, file, people) if file else ledger_progress.read(connection, rules, people)


def _from_file(rules: Syllabus, file: Path, people: Roster) -> Progress:
    return reduce_attempts(rules, attempts.read(file, people, rules))


def count_stored(connection: Connection, rules: Syllabus, people: Roster, day: date, now: datetime) -> Completion:
    """Return the completion as of ``day`` from the ledger as this connection sees it.

    Raises as ``completion.refuse_day``.
    """
    completion.refuse_day(rules, day, now)
    return completion.decide(rules, people, ledger_progress.read(connection, rules, people), day, now)
