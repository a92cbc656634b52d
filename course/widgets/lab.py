"""A lab in a notebook: the kernel takes it from state to state, the browser draws its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from course.labs.shared import play
from course.labs.shared.state import NotAllowed
from course.widgets import code, words_of


class LabView(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget's types are not followed
    """One lab, with its version on paper below."""

    _FILES = ("dom.js", "lab.js")
    _esm = code(*_FILES)
    _css = code("question.css", "lab.css")
    shown = traitlets.Dict().tag(sync=True)
    paper = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, name: str, paper: str, language: str) -> None:
        """Begin the lab ``name``; ``paper`` is HTML. Raises ``NotAllowed`` where there is no such lab."""
        super().__init__()
        self.name, self.paper, self.words = name, paper, words_of(language, *self._FILES)
        self._take(play.begin(name), 0)
        self.on_msg(self._hear)

    def _take(self, step: Mapping[str, Any], number: int) -> None:
        self.state = step["state"]
        self.shown = {"title": step["title"], "parts": step["parts"], "n": number}

    def _hear(self, _widget: object, content: object, _buffers: object) -> None:
        """Take one step; ``n`` tells the page which of its steps are answered."""
        if not isinstance(content, Mapping) or not isinstance(content.get("n"), int):
            return
        try:
            after = play.step(self.name, self.state, content.get("control"), content.get("value"))
        except NotAllowed:  # nothing that our own page sends
            after = play.step(self.name, self.state, "", None)
        self._take(after, content["n"])
