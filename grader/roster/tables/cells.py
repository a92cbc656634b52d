"""What the value of a spreadsheet's cell looks like to a person: dates, numbers with their zeros, flags."""

from __future__ import annotations

import math
import re
import struct
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers.expat import ExpatError

from grader.roster.tables.grid import EMPTY, Cell

BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, SyntaxError, ExpatError, ValueError, TypeError, KeyError, IndexError,
    AttributeError, OverflowError, EOFError, OSError, RuntimeError, NotImplementedError, AssertionError,
)  # fmt: skip
"""What ``zipfile`` and ``openpyxl`` raise for bytes that are no workbook.

Entities are a ``ValueError`` of ``defusedxml``; a parser's error is a ``SyntaxError``, whichever parser there is.
"""
_EXACT = 1e15  # spreadsheets keep fifteen digits
_ZEROS = re.compile(r"0{2,20}")


def number(value: float, number_format: str) -> str:
    """Return a number as a person reads it: 17.0 is 17, and 17 in a cell that shows five digits is 00017."""
    if isinstance(value, float) and not (math.isfinite(value) and value.is_integer() and abs(value) < _EXACT):
        return repr(value)
    digits = str(int(value))
    return digits.zfill(len(number_format)) if _ZEROS.fullmatch(number_format) else digits


def cell(value: Any, number_format: str = "General") -> Cell:
    """Return the cell of a value as ``openpyxl`` or ``calamine`` gives it."""
    if value is None or (isinstance(value, str) and not value):
        return EMPTY
    if isinstance(value, str):
        return Cell(value)
    if isinstance(value, bool):
        return Cell(str(value).lower(), "flag")
    if isinstance(value, datetime):
        return Cell(value.date().isoformat() if value.time() == time() else value.isoformat(" "), "day")
    if isinstance(value, date):
        return Cell(value.isoformat(), "day")
    if isinstance(value, int | float):
        return Cell(number(value, number_format), "number")
    return Cell(str(value) if isinstance(value, time | timedelta) else str(value)[:500])
