"""What a lab shows: texts and controls, in order. A part keeps its id from step to step, so that focus stays."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Say:
    """A text as HTML, without inline style; what somebody typed is escaped in it. ``live``: read aloud on a change."""

    id: str
    html: str
    live: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number from ``least`` to ``most`` in steps; ``label`` is HTML, as in every control."""

    id: str
    label: str
    value: int
    least: int
    most: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One of ``options`` (value, text); ``row``: all of them are seen side by side."""

    id: str
    label: str
    value: Value
    options: tuple[tuple[Value, str], ...]
    row: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """Yes or no."""

    id: str
    label: str
    value: bool


@dataclass(frozen=True, slots=True)
class Area:
    """A text of several lines; ``live``: told while somebody types, after a short pause."""

    id: str
    label: str
    value: str
    longest: int
    rows: int = 4
    live: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """Something to do; its control has no value."""

    id: str
    label: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons side by side."""

    id: str
    buttons: tuple[Button, ...]


Part = Say | Range | Choice | Tick | Area | Buttons
Parts = tuple[Part, ...]


def data(parts: Parts) -> list[dict[str, Any]]:
    """Return the parts as JSON has them, each with its ``kind``."""
    return [{"kind": type(part).__name__.lower(), **asdict(part)} for part in parts]


def enabled(parts: Parts) -> frozenset[str]:
    """Return the ids of the controls that can be used."""
    buttons = {b.id for part in parts if isinstance(part, Buttons) for b in part.buttons if not b.disabled}
    return frozenset(buttons | {part.id for part in parts if not isinstance(part, Say | Buttons)})


def again(*first: Button) -> Buttons:
    """Return a row of buttons that ends with "Thử lại"."""
    return Buttons("buttons", (*first, Button("again", "Thử lại")))
