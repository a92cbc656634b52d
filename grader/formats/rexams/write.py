"""Writes R/exams exercises in R Markdown, one a file, in a ZIP."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from grader.formats.foreign import inline, package, to_html
from grader.formats.losses import Loss
from grader.formats.question import Question
from grader.itemtypes.shared.neutral import Choice, Gap, Gaps, NumberField, Numbers, Words, Writing, gap_mark, plain

Meta = dict[str, str]


class _Parts:
    """An exercise while it is written."""

    def __init__(self, question: Question) -> None:
        self.question = hard_breaks(question.stem)
        self.answers: list[str] = []
        self.reasons: list[str] = []
        self.meta: Meta = {"exname": question.place.name}
        self.lost: list[str] = []

    def text(self, question: Question) -> str:
        """Return the file."""
        solution = hard_breaks(question.explanation)
        parts = [f"Question\n========\n\n{self.question}\n", _list(self.answers)]
        if solution or any(self.reasons):
            parts += [f"Solution\n========\n\n{solution}\n", _list(self.reasons)]
        for tag in question.tags:
            name, _, value = tag.partition(":")
            self.meta[f"exextra[{name}]"] = value
        meta = "\n".join(f"{name}: {value}" for name, value in self.meta.items())
        return "\n".join([*(part for part in parts if part), f"Meta-information\n================\n{meta}\n"])


def write(title: str, questions: Sequence[Question]) -> tuple[bytes, list[Loss]]:
    """Return the questions as a ZIP of ``.Rmd`` files, and a line for everything that is not in it."""
    del title  # exercises stand alone
    files: dict[str, bytes] = {}
    losses: list[Loss] = []
    for question in questions:
        made = _BODIES.get(type(question.body))
        parts = _Parts(question)
        if made is None:
            losses.append(question.place.loss("kind", type(question.body).__name__.lower()))
            continue
        made(question, parts)
        losses += [question.place.loss("field", name) for name in dict.fromkeys(parts.lost)]
        files[f"{question.place.name}.Rmd"] = parts.text(question).encode()
    return package.pack(files), losses


def hard_breaks(markdown: str) -> str:
    """Return Markdown of items for others: their line ends are no breaks, so two spaces make them so."""
    rows = markdown.split("\n")
    for token in inline.parser().parse(markdown):
        if token.type == "inline" and token.map and any(c.type == "softbreak" for c in token.children or []):
            for n in range(token.map[0], token.map[1] - 1):
                rows[n] += "  "
    return "\n".join(rows)


def _list(entries: Sequence[str]) -> str:
    if not entries:
        return ""
    shown = "\n".join("* " + re.sub(r"\n", "  \n  ", entry) for entry in entries)
    return f"Answerlist\n----------\n{shown}\n"


def _choice(question: Question, parts: _Parts) -> None:
    body = question.body
    assert isinstance(body, Choice)  # the table says so
    parts.answers = [o.text for o in body.options]
    if any(o.feedback for o in body.options):
        parts.reasons = [o.feedback or ("True." if o.weight > 0 else "False.") for o in body.options]
    parts.meta |= {
        "extype": "mchoice" if body.several else "schoice",
        "exsolution": "".join("1" if o.weight > 0 else "0" for o in body.options),
        "exshuffle": "TRUE",
    }
    _points(question, parts)


def _points(question: Question, parts: _Parts) -> None:
    if question.points not in {None, Decimal(1)}:
        parts.meta["expoints"] = plain(question.points or Decimal(1))


def _words(question: Question, parts: _Parts) -> None:
    body = question.body
    assert isinstance(body, Words)
    right = [o for o in body.options if o.weight > 0]
    parts.lost += ["accept"] if len(right) > 1 else []
    parts.lost += ["feedback"] if any(o.feedback for o in body.options) else []
    parts.lost += ["fold"] if body.fold else []
    parts.meta |= {"extype": "string", "exsolution": right[0].text}
    _points(question, parts)


def _numbers(question: Question, parts: _Parts) -> None:
    """A number with a label is a cloze line: ``num`` has no label."""
    body = question.body
    assert isinstance(body, Numbers)
    rows = [f"{f.label}: ##ANSWER{n}## {f.unit}".rstrip() for n, f in enumerate(body.fields, 1)]
    parts.question += "\n\n" + "\n\n".join(rows)
    parts.lost += ["feedback"] if any(v.weight <= 0 for f in body.fields for v in f.values) else []
    equal = (question.points or Decimal(1)) / len(body.fields)
    _gap_meta(parts, [(f, equal if f.points is None else f.points) for f in body.fields])


def _gap_meta(parts: _Parts, gaps: Sequence[tuple[Choice | Words | NumberField, Decimal]]) -> None:
    kinds, solutions, tolerances = [], [], []
    for body, _points_of in gaps:
        tolerances.append("0")
        if isinstance(body, NumberField):
            kinds.append("num")
            solutions.append(plain(body.values[0].value))
            tolerances[-1] = plain(body.values[0].tol)
        elif isinstance(body, Words):
            kinds.append("string")
            solutions.append(body.options[0].text)
        else:
            kinds.append("schoice")
            solutions.append("".join("1" if o.weight > 0 else "0" for o in body.options))
            parts.answers += [o.text for o in body.options]
    parts.meta |= {
        "extype": "cloze",
        "exclozetype": "|".join(kinds),
        "exsolution": "|".join(solutions),
        "extol": "|".join(tolerances),
        "expoints": _shares([points for _body, points in gaps]),
    }


def _shares(points: Sequence[Decimal]) -> str:
    """Return the points of the gaps; one number where all have the same share of it."""
    if len(set(points)) == 1:
        return plain(sum(points, Decimal(0)).quantize(Decimal("0.01")))
    return "|".join(plain(share) for share in points)


def _gaps(question: Question, parts: _Parts) -> None:
    body = question.body
    assert isinstance(body, Gaps)
    text = hard_breaks(body.text)
    for number, gap in enumerate(body.gaps):
        unit = f" {gap.body.unit}" if isinstance(gap.body, NumberField) and gap.body.unit else ""
        text = text.replace(gap_mark(number), f"##ANSWER{number + 1}##{unit}")
        parts.lost += _lost(gap) + (["gaps.unit"] if unit else [])
    parts.question += "\n\n" + text
    whole = sum((gap.weight for gap in body.gaps), Decimal(0))
    points = question.points or Decimal(1)
    _gap_meta(parts, [(gap.body, points * gap.weight / whole) for gap in body.gaps])


def _lost(gap: Gap) -> list[str]:
    if isinstance(gap.body, Choice):
        return ["gaps.feedback"] if any(o.feedback for o in gap.body.options) else []
    lost = ["gaps.feedback"] if gap.body.otherwise else []
    if isinstance(gap.body, Words):
        lost += ["gaps.accept"] if len(gap.body.options) > 1 else []
        lost += ["gaps.fold"] if gap.body.fold else []
    return lost


def _writing(question: Question, parts: _Parts) -> None:
    body = question.body
    assert isinstance(body, Writing)
    parts.lost += [f"words {list(body.words)}"] if body.words else []
    parts.meta |= {"extype": "string", "exstringtype": "essay", "exsolution": to_html.words("nil")}
    _points(question, parts)


_BODIES: Mapping[type, Callable[[Question, _Parts], None]] = {
    Choice: _choice,
    Words: _words,
    Numbers: _numbers,
    Gaps: _gaps,
    Writing: _writing,
}
