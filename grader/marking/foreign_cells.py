"""Finds the cells of a source notebook that an instructor wrote for nbgrader.

Tests that are not ours, which only nbgrader can score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.publish.notebooks import manual_id, test_source

FOREIGN = "nbgrader"
"""Type of an item that stands for such a cell."""


def with_foreign(items: list[dict[str, Any]], notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return keyed ``items`` followed by one item for each foreign cell.

    An item whose own test cell was rewritten becomes one itself.
    """
    mine = {item["id"]: item for item in items}
    manual = {manual_id(item) for item in items if item["manual"] is not None}
    rewritten: set[str] = set()
    added = []
    for name, points, source in _graded(notebook):
        if name in mine and mine[name]["automatic"] is not None:
            if source.strip() != test_source(name, hidden=True).strip():
                rewritten.add(name)
        elif name not in manual:
            added.append({**_NOBODYS, "id": name, "points": points, "automatic": points})
    changed = [
        {**item, "type": FOREIGN, "critical": None, "component_min": None} if item["id"] in rewritten else item
        for item in items
    ]
    return changed + added


_NOBODYS = {
    "type": FOREIGN,
    "critical": None,
    "component_min": None,
    "withdrawn": False,
    "manual": None,
    "variants": [{"stem": "", "explanation": ""}],
}


def _graded(notebook: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield id, points and source of every cell that nbgrader gives points for."""
    for cell in notebook["cells"]:
        ours = cell["metadata"].get("nbgrader", {})
        if ours.get("grade") or ours.get("task"):
            source = cell["source"]
            yield ours["grade_id"], str(ours.get("points", 0)), source if isinstance(source, str) else "".join(source)


def foreign(key: Mapping[str, Any]) -> list[str]:
    """Return the ids of the items in a key that only nbgrader can score."""
    return [item["id"] for item in key["items"] if item["type"] == FOREIGN]
