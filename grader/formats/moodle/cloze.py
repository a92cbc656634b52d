"""Moodle's embedded answers: ``{1:MULTICHOICE:=right~wrong}`` inside a text, read into gaps and written from them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from grader.formats.foreign.markdown import Form
from grader.formats.foreign.texts import Texts
from grader.formats.question import Body, Unreadable, decimal
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    Gap,
    Gaps,
    NumberField,
    Numbers,
    Option,
    Value,
    Words,
    gap_mark,
    without_marks,
)

_CODE = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^\\{}]|\{[^{}]*\})*)\}")
_OPENED = re.compile(r"\{\d*:[A-Z_]{2,}:")
_ANSWER = re.compile(r"((?:\\.|[^\\~])+)")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:[.,]\d*)?)%")
_UNESCAPE = re.compile(r"\\([\\}~#/\"])")
_LINE = re.compile(
    r"(?P<label>[^\n\ue100-\ue1ff]*?):[ \t]*(?P<mark>[\ue100-\ue1ff])[ \t]*(?P<unit>[^\n\ue100-\ue1ff]{0,30}?)\s*"
)
Kind = Literal["choice", "several", "words", "number"]
_KINDS: dict[str, tuple[Kind, bool]] = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW"), ("words", False)),
    **dict.fromkeys(("SHORTANSWER_C", "SAC", "MWC"), ("words", True)),
    **dict.fromkeys(("NUMERICAL", "NM"), ("number", False)),
    **dict.fromkeys(
        [
            *("MULTICHOICE", "MC", "MULTICHOICE_S", "MCS", "MULTICHOICE_V", "MCV", "MULTICHOICE_VS", "MCVS"),
            *("MULTICHOICE_H", "MCH", "MULTICHOICE_HS", "MCHS"),
        ],
        ("choice", False),
    ),
    **dict.fromkeys(
        ("MULTIRESPONSE", "MR", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_HS", "MRHS"),
        ("several", False),
    ),
}


def read(text: str, texts: Texts, form: Form) -> tuple[str, Body]:
    """Return stem and body of an embedded-answers text.

    One number to a line, each after a label, is ``Numbers``; everything else is ``Gaps``.

    Raises:
        Unreadable: no gap, a code that is not closed, a kind that is none of Moodle's own.
    """
    gaps: list[Gap] = []

    def replaced(match: re.Match[str]) -> str:
        gaps.append(_gap(match[1], match[2], match[3], texts))
        return gap_mark(len(gaps) - 1)

    marked = _CODE.sub(replaced, without_marks(text))
    if not gaps or _OPENED.search(marked):
        raise Unreadable("{1:…}")
    written = texts.block(marked, form)
    return _numbers(written, gaps) or (written, Gaps(written, tuple(gaps)))


def _gap(weight: str, code: str, answers: str, texts: Texts) -> Gap:
    if code not in _KINDS:
        raise Unreadable(f"{{{weight}:{code}:}}")
    kind, case_matters = _KINDS[code]
    parts = [part for part in _ANSWER.findall(answers) if part.strip()]
    body: Choice | Words | NumberField
    if kind == "number":
        body = NumberField("", "", tuple(value for part in parts for value in _value(part, texts)))
    else:
        options = tuple(option for part in parts for option in _option(part, texts, kind))
        body = Words(options, case_matters) if kind == "words" else Choice(options, several=kind == "several")
    return Gap(body, Decimal(int(weight or 1)))


def _split(part: str) -> tuple[Decimal, str, str]:
    """Return weight, answer and feedback of one answer."""
    part = part.strip()
    weight = Decimal(0)
    if part.startswith("="):
        weight, part = FULL, part[1:]
    else:
        found = _WEIGHT.match(part)
        if found:
            weight, part = Decimal(found[1].replace(",", ".").rstrip(".")), part[found.end() :]
    answer, *feedback = re.split(r"(?<!\\)#", part, maxsplit=1)
    return weight, _UNESCAPE.sub(r"\1", answer).strip(), _UNESCAPE.sub(r"\1", feedback[0]).strip() if feedback else ""


def _option(part: str, texts: Texts, kind: Kind) -> list[Option]:
    weight, answer, said = _split(part)
    if kind != "words":
        return [Option(texts.line(answer), weight, texts.line(said))]
    typed = texts.words(answer)
    if typed == "*":
        if said:
            texts.lose("catch-all", said)
        return []
    if "*" in typed:
        texts.lose("wildcard", typed)
        return []
    return [Option(typed, weight, texts.line(said))]


def _value(part: str, texts: Texts) -> list[Value]:
    weight, answer, said = _split(part)
    value, _, tol = texts.words(answer).partition(":")
    if value.strip() == "*":
        if said:
            texts.lose("catch-all", said)
        return []
    return [Value(decimal(value), abs(decimal(tol)) if tol.strip() else Decimal(0), weight, texts.line(said))]


def _numbers(written: str, gaps: list[Gap]) -> tuple[str, Body] | None:
    """Return stem and ``Numbers`` where the text ends in lines ``label: gap unit``, one number each."""
    rows = [row for row in written.split("\n") if row.strip()]
    matched = [_LINE.fullmatch(row) for row in rows[-len(gaps) :]]
    fields = []
    for gap, found in zip(gaps, matched, strict=False):
        if found is None or not found["label"].strip() or not isinstance(gap.body, NumberField):
            return None
        fields.append(NumberField(found["label"].strip(), found["unit"], gap.body.values, gap.weight))
    stem = "\n".join(written.split("\n")[: _line_of_first(written)]).strip()
    if len(fields) != len(gaps) or not stem:
        return None
    same = len({gap.weight for gap in gaps}) == 1
    return stem, Numbers(tuple(NumberField(f.label, f.unit, f.values, None if same else f.points) for f in fields))


def _line_of_first(written: str) -> int:
    return next(n for n, row in enumerate(written.split("\n")) if gap_mark(0) in row)
