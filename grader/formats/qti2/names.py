"""QTI 3.0 names things ``qti-choice-interaction`` and ``response-identifier``; read as 2.x names them, both are one."""

from __future__ import annotations

import re

from grader.formats.foreign.xml import Node

_DASH = re.compile(r"-([a-z0-9])")


def as_2(node: Node) -> Node:
    """Return the tree with the names of QTI 2.x."""
    name = _camel(node.name.removeprefix("qti-")) if node.name.startswith("qti-") else node.name
    own = name != node.name
    attributes = {_camel(k) if own else k: v for k, v in node.attributes.items()}
    children = tuple(c if isinstance(c, str) else as_2(c) for c in node.children)
    return Node(name, attributes, children, node.line)


def _camel(name: str) -> str:
    return _DASH.sub(lambda m: m[1].upper(), name)


def as_3(name: str) -> str:
    """Return the QTI 3.0 name of an element of 2.x."""
    return "qti-" + dashed(name)


def dashed(name: str) -> str:
    """Return the QTI 3.0 name of an attribute of 2.x."""
    return re.sub(r"[A-Z]", lambda m: "-" + m[0].lower(), name)
