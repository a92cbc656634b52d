"""Whom a letter invites: people of the roster with a post today, with unit and track."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.engine import Engine

from course.host.store.accounts import Account
from course.words import _
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.roster import store as roster_store
from grader.roster.records import Unit


def accounts(
    engine: Engine, rules: Syllabus, today: date, *, units: Collection[str], people: Collection[str]
) -> list[Account]:
    """Return who is invited, in the order of their units.

    Args:
        engine: gradebook, with the roster.
        rules: whose targets say which track belongs to which post.
        today: posts of this day count.
        units: everybody with a post in these units and below.
        people: ids, wherever their post is.

    Raises:
        ModuongError: ``E-INVITE-1`` a unit, ``E-INVITE-2`` a person is not in the roster of today, ``E-ROSTER-1`` no
            roster.
    """
    with engine.connect() as connection:
        roster = roster_store.required(connection)
    there = {u.unit_id: u for u in roster.units if u.start <= today <= u.end}
    within = _below(there, units)
    names = {p.person_id: p.full_name for p in roster.people if not p.same_as}
    found: dict[str, Account] = {}
    for post in roster.posts:
        asked = post.unit_id in within or post.person_id in people
        if asked and post.start <= today <= post.end and post.unit_id in there and post.person_id in names:
            unit = there[post.unit_id]
            one = Account(post.person_id, names[post.person_id], unit.unit_id, unit.name, track_of(rules, post.post))
            if post.person_id not in found or _counts(rules, post.post):
                found[post.person_id] = one
    for person in people:
        if person not in found:
            said = _("«{person}» không có trong danh sách, hoặc hôm nay không giữ chức vụ nào.", person=person)
            raise ModuongError("E-INVITE-2", said)
    return sorted(found.values(), key=lambda one: (one.unit, one.name, one.person))


def _below(there: dict[str, Unit], units: Collection[str]) -> set[str]:
    for unit in units:
        if unit not in there:
            raise ModuongError("E-INVITE-1", _("Hôm nay không có đơn vị «{unit}» trong danh sách.", unit=unit))
    found, grown = set(units), True
    while grown:
        more = {name for name, unit in there.items() if unit.parent_id in found} - found
        found |= more
        grown = bool(more)
    return found


def _counts(rules: Syllabus, post: str) -> bool:
    return any(post in target.posts for target in rules.targets.values())


def track_of(rules: Syllabus, post: str) -> str:
    """Return the track of a post: that of the target that counts it, else the course's first."""
    first = next(iter(rules.tracks))
    return next((target.track for target in rules.targets.values() if post in target.posts), first)
