"""Markdown of questions and feedback → HTML that cannot do anything.

No raw HTML; pictures are files of the module alone, links leave by a click and only by https, formulas become MathML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from course.rich import media

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_WEB = re.compile(r"https://[\w.-]+\.[a-z]{2,}(?::\d{1,5})?(?:[/?#][^\s<>\"'`\\]*)?", re.IGNORECASE)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # only when the first question is drawn

    # Line breaks of a stem are meant: authors write one fact a line.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable(["html_inline"])
    parser.validateLink = bool  # type: ignore[method-assign,assignment]  # an address is judged where it is drawn
    for name, rule in (("image", _image), ("link_open", _opening), ("link_close", _closing)):
        parser.add_render_rule(name, rule)
    return parser


@cache
def _with_formulas() -> MarkdownIt:
    from mdit_py_plugins.dollarmath import dollarmath_plugin  # only where a text has a dollar sign

    parser = _parser.__wrapped__()
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, renderer=_formula)
    return parser


def _of(text: str) -> MarkdownIt:
    return _with_formulas() if "$" in text else _parser()


def block(text: str) -> str:
    """Return paragraphs, lists and tables."""
    return str(_of(text).render(text)) if text.strip() else ""


def tokens(text: str) -> Sequence[Token]:
    """Return what the text is made of, for what is no page: as markdown-it names it."""
    return _of(text).parse(text) if text.strip() else ()


def inline(text: str) -> str:
    """Return one run of text: emphasis, code, pictures, links and formulas, no paragraph around it."""
    return str(_of(text).renderInline(text.strip()))


def pieces(text: str) -> list[Token]:
    """Return every part of a text, inner ones too, for whoever looks at its links, pictures and formulas."""
    return [part for token in _of(text).parse(text) for part in (token, *(token.children or ()))]


def goes_out(address: str) -> bool:
    """Say whether a link may lead there: a web page by https."""
    return bool(_WEB.fullmatch(address))


def _formula(latex: str, options: Mapping[str, Any]) -> str:
    from course.rich.formula import BadFormula, mathml  # heavy, and few questions have one

    try:
        return mathml(latex, block=bool(options.get("display_mode")))
    except BadFormula:
        return f"<code>{escape(latex)}</code>"  # as it was typed; check names it


def _image(_renderer: object, tokens: Sequence[Token], at: int, *_more: object) -> str:
    return media.drawn(str(tokens[at].attrs.get("src", "")), tokens[at].content)


def _opening(_renderer: object, tokens: Sequence[Token], at: int, *_more: object) -> str:
    address = str(tokens[at].attrs.get("href", ""))
    if not goes_out(address):
        return "<span>"
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">'


def _closing(_renderer: object, tokens: Sequence[Token], at: int, *_more: object) -> str:
    depth = 0
    for token in reversed(tokens[:at]):  # the opening that this one closes
        depth += {"link_close": 1, "link_open": -1}.get(token.type, 0)
        if depth < 0:
            return "</a>" if goes_out(str(token.attrs.get("href", ""))) else "</span>"
    return ""


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""By which people call what is chosen among, in the order of its places."""


def labelled(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return options, sides, steps, rows or columns (``id``, ``text``) as the page draws them (``id``, ``html``)."""
    return [{"id": entry["id"], "html": inline(entry["text"])} for entry in entries]


def lettered(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return ``labelled`` entries with the letters of their places, by which people call them."""
    return [entry | {"letter": LETTERS[n % 26]} for n, entry in enumerate(labelled(entries))]


def notice(text: str) -> str:
    """Return a sentence for the cadre, where something could not be shown."""
    style = "border-left:4px solid #8a3b00;padding:.5em .8em;background:#fff6ec;color:#3d1a00;font-size:16px"
    return f'<p role="alert" class="md-note" style="{style}">{escape(text)}</p>'
