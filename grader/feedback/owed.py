"""What the ledger says already and cadres do not read yet: noted before the commit, so that no kill loses it.

A command that changes the ledger and then publishes holds a small file from before the one until after the other. A
file whose command is gone names what is still to be published; the next command does it first.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy.engine import Engine

from grader.feedback import publish, standings
from grader.ground import durable
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace

STANDING, PAGE = "standing", "page"
"""Only where people stand, or their pages too."""
_BROKEN_OFF = ("E-DB-", "E-WS-", "E-FB-")


@contextlib.contextmanager
def owing(
    workspace: Workspace, engine: Engine, rules: Syllabus, what: str, modules: Sequence[str], person: str = ""
) -> Iterator[None]:
    """Publish what an earlier command left, then note that ``what`` of ``modules`` is owed until the block has ended.

    Of one ``person``, or of everybody. A block that is broken off by disk, database or exchange leaves the note for the
    next command, for some of it may be committed; one that refuses has changed nothing.

    Raises:
        ModuongError: those of ``publish``.
        OSError: the workspace cannot be written.
    """
    folder = workspace.root / "con-phai-phat"
    settle(workspace, engine, rules)
    folder.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".json")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.write(handle, json.dumps({"what": what, "modules": list(modules), "person": person}).encode())
        os.fsync(handle)
        durable.sync_folder(folder)
        try:
            yield
        except ModuongError as error:
            if not error.code.startswith(_BROKEN_OFF):
                os.unlink(name)
            raise
        os.unlink(name)
    finally:
        os.close(handle)


def settle(workspace: Workspace, engine: Engine, rules: Syllabus) -> None:
    """Publish what commands that are gone have left.

    Raises:
        ModuongError: those of ``publish``; it stays owed.
    """
    for path in sorted((workspace.root / "con-phai-phat").glob("*.json")):
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # its command is at work
                continue
            _publish(workspace, engine, rules, path)
            path.unlink(missing_ok=True)


def _publish(workspace: Workspace, engine: Engine, rules: Syllabus, path: Path) -> None:
    try:
        said = json.loads(path.read_bytes())
        what, modules = str(said["what"]), [str(module) for module in said["modules"]]
        people = [str(said["person"])] if said["person"] else None
    except (OSError, ValueError, KeyError, TypeError):  # killed before it was written: nothing was changed yet
        return
    for module in (m for m in modules if m in rules.modules and workspace.key(m).exists()):
        if what == PAGE:
            publish.publish(workspace, engine, rules, module, people)
        else:
            standings.publish(workspace, engine, rules, module, people)
