"""Strict reading of what a learner's machine wrote: JSON within bounds, then the document of ``answers.json``."""

from __future__ import annotations

import json
import math
from typing import Any

from course.answers.records import LARGEST_FILE, SCHEMA, TOO_LARGE, Answer, AnswersError, AnswerSet
from course.words import _

DEEPEST = 32
MOST_VALUES = 1_000_000
"""A JSON text with more commas and opening brackets than this is not parsed.

The objects in memory would be far larger than the text.
"""
_WIDEST_WHOLE = 1 << 63
_PACKAGED = {"schema", "course", "module", "release", "person", "attempt", "answers"}


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise AnswersError("E-SUB-10", _("Tệp bài làm ghi một khóa hai lần nên không biết lấy giá trị nào."))
    return data


def _no_constant(name: str) -> Any:  # json's hook
    raise AnswersError("E-SUB-05", _("Tệp bài làm có giá trị {name}, không phải JSON.", name=name))


def _finite(text: str) -> float:
    """Read a JSON number with a fraction or exponent.

    ``1e400`` is legal JSON, but nothing that could be stored again.
    """
    number = float(text)
    return number if math.isfinite(number) else _no_constant(text[:20])


def _storable(text: str) -> int:
    """Read a whole number, refusing what the ledger could not give back."""
    number = int(text)  # more than 4,300 digits is a ValueError
    return number if -_WIDEST_WHOLE <= number < _WIDEST_WHOLE else _no_constant(text[:20] + "…")


def load_json(raw: bytes) -> Any:  # any JSON
    """Read untrusted JSON.

    UTF-8 (a BOM is accepted), no duplicate keys, no NaN, numbers of 64 bits, bounded depth and size.

    Raises:
        AnswersError: ``E-SUB-04`` too many values, ``E-SUB-05`` or ``E-SUB-10``.
    """
    if weight(raw) > MOST_VALUES:
        raise AnswersError("E-SUB-04", _("Tệp bài làm có quá nhiều giá trị."))
    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_storable,
        )
    except AnswersError:
        raise
    except (ValueError, RecursionError):
        raise AnswersError("E-SUB-05", _("Tệp bài làm không đọc được (không phải JSON ở dạng UTF-8).")) from None


def weight(raw: bytes) -> int:
    """Return an upper bound of how many values the JSON text ``raw`` holds, without parsing it."""
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _too_deep(value: object, left: int = DEEPEST) -> bool:
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_too_deep(child, left - 1) for child in children)


def _size(value: object) -> int | None:
    """Return the bytes that ``value`` takes when written again; ``None`` when it cannot be (a lone surrogate)."""
    try:
        return len(json.dumps(value, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        return None


def parse(raw: bytes) -> AnswerSet:
    """Read the bytes of an ``answers.json``.

    Raises:
        AnswersError: ``E-SUB-04`` too large, ``E-SUB-05`` no JSON, ``E-SUB-08`` a field of wrong type,
            ``E-SUB-10`` duplicate key.
    """
    if len(raw) > LARGEST_FILE:
        raise AnswersError(*TOO_LARGE)
    return from_json(load_json(raw))


def from_json(data: object) -> AnswerSet:
    """Validate the document of an ``answers.json``; what is wrong in one answer is left to scoring (``invalid``)."""

    def bad(field_name: str) -> AnswersError:
        return AnswersError("E-SUB-08", _("Tệp bài làm sai ở trường «{field_name}».", field_name=field_name))

    if not isinstance(data, dict) or data.get("schema") != SCHEMA or isinstance(data.get("schema"), bool):
        raise bad("schema")
    if _too_deep(data) or (size := _size(data)) is None:
        raise bad("answers")
    if size > LARGEST_FILE:  # the copy in a notebook, which may itself be larger
        raise AnswersError(*TOO_LARGE)
    if not isinstance(data.get("module"), str) or not data["module"]:
        raise bad("module")
    if not isinstance(data.get("answers"), dict):
        raise bad("answers")
    for name in ("course", "release", "person"):
        if not isinstance(data.get(name, ""), str):
            raise bad(name)
    attempt = data.get("attempt", 1)
    if not whole(attempt) or attempt < 1:
        raise bad("attempt")
    warnings = [_("Bỏ qua trường lạ «{value}».", value=str(name)[:30]) for name in data if name not in _PACKAGED]
    answers = {}
    for item, entry in data["answers"].items():
        if not isinstance(entry, dict) or "value" not in entry:
            raise bad(f"answers.{item[:30]}")
        answers[item] = Answer(
            entry["value"],
            entry.get("variant", 0),
            entry["seq"] if whole(entry.get("seq")) else 0,
            entry["saved_at"] if isinstance(entry.get("saved_at"), str) else "",
        )
    return AnswerSet(
        data["module"],
        answers,
        data.get("course", ""),
        data.get("release", ""),
        data.get("person", ""),
        attempt,
        tuple(warnings),
    )


def whole(value: object) -> bool:
    """Say whether ``value`` is a whole number that JSON and every browser keep exactly."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53
