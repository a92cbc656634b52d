"""How parts of an answer are read, whatever the type: texts, ids, filled parts, numbers with units, accepted words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from course import numbers, vietnamese
from course.types.shared.base import LONGEST_ANSWER, Body, InvalidAnswer, Note, Outcome
from course.words import SOURCE, _, joined


def is_blank(value: object) -> bool:
    """Say whether ``value`` is no answer: absent, null, only spaces, ``[]``, ``{}``, or all parts empty."""
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    return is_empty(value) or value == []


def is_empty(value: object) -> bool:
    """Say whether one part is empty: absent, null, or nothing that can be seen."""
    return value is None or (isinstance(value, str) and not vietnamese.visible(value))


def text(value: object) -> str:
    """Return a text, cut at the longest answer.

    Raises:
        InvalidAnswer: it is none.
    """
    if not isinstance(value, str):
        raise InvalidAnswer(_("Câu trả lời phải là một đoạn văn bản."))
    return value[:LONGEST_ANSWER]


def one_id(value: object, known: Sequence[str]) -> str:
    """Return one known id.

    Raises:
        InvalidAnswer: it is none of them.
    """
    if not isinstance(value, str) or value not in known:
        raise InvalidAnswer(_("Hãy chọn một trong các phương án của câu hỏi."))
    return value


def ids(value: object, known: Sequence[str]) -> list[str]:
    """Return a list of ids, each known and named once.

    Raises:
        InvalidAnswer: no list of ids, an unknown one, or one twice.
    """
    if not isinstance(value, list) or not all(isinstance(i, str) for i in value):
        raise InvalidAnswer(_("Câu trả lời phải là một danh sách mã."))
    unknown = [i for i in value if i not in known]
    if unknown:
        raise InvalidAnswer(_("Mã «{unknown}» không có trong câu hỏi.", unknown=unknown[0][:20]))
    if len(set(value)) != len(value):
        raise InvalidAnswer(_("Có một mã được chọn hai lần."))
    return value


def parts(value: object, known: Sequence[str]) -> dict[str, str]:
    """Return the filled parts of a ``{part: text}`` answer, each cut at the longest answer.

    Raises:
        InvalidAnswer: no mapping, an unknown part, or a part that is no text.
    """
    if not isinstance(value, Mapping):
        raise InvalidAnswer(_("Câu trả lời phải ghi theo từng phần."))
    filled = {}
    for part, typed in value.items():
        if part not in known:
            raise InvalidAnswer(_("Phần «{value}» không có trong câu hỏi.", value=str(part)[:20]))
        if is_empty(typed):
            continue
        if not isinstance(typed, str):
            raise InvalidAnswer(_("Phần «{part}» phải là văn bản.", part=part))
        filled[part] = typed[:LONGEST_ANSWER]
    return filled


def accepts(typed: str, accepted: Sequence[str], *, bare: bool) -> bool:
    """Say whether ``typed`` is one of the accepted texts, as people compare them; ``bare``: without diacritics."""
    folded = vietnamese.fold(typed, diacritics=bare)
    return any(folded == vietnamese.fold(a, diacritics=bare) for a in accepted)


def measure(part: Body, typed: str, lang: str = SOURCE) -> tuple[bool, Note]:
    """Score one number, typed into a keyed ``part`` (id, unit, value, tol, feedback): right or not, and the feedback.

    The note is neither right nor wrong where no number could be read.
    """
    number = numbers.read(typed, part.get("unit", ""), lang)
    if number is None:
        unit = f" ({part['unit']})" if part.get("unit") else ""
        said = _("Chưa đọc được «{typed}» là một số{unit}. Hãy viết như 91,25 hoặc 1.200.", typed=typed[:40], unit=unit)
        return False, Note(part["id"], None, said)
    tolerance, exact = Fraction(part["tol"]), Fraction(number)  # Decimal would round the difference to 28 digits
    right = abs(exact - Fraction(part["value"])) <= tolerance
    shown = numbers.show(number, lang)
    if right:
        return True, Note(part["id"], True, _("Đọc là {shown}. Đúng.", shown=shown))
    for typical in part.get("feedback", []):
        if abs(exact - Fraction(typical["value"])) <= tolerance:
            return False, Note(part["id"], False, typical["text"])
    return False, Note(part["id"], False, _("Đọc là {shown}. Chưa đúng: hãy xem lại cách tính và mẫu số.", shown=shown))


def entered(field: Body, typed: str, lang: str = SOURCE) -> tuple[bool, Note]:
    """Score what was typed into a keyed ``field`` that takes words (``accept``, ``fold``) or a number, as ``measure``.

    Its ``feedback`` is one text for whoever is wrong.
    """
    if "accept" in field:
        right = accepts(typed, field["accept"], bare=bool(field.get("fold")))
        return right, Note(field["id"], right, _("Đúng.") if right else field["feedback"])
    right, note = measure({**field, "feedback": []}, typed, lang)
    return right, Note(field["id"], False, field["feedback"]) if note.right is False else note


def added_up(parts: Sequence[Body], results: Sequence[tuple[Body, bool, Note]]) -> Outcome:
    """Add up ``parts`` that carry points of their own, from the (part, right, note) of those that were filled.

    One unreadable part earns 0 and is named, all unreadable is invalid.

    Raises:
        InvalidAnswer: of nothing that was typed a number could be read.
    """
    unreadable = [note for _, _, note in results if note.right is None]
    if unreadable and len(unreadable) == len(results):
        raise InvalidAnswer(unreadable[0].text)
    whole = sum((Fraction(p["points"]) for p in parts), Fraction(0))
    earned = sum((Fraction(part["points"]) for part, right, _ in results if right), Fraction(0))
    return Outcome(
        earned / whole,
        [n for _, _, n in results],
        message=joined(" ", [n.text for n in unreadable]) if unreadable else "",
    )
