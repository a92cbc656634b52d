"""What the content of a column shows, whatever its header says."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from grader.roster.match import days, names, words
from grader.roster.match.fields import IGNORED, bare
from grader.roster.tables.grid import Cell

_SAMPLE = 200  # cells by which a column is judged
_MOST, _LEAST = 0.7, 0.3
_ENOUGH = 3


def contradicted(field: str, cells: Sequence[Cell]) -> bool:
    """Tell whether the content of a column is plainly of another sort than its header says."""
    texts = [cell for cell in cells[:_SAMPLE] if not words.ditto(cell.text)]
    if len(texts) < _ENOUGH:
        return False

    def share(fits: list[bool]) -> float:
        return sum(fits) / len(texts)

    posts = share([words.looks_like_post(cell.text) for cell in texts])
    people = share([names.looks_like_name(cell.text) for cell in texts])
    dated = share([cell.kind == "day" or days.read(cell).day is not None for cell in texts])
    if field in {"post", "full_name", "start", "end", "birth"}:
        own = {"post": posts, "full_name": people}.get(field, dated)
        return own < _LEAST and max(posts, people, dated) > _MOST
    return (
        field in {"unit", "unit_id", "name", "family", "given", "person_id"}
        and max(posts, dated, people if field not in {"family", "given"} else 0) > _MOST
    )


def identity(cells: Sequence[Cell]) -> bool:
    """Tell whether a column is of numbers of identity cards (9 or 12 digits), whatever its header says."""
    return mostly([_digits(cell.text) in {9, 12} for cell in cells])


def private(cells: Sequence[Cell]) -> bool:
    """Tell whether a column is of telephone numbers or the like: nothing that helps to tell what it is."""
    return any(_digits(cell.text) >= len("987654321") for cell in cells)


def _digits(text: str) -> int:
    bare = re.sub(r"[\s.\-+()]", "", text)
    return len(bare) if bare.isdigit() else 0


def mostly(fits: Sequence[bool]) -> bool:
    """Tell whether most of some cells fit; none do of no cells."""
    return bool(fits) and sum(fits) > _MOST * len(fits)


def likely(cells: Sequence[Cell], taken: Container[str]) -> str:
    """Return the field, not ``taken`` yet, that the cells of a column without a header look like."""
    tests = (
        ("full_name", [names.looks_like_name(cell.text) for cell in cells]),
        ("post", [words.looks_like_post(cell.text) for cell in cells]),
        ("start", [days.read(cell).day is not None for cell in cells]),
        ("email", ["@" in cell.text for cell in cells]),
        ("unit", [_unit_like(cell.text) for cell in cells]),
    )
    for field, fits in tests:
        if field not in taken and sum(fits) > _MOST * len(fits):
            return field
    return IGNORED


def _unit_like(text: str) -> bool:
    key = f" {bare(text)} "
    return any(
        f" {word} " in key for word in ("cong ty", "cty", "dien luc", "cdcs", "cdbp", "cong doan", "pc", "phan xuong")
    )
