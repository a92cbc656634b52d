"""Who is learning: the id under which a hand-in is counted."""

from __future__ import annotations

import getpass
import json
import os
import re
from pathlib import Path
from typing import Literal

from course.answers import write_atomically
from course.words import _

REMEMBERED = ".moduong-ma-can-bo.json"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
Source = Literal["environment", "hub", "remembered", "system"]


def person(home: Path) -> tuple[str, Source]:
    """Return the cadre's id and where it comes from; ``home`` is the folder in which the modules' folders lie.

    In this order: ``$MODUONG_PERSON``, ``$JUPYTERHUB_USER``, what the cadre once told the start page, the system user.
    """
    for variable, source in (("MODUONG_PERSON", "environment"), ("JUPYTERHUB_USER", "hub")):
        name = os.environ.get(variable, "").strip()
        if is_id(name):
            return name, "environment" if source == "environment" else "hub"
    told = _remembered(home)
    return (told, "remembered") if told else (_system_user(), "system")


def is_id(name: str) -> bool:
    """Say whether ``name`` may be an id.

    It becomes part of folder names, so nothing but letters, digits and ``_.-``.
    """
    return _ID.fullmatch(name) is not None


def remember(home: Path, name: str) -> None:
    """Keep the id that the cadre gave.

    Raises:
        ValueError: when it cannot be an id.
        OSError: when it could not be written.
    """
    if not is_id(name):
        message = _("Mã cán bộ chỉ gồm chữ không dấu, chữ số và dấu gạch nối, ví dụ CB-000123.")
        raise ValueError(message)
    write_atomically(home / REMEMBERED, json.dumps({"person": name}).encode())


def _remembered(home: Path) -> str:
    try:
        name = json.loads((home / REMEMBERED).read_bytes())["person"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return name if isinstance(name, str) and is_id(name) else ""


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "khong-ro"
