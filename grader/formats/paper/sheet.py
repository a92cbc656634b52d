"""A module's exercise as it stands on paper, blank or filled in with what is right: texts, questions, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from course import items, numbers, shown
from course.rich import media
from course.words import _, into, joined
from grader.formats.losses import Loss
from grader.formats.question import Picture, Place
from grader.itemtypes import TYPES
from grader.itemtypes.shared.base import Body
from grader.text import roles
from grader.text.authoring import AuthoredItem
from grader.text.module_text import ModuleText

_COMMA = re.compile(r"-?\d+,\d+")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sheet, all Markdown.

    Attributes:
        heading: ``Câu 1 (2 điểm)``; empty for text between questions.
        text: the question, or the text.
        pictures: shown below it; one without bytes is said in words.
        below: what is ticked, filled in or written.
        key: what a marker has to know; empty on a sheet without key.
    """

    heading: str
    text: str
    pictures: tuple[Picture, ...] = ()
    below: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet in ``lang``: its title, lines below the title, and its parts in order."""

    lang: str
    title: str
    head: tuple[str, ...]
    parts: tuple[Part, ...]
    questions: int


def sheet(text: ModuleText, *, key: bool) -> tuple[Sheet, list[Loss]]:
    """Return the exercise of a module on paper, and a line for each variant and question that is not on it.

    The order of what is chosen among is always the same for the same question, with and without key.
    """
    parts: list[Part] = []
    losses: list[Loss] = []
    authored = {item.id: item for item in text.exercise.items} if text.exercise else {}
    number = 0
    for piece in roles.pieces(text.exercise, text.facts) if text.exercise else ():
        if isinstance(piece, str):
            parts.append(Part("", piece))
            continue
        item = authored[str(piece["id"])]
        place = Place(str(text.exercise.document.path) if text.exercise else "", item.line, item.id)
        if item.head.withdrawn:
            losses.append(place.loss("withdrawn"))
            continue
        number += 1
        losses += [place.loss("other-variant", str(n)) for n in range(1, len(item.bodies))]
        parts.append(_question(item, number, text, key=key))
    return Sheet(text.language, f"{text.module} · {text.title}", _head(text, key=key), tuple(parts), number), losses


def _head(text: ModuleText, *, key: bool) -> tuple[str, ...]:
    points = {name: numbers.show(Decimal(value), text.language) for name, value in _points(text)}
    said = [_("Tổng {points} điểm; đạt từ {pass_mark} điểm.", **points)]
    if key:
        said.insert(0, _("**Đáp án. Chỉ dành cho người chấm.**"))
    else:
        said.append(_("Họ và tên: …………………………………………………… Đơn vị: …………………………………………"))
    return tuple(into(line, text.language) for line in said)


def _points(text: ModuleText) -> Iterator[tuple[str, str]]:
    yield "points", text.points
    yield "pass_mark", text.pass_mark


def _question(item: AuthoredItem, number: int, text: ModuleText, *, key: bool) -> Part:
    language = {"language": text.language}
    body = items.body_of({**item.keyed, **language}, 0)
    public = items.body_of({**item.public, **language}, 0)
    kind = items.kind(item.keyed)

    def mix(entries: Sequence[Any], side: str = "") -> list[Any]:
        return shown.shuffled(entries, "", 0, item.id, side)

    points = numbers.show(item.head.points or Decimal(0), text.language)
    heading = _("Câu {number} ({points} điểm)", number=number, points=points)
    hint = kind.hint if kind.paper_hint is None else kind.paper_hint
    below = kind.on_paper(body, mix, kind.read(body, _right(item, body, text.language))) if key and _fills(item) else ""
    said = joined("\n\n", [*([joined("", ["*", hint, "*"])] if hint else []), below or kind.on_paper(public, mix)])
    return Part(
        into(heading, text.language),
        roles.prose(str(body["stem"]), text.facts).strip(),
        tuple(_pictures(item.bodies[0], str(public.get("alt", "")), text)),
        into(said, text.language),
        into(_key(item, text), text.language) if key else "",
    )


def _fills(item: AuthoredItem) -> bool:
    """Say whether there is a right answer to fill in: not where a person marks the whole."""
    return item.bodies[0].total() is None or item.bodies[0].by_hand() != item.bodies[0].total()


def _right(item: AuthoredItem, body: items.Body, lang: str) -> Any:
    """Return the right answer as a cadre of this course would type it: the types write Vietnamese numbers."""
    right = TYPES[item.head.type].right(body)
    own = {name: _number(value, lang) for name, value in right.items()} if isinstance(right, dict) else right
    return _number(own, lang)


def _number(value: Any, lang: str) -> Any:
    if isinstance(value, str) and _COMMA.fullmatch(value):
        return numbers.show(Decimal(value.replace(",", ".")), lang)
    return value


def _key(item: AuthoredItem, text: ModuleText) -> str:
    body = item.bodies[0]
    notes = [joined("", ["- ", line]) for line in body.marking(text.language)]
    explanation = roles.prose(body.explanation, text.facts).strip()
    told = [joined("\n", notes)] if notes else []
    told += [_("**Giải thích.** {explanation}", explanation=explanation)] if explanation else []
    return joined("\n\n", told)


def _pictures(body: Body, alt: str, text: ModuleText) -> Iterator[Picture]:
    """Yield the pictures of a question; sound and video stand on no paper."""
    alts = {medium.file: medium.alt for medium in body.media}
    for name in body.pictures():
        if media.element(name) == "img":
            path = text.exercise.document.path.parent / "data" / name if text.exercise else None
            yield Picture(name, path.read_bytes() if path and path.is_file() else b"", alts.get(name, alt))
