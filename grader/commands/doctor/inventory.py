"""What an installation holds, where, and who can read it: the table of the dossier, held against real workspaces.

The words stand in ``templates/inventory.csv``, in Vietnamese: the dossier is for Vietnamese authorities.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.ground.workspace import Workspace

_FILE = Path(__file__).with_name("templates") / "inventory.csv"


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that is held, in words.

    Attributes:
        place: below ``workspace/``, ``workspace-exchange/COURSE/``, ``workspace-host/`` or ``workspace-backup/``.
        what: it is.
        personal: whether it tells of people.
        readers: who can read it.
        backed_up: whether a backup holds it.
        erased: what ``person erase`` does with it.
    """

    place: str
    what: str
    personal: str
    readers: str
    backed_up: str
    erased: str


@functools.cache
def holdings() -> tuple[Holding, ...]:
    """Return all that an installation may hold."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Holding(**row) for row in csv.DictReader(file))


def unlisted(space: Workspace, course_id: str) -> Iterator[str]:
    """Yield what lies in an installation and stands in no line of the table."""
    places = (
        (space.root, "workspace/"),
        (space.exchange / course_id, "workspace-exchange/COURSE/"),
        (space.host, "workspace-host/"),
    )
    for folder, name in places:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            place = f"{name}{path.name}"
            if not path.name.startswith(".") and not any(_is(place, one.place) for one in holdings()):
                yield place


def _is(place: str, listed: str) -> bool:
    """Say whether a line means this place; what SQLite keeps beside a database, and one put aside, go with it."""
    return place == listed.rstrip("/") or place.startswith((f"{listed}-", f"{listed}.truoc-"))
