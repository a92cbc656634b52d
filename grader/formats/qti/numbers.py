"""Numbers as QTI files write them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

_LARGEST_EXPONENT = 40


def number(text: str) -> Decimal:
    """Return a number of the file; 0 for what is none, and for what no question means."""
    try:
        value = Decimal(text.strip() or "0")
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() and abs(value.adjusted()) <= _LARGEST_EXPONENT else Decimal(0)
