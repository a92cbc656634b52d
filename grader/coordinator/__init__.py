"""Room *coordinator*: the coordinator's notebook page; counts in the coordinator's own kernel."""

from __future__ import annotations

from typing import Any

__all__ = ["coordinator"]


def __getattr__(name: str) -> Any:  # the notebook's one cell says ``from grader.coordinator import coordinator``
    """Load the page when the notebook asks for it."""
    if name == "coordinator":
        from grader.coordinator.page import coordinator

        return coordinator
    msg = f"module 'grader.coordinator' has no attribute {name!r}"
    raise AttributeError(msg)
