"""What an author sees of a module: each question as cadres see it, its key, its feedback, and what ``check`` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from course import items, markup, shown
from course.rich import media
from course.words import Text, _, into
from grader.check import inspect
from grader.check.corpus import Piece, pieces
from grader.ground.errors import ModuongError
from grader.ground.records import Finding
from grader.ground.syllabus import Syllabus
from grader.itemtypes import TYPES
from grader.text import module_text, roles
from grader.text.authoring import Authored, AuthoredItem
from grader.text.module_text import ModuleText

State = dict[str, Any]
_SAID = {"feedback": _("phản hồi"), "explanation": _("giải thích"), "rubric": _("thang chấm"), "sample": _("bài mẫu")}
"""Roles of texts that stand in the column of feedback."""


def of(text: ModuleText, lang: str) -> State:
    """Return the page of a module as JSON data, in ``lang`` (the questions speak the course's language).

    ``parts`` lists lesson and exercise; each has ``blocks``: ``{"html"}`` for prose, or a question with its bodies'
    ``spec`` (what the widget draws), ``key`` and ``feedback`` (HTML).
    """
    parts = [(name, part) for name, part in (("lesson", text.lesson), ("exercise", text.exercise)) if part]
    return {"parts": [{"name": name, "blocks": list(_blocks(name, part, text, lang))} for name, part in parts]}


def _blocks(name: str, part: Authored, text: ModuleText, lang: str) -> Iterator[State]:
    found = {item.id: item for item in part.items}
    said = list(pieces(part))
    figures = {block.line: medium.public() for block, medium in part.media}
    for block in part.document.blocks:
        if block.kind == "prose":
            yield {"html": markup.block(roles.prose(block.text, text.facts).replace("](images/", "](")), "media": name}
        elif block.kind == "media" and block.line in figures:
            yield {"html": media.figures({"media": [figures[block.line]]}, markup.inline, text.language), "media": name}
        elif block.kind == "code":
            yield {"html": markup.block(f"`{block.text}`"), "media": name}
        elif block.kind == "item" and block.name in found:
            yield _question(name, found[block.name], [p for p in said if p.item == block.name], text, lang)


def _question(name: str, item: AuthoredItem, said: Sequence[Piece], text: ModuleText, lang: str) -> State:
    keyed = roles.language_field(text) | roles.with_roles(item.keyed, text.facts)
    facts = [f"{item.head.points} đ" if item.head.points else "", item.head.type, item.head.level or ""]
    return {
        "id": item.id,
        "line": item.line,
        "about": " · ".join(fact for fact in facts if fact),
        "media": name,
        "bodies": [
            {
                "spec": {**shown.question(keyed, number, "preview", 1, text.language), "graded": False},
                "key": into(_key(keyed, number), lang),
                "feedback": [
                    {"field": p.field, "role": into(_SAID[p.role], lang), "html": markup.inline(p.text)}
                    for p in said
                    if p.role in _SAID and _belongs(p.field, number)
                ],
            }
            for number in range(len(keyed["variants"]))
        ],
    }


def _belongs(field: str, number: int) -> bool:
    """Say whether a field of the text is part of this body: fields of a variant stand below ``variants.N``."""
    names = field.split(".")
    return names[0] != "variants" or names[1] == str(number - 1)


def _key(keyed: Mapping[str, Any], number: int) -> str:
    """Return the answer that earns every automatic point, as text."""
    right = TYPES[str(keyed["type"])].right(keyed["variants"][number])
    return _("(chấm tay)") if keyed["automatic"] is None and keyed["manual"] else items.readable(keyed, right, number)


def tried(text: ModuleText, name: str, number: int, value: object) -> State | None:
    """Return what the page says about an answer; ``None`` for a question that is not there."""
    for part in (text.lesson, text.exercise):
        for item in part.items if part else ():
            if item.id == name and 0 <= number < len(item.bodies) and items.scores(item.keyed):
                keyed = roles.language_field(text) | roles.with_roles(item.keyed, text.facts)
                spec = shown.question(keyed, number, "preview", 1, text.language)
                return shown.feedback(keyed, spec, number, value, text.language)
    return None


def read(rules: Syllabus, module: str, exercises: Path, course: Path) -> tuple[ModuleText | None, list[Finding]]:
    """Return a module's text and its mistakes; no text where it cannot be read at all."""
    try:
        text = module_text.read(rules, module, exercises, course)
    except ModuongError as error:
        return None, [Finding(error.code, str(exercises / module), 0, "", "", error.said)]
    return text, module_text.mistakes(text)


def checked(rules: Syllabus, module: str, exercises: Path, course: Path) -> list[Finding]:
    """Return all that ``check`` says of the module."""
    return inspect.check(rules, exercises, course, [module])


def listed(findings: Sequence[Finding], lang: str) -> list[State]:
    """Return findings as the page lists them: ``place``, ``code``, ``item``, ``text``, ``essential``."""
    return [
        {
            "place": f"{Path(f.file).name}:{f.line}" if f.line else Path(f.file).name,
            "code": f.code,
            "item": " ".join(part for part in (f.item, f.field) if part),
            "text": into(f.said, lang) if isinstance(f.said, Text) else f.said,
            "essential": f.essential,
        }
        for f in dict.fromkeys(findings)
    ]
