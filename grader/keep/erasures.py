"""Who was erased: a note without a name, so that a restore of what was kept before erases them again.

It stands in the workspace and beside the backups, because one of the two may be all that is left. What was erased is
kept apart as one ZIP, readable by the owner alone, until its time ends.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from grader.ground import durable
from grader.ground.workspace import Workspace

NOTE = "da-xoa.json"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One person who was erased.

    Attributes:
        person: the id as it was.
        becomes: what stands in its place, drawn at random: the same again after a restore.
        at, until: instants (ISO); until when the version that was kept apart stays.
    """

    person: str
    becomes: str
    at: str
    until: str


def noted(workspace: Workspace, *more: Path) -> list[Erasure]:
    """Return all that is noted in the workspace, beside its backups, and in the folders ``more``; oldest first."""
    found: dict[str, Erasure] = {}
    for folder in (*_places(workspace), *more):
        found |= {one.person: one for one in _read(folder / NOTE)}
    return sorted(found.values(), key=lambda one: (one.at, one.person))


def note(workspace: Workspace, one: Erasure) -> None:
    """Note an erasure, before anything is erased: whoever is killed then finds it noted.

    Raises:
        OSError: it cannot be written.
    """
    known = {found.person: found for found in noted(workspace)} | {one.person: one}
    for folder in _places(workspace):
        write(folder, known.values())


def write(folder: Path, known: Iterable[Erasure]) -> None:
    """Write the notes into a folder.

    Raises:
        OSError: it cannot be written.
    """
    durable.write(folder / NOTE, json.dumps([asdict(one) for one in known], indent=1).encode())


def _places(workspace: Workspace) -> list[Path]:
    """Return the folders that hold the notes: the workspace, and each in which backups of it lie."""
    places = [workspace.root]
    with contextlib.suppress(OSError, ValueError):
        places.append(Path(workspace.last_backup.read_text(encoding="utf-8").strip()).parent)
    places.append(workspace.backups)
    return list(dict.fromkeys(place.absolute() for place in places if place.is_dir()))


def _read(path: Path) -> Iterator[Erasure]:
    try:
        for one in json.loads(path.read_bytes()):
            yield Erasure(**{name: str(one[name]) for name in Erasure.__slots__})
    except (OSError, ValueError, KeyError, TypeError):
        return


def kept(workspace: Workspace, one: Erasure) -> Path:
    """Return where the version of somebody erased is kept."""
    return workspace.erased / f"{one.becomes}.zip"


def expire(workspace: Workspace, now: datetime) -> int:
    """Remove the kept versions whose time has ended; return how many.

    Raises:
        OSError: one cannot be removed.
    """
    count = 0
    for one in noted(workspace):
        path = kept(workspace, one)
        if path.exists() and datetime.fromisoformat(one.until) <= now:
            path.unlink()
            count += 1
    return count
