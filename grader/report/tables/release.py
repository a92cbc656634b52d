"""Everything that one report tells about how many people.

Each number once, wherever and in however many ways it stands.

A group may be worked out from several numbers together: a total and its parts, a quarter and the next, a side count, a
report of a smaller scope. Whoever judges that needs them all in one place, whatever they are printed in; this is it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.report.page import Page
from grader.report.tables import all as tables
from grader.report.tables.definition import About, Counts, Place, Value


@dataclass(frozen=True)
class Statement:
    """One number, or a text with numbers in it.

    Attributes:
        table, column: keys of its definition.
        places: where it stands.
        about: of whom; None where a text is of nobody in particular, or what is counted was reported by others.
        counts: what it counts.
        value: the number; a rate says two. ``Hidden`` where it is not shown.
    """

    table: str
    column: str
    places: tuple[Place, ...]
    about: About | None
    counts: Counts
    value: Value


def statements(page: Page) -> Iterator[Statement]:
    """Yield everything that a report states; numbers that stand nowhere are left out."""
    for filled in tables.of(page):
        table = filled.table
        counting = [
            (column, column.counts, places)
            for column in table.columns
            if column.counts is not None
            and (places := tuple(place for place, view in table.views.items() if column.key in view.keys))
        ]
        for row in filled.rows:
            about = table.about(filled, row)
            for column, counts, places in counting:
                yield Statement(table.key, column.key, places, about, counts, filled.value(column.key, row))
