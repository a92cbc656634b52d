"""HTML of a foreign file as a small tree: tolerant as browsers are, never deeper than it may be, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

DEEPEST = 60
VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "source", "track", "wbr", "col", "area", "embed", "param"}
)
BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "pre",
        "blockquote",
        "hr",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "header",
        "footer",
        "aside",
        "main",
        "nav",
        "figure",
        "figcaption",
        "center",
        "address",
        "fieldset",
        "form",
        "details",
        "summary",
        "caption",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "audio",
        "b",
        "bdi",
        "bdo",
        "big",
        "button",
        "canvas",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "link",
        "mark",
        "math",
        "meta",
        "nobr",
        "object",
        "option",
        "picture",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "script",
        "select",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "sup",
        "svg",
        "template",
        "textarea",
        "time",
        "title",
        "track",
        "tt",
        "u",
        "var",
        "video",
        "wbr",
        "br",
        "head",
        "body",
        "html",
        "base",
        "embed",
        "param",
        "area",
        "map",
        "col",
        "colgroup",
        "applet",
        "noscript",
        "legend",
        "annotation",
        "semantics",
        "mrow",
        "mi",
        "mo",
        "mn",
        "msup",
        "msub",
        "mfrac",
        "msqrt",
        "mtext",
        "mspace",
        "mover",
        "munder",
        "msubsup",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mfenced",
    ]
)
KNOWN = BLOCKS | _INLINE
# What a start tag ends, as HTML says it: a list entry the one before, a cell the one before, a block a paragraph.
_ENDS: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"tr", "td", "th"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option"}),
    **{name: frozenset({"p"}) for name in BLOCKS - {"li", "td", "th", "tr", "dt", "dd"}},
}
_FENCES = {"li": {"ul", "ol"}, "td": {"tr", "table"}, "th": {"tr", "table"}, "tr": {"table"}}


# What browsers do not show, and what the parser would look through again and again for an end that never comes.
_UNSHOWN = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*>?", re.DOTALL)


@dataclass(slots=True)
class Element:
    """An element: its lower-case name, attributes, and children (texts and elements) in order."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        """Return the text inside, markup left out."""
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)

    def elements(self) -> Iterator[Element]:
        """Yield the child elements."""
        return (c for c in self.children if isinstance(c, Element))


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = tag.rpartition(":")[2] if tag.startswith(("m:", "mml:")) else tag
        if name not in KNOWN and ":" not in name:
            self.handle_data(self.get_starttag_text() or "")
            return
        self._end_implied(name)
        made = Element(name, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(made)
        if name not in VOID and len(self.open) < DEEPEST:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1].name == tag and tag not in BLOCKS:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        name = tag.rpartition(":")[2] if tag.startswith(("m:", "mml:")) else tag
        if name not in KNOWN and ":" not in name:
            self.handle_data(f"</{tag}>")
            return
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].name == name:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def _end_implied(self, name: str) -> None:
        ended = _ENDS.get(name, frozenset())
        stop = _FENCES.get(name, {"td", "th", "li", "table", "blockquote", "div"})
        cut = len(self.open)
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].name in stop - ended:
                break
            if self.open[depth].name in ended:
                cut = depth
        del self.open[cut:]


def parse(html: str) -> Element:
    """Return the tree of ``html``; every text is in it, whatever is wrong with the markup.

    A name that is no element of HTML stays text (``vector<int>``, ``a <b and c``); comments and processing
    instructions are not shown by browsers and are left out. Elements below ``DEEPEST`` keep their text only.
    """
    if "<" not in html and "&" not in html:
        return Element("", {}, [html])
    html = _UNSHOWN.sub("", html)
    whole = html.rfind(">") + 1
    builder = _Builder()
    builder.feed(html[:whole] + html[whole:].replace("<", "&lt;"))
    builder.close()
    return builder.root
