"""Driver ``report``: reads roster and ledger once, counts the day and the quarters before it, and has the report written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.engine import Engine

from grader import attempts, completion, indicators, ledger, lineage, quarters, report, roster_store
from grader.completion_records import Completion
from grader.progress import reduce_attempts
from grader.report_page import Options
from grader.roster_records import Roster
from grader.syllabus import Syllabus
from grader.workspace import Workspace


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
) -> tuple[Path, Completion]:
    """Write the report of ``day`` and return its path and the completion it shows.

    Raises:
        ModuongError: ``E-ROSTER-1`` no roster was taken in; those of ``completion.refuse_day`` and ``report.write``.
    """
    completion.refuse_day(rules, day, now)
    people = stored_roster(engine)
    file = export(workspace, engine, rules)
    progress = reduce_attempts(rules, attempts.read(file, people, rules))
    found = completion.decide(rules, people, progress, day, now)
    first = min(target.counts_from for target in rules.targets.values())
    earlier = [completion.decide(rules, people, progress, end, now) for end in quarters.ends(first, day)] if history else []
    told = indicators.read(indicators_file or workspace.roster() / "indicators.csv", lineage.on(people.units, day), day)
    path = report.write(
        workspace.reports(),
        found,
        people,
        rules,
        lang,
        simulated=simulated,
        options=options or Options(),
        history=earlier,
        progress=progress,
        indicators=told,
        formats=formats,
        into=into,
    )
    return path, found


def count(rules: Syllabus, people: Roster, file: Path, day: date, now: datetime) -> Completion:
    """Return the completion as of ``day`` from a roster and an ``attempts.csv``; raises as ``completion.compute`` and ``attempts.read``."""
    completion.refuse_day(rules, day, now)
    return completion.compute(rules, people, attempts.read(file, people, rules), day, now)


def stored_roster(engine: Engine) -> Roster:
    """Return the workspace's roster.

    Raises:
        ModuongError: ``E-ROSTER-1`` none was taken in.
    """
    with engine.connect() as connection:
        return roster_store.required(connection)


def export(workspace: Workspace, engine: Engine, rules: Syllabus) -> Path:
    """Write the ledger's ``attempts.csv`` where staff alone reads it, beside the gradebook, and return its path."""
    with engine.connect() as connection:
        text = ledger.to_csv(ledger.export_rows(connection, rules.course.zone, rules.modules))
    path = workspace.root / "attempts.csv"
    path.write_text(text, encoding="utf-8", newline="")
    path.chmod(0o600)
    return path
