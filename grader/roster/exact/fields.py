"""Checks the fields of one table's rows by themselves (docs/design.md §9.4)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from grader.ground.offices import Offices
from grader.roster.records import OPEN
from grader.roster.row_findings import RowFinding

EXAMPLE = "VI-DU-"
"""Ids that begin so mark the example rows of the template, which are never taken."""
_ID_COLUMNS = frozenset({"unit_id", "parent_id", "successor_id", "person_id", "same_as"})
_LONGEST_ID, _LONGEST_TEXT = 128, 500  # characters
_FORMULA_STARTS = frozenset("=+-@")
Values = Sequence[str]


class Parser:
    """Checks the fields of one file's rows; keeps no state but the two lists of findings given to it."""

    def __init__(
        self,
        file: str,
        columns: Sequence[str],
        offices: Offices,
        rejected: list[RowFinding],
        warnings: list[RowFinding],
    ) -> None:
        self.file = file
        self.columns = columns
        self.offices = offices
        self._rejected = rejected
        self._warnings = warnings

    def reject(self, line: int, kind: str, *said: str) -> None:
        """Note that a row counts nowhere."""
        self._rejected.append(RowFinding(self.file, line, kind, said))

    def warn(self, line: int, kind: str, *said: str) -> None:
        """Note a doubt about a row that counts."""
        self._warnings.append(RowFinding(self.file, line, kind, said))

    def clean(self, line: int, values: Values) -> Values | None:
        """Return the values trimmed and in NFC; None for a row that is not to be taken."""
        joined = "".join(values)
        if not joined.isascii() or any(value != value.strip() for value in values):
            values = self._repaired(line, values)
        if values[0].startswith(EXAMPLE):
            self._warnings.append(RowFinding(self.file, line, "ROS-W15"))
            return None
        if (len(joined) > _LONGEST_ID or not joined.isprintable()) and not self._plain(line, values):
            return None
        if any(value[:1] in _FORMULA_STARTS for value in values):
            columns = [c for c, value in zip(self.columns, values, strict=True) if value[:1] in _FORMULA_STARTS]
            self._warnings.append(RowFinding(self.file, line, "ROS-W16", (", ".join(columns),)))
        return values

    def _repaired(self, line: int, values: Values) -> Values:
        """Return the values trimmed and in NFC; a warning names the columns where that changed anything."""
        composed = [unicodedata.normalize("NFC", value) for value in values]
        trimmed = [value.strip() for value in composed]
        for kind, before, after in (("ROS-W03", values, composed), ("ROS-W02", composed, trimmed)):
            changed = [c for c, old, new in zip(self.columns, before, after, strict=True) if old != new]
            if changed:
                self._warnings.append(RowFinding(self.file, line, kind, (", ".join(changed),)))
        return trimmed

    def _plain(self, line: int, values: Values) -> bool:
        """Tell whether the values are text of a length that can be; reject the row for the first one that is not."""
        for column, value in zip(self.columns, values, strict=True):
            longest = _LONGEST_ID if column in _ID_COLUMNS else _LONGEST_TEXT
            if len(value) > longest:
                self.reject(line, "ROS-10/long", column, str(len(value)), str(longest))
                return False
            if not value.isprintable() and any(_control(c) for c in value):
                self.reject(line, "ROS-10/control", column)
                return False
        return True

    def complete(self, line: int, values: Values, required: Sequence[str]) -> bool:
        """Tell whether the required fields are filled; reject the row for the first one that is not."""
        for column in required:
            if not values[self.columns.index(column)]:
                self.reject(line, "ROS-01", column)
                return False
        return True

    def period(self, line: int, start: str, end: str) -> tuple[date, date] | None:
        """Read both dates; reject the row for a bad one, or an end before the start."""
        first = self.day(line, "start", start)
        last = self.day(line, "end", end) if first else None
        if first is None or last is None:
            return None
        if last < first:
            self.reject(line, "ROS-03", first.isoformat(), last.isoformat())
            return None
        return first, last

    def day(self, line: int, column: str, text: str) -> date | None:
        """Read one date; reject the row for a bad one."""
        day, vietnamese = _day(text)
        if day is None:
            self.reject(line, "ROS-02", column, text)
        elif vietnamese:
            self._warnings.append(RowFinding(self.file, line, "ROS-W04", (column, text, day.isoformat())))
        return day

    def known(self, line: int, column: str, value: str, allowed: Collection[str]) -> bool:
        """Tell whether a word is in its list; reject the row otherwise."""
        if value in allowed:
            return True
        self.reject(line, "ROS-08", column, value, ", ".join(allowed))
        return False


def _control(letter: str) -> bool:
    """Tell whether a character is no part of text; line breaks and tabs are."""
    return unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\t\r\n"


@lru_cache(maxsize=65_536)
def _day(text: str) -> tuple[date | None, bool]:
    """Read a date: (day or None, whether it was written dd/mm/yyyy). Empty, only allowed for ``end``, is ``OPEN``."""
    if not text:
        return OPEN, False
    parts = text.split("-")
    vietnamese = len(parts) == 1
    if vietnamese:
        parts = text.split("/")[::-1]
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isascii() and part.isdigit() for part in parts):
        return None, False
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])), vietnamese
    except ValueError:
        return None, False
