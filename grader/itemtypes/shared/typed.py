"""What the types share in which numbers and words are typed into fields that carry points of their own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from course import numbers
from course.words import _
from grader.itemtypes.shared.base import Keyed
from grader.itemtypes.shared.mistake import Mistake


def vietnamese(number: str) -> str:
    """Return a plain number with a decimal comma."""
    return number.replace(".", ",")


def right_text(field: Keyed) -> str:
    """Return what a keyed field accepts: its first text, or its number."""
    return str(field["accept"][0]) if "accept" in field else vietnamese(field["value"])


def accepted(field: Keyed, lang: str) -> list[str]:
    """Return in words what a keyed field accepts beside ``right_text``: other texts, or a tolerance; often nothing."""
    if "accept" not in field:
        tol = Decimal(field.get("tol", 0))
        return [_("sai số ± {tol}", tol=numbers.show(tol, lang))] if tol else []
    others = [_("cũng nhận: {texts}", texts="; ".join(field["accept"][1:]))] if len(field["accept"]) > 1 else []
    return [*others, *([_("không cần dấu")] if field.get("fold") else [])]


def off(field: Keyed) -> str:
    """Return a number outside the tolerance of a keyed field."""
    return str(Decimal(field["value"]) + 7 * (1 + Decimal(field["tol"])))


def first_alone(fields: Sequence[Keyed]) -> tuple[dict[str, str], Fraction]:
    """Return an answer in which only the first of the keyed ``fields`` is filled, rightly, and what it earns."""
    whole = sum((Fraction(f["points"]) for f in fields), Fraction(0))
    return {fields[0]["id"]: right_text(fields[0])}, Fraction(fields[0]["points"]) / whole


def even(points: Sequence[Decimal | None], field: str) -> None:
    """Raise the mistake ``E-ITEM-1`` where some of the fields say points and some do not."""
    if 0 < sum(p is None for p in points) < len(points):
        raise Mistake("E-ITEM-1", field, _("hãy ghi points cho mọi phần, hoặc không phần nào."))


def total(points: Sequence[Decimal | None]) -> Decimal | None:
    """Return what the fields' points add up to; ``None`` where none of them says any."""
    said = [p for p in points if p is not None]
    return sum(said, Decimal(0)) if said else None
