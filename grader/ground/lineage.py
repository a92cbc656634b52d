"""The releases of a module: what was handed out stays, with its key, so that an answer keeps its meaning.

``releases/M02/<id>/`` holds what cadres got, ``keys/M02/<id>.json`` its key. What was built last is ``keys/M02.json``,
as ever.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from course.answers import release_id, write_atomically
from grader.ground.workspace import ITEMS, Workspace

_BEFORE = "before.txt"
"""In ``keys/M02/``: the release that attempts answered which were taken in before releases were recorded."""


def released(workspace: Workspace, module: str) -> str:
    """Return the id of the release that is handed out now; empty where there is none."""
    return _id(workspace.release(module))


def built(workspace: Workspace, module: str) -> str:
    """Return the id of the release to which ``keys/M02.json`` belongs; empty where nothing was built."""
    return _id(workspace.source(module))


def known(workspace: Workspace, module: str) -> frozenset[str]:
    """Return the ids of all releases that were handed out from this workspace."""
    kept = {path.name for path in _listed(workspace.releases(module)) if not path.name.startswith(".")}
    return frozenset(kept | {released(workspace, module)} - {""})


def before(workspace: Workspace, module: str) -> str:
    """Return the release that an attempt answered of which none is recorded; empty: the one built last."""
    with contextlib.suppress(OSError):
        return (workspace.keys(module) / _BEFORE).read_text(encoding="ascii").strip()
    return ""


def keys(workspace: Workspace, module: str) -> dict[str, Path]:
    """Return the kept keys of a module: release → file."""
    return {path.stem: path for path in _listed(workspace.keys(module)) if path.suffix == ".json"}


def folder(workspace: Workspace, module: str, release: str) -> Path:
    """Return where a release lies: kept, or the one that is handed out now."""
    kept = workspace.releases(module) / release
    return kept if release and kept.is_dir() else workspace.release(module)


def keep_key(workspace: Workspace, module: str, release: str, key: bytes) -> None:
    """Keep the key of a release beside those of earlier ones; only the owner may read it.

    The first time, the key that is there is kept too: a workspace from before releases were kept has attempts that
    answered it.
    """
    target = workspace.keys(module)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    there, former = workspace.key(module), built(workspace, module)
    if there.exists() and former and not keys(workspace, module):
        write_atomically(target / f"{former}.json", there.read_bytes(), 0o600)
        write_atomically(target / _BEFORE, former.encode("ascii"), 0o600)
    path = target / f"{release}.json"
    if not path.exists() or path.read_bytes() != key:
        write_atomically(path, key, 0o600)


def keep_release(workspace: Workspace, module: str) -> str:
    """Keep a copy of what is handed out now, once; return its id."""
    release = released(workspace, module)
    target = workspace.releases(module) / release
    if release and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{release}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(workspace.release(module), fresh)
        fresh.rename(target)
    return release


def _id(place: Path) -> str:
    try:
        return release_id((place / ITEMS).read_bytes())
    except OSError:
        return ""


def _listed(place: Path) -> Iterator[Path]:
    return iter(sorted(place.iterdir()) if place.is_dir() else ())
