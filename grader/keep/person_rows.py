"""Every row that tells of one person, in whatever table: to be shown to them, or to tell of nobody any more.

The tables are asked what they hold, nbgrader's and ours alike, so that a new one is not forgotten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.ground.database import ERASED, results
from grader.keep.copying import tables_of

_OWN = {"person_id", "student_id", "same_as", "written_id"}
"""Columns that say whose row it is."""
_SILENCED: Mapping[str, Mapping[str, str]] = {
    "moduong_attempt": {"answers": "{}", "reason": "", "content_hash": "", "claimed_at": "", "identity": ERASED},
    "moduong_result": {"note": ""},
    "moduong_decision": {"note": ""},
    "moduong_person": {"full_name": "", "email": ""},
    "moduong_person_former": {"full_name": "", "email": ""},
    "student": {"first_name": "", "last_name": "", "email": "", "lms_user_id": ""},
}
"""What goes from the rows of somebody erased: words and answers. Scores, states and dates stay: figures need them."""
_REMOVED = {"moduong_birth", "moduong_birth_former"}
_BIRTHS = "person_id"


def of(connection: Connection, person: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows about a person, table → rows; empty: the database does not know them."""
    found = {}
    for table in tables_of(connection).sorted_tables:
        rows = _about(connection, table, person)
        if rows:
            found[table.name] = rows
    return found | _of_nbgrader(connection, person)


def _about(connection: Connection, table: sa.Table, person: str) -> list[dict[str, Any]]:
    clauses = [table.c[name] == person for name in _OWN if name in table.c]
    if "attempt_id" in table.c:
        clauses.append(_begins(table.c["attempt_id"], person))
    if table.name == "student":
        clauses.append(table.c.id == person)
    if not clauses:
        return []
    return [dict(row) for row in connection.execute(sa.select(table).where(sa.or_(*clauses))).mappings()]


def _begins(column: sa.Column[Any], person: str) -> sa.ColumnElement[bool]:
    return sa.func.substr(column, 1, len(person) + 1) == f"{person}."


def _of_nbgrader(connection: Connection, person: str) -> dict[str, list[dict[str, Any]]]:
    """Return grades and comments of nbgrader's, which name the person only through the hand-in."""
    tables = tables_of(connection).tables
    if "submitted_notebook" not in tables:
        return {}
    found = {}
    for name in ("grade", "comment"):
        query = sa.select(tables[name]).where(tables[name].c.notebook_id.in_(_notebooks(tables, person)))
        if rows := [dict(row) for row in connection.execute(query).mappings()]:
            found[name] = rows
    return found


def _notebooks(tables: Mapping[str, sa.Table], person: str) -> sa.Select[Any]:
    handed, notebooks = tables["submitted_assignment"], tables["submitted_notebook"]
    of_person = sa.select(handed.c.id).where(handed.c.student_id == person)
    return sa.select(notebooks.c.id).where(notebooks.c.assignment_id.in_(of_person))


def erase(connection: Connection, person: str, becomes: str) -> int:
    """Let every row tell of ``becomes`` in place of the person, without words and answers; return how many changed.

    Scores, states, dates and posts stay, so that every figure comes out as before.
    """
    tables = tables_of(connection)
    names = _names(connection, tables, person)
    count = _comments(connection, tables.tables, person)
    _messages(connection, person)
    for table in tables.sorted_tables:
        if table.name in _REMOVED:
            count += connection.execute(sa.delete(table).where(table.c[_BIRTHS] == person)).rowcount
            continue
        count += _silence(connection, table, person)
    for table in tables.sorted_tables:
        count += _rename(connection, table, person, becomes, names)
    return count


def _names(connection: Connection, tables: sa.MetaData, person: str) -> list[str]:
    """Return the names and addresses that the roster has, or had, of a person and of nobody else."""
    found: set[str] = set()
    for name in ("moduong_person", "moduong_person_former"):
        table = tables.tables.get(name)
        if table is not None:
            mine = table.c.person_id == person
            for row in connection.execute(sa.select(table.c.full_name, table.c.email).where(mine)):
                found.update(value for value in row if value)
            for row in connection.execute(sa.select(table.c.full_name, table.c.email).where(~mine)):
                found.difference_update(row)
    return sorted(found, key=len, reverse=True)


def _comments(connection: Connection, tables: Mapping[str, sa.Table], person: str) -> int:
    if "comment" not in tables:
        return 0
    comment = tables["comment"]
    query = sa.update(comment).where(comment.c.notebook_id.in_(_notebooks(tables, person)))
    return int(connection.execute(query.values(auto_comment=None, manual_comment=None)).rowcount)


def _messages(connection: Connection, person: str) -> None:
    """Take what was said of an answer out of the results; points and states of the items stay."""
    mine = _begins(results.c.attempt_id, person)
    for attempt_id, seq, text in connection.execute(
        sa.select(results.c.attempt_id, results.c.seq, results.c["items"]).where(mine)
    ).all():
        items = json.dumps([{**item, "message": ""} for item in json.loads(text)])
        this = (results.c.attempt_id == attempt_id) & (results.c.seq == seq)
        connection.execute(sa.update(results).where(this).values(items=items))


def _silence(connection: Connection, table: sa.Table, person: str) -> int:
    words = _SILENCED.get(table.name)
    if not words:
        return 0
    clauses = [table.c[name] == person for name in _OWN if name in table.c]
    if "attempt_id" in table.c:
        clauses.append(_begins(table.c["attempt_id"], person))
    if table.name == "student":
        clauses.append(table.c.id == person)
    there = {name: value for name, value in words.items() if name in table.c}
    return int(connection.execute(sa.update(table).where(sa.or_(*clauses)).values(there)).rowcount)


def _rename(connection: Connection, table: sa.Table, person: str, becomes: str, names: Iterable[str]) -> int:
    """Put ``becomes`` in the place of the id, and nothing in that of the names, in every text of a table."""
    texts = [c for c in table.c if isinstance(c.type, sa.String)]
    key = list(table.primary_key) or list(table.c)
    whole = re.compile(rf"(?<![\w-]){re.escape(person)}(?![\w-])")
    count = 0
    for column in texts:
        sought = (person, *names)
        clause = sa.or_(*(column.contains(text, autoescape=True) for text in sought))
        for row in connection.execute(sa.select(*key, column.label("_text")).where(clause)).all():
            said = whole.sub(becomes, row[-1])
            for name in names:
                said = said.replace(name, "")
            if said != row[-1]:
                where = [part == value for part, value in zip(key, row[:-1], strict=True)]
                connection.execute(sa.update(table).where(*where).values({column.name: said}))
                count += 1
    return count
