"""A text with gaps: which of the types' shapes it is, and what a grid is where there are only pairs."""

from __future__ import annotations

import re

from grader.formats.question import Body, Unreadable
from grader.itemtypes.shared.neutral import (
    Choice,
    Gap,
    Gaps,
    Grid,
    NumberField,
    Numbers,
    Option,
    Pair,
    Pairs,
    Words,
    gap_mark,
)

_MARK = "[\ue100-\ue1ff]"
_LINE = re.compile(
    rf"(?P<label>[^\n\ue100-\ue1ff]*?):[ \t]*(?P<mark>{_MARK})[ \t]*(?P<unit>[^\n\ue100-\ue1ff]{{0,30}}?)\s*"
)
_AT_END = re.compile(rf"[:\s]*{_MARK}\s*$")
_ANY = re.compile(rf"\s*{_MARK}\s*")
BLANK = " _____ "
GRID = "shape:grid"
"""Begins the tag of pairs that are the rows of a grid."""


def body_of(written: str, gaps: list[Gap]) -> tuple[str, Body]:
    """Return stem and body of a text in which ``gap_mark(n)`` stands for gap ``n``.

    One number to a line, each after a label with a colon, are numbers; a single gap is the question that it is, its
    place a blank; everything else is a text with gaps, after the paragraphs without any.
    """
    if not gaps:
        raise Unreadable("0")
    numbers = _numbers(written, gaps)
    if numbers:
        return numbers
    if len(gaps) > 1:
        return with_gaps(written, gaps)
    at_end = _AT_END.search(written)
    stem = (written[: at_end.start()] if at_end else _ANY.sub(BLANK, written)).strip()
    inner: Choice | Words | NumberField = gaps[0].body
    return stem, Numbers((inner,)) if isinstance(inner, NumberField) else inner


def with_gaps(written: str, gaps: list[Gap]) -> tuple[str, Gaps]:
    """Return the paragraphs before the first gap, and those with the gaps."""
    paragraphs = written.split("\n\n")
    first = next((n for n, paragraph in enumerate(paragraphs) if re.search(_MARK, paragraph)), 0)
    return "\n\n".join(paragraphs[:first]), Gaps("\n\n".join(paragraphs[first:]), tuple(gaps))


def _numbers(written: str, gaps: list[Gap]) -> tuple[str, Body] | None:
    """Return stem and numbers where the text ends in lines ``label: gap unit``, one number each."""
    rows = [row for row in written.split("\n") if row.strip()]
    matched = [_LINE.fullmatch(row) for row in rows[-len(gaps) :]]
    fields = []
    for gap, found in zip(gaps, matched, strict=False):
        if found is None or not found["label"].strip() or not isinstance(gap.body, NumberField):
            return None
        body = gap.body
        fields.append(NumberField(found["label"].strip(), found["unit"], body.values, gap.weight, body.otherwise))
    first = next((n for n, row in enumerate(written.split("\n")) if gap_mark(0) in row), 0)
    stem = "\n".join(written.split("\n")[:first]).strip()
    if len(fields) != len(gaps) or not stem:
        return None
    if len({gap.weight for gap in gaps}) > 1:
        return stem, Numbers(tuple(fields))
    return stem, Numbers(tuple(NumberField(f.label, f.unit, f.values, None, f.otherwise) for f in fields))


def grid_tag(grid: Grid) -> str:
    """Return the tag that makes pairs a grid again, its columns in their order: ``shape:grid:021``."""
    shown, _lost = as_pairs(grid)
    names = list(dict.fromkeys([p.right for p in shown.pairs] + [o.text for o in shown.spare]))
    return f"{GRID}:{''.join(str(names.index(text)) for text in grid.columns)}"


def as_pairs(grid: Grid) -> tuple[Pairs, list[str]]:
    """Return the rows of a grid as pairs whose right sides are its columns, and the author's fields that this loses."""
    pairs = tuple(Pair(row.text, grid.columns[row.right[0]], row.feedback) for row in grid.rows)
    used = {pair.right for pair in pairs}
    lost = ["rows.key"] if any(len(row.right) > 1 for row in grid.rows) else []
    lost += ["rows.points"] if any(row.points is not None for row in grid.rows) else []
    return Pairs(pairs, tuple(Option(text) for text in grid.columns if text not in used)), lost
