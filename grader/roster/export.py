"""Writes the roster as it is stored, in the interchange form.

CSV files, or one workbook that comes back as it is.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from course.words import _
from grader.ground.errors import ModuongError
from grader.roster.records import (
    EXTERNAL_COLUMNS,
    EXTERNAL_FILE,
    OPEN,
    PEOPLE_COLUMNS,
    PEOPLE_FILE,
    POST_COLUMNS,
    POSTS_FILE,
    UNIT_COLUMNS,
    UNITS_FILE,
    Roster,
)

_Row = tuple[str, ...]


def write(roster: Roster, target: Path) -> list[Path]:
    """Write ``target``: a workbook where its name ends in ``.xlsx``, else a folder with CSV files.

    Only the owner reads them. Returns the files.

    Raises:
        ModuongError: ``E-FILE-3`` a file is there already, ``E-WS-1`` it cannot be written.
    """
    workbook = target.suffix.lower() == ".xlsx"
    files = [target] if workbook else [target / name for name, _, _ in tables(roster)]
    there = [str(file) for file in files if file.exists()]
    if there:
        raise ModuongError("E-FILE-3", _("{value}: đã có tệp này, không ghi đè. Hãy đặt tên khác.", value=there[0]))
    try:
        fresh = target.with_name(f".{target.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for file in files:
            (fresh / file.name).touch(mode=0o600)
        if workbook:
            _workbook(roster, fresh / target.name)
        else:
            _csv(roster, fresh)
        if workbook or target.exists():
            for file in files:
                (fresh / file.name).rename(file)
            fresh.rmdir()
        else:
            fresh.rename(target)
    except OSError as error:
        raise ModuongError(
            "E-WS-1",
            _("Không ghi được {target} ({strerror}). Hãy chọn chỗ khác.", target=target, strerror=error.strerror),
        ) from None
    return files


def _csv(roster: Roster, folder: Path) -> None:
    for name, columns, rows in tables(roster):
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(rows)


def tables(roster: Roster) -> Iterator[tuple[str, Sequence[str], Iterator[_Row]]]:
    """Yield file, columns and rows of each table, as texts in the order in which they are stored."""
    yield (
        UNITS_FILE,
        UNIT_COLUMNS,
        ((u.unit_id, u.name, u.kind, u.parent_id, _day(u.start), _day(u.end), u.successor_id) for u in roster.units),
    )
    yield (
        PEOPLE_FILE,
        PEOPLE_COLUMNS,
        ((p.person_id, p.full_name, p.email, "true" if p.is_test else "", p.same_as) for p in roster.people),
    )
    yield (
        POSTS_FILE,
        POST_COLUMNS,
        ((p.written_id, p.unit_id, p.post, _day(p.start), _day(p.end), p.decision_no) for p in roster.posts),
    )
    if roster.external:
        yield (
            EXTERNAL_FILE,
            EXTERNAL_COLUMNS,
            ((one.person_id, one.course, _day(one.day), one.organiser, one.evidence) for one in roster.external),
        )


def _day(day: date) -> str:
    return "" if day == OPEN else day.isoformat()


def _workbook(roster: Roster, target: Path) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(target), options) as book:
        text = book.add_format({"num_format": "@"})
        for name, columns, rows in tables(roster):
            sheet = book.add_worksheet(name.removesuffix(".csv"))
            for line, row in enumerate([tuple(columns), *rows]):
                for place, value in enumerate(row):
                    sheet.write_string(line, place, value, text)
