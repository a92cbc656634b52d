"""Merged blocks of a sheet: what stands in one cell is meant for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from grader.roster.tables.grid import EMPTY, Cell

Block = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0, both ends in."""


def fill(rows: list[tuple[Cell, ...]], blocks: Iterable[Block]) -> frozenset[tuple[int, int]]:
    """Give each cell of a merged block its value, in rows that hold something; return the places that were empty.

    Blocks of more than one row and more than one column are titles, and stay as they are; so does a title's row of
    many columns: only its first cell is read.
    """
    filled: set[tuple[int, int]] = set()
    for top, left, bottom, right in blocks:
        if top >= len(rows) or left >= len(rows[top]) or rows[top][left] == EMPTY or right != left:
            continue
        for line in range(top + 1, min(bottom, len(rows) - 1) + 1):
            row = list(rows[line])
            row.extend(EMPTY for _ in range(left + 1 - len(row)))
            if row[left] == EMPTY and any(one != EMPTY for one in row):
                row[left] = rows[top][left]
                filled.add((line, left))
                rows[line] = tuple(row)
    return frozenset(filled)
