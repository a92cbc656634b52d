"""The frozen values that pass between stages."""

from __future__ import annotations

from dataclasses import dataclass

from course.words import into


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake of an author, found by ``check``: where it is, what is wrong, what to do.

    Attributes:
        code: stable code, documented in ``docs/errors.md``.
        file: path as the author gave it.
        line: counted from 1; 0 when the whole file is meant.
        item: id of the item, or empty.
        field: dotted path of the field inside the item, or empty.
        said: the sentence, with the remedy; made with ``course.words``.
        essential: whether ``check`` fails because of it.
    """

    code: str
    file: str
    line: int
    item: str
    field: str
    said: str
    essential: bool = True

    def text(self, lang: str) -> str:
        """Return the whole line as printed: place, code, sentence."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        subject = " ".join(part for part in (self.item, self.field) if part)
        return f"{place}: {self.code} {subject + ': ' if subject else ''}{into(self.said, lang)}"
