"""Reads the texts of our own SVG pictures.

Words, size, colour, and the contrast with the shape they stand on (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

SMALLEST = 16
_FRAME = 640.0
_LARGE, _LARGE_BOLD = 24.0, 18.66
_BOLD = 600
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NAMED = {"white": "#ffffff", "black": "#000000", "none": "", "transparent": ""}
_INHERITED = ("fill", "font-size", "font-weight", "text-anchor", "opacity", "fill-opacity")
_HEX_SHORT = 4


class Unreadable(ValueError):  # a state of the file
    """The file is no well-formed XML; ``line`` says where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Text:
    """One text.

    Words, line, size scaled to a frame 640 wide, contrast (``None`` where it cannot be computed) and the contrast
    needed.
    """

    words: str
    line: int
    size: float
    contrast: float | None
    needed: float


@dataclass(frozen=True, slots=True)
class Picture:
    """What ``check`` asks of a picture; ``active`` names the first thing in it that runs or loads, or is empty."""

    title: str
    is_image: bool
    active: str
    texts: tuple[Text, ...]


@dataclass(slots=True)
class _Node:
    name: str
    attributes: Mapping[str, str]
    style: dict[str, str]
    line: int
    moved: bool
    words: str = ""


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    # WCAG's formula
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]  # noqa: PLR2004
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _colour(value: str) -> str | None:
    """Return ``#rrggbb``, "" for no paint, ``None`` for a colour that is not computed."""
    value = _NAMED.get(value.strip().lower(), value.strip().lower())
    if re.fullmatch(r"#[0-9a-f]{3}", value) and len(value) == _HEX_SHORT:
        return "#" + "".join(c * 2 for c in value[1:])
    return value if not value or re.fullmatch(r"#[0-9a-f]{6}", value) else None


def read(file: Path) -> Picture:
    """Read one picture.

    Raises:
        Unreadable: when it is no well-formed XML, or declares an entity or document type.
    """
    nodes: list[_Node] = []
    stack: list[_Node] = []
    rules: dict[str, dict[str, str]] = {}
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        node = _node(name, attributes, stack[-1] if stack else None, rules, parser.CurrentLineNumber)
        stack.append(node)
        nodes.append(node)

    def end(name: str) -> None:
        node = stack.pop()
        if name == "style":
            rules.update({s.strip(): _declarations(d) for s, d in re.findall(r"([^{}]+)\{([^}]*)\}", node.words)})
        if name == "tspan" and stack:
            stack[-1].words += node.words

    def words(data: str) -> None:
        if stack:
            stack[-1].words += data

    def refuse(*_: object) -> None:
        raise Unreadable(parser.CurrentLineNumber, "DOCTYPE")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, words
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(file.read_bytes(), True)
    except expat.ExpatError as error:
        raise Unreadable(error.lineno, expat.ErrorString(error.code)) from None
    return _picture(nodes)


def _node(
    name: str, attributes: Mapping[str, str], above: _Node | None, rules: Mapping[str, dict[str, str]], line: int
) -> _Node:
    """Return an element with its style: inherited, then from attributes, rules and its own style."""
    style = dict(above.style) if above else {}
    style |= {k: v for k, v in attributes.items() if k in _INHERITED}
    for rule in (name, *("." + c for c in attributes.get("class", "").split())):
        style |= rules.get(rule, {})
    style |= _declarations(attributes.get("style", ""))
    moved = "transform" in attributes or name in {"defs", "marker", "pattern"} or (above is not None and above.moved)
    return _Node(name, attributes, style, line, moved)


def _declarations(text: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in text.split(";") if ":" in part)
    return {k.strip(): v.strip() for k, v in pairs if k.strip() in _INHERITED}


def _picture(nodes: list[_Node]) -> Picture:
    root = nodes[0]
    box = [float(n) for n in _NUMBER.findall(root.attributes.get("viewBox", ""))]
    # A viewBox
    width = box[2] if len(box) == 4 and box[2] > 0 else _length(root.attributes, "width", _FRAME)  # noqa: PLR2004
    title = next((n.words.strip() for n in nodes if n.name == "title"), "")
    active = next(_active(nodes), "")
    texts = tuple(
        _text(nodes, index, width) for index, node in enumerate(nodes) if node.name == "text" and node.words.strip()
    )
    return Picture(title, root.attributes.get("role") == "img", active, texts)


def _active(nodes: list[_Node]) -> Iterator[str]:
    for node in nodes:
        if node.name in {"script", "foreignObject", "image", "iframe"}:
            yield f"<{node.name}>"
        for name, value in node.attributes.items():
            if (
                name.lower().startswith("on")
                or (name.endswith("href") and not value.startswith("#"))
                or "url(http" in value.replace(" ", "")
            ):
                yield name


def _length(attributes: Mapping[str, str], name: str, default: float = 0.0) -> float:
    match = _NUMBER.match(attributes.get(name, "").strip())
    return float(match.group()) if match else default


def _text(nodes: list[_Node], index: int, width: float) -> Text:
    node = nodes[index]
    size = _length(node.style, "font-size", 16.0)
    weight = node.style.get("font-weight", "")
    bold = weight in {"bold", "bolder"} or (weight.isdigit() and int(weight) >= _BOLD)
    shown = size * _FRAME / width
    needed = 3.0 if shown >= _LARGE or (bold and shown >= _LARGE_BOLD) else 4.5
    return Text(" ".join(node.words.split()), node.line, shown, _contrast(nodes, index, size), needed)


def _contrast(nodes: list[_Node], index: int, size: float) -> float | None:
    """Return the contrast of a text with the topmost filled shape drawn before it at its middle."""
    node = nodes[index]
    ink = _colour(node.style.get("fill", "#000000"))
    if not ink or node.moved or "opacity" in node.style or "fill-opacity" in node.style:
        return None
    middle = _middle(node, size)
    ground: str | None = "#ffffff"  # the page
    for shape in nodes[:index]:
        if not shape.moved and _covers(shape, *middle):
            painted = _colour(shape.style.get("fill", "#000000"))
            if painted is None or "opacity" in shape.style or "fill-opacity" in shape.style:
                ground = None
            elif painted:
                ground = painted
    return None if ground is None else contrast(ink, ground)


def _middle(node: _Node, size: float) -> tuple[float, float]:
    """Return a point inside the text: half a letter from its anchor, half its height above the base line."""
    anchor = node.style.get("text-anchor", "start")
    shift = {"start": size / 2, "end": -size / 2}.get(anchor, 0.0)
    return _length(node.attributes, "x") + shift, _length(node.attributes, "y") - size / 3


def _covers(shape: _Node, x: float, y: float) -> bool:
    a = shape.attributes
    if shape.name == "rect":
        left, top = _length(a, "x"), _length(a, "y")
        return left <= x <= left + _length(a, "width") and top <= y <= top + _length(a, "height")
    if shape.name in {"circle", "ellipse"}:
        across, down = (
            (_length(a, "r"), _length(a, "r")) if shape.name == "circle" else (_length(a, "rx"), _length(a, "ry"))
        )
        return (
            bool(across and down) and ((x - _length(a, "cx")) / across) ** 2 + ((y - _length(a, "cy")) / down) ** 2 <= 1
        )
    if shape.name == "polygon":
        numbers = [float(n) for n in _NUMBER.findall(a.get("points", ""))]
        return _inside(list(zip(numbers[::2], numbers[1::2], strict=False)), x, y)
    return False


def _inside(corners: list[tuple[float, float]], x: float, y: float) -> bool:
    """Say whether a point lies in a polygon (ray casting)."""
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
