"""The query over the ledger gives what the export gives, read row by row.

On random ledgers, to the hundredth of a point.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from grader.completion import attempts, ledger_progress
from grader.completion.progress import reduce_attempts
from grader.completion.records import Progress
from grader.gradebook import decisions, ledger, results
from grader.gradebook.results import Result
from grader.ground import database
from grader.roster import rules as roster_rules
from grader.roster.records import OPEN, Person, Roster, Unit
from tests.support.union_builder import COURSE, course

with tempfile.TemporaryDirectory() as _folder:
    RULES = course(
        Path(_folder),
        COURSE.replace(
            "M09: {title: Chín, part: 3, points: 20, pass_mark: 15}",
            "M09: {title: Chín, part: 3, points: 12.5, pass_mark: 9.375}",
        ),
    )
ROSTER: Roster = roster_rules.together(
    [Unit("U", "U", "union", "", date(2015, 1, 1), OPEN, "", 2)],
    [
        Person(p, p, "", False, same, n)
        for n, (p, same) in enumerate([("P1", ""), ("P2", ""), ("P3", "P1"), ("p4", "")], 2)
    ],
    [],
    [],
    [],
)
PEOPLE = ["P1", "P1", "P2", "P3", "P4", "LA"]
MODULES = ["M01", "M01", "M07", "M09", "M99"]
MIDNIGHT = datetime(2026, 10, 31, 17, tzinfo=UTC)  # in Hà Nội
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Graded:
    """One result to be appended: what of it can matter."""

    key: str
    cause: str
    state: str
    most: Decimal
    above: int  # hundredths of a point above (below) the pass mark
    critical: bool | None
    component: bool | None
    marks: int

    def result(self, attempt_id: str, module: str) -> Result:
        rule = RULES.modules.get(module, RULES.modules["M01"])
        score = (self.most * rule.pass_mark / rule.points).quantize(Decimal("0.01")) + Decimal(self.above) / 100
        items = ({"id": "Q", "points": self.marks, "automatic": 0, "state": "scored"},)
        return Result(
            attempt_id,
            self.cause,
            self.state,
            score,
            self.most,
            self.critical,
            self.component,
            items,
            self.key,
            "1.0.0",
        )


@dataclass(frozen=True)
class HandIn:
    person: str
    module: str
    seconds: int
    state: str
    history: tuple[Graded, ...]
    attested: tuple[int, ...]


FLAG = st.sampled_from([None, True, True, False])
GRADED = st.builds(
    Graded,
    key=st.sampled_from(["k1", "k1", "k2", "k3"]),
    cause=st.sampled_from(["grade", "manual", "regrade"]),
    state=st.sampled_from(["graded"] * 6 + ["pending_manual", "void"]),
    most=st.one_of(
        st.sampled_from([Decimal(20), Decimal(20), Decimal("12.5"), Decimal(0)]),
        st.integers(1, 2000).map(lambda n: Decimal(n) / 100),
    ),
    above=st.one_of(st.sampled_from([-1, 0, 1]), st.integers(-500, 900)),
    critical=FLAG,
    component=FLAG,
    marks=st.integers(0, 4),
)
HAND_IN = st.builds(
    HandIn,
    person=st.sampled_from(PEOPLE),
    module=st.sampled_from(MODULES),
    seconds=st.one_of(st.sampled_from([-1, 0, 1]), st.integers(-(10**6), 10**6)),
    state=st.sampled_from(["accepted"] * 6 + ["unreadable", "refused", "duplicate"]),
    history=st.lists(GRADED, max_size=4).map(tuple),
    attested=st.one_of(st.just(()), st.just(()), st.lists(st.integers(1, 7), max_size=2).map(tuple)),
)


def enter(connection: Connection, number: int, one: HandIn) -> None:
    attempt_id, at = f"A{number}", MIDNIGHT + timedelta(seconds=one.seconds)
    row: dict[str, Any] = dict.fromkeys(("claimed_at", "content_hash", "answers", "identity", "code", "reason"), "")
    row |= {
        "attempt_id": attempt_id,
        "person_id": one.person,
        "module_id": one.module,
        "number": number,
        "received_from": attempt_id,
    }
    database.insert_many(
        connection,
        database.attempts,
        [row | {"submitted_at": at.isoformat(timespec="seconds"), "state": one.state, "simulated": True}],
    )
    for step, graded in enumerate(one.history if one.state == "accepted" else ()):
        results.append(connection, [graded.result(attempt_id, one.module)], NOW + timedelta(hours=step))
    for days in one.attested:
        value = (at - timedelta(days=days)).astimezone(RULES.course.zone).isoformat(timespec="seconds")
        decisions.enter(
            connection,
            decisions.ATTEST,
            NOW,
            person=one.person,
            module=one.module,
            by="Lê Thị Mẫu",
            note="mất mạng",
            attempt_id=attempt_id,
            value=value,
        )


def by_export(connection: Connection) -> Progress:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attempts.csv"
        path.write_text(
            ledger.to_csv(ledger.export_rows(connection, RULES.course.zone, RULES.modules)),
            encoding="utf-8",
            newline="",
        )
        return reduce_attempts(RULES, attempts.read(path, ROSTER, RULES))


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    """A database in memory; the tests of this file write to it and take everything back."""
    engine = database.connect("sqlite://")
    yield engine
    engine.dispose()


def both(engine: sa.Engine, hand_ins: list[HandIn]) -> tuple[Progress, Progress]:
    with engine.connect() as connection:
        for number, one in enumerate(hand_ins):
            enter(connection, number, one)
        found, expected = ledger_progress.read(connection, RULES, ROSTER), by_export(connection)
        connection.rollback()
    return found, expected


@settings(max_examples=400, deadline=None)
@given(st.lists(HAND_IN, min_size=1, max_size=12))
def test_the_query_and_the_rows_agree(engine: sa.Engine, hand_ins: list[HandIn]) -> None:
    found, expected = both(engine, hand_ins)
    assert found.passed == expected.passed
    assert found.waiting == expected.waiting
    assert found.failed == expected.failed
    assert found.started == expected.started
    assert {(f.kind, f.said) for f in found.rejected} == {(f.kind, f.said) for f in expected.rejected}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["M01", "M07", "M09"]), st.integers(1, 100_000), st.integers(-2, 2))
def test_the_pass_mark_is_exact_to_the_hundredth(engine: sa.Engine, module: str, most: int, above: int) -> None:
    rule = RULES.modules[module]
    score = (Decimal(most) / 100 * rule.pass_mark / rule.points).quantize(Decimal("0.01")) + Decimal(above) / 100
    possible = Decimal(most) / 100
    if not 0 <= score <= possible:
        return
    graded = Graded("k1", "grade", "graded", possible, above, True, None, 0)
    found, _ = both(engine, [HandIn("P1", module, 0, "accepted", (graded,), ())])
    assert bool(found.passed) == (score * rule.points >= rule.pass_mark * possible)


PASS = Graded("k1", "grade", "graded", Decimal(20), 100, True, None, 0)
FAIL = Graded("k2", "regrade", "graded", Decimal(20), -100, True, None, 0)
VOID = Graded("k1", "void", "void", Decimal(20), 100, True, None, 0)


@pytest.mark.parametrize(
    ("history", "attested", "day"),
    [
        ((PASS,), (), date(2026, 11, 1)),
        ((FAIL,), (), None),
        ((PASS, FAIL), (), date(2026, 11, 1)),
        ((PASS, VOID), (), None),
        ((PASS,), (3,), date(2026, 10, 29)),
        ((PASS,), (3, 5), date(2026, 10, 27)),
    ],
    ids=[
        "passed",
        "failed",
        "e16-a-corrected-key-takes-no-pass-away",
        "e18-void",
        "e20-attested",
        "e20-the-newest-decision-holds",
    ],
)
def test_a_pass_by_the_query_has_its_own_day(
    engine: sa.Engine, history: tuple[Graded, ...], attested: tuple[int, ...], day: date | None
) -> None:
    found, expected = both(engine, [HandIn("P3", "M01", 0, "accepted", history, attested)])
    assert found == expected
    assert found.passed == ({"P1": {"M01": day}} if day else {})


def test_a_stranger_is_listed_once_and_an_unknown_module_row_by_row(engine: sa.Engine) -> None:
    found, _ = both(
        engine,
        [
            HandIn("LA", "M01", 0, "accepted", (PASS,), ()),
            HandIn("LA", "M07", 0, "accepted", (PASS,), ()),
            HandIn("P2", "M99", 0, "accepted", (PASS,), ()),
        ],
    )
    assert [(f.line, f.kind, f.said) for f in found.rejected] == [(0, "ATT-01", ("LA",)), (0, "ATT-02", ("M99",))]
    assert found.started == frozenset()


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "Asia/Kathmandu", "America/Sao_Paulo", "UTC"])
def test_every_instant_has_the_date_of_its_zone(zone: str) -> None:
    from zoneinfo import ZoneInfo

    days = ledger_progress._days(ZoneInfo(zone))
    for minute in range(0, 3 * 24 * 60, 7):
        at = datetime(2026, 2, 27, tzinfo=UTC) + timedelta(minutes=minute, seconds=59)
        assert days(at.isoformat(timespec="seconds")) == at.astimezone(ZoneInfo(zone)).date()


def test_the_query_never_reads_answers_or_items(engine: sa.Engine) -> None:
    """Both tables are read through their indexes alone: the wide rows of a hundred thousand cadres stay on the disk."""
    with engine.connect() as connection:
        query = ledger_progress._told(RULES.modules, ledger_progress._odd(RULES.modules))
        plan = [
            row[-1]
            for row in connection.execute(
                sa.text("EXPLAIN QUERY PLAN " + str(query.compile(engine, compile_kwargs={"literal_binds": True})))
            )
        ]
    reads = [
        step
        for step in plan
        if ("moduong_attempt" in step or "found" in step or "moduong_result" in step)
        and step.startswith(("SCAN", "SEARCH"))
    ]
    assert len(reads) >= 3
    assert [step for step in reads[:3] if "COVERING INDEX" not in step] == []


def test_a_gradebook_from_before_gets_the_indexes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    old = database.connect(url)
    with old.begin() as connection:
        for name in ("moduong_attempt_progress", "moduong_result_progress"):
            connection.execute(sa.text(f"DROP INDEX {name}"))
    old.dispose()
    names = {
        index["name"]
        for table in ("moduong_attempt", "moduong_result")
        for index in sa.inspect(database.connect(url)).get_indexes(table)
    }
    assert names >= {"moduong_attempt_progress", "moduong_result_progress"}
