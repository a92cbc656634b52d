"""What the report shows, as frozen values.

The same for the page, the workbook and the CSV files, small groups already hidden.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.completion.records import Completion, Rate, TargetResult
from grader.report import suppression
from grader.roster.lineage import Structure, last_of_chain

_LONGEST_NAME = 120
STATES = ("trained", "waiting", "failed", "learning", "not_started")


@dataclass(frozen=True)
class Figure:
    """A rate as it may be shown: ``rate`` is None where it is hidden, for the reason ``hidden``."""

    rate: Rate | None
    hidden: suppression.Reason | None = None

    @property
    def seen(self) -> bool:
        """Tell whether there is a number to show: not hidden, and somebody in the denominator."""
        return self.rate is not None and self.rate.denominator > 0


@dataclass(frozen=True)
class Group:
    """One corporation or unit of a target, with everybody counted at it and below it.

    Attributes:
        unit_id, name, kind: of the unit in force on the as-of date.
        corporation_id: the corporation above it (itself for a corporation); empty when there is none.
        figure: N of D.
        states: people per state, in the order of ``STATES``; None where the figure is hidden.
        without_chair: units at or below it without a chair.
        units, units_untrained: units at or below it with anybody in the denominator, and those with nobody trained.
        external: people of the denominator who took a course outside; not to be printed where the figure is hidden.
    """

    unit_id: str
    name: str
    kind: str
    corporation_id: str
    figure: Figure
    states: tuple[int, ...] | None
    without_chair: int
    units: int
    units_untrained: int
    external: int = 0


@dataclass(frozen=True)
class TargetView:
    """One computed target as shown.

    Attributes:
        result: the numbers behind it; for a hidden figure, not to be printed.
        figure: the whole, in the report's scope.
        states: people per state, in the order of ``STATES``; None where the figure is hidden.
        corporations: lowest rate first; empty for a target that is not under corporations.
        units: the units below corporations (or below the union) in the order of corporation and id.
        whole: the whole as a group, for the counts of units.
    """

    result: TargetResult
    whole: Group
    corporations: tuple[Group, ...]
    units: tuple[Group, ...]

    @property
    def figure(self) -> Figure:
        """Return the figure of the whole group."""
        return self.whole.figure

    @property
    def states(self) -> tuple[int, ...] | None:
        """Return how many are in each state, as of the whole group."""
        return self.whole.states

    @property
    def unseen(self) -> int:
        """Units without a number: hidden, or with nobody in office."""
        return sum(not unit.figure.seen for unit in self.units)

    @property
    def below(self) -> int:
        """Corporations that are shown and have not met the target."""
        return sum(c.figure.rate is not None and c.figure.rate.met is False for c in self.corporations)


def view(target: TargetResult, kinds: Iterable[str], structure: Structure, scope: str, *, public: bool) -> TargetView:
    """Return a target as shown to the public (small groups hidden) or to those who may see all.

    Args:
        target: the whole union's result.
        kinds: kinds of unit that the target counts.
        structure: the union on the as-of date.
        scope: unit whose subtree is shown; empty for everything.
        public: whether small groups are hidden. They are sought in the whole union first, so that reports of
            different scopes do not give each other away.
    """
    parents = _parents(structure)
    below = _Tally(parents, target)
    out = suppression.hidden(parents, below.own) if public else {}
    tops = [scope] if scope else [unit for unit, parent in parents.items() if not parent]
    inside = _inside(parents, tops)
    groups = {unit: _group(unit, structure, below, target.rate.goal, out.get(unit)) for unit in inside}
    top = structure.offices.top
    whole = groups[scope] if scope else _union(groups, tops, target, below, top, public=public)
    wanted = set(kinds)
    units = [g for g in groups.values() if g.kind in wanted and (below.people[g.unit_id] or _counts(target, g))]
    corporations = [g for g in groups.values() if g.kind == structure.offices.counted and target.by_corporation]
    return TargetView(
        target,
        whole,
        tuple(sorted(corporations, key=_lowest_first)),
        tuple(sorted(units, key=lambda g: (g.corporation_id, g.unit_id))),
    )


def _counts(target: TargetResult, group: Group) -> bool:
    return bool(target.by_corporation and group.corporation_id)


def _lowest_first(group: Group) -> tuple[tuple[bool, float, int], str]:
    """By rate, hidden figures last."""
    return (group.figure.rate or Rate(0, 0, (1, 1))).order, group.unit_id


def _parents(structure: Structure) -> dict[str, str]:
    """Return the unit above each unit in force; a unit that would lead back to itself through a successor is a top."""
    parents = {}
    for unit_id, unit in structure.in_force.items():
        parent = structure.standing(unit.parent_id)
        parents[unit_id] = parent.unit_id if parent is not None else ""
    tops = last_of_chain(parents, lambda unit: parents[unit])
    return {unit: parent if tops[unit] else "" for unit, parent in parents.items()}


def _inside(parents: Mapping[str, str], tops: Iterable[str]) -> list[str]:
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for unit, parent in parents.items():
        parts[parent].append(unit)
    found = list(tops)
    for unit in found:  # grows while it is read
        found += parts[unit]
    return found


class _Tally:
    """Counts of one target at each unit and below it."""

    def __init__(self, parents: Mapping[str, str], target: TargetResult) -> None:
        of = states_of(target)
        self.own = Counter(person.unit_id for person in target.counted)
        self.people = suppression.subtotals(parents, self.own)
        states: dict[str, Counter[str]] = {state: Counter() for state in STATES}
        trained_at: Counter[str] = Counter()
        for person in target.counted:
            states[of[person.person_id]][person.unit_id] += 1
            trained_at[person.unit_id] += person.trained_on is not None
        self.states = {state: suppression.subtotals(parents, at) for state, at in states.items()}
        outside = Counter(person.unit_id for person in target.counted if person.external_on)
        self.external = suppression.subtotals(parents, outside)
        self.without_chair = suppression.subtotals(parents, Counter(target.units_without_chair))
        self.units = suppression.subtotals(parents, dict.fromkeys(self.own, 1))
        self.untrained = suppression.subtotals(parents, {u: 1 for u in self.own if not trained_at[u]})


def states_of(target: TargetResult) -> dict[str, str]:
    """Return the one state, of ``STATES``, of everybody in a denominator.

    Who awaits marking is not called failed meanwhile.
    """
    states = {person.person_id: "trained" if person.trained_on else "learning" for person in target.counted}
    for state, people in (
        ("not_started", target.without_attempts),
        ("failed", target.failed),
        ("waiting", target.waiting),
    ):
        states.update((person, state) for person in people if states[person] != "trained")
    return states


def _group(
    unit_id: str, structure: Structure, below: _Tally, goal: tuple[int, int], out: suppression.Reason | None
) -> Group:
    unit = structure.in_force[unit_id]
    states = tuple(below.states[state][unit_id] for state in STATES)
    figure = Figure(None, out) if out else Figure(Rate(states[0], below.people[unit_id], goal))
    return Group(
        unit_id=unit_id,
        name=shortened(unit.name),
        kind=unit.kind,
        corporation_id=structure.corporations[unit_id] or (unit_id if unit.kind == structure.offices.counted else ""),
        figure=figure,
        states=None if out else states,
        without_chair=below.without_chair[unit_id],
        units=below.units[unit_id],
        units_untrained=below.untrained[unit_id],
        external=below.external[unit_id],
    )


def shortened(name: str) -> str:
    """Return a name fit for a page; of a very long one only the beginning."""
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"


def _union(
    groups: Mapping[str, Group], tops: list[str], target: TargetResult, below: _Tally, kind: str, *, public: bool
) -> Group:
    """Return the whole; its rate is the one computed, whatever the tree looks like."""
    small = public and 0 < target.rate.denominator < suppression.SMALLEST_SHOWN
    states = tuple(sum(below.states[state][top] for top in tops) for state in STATES)
    name = next((groups[top].name for top in tops if groups[top].kind == kind), "")
    return Group(
        unit_id="",
        name=name,
        kind=kind,
        corporation_id="",
        figure=Figure(None, "small") if small else Figure(target.rate),
        states=None if small else states,
        without_chair=len(target.units_without_chair),
        units=sum(below.units[top] for top in tops),
        units_untrained=sum(below.untrained[top] for top in tops),
        external=target.external,
    )


def scoped(found: Completion, structure: Structure, scope: str) -> Completion:
    """Return the completion of one subtree, exact: for machines and named lists."""
    inside = set(_inside(_parents(structure), [scope]))
    return Completion(**{**vars(found), "targets": tuple(_cut(target, inside) for target in found.targets)})


def _cut(target: TargetResult, inside: set[str]) -> TargetResult:
    counted = tuple(p for p in target.counted if p.unit_id in inside)
    ids = {p.person_id for p in counted}
    return TargetResult(
        **{
            **vars(target),
            "rate": Rate(sum(p.trained_on is not None for p in counted), len(counted), target.rate.goal),
            "by_corporation": tuple(c for c in target.by_corporation if c.unit_id in inside),
            "counted": counted,
            "waiting": tuple(p for p in target.waiting if p in ids),
            "failed": tuple(p for p in target.failed if p in ids),
            "without_attempts": tuple(p for p in target.without_attempts if p in ids),
            "units_without_chair": tuple(u for u in target.units_without_chair if u in inside),
        }
    )
