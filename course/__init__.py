"""What a cadre's notebook needs: the questions, the answer store, the labs. Holds no key that counts."""

from __future__ import annotations

from typing import Any

__all__ = ["ask", "home", "lab", "practice"]


def __getattr__(name: str) -> Any:  # the page's functions are loaded only when a notebook asks for them
    """Load the functions of the page on first use, so that the grader never imports a widget."""
    if name in __all__:
        from course import page  # kept out of the grader's start-up

        return getattr(page, name)
    msg = f"module 'course' has no attribute {name!r}"
    raise AttributeError(msg)
