"""Reads ``glossary.yaml``.

One Vietnamese form per term, the forms to avoid, and the foreign words that may stand in the course.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.words import _
from grader.ground import strict_yaml
from grader.ground.errors import ModuongError


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of the course: ``avoid`` maps a form that must not stand on the page to the one to use instead."""

    avoid: Mapping[str, str]
    foreign: frozenset[str]


def load(path: Path) -> Glossary:
    """Return the glossary; an empty one when there is no such file.

    Raises:
        ModuongError: ``E-GLOSS-1`` when a term lacks ``vi``, ``E-FILE-2`` or ``E-YAML-1`` when the file
            cannot be read.
    """
    if not path.exists():
        return Glossary({}, frozenset())
    data, lines = strict_yaml.read_mapping(path)
    avoid: dict[str, str] = {}
    for number, term in enumerate(data.get("terms", ())):
        if not (isinstance(term, dict) and term.get("vi")):
            line = lines.get(("terms", number), 1)
            raise ModuongError(
                "E-GLOSS-1",
                _("{path}:{line}: một mục thuật ngữ thiếu «vi», tức dạng tiếng Việt phải dùng.", path=path, line=line),
            )
        avoid.update(dict.fromkeys(term.get("avoid", ()), term["vi"]))
    return Glossary(avoid, frozenset(map(str, data.get("allowed_foreign", ()))))
