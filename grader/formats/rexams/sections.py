"""Takes an R/exams exercise apart: question, solution, their lists, and the lines of meta-information."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from grader.formats.rexams import latex

_CHUNK = re.compile(r"^```+\s*\{\s*[a-zA-Z].*?^```+\s*$", re.MULTILINE | re.DOTALL)
_NOWEB = re.compile(r"^<<.*?>>=\n.*?^@[^\n]*$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`r\s[^`]*`|\\Sexpr\{[^}]*\}")
_SETEXT = re.compile(r"^(?P<name>[^\n]+)\n(?P<line>={3,}|-{3,})[ \t]*$", re.MULTILINE)
_ATX = re.compile(r"^(?P<marks>#{1,2})[ \t]+(?P<name>[^\n#]+?)[ \t]*#*$", re.MULTILINE)
_ENTRY = re.compile(r"^[*+-][ \t]+", re.MULTILINE)
_META = re.compile(r"^[%\s]*(ex\w+(?:\[[^\]]*\])?)\s*:\s*(.*?)\s*$", re.MULTILINE)
_LATEX_META = re.compile(r"^[%\s]*\\(ex\w+(?:\[[^\]]*\])?)\{(.*)\}\s*$", re.MULTILINE)
_ANSWERS = {"answerlist"}


@dataclass(frozen=True, slots=True)
class Sections:
    """One exercise.

    Attributes:
        question, solution: their text; ``form``: markdown, or html made of LaTeX.
        answers, reasons: the entries of the lists in both.
        meta: name → value of the meta-information.
        code: code that would have to be run, as written.
        inline: a value that code would have to give, wherever it stands; empty without.
        lines: of the question in the file.
    """

    question: str
    solution: str
    answers: tuple[str, ...]
    reasons: tuple[str, ...]
    meta: Mapping[str, str]
    code: tuple[str, ...]
    inline: str
    form: str
    line: int


def take_apart(text: str) -> Sections | None:
    """Return the sections of an exercise in R Markdown or R LaTeX; ``None`` for what is neither."""
    if "\\begin{question}" in text:
        return _of_latex(text)
    code = tuple(" ".join(c.split())[:60] for c in _CHUNK.findall(text))
    parts = _parts(_CHUNK.sub("", text))
    if "question" not in parts:
        return None
    meta = dict(_META.findall(parts.get("meta-information", "")))
    used = [parts["question"], parts.get("solution", ""), *meta.values()]
    question, answers = _listed(parts["question"])
    solution, reasons = _listed(parts.get("solution", ""))
    inline = next((m[0] for m in map(_INLINE.search, used) if m), "")
    line = text.count("\n", 0, max(0, text.lower().find("question"))) + 1
    return Sections(question, solution, answers, reasons, meta, code, inline, "markdown", line)


def _parts(text: str) -> dict[str, str]:
    """Return the text under each main heading, by its name in small letters."""
    text = _SETEXT.sub(lambda m: f"{'#' if m['line'][0] == '=' else '##'} {m['name'].strip()}", text)
    main = [m for m in _ATX.finditer(text) if m["marks"] == "#"]
    ends = [*(m.start() for m in main[1:]), len(text)]
    return {m["name"].strip().lower(): text[m.end() : end] for m, end in zip(main, ends, strict=False)}


def _listed(part: str) -> tuple[str, tuple[str, ...]]:
    """Return the text before the heading ``Answerlist``, and the entries below it."""
    found = next((m for m in _ATX.finditer(part) if m["name"].strip().lower() in _ANSWERS), None)
    if found is None:
        return part.strip(), ()
    entries = _ENTRY.split(part[found.end() :])[1:]
    return part[: found.start()].strip(), tuple(re.sub(r"\n[ \t]+", "\n", e).strip() for e in entries)


def _of_latex(text: str) -> Sections:
    code = tuple(" ".join(c.split())[:60] for c in _NOWEB.findall(text))
    bare = _NOWEB.sub("", text)
    meta = dict(_LATEX_META.findall(bare))
    question, answers = latex.answers(latex.environment(bare, "question"))
    solution, reasons = latex.answers(latex.environment(bare, "solution"))
    used = [question, solution, *answers, *reasons, *meta.values()]
    inline = next((m[0] for m in map(_INLINE.search, used) if m), "")
    line = text.count("\n", 0, text.find("\\begin{question}")) + 1
    return Sections(question, solution, answers, reasons, meta, code, inline, "latex", line)
