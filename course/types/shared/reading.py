"""How parts of an answer are read, whatever the type: texts, ids, filled parts, numbers with units, accepted words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from course import vietnamese
from course.types.shared.base import LONGEST_ANSWER, Body, InvalidAnswer, Note, Outcome


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
        raise InvalidAnswer("Câu trả lời phải là một đoạn văn bản.")
    return value[:LONGEST_ANSWER]


def one_id(value: object, known: Sequence[str]) -> str:
    """Return one known id.

    Raises:
        InvalidAnswer: it is none of them.
    """
    if not isinstance(value, str) or value not in known:
        raise InvalidAnswer("Hãy chọn một trong các phương án của câu hỏi.")
    return value


def ids(value: object, known: Sequence[str]) -> list[str]:
    """Return a list of ids, each known and named once.

    Raises:
        InvalidAnswer: no list of ids, an unknown one, or one twice.
    """
    if not isinstance(value, list) or not all(isinstance(i, str) for i in value):
        raise InvalidAnswer("Câu trả lời phải là một danh sách mã.")
    unknown = [i for i in value if i not in known]
    if unknown:
        raise InvalidAnswer(f"Mã «{unknown[0][:20]}» không có trong câu hỏi.")
    if len(set(value)) != len(value):
        raise InvalidAnswer("Có một mã được chọn hai lần.")
    return value


def parts(value: object, known: Sequence[str]) -> dict[str, str]:
    """Return the filled parts of a ``{part: text}`` answer, each cut at the longest answer.

    Raises:
        InvalidAnswer: no mapping, an unknown part, or a part that is no text.
    """
    if not isinstance(value, Mapping):
        raise InvalidAnswer("Câu trả lời phải ghi theo từng phần.")
    filled = {}
    for part, typed in value.items():
        if part not in known:
            raise InvalidAnswer(f"Phần «{str(part)[:20]}» không có trong câu hỏi.")
        if is_empty(typed):
            continue
        if not isinstance(typed, str):
            raise InvalidAnswer(f"Phần «{part}» phải là văn bản.")
        filled[part] = typed[:LONGEST_ANSWER]
    return filled


def accepts(typed: str, accepted: Sequence[str], *, bare: bool) -> bool:
    """Say whether ``typed`` is one of the accepted texts, as people compare them; ``bare``: without diacritics."""
    folded = vietnamese.fold(typed, diacritics=bare)
    return any(folded == vietnamese.fold(a, diacritics=bare) for a in accepted)


def measure(part: Body, typed: str) -> tuple[bool, Note]:
    """Score one number, typed into a keyed ``part`` (id, unit, value, tol, feedback): right or not, and the feedback.

    The note is neither right nor wrong where no number could be read.
    """
    number = vietnamese.read_number(typed, part.get("unit", ""))
    if number is None:
        unit = f" ({part['unit']})" if part.get("unit") else ""
        said = f"Chưa đọc được «{typed[:40]}» là một số{unit}. Hãy viết như 91,25 hoặc 1.200."
        return False, Note(part["id"], None, said)
    tolerance, exact = Fraction(part["tol"]), Fraction(number)  # Decimal would round the difference to 28 digits
    right = abs(exact - Fraction(part["value"])) <= tolerance
    shown = vietnamese.show_number(number)
    if right:
        return True, Note(part["id"], True, f"Đọc là {shown}. Đúng.")
    for typical in part.get("feedback", []):
        if abs(exact - Fraction(typical["value"])) <= tolerance:
            return False, Note(part["id"], False, typical["text"])
    return False, Note(part["id"], False, f"Đọc là {shown}. Chưa đúng: hãy xem lại cách tính và mẫu số.")


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
    return Outcome(earned / whole, [n for _, _, n in results], message=" ".join(n.text for n in unreadable))
