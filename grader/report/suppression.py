"""Decides which units' figures a public output must not show.

No group of fewer than five can be read or worked out (E24).

A figure may also be found by subtraction: what is shown of a unit minus what is shown of its parts. So where the hidden
rest would itself be one unit or fewer than five people, one more part is hidden (complementary suppression), the
smallest that does. Totals are never changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

SMALLEST_SHOWN = 5  # people; a group of fewer is shown as "<5"

Reason = Literal["small", "complement"]


def hidden(parents: Mapping[str, str], own: Mapping[str, int]) -> dict[str, Reason]:
    """Return the units not to be shown, each with the reason.

    Args:
        parents: unit -> the unit above it; empty at the top. Without cycles.
        own: unit -> people counted at the unit itself, not at its parts. Units not named have none.

    A unit's group is everybody counted at it and below it. ``small``: 1 to 4 people; ``complement``: hidden to protect
    another, or inside such a unit. A unit without anybody is never hidden.
    """
    children: defaultdict[str, list[str]] = defaultdict(list)
    for unit in sorted(parents):
        children[parents[unit]].append(unit)
    totals = subtotals(parents, own)
    found: dict[str, Reason] = {}
    waiting = [top for top in children[""] if _hide_small(top, totals, found)]
    waiting += [top for top in children[""] if top not in found]
    for unit in waiting:  # grows while it is read: parents come before their parts
        _hide_parts(unit, children[unit], totals, own.get(unit, 0), found)
        waiting += children[unit]
    return found


def subtotals(parents: Mapping[str, str], own: Mapping[str, int]) -> dict[str, int]:
    """Return the people counted at each unit and below it."""
    totals = dict.fromkeys(parents, 0)
    for unit, people in own.items():
        while unit:
            totals[unit] = totals.get(unit, 0) + people
            unit = parents.get(unit, "")  # noqa: PLW2901  # climbs to the top
    return totals


def _hide_small(unit: str, totals: Mapping[str, int], found: dict[str, Reason]) -> bool:
    if 0 < totals[unit] < SMALLEST_SHOWN:
        found[unit] = "small"
    return unit in found


def _hide_parts(unit: str, parts: list[str], totals: Mapping[str, int], own: int, found: dict[str, Reason]) -> None:
    """Hide what must be hidden among the parts of one unit; the people at the unit itself are never shown apart."""
    inhabited = [part for part in parts if totals[part]]
    for part in inhabited:
        if not _hide_small(part, totals, found) and unit in found:
            found[part] = "complement"
    if unit in found:
        return
    out = [totals[part] for part in inhabited if part in found] + ([own] if own else [])
    spare = sorted((totals[part], part) for part in inhabited if part not in found)
    while spare and out and (len(out) == 1 or sum(out) < SMALLEST_SHOWN) and min(out) < SMALLEST_SHOWN:
        people, part = spare.pop(0)
        found[part] = "complement"
        out.append(people)
