"""What the browser gets of a question: text as HTML, options in the order of this person and attempt, never a key."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from course import items, markup, numbers, vietnamese
from course.items import Body, ItemScore
from course.rich import media
from course.words import SOURCE, _, into, spoken

Spec = dict[str, Any]


def shuffled(entries: Sequence[Body], person: str, attempt: int, item: str, side: str = "") -> list[Body]:
    """Return ``entries`` in an order that is this person's for this attempt.

    Answers are stored by id, so it never matters.
    """
    mixed = list(entries)
    random.Random(f"{person}|{attempt}|{item}|{side}").shuffle(mixed)  # not for secrets
    return mixed


def question(item: Body, variant: int, person: str, attempt: int, lang: str = SOURCE) -> Spec:
    """Return what the question widget draws. ``item`` may be public or keyed: only named public fields are taken."""
    body, kind = items.body_of(item, variant), items.kind(item)

    def mix(entries: Sequence[Body], side: str = "") -> list[Body]:
        return shuffled(entries, person, attempt, str(item["id"]), side)

    points = _("{points} điểm", points=numbers.show(_decimal(item["points"]), lang))
    spec: Spec = spoken(
        {
            "id": item["id"],
            "type": item["type"],
            "title": title(str(item["id"])),
            "points": points,
            "critical": bool(item.get("critical")),
            "simulated": bool(item.get("simulated")),
            "withdrawn": bool(item.get("withdrawn")),
            "stem": markup.block(str(body["stem"])) + media.figures(body, markup.inline, lang),
            "files": [name for name in kind.files(body) if media.element(name)],
            "hint": kind.hint,
            "at_once": kind.at_once,
            "longest": items.LONGEST_ANSWER,
            **kind.fields(body, mix),
        },
        lang,
    )
    return spec


def _decimal(text: object) -> Any:  # Decimal; imported where it is needed
    from decimal import Decimal

    return Decimal(str(text or 0))


def open_parts(item: Body, variant: int, value: object) -> int:
    """Return how many parts of an answer are empty, or hold no number where one is asked for."""
    try:
        parts = items.kind(item).open_parts(items.body_of(item, variant))
    except (items.InvalidAnswer, items.UnknownType):
        return 0
    given = value if isinstance(value, Mapping) else {}

    def is_open(part: str, unit: str | None) -> bool:
        text = given.get(part)
        if not isinstance(text, str) or not vietnamese.visible(text):
            return True
        return unit is not None and numbers.read(text, unit, str(item.get("language") or SOURCE)) is None

    return sum(is_open(part, unit) for part, unit in parts.items())


def title(item: str) -> str:
    """Return how a question is called.

    ``M02-Q04`` → ``Câu 4``, ``M02-P01`` → ``Câu tự luyện 1``, ``M02-R1`` → ``Câu nhớ lại 1``.
    """
    kind, number = item.rsplit("-", maxsplit=1)[-1][:1], item.rsplit("-", maxsplit=1)[-1][1:].lstrip("0")
    names = {"Q": _("Câu"), "P": _("Câu tự luyện"), "R": _("Câu nhớ lại")}
    return (
        _("{kind} {number}", kind=names[kind], number=number)
        if kind in names and number
        else _("Câu {item}", item=item)
    )


def echoes(spec: Spec, value: object, lang: str = SOURCE) -> dict[str, str]:
    """Return how typed numbers were understood: part or cell → ``Đọc là 1200 người``.

    Says nothing about right or wrong.
    """
    parts = items.kind(spec).numbers(spec)
    if not isinstance(value, Mapping) or not parts:
        return {}
    read = {}
    for name, typed in value.items():
        if name in parts and isinstance(typed, str) and typed.strip():
            number = numbers.read(typed, parts[name], lang)
            unit = f" {parts[name]}".replace(" %", "%") if parts[name] else ""
            said = (
                _("Đọc là {number}{unit}.", number=numbers.show(number, lang), unit=unit)
                if number is not None
                else _("Chưa đọc được là một số. Viết như 91,25 hoặc 1.200.")
            )
            read[name] = into(said, lang)
    return read


def feedback(item: Body, spec: Spec, variant: int, value: object, lang: str = SOURCE) -> Spec:
    """Score a practice answer and return what the page says about it, option by option."""
    scored = items.score(item, value, variant)
    body, kind = items.body_of(item, variant), items.kind(item)
    notes = [
        {"right": n.right, "about": into(kind.said_of(spec, n.about), lang), "html": markup.inline(into(n.text, lang))}
        for n in scored.notes
        if n.text
    ]
    explanation = str(body.get("explanation") or "")
    return {
        "notes": notes,
        "verdict": into(_verdict(scored), lang),
        "explanation": markup.block(explanation),
        "message": into(scored.message, lang),
    }


def _verdict(scored: ItemScore) -> str:
    if scored.state == "blank":
        return _("Anh/chị chưa trả lời câu này.")
    if scored.state == "invalid":
        return _("Câu trả lời này chưa đọc được.")
    if scored.state == "pending_manual":
        return _("Câu này không có chấm tự động; anh/chị đối chiếu với gợi ý dưới đây.")
    if scored.automatic >= scored.max_points:
        return _("Đúng rồi.")
    return _("Đúng một phần.") if scored.automatic > 0 else _("Chưa đúng. Anh/chị thử lại nhé.")
