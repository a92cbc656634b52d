"""Room *itemtypes*: the staff half of the item types. A file is a type, and its name is the type's name.

What an author writes of it, what of that a cadre may see, and how it is answered right, wrong, in part or by chance. A
file holds one :class:`grader.itemtypes.shared.base.StaffType` as ``TYPE``; its public half, with the scoring, is
``course/types/<type>.py``.

``__all__`` names its doors: the modules that other rooms use, beside ``TYPES``.
"""

from __future__ import annotations

import importlib

from course.types import modules
from grader.itemtypes.shared.base import StaffType

__all__ = [
    "TYPES",
    "invented.guessing",
    "invented.simulate",
    "shared.base",
    "shared.listed",
    "shared.media",
    "shared.mistake",
    "shared.neutral",
]

TYPES: dict[str, StaffType] = {name: importlib.import_module(f"{__name__}.{name}").TYPE for name in modules(__path__)}
"""Name → type, for every file of this folder."""
