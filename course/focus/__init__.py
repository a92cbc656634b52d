"""Focus mode: a labextension and settings that the wheel installs; an editable install puts them in place with ``install``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from course.answers import write_atomically

_HERE = Path(__file__).parent
NAME = "moduong-focus"


def install(prefix: Path | None = None) -> list[Path]:
    """Put the labextension and the settings below ``prefix`` (this Python's by default); return the files written.

    What a wheel does through its shared data. Settings that another hand wrote are left alone.
    """
    share = (prefix or Path(sys.prefix)) / "share" / "jupyter"
    extension, settings = share / "labextensions" / NAME, share / "lab" / "settings" / "overrides.json"
    (extension / "static").mkdir(parents=True, exist_ok=True)
    settings.parent.mkdir(parents=True, exist_ok=True)
    written = []
    for name in ("package.json", "static/remoteEntry.js"):
        shutil.copyfile(_HERE / name, extension / name)
        written.append(extension / name)
    if not settings.exists():
        write_atomically(settings, (_HERE / "overrides.json").read_bytes())
        written.append(settings)
    return written
