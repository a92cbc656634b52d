"""Stage ``export``: the graded questions of a module as a file of another system, keys and all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from course.words import _
from grader.formats import catalog, exercise
from grader.formats.losses import Loss
from grader.ground.errors import ModuongError
from grader.text.module_text import ModuleText


@dataclass(frozen=True, slots=True)
class Carried:
    """What an export made: the file, how many questions are in it, and what is not."""

    path: Path
    questions: int
    losses: tuple[Loss, ...]


def carry(text: ModuleText, form: str, path: Path) -> Carried:
    """Write the graded questions of ``text`` to ``path``, readable by its owner alone: it holds the keys.

    Raises:
        ModuongError: ``E-FORMAT-1`` no such format, ``E-FILE-3`` the file is there already.
    """
    reading = exercise.questions(text)
    data, losses = catalog.write(form, f"{text.module} {text.title}", reading.questions)
    store(path, data)
    left = sum(loss.code == "kind" for loss in losses)
    return Carried(path, len(reading.questions) - left, (*reading.losses, *losses))


def suffix(form: str) -> str:
    """Return how the names of files in a format end.

    Raises:
        ModuongError: ``E-FORMAT-1`` no such format.
    """
    return catalog.named(form).suffix


def store(path: Path, data: bytes) -> None:
    """Write a new file that its owner alone can read.

    Raises:
        ModuongError: ``E-FILE-3`` it is there already.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ModuongError("E-FILE-3", _("{path} đã có. Hãy chọn tên khác.", path=path)) from None
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
