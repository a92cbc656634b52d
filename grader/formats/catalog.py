"""The formats by name: which there are, which a file is in, and how to read and write them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from course.words import _
from grader.formats.foreign.encoding import decode
from grader.formats.losses import Loss
from grader.formats.question import Question, Reading
from grader.ground.errors import ModuongError


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the module with ``read(name, data)``, that with ``write(title, questions)``, its files' ending."""

    reader: str
    writer: str
    suffix: str


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "moodle": Format("grader.formats.moodle.read", "grader.formats.moodle.write", ".xml"),
        "gift": Format("grader.formats.gift.read", "grader.formats.gift.write", ".gift.txt"),
    }
)
_ROOTS: Mapping[str, str] = MappingProxyType({"quiz": "moodle"})
"""Root element of an XML file → format."""
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")
_HEAD = 20_000


def named(name: str) -> Format:
    """Return the format of this name.

    Raises:
        ModuongError: ``E-FORMAT-1`` when there is none.
    """
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        raise ModuongError("E-FORMAT-1", _("Không có khuôn dạng «{name}»; có: {known}.", name=name, known=known))
    return FORMATS[name]


def guess(data: bytes) -> str:
    """Return the name of the format that a file is in, from its content; empty when unknown."""
    head, _guessed = decode(data[:_HEAD])
    root = _ROOT.search(head)
    if root and root[1] in _ROOTS:
        return _ROOTS[root[1]]
    return "gift" if "{" in head and "}" in head else ""


def read(name: str, data: bytes, form: str = "") -> Reading:
    """Return the questions of one file in the format named, or in the one it is in; what is unknown is one line."""
    form = form or guess(data)
    if not form:
        return Reading((), (Loss("format", name, 0, "", ", ".join(FORMATS)),))
    module: Any = importlib.import_module(named(form).reader)
    reading: Reading = module.read(name, data)
    return reading


def write(form: str, title: str, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions in the format named, and a line for everything that is not in it."""
    module: Any = importlib.import_module(named(form).writer)
    data, losses = module.write(title, questions)
    return data, losses
