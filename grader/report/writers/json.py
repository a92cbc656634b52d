"""Returns report.json: the object of docs/design.md §5.12, small groups hidden, and whether the data are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from grader.completion.records import Rate
from grader.report.page import Page
from grader.report.tables import all as tables
from grader.report.tables.definition import Filled, Hidden, Value


def of(page: Page) -> dict[str, Any]:
    """Return the object; its fields are those of ``Completion.to_json`` and ``simulated``."""
    (targets,), (indicators,) = tables.named(page, "targets"), tables.named(page, "indicators")
    (rejected,), (warnings,) = tables.named(page, "rejected"), tables.named(page, "warnings")
    parts = {filled.target: _rows(filled) for filled in tables.named(page, "corporations")}
    found = page.found
    return {
        "as_of": found.as_of.isoformat(),
        "computed_at": found.computed_at.isoformat(timespec="seconds"),
        "course_version": found.course_version,
        "target_set": found.target_set,
        "targets": [
            _row(targets, view, by_corporation=parts.get(view.result.id, [])) for view in targets.ordered("json")
        ],
        "indicators": [_row(indicators, line) for line in indicators.ordered("json") if line.entry is not None],
        "rejected_rows": _rows(rejected),
        "warnings": _rows(warnings),
        "simulated": page.simulated,
    }


def _rows(filled: Filled[Any]) -> list[dict[str, Any]]:
    return [_row(filled, row) for row in filled.ordered("json")]


def _row(filled: Filled[Any], row: Any, **more: Any) -> dict[str, Any]:
    """Return the columns of a row by their keys; where some are hidden, ``suppressed`` says why."""
    values = {column.key: filled.value(column.key, row) for column in filled.columns("json")}
    said = {key: _value(value) for key, value in values.items()} | more
    hidden = next((value for value in values.values() if isinstance(value, Hidden)), None)
    return said if hidden is None else said | {"suppressed": hidden.reason}


def _value(value: Value) -> Any:
    if isinstance(value, Hidden):
        return None
    if isinstance(value, Rate):
        return value.percent
    return value.isoformat() if isinstance(value, date) else value
