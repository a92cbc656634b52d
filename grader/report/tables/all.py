"""All tables of a report, in reading order; what any output says in numbers stands in one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grader.report.page import Page
from grader.report.tables.corporations import CORPORATIONS
from grader.report.tables.definition import Filled, Place, Table
from grader.report.tables.facts import FACTS
from grader.report.tables.findings import REJECTED, VERSIONS, WARNINGS
from grader.report.tables.headlines import HEADLINES
from grader.report.tables.history import FORECAST, HISTORY
from grader.report.tables.indicators import INDICATORS
from grader.report.tables.missing import MISSING
from grader.report.tables.states import STATES_OF_PEOPLE
from grader.report.tables.targets import TARGETS
from grader.report.tables.units import UNITS

TABLES: tuple[Table[Any], ...] = (
    TARGETS,
    FACTS,
    STATES_OF_PEOPLE,
    CORPORATIONS,
    UNITS,
    HISTORY,
    FORECAST,
    HEADLINES,
    INDICATORS,
    MISSING,
    REJECTED,
    WARNINGS,
    VERSIONS,
)


def named(page: Page, key: str) -> list[Filled[Any]]:
    """Return the tables of one definition that a report has: one for each target that it is of, or the only one.

    Raises:
        StopIteration: there is no such definition.
    """
    return next(table for table in TABLES if table.key == key).filled(page)


def of(page: Page, place: Place | None = None) -> Iterator[Filled[Any]]:
    """Yield the tables that a report has in a place, or anywhere; one that names people only where they are named."""
    for table in TABLES:
        if (place is None or place in table.views) and (page.options.named or not table.secret):
            yield from table.filled(page)
