"""What the browser gets of a question: text as HTML, options in the order of this person and attempt, never a key."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from course import items, markup, vietnamese
from course.items import Body, ItemScore

Spec = dict[str, Any]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HINTS = {
    "single": "Chọn một phương án.",
    "multiple": "Chọn mọi phương án đúng. Chọn thêm phương án sai thì bớt điểm.",
    "match": "Với mỗi ý, chọn chữ cái của vế phù hợp. Mỗi chữ cái chỉ dùng một lần; có vế thừa.",
    "order": "Kéo, hoặc bấm mũi tên, để xếp việc làm trước lên trên.",
    "number": "Viết số như 91,25 hoặc 1.200.",
    "text": "Viết ngắn gọn.",
    "post": "Viết bài vào ô dưới đây.",
    "essay": "Viết bài vào ô dưới đây. Bài này có người chấm.",
    "table": "Điền vào các ô trống; số viết như 91,25 hoặc 1.200.",
    "code": "Viết mã vào ô ngay bên dưới câu này.",
}
"""Type → what to do, in one sentence."""


def shuffled(entries: Sequence[Body], person: str, attempt: int, item: str, side: str = "") -> list[Body]:
    """Return ``entries`` in an order that is this person's for this attempt.

    Answers are stored by id, so it never matters.
    """
    mixed = list(entries)
    random.Random(f"{person}|{attempt}|{item}|{side}").shuffle(mixed)  # not for secrets
    return mixed


def question(item: Body, variant: int, person: str, attempt: int) -> Spec:
    """Return what the question widget draws. ``item`` may be public or keyed: only named public fields are taken."""
    body = items.body_of(item, variant)
    kind = str(item["type"])
    return {
        "id": item["id"],
        "type": kind,
        "title": title(str(item["id"])),
        "points": f"{vietnamese.show_number(_decimal(item['points']))} điểm",
        "critical": bool(item.get("critical")),
        "simulated": bool(item.get("simulated")),
        "withdrawn": bool(item.get("withdrawn")),
        "stem": markup.block(str(body["stem"])),
        "hint": HINTS.get(kind, ""),
        "longest": items.LONGEST_ANSWER,
        **_parts(kind, body, person, attempt, str(item["id"])),
    }


def _decimal(text: object) -> Any:  # Decimal; imported where it is needed
    from decimal import Decimal

    return Decimal(str(text or 0))


def open_parts(item: Body, variant: int, value: object) -> int:
    """Return how many parts of an answer are empty, or hold no number where one is asked for."""
    try:
        body = items.body_of(item, variant)
    except items.InvalidAnswer:
        return 0
    by_type: dict[str, dict[str, str | None]] = {
        "match": {e["id"]: None for e in body.get("left", [])},
        "number": {p["id"]: str(p.get("unit", "")) for p in body.get("parts", [])},
        "table": {c: None for c, cell in body.get("cells", {}).items() if "given" not in cell},
    }
    parts = by_type.get(item["type"], {})
    given = value if isinstance(value, Mapping) else {}

    def is_open(part: str, unit: str | None) -> bool:
        text = given.get(part)
        if not isinstance(text, str) or not vietnamese.visible(text):
            return True
        return unit is not None and vietnamese.read_number(text, unit) is None

    return sum(is_open(part, unit) for part, unit in parts.items())


def title(item: str) -> str:
    """Return how a question is called.

    ``M02-Q04`` → ``Câu 4``, ``M02-P01`` → ``Câu tự luyện 1``, ``M02-R1`` → ``Câu nhớ lại 1``.
    """
    kind, number = item.rsplit("-", maxsplit=1)[-1][:1], item.rsplit("-", maxsplit=1)[-1][1:].lstrip("0")
    names = {"Q": "Câu", "P": "Câu tự luyện", "R": "Câu nhớ lại"}
    return f"{names[kind]} {number}" if kind in names and number else f"Câu {item}"


def _labelled(entries: Sequence[Body], letters: bool = False) -> list[Spec]:  # one private switch
    return [
        {"id": e["id"], "html": markup.inline(e["text"]), **({"letter": _LETTERS[n % 26]} if letters else {})}
        for n, e in enumerate(entries)
    ]


def _parts(kind: str, body: Body, person: str, attempt: int, item: str) -> Spec:
    """Return the fields that only this type has."""
    if kind in {"single", "multiple"}:
        return {"options": _labelled(shuffled(body["options"], person, attempt, item), letters=True)}
    if kind == "match":
        right = shuffled(body["right"], person, attempt, item, "right")
        return {
            "left": _labelled(shuffled(body["left"], person, attempt, item, "left")),
            "right": _labelled(right, letters=True),
        }
    if kind == "order":
        return {"steps": _labelled(shuffled(body["steps"], person, attempt, item))}
    if kind == "number":
        return {
            "parts": [
                {"id": p["id"], "label": markup.inline(p["label"]), "unit": p.get("unit", "")} for p in body["parts"]
            ]
        }
    if kind == "table":
        cells = {c: {"given": cell.get("given"), "unit": cell.get("unit", "")} for c, cell in body["cells"].items()}
        return {"columns": _labelled(body["columns"]), "rows": _labelled(body["rows"]), "cells": cells}
    if kind in {"post", "essay"}:
        criteria = [markup.inline(c) for c in body.get("criteria") or []]
        return {"words": body.get("words"), "min_words": body.get("min_words"), "criteria": criteria}
    return {"given": body["given"]} if body.get("given") else {}


def echoes(spec: Spec, value: object) -> dict[str, str]:
    """Return how typed numbers were understood: part or cell → ``Đọc là 1200 người``.

    Says nothing about right or wrong.
    """
    parts = {p["id"]: p["unit"] for p in spec.get("parts", [])}
    if not isinstance(value, Mapping) or not parts:
        return {}
    read = {}
    for name, typed in value.items():
        if name in parts and isinstance(typed, str) and typed.strip():
            number = vietnamese.read_number(typed, parts[name])
            unit = f" {parts[name]}".replace(" %", "%") if parts[name] else ""
            read[name] = (
                f"Đọc là {vietnamese.show_number(number)}{unit}."
                if number is not None
                else "Chưa đọc được là một số. Viết như 91,25 hoặc 1.200."
            )
    return read


def feedback(item: Body, spec: Spec, variant: int, value: object) -> Spec:
    """Score a practice answer and return what the page says about it, option by option."""
    scored = items.score(item, value, variant)
    body = items.body_of(item, variant)
    notes = [
        {"right": n.right, "about": _about(spec, n.about), "html": markup.inline(n.text)}
        for n in scored.notes
        if n.text
    ]
    explanation = str(body.get("explanation") or "")
    return {
        "notes": notes,
        "verdict": _verdict(scored),
        "explanation": markup.block(explanation),
        "message": scored.message,
    }


def _about(spec: Spec, about: str) -> str:
    """Return how the page names what a note is about: a letter, a part's label, or nothing."""
    for field in ("options", "left", "parts", "rows"):
        for number, entry in enumerate(spec.get(field, []), start=1):
            if entry["id"] == about:
                return str(entry.get("letter") or (f"Ý {number}" if field == "left" else ""))
    return ""


def _verdict(scored: ItemScore) -> str:
    if scored.state == "blank":
        return "Anh/chị chưa trả lời câu này."
    if scored.state == "invalid":
        return "Câu trả lời này chưa đọc được."
    if scored.state == "pending_manual":
        return "Câu này không có chấm tự động; anh/chị đối chiếu với gợi ý dưới đây."
    if scored.automatic >= scored.max_points:
        return "Đúng rồi."
    return "Đúng một phần." if scored.automatic > 0 else "Chưa đúng. Anh/chị thử lại nhé."
