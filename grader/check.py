"""Stage ``check``: reads lessons and exercises as their authors wrote them and says what is wrong, with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader import module_text
from grader.errors import ModuongError
from grader.records import Finding
from grader.syllabus import Syllabus


def check(rules: Syllabus, exercises: Path, course: Path, modules: Sequence[str] | None) -> list[Finding]:
    """Return all findings of the named modules; of every module that has a text when none is named."""
    chosen = list(modules or module_text.modules(rules, exercises, course))
    found: list[Finding] = []
    for module in chosen:
        try:
            found += module_text.mistakes(module_text.read(rules, module, exercises, course))
        except ModuongError as error:
            found.append(Finding(error.code, str(exercises / module), 0, "", "", error.vi, error.en))
    return found


def as_json(finding: Finding, lang: str) -> dict[str, Any]:
    """Return a finding as ``moduong check --json`` prints it."""
    data = asdict(finding)
    data["message"] = data.pop("en") if lang == "en" else data.pop("vi")
    data.pop("vi" if lang == "en" else "en", None)
    return data
