"""Reads R/exams exercises that are static: what code would have to compute is left out, question by question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from grader.formats.foreign import gaps
from grader.formats.foreign.encoding import decode
from grader.formats.foreign.texts import NO_FILES, Texts
from grader.formats.losses import Loss
from grader.formats.question import Body, NoEquivalent, Place, Question, Reading, Unreadable, decimal
from grader.formats.rexams import latex
from grader.formats.rexams.sections import Sections, take_apart
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    Gap,
    NumberField,
    Numbers,
    Option,
    Value,
    Words,
    Writing,
    gap_mark,
    without_marks,
)

_VERDICT = re.compile(r"^(?:true|false|right|wrong|correct|incorrect|richtig|falsch|đúng|sai)[.!:]?$", re.IGNORECASE)
_EXTRA = re.compile(r"exextra\[(\w+)(?:,\w+)?\]")
_PLACE = re.compile(r"##ANSWER(\d+)##")
_READ = frozenset({"exname", "extitle", "extype", "exsolution", "extol", "expoints", "exclozetype", "exstringtype"})
_ASKED = {"exshuffle": {"true", ""}}
"""Meta-information that changes nothing with one of these values."""


class _Exercise:
    """One exercise with its texts."""

    def __init__(self, sections: Sections, texts: Texts) -> None:
        self.sections = sections
        self.texts = texts

    def meta(self, name: str) -> str:
        return " ".join(self.sections.meta.get(name, "").split())

    def source(self, text: str) -> str:
        """Return a text in the form that ``texts`` reads: LaTeX as HTML, Markdown as it is."""
        if self.sections.form != "latex":
            return text
        html, lost = latex.to_html(text)
        for command in lost:
            self.texts.lose("look", command)
        return html

    def block(self, text: str) -> str:
        return self.texts.block(self.source(text))

    def line(self, text: str) -> str:
        return self.texts.line(self.source(text))


def read(name: str, data: bytes, files: Mapping[str, bytes] = NO_FILES) -> Reading:
    """Return the question of an R/exams file and what is not in it; ``name``: the file as the report names it."""
    text, guessed = decode(data)
    losses = [Loss("encoding", name, 0, "", guessed)] if guessed else []
    sections = take_apart(without_marks(text))
    if sections is None:
        return Reading((), (*losses, Loss("empty", name)))
    called = " ".join((sections.meta.get("extitle") or sections.meta.get("exname") or name.rpartition("/")[2]).split())
    place = Place(name, sections.line, called)
    if sections.inline:
        return Reading((), (*losses, place.loss("code", sections.inline)))
    texts = Texts(place, files, "markdown" if sections.form == "markdown" else "html", dollars=True)
    for chunk in sections.code:
        texts.lose("code", chunk)
    exercise = _Exercise(sections, texts)
    try:
        question = _question(exercise)
    except NoEquivalent as error:
        return Reading((), (*losses, place.loss("kind", str(error))))
    except Unreadable as error:
        return Reading((), (*losses, *texts.losses, place.loss("broken", str(error))))
    return Reading((question,), (*losses, *texts.losses))


def _question(exercise: _Exercise) -> Question:
    sections, texts = exercise.sections, exercise.texts
    kind = exercise.meta("extype")
    if kind not in _BODIES:
        raise NoEquivalent(kind or "extype")
    stem, body = _BODIES[kind](exercise)
    points = [decimal(part) for part in re.split(r"[|;]", exercise.meta("expoints")) if part.strip()]
    tags = tuple(f"{m[1]}:{' '.join(v.split())}" for name, v in sections.meta.items() if (m := _EXTRA.fullmatch(name)))
    for name, value in sections.meta.items():
        if name not in _READ and not _EXTRA.fullmatch(name) and value.strip().lower() not in _ASKED.get(name, {""}):
            texts.lose("setting", f"{name}: {value}")
    explanation = exercise.block(sections.solution)
    total = sum(points, Decimal(0)) if points else None
    return Question(texts.place, stem, body, total, explanation, tags, texts.pictures)


def _solution(exercise: _Exercise, count: int) -> list[bool]:
    written = exercise.meta("exsolution")
    if not re.fullmatch(r"[01]+", written) or len(written) != count:
        raise Unreadable(f"exsolution: {written} ({count})")
    return [sign == "1" for sign in written]


def _reasons(exercise: _Exercise, count: int) -> list[str]:
    """Return what is said of each answer; that it is true or false only is nothing."""
    reasons = [exercise.line(reason) for reason in exercise.sections.reasons]
    if len(reasons) not in {0, count}:
        exercise.texts.lose("other-answer", "; ".join(reasons))
        reasons = []
    return ["" if _VERDICT.match(reason) else reason for reason in reasons] or [""] * count


def _choice(exercise: _Exercise) -> tuple[str, Body]:
    answers = [exercise.line(answer) for answer in exercise.sections.answers]
    right = _solution(exercise, len(answers))
    said = _reasons(exercise, len(answers))
    several = exercise.meta("extype") == "mchoice"
    share = FULL / max(1, sum(right)) if several else FULL
    options = [Option(t, share if r else Decimal(0), s) for t, r, s in zip(answers, right, said, strict=True)]
    return exercise.block(exercise.sections.question), Choice(tuple(options), several)


def _tolerances(exercise: _Exercise, count: int) -> list[Decimal]:
    written = [abs(decimal(part)) for part in re.split(r"[|;]", exercise.meta("extol")) if part.strip()]
    return written * count if len(written) == 1 else (written + [Decimal(0)] * count)[:count]


def _number(exercise: _Exercise) -> tuple[str, Body]:
    value = decimal(exercise.meta("exsolution"))
    values = (Value(value, _tolerances(exercise, 1)[0]),)
    return exercise.block(exercise.sections.question), Numbers((NumberField("", "", values),))


def _string(exercise: _Exercise) -> tuple[str, Body]:
    stem = exercise.block(exercise.sections.question)
    kind = exercise.meta("exstringtype") or "string"
    if kind != "string":
        if "file" in kind:
            exercise.texts.lose("setting", f"exstringtype: {kind}")
        return stem, Writing()
    typed = exercise.texts.words(exercise.meta("exsolution"))
    if not typed or typed.lower() == "nil":
        return stem, Writing()
    return stem, Words((Option(typed, FULL),), case_matters=True)


def _cloze(exercise: _Exercise) -> tuple[str, Body]:
    kinds = [part.strip() for part in exercise.meta("exclozetype").split("|")]
    solutions = [part.strip() for part in exercise.meta("exsolution").split("|")]
    if len(kinds) != len(solutions):
        raise Unreadable("exclozetype, exsolution")
    tolerances = _tolerances(exercise, len(kinds))
    points = [decimal(p) for p in re.split(r"[|;]", exercise.meta("expoints")) if p.strip()]
    weights = points if len(points) == len(kinds) else [Decimal(1)] * len(kinds)
    entries = list(exercise.sections.answers)
    made, own = [], []
    for number, (kind, solution) in enumerate(zip(kinds, solutions, strict=True)):
        body, labels = _gap(exercise, kind, solution, tolerances[number], entries)
        made.append(Gap(body, weights[number]))
        own.append(labels)
    source = exercise.sections.question
    if _PLACE.search(source):
        return gaps.body_of(exercise.block(_PLACE.sub(lambda m: gap_mark(int(m[1]) - 1), source)), made)
    labelled = [f"{label.rstrip(': ')}: {gap_mark(n)}" if label else gap_mark(n) for n, label in enumerate(own)]
    joined = "<p>" + "</p><p>".join(labelled) + "</p>" if exercise.sections.form == "latex" else "\n\n".join(labelled)
    text = exercise.source(source) + "\n\n" + joined
    return gaps.body_of(exercise.texts.block(text), made)


def _gap(
    exercise: _Exercise, kind: str, solution: str, tol: Decimal, entries: list[str]
) -> tuple[Choice | Words | NumberField, str]:
    """Return one gap, and the label that the list of answers gives it; entries that it uses are taken from the list."""
    if kind in {"schoice", "mchoice"}:
        if not re.fullmatch(r"[01]+", solution) or len(solution) > len(entries):
            raise Unreadable(f"exsolution: {solution}")
        texts = [exercise.line(entries.pop(0)) for _ in solution]
        options = tuple(Option(t, FULL if s == "1" else Decimal(0)) for t, s in zip(texts, solution, strict=True))
        return Choice(options, several=kind == "mchoice"), ""
    label = entries.pop(0) if entries else ""
    if kind == "num":
        return NumberField("", "", (Value(decimal(solution), tol),)), label
    if kind == "string":
        return Words((Option(exercise.texts.words(solution), FULL),), case_matters=True), label
    raise NoEquivalent(f"cloze: {kind}")


_BODIES: Mapping[str, Callable[[_Exercise], tuple[str, Body]]] = {
    "schoice": _choice,
    "mchoice": _choice,
    "num": _number,
    "string": _string,
    "cloze": _cloze,
}
