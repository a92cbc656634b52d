"""Focus mode: a labextension and settings. A wheel installs them as shared data.

``serve`` and tests use them from here.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
"""Works as an entry of ``$JUPYTER_PATH`` (``labextensions/``) and of ``$JUPYTER_CONFIG_PATH`` (``labconfig/``)."""
NAME = "moduong-focus"


def install(prefix: Path | None = None) -> list[Path]:
    """Put labextension and settings below ``prefix`` (this Python's by default), as the wheel does.

    Return the files written.

    For an editable install. Settings that another hand wrote are left alone.
    """
    share = (prefix or Path(sys.prefix)) / "share" / "jupyter"
    files = {
        HERE / "labextensions" / NAME / name: share / "labextensions" / NAME / name
        for name in ("package.json", "static/remoteEntry.js", "static/focus.css")
    }
    settings = share / "lab" / "settings" / "overrides.json"
    if not settings.exists():
        files[HERE / "labconfig" / "default_setting_overrides.json"] = settings
    for source, target in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return list(files.values())
