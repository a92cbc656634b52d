"""Moodle's embedded answers: ``{1:MULTICHOICE:=right~wrong}`` inside a text, read into gaps and written from them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from grader.formats.foreign.gaps import body_of
from grader.formats.foreign.markdown import Form
from grader.formats.foreign.texts import Texts
from grader.formats.question import Body, Unreadable, decimal
from grader.itemtypes.shared.neutral import (
    FULL,
    Choice,
    Gap,
    NumberField,
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
    return body_of(written, gaps)


def _gap(weight: str, code: str, answers: str, texts: Texts) -> Gap:
    if code not in _KINDS:
        raise Unreadable(f"{{{weight}:{code}:}}")
    kind, case_matters = _KINDS[code]
    parts = [part for part in _ANSWER.findall(answers) if part.strip()]
    otherwise = next((said for said in (_otherwise(part, texts) for part in parts) if said), "")
    body: Choice | Words | NumberField
    if kind == "number":
        values = tuple(value for part in parts for value in _value(part, texts))
        body = NumberField("", "", values, otherwise=otherwise)
    elif kind == "words":
        body = Words(tuple(o for part in parts for o in _typed(part, texts)), case_matters, otherwise=otherwise)
    else:
        body = Choice(tuple(_option(part, texts) for part in parts), several=kind == "several")
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


def _otherwise(part: str, texts: Texts) -> str:
    """Return what every other answer is told, where this part says so."""
    weight, answer, said = _split(part)
    return texts.line(said) if answer == "*" and weight <= 0 else ""


def _option(part: str, texts: Texts) -> Option:
    weight, answer, said = _split(part)
    return Option(texts.line(answer), weight, texts.line(said))


def _typed(part: str, texts: Texts) -> list[Option]:
    weight, answer, said = _split(part)
    typed = texts.words(answer)
    if typed == "*" and weight <= 0:
        return []
    if "*" in typed:
        texts.lose("wildcard", typed)
        return []
    return [Option(typed, weight, texts.line(said))]


def _value(part: str, texts: Texts) -> list[Value]:
    weight, answer, said = _split(part)
    value, _, tol = texts.words(answer).partition(":")
    if value.strip() == "*":
        return []
    return [Value(decimal(value), abs(decimal(tol)) if tol.strip() else Decimal(0), weight, texts.line(said))]
