"""Stage ``release``: let nbgrader generate the learner's copy, prove that no key is in it, then hand it out."""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from course import published
from course.answers import release_id, write_atomically
from course.words import _
from grader.gradebook import nbgrader_bridge
from grader.ground import database
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import ITEMS, TEXT_STUB, Workspace, open_workspace
from grader.publish import notebooks
from grader.publish.exchange_folder import open_exchange
from grader.publish.public_items import PublicItems
from grader.text.module_text import ModuleText
from grader.text.roles import pieces

SHORTEST_SECRET = 8
_ANNOUNCED = {"course", "modules", "tracks", "track_titles", "attempts"}
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{11,}")
_HASHES = ("md5", "sha1", "sha256")


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
            ``E-REL-4`` the module was not built.
    """
    module = text.module
    if text.exercise is None and text.lesson is None:
        raise _not_built(module)
    with tempfile.TemporaryDirectory(prefix="moduong-release-") as folder:
        trial = open_workspace(Path(folder), text.course_id)
        _assemble(workspace, trial, text)
        problems = leaks(trial.release(module), text)
        if problems:
            listed = "\n".join(f"  {p}" for p in problems)
            raise ModuongError(
                "E-REL-3",
                _(
                    "{module}: bản phát để lộ nội dung chỉ dành cho giảng viên, nên chưa phát. Bản phát trước "
                    "vẫn còn.\n{listed}",
                    module=module,
                    listed=listed,
                ),
            )
        if text.exercise:
            _register(workspace, module)
        target = workspace.release(module)
        target.parent.mkdir(exist_ok=True)
        fresh = target.with_name(f".{module}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(trial.release(module), fresh)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    _open_exchange(workspace, text.course_id)
    nbgrader_bridge.publish(workspace, module)
    items = target / ITEMS
    return Released(
        module, release_id(items.read_bytes()) if items.exists() else "", sum(p.is_file() for p in target.rglob("*"))
    )


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


def leaks(folder: Path, text: ModuleText) -> list[str]:
    """Return every way in which the release in ``folder`` shows more than it may; empty when it is proven clean."""
    problems: list[str] = []
    if text.exercise:
        problems += _public_only(folder / ITEMS)
        problems += _cells_as_expected(folder / f"{text.module}.ipynb", text)
    secrets = staff_only(text)
    for path in sorted(p for p in folder.rglob("*") if p.is_file() or p.is_symlink()):
        problems += _found(path.relative_to(folder), path, secrets)
    return problems


def _public_only(path: Path) -> list[str]:
    try:
        PublicItems.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        return [f"{ITEMS}: {line}" for line in str(error).splitlines()[1:3]] or [f"{ITEMS}: {error}"]
    return []


def _cells_as_expected(path: Path, text: ModuleText) -> list[str]:
    """Every cell is exactly what public items alone give, without outputs, with known metadata only."""
    assert text.exercise is not None  # the caller asked
    cells = json.loads(path.read_bytes())["cells"]
    expected = notebooks.exercise_cells(text.module, pieces(text.exercise, text.facts), staff=False, stub=TEXT_STUB)
    problems = [] if len(cells) == len(expected) else [f"{path.name}: {len(cells)} cells, expected {len(expected)}"]
    for number, (cell, want) in enumerate(zip(cells, expected, strict=False)):
        given = cell["metadata"].get("nbgrader", {})
        allowed = {*want["metadata"]["nbgrader"], "checksum", "cell_type"}
        extra = (
            set(cell) - set(want)
            or set(cell["metadata"]) - {"nbgrader", "deletable", "editable"}
            or set(given) - allowed
        )
        if (
            "".join(cell["source"]) != want["source"]
            or cell.get("outputs")
            or cell["cell_type"] != want["cell_type"]
            or cell["id"] != want["id"]
        ):
            problems.append(f"{path.name}: cell {number} ({want['id']}) is not the expected text")
        elif extra:
            problems.append(f"{path.name}: cell {number} ({want['id']}) carries {sorted(extra)}")
    return problems


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _strings(key)
            yield from _strings(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _strings(value)


def _values(data: object) -> Iterator[str]:
    """Yield the strings in ``data`` that are not names of fields."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list | tuple):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _values(value)


def _plain(text: str) -> str:
    """Return ``text`` without the disguises of normal form, case, HTML entities and white space."""
    return " ".join(unicodedata.normalize("NFC", html.unescape(text)).casefold().split())


def staff_only(text: ModuleText) -> list[str]:
    """Return every string of eight characters or more that stands in keys and nowhere in public text."""
    if text.exercise is None:
        return []
    shown = [_plain(s) for item in text.exercise.items for s in _strings(item.public)]
    shown += [_plain(block.text) for block in text.exercise.document.blocks if block.kind == "prose"]
    if text.lesson:
        shown += [_plain(block.text) for block in text.lesson.document.blocks]
        shown += [_plain(s) for item in text.lesson.items for s in _strings(item.keyed)]
    shown += [_plain(notebooks.SETUP), _plain(TEXT_STUB)]
    public = "\n".join(shown)
    keyed = {_plain(s) for item in text.exercise.items for s in _values(item.keyed["variants"])}
    return sorted(s for s in keyed if len(s) >= SHORTEST_SECRET and s not in public)


def _found(name: Path, path: Path, secrets: list[str]) -> list[str]:
    """Search one file, its name included, for secrets in any disguise."""
    if path.is_symlink():
        return [f"{name}: a link"]
    raw = path.read_bytes()
    text = _readable(raw)
    digests = {hashlib.new(kind, s.encode()).hexdigest(): s for s in secrets for kind in _HASHES}
    haystack = _plain(f"{name}\n{text}")
    problems = [f"{name}: «{s[:40]}»" for s in secrets if s in haystack]
    for token in set(_TOKEN.findall(text)):
        if token.lower() in digests:
            problems.append(f"{name}: hash of «{digests[token.lower()][:40]}»")
        decoded = _plain(_decoded(token))
        problems += [
            f"{name}: base64 of «{s[:40]}»" for s in secrets if len(decoded) >= SHORTEST_SECRET and s in decoded
        ]
    return problems


def _readable(raw: bytes) -> str:
    """Return a file's text with JSON escapes undone: as it stands, and every string inside it."""
    text = raw.decode("utf-8", errors="replace")
    try:
        data: Any = json.loads(text)
    except ValueError:
        return text
    return text + "\n" + "\n".join(_strings(data))


def _decoded(token: str) -> str:
    """Return what a base64 token says, or nothing."""
    padded = token.rstrip("=") + "=" * (-len(token.rstrip("=")) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_" if set(token) & set("-_") else None).decode(
            "utf-8", errors="replace"
        )
    except (binascii.Error, ValueError):
        return ""
