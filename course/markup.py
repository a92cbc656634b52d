"""Markdown of questions and feedback → HTML that cannot do anything: no raw HTML, no links, no pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # only when the first question is drawn

    # Line breaks of a stem are meant: authors write one fact a line.
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True})
        .enable("table")
        .disable(["link", "autolink", "image", "html_inline"])
    )


def block(text: str) -> str:
    """Return paragraphs, lists and tables."""
    return str(_parser().render(text)) if text.strip() else ""


def inline(text: str) -> str:
    """Return one run of text: emphasis and code, no paragraph around it."""
    return str(_parser().renderInline(text.strip()))


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def labelled(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return options, sides, steps, rows or columns (``id``, ``text``) as the page draws them (``id``, ``html``)."""
    return [{"id": entry["id"], "html": inline(entry["text"])} for entry in entries]


def lettered(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return ``labelled`` entries with the letters of their places, by which people call them."""
    return [entry | {"letter": _LETTERS[n % 26]} for n, entry in enumerate(labelled(entries))]


def notice(text: str) -> str:
    """Return a sentence for the cadre, where something could not be shown."""
    style = "border-left:4px solid #8a3b00;padding:.5em .8em;background:#fff6ec;color:#3d1a00;font-size:16px"
    return f'<p role="alert" class="md-note" style="{style}">{escape(text)}</p>'
