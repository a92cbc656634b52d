"""XML of a foreign file as a frozen tree that knows its lines; entities, external references and bombs are refused.

Nearly valid files are rescued as far as that is honest: HTML's named entities, which XML does not know, are written
out; what stands before the first tag is cut off. Anything else that is not well-formed is for the caller to part.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from xml.etree.ElementTree import ParseError

MOST_BYTES = 64 * 1024 * 1024
MOST_NODES = 2_000_000
DEEPEST = 120
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))", re.DOTALL)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[|>)", re.IGNORECASE)
_LOOSE_AMPERSAND = re.compile(r"&(?!#\d+;|#x[0-9A-Fa-f]+;|(?:amp|lt|gt|quot|apos);)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Refused(ValueError):  # a state of the file
    """The file is hostile, or beyond what is read: nothing of it is used."""


class Broken(ValueError):
    """The text is not well-formed; ``line`` (from 1) says where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its name without prefix, attributes (names without prefix), children in order, its line."""

    name: str
    attributes: Mapping[str, str]
    children: tuple[Node | str, ...]
    line: int

    def elements(self, *names: str) -> Iterator[Node]:
        """Yield the child elements, or those with one of these names."""
        return (c for c in self.children if isinstance(c, Node) and (not names or c.name in names))

    def first(self, *path: str) -> Node | None:
        """Return the first element down this path of names."""
        node: Node | None = self
        for name in path:
            node = next(node.elements(name), None) if node else None
        return node

    def all(self, *names: str) -> Iterator[Node]:
        """Yield the descendants with one of these names (all without), in order of the file."""
        for child in self.elements():
            if not names or child.name in names:
                yield child
            yield from child.all(*names)

    def text(self) -> str:
        """Return all text inside."""
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, default)


class _Target:
    """Builds ``Node`` values from the parser's events; counts as it goes."""

    def __init__(self, first_line: int) -> None:
        self.open: list[tuple[str, Mapping[str, str], list[Node | str], int]] = []
        self.root: Node | None = None
        self.count = 0
        self.first_line = first_line
        self.parser: Any = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST_NODES:
            raise Refused(f"> {DEEPEST} levels" if len(self.open) >= DEEPEST else f"> {MOST_NODES} elements")
        line = self.parser.parser.CurrentLineNumber + self.first_line - 1
        self.open.append((_local(tag), {_local(k): v for k, v in attributes.items()}, [], line))

    def data(self, data: str) -> None:
        if self.open:
            self.open[-1][2].append(data)

    def end(self, tag: str) -> None:
        del tag
        name, attributes, children, line = self.open.pop()
        node = Node(name, attributes, tuple(children), line)
        if self.open:
            self.open[-1][2].append(node)
        else:
            self.root = node

    def close(self) -> Node:
        if self.root is None:
            raise Broken(1, "no element")
        return self.root


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def parse(text: str, first_line: int = 1) -> Node:
    """Return the tree of well-formed XML without entities of its own.

    Args:
        text: the document; its encoding declaration is not obeyed, the text is decoded already.
        first_line: of the text within its file.

    Raises:
        Refused: entity declarations, external references, too deep or too many elements, too large.
        Broken: not well-formed.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    if len(text) > MOST_BYTES:
        raise Refused(f"> {MOST_BYTES // 1024 // 1024} MB")
    target = _Target(first_line)
    parser = DefusedXMLParser(target=target, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    target.parser = parser
    try:
        parser.feed(_DECLARATION.sub("", text, count=1))
        root = parser.close()
    except DefusedXmlException as error:
        raise Refused(type(error).__name__) from None
    except ParseError as error:
        raise Broken(error.position[0] + first_line - 1, str(error).partition(":")[0]) from None
    assert isinstance(root, Node)  # the target's
    return root


def mended(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text with what is commonly wrong put right, and (code, about) for the loss report.

    HTML entities and loose ampersands are written out (outside CDATA), signs that XML forbids are dropped, and what
    stands before the first tag is cut off, its lines kept.
    """
    notes: list[tuple[str, str]] = []
    begin = text.find("<")
    if text[:begin].strip("\ufeff \t\n"):
        notes.append(("repaired", text[:begin].strip()[:40]))
    if begin > 0:
        text = "\n" * text[:begin].count("\n") + text[begin:]
    if _NOT_XML.search(text):
        text = _NOT_XML.sub("", text)
        notes.append(("control", "U+0000–U+001F"))
    if not _ENTITY.search(text) and not _LOOSE_AMPERSAND.search(text):
        return text, notes
    found: dict[str, None] = {}
    parts = _CDATA.split(text)
    write = partial(_written_out, found=found)
    for n in range(0, len(parts), 2):
        parts[n], loose = _LOOSE_AMPERSAND.subn("&amp;", _ENTITY.sub(write, parts[n]))
        found |= {"&": None} if loose else {}
    return "".join(parts), [*notes, ("entity", " ".join(found))] if found else notes


def _written_out(match: re.Match[str], found: dict[str, None]) -> str:
    character = html.entities.html5.get(match[1] + ";")
    if match[1] in _XML_OWN or character is None:
        return match[0]
    found[match[0]] = None
    return "".join(f"&#{ord(c)};" for c in character)


def doctype_declares(text: str) -> bool:
    """Say whether the document type has declarations of its own: entities, which are never expanded."""
    found = _DOCTYPE.search(text[:10_000])
    return bool(found and found[1] == "[")
