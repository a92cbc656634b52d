"""Reads a MyST Markdown notebook into blocks that keep their line numbers: prose, items, code cells, segment breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from grader.ground import strict_yaml, text_files

_COMMENTS = re.compile(
    r"(?P<code>^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`))"
    r"|<!--.*?-->|^%[^\n]*|^ {0,3}\[[^\]\n]+\]:[ \t]*(?:#|<>)(?=[ \t]|$)[^\n]*",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document, in order.

    Attributes:
        kind: ``prose`` (Markdown), ``item`` (YAML of a question), ``code`` (a lab), ``media`` (YAML of a picture, sound
            or video), ``break`` (``+++`` with its JSON).
        line: line of the file where its text starts, counted from 1.
        text: Markdown without its author's comments, YAML, source, or the JSON of the break.
        name: id of an item, file of a medium, else empty.
        end: last line of the piece, a fence's closing line included.
    """

    kind: Literal["prose", "item", "code", "media", "break"]
    line: int
    text: str
    name: str = ""
    end: int = 0

    def meta(self) -> dict[str, Any]:
        """Return the data of a break; empty for ``+++`` alone and for anything unreadable (``check`` reports that)."""
        try:
            data = json.loads(self.text) if self.text else {}
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}


@dataclass(frozen=True, slots=True)
class Document:
    """A lesson or exercise file: its path, front matter, blocks, and all its lines (line 1 is ``lines[0]``)."""

    path: Path
    front: dict[str, Any]
    blocks: tuple[Block, ...]
    lines: tuple[str, ...]


def read(path: Path) -> Document:
    """Read one lesson or exercise.

    Raises:
        ModuongError: ``E-FILE-1`` no such file, ``E-FILE-2`` not UTF-8, ``E-YAML-1`` unreadable front matter.
    """
    text = text_files.read(path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as the parser counts lines
    from markdown_it import MarkdownIt  # heavy; whoever only reads YAML does without
    from mdit_py_plugins.front_matter import front_matter_plugin
    from mdit_py_plugins.myst_blocks import myst_block_plugin

    parser = MarkdownIt("commonmark").use(front_matter_plugin).use(myst_block_plugin)
    tokens = [t for t in parser.parse(text) if t.level == 0 and t.map]
    front: dict[str, Any] = {}
    if tokens and tokens[0].type == "front_matter":
        front = strict_yaml.part_of(path, tokens.pop(0).content, above=1)[0]
    lines = text.split("\n")
    return Document(path, front, tuple(_blocks(lines, tokens)), tuple(lines))


def _blocks(lines: list[str], tokens: list[Any]) -> Iterator[Block]:
    """Cut the text at item fences, code cells and breaks; everything between is prose."""
    start = None
    end = 0
    for token in tokens:
        special = _special(token)
        if special is None:
            start = token.map[0] if start is None else start
            end = token.map[1]
            continue
        if start is not None:
            yield from _prose(lines, start, end)
            start = None
        yield special
    if start is not None:
        yield from _prose(lines, start, end)


def _prose(lines: list[str], start: int, end: int) -> Iterator[Block]:
    """Yield the prose of these lines without its author's comments; nothing when they hold nothing else."""
    text = without_comments("\n".join(lines[start:end]))
    if text.strip():
        blank = len(text) - len(text.lstrip("\n"))
        yield Block("prose", start + 1 + blank, text.strip("\n"), end=end)


def without_comments(text: str) -> str:
    """Return Markdown without what only its authors are to read.

    HTML comments, MyST comments (``% …``) and comments written as link definitions (``[//]: # (…)``); what is code
    stays as it is. Line ends stay, so that lines keep their numbers.
    """

    def cut(match: re.Match[str]) -> str:
        return match[0] if match["code"] else "\n" * match[0].count("\n")

    return _COMMENTS.sub(cut, text)


def _special(token: Any) -> Block | None:  # markdown-it's token
    line = token.map[0] + 1
    if token.type == "myst_block_break":
        return Block("break", line, token.content.strip(), end=line)
    if token.type == "fence":
        name, _, rest = token.info.strip().partition(" ")
        if name == "{item}":
            return Block("item", line + 1, token.content, rest.strip(), end=token.map[1])
        if name == "{media}":
            return Block("media", line + 1, token.content, rest.strip(), end=token.map[1])
        if name in {"{code-cell}", "{code}"}:
            return Block("code", line + 1, token.content.strip("\n"), end=token.map[1])
    return None
