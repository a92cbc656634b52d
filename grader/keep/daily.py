"""A backup a day, for a process that runs on and on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import Engine

from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from grader.keep import backup, erasures

EVERY = timedelta(hours=24)
_AGAIN = timedelta(minutes=10)
"""After one that failed."""


def keeper(
    workspace: Workspace, engine: Engine, clock: Callable[[], tuple[datetime, bool]]
) -> Callable[[], tuple[ModuongError, ...]]:
    """Return a function that makes a backup when the last one is a day old, and returns what went wrong with it.

    With it goes what was kept of people who were erased, once its time has ended.

    It is called whenever nothing else is to be done; the last backup is asked of the workspace, so that one made by
    hand counts too.
    """
    tried: list[datetime] = []

    def keep() -> tuple[ModuongError, ...]:
        now = clock()[0]
        if tried and now - tried[-1] < _AGAIN:
            return ()
        tried[:] = [now]
        last = _last(workspace)
        if last is not None and now - last < EVERY:
            return ()
        try:
            backup.make(workspace, engine, now, _above(workspace))
            erasures.expire(workspace, now)
        except ModuongError as error:
            return (error,)
        return ()

    return keep


def _noted(workspace: Workspace) -> Path | None:
    try:
        return Path(workspace.last_backup.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def _above(workspace: Workspace) -> Path | None:
    """Return where the last backup went: whoever named another disk once means it."""
    noted = _noted(workspace)
    return noted.parent if noted is not None and noted.parent.is_dir() else None


def _last(workspace: Workspace) -> datetime | None:
    noted = _noted(workspace)
    if noted is None or not (noted / backup.MANIFEST).is_file():
        return None
    try:
        return datetime.strptime(noted.name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
