"""Cuts a GIFT file into questions with their lines, also where blank lines are missing or stand where they should not.

GIFT (Moodle's documentation): questions are parted by blank lines, ``//`` begins a comment, ``::name::`` a question,
``$CATEGORY:`` a category, braces hold the answers, a backslash takes the meaning from ``~ = # { } :`` and makes a
line break with ``n``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ESCAPED = {c: chr(0xE000 + n) for n, c in enumerate("~=#{}:\n\\")}
"""Sign → the private character that stands for its escaped form until the text is read."""
_BACK = str.maketrans({mark: sign for sign, mark in ESCAPED.items()})
_PRIVATE = re.compile("[\ue000-\ue00f]")
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_FORMULA = re.compile(
    r"\$\$.{1,2000}?\$\$|\\\(.{1,2000}?\\\)|\\\[.{1,2000}?\\\]|(?<!\$)\$[^$\n{}]*\\[A-Za-z]+\{[^$\n]*\$(?!\$)"
)
_STYLE = re.compile(r"<(style|script)\b[^>]*>.{0,20000}?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"""</?[A-Za-z][\w:]*(?:\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=~{}]+))?)*\s*/?>""")
_COMMAND = re.compile(r"(?:eq|e|u|abla|ot|otin|i|mid|eg|parallel|cong|sim)(?![A-Za-zÀ-ỹ])")
"""What follows backslash and n where they begin a command of a formula (neq, nu) and no line break."""
_COMMENT_ID = re.compile(r"\[(id|tag):((?:\\]|[^\]])+)\]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One question as it stands, escapes replaced by ``ESCAPED``.

    Attributes:
        line: of its first line, from 1.
        text: without comments.
        tags: from ``[tag:…]`` in the comments before and inside it.
        notes: codes of the loss report with what they are about.
    """

    line: int
    text: str
    tags: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def unescape(text: str) -> str:
    """Return the text with every escaped sign as itself."""
    return text.translate(_BACK)


def chunks(text: str) -> list[Chunk]:
    """Return the questions and category lines of a file, in order."""
    cutter = _Cutter()
    rows = _hidden(_PRIVATE.sub("", text)).split("\n")
    following = [""] * len(rows)
    for n in range(len(rows) - 2, -1, -1):
        below = rows[n + 1].strip()
        following[n] = below if below and not below.startswith("//") else following[n + 1]
    for number, row in enumerate(rows, 1):
        cutter.take(number, row, following[number - 1])
    cutter.end()
    return cutter.found


def _hidden(text: str) -> str:
    """Return the text with escapes replaced, and with braces and signs of formulas and tags out of the way."""
    text = _ESCAPE.sub(_replaced, text)
    text = _FORMULA.sub(lambda m: _cover(m[0], "{}=~#"), text)
    text = _STYLE.sub(lambda m: _cover(m[0], "{}=~#"), text)
    return _TAG.sub(lambda m: _cover(m[0], "=~#{}"), text)


def _replaced(match: re.Match[str]) -> str:
    if match[1] != "n":
        return ESCAPED[match[1]]
    return match[0] if _COMMAND.match(match.string, match.end()) else ESCAPED["\n"]


def _cover(text: str, signs: str) -> str:
    return "".join(ESCAPED[c] if c in signs else c for c in text)


class _Cutter:
    """Collects rows until a question is whole."""

    def __init__(self) -> None:
        self.found: list[Chunk] = []
        self.rows: list[tuple[int, str]] = []
        self.tags: list[str] = []
        self.notes: list[tuple[str, str]] = []
        self.depth = 0
        self.closed_at = -1  # index in rows of the row with the closing brace

    def take(self, number: int, row: str, following: str) -> None:
        bare = row.strip()
        if bare.startswith("//"):
            self.tags += [tag.replace("\\]", "]").strip() for kind, tag in _COMMENT_ID.findall(bare) if kind == "tag"]
            return
        if not bare:
            self._blank(following)
            return
        if bare.startswith("$CATEGORY:"):
            self.end()
            self.found.append(Chunk(number, bare))
            return
        self._part_if_glued(bare)
        self.rows.append((number, row))
        self._count(row)

    def _blank(self, following: str) -> None:
        if self.depth and following.startswith(("=", "~", "#", "}", "%")):
            if ("blank-inside", "") not in self.notes:
                self.notes.append(("blank-inside", ""))
        else:
            self.end()

    def _part_if_glued(self, bare: str) -> None:
        """End the question before where a name, or a second pair of braces on a later row, shows a new one."""
        if not self.rows:
            return
        if bare.startswith("::") and bare.count("::") > 1 and self.depth == 0:
            self.end()
            self.notes.append(("glued", ""))
        elif self.closed_at >= 0 and "{" in bare:
            later = self.rows[self.closed_at + 1 :]
            self.rows = self.rows[: self.closed_at + 1]
            self.end()
            self.rows = later
            self.notes.append(("glued", ""))

    def _count(self, row: str) -> None:
        before = self.depth
        self.depth = max(0, self.depth + row.count("{") - row.count("}"))
        if self.depth == 0 and (before or "}" in row) and self.closed_at < 0:
            self.closed_at = len(self.rows) - 1

    def end(self) -> None:
        if self.rows:
            text = "\n".join(row for _, row in self.rows).strip()
            self.found.append(Chunk(self.rows[0][0], text, tuple(self.tags), tuple(self.notes)))
            self.tags, self.notes = [], []
        self.rows, self.depth, self.closed_at = [], 0, -1
