"""Markdown of items → the HTML that other systems take; what goes out is as harmless as what the page shows."""

from __future__ import annotations

from grader.formats.foreign import inline


def block(markdown: str) -> str:
    """Return paragraphs, lists and tables as HTML on one line; empty for an empty text."""
    rendered = inline.parser().render(markdown).strip() if markdown.strip() else ""
    return str(rendered).replace("<br />\n", "<br />").replace(">\n<", "><")


def line(markdown: str) -> str:
    """Return one run of text as HTML, without a paragraph around it."""
    return str(inline.parser().renderInline(markdown.strip())).replace("<br />\n", "<br />")


def words(markdown: str) -> str:
    """Return what a reader sees of one run of text, without any markup."""
    tokens = inline.parser().parseInline(markdown.strip())
    parts = [part for token in tokens for part in token.children or []]
    return "".join(
        "\n" if part.type.endswith("break") else part.content for part in parts if part.content or "break" in part.type
    )


def is_plain(markdown: str) -> bool:
    """Say whether a text reads the same without Markdown: one run without line breaks, marks and escapes."""
    return inline.same_reading(markdown, markdown, block=True) and line(markdown) == _escaped(markdown.strip())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
