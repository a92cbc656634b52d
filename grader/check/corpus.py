"""The whole course as text with places.

Every sentence a cadre or a marker may read, with its file, line, item and field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from grader.check.glossary import Glossary
from grader.check.quality import essential
from grader.ground import strict_yaml
from grader.ground.records import Finding
from grader.ground.syllabus import Syllabus
from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import StaffType, TextRole
from grader.text import myst
from grader.text.authoring import Authored, AuthoredItem
from grader.text.module_text import ModuleText

Role = Literal["prose", "heading", "front"] | TextRole
READ_BY_CADRES = frozenset({"prose", "heading", "alt", "front", "stem", "option", "label", "feedback", "explanation"})
_DEFAULT_PASS = Decimal("0.75")  # 15 of 20, for a module that course.yaml does not list yet

_ROLE = re.compile(r"\{(src|law)\}`([^`]*)`")
_CODE = re.compile(r"`+[^`]*`+")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+|^\s*>\s?")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)")
_RULE_LINE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """One run of text: where it stands, what it is (``role``), and its Markdown."""

    file: str
    line: int
    item: str
    field: str
    role: Role
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """All modules that can be read, and what the rules of ``check`` need beside them.

    Attributes:
        rules: course.yaml.
        course: folder of the lessons, pictures and labs.
        texts: module → its text, in the order of the course; all of them, whatever was asked for.
        chosen: the modules that findings are asked about.
        whole: whether rules about the course as a whole apply (no module was named).
        glossary: the words.
        blueprint: the plan's counts, empty when there is no ``blueprint.yaml``.
        today: the day of the check.
        read: path of a lesson or exercise → its pieces.
    """

    rules: Syllabus
    course: Path
    texts: Mapping[str, ModuleText]
    chosen: tuple[str, ...]
    whole: bool
    glossary: Glossary
    blueprint: Mapping[str, Any]
    today: date
    read: Mapping[str, tuple[Piece, ...]]

    def asked(self) -> list[ModuleText]:
        """Return the texts of the chosen modules."""
        return [self.texts[m] for m in self.chosen if m in self.texts]

    def authored(self) -> list[Authored]:
        """Return the exercises and lessons of the chosen modules."""
        return [part for text in self.asked() for part in (text.lesson, text.exercise) if part is not None]

    def pieces(self, part: Authored) -> tuple[Piece, ...]:
        """Return every run of text of a lesson or exercise, in order."""
        return self.read[str(part.document.path)]

    def graded(self) -> list[tuple[Authored, AuthoredItem]]:
        """Return the graded items of the whole course that count, each with its file."""
        parts = [t.exercise for t in self.texts.values() if t.exercise is not None]
        return [(part, item) for part in parts for item in part.items if not item.head.withdrawn]

    def pass_mark(self, text: ModuleText) -> Decimal:
        """Return the points that pass a module; three quarters for one that course.yaml does not list."""
        return Decimal(text.pass_mark) if text.module in self.rules.modules else Decimal(text.points) * _DEFAULT_PASS


def report(code: str, place: Piece, said: str) -> Finding:
    """Return a finding at ``place``; its code decides whether it is essential."""
    return Finding(code, place.file, place.line, place.item, place.field, said, essential(code))


def file_place(path: Path | str, line: int = 0) -> Piece:
    """Return a file as a place."""
    return Piece(str(path), line, "", "", "prose", "")


def item_place(part: Authored, item: AuthoredItem, field: str = "") -> Piece:
    """Return an item, or one of its fields (``options.2.feedback``), as a place."""
    path = tuple(int(p) if p.isdigit() else p for p in field.split(".") if p)
    lines: strict_yaml.Lines = {}
    if path:
        block = next(b for b in part.document.blocks if b.name == item.id)
        lines = strict_yaml.load_yaml(block.text)[1]
    while path and path not in lines:
        path = path[:-1]
    return Piece(str(part.document.path), item.line + (lines[path] if path else 0), item.id, field, "stem", "")


def pieces(part: Authored) -> Iterator[Piece]:
    """Yield every run of text of a lesson or exercise, in order: front matter, prose, and all fields of its items."""
    path = str(part.document.path)
    for number, outcome in enumerate(part.document.front.get("outcomes", ())):
        if isinstance(outcome, dict):
            yield Piece(
                path, outcome_line(part, number), "", f"outcomes.{number}", "front", str(outcome.get("text", ""))
            )
    known = {item.id for item in part.items}
    for block in part.document.blocks:
        if block.kind == "prose":
            yield from _prose(path, block)
        elif block.kind == "item" and block.name in known:
            data, lines = strict_yaml.load_yaml(block.text)
            yield from _fields(path, block, data, lines, (), TYPES[data["type"]])


def outcome_line(part: Authored, number: int) -> int:
    """Return the line of the outcome with this index (from 0) in the front matter."""
    text = part.document.path.read_text(encoding="utf-8-sig").split("\n")
    rows = [n for n, row in enumerate(text, 1) if re.match(r"\s+-\s*(?:\{\s*)?[\"']?text[\"']?:", row)]
    return rows[number] if number < len(rows) else 1


def _prose(path: str, block: myst.Block) -> Iterator[Piece]:
    """Cut Markdown into paragraphs, list entries, headings, table cells and the alt texts of pictures."""
    paragraph: list[str] = []
    start = block.line
    fenced = False

    def flush() -> Iterator[Piece]:
        if paragraph:
            yield Piece(path, start, "", "", "prose", "\n".join(paragraph))
            paragraph.clear()

    for number, row in enumerate([*block.text.split("\n"), ""], block.line):
        fenced ^= row.lstrip().startswith("```")
        for image in _IMAGE.finditer(row):
            yield Piece(path, number, "", image[2], "alt", image[1])
        bare = _IMAGE.sub("", row)
        special = fenced or not bare.strip() or bare.startswith(("#", "|", "```")) or _BULLET.match(bare)
        if special:
            yield from flush()
        if fenced or not bare.strip() or _RULE_LINE.match(bare) or bare.lstrip().startswith("```"):
            continue
        if bare.startswith("|"):
            yield from (
                Piece(path, number, "", "table", "prose", cell.strip())
                for cell in bare.strip().strip("|").split("|")
                if cell.strip()
            )
        elif bare.startswith("#"):
            yield Piece(path, number, "", "", "heading", bare.lstrip("# "))
        else:
            start = start if paragraph else number
            paragraph.append(_BULLET.sub("", bare))
    yield from flush()


_TEXTS: Mapping[str, Role] = {
    "stem": "stem",
    "explanation": "explanation",
    "feedback": "feedback",
    "alt": "alt",
    "caption": "label",
    "transcript": "stem",
}
"""What the fields are that any type may have; the others are named by the types."""


def _fields(
    path: str, block: myst.Block, node: Any, lines: strict_yaml.Lines, at: tuple[str | int, ...], of: StaffType
) -> Iterator[Piece]:  # YAML
    if isinstance(node, dict):
        for key, child in node.items():
            yield from _fields(path, block, child, lines, (*at, key), of)
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _fields(path, block, child, lines, (*at, index), of)
    else:
        role = _role(at, of)
        if role:
            yield Piece(path, block.line + lines.get(at, 1) - 1, block.name, ".".join(map(str, at)), role, str(node))


def _role(at: tuple[str | int, ...], of: StaffType) -> Role | None:
    """Say what a field is, from its path inside the item: a text, the ``text`` of an entry, or part of a whole."""
    names = [p for p in at if isinstance(p, str)]
    for name, role in of.inside.items():
        if name in names:
            return role
    known = {**_TEXTS, **of.roles}
    if names[-1] == "text":
        return next((known[name] for name in reversed(names[:-1]) if name in known), known.get("text"))
    return known.get(names[-1])


def source_ids(text: str) -> list[tuple[str, str]]:
    """Return the ``{src}`` and ``{law}`` roles of a text as (kind, id)."""
    return _ROLE.findall(text)


def units(text: str) -> list[str]:
    """Return the paragraphs and list entries of a piece's Markdown as plain text.

    No markup, roles, code or link targets.
    """
    bare = _LINK.sub(r"\1", _IMAGE.sub("", _CODE.sub(" ", _ROLE.sub("", _TAG.sub(" ", text)))))
    found: list[str] = []
    for row in bare.split("\n"):
        entry = _BULLET.match(row) is not None
        words = _EMPHASIS.sub(" ", _BULLET.sub("", row)).strip()
        if words.startswith("|"):
            found += [
                "",
                *([] if _RULE_LINE.match(words) else (cell.strip() for cell in words.strip("|").split("|"))),
                "",
            ]
        elif not words:
            found.append("")
        elif entry or not found or not found[-1]:
            found.append(words)
        else:
            found[-1] += " " + words
    return [u for u in (re.sub(r"\s+", " ", u).strip() for u in found) if u]
