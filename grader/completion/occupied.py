"""What impossible states do to the targets: the figures as they stand, and if those had left who seem to have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from grader.roster import occupancy
from grader.roster.occupancy import State
from grader.roster.records import Post
from grader.roster.row_findings import RowFinding

_MOST_TOLD = 200
_SAME = "="


class TargetFigure(NamedTuple):
    """What counts for one target.

    Attributes:
        target: its id.
        numerator, denominator: as they stand.
        seats: person -> the posts by which this person is in the denominator.
        trained: people in the numerator.
        units: person -> the unit where the person counts.
    """

    target: str
    numerator: int
    denominator: int
    seats: Mapping[str, Sequence[Post]]
    trained: frozenset[str]
    units: Mapping[str, str]


def findings(states: Sequence[State], figures: Iterable[TargetFigure]) -> list[RowFinding]:
    """Return a finding for each state with its effect, and first one for all of them together."""
    if not states:
        return []
    counted = list(figures)
    told = [occupancy.finding(state, _effect(state, counted)) for state in states[:_MOST_TOLD]]
    gone = [post for state in states for post, _ in state.ends]
    moved = [text for figure in counted if (text := _all(figure, gone))]
    if len(states) > 1 and moved:
        told.insert(0, RowFinding("posts.csv", 0, "ROS-W19", (str(len(states)), "; ".join(moved))))
    return told


def _effect(state: State, figures: Sequence[TargetFigure]) -> str:
    """Return the effect within the unit of a state, for each target that it moves."""
    gone = [post for post, _ in state.ends]
    said = []
    for figure in figures:
        out = _leaving(figure, gone)
        unit = {figure.units[person] for person in out}
        if out and len(unit) == 1:
            inside = [person for person, where in figure.units.items() if where in unit]
            trained = sum(person in figure.trained for person in inside)
            left = trained - sum(person in figure.trained for person in out)
            said.append(f"{figure.target} {trained}/{len(inside)} → {left}/{len(inside) - len(out)}")
    return "; ".join(said) or _SAME


def _all(figure: TargetFigure, gone: Sequence[Post]) -> str:
    out = _leaving(figure, gone)
    if not out:
        return ""
    left = figure.numerator - sum(person in figure.trained for person in out)
    return f"{figure.target} {figure.numerator}/{figure.denominator} → {left}/{figure.denominator - len(out)}"


def _leaving(figure: TargetFigure, gone: Sequence[Post]) -> set[str]:
    """Return who is no longer in the denominator when these posts have ended: nothing else keeps them there."""
    lines = {id(post) for post in gone}
    people = {post.person_id for post in gone}
    return {p for p in people if (seats := figure.seats.get(p)) and all(id(seat) in lines for seat in seats)}
