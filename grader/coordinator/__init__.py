"""Room *coordinator*.

The coordinator's notebook page; counts in the coordinator's own kernel.
A released notebook says ``from grader.coordinator import coordinator``: that name stays.

``__all__`` names its doors: the modules that other rooms use.
"""

from __future__ import annotations

from typing import Any

__all__ = ["coordinator", "page", "roster_desk", "roster_view", "view"]


def __getattr__(name: str) -> Any:  # the notebook's one cell says ``from grader.coordinator import coordinator``
    """Load the page when the notebook asks for it."""
    if name == "coordinator":
        from grader.coordinator.page import coordinator

        return coordinator
    msg = f"module 'grader.coordinator' has no attribute {name!r}"
    raise AttributeError(msg)
