"""What the notebooks consist of, as plain data.

The exercise as nbgrader's source, the exercise as released, and the lesson.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from course.items import MANUAL_PART, kind

Cell = dict[str, Any]
SETUP = "from course import ask, lab, practice"
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def dumps(data: object) -> bytes:
    """Write JSON the way nbformat writes notebooks: sorted keys, one space of indent, a line end."""
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def manual_id(item: Mapping[str, Any]) -> str:
    """Return the grade id of the part that a person marks: the item's own where nothing else is graded."""
    return str(item["id"]) + ("" if item["automatic"] is None else MANUAL_PART)


def _nbgrader(grade_id: str, *, grade: bool, solution: bool, points: str | None = None) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        metadata["points"] = float(points)
    return metadata


def code_cell(cell_id: str, source: str, metadata: dict[str, Any] | None = None) -> Cell:
    """Return a code cell without outputs."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id.lower(),
        "metadata": metadata or {},
        "outputs": [],
        "source": source,
    }


def markdown_cell(cell_id: str, source: str, metadata: dict[str, Any] | None = None) -> Cell:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "id": cell_id.lower(), "metadata": metadata or {}, "source": source}


def notebook(cells: list[Cell], course: str, module: str, kind: str) -> dict[str, Any]:
    """Return a notebook that the page knows as ours (``metadata.moduong``); ``kind`` is ``exercise`` or ``lesson``."""
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": _KERNEL,
            "language_info": {"name": "python"},
            "moduong": {"course": course, "kind": kind, "module": module},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def test_source(item_id: str, *, hidden: bool) -> str:
    """Return a test cell's source: stock nbgrader runs the hidden lines and takes the float they end with."""
    visible = f"# Ô chấm tự động của câu {item_id}"
    if not hidden:
        return visible
    return f'{visible}\n### BEGIN HIDDEN TESTS\nfrom grader import points; points("{item_id}")\n### END HIDDEN TESTS'


def exercise_cells(module: str, prose: Iterable[str | Mapping[str, Any]], *, staff: bool, stub: str) -> list[Cell]:
    """Return the cells of an exercise in order; ``prose`` mixes Markdown texts and (keyed or public) items.

    With ``staff`` false this is exactly what a release must consist of (locked cells, no hidden lines).
    """
    cells = [
        code_cell(f"{module}-setup", SETUP, {"nbgrader": _nbgrader(f"{module}-setup", grade=False, solution=False)})
    ]
    texts = 0
    for piece in prose:
        if isinstance(piece, str):
            texts += 1
            name = f"{module}-text-{texts}"
            cells.append(markdown_cell(name, piece, {"nbgrader": _nbgrader(name, grade=False, solution=False)}))
            continue
        name = piece["id"]
        cells.append(
            code_cell(
                f"{name}-ask", f'ask("{name}")', {"nbgrader": _nbgrader(f"{name}-ask", grade=False, solution=False)}
            )
        )
        own = kind(piece).cell(piece["variants"][0])
        if own is not None:
            metadata = _nbgrader(f"{name}-code", grade=False, solution=True)
            # nbgrader replaces a solution cell as a whole unless a region is marked: an empty one keeps the starter.
            region = "### BEGIN SOLUTION\n### END SOLUTION" if staff else ""
            cells.append(code_cell(f"{name}-code", f"{own.rstrip()}\n{region}", {"nbgrader": metadata}))
        automatic, manual = piece["automatic"], piece["manual"]
        if automatic is not None:
            metadata = _nbgrader(name, grade=True, solution=False, points=automatic)
            cells.append(code_cell(name, test_source(name, hidden=staff), {"nbgrader": metadata}))
        if manual is not None:
            grade_id = manual_id(piece)
            metadata = _nbgrader(grade_id, grade=True, solution=True, points=manual)
            cells.append(markdown_cell(grade_id, stub, {"nbgrader": metadata}))
    return cells


def lesson_cells(module: str, pieces: Iterable[tuple[str, str]]) -> list[Cell]:
    """Return the cells of a lesson in order; ``pieces``: ``prose`` or ``code`` with its text, ``item`` with its id."""
    cells = [code_cell(f"{module}-setup", SETUP)]
    names: dict[str, int] = {}
    for what, text in pieces:
        if what == "item":
            cells.append(code_cell(f"{text}-practice", f'practice("{text}")'))
            continue
        names[what] = names.get(what, 0) + 1
        make = markdown_cell if what == "prose" else code_cell
        cells.append(make(f"{module}-{what}-{names[what]}", text))
    return cells
