"""Who read people's names, when and how many: a line for every list, page, export or letter that names people."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from grader.ground.journal import log

FILE = "named.jsonl"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of names.

    Attributes:
        at: instant (ISO).
        by: account of this machine.
        what: ``report``, ``roster export``, ``person export``, ``person erase``, ``invite`` …
        scope: unit, person or file that was read.
        people: how many are named.
        as_of: day that a report is about; empty otherwise.
    """

    at: str
    by: str
    what: str
    scope: str
    people: int
    as_of: str = ""


def note(folder: Path, what: str, now: datetime, scope: str, people: int, *, as_of: str = "", by: str = "") -> None:
    """Add a line to the log in the reports' ``folder``, before the names are shown.

    ``by``: who asked, where not the account of this machine under which we run.

    Raises:
        OSError: it cannot be written: then nothing is to be shown.
    """
    one = Reading(now.isoformat(timespec="seconds"), by or account(), what, scope, people, as_of)
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(handle)
    log.event("names read", state=what, count=people)


def noted(folder: Path) -> Iterator[Reading]:
    """Yield the lines of the log, oldest first; what cannot be read is passed over."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            said = json.loads(line)
            whole = {"what": "report", "scope": "", "as_of": "", **{n: said[n] for n in Reading.__slots__ if n in said}}
            yield Reading(**whole)
        except (ValueError, TypeError):
            continue


def account() -> str:
    """Return the account of this machine under which we run."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # one without a name, as in some containers
        return f"uid {os.getuid()}"
