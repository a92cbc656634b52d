"""Stage ``build``: course text → keys, nbgrader's source notebook, and the lesson.

Nothing but derived files is written.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.answers import release_id
from course.items import kind
from course.rich import media
from course.words import _
from grader.box import code_items
from grader.box.command import NoIsolation
from grader.box.probe import open_box
from grader.ground import lineage
from grader.ground.errors import ModuongError
from grader.ground.workspace import ITEMS, LESSON, PRACTICE, TEXT_STUB, Workspace
from grader.publish import notebooks, own_cells
from grader.text import ids, roles
from grader.text.authoring import Authored
from grader.text.module_text import ModuleText, mistakes


@dataclass(frozen=True, slots=True)
class Built:
    """What ``build`` wrote for a module.

    Counts, the version of the key, why code items cannot be graded here (or ``None``), and the file of ids where that
    changed: it is to be committed with the text. ``own``: cells of an instructor's own that were kept.
    """

    module: str
    items: int
    practice: int
    key_version: str
    problem: NoIsolation | None
    ids: Path | None = None
    own: int = 0


def build(workspace: Workspace, text: ModuleText) -> Built:
    """Write everything derived from one module's text; running it again writes the same bytes.

    Raises:
        ModuongError: ``E-BUILD-1`` when the text has mistakes; nothing is written then. ``E-ID-4`` the ids beside
            the text cannot be written. ``E-BUILD-2`` an instructor's own cell and the text cannot both stand.
    """
    refuse_mistakes(text)
    changed = text.exercise is not None and ids.write(text.exercise.ids_file, text.exercise.ids())
    key_version, problem, own = _write_exercise(workspace, text, text.exercise) if text.exercise else ("", None, 0)
    if text.lesson:
        _write_lesson(workspace, text, text.lesson)
    return Built(
        text.module,
        len(text.exercise.items) if text.exercise else 0,
        len(text.lesson.items) if text.lesson else 0,
        key_version,
        problem,
        text.exercise.ids_file if changed and text.exercise else None,
        own,
    )


def refuse_mistakes(text: ModuleText) -> None:
    """Refuse a module whose text has mistakes.

    Raises:
        ModuongError: ``E-BUILD-1`` with each of them.
    """
    findings = mistakes(text)
    if findings:
        shown_vi = "\n".join(f.text("vi") for f in findings)
        shown_en = "\n".join(f.text("en") for f in findings)
        raise ModuongError(
            "E-BUILD-1",
            _(
                "{module}: chưa tạo được vì có {count} lỗi; sửa rồi chạy lại build.\n{shown_vi}",
                module=text.module,
                count=len(findings),
                shown_vi=shown_vi,
                shown_en=shown_en,
            ),
        )


def _put(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a derived file unless it is there already with the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    os.chmod(path, mode)


def key_of(
    text: ModuleText, exercise: Authored, hidden: Sequence[Path] = ()
) -> tuple[dict[str, Any], NoIsolation | None]:
    """Return what ``keys/`` holds of a module: its rules, every item with its key, and the data sets of code items.

    The expected values of code items come from the reference solutions, run in the box, which must not see
    ``hidden``. Where there
    is no box, the reason is returned beside the key: the module can be handed out, and its code items wait until it
    is built again.

    Raises:
        ModuongError: ``E-CODE-1`` when a reference solution fails.
    """
    items = [roles.language_field(text) | roles.with_roles(item.keyed, text.facts) for item in exercise.items]
    code = [item for item in items if kind(item).runs_code]
    data = code_items.read_data(code, exercise.document.path.parent / "data")
    problem = None
    if code:
        try:
            with open_box(hidden) as box:
                items = code_items.with_expected(items, data, box)
        except NoIsolation as error:
            problem = error
    key = {
        "schema": 1,
        "course": text.course_id,
        "course_version": text.version,
        "module": text.module,
        "points": text.points,
        "pass_mark": text.pass_mark,
        "composed": text.composed,
        "key_version": hashlib.sha256(notebooks.dumps(items)).hexdigest()[:16],
        "items": items,
        "data": {name: content.decode("utf-8-sig") for name, content in data.items()},
    }
    return key, problem


def _write_exercise(workspace: Workspace, text: ModuleText, exercise: Authored) -> tuple[str, NoIsolation | None, int]:
    fresh = notebooks.exercise_cells(text.module, roles.pieces(exercise, text.facts), staff=True, stub=TEXT_STUB)
    cells = own_cells.merged(workspace, text.module, fresh)
    key, problem = key_of(text, exercise, [workspace.root])
    if cells.own:
        own_cells.keep_copy(workspace, text.module)
    public = notebooks.dumps(roles.public_items(text))
    lineage.keep_key(workspace, text.module, release_id(public), notebooks.dumps(key))
    _put(workspace.key(text.module), notebooks.dumps(key), 0o600)
    folder = workspace.source(text.module)
    shutil.rmtree(folder, ignore_errors=True)
    _put(folder / ITEMS, public)
    _put(
        folder / f"{text.module}.ipynb",
        notebooks.dumps(notebooks.notebook(cells.cells, text.course_id, text.module, "exercise")),
    )
    _put(own_cells.record(workspace, text.module), own_cells.written_by(fresh), 0o600)
    _copy_files(exercise, folder)
    return str(key["key_version"]), problem, cells.own


def _copy_files(part: Authored, folder: Path) -> None:
    """Put the files that the page needs into the derived ``folder``: those alone that the public items name."""
    for name in roles.files(part):
        _put(folder / "data" / name, (part.document.path.parent / "data" / name).read_bytes())


def _write_lesson(workspace: Workspace, text: ModuleText, lesson: Authored) -> None:
    folder = workspace.lesson(text.module)
    shutil.rmtree(folder, ignore_errors=True)
    cells = notebooks.lesson_cells(text.module, roles.lesson_pieces(lesson, text.facts))
    _put(folder / LESSON, notebooks.dumps(notebooks.notebook(cells, text.course_id, text.module, "lesson")))
    practice = {
        "schema": 1,
        "module": text.module,
        **roles.language_field(text),
        "items": [roles.language_field(text) | roles.with_roles(item.keyed, text.facts) for item in lesson.items],
    }
    _put(folder / PRACTICE, notebooks.dumps(practice))
    _copy_files(lesson, folder)
    source = lesson.document.path.parent / "images"
    for image in sorted(source.glob(f"{text.module}-*")):
        if media.element(image.name):
            _put(folder / "images" / image.name, image.read_bytes())
