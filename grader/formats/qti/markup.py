"""Texts inside QTI as HTML: ``material`` of 1.2, flow content of 2.x and 3.0."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape

from grader.formats.foreign.html import KNOWN
from grader.formats.foreign.xml import Node

_TAGS = re.compile(
    r"</?(?:p|br|div|b|i|u|em|strong|span|img|a|table|tr|td|ul|ol|li|sub|sup|"
    r"pre|code|h[1-6]|font|hr|blockquote)\b[^<>]*>",
    re.IGNORECASE,
)
_SHOWN = {
    "matbreak": "<br>",
    "mataudio": "audio",
    "matvideo": "video",
    "matapplet": "applet",
    "matapplication": "object",
}
_PARTS = ("mattext", "matemtext", "matimage", *_SHOWN)


def of_material(*nodes: Node | None) -> str:
    """Return the texts and pictures of ``material`` elements (anywhere inside ``nodes``), in order, as HTML."""
    found = []
    for node in nodes:
        for part in (node, *node.all()) if node else ():
            if part.name == "mattext":
                found.append(_text(part))
            elif part.name == "matemtext":
                found.append(f"<em>{_text(part)}</em>")
            elif part.name == "matimage":
                found.append(_image(part))
            elif part.name in _SHOWN:
                name = _SHOWN[part.name]
                found.append(name if name.startswith("<") else f'<{name} src="{escape(part.get("uri"))}"></{name}>')
            elif part.name in {"flow", "flow_mat"} and found:
                found.append("<br>")
    return "".join(found)


def _text(node: Node) -> str:
    if any(node.elements()):
        return of_flow(node)
    text = node.text()
    if "html" in node.get("texttype") or _TAGS.search(text):
        return text
    return "<br>".join(escape(row.strip(), quote=False) for row in text.strip().split("\n"))


def _image(node: Node) -> str:
    address = node.get("uri")
    if node.text().strip() and "base64" in node.get("embedded"):
        address = f"data:{node.get('imagtype') or 'image/png'};base64,{''.join(node.text().split())}"
    return f'<img src="{escape(address)}" alt="{escape(node.get("label"))}">'


def of_flow(node: Node, skipped: Collection[str] = (), marks: dict[int, str] | None = None) -> str:
    """Return what stands inside an element as HTML.

    Args:
        node: whose children are written.
        skipped: names of elements that are left out.
        marks: id of an element → what is written in its place (a mark of a gap).
    """
    return "".join(_child(child, skipped, marks or {}) for child in node.children)


def _child(child: Node | str, skipped: Collection[str], marks: dict[int, str]) -> str:
    if isinstance(child, str):
        return escape(child, quote=False)
    if id(child) in marks:
        return marks[id(child)]
    if child.name in skipped:
        return ""
    inner = of_flow(child, skipped, marks)
    if child.name not in KNOWN:
        return inner  # an element of QTI around HTML
    attributes = "".join(f' {k}="{escape(v)}"' for k, v in child.attributes.items())
    if child.name == "object" and child.get("type", "image/").startswith("image/"):
        return f'<img src="{escape(child.get("data"))}" alt="{escape(" ".join(child.text().split()))}">'
    return (
        f"<{child.name}{attributes}>{inner}</{child.name}>"
        if child.children or child.name not in _VOID
        else f"<{child.name}{attributes}>"
    )


_VOID = frozenset({"br", "hr", "img", "input", "col"})
