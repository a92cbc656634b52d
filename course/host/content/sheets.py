"""A graded exercise in a cadre's hands: what the browser draws, what is stored of it, what may be handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from course import items, shown
from course.answers import Answer, AnswerSet
from course.handin import Receipt
from course.host.store.drafts import Kept, Other, Place
from course.host.store.learning import HandedIn
from course.released import Released
from course.widgets import asked
from course.words import _, into, spoken


def drawn(of: Released, place: Place, item: str) -> int | None:
    """Return which variant of an item this attempt draws; ``None`` when there is no such item."""
    for one in of.items:
        if one["id"] == item:
            return of.asked.draw(place.person, one, place.turn)
    return None


def spec(of: Released, item: Mapping[str, Any], place: Place, answer: Answer | None, pictures: str) -> dict[str, Any]:
    """Return what the browser draws of one item: in the variant that was answered, else the one that is drawn."""
    chosen = of.asked.draw(place.person, item, place.turn)
    variant = asked.variant_of(item, answer.variant if answer else None, chosen)
    found = shown.question(item, variant, place.person, place.turn, of.language)
    starter = items.kind(item).cell(items.body_of(item, variant))
    own = {} if starter is None else {"starter": starter}
    return {**with_picture(found, pictures), **own, "graded": True, "variant": variant}


def with_picture(found: dict[str, Any], pictures: str) -> dict[str, Any]:
    """Return a question whose pictures, sound and video are fetched from the module's files."""
    return {**found, "media": {name: {"src": f"{pictures}data/{name}"} for name in found["files"]}}


_drawings: dict[tuple[str, str, str, str, int], Mapping[str, Any]] = {}
_MOST_DRAWINGS = 5000


def _drawing(of: Released, item: Mapping[str, Any], variant: int) -> Mapping[str, Any]:
    """Return a question as it is drawn for nobody in particular, kept: each save asks what its answer is called."""
    key = (of.module, of.release, of.language, item["id"], variant)
    if key not in _drawings:
        if len(_drawings) > _MOST_DRAWINGS:
            _drawings.clear()
        _drawings[key] = shown.question(item, variant, "", 1, of.language)
    return _drawings[key]


def left(item: Mapping[str, Any], answer: Answer | None) -> int | None:
    """Return how many parts of an item are open; ``None`` while it has no answer."""
    if answer is None or items.is_blank(answer.value):
        return None
    return shown.open_parts(item, answer.variant, answer.value)


def kept(of: Released, item: Mapping[str, Any], place: Place, held: Kept) -> dict[str, Any]:
    """Return what the page says of what is stored: the answer, and texts that were typed on older versions."""
    answer = held.answer
    variant = asked.variant_of(item, answer.variant if answer else None, drawn(of, place, item["id"]) or 0)
    said = asked.stored(_drawing(of, item, variant), answer, of.language) if answer else None
    return {"item": item["id"], "stored": said, "others": [_other(of, item, one) for one in held.others]}


def _other(of: Released, item: Mapping[str, Any], one: Other) -> dict[str, Any]:
    text = into(items.readable(item, one.value, one.variant), of.language)
    at = one.time[11:16]
    return {"client": one.client, "variant": one.variant, "value": one.value, "text": text, "at": at}


def answer_set(of: Released, place: Place, answers: Mapping[str, Answer]) -> AnswerSet:
    """Return the ``answers.json`` of an attempt, as the notebook edition writes it."""
    return AnswerSet(of.module, answers, of.course, of.release, place.person, place.turn)


def receipt(done: HandedIn) -> dict[str, Any]:
    """Return a hand-in as the receipt that the page shows."""
    return asdict(
        Receipt(done.module, done.person, done.attempt, done.answered, done.total, done.at, done.code, done.entry)
    )


def state(
    of: Released, answers: AnswerSet, done: Sequence[HandedIn], wait_hours: int, stopped: str = ""
) -> dict[str, Any]:
    """Return what the hand-in shows, in the course's language; ``stopped`` is why none would be taken now."""
    whole = asked.Sheet(of.items, answers.person, answers.attempt)
    found = asked.sheet(whole, answers, [receipt(one) for one in done], wait_hours=wait_hours)
    hint = _("Biên nhận này được giữ trên máy chủ. Kết quả và phản hồi sẽ hiện ở Trang chủ sau khi chấm.")
    said: dict[str, Any] = spoken({**found, "hint": hint, "stopped": stopped}, of.language)
    return said
