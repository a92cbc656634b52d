"""Writes QTI 3.0."""

from __future__ import annotations

from collections.abc import Sequence

from grader.formats.losses import Loss
from grader.formats.qti2.item_text import QTI30
from grader.formats.qti2.write import package_of
from grader.formats.question import Question


def write(title: str, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions as a package of QTI 3.0 items, and a line for everything that is not in it."""
    del title  # items stand alone
    return package_of(QTI30, questions)
