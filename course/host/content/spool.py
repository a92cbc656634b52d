"""Handing in from the host: one folder a hand-in, complete or not there, as nbgrader's own submit would leave it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from course.answers import ANSWERS, AnswersError, AnswerSet, embed, extract, load_json, parse
from course.handin import notebook_bytes, notebook_of, receipt_code

SECRET, TIMESTAMP = "submission_secret.txt", "timestamp.txt"


class SpoolProblem(Exception):
    """The hand-in could not be written, or was not what was meant when it was read back; nothing was handed in."""


def write(spool: Path, released: Path, answers: AnswerSet, now: datetime) -> tuple[str, str]:
    """Write a hand-in and return its name in the spool and its secret.

    Args:
        spool: the folder that *watch* takes in.
        released: the module's released folder, whose notebook is completed.
        answers: what is handed in.
        now: the moment, with its zone.

    Raises:
        SpoolProblem: see there.
    """
    stamp = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    secret = secrets.token_urlsafe(21)
    name = f"{answers.person}+{answers.module}+{stamp}+{receipt_code(answers)}{secrets.token_hex(4)}"
    try:
        spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".", dir=spool))
    except OSError as error:
        raise SpoolProblem(error.strerror) from error
    try:
        completed = notebook_bytes(embed(notebook_of(released, answers.module), answers))
        files = {
            ANSWERS: notebook_bytes(answers.to_json()),
            f"{answers.module}.ipynb": completed,
            SECRET: secret.encode(),
            TIMESTAMP: stamp.encode(),
        }
        for path, content in files.items():
            _write(folder / path, content)
        arrived = parse((folder / ANSWERS).read_bytes())
        inside = extract(load_json((folder / f"{answers.module}.ipynb").read_bytes()))
        if arrived != answers or inside != answers:
            raise SpoolProblem(name)
        _sync(folder)
        os.rename(folder, spool / name)
        _sync(spool)
    except (OSError, AnswersError) as error:
        raise SpoolProblem(str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
    return name, secret


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
