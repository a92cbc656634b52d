"""Which body of a question an attempt draws: a rule that a release names, so that what was handed out keeps it.

docs/design.md §6.7
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course.answers import load_json, release_id

FIELD = "draw"
"""In ``items.json``; a release from before has none."""
SEPARATE, NO_REPEAT = 1, 2
"""Each attempt by itself; and no body twice before all were drawn."""


def draw(person: str, item: str, attempt: int, variants: int, rule: int = SEPARATE) -> int:
    """Return which variant of an item this person gets in this attempt."""
    if rule == SEPARATE:
        return int(hashlib.sha256(f"{person}|{item}|{attempt}".encode()).hexdigest(), 16) % variants

    def place(variant: int) -> bytes:
        return hashlib.sha256(f"{person.casefold()}|{item}|{variant}".encode()).digest()

    return sorted(range(variants), key=place)[(attempt - 1) % variants]


@dataclass(frozen=True, slots=True)
class Questions:
    """What a release asks: its name, its public items in order, and its rule of the draw."""

    release: str
    items: Sequence[Mapping[str, Any]]
    rule: int = SEPARATE

    def draw(self, person: str, item: Mapping[str, Any], attempt: int) -> int:
        """Return which variant of ``item`` a person gets in an attempt."""
        return draw(person, str(item["id"]), attempt, len(item["variants"]), self.rule)

    def draws(self, person: str, item: str, attempt: int, variant: object) -> bool:
        """Say whether ``variant`` is what the attempt draws of the item of that name; of none, nothing is drawn."""
        return any(self.draw(person, one, attempt) == variant for one in self.items if one["id"] == item)


def questions(items_json: bytes) -> Questions:
    """Read an ``items.json`` that was handed out from here.

    Raises:
        AnswersError: it is no JSON.
        KeyError: it holds no questions.
    """
    data = load_json(items_json)
    return Questions(release_id(items_json), data["items"], data.get(FIELD, SEPARATE))
