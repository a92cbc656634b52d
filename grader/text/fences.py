"""Finds what looks like a question and is not read as one: it would be handed out as text, with its key.

Everything outside the known fences is looked at line by line, as a person would read it, not as the parser did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import GenericAlias
from typing import Any, get_args

from pydantic import BaseModel

from course.words import _
from grader.ground.records import Finding
from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import Head
from grader.text.myst import Block, Document

PLAIN = ("", "text", "python", "csv", "json", "console", "html", "yaml", "markdown")
"""Languages that a fence of code in prose may name."""
_ROLES = frozenset({"src", "law"})
_OPENING = re.compile(r"(?P<marks>`{3,})\{(?P<kind>item|code-cell|code|media)\} *(?P<rest>\S.*?)? *")
_PLAIN_FENCE = re.compile(rf" {{0,3}}(?P<marks>`{{3,}}|~{{3,}}) *(?:{'|'.join(PLAIN)}) *")
_MARKS = re.compile(r"`{3,}|~{3,}|^[\s>*+-]*:{2,}\s*\{|:{3,}")
_DIRECTIVE = re.compile(r"\{\s*(?P<name>[^\W\d_][\w -]{0,15}?)\s*\}")
_LEADING = r"(?:^|(?<=[{,\[(|;])|<!--)[\s>*+#|/%!\-–—•.\"'`{\[(]*(?:\d{1,2}[.)]\s*)?"
_FIELD = re.compile(_LEADING + r"(?P<name>[A-Za-z_]{2,20})[\"'`]?[ \t]*[:：](?=[\s\"'\[{|>]|$)")
_CURVED = re.compile(r"(?:^\s*(?:-\s+)?|[{,]\s*)(?P<name>[A-Za-z_]{2,20})\s*:\s*(?:“[^“”]*”|‘[^‘’]*’)\s*(?=[,}]|$)")
_MARKED = re.compile(r"(?i)\b(correct)[\"']?\s*[:=：]\s*[\"']?(?:true|yes|đúng|1)\b")
_ORDINARY = frozenset(
    {"text", "type", "id", "unit", "label", "data", "level", "points", "any", "all", "none", "after", "length"}
    | {"phone", "sentence", "words", "sample", "given", "table", "call", "wrong", "left", "right", "value", "cue"}
    | {"manual", "practice", "source", "recall", "scenario", "src", "title", "module", "minutes", "codes"}
)
"""Fields whose names stand before a colon in ordinary text too: only two different ones look like a question."""


def findings(document: Document) -> Iterator[Finding]:
    """Yield ``E-FENCE-1`` fences that are none of ours, ``E-FENCE-2`` YAML of a question, ``E-FENCE-3`` comments.

    A comment of the author is left out of what is handed out; one that never ends, or stands inside a question, is a
    mistake.
    """
    path = str(document.path)
    covered: set[int] = set()
    for block in document.blocks:
        if block.kind in {"item", "code", "media"}:
            covered.update(range(block.line - 1, block.end + 1))
            yield from (_finding(path, *said, item=block.name) for said in _inside(document, block))
    prose = [
        (number, line)
        for number, line in enumerate(document.lines[_front(document) :], _front(document) + 1)
        if number not in covered
    ]
    yield from (_finding(path, *said) for said in _outside(prose))
    for block in document.blocks:
        if block.kind == "prose" and (left := re.search(r"<!--|<\?|<!\[", _without_code(block.text))):
            line = block.line + _without_code(block.text)[: left.start()].count("\n")
            yield _finding(path, line, "E-FENCE-3", _("ghi chú HTML không khép lại («-->»)."))


def _front(document: Document) -> int:
    """Return how many lines the front matter takes."""
    if not document.front or document.lines[0].strip() != "---":
        return 0
    return next((n for n, line in enumerate(document.lines[1:], 2) if line.strip() == "---"), 0)


def _finding(path: str, line: int, code: str, said: str, item: str = "") -> Finding:
    return Finding(code, path, line, item, "", said)


_Said = tuple[int, str, str]


def _inside(document: Document, block: Block) -> Iterator[_Said]:
    """Look at a fence that was read: is it written as documented, does it end where its author ended it?"""
    first, last = document.lines[block.line - 2], document.lines[block.end - 1]
    opening = _OPENING.fullmatch(first)
    if opening is None:
        yield block.line - 1, "E-FENCE-1", _unknown(first)
        return
    marks = opening["marks"]
    if end := open_end(block):
        said = _(
            "hàng rào mở ở dòng {line} chưa khép lại; hãy thêm dòng «{marks}» ngay trước dòng này.",
            line=block.line - 1,
            marks=marks,
        )
        yield end, "E-FENCE-1", said
    elif last.rstrip() != marks or block.end < block.line:
        said = _(
            "hàng rào này không được khép lại bằng dòng «{marks}» (đúng {count} dấu).", marks=marks, count=len(marks)
        )
        yield block.line - 1, "E-FENCE-1", said
    for number, line in enumerate(document.lines[block.line - 1 : block.end - 1], block.line):
        inner = re.match(r"\s*(`{3,}|~{3,}|:{3,})\s*(\S*)", line)
        if inner and (len(inner[1]) >= len(marks) or inner[2] not in PLAIN):
            if not open_end(block):
                said = _("chưa khép lại bằng «{marks}» mà dòng {line} đã mở hàng rào khác.", marks=marks, line=number)
                yield block.line - 1, "E-FENCE-1", said
            return
        if block.kind == "item" and "<!--" in line:
            said = _("ghi chú HTML trong câu hỏi sẽ hiện ra cho cán bộ; hãy bỏ, hoặc ghi chú bằng «# …» của YAML.")
            yield number, "E-FENCE-3", said


def open_end(block: Block) -> int:
    """Return the line before which an item's fence should have ended; 0 for one that holds nothing but an item.

    It is the one after the last before a line at the margin that is no field, or that opens another fence.
    """
    if block.kind not in {"item", "media"}:
        return 0
    last = block.line - 1
    for number, line in enumerate(block.text.split("\n"), block.line):
        if line and not re.match(r"[ \t#\"']|[A-Za-z_]{2,20}[ \t]*:|-(?= )|[\])}]", line):
            return last + 1
        last = number if line.strip() else last
    return 0


def curved_quote(text: str) -> int:
    """Return the line of the first field whose whole value stands in curved quotes, from 1; 0 when there is none."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in _CURVED.finditer(line):
            if match["name"] in fields():
                return number
    return 0


