"""The parts of a QTI 1.2 item: what is asked, the responses with their labels, conditions, feedback, metadata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.formats.foreign.xml import Node

_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_BODY = frozenset({"presentation", "flow", "flow_label", "flow_mat"})


@dataclass(frozen=True, slots=True)
class Response:
    """One response: its element, its ident, the texts before and after its box, its labels ident → element."""

    node: Node
    ident: str
    before: tuple[Node, ...]
    after: tuple[Node, ...]
    labels: Mapping[str, Node]

    @property
    def several(self) -> bool:
        """Say whether more than one label may be chosen."""
        return self.node.get("rcardinality", "Single").lower() == "multiple"

    @property
    def ordered(self) -> bool:
        """Say whether the labels are put in order."""
        return self.node.get("rcardinality").lower() == "ordered"


@dataclass(frozen=True, slots=True)
class Item12:
    """One item taken apart.

    Attributes:
        parts: what is presented, in order: materials, and the responses.
        stem: the materials among them.
        metadata: label in small letters → entry.
    """

    node: Node
    parts: tuple[Node | Response, ...]
    responses: tuple[Response, ...]
    conditions: tuple[Node, ...]
    feedback: Mapping[str, Node]
    metadata: Mapping[str, str]
    tags: tuple[str, ...]

    @property
    def stem(self) -> tuple[Node, ...]:
        """Return the materials that stand outside of responses."""
        return tuple(part for part in self.parts if isinstance(part, Node))


def item_of(node: Node) -> Item12:
    """Take an ``item`` element apart."""
    presentation = node.first("presentation")
    shown = _parts(presentation) if presentation else ()
    parts = tuple(_response(part) if part.name in _RESPONSES else part for part in shown)
    fields = [(f.first("fieldlabel"), f.first("fieldentry")) for f in node.all("qtimetadatafield")]
    metadata: dict[str, str] = {}
    for label, entry in fields:
        if label and entry:
            metadata.setdefault(" ".join(label.text().split()).lower(), " ".join(entry.text().split()))
    metadata |= {
        child.name: child.text().strip()
        for meta in node.elements("itemmetadata")
        for child in meta.elements()
        if child.name.startswith("qmd_")
    }
    tags = tuple(tag for tag in metadata.get("tags", "").split(";") if tag)
    return Item12(
        node,
        parts,
        tuple(part for part in parts if isinstance(part, Response)),
        tuple(c for processing in node.elements("resprocessing") for c in processing.elements("respcondition")),
        {f.get("ident"): f for f in node.elements("itemfeedback")},
        metadata,
        tags,
    )


def _response(node: Node) -> Response:
    inner = list(node.elements())
    box = next((n for n, child in enumerate(inner) if child.name.startswith("render_")), len(inner))
    before = tuple(child for child in inner[:box] if child.name.startswith("material"))
    after = tuple(child for child in inner[box:] if child.name.startswith("material"))
    return Response(node, node.get("ident"), before, after, {la.get("ident"): la for la in node.all("response_label")})


def _parts(node: Node) -> Iterator[Node]:
    for child in node.elements():
        if child.name in _BODY:
            yield from _parts(child)
        elif child.name in _RESPONSES or child.name in {"material", "material_ref"}:
            yield child
