"""A released notebook as the pieces of a page: text as HTML, and the places of questions and labs.

Nothing in a notebook is executed: of code cells only our own three calls are known, everything else is shown as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from markdown_it import MarkdownIt

from course import markup
from course.labs.shared import play

Kind = Literal["prose", "ask", "practice", "lab", "code"]
_CALL = re.compile(r'(ask|practice|lab)\("([A-Za-z0-9-]{1,40})"\)')
_OPENING = re.compile(r"from course import [a-z, ]+")
_IMAGE = re.compile(r"images/[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a page: ``text`` is HTML of ``prose``, an id of ``ask`` and ``practice``, else plain text."""

    kind: Kind
    text: str


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.validateLink = _allowed  # type: ignore[method-assign,assignment]
    return parser


def _allowed(target: str) -> bool:
    """Allow links to pages and mail, and the module's own pictures; nothing is loaded from elsewhere."""
    return bool(_IMAGE.fullmatch(target)) or target.startswith(("https://", "http://", "mailto:", "#"))


def prose(text: str, pictures: str) -> str:
    """Return Markdown as HTML; ``pictures`` is the address of the module's files, with a slash at the end."""
    tokens = _parser().parse(text)
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                source = str(child.attrs.get("src", ""))
                child.attrs["src"] = pictures + source if _IMAGE.fullmatch(source) else ""
                child.attrs["loading"] = "lazy"
            elif child.type == "link_open":
                child.attrs["rel"] = "noopener noreferrer"
    return str(_parser().renderer.render(tokens, _parser().options, {}))


def pieces(notebook: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield the pieces of a released notebook in order; prose still as Markdown."""
    for cell in notebook.get("cells", ()):
        source = cell.get("source", "")
        text = "".join(source) if isinstance(source, list) else str(source)
        ours = cell.get("metadata", {}).get("nbgrader", {})
        if ours.get("solution") or ours.get("grade") or not text.strip():
            continue
        if cell.get("cell_type") == "markdown":
            yield Piece("prose", text)
        elif call := _CALL.fullmatch(text.strip()):
            yield Piece(call[1], call[2])  # type: ignore[arg-type]  # the pattern's words are kinds
        elif not _OPENING.fullmatch(text.strip()):
            yield Piece("code", text)


@cache
def lab_on_paper(name: str) -> str:
    """Return the version on paper of a lab as HTML; empty for one that this edition does not have."""
    return markup.block(play.named(name).text()) if name in play.names() else ""
