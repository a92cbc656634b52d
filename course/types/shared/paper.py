"""What stands on paper where the page has fields: boxes, dots to write on, or what was answered there. All Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SIGN = re.compile(r"([!-/:-@\[-`{-~])")
_BAR = re.compile(r"(?<!\\)\|")
_LINE = "…" * 33
_FENCE = re.compile(r"`+")
_FEWEST_LINES, _MOST_LINES, _WORDS_A_LINE = 3, 24, 10


def box(*, ticked: bool) -> str:
    """Return a box to be ticked."""
    return "☒" if ticked else "☐"


def run(markdown: str) -> str:
    """Return an author's Markdown on one line, as the entry of a list."""
    return " ".join(markdown.split())


def plain(text: str) -> str:
    """Return what somebody typed as Markdown that reads the same, on one line."""
    return _SIGN.sub(r"\\\1", run(text))


def blank(said: str | None, unit: str = "", dots: int = 12) -> str:
    """Return dots to write on, or what was written there, with its unit behind it."""
    return f"{f'**{plain(said)}**' if said else '…' * dots} {plain(unit)}".rstrip()


def table(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of cells as a table; the first is its head."""
    head, *rest = [[_BAR.sub(r"\\|", run(cell)) for cell in cells] for cells in rows]
    written = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in written)


def space(words: int) -> str:
    """Return lines to write so many words on."""
    return "\n\n".join([_LINE] * min(max(words // _WORDS_A_LINE, _FEWEST_LINES), _MOST_LINES))


def written(text: str) -> str:
    """Return a text that somebody wrote, set off from what stands around it."""
    return "\n>\n".join(f"> {plain(paragraph)}" for paragraph in text.split("\n") if paragraph.strip())


def code(text: str) -> str:
    """Return source text."""
    fence = "`" * max(3, *(len(found) + 1 for found in _FENCE.findall(text)), 3)
    return f"{fence}\n{text.rstrip()}\n{fence}"
