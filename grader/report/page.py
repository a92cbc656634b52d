"""Puts together everything one report says, once: the page, the workbook and the CSV files only write it down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from course.words import _, into
from grader.completion import forecast, quarters
from grader.completion.forecast import Outlook, Pace
from grader.completion.indicators import Indicators, unread
from grader.completion.quarters import Quarter
from grader.completion.records import Completion
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.report import forecast_words
from grader.report import people as report_people
from grader.report import views as report_views
from grader.report.people import Missing
from grader.report.views import TargetView
from grader.report.words import Words
from grader.roster import lineage
from grader.roster.records import Roster
from grader.roster.row_findings import RowFinding

_MASK = "***"
_MASKS = re.compile(r"\*\*\*(?:, \*\*\*)+(?: … \+\d+)?")
"""A list of masked ids: one mask says as much."""
_SPACES = re.compile(r"([\s,;|/]+)")


class Note(Protocol):
    """What is listed about rows: of the roster, the attempts or the indicators."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def code(self) -> str: ...
    def message(self, lang: str = "vi") -> str:
        """Return the sentence in ``lang``."""

    def to_json(self, lang: str = "vi") -> dict[str, str | int]:
        """Return file, line, code and message."""


class Version(Protocol):
    """What the report says of an earlier or the present published version of the same day (E14)."""

    @property
    def number(self) -> int: ...
    def summary(self, lang: str) -> str:
        """Return when it was published, its figures, and why it differs from the one before."""


@dataclass(frozen=True)
class Options:
    """What the coordinator asked for.

    Attributes:
        named: whether people are named and small groups shown.
        scope: unit whose subtree is reported; empty for everything.
        waves: elections to come: day -> share of those in office replaced.
        seed: of the forecast.
        by: who asked, for the log of named lists; empty: the account of the machine.
    """

    named: bool = False
    scope: str = ""
    waves: Mapping[date, float] = field(default_factory=dict)
    seed: int = 1
    by: str = ""


@dataclass(frozen=True)
class Past:
    """The quarters of one target worth showing, and what all of them let us expect.

    Attributes:
        quarters: in order of time, the last up to the as-of date.
        outlook: None when too little was seen, or the due day is past.
        method: of the forecast, in words.
        left, left_trained: people counted at the end of an earlier quarter and no longer; those of them trained.
    """

    quarters: tuple[Quarter, ...]
    outlook: Outlook | None
    method: tuple[str, ...]
    left: int
    left_trained: int


@dataclass(frozen=True)
class Page:
    """One report.

    Attributes:
        words: its language.
        titles: of the computed targets, in that language.
        found: the completion behind it, in scope, exact.
        targets: as shown, small groups hidden unless ``options.named``; the first is the main one.
        past: of the first target; None without a history, or where its figure is hidden.
        pace: needed for the first target; None where its figure is hidden or its due day past.
        ever_trained: people who ever completed the first target's track; None in a report of one unit.
        indicators: the targets that are not computed.
        missing: people not trained; empty unless ``options.named``.
        rejected, warnings: of roster, attempts and indicators; without person ids unless ``options.named``.
        versions: published for this day.
        union, scope_name: names of the union, and of the unit in scope.
        unit_names: names of the units that reported indicators.
        simulated: whether the data are invented.
    """

    words: Words
    titles: Mapping[str, str]
    options: Options
    found: Completion
    targets: tuple[TargetView, ...]
    past: Past | None
    pace: Pace | None
    ever_trained: int | None
    indicators: Indicators
    missing: tuple[Missing, ...]
    rejected: tuple[Note, ...]
    warnings: tuple[Note, ...]
    versions: tuple[Version, ...]
    union: str
    scope_name: str
    unit_names: Mapping[str, str]
    simulated: bool


