"""Stage ``regrade``: after a key was corrected, whose score, pass or trained state changes.

Then the new results, appended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course import items
from course.answers import Answer, AnswerSet
from course.items import ItemScore
from grader.gradebook import nbgrader_tables, results
from grader.gradebook.nbgrader_tables import GradeRow, Submission
from grader.gradebook.results import VOID, Result
from grader.ground.database import ERASED, answered, attempts
from grader.marking.judge import Judge

_CHUNK = 500
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Regraded:
    """One attempt under the corrected key.

    ``shown``: it is the one in nbgrader's tables. ``earlier``: it answered an earlier release, whose cells nbgrader may
    not have any more.
    """

    person: str
    submitted_at: datetime
    before: Result
    after: Result
    grades: tuple[GradeRow, ...]
    shown: bool
    earlier: bool = False


def regrade(
    connection: Connection, module: str, judge_of: Callable[[str], Judge], newest_version: str
) -> list[Regraded]:
    """Return every graded attempt of a module whose newest result is another key's, scored anew; nothing is written.

    Each by the judge of the release that it answered (``judge_of``). Points that a person gave are added again, and
    stay where they replace the machine's. Void attempts stay as they are.
    """
    mine = attempts.c.module_id == module
    found = results.read(connection, mine)
    columns = (attempts.c.attempt_id, attempts.c.person_id, attempts.c.submitted_at, attempts.c.answers)
    query = (
        sa.select(*columns, answered.c.release)
        .select_from(attempts.outerjoin(answered, answered.c.attempt_id == attempts.c.attempt_id))
        .where(mine, attempts.c.identity != ERASED)
        .order_by(attempts.c.number)
    )
    rows = [r for r in connection.execute(query) if r.attempt_id in found]
    newest = {r.person_id: r.attempt_id for r in rows}
    changed = []
    for row in rows:
        before = found[row.attempt_id]
        judge = judge_of(row.release or "")
        if before.state == VOID or before.key_version == judge.version:
            continue
        stored = {
            i: Answer(a["value"], a["variant"], a["seq"], a["saved_at"]) for i, a in orjson.loads(row.answers).items()
        }
        scores = judge.score(AnswerSet(module, stored, person=row.person_id))
        grades = judge.grades(scores)
        after = judge.result(row.attempt_id, with_marks(judge.items, scores, before), "regrade", before.note)
        shown, earlier = newest[row.person_id] == row.attempt_id, judge.version != newest_version
        submitted = datetime.fromisoformat(row.submitted_at)
        changed.append(Regraded(row.person_id, submitted, before, after, grades, shown, earlier))
    return changed


def with_marks(keyed: Mapping[str, Any], scores: Mapping[str, ItemScore], before: Result) -> dict[str, ItemScore]:
    """Return ``scores`` with the points that a person had given in an earlier result."""
    found = dict(scores)
    for earlier in before.items:
        name = earlier["id"]
        score = found.get(name)
        if score is None or earlier["points"] is None or earlier["state"] != "scored":
            continue
        given = Decimal(str(earlier["points"])) - Decimal(str(earlier["automatic"]))
        if score.state == "pending_manual":
            found[name] = items.with_mark(keyed[name], score, given)
        elif given and keyed[name]["manual"] is None:  # a person's mark in place of the machine's
            blank = ItemScore(None, Decimal(0), score.max_points, score.state, message=score.message)
            found[name] = items.with_mark(keyed[name], blank, given)
    return found


def write(connection: Connection, module: str, changed: Sequence[Regraded], now: datetime) -> None:
    """Append the new results and rewrite nbgrader's automatic points, in the caller's transaction."""
    entry = nbgrader_tables.registered(connection, module)
    for start in range(0, len(changed), _CHUNK):
        part = changed[start : start + _CHUNK]
        results.append(connection, (one.after for one in part), now)
        if entry is not None:
            shown = [
                Submission(
                    one.person,
                    one.submitted_at,
                    tuple(row for row in one.grades if row.grade_id in entry.grade_cells or not one.earlier),
                    frozenset(),
                )
                for one in part
                if one.shown
            ]
            nbgrader_tables.rescore(connection, entry, shown)
