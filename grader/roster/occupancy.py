"""Posts that cannot all be true on one day: two chairs in a unit, a chair beside an acting one, a chair of two units.

Almost always somebody has left and nobody wrote it down. Each state names the posts that would then end, and when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from course.words import _, joined
from grader.ground.offices import Offices
from grader.roster import rules
from grader.roster.lineage import Structure
from grader.roster.records import Post, Roster, Unit
from grader.roster.row_findings import RowFinding

TWO_CHAIRS, CHAIR_AND_ACTING, TWO_UNITS, UNIT_ENDED = "ROS-W18", "ROS-W18/acting", "ROS-W18/units", "ROS-W18/ended"
_ACTING = "acting_chair"


@dataclass(frozen=True)
class State:
    """One impossible state.

    Attributes:
        kind: of its finding.
        unit_id: where, for a chair of two units the later one.
        posts: those in conflict, by their start.
        ends: (post, last day) that would resolve it: the earlier ones end the day before the next begins. Empty where
            they began on one day, and nobody can tell who left.
        words: what each of ``posts`` is called.
    """

    kind: str
    unit_id: str
    posts: tuple[Post, ...]
    ends: tuple[tuple[Post, date], ...]
    words: tuple[str, ...]

    def said(self) -> tuple[str, ...]:
        """Return what its sentence names: the unit, and the posts with person, unit and first day."""
        shown = (
            _("{person} ({post}, {unit}) từ {start}",
              person=post.person_id, post=word, unit=post.unit_id, start=f"{post.start:%d/%m/%Y}")
            for post, word in zip(self.posts, self.words, strict=True)
        )  # fmt: skip
        return self.unit_id, joined("; ", shown)


def in_force(roster: Roster, day: date) -> list[Post]:
    """Return the posts in force on ``day`` of everybody but test accounts."""
    return [p for p in roster.posts if p.start <= day <= p.end and p.person_id not in roster.test_accounts]


def states(posts: Iterable[Post], units: Iterable[Unit], structure: Structure, day: date) -> tuple[State, ...]:
    """Return the impossible states on ``day``, in the order of units and people.

    Args:
        posts: those ``in_force`` on that day.
        units: all rows.
        structure: of that day.
        day: the day.
    """
    chairs = structure.offices.chairs
    ended = {unit.unit_id: unit for unit in units if unit.unit_id not in structure.in_force and unit.end < day}
    at_unit: defaultdict[str, list[Post]] = defaultdict(list)
    of_person: defaultdict[str, list[Post]] = defaultdict(list)
    found: list[State] = []
    for post in posts:
        if post.unit_id in ended and post.end > ended[post.unit_id].end >= post.start:
            found.append(
                _state(UNIT_ENDED, post.unit_id, (post,), ((post, ended[post.unit_id].end),), structure.offices)
            )
            continue
        if post.post in chairs and post.unit_id in structure.in_force:
            at_unit[post.unit_id].append(post)
            of_person[post.person_id].append(post)
    found += [state for unit, posts in sorted(at_unit.items()) if (state := _of_unit(unit, posts, structure.offices))]
    found += [state for _person, posts in sorted(of_person.items()) if (state := _of_person(posts, structure.offices))]
    return tuple(found)


def _state(
    kind: str, unit: str, posts: tuple[Post, ...], ends: tuple[tuple[Post, date], ...], offices: Offices
) -> State:
    return State(kind, unit, posts, ends, tuple(offices.posts[post.post].name for post in posts))


def _of_unit(unit: str, posts: Sequence[Post], offices: Offices) -> State | None:
    ordered = tuple(sorted(posts, key=lambda post: (post.start, post.line)))
    if len({post.person_id for post in ordered}) < 2:  # noqa: PLR2004  # nobody is beside anybody
        return None
    kind = CHAIR_AND_ACTING if any(post.post == _ACTING for post in ordered) else TWO_CHAIRS
    return _state(kind, unit, ordered, _ends(ordered), offices)


def _of_person(posts: Sequence[Post], offices: Offices) -> State | None:
    ordered = tuple(sorted(posts, key=lambda post: (post.start, post.line)))
    if len({post.unit_id for post in ordered}) < 2:  # noqa: PLR2004
        return None
    return _state(TWO_UNITS, ordered[-1].unit_id, ordered, _ends(ordered), offices)


def _ends(ordered: Sequence[Post]) -> tuple[tuple[Post, date], ...]:
    last = ordered[-1].start
    earlier = [post for post in ordered if post.start < last]
    if len(earlier) < len(ordered) - 1:
        return ()
    starts = [post.start for post in ordered]
    return tuple((post, next(start for start in starts if start > post.start) - timedelta(days=1)) for post in earlier)


def resolved(roster: Roster, found: Iterable[State]) -> Roster:
    """Return the roster with the posts ended that the states name, as if each of them had left."""
    ends: Mapping[tuple[str, str, str, date], date] = {
        (post.written_id, post.unit_id, post.post, post.start): last for state in found for post, last in state.ends
    }
    posts = [
        post._replace(end=ends.get((post.written_id, post.unit_id, post.post, post.start), post.end))
        for post in roster.posts
    ]
    return rules.together(roster.units, roster.people, posts, roster.rejected, roster.warnings, roster.external)


def finding(state: State, effect: str = "") -> RowFinding:
    """Return the finding of a state; ``effect`` says what it does to the targets."""
    return RowFinding("posts.csv", state.posts[0].line, state.kind, (*state.said(), effect))


def commands(state: State) -> tuple[str, ...]:
    """Return the commands that would write down who has left."""
    return tuple(
        f"moduong roster end {post.written_id} {post.unit_id} {post.post} --on {last.isoformat()}"
        + (f" --since {post.start.isoformat()}" if _twice(state, post) else "")
        for post, last in state.ends
    )


def _twice(state: State, post: Post) -> bool:
    return (
        sum(
            (one.written_id, one.unit_id, one.post) == (post.written_id, post.unit_id, post.post) for one in state.posts
        )
        > 1
    )
