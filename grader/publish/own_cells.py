"""Cells that an instructor wrote into a source notebook outlive ``build``: they are put back where they stood.

``keys/M02/built.cells`` says what ``build`` itself wrote, so that everything else is known to be somebody's own.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.words import _
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.publish import notebooks
from grader.publish.notebooks import Cell

_WRITTEN = "built.cells"
_OF_ITEM = re.compile(r"[A-Z][A-Z0-9]{1,3}-(?:setup|text-\d+|[A-Z]\d{1,2}(?:-ask|-code|-m)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merged:
    """The cells of a source notebook: the text's, with the instructor's own; ``own``: how many of these."""

    cells: list[Cell]
    own: int


def merged(workspace: Workspace, module: str, fresh: Sequence[Cell]) -> Merged:
    """Return the cells of the text with those that stand in the notebook now and were not written by ``build``.

    An added cell follows the cell that it followed; one of ours that was rewritten stays as it is.

    Raises:
        ModuongError: ``E-BUILD-2`` a cell was rewritten and the text has another one now, or the notebook cannot be
            read; nothing was changed.
    """
    path = workspace.source(module) / f"{module}.ipynb"
    if not path.exists():
        return Merged(list(fresh), 0)
    try:
        there = [cell for cell in json.loads(path.read_bytes())["cells"] if _source(cell).strip()]
        names = [str(cell.get("id", "")) for cell in there]
    except (OSError, ValueError, KeyError, TypeError):
        said = _(
            "{path}: không đọc được sổ nguồn, trong đó có thể có ô của anh/chị. Đổi tên tệp rồi chạy lại.", path=path
        )
        raise ModuongError("E-BUILD-2", said) from None
    written = _written(workspace, module)
    now = {cell["id"]: cell for cell in fresh}
    after: dict[str, list[Cell]] = {}
    last, own = "", 0
    for name, cell in zip(names, there, strict=True):
        if _ours(cell, name, written):
            last = name
            continue
        own += 1
        if name not in now:
            after.setdefault(last, []).append(cell)
            continue
        if written is not None and written.get(name) != digest(now[name]):
            raise _both_changed(path, name)
        now[name] = cell
        last = name
    cells = list(after.pop("", []))
    for cell in fresh:
        cells += [now[cell["id"]], *after.pop(cell["id"], [])]
    return Merged([*cells, *(cell for rest in after.values() for cell in rest)], own)


def keep_copy(workspace: Workspace, module: str) -> Path:
    """Copy the source folder as it is now beside those of earlier builds; return where."""
    source = workspace.source(module)
    name = hashlib.sha256((source / f"{module}.ipynb").read_bytes()).hexdigest()[:12]
    target = workspace.root / "source-truoc" / f"{module}-{name}"
    if not target.exists():
        shutil.copytree(source, target)
    return target


def written_by(fresh: Sequence[Cell]) -> bytes:
    """Return what ``keys/M02/built.cells`` must hold: cell → digest of what ``build`` wrote."""
    return notebooks.dumps({cell["id"]: digest(cell) for cell in fresh})


def record(workspace: Workspace, module: str) -> Path:
    """Return where that stands."""
    return workspace.keys(module) / _WRITTEN


def digest(cell: Mapping[str, Any]) -> str:
    """Return a digest of what a cell says and how nbgrader treats it; outputs and looks do not matter."""
    said = [_source(cell), cell["cell_type"], cell["metadata"].get("nbgrader", {})]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _written(workspace: Workspace, module: str) -> dict[str, str] | None:
    try:
        return dict(json.loads(record(workspace, module).read_bytes()))
    except (OSError, ValueError):
        return None


def _ours(cell: Mapping[str, Any], name: str, written: Mapping[str, str] | None) -> bool:
    if written is not None:
        return written.get(name) == digest(cell)
    grade_id = str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
    if not _OF_ITEM.fullmatch(grade_id or name):
        return False
    tests = cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("grade")
    return not tests or _source(cell).strip() == notebooks.test_source(grade_id, hidden=True).strip()


def _both_changed(path: Path, name: str) -> ModuongError:
    said = _(
        "{path}: ô «{name}» đã được sửa tay trong sổ nguồn, mà bài viết cũng đổi câu ấy. Giữ ô nào thì xóa ô kia: xóa "
        "ô trong sổ để lấy theo bài viết, hoặc đưa bài viết về như cũ. Chưa ghi gì.",
        path=path,
        name=name,
    )
    return ModuongError("E-BUILD-2", said)
