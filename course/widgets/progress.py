"""The start page: the modules of my track, the state of each, what is still missing."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course import identity, start_page
from course.answers import write_atomically
from course.exchange import Exchange
from course.widgets import code
from course.widgets.hand_in import EXCHANGE

TRACKS = {"leader": "Cán bộ lãnh đạo", "officer": "Cán bộ làm truyền thông", "collaborator": "Cộng tác viên"}
_TRACK = ".moduong-lo-trinh.json"
_FIRST = "M00"


class Progress(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget's types are not followed
    """The start page's one widget."""

    _esm = code("dom.js", "progress.js")
    _css = code("question.css", "progress.css")
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, folder: Path) -> None:
        """Show the folder of one cadre."""
        super().__init__()
        self.folder = folder
        self.refresh()
        self.on_msg(self._hear)

    def refresh(self) -> None:
        """Work out again what the page shows."""
        self.state = state_of(self.folder)

    def _hear(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, Mapping):
            return
        text = ""
        try:
            if content.get("kind") == "track" and content.get("track") in TRACKS:
                write_atomically(self.folder / _TRACK, json.dumps({"track": content["track"]}).encode())
            elif content.get("kind") == "person":
                identity.remember(self.folder, str(content.get("person", "")).strip().upper())
        except ValueError as error:
            text = str(error)
        except OSError:
            text = "Chưa ghi lại được trên máy này; anh/chị thử lại sau."
        self.refresh()
        self.send({"kind": "told", "text": text})


def _track(folder: Path) -> str:
    chosen = os.environ.get("MODUONG_TRACK", "")
    if chosen not in TRACKS:
        try:
            chosen = json.loads((folder / _TRACK).read_bytes())["track"]
        except (OSError, ValueError, KeyError, TypeError):
            chosen = ""
    return chosen if chosen in TRACKS else "leader"


def state_of(folder: Path) -> dict[str, Any]:
    """Return what the start page shows, as plain data; fetches what the exchange has for this cadre."""
    rules = start_page.syllabus()
    track = _track(folder)
    person, source = identity.person(folder)
    root = os.environ.get(EXCHANGE, "")
    exchange = Exchange(Path(root), rules["course"]["id"], person, folder) if root else None
    standings = []
    for rule in start_page.rules(rules, track):
        if exchange is not None:
            exchange.take(rule.module)
        pages = (
            exchange.feedback(rule.module)
            if exchange
            else sorted((folder / rule.module / "feedback").glob(f"*/{rule.module}.html"))
        )
        results = [r for p in pages if (r := start_page.read_result(p.read_bytes())) is not None]
        newest = f"{rule.module}/feedback/{pages[-1].parent.name}/{pages[-1].name}" if pages else ""
        standings.append(start_page.standing(rule, folder / rule.module, results, newest))
    if exchange is not None:
        exchange.take(_FIRST)
    return {
        "person": person,
        "ask_person": source == "system",
        "track": track,
        "tracks": [{"id": name, "name": title} for name, title in TRACKS.items()],
        "begin": (folder / _FIRST / "bai-hoc.ipynb").exists(),
        "modules": [asdict(s) for s in standings],
        "remaining": start_page.remaining(standings, TRACKS[track].lower()),
    }


def shown_for(folder: Path) -> Progress:
    """Return the widget of the start page for the cadre whose folder this is."""
    return Progress(folder)
