"""The union's structure on one day: which units are in force, who succeeded whom, which corporation is above.

A unit that moved, was renamed or merged is found by the dated rows, never by today's table (E09, E10).
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from grader.ground.offices import OFFICES, Offices
from grader.roster.records import OPEN, Person, Unit

_N = TypeVar("_N", Unit, Person)


@dataclass(frozen=True)
class Structure:
    """The units as they stand on one day.

    Attributes:
        in_force: unit id -> its row valid that day.
        successors: id of a unit that has ended -> id of the unit in force that carries on; empty where none does.
        corporations: id of a unit in force -> id of the nearest corporation above it; empty where there is none.
            ``Offices.counted`` is the kind that is called so here.
        offices: of the union.
    """

    in_force: Mapping[str, Unit]
    successors: Mapping[str, str]
    corporations: Mapping[str, str]
    offices: Offices = OFFICES

    def standing(self, unit_id: str) -> Unit | None:
        """Return the row in force for this id, or for the unit that carries on; None where neither is."""
        return self.in_force.get(unit_id) or self.in_force.get(self.successors.get(unit_id, ""))

    def directly_under_union(self, unit: Unit) -> bool:
        """Tell whether the direct parent (or who carries on for it) is the union itself."""
        parent = self.standing(unit.parent_id)
        return parent is not None and parent.kind == self.offices.top


def on(units: Iterable[Unit], day: date, offices: Offices = OFFICES) -> Structure:
    """Return the structure on ``day``; periods include both ends."""
    in_force: dict[str, Unit] = {}
    over: dict[str, Unit] = {}
    for unit in units:
        if unit.start <= day <= unit.end:
            in_force[unit.unit_id] = unit
        elif unit.end < day and (unit.unit_id not in over or over[unit.unit_id].end < unit.end):
            over[unit.unit_id] = unit
    last = last_of_chain(over, lambda u: over[u].successor_id if u in over and u not in in_force else "")
    successors = {u: end for u, end in last.items() if u not in in_force and end in in_force}

    def above(unit_id: str) -> str:
        parent_id = in_force[unit_id].parent_id
        return parent_id if parent_id in in_force else successors.get(parent_id, "")

    def up(unit_id: str) -> str:
        return "" if in_force[unit_id].kind == offices.counted else above(unit_id)

    tops = last_of_chain(in_force, up)
    of_parent = {u: tops[above(u)] if above(u) else "" for u in in_force}
    corporations = {u: top if top and in_force[top].kind == offices.counted else "" for u, top in of_parent.items()}
    return Structure(in_force, successors, corporations, offices)


def last_of_chain(keys: Iterable[str], following: Callable[[str], str]) -> dict[str, str]:
    """Return where each key leads when ``following`` is followed to its end; empty for a chain that turns round."""
    ends: dict[str, str] = {}
    for start in keys:
        trail: dict[str, None] = {}
        key = start
        while key not in ends and key not in trail and following(key):
            trail[key] = None
            key = following(key)
        end = ends.get(key, "" if key in trail else key)
        ends.update(dict.fromkeys([*trail, key], end))
    return ends


def cycles(rows: Iterable[_N], following: Callable[[_N], _N | None]) -> list[tuple[_N, ...]]:
    """Return the cycles of a relation that leads from each row to at most one other, each once."""
    found: list[tuple[_N, ...]] = []
    done: set[int] = set()
    for start in rows:
        trail: list[_N] = []
        place: dict[int, int] = {}
        row: _N | None = start
        while row is not None and row.line not in done and row.line not in place:
            place[row.line] = len(trail)
            trail.append(row)
            row = following(row)
        if row is not None and row.line in place:
            found.append(tuple(trail[place[row.line] :]))
        done.update(place)
    return found


def unsupported(
    rows: Sequence[_N], own: Callable[[_N], str], named: Callable[[_N], Iterable[str]]
) -> list[tuple[_N, str]]:
    """Return the rows that name an id which no row has as its own, until nothing changes, each with such an id.

    A row that is returned no longer counts for those that name it. Linear in the rows.
    """
    left = Counter(own(row) for row in rows)
    naming: defaultdict[str, list[_N]] = defaultdict(list)
    for row in rows:
        for name in named(row):
            naming[name].append(row)
    lost = deque(name for name in naming if not left[name])
    out: dict[int, tuple[_N, str]] = {}
    while lost:
        name = lost.popleft()
        for row in naming[name]:
            if row.line not in out:
                out[row.line] = (row, name)
                left[own(row)] -= 1
                if not left[own(row)]:
                    lost.append(own(row))
    return list(out.values())


def parent_cycles(units: Sequence[Unit]) -> list[tuple[Unit, ...]]:
    """Return the rows that lead back to themselves through ``parent_id`` on some day.

    Units that change places (A under B until May, B under A from June) are no cycle.
    """
    leading_up = _between(units, lambda u: u.unit_id, lambda u: (u.parent_id,))
    suspects = _between(leading_up, lambda u: u.parent_id, lambda u: (u.unit_id,))
    found: set[tuple[Unit, ...]] = set()
    for day in {unit.start for unit in suspects}:
        found.update(_from_first_line(chain) for chain in _parent_cycles_on(day, suspects))
    return sorted(found, key=lambda chain: chain[0].line)


def _between(units: Sequence[Unit], own: Callable[[Unit], str], named: Callable[[Unit], Iterable[str]]) -> list[Unit]:
    """Return the rows from which one step after another leads on for ever; usually none."""
    out = {row.line for row, _ in unsupported(units, own, named)}
    return [unit for unit in units if unit.line not in out]


def _parent_cycles_on(day: date, units: Iterable[Unit]) -> list[tuple[Unit, ...]]:
    today = {unit.unit_id: unit for unit in units if unit.start <= day <= unit.end}
    return cycles(today.values(), lambda unit: today.get(unit.parent_id))


def successor_cycles(units: Sequence[Unit]) -> list[tuple[Unit, ...]]:
    """Return the rows that lead back to themselves through ``successor_id``.

    From each row the chain goes to the successor's row that is in force the day after, else to the one that ended
    last, else to the first to come: so a unit that takes its old name again is no cycle.
    """
    rows_of: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        rows_of[unit.unit_id].append(unit)

    def following(unit: Unit) -> Unit | None:
        rows = sorted(rows_of[unit.successor_id], key=lambda row: row.start) if unit.successor_id else []
        after = unit.end if unit.end == OPEN else unit.end + timedelta(days=1)
        return next((row for row in reversed(rows) if row.start <= after), rows[0] if rows else None)

    return cycles(units, following)


def _from_first_line(chain: tuple[Unit, ...]) -> tuple[Unit, ...]:
    first = min(range(len(chain)), key=lambda i: chain[i].line)
    return chain[first:] + chain[:first]
