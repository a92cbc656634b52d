"""Taking a lab by its name one step further; the same for a kernel and for the cadres' web server."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from course.labs.shared import parts, state
from course.labs.shared.state import NotAllowed

_FOLDER = Path(__file__).parents[1]


class Lab(Protocol):
    """What every lab's module has."""

    TITLE: str

    def text(self) -> str:
        """Return the lab as Markdown, to be done on paper."""

    def start(self) -> Any:
        """Return the state in which it begins."""

    def show(self, state: Any) -> parts.Parts:
        """Return the texts and controls of a state."""

    def act(self, state: Any, control: str, value: object) -> Any:
        """Return the state after a control was used; raises ``NotAllowed`` for a value that it cannot have."""


@cache
def names() -> tuple[str, ...]:
    """Return the labs that there are: the files of ``course/labs``. Nothing else is ever imported by name."""
    return tuple(sorted(path.stem.replace("_", "-") for path in _FOLDER.glob("[a-z]*.py")))


def named(name: str) -> Lab:
    """Return a lab.

    Raises:
        NotAllowed: there is none of that name.
    """
    if name not in names():
        raise NotAllowed(name[:40])
    lab: Any = importlib.import_module(f"course.labs.{name.replace('-', '_')}")
    found: Lab = lab
    return found


def begin(name: str) -> dict[str, Any]:
    """Return ``{title, state, parts}`` of a lab at its beginning, as JSON has it. Raises as :func:`named`."""
    lab = named(name)
    return _drawn(lab, lab.start())


def step(name: str, before: object, control: object, value: object) -> dict[str, Any]:
    """Return ``{title, state, parts}`` after a control was used; one that is off by now (a second click) does nothing.

    Raises:
        NotAllowed: no such lab, no state of it, or a value that the control cannot have.
    """
    lab = named(name)
    now = state.read(type(lab.start()), before)
    shown = lab.show(now)
    if not isinstance(control, str) or control not in parts.enabled(shown):
        return _drawn(lab, now)
    return _drawn(lab, lab.act(now, control, value))


def _drawn(lab: Lab, now: Any) -> dict[str, Any]:
    return {"title": lab.TITLE, "state": state.written(now), "parts": parts.data(lab.show(now))}
