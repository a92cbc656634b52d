"""Styles and scripts of the staff's pages, put together once and named by their content.

``templates/<module>.css`` of a page is part of the one style sheet; its ``templates/<module>.js`` is a script of its
own, loaded by pages that name it.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDERS = (Path(__file__).parent / "templates", Path(__file__).parents[1] / "templates")
_FIGURES = Path(__file__).parents[2] / "coordinator" / "templates" / "coordinator.css"
"""Figures look as on the coordinator's notebook page."""

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1b4f8a"/>'
    '<path d="M3 5h10M3 8h10M3 11h6" stroke="#fff" stroke-width="1.6"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: as it is, as gzip, and its media type."""

    content: bytes
    packed: bytes
    media: str


class Assets:
    """The files, by the name in their address."""

    def __init__(self, base: str, modules: Iterable[str]) -> None:
        """Read the frame's own files and those of the modules named."""
        self._files: dict[str, Asset] = {}
        self._names: dict[str, str] = {}
        own, pages = FOLDERS
        modules = list(modules)
        styles = [own / "frame.css", _FIGURES, *(pages / f"{name}.css" for name in modules)]
        self._keep(base, "desk.css", "\n".join(p.read_text(encoding="utf-8") for p in styles if p.exists()), "text/css")
        self._keep(base, "icon.svg", _ICON, "image/svg+xml")
        for path in (own / "frame.js", *(pages / f"{name}.js" for name in modules)):
            if path.exists():
                self._keep(base, path.name, path.read_text(encoding="utf-8"), "text/javascript")

    def _keep(self, base: str, name: str, text: str, media: str) -> None:
        raw = text.encode()
        stem, _dot, suffix = name.rpartition(".")
        file = f"{stem}-{hashlib.sha256(raw).hexdigest()[:12]}.{suffix}"
        self._names[name] = f"{base}t/{file}"
        self._files[file] = Asset(raw, gzip.compress(raw, 9, mtime=0), f"{media}; charset=utf-8")

    def __getitem__(self, name: str) -> str:
        """Return the address of a file."""
        return self._names[name]

    def file(self, name: str) -> Asset | None:
        """Return a file by the name in its address."""
        return self._files.get(name)
