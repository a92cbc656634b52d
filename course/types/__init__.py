"""The public half of the item types: a file is a type, and its name is the type's name.

A file holds one :class:`course.types.shared.base.ItemType` as ``TYPE``. Its staff half is
``grader/itemtypes/<type>.py``,
its drawing ``course/widgets/types/<type>.js``. Others use ``TYPES``, and ``modules`` to list such a folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from course.types.shared.base import ItemType


def modules(folder: Iterable[str]) -> list[str]:
    """Return the names of the modules in a package's folder (its ``__path__``), sorted; packages in it are none."""
    return sorted(found.name for found in pkgutil.iter_modules(folder) if not found.ispkg)


TYPES: dict[str, ItemType] = {name: importlib.import_module(f"{__name__}.{name}").TYPE for name in modules(__path__)}
"""Name → type, for every file of this folder."""
