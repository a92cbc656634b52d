"""The course as released, read from the exchange: kept in memory, read again when a file has changed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course import published, released
from course.answers import AnswersError, load_json
from course.host.content.prose import Piece, pieces
from course.published import Published
from course.released import ITEMS, PRACTICE, NotShown, Released

_LOOK_EVERY = 0.2
"""Seconds for which a module is not looked at again: every save asks for it."""
OUTBOUND, FEEDBACK, STANDING = "outbound", "feedback", "standing"
LESSON = "bai-hoc.ipynb"
_NAME = re.compile(r"[A-Za-z0-9]{1,8}")
_FILE = re.compile(r"(?:images|data)/[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.(svg|png|jpg|webp|csv|xlsx|txt)")
MEDIA = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Missing(LookupError):
    """There is no such module, page or file in the course."""


@dataclass(frozen=True, slots=True)
class Module:
    """One released module.

    Attributes:
        name: such as ``M02``.
        rule: what the course says of it.
        exercise: its graded questions; ``None`` where it has none.
        practice: practice questions with their keys, by id; nothing in them counts.
        lesson, questions: the pages' pieces in order; empty where there is no such page.
    """

    name: str
    rule: published.Rule
    exercise: Released | None
    practice: Mapping[str, Mapping[str, Any]]
    lesson: tuple[Piece, ...]
    questions: tuple[Piece, ...]


class Course:
    """The released course in its folder of the exchange."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; raises :class:`Missing` when it holds no course."""
        self.folder = folder
        self._course: tuple[int, Published] | None = None
        self._modules: dict[str, tuple[tuple[int, ...], Module]] = {}
        self._looked: dict[str, float] = {}
        self.about()

    def about(self) -> Published:
        """Return what the course says of itself."""
        path = self.folder / published.FILE
        try:
            stamp = path.stat().st_mtime_ns
            if self._course is None or self._course[0] != stamp:
                self._course = stamp, published.course(load_json(path.read_bytes()))
        except (OSError, AnswersError, KeyError, TypeError, ValueError):
            if self._course is None:
                raise Missing(str(path)) from None
        return self._course[1]

    def module(self, name: str) -> Module:
        """Return a released module.

        Raises:
            Missing: it is not in the course, or not released yet.
        """
        if name in self._modules and time.monotonic() - self._looked[name] < _LOOK_EVERY:
            return self._modules[name][1]
        about, folder = self.about(), self.folder / OUTBOUND / name
        if not _NAME.fullmatch(name) or name not in about.modules or not folder.is_dir():
            raise Missing(name)
        files = (folder / ITEMS, folder / PRACTICE, folder / LESSON, folder / f"{name}.ipynb")
        stamp = tuple(p.stat().st_mtime_ns if p.exists() else 0 for p in files)
        if name not in self._modules or self._modules[name][0] != stamp:
            self._modules[name] = stamp, _module(folder, name, about)
        self._looked[name] = time.monotonic()
        return self._modules[name][1]

    def there(self, name: str) -> Module | None:
        """Return a released module, or ``None``."""
        try:
            return self.module(name)
        except Missing:
            return None

    def file(self, module: str, path: str) -> tuple[Path, str]:
        """Return a picture or data file that a module's page shows, and its media type.

        Raises:
            Missing: no such file, or none that a page may show.
        """
        found = _FILE.fullmatch(path)
        if found is None or self.there(module) is None:
            raise Missing(path)
        file = self.folder / OUTBOUND / module / path
        if file.is_symlink() or not file.is_file():
            raise Missing(path)
        return file, MEDIA[found[1]]


def _module(folder: Path, name: str, about: Published) -> Module:
    try:
        exercise = released.read(folder) if (folder / ITEMS).exists() else None
    except NotShown:
        raise Missing(name) from None
    practice: dict[str, Mapping[str, Any]] = {}
    if (folder / PRACTICE).exists():
        listed = json.loads((folder / PRACTICE).read_bytes()).get("items", [])
        practice = {str(item["id"]): item for item in listed}
    lesson, questions = _pieces(folder / LESSON), _pieces(folder / f"{name}.ipynb")
    return Module(name, about.modules[name], exercise, practice, lesson, questions if exercise else ())


def _pieces(path: Path) -> tuple[Piece, ...]:
    try:
        notebook = load_json(path.read_bytes())
    except (OSError, AnswersError):
        return ()
    return tuple(pieces(notebook))
