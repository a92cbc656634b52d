"""What careless and clever people do to a notebook in which the answers stay whole: none of it may change a score."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

Change = Callable[[dict[str, Any]], object]


def _each(change: Change) -> Change:
    return lambda data: [change(cell) for cell in data["cells"]]


def _ours(**fields: Any) -> Change:
    return _each(lambda cell: cell["metadata"]["nbgrader"].update(fields))


def _of(data: dict[str, Any], grade_id: str) -> dict[str, Any]:
    return next(c for c in data["cells"] if c["metadata"]["nbgrader"]["grade_id"] == grade_id)


def damages(first: str, second: str, said: str = "x") -> dict[str, Change]:
    """Return name → what changes a notebook in place.

    ``first`` and ``second`` are two of its items, ``said`` what evil code prints.
    """

    def swapped(data: dict[str, Any]) -> None:
        one, two = (_of(data, g)["metadata"]["nbgrader"] for g in (first, second))
        one["grade_id"], two["grade_id"] = second, first

    evil = "import os; os.system('echo " + said + "')"
    return {
        "test-cell-twice": lambda d: d["cells"].append(deepcopy(_of(d, first))),
        "ask-cell-twice": lambda d: d["cells"].insert(0, deepcopy(_of(d, f"{second}-ask"))),
        "every-cell-twice": lambda d: d["cells"].extend(deepcopy(d["cells"])),
        "ids-swapped": swapped,
        "ids-all-equal": _each(lambda c: c.update(id="x")),
        "ids-missing": _each(lambda c: c.pop("id")),
        "grade-ids-all-equal": _ours(grade_id=first),
        "one-deleted": lambda d: d["cells"].remove(_of(d, first)),
        "all-deleted": lambda d: d["cells"].clear(),
        "moved": lambda d: d["cells"].reverse(),
        "merged": lambda d: d.update(
            cells=[{**d["cells"][0], "source": "".join("".join(c["source"]) for c in d["cells"])}]
        ),
        "split": lambda d: d["cells"].extend([{**c, "source": c["source"][:3]} for c in d["cells"]]),
        "retyped": _each(lambda c: c.update(cell_type="raw")),
        "cells-are-numbers": lambda d: d.update(cells=[1, None, "x", []]),
        "source-a-number": _each(lambda c: c.update(source=7)),
        "source-evil": _each(lambda c: c.update(source=evil)),
        "outputs-forged": _each(
            lambda c: c.update(outputs=[{"output_type": "execute_result", "data": {"text/plain": "1e9"}}])
        ),
        **{f"points-{p!r}": _ours(points=p) for p in (1e9, -5, "abc", None, [5])},
        **{f"schema-{v!r}": _ours(schema_version=v) for v in (1, 99, "x")},
        "flags-flipped": _ours(grade=False, solution=True, task=True, locked=False),
        "nbgrader-gone": _each(lambda c: c["metadata"].pop("nbgrader")),
        "nbgrader-a-list": _each(lambda c: c["metadata"].update(nbgrader=[])),
        "metadata-a-list": _each(lambda c: c.update(metadata=[])),
        "grade-id-a-list": _ours(grade_id=[]),
        "kernel-evil": lambda d: d["metadata"].update(
            kernelspec={"name": "../../evil", "language": "bash", "display_name": evil}
        ),
        "kernel-gone": lambda d: d["metadata"].pop("kernelspec"),
        "language-fuzz": lambda d: d["metadata"].update(
            language_info={"name": ["x"], "codemirror_mode": {"name": evil}}
        ),
    }
