"""Parts a broken XML file into its questions, so that one bad one does not take the others along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from grader.formats.foreign import xml
from grader.formats.foreign.xml import Node
from grader.formats.losses import Loss

_OUTSIDE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_PREFIX = re.compile(r"<\/?([A-Za-z][\w.-]*):|\s([A-Za-z][\w.-]*):[\w.-]+\s*=")
_NAME = re.compile(r"<name\b[^>]*>\s*(?:<text>)?\s*(?:<!\[CDATA\[)?([^<\]]{1,80})|\btitle\s*=\s*[\"']([^\"']{1,80})")


def nodes(text: str, file: str, *names: str) -> tuple[list[Node], list[Loss]]:
    """Return the elements of these names, in order, and what had to be mended or left out to read them.

    A well-formed file gives its own; a broken one is cut where such an element begins, and each piece is read alone.
    """
    try:
        text, notes = xml.mended(text)
        losses = [Loss(code, file, 0, "", about) for code, about in notes]
        root = xml.parse(text)
    except xml.Refused as error:
        return [], [Loss("file", file, 0, "", f"XML: {error}")]
    except xml.Broken as error:
        found, lost = _pieces(text, file, names)
        return found, [*losses, Loss("repaired", file, error.line, "", str(error)), *lost]
    if root.name in names:
        return [root], losses
    return [node for node in root.all(*names) if node is not root], losses


def _pieces(text: str, file: str, names: tuple[str, ...]) -> tuple[list[Node], list[Loss]]:
    found: list[Node] = []
    losses: list[Loss] = []
    for start, end in _spans(text, names):
        line = text.count("\n", 0, start) + 1
        try:
            found.append(_piece(text[start:end], line))
        except (xml.Broken, xml.Refused) as error:
            at = error.line if isinstance(error, xml.Broken) else line
            name = _NAME.search(text[start:end])
            called = " ".join((name[1] or name[2] or "").split()) if name else ""
            losses.append(Loss("broken", file, at, called, f"XML: {error}"))
    return found, losses


def _spans(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where each piece begins and ends: at its end tag, or where the next one begins."""
    bare = _OUTSIDE.sub(lambda m: " " * len(m[0]), text)
    starts = [m.start() for m in re.finditer(rf"<(?:[\w.-]+:)?(?:{'|'.join(names)})(?=[\s>])", bare)]
    for start, following in pairwise([*starts, len(text)]):
        ended = re.compile(rf"</(?:[\w.-]+:)?(?:{'|'.join(names)})\s*>").search(bare, start, following)
        yield start, ended.end() if ended else following


def _piece(text: str, line: int) -> Node:
    """Read one piece alone; prefixes that its root had declared are declared for it, a missing end tag is added."""
    prefixes = {m[1] or m[2] for m in _PREFIX.finditer(text)} - {"xml", "xmlns"}
    declared = "".join(f' xmlns:{p}="urn:{p}"' for p in sorted(prefixes) if f"xmlns:{p}=" not in text)
    name = re.match(r"<([\w.:-]+)", text)
    assert name is not None  # a span begins with its tag
    try:
        root = xml.parse(f"<piece{declared}>{text}</piece>", line)
    except xml.Broken:
        body = re.sub(r"</quiz>\s*$", "", text.rstrip())
        root = xml.parse(f"<piece{declared}>{body}</{name[1]}></piece>", line)
    return next(root.elements())
