"""Copies all tables of one database into another, whatever engine each has, and compares them row by row."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from course.words import _
from grader.ground.errors import ModuongError

_ROWS = 1_000
"""Rows that travel together."""


@dataclass(frozen=True, slots=True)
class Table:
    """What was found in one table: its rows' number, and a digest that does not depend on their order or engine."""

    rows: int
    digest: str


def tables_of(connection: Connection) -> sa.MetaData:
    """Return the tables that stand in a database, in an order in which they can be filled."""
    found = sa.MetaData()
    found.reflect(connection)
    return found


def _plain(value: Any) -> object:
    """Return a value as every engine gives it: numbers by value, times as text, true and false as 1 and 0."""
    if isinstance(value, bool | int | float | Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _same_types(table: sa.Table, like: sa.Table) -> sa.Select[Any]:
    """Return a query for all rows of ``table``, its values read as ``like`` has them."""
    columns = [
        sa.type_coerce(table.c[c.name], c.type.as_generic(allow_nulltype=True)).label(c.name)
        for c in like.c
        if c.name in table.c
    ]
    return sa.select(*columns).select_from(table)


def measure(connection: Connection, only: Iterable[str] | None = None) -> dict[str, Table]:
    """Return what stands in each table (or in those named), to be compared with another database."""
    found = tables_of(connection)
    names = sorted(found.tables if only is None else set(only) & set(found.tables))
    return {name: _measured(_rows(connection, sa.select(found.tables[name]))) for name in names}


def _measured(rows: Iterable[Mapping[str, Any]]) -> Table:
    count, total = 0, 0
    for row in rows:
        said = repr(sorted((name, _plain(value)) for name, value in row.items()))
        total = (total + int.from_bytes(hashlib.sha256(said.encode()).digest())) % (1 << 256)
        count += 1
    return Table(count, f"{total:064x}")


def _rows(connection: Connection, query: sa.Select[Any]) -> Iterator[dict[str, Any]]:
    for row in connection.execution_options(yield_per=_ROWS).execute(query).mappings():
        yield dict(row)


def copy(source: Engine, target: Engine) -> dict[str, Table]:
    """Copy every row into tables of the same names that stand empty in ``target``; return what was copied.

    All in one transaction of each: the source as it was at one moment, the target whole or unchanged.

    Raises:
        ModuongError: ``E-MOVE-1`` the target holds rows, ``E-MOVE-2`` it lacks a table or a column, ``E-MOVE-3`` what
            was written reads differently.
    """
    with _one_moment(source) as old, target.begin() as new:
        there, here = tables_of(old), tables_of(new)
        _refuse_what_does_not_fit(there, here)
        _empty(new, here)
        for table in here.sorted_tables:
            if table.name in there.tables:
                _fill(old, new, there.tables[table.name], table)
        _count_on(new, here)
        wanted = {
            name: _measured(_rows(old, _same_types(table, here.tables[name]))) for name, table in there.tables.items()
        }
        written = measure(new, wanted)
        if wrong := sorted(name for name, one in wanted.items() if written[name] != one):
            said = _("{tables}: chép sang đọc lại không giống bản gốc; chưa ghi gì.", tables=", ".join(wrong))
            raise ModuongError("E-MOVE-3", said)
    return written


@contextlib.contextmanager
def _one_moment(source: Engine) -> Iterator[Connection]:
    options = {"isolation_level": "REPEATABLE READ"} if source.dialect.name == "postgresql" else {}
    with source.connect().execution_options(**options) as connection:
        if not options:
            connection.exec_driver_sql("BEGIN")
        yield connection
        connection.rollback()


def _refuse_what_does_not_fit(there: sa.MetaData, here: sa.MetaData) -> None:
    lacking = [
        name if name not in here.tables else f"{name}.{column.name}"
        for name, table in there.tables.items()
        for column in table.c
        if name not in here.tables or column.name not in here.tables[name].c
    ]
    if lacking:
        said = _("Cơ sở dữ liệu đích thiếu {what}; chưa chép gì.", what=", ".join(dict.fromkeys(lacking)))
        raise ModuongError("E-MOVE-2", said)


_FRESH = frozenset({"moduong_about", "alembic_version", "course"})
"""What a database that was only just opened has rows in; they give way to those of the source."""


def _empty(connection: Connection, here: sa.MetaData) -> None:
    for table in here.sorted_tables:
        if table.name in _FRESH:
            continue
        if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one():
            said = _(
                "Cơ sở dữ liệu đích đã có dữ liệu (bảng {table}); hãy chỉ một cơ sở dữ liệu trống.", table=table.name
            )
            raise ModuongError("E-MOVE-1", said)
    for table in here.sorted_tables:
        if table.name in _FRESH:
            connection.execute(sa.delete(table))


def _fill(old: Connection, new: Connection, source: sa.Table, target: sa.Table) -> None:
    batch: list[dict[str, Any]] = []
    for row in _rows(old, _same_types(source, target)):
        batch.append(row)
        if len(batch) == _ROWS:
            new.execute(sa.insert(target), batch)
            batch = []
    if batch:
        new.execute(sa.insert(target), batch)


def _count_on(connection: Connection, here: sa.MetaData) -> None:
    """Let a server's counters go on after the ids that came along."""
    if connection.dialect.name != "postgresql":
        return
    for table in here.sorted_tables:
        for column in table.primary_key:
            name = connection.execute(sa.select(sa.func.pg_get_serial_sequence(table.name, column.name))).scalar()
            top = connection.execute(sa.select(sa.func.max(column))).scalar() if name else None
            if top is not None:
                connection.execute(sa.select(sa.func.setval(name, top)))
