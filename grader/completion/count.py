"""Counts who of the cadres in office on a day is trained, against the targets of course.yaml.

Pure: no file, no network, no clock of its own; the meaning of every number is in docs/design.md §9.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from course.words import _
from grader.completion import doubts as completion_doubts
from grader.completion import external, occupied
from grader.completion import rule as completion_rule
from grader.completion.records import Completion, CorporationResult, Counted, Progress, Rate, TargetResult
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus, Target
from grader.roster import lineage, occupancy
from grader.roster.lineage import Structure
from grader.roster.records import Post, Roster, Unit
from grader.roster.row_findings import RowFinding


class _Seat(NamedTuple):
    """A post in force on the day, at the unit where it counts."""

    post: Post
    unit: Unit
    corporation_id: str


class _Day(NamedTuple):
    """The union on the as-of date: its structure, and the posts in force."""

    as_of: date
    structure: Structure
    seats: tuple[_Seat, ...]


def refuse_day(syllabus: Syllabus, as_of: date, now: datetime) -> None:
    """Refuse a day of which nothing can be said yet, or nothing is to be counted.

    Raises:
        ModuongError: ``E-ASOF-1`` the day is in the future or before a target's ``counts_from`` (E22).
    """
    today = now.astimezone(syllabus.course.zone).date()
    if as_of > today:
        raise ModuongError(
            "E-ASOF-1",
            _(
                "Ngày chốt {as_of:%d/%m/%Y} còn ở tương lai (hôm nay là {today:%d/%m/%Y}); hãy chọn ngày đã qua.",
                as_of=as_of,
                today=today,
            ),
        )
    for target_id, target in syllabus.targets.items():
        if as_of < target.counts_from:
            first = target.counts_from
            raise ModuongError(
                "E-ASOF-1",
                _(
                    "Ngày chốt {as_of:%d/%m/%Y} sớm hơn ngày bắt đầu tính của {target_id} ({first:%d/%m/%Y}).",
                    as_of=as_of,
                    target_id=target_id,
                    first=first,
                ),
            )


def decide(syllabus: Syllabus, roster: Roster, progress: Progress, as_of: date, now: datetime) -> Completion:
    """Return the completion as of the end of ``as_of``, a day that ``refuse_day`` has let pass.

    Args:
        syllabus: the rules.
        roster: accepted rows; who is in office is decided by the day.
        progress: attempts already reduced, taken as given.
        as_of: a day in the course's zone.
        now: an aware instant, printed as ``computed_at``.

    Raises:
        ModuongError: ``E-SUM-1`` the corporations do not add up to the total (E26).
    """
    structure = lineage.on(roster.units, as_of, syllabus.offices)
    posts = occupancy.in_force(roster, as_of)
    seats, doubts = _seats(posts, structure)
    day = _Day(as_of, structure, tuple(seats))
    targets = tuple(_target(syllabus, name, day, progress, roster) for name in syllabus.targets)
    local_now = now.astimezone(syllabus.course.zone)
    doubts += completion_doubts.dated(roster, structure, as_of, local_now.date())
    doubts += completion_doubts.beside(targets)
    states = occupancy.states(posts, roster.units, structure, as_of)
    return Completion(
        as_of=as_of,
        computed_at=local_now,
        course_version=syllabus.course.version,
        target_set=syllabus.target_set,
        targets=targets,
        indicators=(),
        rejected_rows=(*roster.rejected, *progress.rejected),
        warnings=(*roster.warnings, *progress.warnings, *doubts),
        impossible=tuple(occupied.findings(states, [_figure(syllabus, t, day) for t in targets])) if states else (),
    )


def _figure(syllabus: Syllabus, result: TargetResult, day: _Day) -> occupied.TargetFigure:
    """Return who counts for a target by which posts."""
    target = syllabus.targets[result.id]
    units = {unit.unit_id for unit in day.structure.in_force.values() if _in_scope(target, unit, day.structure)}
    seats: defaultdict[str, list[Post]] = defaultdict(list)
    for seat in day.seats:
        if seat.post.post in target.posts and seat.unit.unit_id in units:
            seats[seat.post.person_id].append(seat.post)
    trained = frozenset(person.person_id for person in result.counted if person.trained_on)
    where = {person.person_id: person.unit_id for person in result.counted}
    return occupied.TargetFigure(result.id, result.rate.numerator, result.rate.denominator, seats, trained, where)


def _seats(posts: Iterable[Post], structure: Structure) -> tuple[list[_Seat], list[RowFinding]]:
    """Return the posts in force, each at the unit where it counts."""
    seats: list[_Seat] = []
    doubts: list[RowFinding] = []
    for post in posts:
        unit = structure.standing(post.unit_id)
        if unit is None:
            doubts.append(RowFinding("posts.csv", post.line, "ROS-W07", (post.unit_id,)))
            continue
        if unit.unit_id != post.unit_id:
            doubts.append(RowFinding("posts.csv", post.line, "ROS-W08", (post.unit_id, unit.unit_id)))
        seats.append(_Seat(post, unit, structure.corporations[unit.unit_id]))
    return seats, doubts


def _target(syllabus: Syllabus, name: str, day: _Day, progress: Progress, roster: Roster) -> TargetResult:
    """Count one target."""
    target = syllabus.targets[name]
    track = syllabus.tracks[target.track]
    units = {unit.unit_id for unit in day.structure.in_force.values() if _in_scope(target, unit, day.structure)}
    trained = progress.trained(track, target.counts_from, day.as_of)
    outside = external.first_days(roster, target.counts_from, day.as_of)
    if target.external == "counts":
        trained = external.earlier(trained, outside)
    counted = tuple(_counted(seat, trained, outside) for _, seat in sorted(_primary_seats(target, units, day).items()))
    rate = Rate(sum(person.trained_on is not None for person in counted), len(counted), target.goal)
    by_corporation = _by_corporation(target, day.structure, counted)
    if target.under == day.structure.offices.counted:
        refuse_wrong_sum(name, rate, by_corporation)
    waiting, failed = progress.waiting_on(day.as_of, track), progress.failed_on(day.as_of, track)
    return TargetResult(
        id=name,
        by=target.by,
        rate=rate,
        rule_text=completion_rule.words(syllabus, target),
        by_corporation=by_corporation,
        counted=counted,
        waiting=tuple(p.person_id for p in counted if p.trained_on is None and p.person_id in waiting),
        failed=tuple(p.person_id for p in counted if p.trained_on is None and p.person_id in failed),
        without_attempts=tuple(p.person_id for p in counted if p.person_id not in progress.started),
        units_without_chair=tuple(sorted(_without_chair(target, units, day))),
        ever_trained=len(trained),
    )


def _in_scope(target: Target, unit: Unit, structure: Structure) -> bool:
    if unit.kind not in target.unit_kinds:
        return False
    return (
        structure.directly_under_union(unit)
        if target.under == structure.offices.top
        else bool(structure.corporations[unit.unit_id])
    )


def _primary_seats(target: Target, units: set[str], day: _Day) -> dict[str, _Seat]:
    """Return for each person the one seat that counts (E06): kind of unit, post, earliest start, unit id."""
    offices = day.structure.offices
    kinds, posts = ({word: place for place, word in enumerate(words)} for words in (offices.unit_kinds, offices.posts))

    def rank(seat: _Seat) -> tuple[int, int, date, str]:
        return kinds[seat.unit.kind], posts[seat.post.post], seat.post.start, seat.unit.unit_id

    primary: dict[str, _Seat] = {}
    for seat in day.seats:
        if seat.post.post in target.posts and seat.unit.unit_id in units:
            other = primary.get(seat.post.person_id)
            if other is None or rank(seat) < rank(other):
                primary[seat.post.person_id] = seat
    return primary


def _counted(seat: _Seat, trained: Mapping[str, date], outside: Mapping[str, date]) -> Counted:
    person_id = seat.post.person_id
    where = seat.unit.unit_id, seat.post.post, seat.corporation_id
    return Counted(person_id, *where, trained.get(person_id), outside.get(person_id))


def _by_corporation(
    target: Target, structure: Structure, counted: tuple[Counted, ...]
) -> tuple[CorporationResult, ...]:
    if target.under != structure.offices.counted:
        return ()
    everybody = Counter(person.corporation_id for person in counted)
    trained = Counter(person.corporation_id for person in counted if person.trained_on)
    outside = Counter(person.corporation_id for person in counted if person.external_on)
    corporations = sorted(
        unit.unit_id for unit in structure.in_force.values() if unit.kind == structure.offices.counted
    )
    return tuple(
        CorporationResult(c, structure.in_force[c].name, Rate(trained[c], everybody[c], target.goal), outside[c])
        for c in corporations
    )


def refuse_wrong_sum(name: str, total: Rate, corporations: Iterable[CorporationResult]) -> None:
    """Raise ``E-SUM-1`` unless the corporations add up to the total, in both numbers (E26)."""
    rates = [corporation.rate for corporation in corporations]
    sums = sum(rate.numerator for rate in rates), sum(rate.denominator for rate in rates)
    if sums != (total.numerator, total.denominator):
        raise ModuongError(
            "E-SUM-1",
            _(
                "{name}: cộng các tổng công ty được {sums}/{sums2}, toàn hệ thống là {numerator}/{denominator}. "
                "Không in số liệu; hãy báo lỗi này cho người phát triển.",
                name=name,
                sums=sums[0],
                sums2=sums[1],
                numerator=total.numerator,
                denominator=total.denominator,
            ),
        )


def _without_chair(target: Target, units: set[str], day: _Day) -> set[str]:
    chairs = day.structure.offices.chairs
    if not chairs & set(target.posts):
        return set()
    return units - {seat.unit.unit_id for seat in day.seats if seat.post.post in chairs}