def compose(
    found: Completion,
    roster: Roster,
    rules: Syllabus,
    lang: str,
    *,
    simulated: bool,
    options: Options,
    history: Sequence[Completion] = (),
    indicators: Indicators | None = None,
) -> Page:
    """Return the report of ``found``.

    Args:
        found: of the whole union.
        roster: it was computed from.
        rules: course.yaml.
        lang: ``vi`` or ``en``.
        simulated: whether the data are invented.
        options: see there.
        history: completions at the quarter's ends before, in order of time; empty for no forecast.
        indicators: read from indicators.csv; None is the same as no file.

    Raises:
        ModuongError: ``E-SCOPE-1`` no such unit on the as-of date.
    """
    structure = lineage.on(roster.units, found.as_of, rules.offices)
    scope = _scope(options.scope, structure, found.as_of)
    shown = tuple(
        report_views.view(t, rules.targets[t.id].unit_kinds, structure, scope, public=not options.named)
        for t in found.targets
    )
    inside = [
        day if not scope else report_views.scoped(day, lineage.on(roster.units, day.as_of, rules.offices), scope)
        for day in (*history, found)
    ]
    exact = inside[-1]
    indicators = indicators or unread(rules)
    union = next((unit.name for unit in structure.in_force.values() if unit.kind == rules.offices.top), "")
    people = None if options.named else roster
    return Page(
        words=Words(lang, rules.offices),
        titles=_titles(rules, lang),
        options=options,
        found=replace(exact, indicators=indicators.to_json()) if indicators.rows else exact,
        targets=shown,
        past=_past(inside, shown[0], options, lang) if history and shown else None,
        pace=_pace(inside, shown[0], options) if shown else None,
        ever_trained=found.targets[0].ever_trained if shown and not scope else None,
        indicators=indicators,
        missing=tuple(p for v in shown for p in report_people.missing(v.result, v.units, structure, roster))
        if options.named
        else (),
        rejected=(*_without_ids(found.rejected_rows, people), *indicators.rejected),
        warnings=(*_without_ids(found.warnings, people), *indicators.warnings),
        versions=(),
        union=union,
        scope_name=structure.in_force[scope].name if scope else "",
        unit_names=_names(structure, indicators),
        simulated=simulated,
    )


def with_versions(page: Page, versions: Sequence[Version]) -> Page:
    """Return the page with the versions published for its day."""
    return replace(page, versions=tuple(versions))


def _scope(unit_id: str, structure: lineage.Structure, as_of: date) -> str:
    if not unit_id:
        return ""
    unit = structure.standing(unit_id)
    if unit is None:
        raise ModuongError(
            "E-SCOPE-1",
            _(
                "Đơn vị «{unit_id}» không hoạt động vào ngày {as_of:%d/%m/%Y}; hãy xem mã trong units.csv.",
                unit_id=unit_id,
                as_of=as_of,
            ),
        )
    return unit.unit_id


def _titles(rules: Syllabus, lang: str) -> dict[str, str]:
    return {name: into(one.title, lang) for name, one in rules.targets.items()}


def _names(structure: lineage.Structure, indicators: Indicators) -> dict[str, str]:
    units = (structure.in_force.get(row.unit_id) for row in indicators.rows)
    return {unit.unit_id: unit.name for unit in units if unit is not None}


def _past(days: Sequence[Completion], main: TargetView, options: Options, lang: str) -> Past | None:
    if main.figure.rate is None:
        return None
    target_id, goal, by = main.result.id, main.result.rate.goal, main.result.by
    seen = quarters.history(days, target_id)
    if not seen or not seen[-1].denominator:
        return None
    outlook = forecast.project(seen, goal, by, waves=options.waves, seed=options.seed)
    gone = report_people.left_office(days[:-1], days[-1], target_id)
    return Past(
        quarters.worth_showing(seen),
        outlook,
        forecast_words.method(outlook, forecast.backtest(seen, seed=options.seed), lang) if outlook else (),
        len(gone),
        sum(trained is not None for trained in gone.values()),
    )


def _pace(days: Sequence[Completion], main: TargetView, options: Options) -> Pace | None:
    rate = main.figure.rate
    if rate is None or not rate.denominator:
        return None
    seen = quarters.history(days, main.result.id)
    today = days[-1].as_of
    last = seen[-1] if seen else Quarter(today, today, 0, 0, 0, 0, 0, 0, rate.numerator, rate.denominator)
    return forecast.pace(last, forecast.basis(seen), rate.goal, main.result.by, options.waves)


def _without_ids(findings: Sequence[RowFinding], roster: Roster | None) -> tuple[RowFinding, ...]:
    """Return findings that name no person of the roster; all of it when there is none to protect."""
    if roster is None:
        return tuple(findings)
    return tuple(one._replace(said=_masked(one, roster)) for one in findings)


def _masked(finding: RowFinding, roster: Roster) -> tuple[str, ...]:
    said = finding.said
    if finding.kind == "ATT-01":  # an id that is on no roster may still be somebody's
        return (_MASK,)
    if finding.kind == "ROS-05" and said[0] in {"person_id", "same_as"}:
        return said[0], _MASK, *said[2:]
    masked = ("".join(_MASK if roster.survivor(word) else word for word in _SPACES.split(value)) for value in said)
    return tuple(_MASKS.sub(_MASK, value) for value in masked)
