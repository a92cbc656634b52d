"""Stage ``regrade``: after a key was corrected, whose score, pass or trained state changes.

Then the new results, appended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from course import items
from course.answers import Answer, AnswerSet
from course.items import ItemScore
from course.words import _, into
from grader.completion.records import Completion, Rate
from grader.gradebook import nbgrader_tables, results
from grader.gradebook.nbgrader_tables import GradeRow, Submission
from grader.gradebook.results import VOID, Result
from grader.ground.database import answered, attempts
from grader.ground.pass_rule import Rule, passes
from grader.marking.judge import Judge
from grader.roster.records import ATTEMPT_COLUMNS

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
        .where(mine)
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


@dataclass(frozen=True, slots=True)
class Change:
    """What a corrected key does to one attempt.

    Attributes:
        attempt_id, person: which.
        before, after: points as they counted and as they count from now on; ``None`` while a marker is awaited.
        found: points under the corrected key; differs from ``after`` where an earlier pass is kept (E16).
        max_score: points possible now.
        passed, passes: whether it passed, and passes, the module.
    """

    attempt_id: str
    person: str
    before: Decimal | None
    after: Decimal | None
    found: Decimal | None
    max_score: Decimal
    passed: bool
    passes: bool

    @property
    def kept(self) -> bool:
        """Whether an earlier pass is kept against the corrected key."""
        return self.found is not None and self.after != self.found


@dataclass(frozen=True, slots=True)
class Trained:
    """A person counted in a target whose trained state changes; dates as ISO text, ``None``: not trained."""

    target: str
    person: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A rate that moves; ``unit`` and ``name`` are empty for the whole target."""

    target: str
    unit: str
    name: str
    before: Rate
    after: Rate


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that a corrected key changes in one module; ``regraded``: attempts scored anew."""

    module: str
    regraded: int
    attempts: tuple[Change, ...]
    trained: tuple[Trained, ...]
    rates: tuple[Moved, ...]

    def to_json(self) -> dict[str, Any]:
        """Return one JSON object."""

        def number(value: Decimal | None) -> float | None:
            return None if value is None else float(value)

        return {
            "module": self.module,
            "regraded": self.regraded,
            "attempts": [
                {
                    **asdict(c),
                    **{n: number(getattr(c, n)) for n in ("before", "after", "found", "max_score")},
                    "kept": c.kept,
                }
                for c in self.attempts
            ],
            "trained": [asdict(t) for t in self.trained],
            "rates": [
                {
                    "target": m.target,
                    "unit": m.unit,
                    "name": m.name,
                    "before": m.before.to_json(),
                    "after": m.after.to_json(),
                }
                for m in self.rates
            ],
        }


def difference(
    module: str,
    rule: Rule,
    changed: Sequence[Regraded],
    rows: tuple[Sequence[tuple[str, ...]], Sequence[tuple[str, ...]]],
    counted: tuple[Completion, Completion] | None,
) -> Difference:
    """Compare exports and completion before and after; ``counted`` is ``None`` where there is no roster."""
    earlier, later = ({row[0]: dict(zip(ATTEMPT_COLUMNS, row, strict=True)) for row in side} for side in rows)
    found = []
    for one in changed:
        before, after = earlier[one.after.attempt_id], later[one.after.attempt_id]
        change = Change(
            one.after.attempt_id,
            one.person,
            _points(before),
            _points(after),
            one.after.score if one.after.state == "graded" else None,
            one.after.max_score,
            _passes(rule, before),
            _passes(rule, after),
        )
        if (change.before, change.passed, before["max_score"]) != (
            change.after,
            change.passes,
            after["max_score"],
        ) or change.kept:
            found.append(change)
    trained = tuple(_trained(*counted)) if counted else ()
    return Difference(module, len(changed), tuple(found), trained, tuple(_moved(*counted)) if counted else ())


def _points(row: Row) -> Decimal | None:
    return Decimal(row["score"]) if row["score"] and row["status"] == "graded" else None


def _passes(rule: Rule, row: Row) -> bool:
    flags = {"true": True, "false": False, "": None}
    score, most = _points(row), Decimal(row["max_score"]) if row["max_score"] else None
    return passes(rule, row["status"], score, most, flags[row["critical_met"]], flags[row["component_met"]])


def _trained(before: Completion, after: Completion) -> Iterator[Trained]:
    for old, new in zip(before.targets, after.targets, strict=True):
        dates = {c.person_id: c.trained_on for c in old.counted}
        for now in new.counted:
            then = dates.get(now.person_id)
            if then != now.trained_on:
                yield Trained(
                    new.id,
                    now.person_id,
                    then.isoformat() if then else None,
                    now.trained_on.isoformat() if now.trained_on else None,
                )


def _moved(before: Completion, after: Completion) -> Iterator[Moved]:
    for old, new in zip(before.targets, after.targets, strict=True):
        if old.rate != new.rate:
            yield Moved(new.id, "", "", old.rate, new.rate)
        for then, now in zip(old.by_corporation, new.by_corporation, strict=True):
            if then.rate != now.rate:
                yield Moved(new.id, now.unit_id, now.name, then.rate, now.rate)


def lines(found: Difference, lang: str) -> list[str]:
    """Return the difference for people to read, one line per attempt, person and rate."""
    head = _(
        "{module}: chấm lại {regraded} lượt, {changed} lượt có thay đổi.",
        module=found.module,
        regraded=found.regraded,
        changed=len(found.attempts),
    )
    shown = [into(head, lang)]
    for c in found.attempts:
        passed = into(_PASSES[c.passed, c.passes], lang)
        kept = _("giữ kết quả đạt đã có (theo đáp án mới: {points})", points=_number(c.found))
        more = f"; {into(kept, lang)}" if c.kept else ""
        shown.append(
            f"  {c.attempt_id}  {_number(c.before)} → {_number(c.after)} / {_number(c.max_score)}  {passed}{more}"
        )
    shown += [f"  {t.target}  {t.person}  {t.before or '—'} → {t.after or '—'}" for t in found.trained]
    for m in found.rates:
        shares = " → ".join(f"{r.numerator}/{r.denominator} ({r.percent or '—'} %)" for r in (m.before, m.after))
        shown.append(f"  {m.target}  {m.unit or into(_('toàn hệ thống'), lang)}  {shares}")
    return shown


def _number(points: Decimal | None) -> str:
    return "—" if points is None else f"{points:.2f}"


_PASSES = {
    (False, True): _("chưa đạt → đạt"),
    (True, False): _("đạt → chưa đạt"),
    (True, True): _("vẫn đạt"),
    (False, False): _("vẫn chưa đạt"),
}
