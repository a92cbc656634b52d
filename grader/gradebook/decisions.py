"""What a coordinator decided about hand-ins: two more attempts after coaching, an earlier date for an offline site.

Append-only.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from grader.ground.database import decisions, insert_many

REOPEN, ATTEST, CONFIRM, REFUSE = "reopen", "attest", "confirm", "refuse"


def enter(
    connection: Connection,
    kind: str,
    now: datetime,
    *,
    person: str,
    module: str,
    by: str,
    note: str,
    attempt_id: str = "",
    value: str = "",
) -> None:
    """Enter one decision.

    ``value`` is the number of attempts (``reopen``), the instant attested (``attest``) or the day on which a hand-in
    was sent (``confirm``).
    """
    row = {
        "decided_at": now.isoformat(timespec="seconds"),
        "kind": kind,
        "person_id": person,
        "module_id": module,
        "attempt_id": attempt_id,
        "value": value,
        "note": note,
        "decided_by": by,
    }
    insert_many(connection, decisions, [row])


def opened(connection: Connection, module: str, person: str) -> int:
    """Return how many more attempts a person was given at a module."""
    return all_opened(connection, module, person).get(person, 0)


def all_opened(connection: Connection, module: str, person: str = "") -> dict[str, int]:
    """Return how many more attempts people were given at a module, by person."""
    query = sa.select(decisions.c.person_id, decisions.c.value).where(
        decisions.c.kind == REOPEN, decisions.c.module_id == module
    )
    found: dict[str, int] = {}
    for name, value in connection.execute(query.where(decisions.c.person_id == person) if person else query):
        found[name] = found.get(name, 0) + int(value)
    return found


def made_since(connection: Connection, last: int) -> tuple[int, dict[str, set[str]]]:
    """Return the newest decision about hand-ins that waited, and module → people of those after ``last``."""
    query = sa.select(decisions.c.decision_id, decisions.c.module_id, decisions.c.person_id)
    mine = query.where(decisions.c.decision_id > last, decisions.c.kind.in_((CONFIRM, REFUSE)))
    found: dict[str, set[str]] = {}
    for number, module, person in connection.execute(mine.order_by(decisions.c.decision_id)):
        last = number
        found.setdefault(module, set()).add(person)
    return last, found


def attested(connection: Connection) -> dict[str, str]:
    """Return the instants that coordinators attested, by attempt id; the newest decision holds."""
    query = (
        sa.select(decisions.c.attempt_id, decisions.c.value)
        .where(decisions.c.kind == ATTEST)
        .order_by(decisions.c.decision_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
