"""Writes out the roles that authors use in prose: ``{src}`` names a source, ``{law}`` quotes a dated fact of law."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from course.drawing import FIELD, NO_REPEAT
from course.items import kind
from course.rich import media
from course.words import SOURCE
from grader.itemtypes.shared.media import Medium
from grader.text.authoring import Authored
from grader.text.module_text import ModuleText

Facts = Mapping[str, Mapping[str, str]]
_SOURCE_ROLE = re.compile(r"\{src\}`([^`]+)`")
_LAW_ROLE = re.compile(r"\{law\}`([^`]+)`")


def prose(text: str, facts: Facts) -> str:
    """Return Markdown in which ``{src}`` and ``{law}`` roles are written out."""

    def law(match: re.Match[str]) -> str:
        fact = facts.get(match[1])
        if fact is None:
            return f"[{match[1]}]"
        return f"{fact['text']}{_duty(fact)} *({_origin(fact)}.)*"

    return _SOURCE_ROLE.sub(lambda m: f"*[nguồn: {m[1]}]*", _LAW_ROLE.sub(law, text))


def _duty(fact: Mapping[str, str]) -> str:
    """Say what a fact obliges whom to do, and when not; empty for a fact that has no duty."""
    if not fact.get("duty"):
        return ""
    who = f" (bên phải làm: {fact['who']})" if fact.get("who") else ""
    unless = f" Ngoại lệ: {fact['exception'].rstrip('.')}." if fact.get("exception") else ""
    return f" **Phải làm:** {fact['duty'].rstrip('.')}{who}.{unless}"


def _origin(fact: Mapping[str, str]) -> str:
    """Name the sources, the time in force, the day of the last reading, and the lawyer, or that none has read it."""
    second = f"; đối chiếu: {fact['second_source']}" if fact.get("second_source") else ""
    until = f" đến {_day(fact['in_force_until'])}" if fact.get("in_force_until") else ""
    lawyer = f"luật sư xem: {fact['sign_off']}" if fact.get("sign_off") else "chưa có luật sư xem"
    return (
        f"Nguồn: {fact['source']}{second}; có hiệu lực từ {_day(fact['in_force_from'])}{until}; kiểm tra ngày "
        f"{_day(fact['verified_on'])}; {lawyer}"
    )


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day):02}/{int(month):02}/{year}"


def figure(medium: Medium) -> str:
    """Return the Markdown by which a lesson's notebook shows a picture, or plays sound or video."""
    kind, address = media.element(medium.file), f"images/{medium.file}"
    shown = (
        f"![{medium.alt}]({address})" if kind == "img" else f'<{kind} controls preload="none" src="{address}"></{kind}>'
    )
    parts = [shown, f"*{medium.caption} · Nguồn: {medium.source}*" if medium.caption else f"*Nguồn: {medium.source}*"]
    if kind != "img":
        parts += [f"**{medium.alt}**", f"*Lời bằng chữ:* {medium.transcript}"]
    return "\n\n".join(parts)


def pieces(exercise: Authored, facts: Facts) -> list[str | Mapping[str, Any]]:
    """Return the exercise's prose and public items in order."""
    items = {item.id: item.public for item in exercise.items}
    found: list[str | Mapping[str, Any]] = []
    for block in exercise.document.blocks:
        if block.kind == "prose":
            found.append(prose(block.text, facts))
        elif block.kind == "item":
            found.append(items[block.name])
    return found


def lesson_pieces(lesson: Authored, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the lesson's prose (written out), labs and ids of practice questions in order, each with its kind."""
    shown = {block.line: medium for block, medium in lesson.media}
    for block in lesson.document.blocks:
        if block.kind == "item":
            yield "item", block.name
        elif block.kind == "media" and block.line in shown:
            yield "prose", figure(shown[block.line])
        elif block.kind == "prose":
            yield "prose", prose(block.text, facts)
        elif block.kind == "code":
            yield "code", block.text


def with_roles(item: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """Return ``item`` with the roles in its stems and explanations written out."""
    variants = []
    for body in item["variants"]:
        changed = {name: prose(body[name], facts) for name in ("stem", "explanation") if name in body}
        variants.append({**body, **changed})
    return {**item, "variants": variants}


def public_items(text: ModuleText) -> dict[str, Any]:
    """Return what ``items.json`` holds: the exercise's questions as cadres see them.

    ``files`` tells what each picture, sound and data set is, so that another one under the same name is another
    release.
    """
    files = digests(text.exercise) if text.exercise else {}
    return {
        "schema": 1,
        "course": text.course_id,
        "module": text.module,
        "title": text.title,
        **language_field(text),
        FIELD: NO_REPEAT,
        **({"files": files} if files else {}),
        "items": [language_field(text) | with_roles(item.public, text.facts) for item in text.exercise.items]
        if text.exercise
        else [],
    }


def files(part: Authored) -> list[str]:
    """Return the files of the ``data`` folder that the page needs: those alone that the public items name."""
    return sorted(
        {name for item in part.items for body in item.public["variants"] for name in kind(item.public).files(body)}
    )


def digests(part: Authored) -> dict[str, str]:
    """Return file → 16 hex digits of the SHA-256 of its content; one that is missing is left out, and a mistake."""
    folder = part.document.path.parent / "data"
    there = [name for name in files(part) if (folder / name).is_file()]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:16] for name in there}


def language_field(text: ModuleText) -> dict[str, str]:
    """Return the field that says a release's language; Vietnamese is meant where it is missing, as ever."""
    return {} if text.language == SOURCE else {"language": text.language}
