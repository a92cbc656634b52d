"""The formats by name: which there are, which a file is in, and how to read and write them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from course.words import _
from grader.formats.foreign import package
from grader.formats.foreign.encoding import decode
from grader.formats.losses import Loss
from grader.formats.qti import manifest
from grader.formats.question import Question, Reading, together
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
        "qti12": Format("grader.formats.qti12.read", "grader.formats.qti12.write", ".zip"),
        "qti21": Format("grader.formats.qti2.read", "grader.formats.qti2.write21", ".zip"),
        "qti30": Format("grader.formats.qti2.read", "grader.formats.qti2.write30", ".zip"),
        "jupyterquiz": Format("grader.formats.jupyterquiz.read", "grader.formats.jupyterquiz.write", ".json"),
        "rexams": Format("grader.formats.rexams.read", "grader.formats.rexams.write", ".zip"),
        "gift": Format("grader.formats.gift.read", "grader.formats.gift.write", ".gift.txt"),
    }
)
_ROOTS: Mapping[str, str] = MappingProxyType(
    {"quiz": "moodle", "questestinterop": "qti12", "assessmentItem": "qti21", "qti-assessment-item": "qti30"}
)
"""Root element of an XML file → format."""
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")
_REXAMS = re.compile(r"\\begin\{question\}|^#?\s*Question\s*(?:\n=+)?$", re.MULTILINE)
_GIFT = re.compile(
    r"(?<!\\)\{\s*(?:[=~#]|%-?\d|T(?:RUE)?[\s#}]|F(?:ALSE)?[\s#}])|(?<=[\s?.!:])\{\s*\}\s*$", re.MULTILINE
)
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
    if _REXAMS.search(head):
        return "rexams"
    if head.lstrip()[:1] in {"[", "{"} and '"question"' in head:
        return "jupyterquiz"
    markup = head.lstrip("\ufeff \t\n").lower().startswith(("<?xml", "<!doctype", "<html"))
    other = markup or "\\begin{" in head or "\\documentclass" in head
    return "gift" if _GIFT.search(head) and not other else ""


def read(name: str, data: bytes, form: str = "") -> Reading:
    """Return the questions of one file in the format named, or in the one it is in; what is unknown is one line.

    A ZIP is read file by file: what its manifest names in that order, then the rest.
    """
    if package.is_archive(data):
        return _package(name, data, form)
    form = form or guess(data)
    if not form:
        return Reading((), (Loss("format", name, 0, "", ", ".join(FORMATS)),))
    return _read(form, name, data, {})


def _read(form: str, name: str, data: bytes, files: Mapping[str, bytes]) -> Reading:
    module: Any = importlib.import_module(named(form).reader)
    reading: Reading = module.read(name, data, files)
    return reading


def _package(name: str, data: bytes, form: str) -> Reading:
    files, losses = package.members(name, data)
    listed, missing = manifest.listed(files)
    losses += [Loss("member-file", name, 0, "", path) for path in missing]
    readings = [Reading((), tuple(losses))]
    for path in dict.fromkeys([*listed, *files]):
        kind = guess(files[path]) if path in files else ""
        if kind:
            found = _read(form or kind, f"{name}/{path}", files[path], files)
            tags = listed.get(path, ())
            readings.append(replace(found, questions=tuple(replace(q, tags=(*q.tags, *tags)) for q in found.questions)))
    if len(readings) == 1 and not losses:
        code = "empty" if not files or any(path.endswith("imsmanifest.xml") for path in files) else "format"
        readings.append(Reading((), (Loss(code, name, 0, "", ", ".join(FORMATS)),)))
    return together(readings)


def write(form: str, title: str, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions in the format named, and a line for everything that is not in it."""
    module: Any = importlib.import_module(named(form).writer)
    data, losses = module.write(title, questions)
    return data, losses
