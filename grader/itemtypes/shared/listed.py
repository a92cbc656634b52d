"""The lists of an item whose entries have ids: where they stand, and which ids stand for their places."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One list of a type.

    Attributes:
        field: where it stands in a body.
        names: ids of the first, second … entry (docs/design.md §4.2).
        text: the field of an entry that says what it is; what changes there may change what an answer means. Empty
            where an entry has no text: its id goes by its place.
        named_by: a field of the body in which the author names entries by id; empty where none does.
        inside: the list in whose entries this one stands; empty for a list of the body.
        prefix: what stands before every name.
    """

    field: str
    names: str
    text: str = "text"
    named_by: str = ""
    inside: str = ""
    prefix: str = ""

    def in_turn(self) -> Iterator[str]:
        """Yield the ids of the places, and further ones for ever."""
        if self.names[0].isdigit():
            return (f"{self.prefix}{n}" for n in itertools.count(1))
        return itertools.chain(self.names, (f"{self.names[0]}{n}" for n in itertools.count(1)))
