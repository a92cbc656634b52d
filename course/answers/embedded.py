"""Answers inside an exercise notebook: all in its metadata, texts and code in their cells too."""

from __future__ import annotations

from typing import Any

from course.answers.read import from_json
from course.answers.records import AnswersError, AnswerSet
from course.words import _

NBFORMAT = 4
_SPECIAL = frozenset("\\`*_{}[]()#+-.!|>~$:=&<\"'")


def literal_markdown(text: str) -> str:
    """Return Markdown that shows exactly ``text``: nothing in it is markup, HTML, a link or a formula."""
    lines = ("".join(f"&#{ord(c)};" if c in _SPECIAL else c for c in line) for line in text.splitlines())
    return "\n\n".join(line for line in lines if line.strip())


def embed(notebook: dict[str, Any], answers: AnswerSet) -> dict[str, Any]:
    """Return a copy of an exercise notebook with the answers in it.

    All in the metadata, texts and code in their cells too.
    """
    metadata = notebook["metadata"]
    cells = []
    for cell in notebook["cells"]:
        text = _cell_text(cell, answers)
        cells.append(cell if text is None else {**cell, "source": text})
    packed = {**metadata.get("moduong", {}), "answers": answers.to_json()}
    return {**notebook, "cells": cells, "metadata": {**metadata, "moduong": packed}}


def _cell_text(cell: dict[str, Any], answers: AnswerSet) -> str | None:
    """Return what a solution cell must hold, or ``None`` to leave it."""
    ours = cell["metadata"].get("nbgrader", {})
    if not ours.get("solution"):
        return None
    item = ours["grade_id"].removesuffix("-code").removesuffix("-m")
    answer = answers.answers.get(item)
    if answer is None or not isinstance(answer.value, str) or not answer.value.strip():
        return None
    return answer.value if cell["cell_type"] == "code" else literal_markdown(answer.value)


def extract(notebook: object) -> AnswerSet | None:
    """Return the answer set inside a notebook, or ``None`` when there is none.

    Raises:
        AnswersError: ``E-SUB-06`` not a notebook (v4), ``E-SUB-08`` a bad answer set inside.
    """
    if (
        not isinstance(notebook, dict)
        or not isinstance(notebook.get("cells"), list)
        or notebook.get("nbformat") != NBFORMAT
    ):
        raise AnswersError("E-SUB-06", _("Tệp .ipynb không phải bài tập của khóa học."))
    metadata = notebook.get("metadata")
    ours = metadata.get("moduong") if isinstance(metadata, dict) else None
    packed = ours.get("answers") if isinstance(ours, dict) else None
    return None if packed is None else from_json(packed)
