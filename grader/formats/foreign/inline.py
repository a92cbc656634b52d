"""Runs of text with marks → one run of Markdown that a reader sees exactly as it was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt

Mark = Literal["strong", "em", "code", "formula"]

_SPACES = re.compile(r"[ \t\f\u00a0\u2007\u202f]+")
_AROUND_BREAK = re.compile(r" *\n *")
_UNSEEN = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_SPECIAL = (re.compile(r"([\\`*_])"), re.compile(r"([\\`*_\[\]<>|$~])"))
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*(?:\d{1,9}(?=[.)]))?)([-+#=.)])", re.MULTILINE)
_HARMLESS = re.compile(r"(?!\s|[-+#=>]|\d{1,9}[.)])[^\\`*_\[\]<>|$~&\n]*")
"""One line in which Markdown sees nothing but text."""
_ROLE = re.compile(r"(?<![\w\\}])(\{[a-z-]+\})`")
_NEEDED = re.compile(r"]\(|\$[^$]*\$")
_FENCE = re.compile(r"`+")
_CLOSING = re.compile(r"[^\w\s]+$")
_OPENING = re.compile(r"^[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one set of marks; a line end in it is a line break that is meant."""

    text: str
    marks: frozenset[Mark] = frozenset()


@cache
def parser() -> MarkdownIt:
    """Return the Markdown that questions allow: no raw HTML, no links, no pictures; line breaks are meant."""
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True})
        .enable("table")
        .disable(["link", "autolink", "image", "html_inline"])
    )


def clean(text: str) -> tuple[str, bool]:
    """Return ``text`` in NFC without characters that nobody sees, and whether any control character was among them."""
    kept = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    dropped = any(
        c
        for c in text
        if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" or (c < " " and c not in "\t\n\f")
    )
    return kept, dropped


def tidy(runs: Iterable[Run]) -> list[Run]:
    """Return the runs with single spaces, none around line breaks and at the ends, and equal neighbours joined."""
    joined: list[Run] = []
    for run in runs:
        text = run.text if "formula" in run.marks else _SPACES.sub(" ", run.text)
        if not text:
            continue
        if joined and joined[-1].marks == run.marks and "formula" not in run.marks:
            joined[-1] = replace(joined[-1], text=joined[-1].text + text)
        else:
            joined.append(Run(text, run.marks))
    tidied: list[Run] = []
    before = "\n"
    for run in joined:
        text = _AROUND_BREAK.sub("\n", _SPACES.sub(" ", run.text))
        if before in " \n":
            text = text.lstrip(" " if before == " " else " \n")
        if text:
            tidied.append(Run(text, run.marks))
            before = text[-1]
    while tidied and not tidied[-1].text.strip():
        tidied.pop()
    if tidied:
        tidied[-1] = replace(tidied[-1], text=tidied[-1].text.rstrip())
    return tidied


def markdown(runs: Iterable[Run], *, block: bool = True) -> str:
    """Return the runs as Markdown; signs that Markdown would take for its own are escaped.

    ``block``: as a paragraph, where a number or a hyphen in front of a line would be a list; else as one run.
    """
    written = "".join(_one(run, block=block) for run in _readable_marks(tidy(runs)))
    return _ROLE.sub(r"\1 `", written)  # what looks like a role of ours is none


def _readable_marks(runs: list[Run]) -> list[Run]:
    """Move punctuation out of emphasis where a letter touches it: Markdown would not see ``**x:**y`` as emphasis."""
    moved: list[Run] = []
    carried = ""
    for run, after in zip(runs, [*runs[1:], Run("")], strict=False):
        text, carried = carried + run.text, ""
        emphasised = bool(run.marks & {"em", "strong"})
        if emphasised and after.text[:1].isalnum():
            kept = _CLOSING.sub("", text)
            text, carried = kept, text[len(kept) :]
        if emphasised and moved and moved[-1].text[-1:].isalnum():
            kept = _OPENING.sub("", text)
            moved.append(Run(text[: len(text) - len(kept)]))
            text = kept
        if carried and after.marks:
            moved += [Run(text, run.marks), Run(carried)]
            carried = ""
        else:
            moved.append(Run(text, run.marks))
    return [run for run in moved if run.text]


def literal(text: str, *, block: bool = True) -> str:
    """Return Markdown that shows ``text`` as it is, escaping only where Markdown would read something else."""
    return "\n\n".join(_literal(part, block=block) for part in text.split("\n\n"))


def _literal(text: str, *, block: bool) -> str:
    if _HARMLESS.fullmatch(text):
        return text
    needed = _NEEDED.search(text)
    if not needed and _shown(text, block=block) == text:
        return text
    few = _SPECIAL[0].sub(r"\\\1", text)
    if not needed and _shown(few, block=block) == text:
        return few
    escaped = _ENTITY.sub(r"\\&", _SPECIAL[1].sub(r"\\\1", text))
    return _LINE_START.sub(r"\1\\\2", escaped) if block else escaped


def _shown(text: str, *, block: bool) -> str:
    """Return what a reader sees of ``text`` as a paragraph or run; empty where it would be anything else."""
    tokens = parser().parse(text) if block else parser().parseInline(text)
    if [t.type for t in tokens] not in (["paragraph_open", "inline", "paragraph_close"], ["inline"]):
        return ""
    parts = next(t.children or [] for t in tokens if t.type == "inline")
    if any(part.type not in {"text", "softbreak", "hardbreak"} for part in parts):
        return ""
    return "".join("\n" if part.type.endswith("break") else part.content for part in parts)


def _one(run: Run, *, block: bool) -> str:
    text = run.text
    body = text.strip(" \n")
    if not body:
        return text
    before, after = text[: text.index(body)], text[text.index(body) + len(body) :]
    if "formula" in run.marks or "code" in run.marks:
        return before + code_span(body) + after
    shown = literal(body, block=block)
    for mark, sign in (("em", "*"), ("strong", "**")):
        if mark in run.marks:
            shown = "\n".join(f"{sign}{line}{sign}" if line.strip() else line for line in shown.split("\n"))
    return before + shown + after


def code_span(text: str) -> str:
    """Return ``text`` as a code span, with a fence that is longer than any in it."""
    line = " ".join(text.split())
    fence = "`" * (max((len(m) for m in _FENCE.findall(line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def same_reading(markdown_text: str, expected: str, *, block: bool) -> bool:
    """Say whether a reader of ``markdown_text`` sees ``expected``, spaces and line ends left out of account."""
    wanted = "".join(expected.split())
    if "".join(markdown_text.split()) == wanted and all(_HARMLESS.fullmatch(row) for row in markdown_text.split("\n")):
        return True
    rendered = parser().parse(markdown_text) if block else parser().parseInline(markdown_text)
    seen = "".join(
        part.content
        for token in rendered
        for part in (token.children if token.type == "inline" and token.children is not None else [token])
        if part.type in {"text", "code_inline", "fence", "code_block"}
    )
    return "".join(seen.split()) == wanted
