"""What the pages of a module need: its rules, and the questions, key and files of the release that was answered."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from course import items
from course.items import Note
from course.words import when
from grader.feedback.page import number
from grader.gradebook import keys
from grader.ground import lineage
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import ITEMS, Workspace


class Asked:
    """The questions of one release: public items, and keyed ones for the feedback on what was chosen."""

    def __init__(self, public: Iterable[items.Body], key: Mapping[str, Any], data: Path) -> None:
        """Hold what was released, with its key; ``data`` holds the files that the questions show."""
        self.public = {item["id"]: item for item in public}
        self._data = data
        self._media: dict[str, bytes | None] = {}
        self.key_version = str(key["key_version"])
        self._keyed = {item["id"]: item for item in key["items"]}
        self._scored = functools.lru_cache(maxsize=4096)(self._score)

    def medium(self, name: str) -> bytes | None:
        """Return a file that was released with the questions, or ``None`` where there is none."""
        if name not in self._media:
            path = self._data / name
            self._media[name] = path.read_bytes() if path.is_file() else None
        return self._media[name]

    def notes(self, item: str, value: object, variant: object, *, trying: bool) -> Sequence[Note]:
        """Return the feedback on one answer; ``trying``: one may hand in again. Equal answers are looked at once."""
        if item not in self._keyed or not items.scores(self._keyed[item]):
            return ()
        drawn = variant if isinstance(variant, int) and not isinstance(variant, bool) else -1
        full = self._scored(item, json.dumps(value, sort_keys=True), drawn)
        return items.while_trying(self._keyed[item], value, drawn, full) if trying else full

    def _score(self, item: str, value: str, variant: int) -> Sequence[Note]:
        return items.score(self._keyed[item], json.loads(value), variant).notes


class Module:
    """What all pages of a module share: rules, and the questions of the release that a hand-in answered."""

    def __init__(
        self, workspace: Workspace, rules: Syllabus, module: str, releases: Mapping[str, str] | None = None
    ) -> None:
        """Read what is there; ``releases``: attempt → the release it answered, where that was recorded."""
        self.name = module
        self.rule = rules.modules[module]
        self.title = f"{module} · {self.rule.title}" if self.rule.title else module
        self.zone: ZoneInfo = rules.course.zone
        self.lang: str = rules.course.language
        self.limit, self.wait = rules.attempts.limit, timedelta(hours=rules.attempts.wait_hours)
        self._workspace = workspace
        self._keys = keys.read(workspace, module, orjson.loads(workspace.key(module).read_bytes()))
        self._releases = releases or {}
        self._asked = functools.cache(self._of)

    def asked(self, attempt_id: str) -> Asked:
        """Return the questions that a hand-in answered."""
        return self._asked(self._releases.get(attempt_id, ""))

    def media(self, attempt_id: str) -> Callable[[str], bytes | None]:
        """Return what reads the files that the questions of a hand-in show; nothing is read before it is called."""
        return lambda name: self.asked(attempt_id).medium(name)

    def _of(self, release: str) -> Asked:
        place = lineage.folder(self._workspace, self.name, release or self._keys.before)
        public = orjson.loads((place / ITEMS).read_bytes())["items"]
        return Asked(public, self._keys.of(release), place / "data")

    def local(self, instant: datetime) -> str:
        """Return an instant as people read it."""
        return when(instant.astimezone(self.zone).isoformat())

    def number(self, points: Decimal | float) -> str:
        """Return points as the course's readers write them."""
        return number(points, self.lang)

    def iso(self, instant: datetime | None) -> str | None:
        """Return an instant as programs read it."""
        return instant.astimezone(self.zone).isoformat(timespec="seconds") if instant else None
