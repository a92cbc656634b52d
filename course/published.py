"""The course as it was released: its name, language, tracks, modules and rules, for the cadre's side.

``moduong release`` writes them beside the released modules (``course.json`` in the course's folder of the exchange), so
that nothing a cadre reads comes from the package that happens to be installed. An exchange from before that has no such
file; then the course in this package is meant.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from course import vietnamese
from course.answers import AnswersError, load_json
from course.words import LANGUAGES, SOURCE

FILE = "course.json"
CHOSEN = "MODUONG_COURSE_ID"
"""Environment variable: which course of an exchange that holds several; its only one when it is not set."""
EXCHANGE = "MODUONG_EXCHANGE"
"""Environment variable: root of nbgrader's exchange. Without it a hand-in is a file to send."""
_OWN = Path(__file__).with_name("course.yaml")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the course says of a module: points and pass mark as texts, attempts allowed."""

    module: str
    title: str
    points: str
    pass_mark: str
    limit: int


@dataclass(frozen=True, slots=True)
class Published:
    """One course.

    Attributes:
        id, title, lead, language: as course.yaml says; ``lead`` is the line below the title.
        tracks: id -> (title, modules in order).
        modules: id -> what the course says of it.
        wait_hours: between two hand-ins of a module.
        begin: the practice module for whoever learns here for the first time, or empty.
    """

    id: str
    title: str
    lead: str
    language: str
    tracks: Mapping[str, tuple[str, tuple[str, ...]]]
    modules: Mapping[str, Rule]
    wait_hours: int
    begin: str

    def rules(self, track: str) -> list[Rule]:
        """Return the modules of a track, in order."""
        return [self.modules[module] for module in self.tracks[track][1]]


def data(course: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of course.yaml a cadre's side needs, as it is written into ``course.json``."""
    about = course["course"]
    return {
        "schema": 1,
        "course": {name: str(about.get(name, "")) for name in ("id", "version", "title", "lead", "language")},
        "modules": {
            name: {field: str(module.get(field, "")) for field in ("title", "points", "pass_mark")}
            for name, module in course["modules"].items()
        },
        "tracks": {name: list(modules) for name, modules in course["tracks"].items()},
        "track_titles": {name: str(title) for name, title in course.get("track_titles", {}).items()},
        "attempts": {name: int(course["attempts"][name]) for name in ("limit", "wait_hours")},
    }


def course(found: Mapping[str, Any]) -> Published:
    """Return the course that ``data`` describes.

    Raises:
        KeyError, TypeError, ValueError: when it is no such description.
    """
    about, limit = found["course"], int(found["attempts"]["limit"])
    modules = {
        name: Rule(name, vietnamese.nfc(str(entry["title"])), str(entry["points"]), str(entry["pass_mark"]), limit)
        for name, entry in found["modules"].items()
    }
    titles = found.get("track_titles", {})
    tracks = {
        name: (vietnamese.nfc(str(titles.get(name) or name)), tuple(m for m in listed if m in modules))
        for name, listed in found["tracks"].items()
    }
    language = str(about.get("language") or SOURCE)
    begin = next((name for name, rule in modules.items() if rule.points in {"0", "0.0"}), "")
    return Published(
        str(about["id"]),
        vietnamese.nfc(str(about.get("title", ""))),
        vietnamese.nfc(str(about.get("lead", ""))),
        language if language in LANGUAGES else SOURCE,
        tracks,
        modules,
        int(found["attempts"]["wait_hours"]),
        begin,
    )


def exchange_root() -> Path | None:
    """Return the root of the exchange that this kernel was given."""
    root = os.environ.get(EXCHANGE, "")
    return Path(root) if root else None


def read(exchange: Path | None) -> Published:
    """Return the course of an exchange; the one of this package where there is none or nothing was written."""
    wanted = os.environ.get(CHOSEN, "")
    found = sorted(exchange.glob(f"{wanted or '*'}/{FILE}")) if exchange is not None else []
    if len(found) == 1:
        try:
            return course(load_json(found[0].read_bytes()))
        except (OSError, AnswersError, KeyError, TypeError, ValueError):
            return own()
    return own()


@cache
def own() -> Published:
    """Return the course of this package."""
    import yaml  # a question needs no syllabus

    return course(data(yaml.safe_load(_OWN.read_text(encoding="utf-8"))))


def dumps(described: Mapping[str, Any]) -> bytes:
    """Write ``course.json``: the same course gives the same bytes."""
    return (json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
