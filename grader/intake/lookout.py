"""Looks out for what arrives in nbgrader's inbound folder, cheaply and often.

And remembers what is to be tried again later.
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from grader.intake.names import source_name

SECRET = "submission_secret.txt"  # noqa: S105  # a file's name
SETTLED = 2.0
"""Seconds without change after which an entry that nbgrader's own submit did not complete is taken as it is."""
_COARSE = 100_000_000
"""Nanoseconds by which a file system's clock may date an arrival back."""
_SLOWEST_RETRY = 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The sources that are new on the exchange, and those of them that are still being written."""

    new: frozenset[str]
    incomplete: frozenset[str]


class Lookout:
    """Looks at one inbound folder; a folder in which nothing has changed is not listed again."""

    def __init__(self, inbound: Path) -> None:
        self._inbound = inbound
        self._quiet_since = 0

    def look(self, known: set[str]) -> Seen | None:
        """Return what is there and not ``known``; ``None`` when nothing can have come since ``quiet``."""
        try:
            if self._inbound.stat().st_mtime_ns < self._quiet_since:
                return None
        except FileNotFoundError:
            return None
        self._looked = time.time_ns()
        self._quiet_since = 0
        with os.scandir(self._inbound) as entries:
            new = {
                source: entry.path
                for entry in entries
                if (source := f"exchange/{source_name(entry.name)}") not in known
            }
        return Seen(frozenset(new), frozenset(source for source, path in new.items() if not complete(Path(path))))

    def quiet(self) -> None:
        """Say that everything of the last look was dealt with."""
        self._quiet_since = self._looked - _COARSE


def complete(entry: Path) -> bool:
    """Say whether nbgrader's submit is through with an entry.

    It writes the secret last, then lets everybody into the folder.
    """
    try:
        status = entry.lstat()
        if not stat.S_ISDIR(status.st_mode):
            return True
        secret = entry / SECRET
        if secret.exists() and secret.stat().st_size and stat.S_IMODE(status.st_mode) & 0o777 == 0o777:  # noqa: PLR2004
            return True
        return time.time() - status.st_ctime > SETTLED
    except OSError:  # gone, or not ours to look at: the intake says which
        return True


class Later:
    """What failed and is tried again: after 1, 2, 4 … 60 seconds."""

    def __init__(self) -> None:
        self._due: dict[str, tuple[float, float]] = {}

    def failed(self, name: str) -> None:
        """Put ``name`` off, each time twice as long."""
        pause = min(2 * self._due.get(name, (0.0, 0.5))[1], _SLOWEST_RETRY)
        self._due[name] = (time.monotonic() + pause, pause)

    def waiting(self) -> frozenset[str]:
        """Return what is not to be tried now."""
        now = time.monotonic()
        return frozenset(name for name, (due, _) in self._due.items() if due > now)

    def done(self, name: str) -> None:
        """Forget ``name``."""
        self._due.pop(name, None)
