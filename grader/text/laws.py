"""Reads ``law_facts.yaml``.

Dated statements of law, quoted by id, each with its source and the day it was last verified. Beside the required
fields a
fact may hold ``duty``, ``who``, ``exception``, ``second_source``, ``in_force_until``, ``sign_off`` (text, empty when
unknown):
``roles`` prints them where a lesson quotes the fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from course.words import _
from grader.ground import strict_yaml
from grader.ground.errors import ModuongError

_REQUIRED = ("text", "source", "in_force_from", "verified_on")


def load(path: Path) -> dict[str, Mapping[str, str]]:
    """Return id → fact; empty when there is no such file.

    Raises:
        ModuongError: ``E-LAW-1`` when a fact lacks a field, ``E-FILE-2`` or ``E-YAML-1`` when the file
            cannot be read.
    """
    if not path.exists():
        return {}
    data, lines = strict_yaml.read_mapping(path)
    for name, fact in data.items():
        missing = [field for field in _REQUIRED if not (isinstance(fact, dict) and fact.get(field))]
        if missing:
            line = lines.get((name,), 1)
            raise ModuongError(
                "E-LAW-1",
                _(
                    "{path}:{line}: {name} thiếu {missing}.",
                    path=path,
                    line=line,
                    name=name,
                    missing=", ".join(missing),
                ),
            )
    return dict(data)
