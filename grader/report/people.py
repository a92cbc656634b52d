"""The people behind a report: who is missing, for named lists only, and how many have left office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from grader.completion.records import Completion, TargetResult
from grader.report.views import Group, shortened, states_of
from grader.roster.lineage import Structure
from grader.roster.records import Roster


@dataclass(frozen=True)
class Missing:
    """One person of a denominator who is not trained, with the courses taken outside; for named lists only."""

    target: str
    corporation_id: str
    unit_id: str
    unit_name: str
    person_id: str
    full_name: str
    post: str
    state: str
    external: str = ""


def missing(target: TargetResult, groups: Iterable[Group], structure: Structure, roster: Roster) -> tuple[Missing, ...]:
    """Return who of the denominator is not trained yet, within the units shown; for named lists only."""
    shown = {group.unit_id for group in groups}
    names = {person.person_id: person.full_name for person in roster.people}
    states = states_of(target)
    outside: dict[str, str] = {}
    for row in sorted(roster.external, key=lambda row: row.day):
        person = roster.survivor(row.person_id) or row.person_id
        said = f"{row.course} ({row.day:%d/%m/%Y})"
        outside[person] = f"{outside[person]}; {said}" if person in outside else said
    return tuple(
        Missing(
            target.id,
            p.corporation_id,
            p.unit_id,
            shortened(structure.in_force[p.unit_id].name),
            p.person_id,
            shortened(names.get(p.person_id, "")),
            p.post,
            states[p.person_id],
            outside.get(p.person_id, ""),
        )
        for p in sorted(target.counted, key=lambda c: (c.corporation_id, c.unit_id, c.person_id))
        if p.trained_on is None and p.unit_id in shown
    )


def left_office(history: Iterable[Completion], found: Completion, target_id: str) -> dict[str, date | None]:
    """Return who was counted at the end of an earlier quarter and no longer is, with the date of training, if any."""
    now = {p.person_id for t in found.targets if t.id == target_id for p in t.counted}
    seen = {p.person_id: p.trained_on for day in history for t in day.targets if t.id == target_id for p in t.counted}
    return {person: trained for person, trained in seen.items() if person not in now}
