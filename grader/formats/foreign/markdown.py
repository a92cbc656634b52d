"""Foreign text → the Markdown that items allow, with a line for everything that Markdown of that kind cannot say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt

from grader.formats.foreign import html, inline
from grader.formats.foreign.html import BLOCKS, Element
from grader.formats.foreign.inline import Mark, Run
from grader.formats.losses import Loss
from grader.formats.question import Place

Form = Literal["html", "moodle", "plain", "markdown"]
Pictures = Callable[[str, str], Loss | None]
"""Takes the address and the description of a picture; keeps it, or returns the line that says why not."""

_MARKS: dict[str, Mark] = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), "code"),
}
_GONE = {
    "style": "look",
    "script": "script",
    "noscript": "script",
    **dict.fromkeys(("iframe", "object", "embed", "applet", "audio", "video", "canvas", "svg"), "embedded"),
    **dict.fromkeys(("input", "select", "textarea", "button", "form"), "embedded"),
    "link": "look",
    "meta": "",
    "title": "",
    "template": "",
    "annotation": "",
    "track": "",
    "source": "",
}
_LOOKS = {"u": "u", "s": "s", "strike": "s", "del": "del", "mark": "mark"}
_FORMULA = re.compile(r"\\\((.{1,2000}?)\\\)|\\\[(.{1,2000}?)\\\]|\$\$(.{1,2000}?)\$\$", re.DOTALL)
_WITH_DOLLARS = re.compile(_FORMULA.pattern + r"|(?<![\\$])\$(?!\s)([^$\n]{1,500}?)(?<!\s)\$(?!\d)", re.DOTALL)
_LONGEST = 60_000
"""Characters of one text, pictures in it left out: more is no question, and slow to read on purpose."""
_DATA_LINK = re.compile(r"data:[\w/+.;=-]{1,100},[\w+/=%\s]*")
_NEWLINE_SIGN = re.compile(r"\\n(?![a-z])")
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_STYLED = re.compile(r"(?:color|background|underline|line-through|text-decoration)[^;]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, list, table, quotation or code block as Markdown, with what a reader should see of it."""

    markdown: str
    seen: str


