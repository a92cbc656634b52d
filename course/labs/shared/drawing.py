"""Pictures of labs: SVG without inline style, drawn for a telephone's width, each with its numbers in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from html import escape

BLUE, BROWN, GREY = "#0b5394", "#8a3b00", "#444444"
WIDTH = 340
_ROW, _LONG = 48, 332


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what is written above it, its share of the whole (1 is full), its goal if it has one, its colour."""

    said: str
    share: Fraction
    goal: Fraction | None = None
    colour: str = BLUE


def picture(label: str, body: str, height: int, width: int = WIDTH) -> str:
    """Return an SVG picture with its text alternative; letters are 16 units high, as a telephone shows them."""
    return (
        f'<svg class="md-picture" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}" '
        f'font-family="Noto Sans, sans-serif" font-size="16"><rect width="{width}" height="{height}" fill="#ffffff"/>'
        f"{body}</svg>"
    )


def bars(label: str, rows: Iterable[Bar]) -> str:
    """Return bars one below the other; a goal is a dashed line."""
    drawn = [_bar(row, _ROW * n) for n, row in enumerate(rows)]
    return picture(label, "".join(drawn), _ROW * len(drawn))


def _bar(row: Bar, top: int) -> str:
    width = min(row.share, Fraction(1)) * _LONG // 1
    parts = [
        f'<text x="4" y="{top + 18}">{escape(row.said)}</text>',
        f'<rect x="4" y="{top + 25}" width="{_LONG}" height="16" fill="#ffffff" stroke="{GREY}"/>',
        f'<rect x="4" y="{top + 25}" width="{width}" height="16" fill="{row.colour}"/>',
    ]
    if row.goal is not None:
        mark = f'<path d="M{4 + row.goal * _LONG // 1} {top + 21}v24"'
        parts.append(f'{mark} stroke="#ffffff" stroke-width="6"/>')
        parts.append(f'{mark} stroke="#000000" stroke-width="3" stroke-dasharray="4 2"/>')
    return "".join(parts)


def percent(share: Fraction) -> str:
    """Return ``share`` in percent, rounded down to 0.1, with a decimal comma: 0.728 → ``72,8``."""
    tenths = share * 1000 // 1
    return f"{tenths // 10},{tenths % 10}"