def _unknown(line: str) -> str:
    return _(
        "«{shown}» giống một câu hỏi hay ô mã nhưng không được đọc như vậy, nên sẽ được phát nguyên văn, cả đáp án. "
        "Hãy viết ở đầu dòng: ```{{item}} M02-Q01.",
        shown=line.strip()[:50],
    )


@dataclass(slots=True)
class _Place:
    """Where a walk through the prose is: the marks of an open fence, and the fields met in this paragraph."""

    line: int = 0
    fence: str = ""
    strange: bool = False
    words: set[str] = field(default_factory=set)
    said: bool = False

    def new_paragraph(self) -> None:
        self.words, self.said = set(), False


def _outside(prose: Sequence[tuple[int, str]]) -> Iterator[_Said]:
    """Look at the lines that no known fence covers."""
    at = _Place()
    for number, line in [*prose, (-1, "")]:
        if number != at.line + 1:
            if at.fence and not at.strange:
                yield at.line, "E-FENCE-1", _("hàng rào «{marks}» không được khép lại.", marks=at.fence)
            at = _Place()
        at.line = number
        yield from _line(at, number, line)


def _line(at: _Place, number: int, line: str) -> Iterator[_Said]:
    marks = _MARKS.search(line)
    if at.fence and line.strip(" >") == at.fence:
        at.fence, at.strange = "", False
        at.new_paragraph()
    elif not at.fence and (plain := _PLAIN_FENCE.fullmatch(line)):
        at.fence = plain["marks"]
    elif marks or any(_like_item(found["name"]) for found in _DIRECTIVE.finditer(line)):
        yield number, "E-FENCE-1", _unknown(line)
        if marks and not at.fence:
            at.fence, at.strange = marks[0].strip(" >*+-{\t"), True
        at.said = True
    elif not line.strip() and not at.fence:
        at.new_paragraph()
    elif not at.said and (name := _names_field(line, at.words)):
        at.said = True
        said = _(
            "«{name}:» là trường của câu hỏi nhưng đứng ngoài hàng rào ```{{item}}, nên sẽ được phát nguyên văn.",
            name=name,
        )
        yield number, "E-FENCE-2", said


def _names_field(line: str, words: set[str]) -> str:
    """Return the field of a question that ``line`` writes, or nothing; ``words``: those of its paragraph so far."""
    if marked := _MARKED.search(line):
        return marked[1]
    for match in _FIELD.finditer(line):
        name = match["name"]
        if name.casefold() in fields():
            words.add(name.casefold())
            if name in fields() - _ORDINARY or len(words) > 1:
                return name
    return ""


@cache
def fields() -> frozenset[str]:
    """Return the names of all fields of all item types, at any depth."""
    models: list[type[BaseModel]] = [Head, *(kind.model for kind in TYPES.values())]
    return frozenset(name for model in models for name in _names(model)) | {"variants"}


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield name
        yield from (n for inner in _models(info.annotation) for n in _names(inner))


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # any annotation
    if isinstance(annotation, type) and not isinstance(annotation, GenericAlias) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _like_item(name: str) -> bool:
    """Say whether a directive's name was probably meant to be ``item``: at most one slip away, or a form of it."""
    plain = name.strip().casefold()
    if plain in _ROLES or name == "media":
        return False
    return plain.startswith(("item", "code-cell")) or _slips(plain, "item") <= 1


def _slips(one: str, other: str) -> int:
    """Return the edits between two words; two neighbours that changed places are one."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _without_code(text: str) -> str:
    """Return Markdown with the insides of code in lines blotted out, so that places stay."""
    return re.sub(r"(?<!`)(`+)(?!`)[^\n]+?(?<!`)\1(?!`)", lambda m: "x" * len(m[0]), text)
