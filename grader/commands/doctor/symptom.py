"""One line of the doctor: what was looked at, how it is, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from course.words import into


@dataclass(frozen=True, slots=True)
class Symptom:
    """One line: what was looked at, whether it is well, and what was seen or is to be done.

    ``grave``: the installation cannot be trusted until it is mended; otherwise it is worth a look.
    """

    name: str
    well: bool
    said: str
    grave: bool = False

    def text(self, lang: str) -> str:
        """Return the line as printed."""
        return f"{'✓' if self.well else '✗' if self.grave else '!'} {self.name}: {into(self.said, lang)}"


def well(symptoms: Iterable[Symptom]) -> bool:
    """Say whether nothing grave was found: the box decides for the machine, the rest of it explains."""
    return all(s.well for s in symptoms if s.grave or s.name == "box")
