"""Charts as inline SVG: pure functions from numbers to text, without scripts, styles or requests.

Colours come from CSS classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise


def bullet(share: float, goal: float, label: str, *, met: bool) -> str:
    """Return one bar against a goal line; as wide as its place, 22 pixels high.

    Args:
        share: 0 to 1, the bar.
        goal: 0 to 1, the upright line.
        label: what the bar says, for those who cannot see it.
        met: chooses the class; the text beside the bar must say it too.
    """
    x = f"{100 * goal:.4g}%"
    return (
        f'<svg class="bullet" width="100%" height="22" role="img" aria-label="{escape(label)}">'
        '<rect class="track" y="4" width="100%" height="14" rx="2"/>'
        f'<rect class="{"bar-met" if met else "bar-short"}" y="4" width="{100 * share:.4g}%" height="14" rx="2"/>'
        f'<line class="goal" x1="{x}" x2="{x}" y1="0" y2="22"/></svg>'
    )


def share(value: float, label: str, kind: str) -> str:
    """Return a plain bar for a share of 0 to 1; ``kind`` is the CSS class after ``state-``."""
    return (
        f'<svg class="bullet" width="100%" height="16" role="img" aria-label="{escape(label)}">'
        '<rect class="track" y="1" width="100%" height="14" rx="2"/>'
        f'<rect class="state-{escape(kind)}" y="1" width="{100 * value:.4g}%" height="14" rx="2"/></svg>'
    )


@dataclass(frozen=True)
class Point:
    """One point of the trend: a day and a share of 0 to 1, with the band around it where it is a forecast."""

    day: date
    middle: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Trend:
    """What the trend shows; texts come ready in the reader's language.

    Attributes:
        observed: in order of time.
        forecast: in order of time; empty without a forecast. Joined to the last observed point.
        goal: share of 0 to 1.
        by: the day by which the goal is to be met.
        goal_text, last_text, end_text: written at the goal line, the last observed and the last forecast point.
        label: for those who cannot see it.
        per_cent: written after the numbers of the axis.
    """

    observed: Sequence[Point]
    forecast: Sequence[Point]
    goal: float
    by: date
    goal_text: str
    last_text: str
    end_text: str
    label: str
    per_cent: str = "\N{NO-BREAK SPACE}%"


@dataclass(frozen=True)
class _Frame:
    first: date
    last: date
    width: int
    height: int
    left: int = 44
    right: int = 16
    top: int = 18
    bottom: int = 30

    def x(self, day: date) -> float:
        days = (self.last - self.first).days or 1
        return self.left + (self.width - self.left - self.right) * (day - self.first).days / days

    def y(self, value: float) -> float:
        return self.top + (self.height - self.top - self.bottom) * (1 - value)

    def side(self, day: date) -> str:
        """Return the anchor that keeps a text at ``day`` inside the picture."""
        return "start" if self.x(day) < self.width / 2 else "end"

    def beside(self, value: float) -> float:
        """Return where to write about a point: below it, where no forecast rises; above it when there is no room."""
        below = self.y(value) + 20
        return below if below < self.height - self.bottom - 4 else self.y(value) - 10

    def at(self, day: date, value: float) -> str:
        return f"{self.x(day):.1f},{self.y(value):.1f}"


def trend(shown: Trend, width: int, height: int) -> str:
    """Return the trend as an SVG of a fixed shape that shrinks with its place; letters are 12 px at full size."""
    days = [p.day for p in (*shown.observed, *shown.forecast)] + [shown.by]
    frame = _Frame(min(days), max(days), width, height)
    last = shown.observed[-1]
    forecast = (Point(last.day, last.middle, last.middle, last.middle), *shown.forecast) if shown.forecast else ()
    parts = [
        f'<svg class="trend" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(shown.label)}">',
        *_grid(frame, shown.per_cent),
        *_years(frame),
        _band(frame, forecast),
        _line(frame, "line-forecast", forecast),
        (
            f'<line class="goal" x1="{frame.left}" x2="{width - frame.right}" y1="{frame.y(shown.goal):.1f}" '
            f'y2="{frame.y(shown.goal):.1f}"/>'
        ),
        _text(frame.left + 6, frame.y(shown.goal) - 6, shown.goal_text, "strong"),
        _line(frame, "line-observed", shown.observed),
        *(
            f'<circle class="dot" cx="{frame.x(p.day):.1f}" cy="{frame.y(p.middle):.1f}" r="3"/>'
            for p in shown.observed
        ),
        _text(frame.x(last.day), frame.beside(last.middle), shown.last_text, "strong", frame.side(last.day)),
    ]
    if shown.forecast:
        end = shown.forecast[-1]
        parts.append(
            _text(
                frame.x(end.day) - 4,
                min(frame.y(end.middle) + 18, height - frame.bottom - 4),
                shown.end_text,
                "strong",
                "end",
            )
        )
    return "".join([*parts, "</svg>"])


def _grid(frame: _Frame, per_cent: str) -> list[str]:
    lines = []
    for fifth in range(6):
        y = frame.y(fifth / 5)
        lines.append(
            f'<line class="grid" x1="{frame.left}" x2="{frame.width - frame.right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        lines.append(_text(frame.left - 6, y + 4, f"{20 * fifth}{per_cent}", "", "end"))
    return lines


def _years(frame: _Frame) -> list[str]:
    """Mark each turn of the year, and name the years between where there is room."""
    lines = []
    turns = [frame.first, *(date(y, 1, 1) for y in range(frame.first.year + 1, frame.last.year + 1)), frame.last]
    for start, end in pairwise(turns):
        x, next_x = frame.x(start), frame.x(end)
        if start != frame.first:
            lines.append(
                f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{frame.top}" y2="{frame.height - frame.bottom}"/>'
            )
        if next_x - x > 34:  # noqa: PLR2004  # pixels that four digits need
            lines.append(_text((x + next_x) / 2, frame.height - frame.bottom + 18, str(start.year), "", "middle"))
    return lines


def _line(frame: _Frame, kind: str, points: Sequence[Point]) -> str:
    return (
        f'<polyline class="{kind}" points="{" ".join(frame.at(p.day, p.middle) for p in points)}"/>' if points else ""
    )


def _band(frame: _Frame, points: Sequence[Point]) -> str:
    if not points:
        return ""
    upper = [frame.at(p.day, p.middle if p.high is None else p.high) for p in points]
    lower = [frame.at(p.day, p.middle if p.low is None else p.low) for p in reversed(points)]
    return f'<polygon class="band" points="{" ".join(upper + lower)}"/>'


def _text(x: float, y: float, text: str, kind: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'