class _Writer:
    """Turns one tree into Markdown; what is lost on the way is in ``losses``."""

    def __init__(self, place: Place, pictures: Pictures | None, *, dollars: bool) -> None:
        self.place = place
        self.formula = _WITH_DOLLARS if dollars else _FORMULA
        self.pictures = pictures
        self.losses: dict[Loss, None] = {}

    def lose(self, code: str, about: str) -> None:
        self.losses[self.place.loss(code, about)] = None

    # runs

    def runs(self, node: Element, marks: frozenset[Mark] = frozenset(), *, pre: bool = False) -> Iterator[Run]:
        """Yield the text of an element's children with its marks; blocks inside become lines."""
        for child in node.children:
            if isinstance(child, str):
                yield from self._text(child, marks, pre=pre)
            elif child.name == "br":
                yield Run("\n", marks)
            elif child.name in BLOCKS and child.name not in _GONE:
                if child.name == "table":
                    self.lose("table", "")
                yield Run("\n- " if child.name == "li" else "\n")
                yield from self.runs(child, marks, pre=pre)
                yield Run("\n")
            else:
                yield from self._inline(child, marks, pre=pre)

    def _text(self, text: str, marks: frozenset[Mark], *, pre: bool) -> Iterator[Run]:
        text, dropped = inline.clean(text)
        if dropped:
            self.lose("control", text.strip()[:40])
        if pre or "code" in marks:
            yield Run(text, marks)
            return
        at = 0
        text = re.sub(r"[\n\t]+", " ", text)
        for found in self.formula.finditer(text):
            yield from self._words(text[at : found.start()], marks)
            formula = next(part for part in found.groups() if part is not None)
            self.lose("formula", formula)
            yield Run(formula.strip(), marks | {"formula"})
            at = found.end()
        yield from self._words(text[at:], marks)

    def _words(self, text: str, marks: frozenset[Mark]) -> Iterator[Run]:
        if _NEWLINE_SIGN.search(text) and not re.search(r"\\[a-mo-zA-Z]", text):
            self.lose("newline-sign", "")
            text = _NEWLINE_SIGN.sub("\n", text)
        yield Run(text, marks)

    def _inline(self, node: Element, marks: frozenset[Mark], *, pre: bool) -> Iterator[Run]:
        name = node.name
        if name in _GONE:
            self._gone(node)
            return
        if name == "img":
            self._picture(node)
            return
        if name == "math":
            yield from self._math(node, marks)
            return
        if name in {"sub", "sup"}:
            yield from self._raised(node, marks)
            return
        self._looks(node)
        if name == "a":
            self._link(node)
        if name == "q":
            yield Run("“", marks)
        yield from self.runs(node, marks | {_MARKS[name]} if name in _MARKS else marks, pre=pre)
        if name == "q":
            yield Run("”", marks)

    def _gone(self, node: Element) -> None:
        code = _GONE[node.name]
        about = node.attributes.get("src") or node.attributes.get("data") or node.text().strip()
        if code:
            self.lose(code, f"<{node.name}> {about}".strip()[:120])

    def _picture(self, node: Element) -> None:
        address, alt = node.attributes.get("src", "").strip(), node.attributes.get("alt", "").strip()
        lost = self.pictures(address, alt) if self.pictures else self.place.loss("picture-missing", address)
        if lost:
            self.losses[lost] = None

    def _math(self, node: Element, marks: frozenset[Mark]) -> Iterator[Run]:
        notes = [n for n in _all(node) if n.name == "annotation" and "tex" in n.attributes.get("encoding", "").lower()]
        formula = " ".join((notes[0] if notes else node).text().split())
        self.lose("formula", formula)
        yield Run(formula, marks | {"formula"})

    def _raised(self, node: Element, marks: frozenset[Mark]) -> Iterator[Run]:
        text = node.text().strip()
        table = _RAISED if node.name == "sup" else _LOWERED
        small = text.translate(table)
        if any(c.isascii() and not c.isspace() for c in small):
            self.lose("look", f"<{node.name}> {text}")
            small = ("^" if node.name == "sup" else "_") + (text if len(text) == 1 else f"({text})")
        yield Run(small, marks)

    def _looks(self, node: Element) -> None:
        styled = _STYLED.search(node.attributes.get("style", ""))
        about = _LOOKS.get(node.name) or (styled[0].strip() if styled else "")
        if not about and node.name == "font" and node.attributes.get("color"):
            about = f"color: {node.attributes['color']}"
        if about and node.text().strip():
            self.lose("look", f"{about}: {' '.join(node.text().split())[:60]}")

    def _link(self, node: Element) -> None:
        address = node.attributes.get("href", "").strip()
        if address and not address.startswith("#"):
            attached = address.startswith("@@PLUGINFILE@@") or "$IMS-CC-FILEBASE$" in address
            self.lose("file-link" if attached else "link", address)

    # blocks

    def blocks(self, node: Element) -> Iterator[_Block]:
        """Yield the blocks of an element; text between blocks is a paragraph of its own."""
        loose: list[Element | str] = []
        for child in node.children:
            if isinstance(child, Element) and child.name in BLOCKS and child.name not in _GONE:
                yield from self._paragraph(Element("", {}, loose))
                loose = []
                self._looks(child)
                yield from self._block(child)
            else:
                loose.append(child)
        yield from self._paragraph(Element("", {}, loose))

    def _block(self, node: Element) -> Iterator[_Block]:
        if node.name in {"ul", "ol"}:
            yield self._list(node)
        elif node.name == "table":
            yield from self._table(node)
        elif node.name == "pre":
            yield from self._code(node)
        elif node.name == "blockquote":
            inner = list(self.blocks(node))
            text = "\n\n".join(block.markdown for block in inner)
            yield _Block("\n".join(f"> {row}".rstrip() for row in text.split("\n")), "".join(b.seen for b in inner))
        elif node.name in {"h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption", "figcaption"}:
            yield from self._paragraph(node, frozenset({"strong"}))
        elif node.name != "hr":
            yield from self.blocks(node)

    def _paragraph(self, node: Element, marks: frozenset[Mark] = frozenset()) -> Iterator[_Block]:
        runs = inline.tidy(self.runs(node, marks))
        if runs:
            yield _Block(inline.markdown(runs), "".join(run.text for run in runs))

    def _list(self, node: Element) -> _Block:
        rows, seen = [], []
        start = node.attributes.get("start", "1")
        number = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
        for entry in (c for c in node.elements() if c.name in {"li", "ul", "ol"}):
            inner = list(self.blocks(entry if entry.name == "li" else Element("", {}, [entry])))
            sign = f"{number}. " if node.name == "ol" else "- "
            number += 1
            text = "\n\n".join(block.markdown for block in inner)
            if all(c.name not in {"p", "table", "pre"} for c in entry.elements()):
                text = re.sub(r"\n\n(?=\s*(?:-|\d+\.) )", "\n", text)
            padded = ("\n" + " " * len(sign)).join(text.split("\n"))
            rows.append(f"{sign}{padded}".rstrip())
            seen += [block.seen for block in inner]
        return _Block(re.sub(r"[ ]+\n", "\n", "\n".join(rows)), "".join(seen))

    def _table(self, node: Element) -> Iterator[_Block]:
        for caption in (n for n in node.elements() if n.name == "caption"):
            yield from self._block(caption)
        rows = [[c for c in row.elements() if c.name in {"td", "th"}] for row in _rows(node)]
        rows = [row for row in rows if row]
        if not rows:
            return
        cells = [[inline.tidy(self.runs(cell)) for cell in row] for row in rows]
        texts = [[inline.markdown(cell) for cell in row] for row in cells]
        seen = "".join(run.text for row in cells for cell in row for run in cell)
        joined = any({"rowspan", "colspan"} & {k for k, v in c.attributes.items() if v != "1"} for r in rows for c in r)
        if joined or any("\n" in text for row in texts for text in row) or len({len(row) for row in rows}) > 1:
            self.lose("table", "")
            flat = [" · ".join(" ".join(t.split("\n")) for t in row if t) for row in texts]
            plain = ["·".join(t for t in ("".join(run.text for run in cell) for cell in row) if t) for row in cells]
            yield _Block("\n".join(row for row in flat if row), "".join(plain))
            return
        shown = [[text.replace("\\|", "|").replace("|", "\\|") for text in row] for row in texts]
        head, *body = shown
        lines = [head, ["---"] * len(head), *body]
        yield _Block("\n".join("| " + " | ".join(row) + " |" for row in lines), seen)

    def _code(self, node: Element) -> Iterator[_Block]:
        text = "".join(run.text for run in self.runs(node, pre=True)).strip("\n")
        if text.strip():
            fence = "`" * max(3, max((len(m) for m in re.findall(r"`+", text)), default=0) + 1)
            yield _Block(f"{fence}\n{text}\n{fence}", text)


