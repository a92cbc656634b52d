"""Reads attempts.csv into accepted attempts and rejected rows (ATT-01…03 of docs/design.md §9.5).

The file is written by the ledger and may have millions of rows: each row is first looked up in tables of what was read
before, and only a row with something new in it is looked at closely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from grader.ground.syllabus import Syllabus
from grader.roster.exact.csv_rows import CsvRows
from grader.roster.records import ATTEMPT_COLUMNS, STATUSES, Attempt, Attempts, Roster
from grader.roster.row_findings import RowFinding

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LONGEST_NUMBER = 20
_FLAGS: Mapping[str, bool | None] = {"true": True, "false": False, "": None}


class _Marks(NamedTuple):
    """What the five columns of an attempt's result say."""

    score: Decimal | None
    max_score: Decimal | None
    critical_met: bool | None
    component_met: bool | None
    status: str


class _Refused(Exception):  # a signal within this module; the row becomes a finding
    def __init__(self, kind: str, *said: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.said = said


def read(path: Path, roster: Roster, syllabus: Syllabus) -> Attempts:
    """Read ``attempts.csv``; a person is found under the surviving id, case-insensitively.

    Raises:
        ModuongError: ``E-FILE-1`` no such file, ``ROS-09`` not UTF-8, ``ROS-01`` a column is missing,
            ``E-CSV-1`` not CSV.
    """
    table = CsvRows(path, ATTEMPT_COLUMNS, "ATT-03/width")
    found = accept(table.file, table, roster, syllabus)
    by_line = sorted([*table.rejected, *found.rejected], key=lambda finding: finding.line)
    return Attempts(found.rows, tuple(by_line), (*table.warnings, *found.warnings))


def accept(file: str, rows: Iterable[tuple[int, tuple[str, ...]]], roster: Roster, syllabus: Syllabus) -> Attempts:
    """Return the attempts among the ``rows`` (line, values in column order), and what is wrong with others."""
    reader = _Reader(file, roster, syllabus)
    accepted = [attempt for line, values in rows if (attempt := reader.attempt(line, values)) is not None]
    return Attempts(tuple(accepted), tuple(reader.rejected), tuple(reader.warnings))


class _Reader:
    """Turns rows into attempts; remembers what it has read to read it fast the next time."""

    def __init__(self, file: str, roster: Roster, syllabus: Syllabus) -> None:
        self.rejected: list[RowFinding] = []
        self.warnings: list[RowFinding] = []
        self._file = file
        self._roster = roster
        self._people = roster.survivors
        self._modules = {module_id: module_id for module_id in syllabus.modules}
        self._marks: dict[tuple[str, ...], _Marks] = {}
        self._seen: set[str] = set()

    def attempt(self, line: int, values: tuple[str, ...]) -> Attempt | None:
        """Return the attempt of one row, or None after noting why not."""
        attempt_id, person, module, submitted, *_, graded, _version = values
        try:
            marks = self._marks[values[4:9]]
            when = datetime.fromisoformat(submitted)
            known, module = self._people[person], self._modules[module]
        except (KeyError, ValueError):
            return self._closely(line, values)
        if when.tzinfo is None or not attempt_id or attempt_id in self._seen or (graded and _instant(graded) is None):
            return self._closely(line, values)
        return self._accept(attempt_id, known, module, when, marks)

    def _accept(self, attempt_id: str, person: str, module: str, when: datetime, marks: _Marks) -> Attempt:
        self._seen.add(attempt_id)
        score, max_score, critical_met, component_met, status = marks
        return Attempt(attempt_id, person, module, when, score, max_score, critical_met, component_met, status)

    def _closely(self, line: int, values: tuple[str, ...]) -> Attempt | None:
        """Read a row field by field, after trimming; note what is wrong with it."""
        trimmed = tuple(value.strip() for value in values)
        if trimmed != values:
            changed = [c for c, old, new in zip(ATTEMPT_COLUMNS, values, trimmed, strict=True) if old != new]
            self.warnings.append(RowFinding(self._file, line, "ATT-W03", (", ".join(changed),)))
        try:
            return self._read(trimmed)
        except _Refused as refused:
            self.rejected.append(RowFinding(self._file, line, refused.kind, refused.said))
            return None

    def _read(self, values: tuple[str, ...]) -> Attempt:
        attempt_id, person, module, submitted, *_, graded, _version = values
        survivor = self._roster.survivor(person)
        if survivor is None:
            raise _Refused("ATT-01", person)
        if module not in self._modules:
            raise _Refused("ATT-02", module)
        marks = self._marks[values[4:9]] = _read_marks(values[4:9])
        when = _instant(submitted)
        if when is None:
            raise _Refused("ATT-03", "submitted_at", submitted)
        if graded and _instant(graded) is None:
            raise _Refused("ATT-03", "graded_at", graded)
        if not attempt_id:
            raise _Refused("ATT-03", "attempt_id", "")
        if attempt_id in self._seen:
            raise _Refused("ATT-03/twice", attempt_id)
        return self._accept(attempt_id, survivor, self._modules[module], when, marks)


def _instant(text: str) -> datetime | None:
    """Read an ISO 8601 instant; None when it is none, or has no offset."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else None


def _read_marks(values: tuple[str, ...]) -> _Marks:
    """Read score, max_score, critical_met, component_met and status; a graded attempt needs both numbers."""
    score_text, max_text, critical_text, component_text, status = values
    if status not in STATUSES:
        raise _Refused("ATT-03", "status", status)
    graded = status == "graded"
    score = _number("score", score_text, needed=graded)
    max_score = _number("max_score", max_text, needed=graded)
    if max_score == 0:
        raise _Refused("ATT-03", "max_score", max_text)
    if score is not None and max_score is not None and score > max_score:
        raise _Refused("ATT-03", "score", score_text)
    critical = _flag("critical_met", critical_text)
    return _Marks(score, max_score, critical, _flag("component_met", component_text), status)


def _number(column: str, text: str, *, needed: bool) -> Decimal | None:
    if not text and not needed:
        return None
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise _Refused("ATT-03", column, text)
    return Decimal(text)


def _flag(column: str, text: str) -> bool | None:
    if text.lower() not in _FLAGS:
        raise _Refused("ATT-03", column, text)
    return _FLAGS[text.lower()]
