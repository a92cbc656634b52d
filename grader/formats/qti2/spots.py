"""Places on a picture in QTI 2.x and 3.0: shapes in pixels become rectangles in per cent."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from grader.formats.foreign import pictures
from grader.formats.foreign.texts import Texts
from grader.formats.foreign.xml import Node
from grader.formats.qti2.item import Item2
from grader.formats.qti2.weights import key_of, told, weights
from grader.formats.question import Body, Unreadable, decimal
from grader.itemtypes.shared.neutral import Spot, Spots

_TENTH = Decimal("0.1")
_CORNERS, _CIRCLE = 4, 3
Box = tuple[Decimal, Decimal, Decimal, Decimal]
"""Left, top, right, bottom in pixels."""


def read(item: Item2, interaction: Node, asked: str, texts: Texts, used: set[str]) -> tuple[str, Body]:
    """Return stem and body of a ``hotspotInteraction``.

    Raises:
        Unreadable: no picture, no size, or a shape without corners.
    """
    shown = interaction.first("object") or interaction.first("img")
    if shown is None:
        raise Unreadable("object")
    address = shown.get("data") or shown.get("src")
    alt = " ".join((shown.get("alt") or shown.text()).split())
    texts.block(f'<img src="{escape(address)}" alt="{escape(alt)}">')
    picture = next((p for p in texts.pictures), None)
    size = _size(shown, picture.data if picture else b"")
    several = key_of(item, interaction).cardinality == "multiple"
    worth = weights(item, interaction, texts, several=several)
    places = []
    for number, choice in enumerate(interaction.elements("hotspotChoice"), 1):
        box = _box(choice.get("shape"), [decimal(c) for c in choice.get("coords").split(",") if c.strip()], size)
        if choice.get("shape") not in {"rect", "default"}:
            texts.lose("shape", f"{choice.get('identifier')}: {choice.get('shape')}")
        name = texts.words(choice.get("hotspotLabel")) or f"{number}"
        said = told(item, choice, texts, used)
        places.append(Spot(name, _per_cent(box, size), worth.get(choice.get("identifier"), Decimal(0)), said))
    if not places:
        raise Unreadable("hotspotChoice")
    return texts.block(asked), Spots(picture.name if picture else address.rpartition("/")[2], alt, tuple(places))


def _size(shown: Node, data: bytes) -> tuple[Decimal, Decimal]:
    width, height = shown.get("width"), shown.get("height")
    if width.isdigit() and height.isdigit():
        return Decimal(width), Decimal(height)
    known = pictures.size(data)
    if known is None:
        raise Unreadable("width, height")
    return Decimal(known[0]), Decimal(known[1])


def _box(shape: str, numbers: list[Decimal], size: tuple[Decimal, Decimal]) -> Box:
    """Return the rectangle around a shape."""
    if shape == "default":
        return Decimal(0), Decimal(0), size[0], size[1]
    if shape == "rect" and len(numbers) == _CORNERS:
        return numbers[0], numbers[1], numbers[2], numbers[3]
    if shape == "circle" and len(numbers) == _CIRCLE:
        x, y, r = numbers
        return x - r, y - r, x + r, y + r
    if shape == "ellipse" and len(numbers) == _CORNERS:
        x, y, across, down = numbers
        return x - across, y - down, x + across, y + down
    if shape == "poly" and len(numbers) > _CORNERS:
        return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])
    raise Unreadable(f"{shape} {numbers}")


def _per_cent(box: Box, size: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    left, top, right, bottom = box
    edges = (100 * left / size[0], 100 * top / size[1], 100 * (right - left) / size[0], 100 * (bottom - top) / size[1])
    x, y, width, height = (max(edge, Decimal(0)).quantize(_TENTH) for edge in edges)
    return x, y, min(width, 100 - x), min(height, 100 - y)