def _all(node: Element) -> Iterator[Element]:
    for child in node.elements():
        yield child
        yield from _all(child)


def _rows(node: Element) -> Iterator[Element]:
    for child in node.elements():
        if child.name == "tr":
            yield child
        elif child.name in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)


def convert(
    text: str, form: Form, place: Place, pictures: Pictures | None = None, *, block: bool = True, dollars: bool = False
) -> tuple[str, list[Loss]]:
    """Return ``text`` as Markdown of items, and a line for everything that is not in it.

    Args:
        text: in the form that the file says it is in.
        form: ``moodle`` is HTML whose line ends are meant; ``markdown`` is anybody's, with links, pictures, HTML.
        place: of the question, for the lines.
        pictures: what to do with a picture; without it none is there.
        dollars: single dollar signs around a text make it a formula.
        block: several paragraphs, lists, tables; else one run, as an option is, in which blocks become lines.
    """
    if len(text) > _LONGEST and len(_DATA_LINK.sub("", text)) > _LONGEST:
        return "", [place.loss("too-long", f"{len(text)} > {_LONGEST}")]
    writer = _Writer(place, pictures, dollars=dollars)
    tree = html.parse(_as_html(text, form))
    if block:
        found = list(writer.blocks(tree))
        written, seen = "\n\n".join(b.markdown for b in found), "".join(b.seen for b in found)
    else:
        runs = inline.tidy(writer.runs(tree))
        written, seen = re.sub(r"\n{2,}", "\n", inline.markdown(runs, block=False)), "".join(run.text for run in runs)
    if not inline.same_reading(written, seen, block=block):
        writer.lose("text", seen)
    return written, list(writer.losses)


def _as_html(text: str, form: Form) -> str:
    if form == "html":
        return text
    if form == "markdown":
        return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    if form == "plain":
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"\s*\n", "<br>", text.strip())
