"""Stage ``release``: let nbgrader generate the learner's copy, prove that no key is in it, then hand it out."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from course import published
from course.answers import write_atomically
from course.words import _, joined
from grader.gradebook import nbgrader_bridge
from grader.ground import database, lineage
from grader.ground.errors import ModuongError
from grader.ground.journal import log
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import ITEMS, LESSON, TEXT_STUB, Workspace, open_workspace
from grader.publish import notebooks, own_cells, proof
from grader.publish.build import refuse_mistakes
from grader.publish.exchange_folder import open_exchange
from grader.text import roles
from grader.text.module_text import ModuleText

_ANNOUNCED = {"course", "modules", "tracks", "track_titles", "attempts"}


@dataclass(frozen=True, slots=True)
class Released:
    """A module that was handed out: its release id (16 hex digits) and the number of files."""

    module: str
    release: str
    files: int


def release(workspace: Workspace, text: ModuleText) -> Released:
    """Generate, prove and publish one module. A release that fails leaves the earlier one in place.

    Raises:
        ModuongError: ``E-REL-1`` generation failed, ``E-REL-2`` exchange not writable, ``E-REL-3`` a key leaks,
            ``E-REL-4`` the module was not built, ``E-BUILD-1`` its text has mistakes since.
    """
    module = text.module
    if text.exercise is None and text.lesson is None:
        raise _not_built(module)
    refuse_mistakes(text)
    _refuse_stale(workspace, text)
    with tempfile.TemporaryDirectory(prefix="moduong-release-") as folder:
        trial = open_workspace(Path(folder), text.course_id)
        _assemble(workspace, trial, text)
        problems = proof.leaks(trial.release(module), text)
        if problems:
            listed = joined("\n", [joined("", ["  ", p]) for p in problems])
            raise ModuongError(
                "E-REL-3",
                _(
                    "{module}: bản phát để lộ nội dung chỉ dành cho giảng viên, nên chưa phát. Bản phát trước "
                    "vẫn còn.\n{listed}",
                    module=module,
                    listed=listed,
                ),
            )
        lineage.keep_release(workspace, module)  # the one before, of a workspace that kept none
        if text.exercise:
            _register(workspace, module)
        target = workspace.release(module)
        target.parent.mkdir(exist_ok=True)
        fresh = target.with_name(f".{module}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(trial.release(module), fresh)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    kept = lineage.keep_release(workspace, module)
    _open_exchange(workspace, text.course_id)
    nbgrader_bridge.publish(workspace, module)
    log.event("released", module=module, code=kept)
    return Released(module, kept, sum(p.is_file() for p in target.rglob("*")))


def _refuse_stale(workspace: Workspace, text: ModuleText) -> None:
    """Refuse what was built from an earlier text: cadres would get other questions than their author reads.

    Raises:
        ModuongError: ``E-REL-3``.
    """
    try:
        there = json.loads((workspace.source(text.module) / ITEMS).read_bytes()) if text.exercise else None
        lesson = json.loads((workspace.lesson(text.module) / LESSON).read_bytes())["cells"] if text.lesson else None
    except FileNotFoundError:
        return  # _assemble says so
    cells = notebooks.lesson_cells(text.module, roles.lesson_pieces(text.lesson, text.facts)) if text.lesson else None
    if (text.exercise and there != roles.public_items(text)) or lesson != cells or _other_cells(workspace, text):
        said = _(
            "{module}: bài viết đã đổi từ lần build trước, nên chưa phát. Chạy «moduong build {module}» rồi phát lại. "
            "Bản phát trước vẫn còn.",
            module=text.module,
        )
        raise ModuongError("E-REL-3", said)


def _other_cells(workspace: Workspace, text: ModuleText) -> bool:
    """Say whether the exercise's cells were built from another text; what an instructor added does not matter."""
    record = own_cells.record(workspace, text.module)
    if text.exercise is None or not record.exists():
        return False
    cells = notebooks.exercise_cells(text.module, roles.pieces(text.exercise, text.facts), staff=True, stub=TEXT_STUB)
    return record.read_bytes() != own_cells.written_by(cells)


def announce(workspace: Workspace, rules: Syllabus) -> None:
    """Write beside the released modules what the cadre's side needs to know of the course (``course.json``).

    Raises:
        ModuongError: ``E-REL-2`` the exchange cannot be written.
    """
    content = published.dumps(published.data(rules.model_dump(mode="json", include=_ANNOUNCED)))
    path = _open_exchange(workspace, rules.course.id) / published.FILE
    if not path.exists() or path.read_bytes() != content:
        try:
            write_atomically(path, content)
        except OSError as error:
            raise _closed(path, error) from None


def _open_exchange(workspace: Workspace, course_id: str) -> Path:
    try:
        return open_exchange(workspace.exchange, course_id)
    except OSError as error:
        raise _closed(workspace.exchange, error) from None


def _closed(path: Path, error: OSError) -> ModuongError:
    said = _(
        "{path}: không ghi được ({reason}). Kiểm tra quyền ghi thư mục trao đổi.", path=path, reason=error.strerror
    )
    return ModuongError("E-REL-2", said)


def _not_built(module: str) -> ModuongError:
    return ModuongError("E-REL-4", _("{module}: chưa được tạo. Chạy «moduong build {module}» trước.", module=module))


def _assemble(workspace: Workspace, trial: Workspace, text: ModuleText) -> None:
    """Put generated exercise and lesson together in the trial workspace, on a copy of the gradebook."""
    module = text.module
    if text.exercise:
        if not workspace.source(module).is_dir():
            raise _not_built(module)
        nbgrader_bridge.open_gradebook(workspace).dispose()
        if (file := database.file_of(workspace.database)) is not None:
            database.backup(file, trial.gradebook)
        else:  # no file to copy: a fresh gradebook; what only the real one refuses is undone by _register
            nbgrader_bridge.open_gradebook(trial).dispose()
        shutil.copytree(workspace.source(module), trial.source(module))
        nbgrader_bridge.generate(trial, module)
    if text.lesson:
        if not workspace.lesson(module).is_dir():
            raise _not_built(module)
        shutil.copytree(workspace.lesson(module), trial.release(module), dirs_exist_ok=True)


def _register(workspace: Workspace, module: str) -> None:
    """Generate in the real course folder, so that the gradebook knows the cells.

    The earlier release is put back if it fails.
    """
    target = workspace.release(module)
    kept = target.with_name(f".{module}.old")
    shutil.rmtree(kept, ignore_errors=True)
    if target.exists():
        shutil.copytree(target, kept)
    try:
        nbgrader_bridge.generate(workspace, module)
    except ModuongError:
        shutil.rmtree(target, ignore_errors=True)
        if kept.exists():
            kept.rename(target)
        raise
    shutil.rmtree(kept, ignore_errors=True)
