"""Reads a roster (three CSV files or one XLSX) into accepted rows, rejected rows and warnings (docs/design.md §9.4).

The order of the rules: fields of each row by themselves (ROS-01, 02, 03, 08, 10), then rows in conflict (ROS-04, 06),
then ids that have no accepted row (ROS-05) and cycles (ROS-07), until nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from course.words import _
from grader.ground import text_files
from grader.ground.errors import ModuongError
from grader.ground.offices import OFFICES, Offices
from grader.roster import rules as roster_rules
from grader.roster.exact.csv_rows import CsvRows
from grader.roster.exact.fields import EXAMPLE, Parser, Values
from grader.roster.exact.row_source import GivenRows, RowSource
from grader.roster.records import (
    EXTERNAL_COLUMNS,
    EXTERNAL_FILE,
    PEOPLE_COLUMNS,
    PEOPLE_FILE,
    POST_COLUMNS,
    POSTS_FILE,
    UNIT_COLUMNS,
    UNITS_FILE,
    External,
    Parsed,
    Person,
    Post,
    Roster,
    Tables,
    Unit,
)
from grader.roster.row_findings import RowFinding

__all__ = ["EXAMPLE", "PEOPLE_FILE", "POSTS_FILE", "UNITS_FILE", "given", "parse", "read"]

_YES = frozenset({"1", "true", "yes"})
_SAID = _YES | {"0", "false", "no"}
_R = TypeVar("_R", Unit, Person, Post, External)


def read(source: Path, offices: Offices = OFFICES) -> Roster:
    """Read a roster: a folder with the three CSV files, or one XLSX. Bad rows become findings and count nowhere.

    Raises:
        ModuongError: as ``parse``.
    """
    return roster_rules.settle(parse(source, offices))


def parse(source: Path, offices: Offices = OFFICES) -> Parsed:
    """Read the rows of a roster by themselves; the rules between rows come after.

    Raises:
        ModuongError: ``E-FILE-1`` a file is missing, ``ROS-09`` not UTF-8, ``ROS-01`` a column is missing,
            ``E-CSV-1`` not CSV,
            ``E-XLSX-1`` … ``E-XLSX-4`` a workbook that is none, too large, not plain, or without one of the sheets.
    """
    if source.is_file():
        from grader.roster.exact import workbook  # openpyxl takes long to load, and text needs it not

        with workbook.opened(source) as book:
            return _parsed(book.tables(), book.rows, offices, external=book.has_external)
    _refuse_missing_files(source)
    external = (source / EXTERNAL_FILE).is_file()
    return _parsed(Tables(), lambda name, columns: CsvRows(source / name, columns), offices, external=external)


def given(
    tables: Tables,
    rows: Mapping[str, Iterable[tuple[int, Sequence[str]]]],
    rejected: Iterable[RowFinding] = (),
    warnings: Iterable[RowFinding] = (),
    offices: Offices = OFFICES,
) -> Parsed:
    """Read rows that were made elsewhere.

    Args:
        tables: how findings name the tables.
        rows: such a name -> (line, values in the order of the columns); lines are unique in a table.
        rejected: what was rejected before.
        warnings: what was noticed before.
        offices: posts and kinds of unit.
    """
    parsed = _parsed(
        tables, lambda name, columns: GivenRows(name, columns, rows[name]), offices, external=tables.external in rows
    )
    return replace(
        parsed, rejected=tables.sort([*rejected, *parsed.rejected]), warnings=tables.sort([*warnings, *parsed.warnings])
    )


def _parsed(
    tables: Tables, rows_of: Callable[[str, Sequence[str]], RowSource], offices: Offices, *, external: bool
) -> Parsed:
    rejected: list[RowFinding] = []
    warnings: list[RowFinding] = []

    def rows(name: str, columns: Sequence[str], parse: Callable[[Parser, int, Values], _R | None]) -> list[_R]:
        table = rows_of(name, columns)
        parser = Parser(name, columns, offices, rejected, warnings)
        parsed = [
            parse(parser, line, values)
            for line, written in table
            if (values := parser.clean(line, written)) is not None
        ]
        rejected.extend(table.rejected)
        warnings.extend(table.warnings)
        return [row for row in parsed if row is not None]

    units = rows(tables.units, UNIT_COLUMNS, _unit)
    people = rows(tables.people, PEOPLE_COLUMNS, _person)
    posts = rows(tables.posts, POST_COLUMNS, _post)
    courses = rows(tables.external, EXTERNAL_COLUMNS, _external) if external else None
    return Parsed(units, people, posts, rejected, warnings, tables, offices, courses)


def _refuse_missing_files(folder: Path) -> None:
    if not folder.exists():
        raise text_files.no_file(folder)
    missing = [name for name in Tables()[:3] if not (folder / name).is_file()]
    if missing:
        names = ", ".join(missing)
        raise ModuongError(
            "E-FILE-1",
            _(
                "{folder}: thiếu tệp {names}. Danh sách cán bộ gồm {units_file}, {people_file} và {posts_file}, "
                "hoặc một tệp .xlsx.",
                folder=folder,
                names=names,
                units_file=UNITS_FILE,
                people_file=PEOPLE_FILE,
                posts_file=POSTS_FILE,
            ),
        )


def _external(parser: Parser, line: int, values: Values) -> External | None:
    if not parser.complete(line, values, ("person_id", "course", "day")):
        return None
    person_id, course, written, organiser, evidence = values
    day = parser.day(line, "day", written)
    return External(person_id, course, day, organiser, evidence, line) if day else None


def _unit(parser: Parser, line: int, values: Values) -> Unit | None:
    if not parser.complete(line, values, ("unit_id", "name", "kind", "start")):
        return None
    unit_id, name, kind, parent_id, start, end, successor_id = values
    period = parser.period(line, start, end)
    if period is None or not parser.known(line, "kind", kind, parser.offices.unit_kinds):
        return None
    return Unit(unit_id, name, kind, parent_id, *period, successor_id, line)


def _person(parser: Parser, line: int, values: Values) -> Person | None:
    if not parser.complete(line, values, ("person_id", "full_name")):
        return None
    person_id, full_name, email, is_test, same_as = values
    if is_test and is_test.lower() not in _SAID:
        parser.warn(line, "ROS-W17", is_test)
    return Person(person_id, full_name, email, is_test.lower() in _YES, same_as, line)


def _post(parser: Parser, line: int, values: Values) -> Post | None:
    if not parser.complete(line, values, ("person_id", "unit_id", "post", "start")):
        return None
    person_id, unit_id, post, start, end, decision_no = values
    period = parser.period(line, start, end)
    if period is None or not parser.known(line, "post", post, parser.offices.posts):
        return None
    return Post(person_id, unit_id, post, *period, decision_no, line, person_id)
