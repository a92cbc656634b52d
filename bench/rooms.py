"""Draws the rooms of ``grader`` from its imports: ``python -m bench.rooms`` writes ``docs/images/rooms.svg``.

Each line holds rooms that may not know each other; an arrow says "uses". An arrow that follows from two others is left
out, so that the picture can be read; the lines themselves are those of the contract in ``pyproject.toml``.
"""

from __future__ import annotations

import html
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "rooms.svg"
WIDE, HIGH, GAP, STEP, EDGE = 150, 40, 24, 84, 16
_STYLE = (
    "rect{fill:#eef4fb;stroke:#1f4e79}text{font:15px sans-serif;text-anchor:middle;fill:#12304d}"
    "path{fill:none;stroke:#7a8ca0;stroke-width:1.2;marker-end:url(#tip)}"
)


def lines() -> list[list[str]]:
    """Return the rooms line by line from the top, as the contract has them.

    Rooms that are not built yet are left out.
    """
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (contract,) = (c for c in tool["importlinter"]["contracts"] if c.get("containers") == ["grader"])
    rows = [[name.strip(" ()") for name in row.split("|")] for row in contract["layers"]]
    there = [[name for name in row if any((ROOT / "grader").glob(f"{name}*"))] for row in rows]
    return [row for row in there if row]


def arrows() -> set[tuple[str, str]]:
    """Return (room, room that it uses), each once."""
    graph, found = grimp.build_graph("grader", cache_dir=None), set()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            one, other = importer.split(".")[1:2], imported.split(".")[1:2]
            if one and other and one not in (other, ["__main__"]):
                found.add((one[0], other[0]))
    return found


def circles(found: set[tuple[str, str]]) -> list[str]:
    """Return the rooms that can be reached from themselves."""
    return sorted(room for room, _ in found if room in _below(found, room))


def _below(found: set[tuple[str, str]], room: str) -> set[str]:
    reached: set[str] = set()
    new = {other for one, other in found if one == room}
    while new:
        reached |= new
        new = {other for one, other in found if one in new} - reached
    return reached


def needed(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the arrows that do not follow from others."""
    return {
        (one, other)
        for one, other in found
        if not any(other in _below(found, middle) for first, middle in found if first == one and middle != other)
    }


def draw() -> str:
    """Return the picture as SVG; the same imports give the same bytes."""
    rows, found = lines(), arrows()
    wide = max(len(row) for row in rows) * (WIDE + GAP) + 2 * EDGE - GAP
    places: dict[str, tuple[float, float]] = {}
    for number, row in enumerate(rows):
        left = (wide - len(row) * (WIDE + GAP) + GAP) / 2
        for place, room in enumerate(row):
            places[room] = (left + place * (WIDE + GAP), EDGE + number * STEP)
    size = f'viewBox="0 0 {wide} {EDGE * 2 + (len(rows) - 1) * STEP + HIGH}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="The rooms of grader, line by line">',
        f"<style>{_STYLE}</style>",
        (
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0L8 4L0 8z" style="fill:#7a8ca0;stroke:none;marker-end:none"/></marker></defs>'
        ),
        *(_arrow(places[one], places[other]) for one, other in sorted(needed(found))),
        *(_box(room, *places[room]) for room in sorted(places)),
    ]
    return "\n".join(parts) + "\n</svg>\n"


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    x1, y1, x2 = x1 + WIDE / 2, y1 + HIGH, x2 + WIDE / 2
    return f'<path d="M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + 30:.0f} {x2:.0f} {y2 - 30:.0f} {x2:.0f} {y2:.0f}"/>'


def _box(room: str, x: float, y: float) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDE}" height="{HIGH}" rx="6"/>'
        f'<text x="{x + WIDE / 2:.0f}" y="{y + 25:.0f}">{html.escape(room)}</text>'
    )


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
