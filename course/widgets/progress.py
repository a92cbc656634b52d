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

from course import identity, published, start_page
from course.answers import write_atomically
from course.exchange import Exchange, ExchangeProblem
from course.published import Published
from course.widgets import code, words_of
from course.words import _, into, spoken

_TRACK = ".moduong-lo-trinh.json"


class Progress(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget's types are not followed
    """The start page's one widget."""

    _FILES = ("dom.js", "progress.js")
    _esm = code(*_FILES)
    _css = code("question.css", "progress.css")
    state = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, folder: Path) -> None:
        """Show the folder of one cadre."""
        super().__init__()
        self.folder = folder
        self.course = published.read(published.exchange_root())
        self.words = words_of(self.course.language, *self._FILES)
        self.refresh()
        self.on_msg(self._hear)

    def refresh(self) -> None:
        """Work out again what the page shows."""
        self.state = state_of(self.folder, self.course)

    def _hear(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, Mapping):
            return
        text = ""
        try:
            if content.get("kind") == "track" and content.get("track") in self.course.tracks:
                write_atomically(self.folder / _TRACK, json.dumps({"track": content["track"]}).encode())
            elif content.get("kind") == "renew":
                _renew(self.folder, self.course, str(content.get("module", "")))
            elif content.get("kind") == "person":
                identity.remember(self.folder, str(content.get("person", "")).strip().upper())
        except (ValueError, ExchangeProblem) as error:
            text = error.args[0]
        except OSError:
            text = _("Chưa ghi lại được trên máy này; anh/chị thử lại sau.")
        self.refresh()
        self.send({"kind": "told", "text": into(text, self.course.language)})


def _track(folder: Path, course: Published) -> str:
    chosen = os.environ.get("MODUONG_TRACK", "")
    if chosen not in course.tracks:
        try:
            chosen = json.loads((folder / _TRACK).read_bytes())["track"]
        except (OSError, ValueError, KeyError, TypeError):
            chosen = ""
    return chosen if chosen in course.tracks else next(iter(course.tracks), "")


def _exchange(folder: Path, course: Published) -> Exchange | None:
    root = published.exchange_root()
    return Exchange(root, course.id, identity.person(folder)[0], folder) if root else None


def _renew(folder: Path, course: Published, module: str) -> None:
    """Take the newer copy of a module; what is not one of the course's modules is passed over."""
    exchange = _exchange(folder, course)
    if exchange is not None and module in course.modules:
        exchange.renew(module)


def state_of(folder: Path, course: Published) -> dict[str, Any]:
    """Return what the start page shows, as plain data; fetches what the exchange has for this cadre."""
    track = _track(folder, course)
    person, source = identity.person(folder)
    exchange = _exchange(folder, course)
    standings = []
    for rule in course.rules(track):
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
    if exchange is not None and course.begin:
        exchange.take(course.begin)
    title = course.tracks[track][0]
    state = {
        "title": course.title,
        "lead": course.lead,
        "person": person,
        "ask_person": source == "system",
        "track": track,
        "tracks": [{"id": name, "name": titled} for name, (titled, _modules) in course.tracks.items()],
        "begin": _begin(folder, course),
        "modules": [
            {**asdict(s), "newer": exchange is not None and s.state != "passed" and exchange.newer(s.module)}
            for s in standings
        ],
        "remaining": start_page.remaining(standings, title[:1].lower() + title[1:]),
    }
    found: dict[str, Any] = spoken(state, course.language)
    return found


def _begin(folder: Path, course: Published) -> dict[str, str] | None:
    """Return the practice module to begin with, once it is in the folder."""
    there = course.begin and (folder / course.begin / "bai-hoc.ipynb").exists()
    return {"module": course.begin, "title": course.modules[course.begin].title} if there else None


def shown_for(folder: Path) -> Progress:
    """Return the widget of the start page for the cadre whose folder this is."""
    return Progress(folder)
