"""Numbers as the readers of a course write them.

``91,25`` and ``1.200`` in Vietnamese, ``91.25`` and ``1,200`` in English.
"""

from __future__ import annotations

from decimal import Decimal

from course import vietnamese
from course.words import SOURCE

_SWAP = str.maketrans(".,", ",.")
_COMMA = frozenset({SOURCE})
"""Languages with a decimal comma; the others write a point."""


def read(text: str, unit: str = "", lang: str = SOURCE) -> Decimal | None:
    """Return the number that somebody typed, the part's own ``unit`` behind it if need be; ``None``: none."""
    if lang in _COMMA:
        return vietnamese.read_number(text, unit)
    return vietnamese.read_number(text.translate(_SWAP), unit.translate(_SWAP))


def point(lang: str = SOURCE) -> str:
    """Return the sign between whole and decimal digits."""
    return "," if lang in _COMMA else "."


def show(value: Decimal, lang: str = SOURCE) -> str:
    """Write a number without trailing zeros: ``1200,5`` or ``1200.5``."""
    shown = vietnamese.show_number(value)
    return shown if lang in _COMMA else shown.translate(_SWAP)
