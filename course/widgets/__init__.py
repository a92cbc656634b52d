"""What a cadre touches: one anywidget each. Their browser code is plain text that Python puts together, so nothing is built."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def code(*names: str) -> str:
    """Return browser files as one ES module (or style sheet): the last one exports, those before it declare what it uses."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)
