"""The ledger's cases among E14 to E25, played by cadres, an instructor and a coordinator in a real workspace."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook import ledger, ledger_entries, results
from grader.gradebook.results import Result, Standing
from grader.ground import pass_rule
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Module
from tests.support.people import RIGHT, WRONG, Cadre, Coordinator, Instructor, moduong

ME = "CB-000001"
UNITS = """
    unit_id,name,kind,parent_id,start,end,successor_id
    CD,Công đoàn Điện lực,union,,2018-01-01,,
    TCT1,Tổng công ty Mẫu 1,corporation,CD,2018-01-01,,
    CS1,CĐCS Mẫu 01,grassroots_union,TCT1,2018-01-01,,
"""
PEOPLE = """
    person_id,full_name,email,is_test,same_as
    CB-000001,Trần Thị Mẫu 001,,,
"""
POSTS = """
    person_id,unit_id,post,start,end,decision_no
    CB-000001,CS1,chair,2024-01-01,,1
"""


def attempts(instructor: Instructor, module: str, *answers: dict[str, object]) -> Cadre:
    """Hand in one attempt after another, 13 hours apart, and grade them."""
    cadre = Cadre(ME, instructor)
    for values in answers:
        cadre.answers(module, values).hands_in(module)
        instructor.collects(hours_later=13)
        instructor.grades(module)
    return cadre


def ct70(instructor: Instructor, day: str = "2026-03-31") -> tuple[int, int]:
    coordinator = Coordinator(instructor)
    coordinator.enters(UNITS, PEOPLE, POSTS)
    rate = coordinator.asks(day).targets[0].rate
    return rate.numerator, rate.denominator


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ModuongError) as caught:
        call()
    assert caught.value.said
    assert caught.value.text("en")
    return caught.value.code


def test_e14_late_marking_changes_the_export_and_dates_back(instructor: Instructor) -> None:
    attempts(instructor, "T01", dict(RIGHT["T01"]))
    attempts(instructor, "T02", dict(RIGHT["T02"]))
    (waiting,) = [r for r in instructor.ledger() if r["module_id"] == "T02"]
    assert (waiting["status"], waiting["critical_met"], waiting["component_met"]) == ("pending_manual", "", "")
    assert ct70(instructor, "2026-03-05") == (0, 1)
    instructor.now = datetime(2026, 4, 20, tzinfo=UTC)
    instructor.marks(ME, "T02", "T02-Q01", 3)
    instructor.grades("T02")
    (marked,) = [r for r in instructor.ledger() if r["module_id"] == "T02"]
    assert (marked["status"], marked["score"], marked["submitted_at"]) == ("graded", "4.00", waiting["submitted_at"])
    assert marked["graded_at"].startswith("2026-04-20")
    assert ct70(instructor, "2026-03-05") == (1, 1)


def test_e15_attempts_are_never_mixed(instructor: Instructor) -> None:
    enough_but_critical_wrong = {"T01-Q01": "B", "T01-Q02": {"a": "50", "b": "9"}}
    critical_right_but_not_enough = {"T01-Q01": "A", "T01-Q02": {"a": "91,25", "b": "9"}}
    attempts(instructor, "T01", enough_but_critical_wrong, critical_right_but_not_enough)
    rows = instructor.ledger()
    assert [(r["score"], r["critical_met"]) for r in rows] == [("3.00", "false"), ("3.00", "true")]
    assert not any(ledger.row_passes(r, instructor.rules.modules["T01"]) for r in rows)


def test_e18_void_needs_a_reason_and_two_people_and_is_final(instructor: Instructor) -> None:
    attempts(instructor, "T01", dict(RIGHT["T01"]))
    attempts(instructor, "T02", dict(RIGHT["T02"]))
    instructor.marks(ME, "T02", "T02-Q01", 4)
    instructor.grades("T02")
    assert ct70(instructor) == (1, 1)

    def void(
        attempt: str = f"{ME}.T02.1",
        reason: str = "nộp bài của người khác",
        by: tuple[str, ...] = ("Lê Thị A", "Trần Văn B"),
    ) -> Result:
        with instructor.engine.begin() as connection:
            return ledger_entries.void(connection, attempt, reason, by, instructor.now)

    assert code_of(lambda: void(attempt="CB-000009.T02.1")) == "E-LED-1"
    assert code_of(lambda: void(reason="  ")) == "E-LED-2"
    assert code_of(lambda: void(by=("Lê Thị A",))) == "E-LED-3"
    assert code_of(lambda: void(by=("Lê Thị A", " lê  thị a ", ""))) == "E-LED-3"
    assert ct70(instructor) == (1, 1)
    void()
    assert json.loads(_newest(instructor, f"{ME}.T02.1")[1]) == {
        "reason": "nộp bài của người khác",
        "by": ["Lê Thị A", "Trần Văn B"],
    }
    assert code_of(void) == "E-LED-4"
    assert next(r for r in instructor.ledger() if r["module_id"] == "T02")["status"] == "void"
    assert ct70(instructor) == (0, 1)
    instructor.marks(ME, "T02", "T02-Q01", 4, "chấm lại")
    instructor.grades("T02")
    instructor.grades("T02", again=True)
    assert _newest(instructor, f"{ME}.T02.1")[0] == "void"
    assert next(r for r in instructor.ledger() if r["module_id"] == "T02")["status"] == "void"


def _newest(instructor: Instructor, attempt: str) -> tuple[str, str]:
    table = results.results
    with instructor.engine.connect() as connection:
        row = connection.execute(
            sa.select(table.c.cause, table.c.note).where(table.c.attempt_id == attempt).order_by(table.c.seq.desc())
        ).first()
    assert row is not None
    return row[0], row[1]


def test_e19_the_date_is_the_day_in_the_course_zone(instructor: Instructor) -> None:
    instructor.now = datetime(2026, 3, 2, 3, 50, tzinfo=UTC)
    attempts(instructor, "T01", dict(RIGHT["T01"]))
    assert instructor.ledger()[0]["submitted_at"] == "2026-03-02T23:50:00+07:00"


def test_e20_a_coordinator_attests_an_earlier_date(instructor: Instructor) -> None:
    attempts(instructor, "T01", dict(RIGHT["T01"]))
    attempts(instructor, "T02", dict(RIGHT["T02"]))
    instructor.marks(ME, "T02", "T02-Q01", 4)
    instructor.grades("T02")
    received = [r["submitted_at"][:10] for r in instructor.ledger()]
    assert received == ["2026-03-03", "2026-03-03"]
    assert ct70(instructor, "2026-03-01") == (0, 1)

    def attest(attempt: str, day: str, note: str = "trạm mất mạng", by: str = "Lê Thị A") -> datetime:
        with instructor.engine.begin() as connection:
            return ledger_entries.attest(
                connection, attempt, date.fromisoformat(day), note, by, instructor.now, instructor.rules.course.zone
            )

    assert code_of(lambda: attest(f"{ME}.T09.1", "2026-03-01")) == "E-LED-1"
    assert code_of(lambda: attest(f"{ME}.T01.1", "2026-03-01", note=" ")) == "E-LED-2"
    assert code_of(lambda: attest(f"{ME}.T01.1", "2026-03-01", by="")) == "E-LED-2"
    assert code_of(lambda: attest(f"{ME}.T01.1", "2026-02-23")) == "E-LED-5"
    assert code_of(lambda: attest(f"{ME}.T01.1", "2026-03-03")) == "E-LED-5"
    assert code_of(lambda: attest(f"{ME}.T01.1", "2026-03-04")) == "E-LED-5"
    assert attest(f"{ME}.T01.1", "2026-02-24").isoformat() == "2026-02-24T04:00:00+07:00"
    attest(f"{ME}.T02.1", "2026-03-01")
    assert [r["submitted_at"][:10] for r in instructor.ledger()] == ["2026-02-24", "2026-03-01"]
    assert ct70(instructor, "2026-03-01") == (1, 1)
    assert ct70(instructor, "2026-02-28") == (0, 1)


def test_two_more_attempts_after_coaching(instructor: Instructor) -> None:
    wrong = [{"T01-Q01": "A", "T01-Q02": {"a": str(n), "b": "1"}} for n in range(6)]

    def reopen(note: str = "kèm cặp ngày 12/10") -> int:
        with instructor.engine.begin() as connection:
            return ledger_entries.reopen(
                connection, ME, "T01", instructor.rules.attempts.limit, note, "Lê Thị A", instructor.now
            )

    attempts(instructor, "T01", *wrong[:2])
    assert code_of(reopen) == "E-LED-6"
    cadre = attempts(instructor, "T01", wrong[2])
    cadre.answers("T01", wrong[3]).hands_in("T01")
    assert [(t.state, t.code) for t in instructor.collects(hours_later=13)] == [("refused", "E-ATT-LIMIT")]
    assert code_of(lambda: reopen("")) == "E-LED-2"
    assert reopen() == 5
    assert code_of(reopen) == "E-LED-7"
    for values in wrong[4:]:
        cadre.answers("T01", values).hands_in("T01")
        assert [t.state for t in instructor.collects(hours_later=13)] == ["accepted"]
    cadre.answers("T01").hands_in("T01")
    (last,) = instructor.collects(hours_later=13)
    assert (last.state, last.code) == ("refused", "E-ATT-LIMIT")
    assert "5 lượt" in last.reason


def test_e25_an_old_pass_of_the_law_module_stays_and_is_flagged() -> None:
    rules = {
        "M03": Module(points=Decimal(20), pass_mark=Decimal(16)),
        "M01": Module(points=Decimal(20), pass_mark=Decimal(15)),
    }

    def row(person: str, module: str, score: str, version: str) -> tuple[str, ...]:
        return (
            f"{person}.{module}.{version}",
            person,
            module,
            "2026-03-02T08:00:00+07:00",
            score,
            "20.00",
            "",
            "",
            "graded",
            "",
            version,
        )

    rows = [
        row("A", "M03", "18.00", "1.4.0"),
        row("A", "M01", "18.00", "1.4.0"),
        row("B", "M03", "18.00", "1.9.0"),
        row("B", "M03", "17.00", "2.0.0"),
        row("C", "M03", "17.00", "1.10.0"),
        row("C", "M03", "17.00", "1.9.0"),
        row("D", "M03", "10.00", "1.0.0"),
    ]
    assert ledger.outdated(rows, rules, "2.0.0") == [
        ledger.Outdated("A", "M03", "1.4.0"),
        ledger.Outdated("C", "M03", "1.10.0"),
    ]
    assert ledger.outdated(rows, rules, "1.12.0") == []
    assert ledger.outdated(rows, rules, "10.0.0")[1] == ledger.Outdated("B", "M03", "2.0.0")
    assert all(ledger.row_passes(dict(zip(ledger.COLUMNS, r, strict=True)), rules[r[2]]) for r in rows[:6])


def test_the_command_line_enters_and_shows_what_was_entered(instructor: Instructor) -> None:
    attempts(instructor, "T01", dict(WRONG["T01"]))
    options = ("--workspace", instructor.workspace.root, "--course", instructor.author.course)
    attested = moduong(
        "ledger", "attest", f"{ME}.T01.1", "--on", "2026-03-02", "--note", "mất mạng", "--by", "Lê A", *options
    )
    assert (attested.returncode, attested.stdout) == (0, f"{ME}.T01.1: tính từ 04:00 02/03/2026.\n")
    refused = moduong("ledger", "void", f"{ME}.T01.1", "--reason", "x", "--by", "Lê A", *options)
    assert refused.returncode == 2
    assert refused.stderr.startswith("E-LED-3")
    voided = moduong("ledger", "void", f"{ME}.T01.1", "--reason", "x", "--by", "Lê A", "--by", "Lê B", *options)
    assert voided.returncode == 0, voided.stderr
    assert "void" in moduong("ledger", *options).stdout
    assert moduong("ledger", "--csv", *options).stdout.splitlines()[1].split(",")[8] == "void"
    assert moduong("ledger", "reopen", ME, "T01", "--note", "x", "--by", "Lê A", *options).stderr.startswith("E-LED-6")


RULE = Module(points=Decimal(20), pass_mark=Decimal(15))
STANDINGS = st.lists(
    st.tuples(
        st.sampled_from(["grade", "manual", "regrade", "void"]),
        st.sampled_from([Decimal(n) for n in (0, 10, 13, 14, 15, 16, 18, 20)]),
        st.sampled_from(["k1", "k2", "k3"]),
        st.sampled_from([True, True, None, False]),
    ),
    min_size=1,
    max_size=6,
)


def standing(seq: int, cause: str, score: Decimal, key: str, critical: bool | None) -> Standing:
    state = "void" if cause == "void" else "graded"
    return Standing(seq, "", cause, state, score, Decimal(20), critical, None, key, "1.0.0")


@given(STANDINGS)
def test_e16_no_corrected_key_ever_takes_a_pass_or_points_of_a_pass_away(
    drawn: list[tuple[str, Decimal, str, bool | None]],
) -> None:
    history = [standing(n, *d) for n, d in enumerate(drawn, start=1)]
    for before, after in itertools.pairwise(range(1, len(history) + 1)):
        old, new = (results.holding(history[:n], RULE, lambda _: Decimal(0)) for n in (before, after))
        added = history[after - 1]
        if old.state == "void":
            assert new is old
        elif added.cause == "void":
            assert new is added
        elif old.passes(RULE) and added.key_version != old.key_version:
            assert new.passes(RULE)
            assert new.score is not None
            assert old.score is not None
            assert new.score >= old.score
        else:
            assert new is added


@given(STANDINGS)
def test_while_the_key_is_the_same_the_newest_result_holds(drawn: list[tuple[str, Decimal, str, bool | None]]) -> None:
    """What ``kept`` and the query of ``ledger_progress`` rest on; nothing follows a void."""
    history = [standing(n, "grade" if d[0] == "void" else d[0], d[1], "k1", d[3]) for n, d in enumerate(drawn, start=1)]
    assert results.holding(history, RULE, lambda seq: Decimal(-seq)) is history[-1]
    ended = [*history, standing(len(history) + 1, "void", Decimal(20), "k1", critical=True)]
    assert results.holding(ended, RULE, lambda _: Decimal(0)) is ended[-1]


def test_a_marker_may_still_take_back_points_after_a_regrade() -> None:
    history = [
        standing(1, "grade", Decimal(16), "k1", True),
        standing(2, "regrade", Decimal(14), "k2", True),
        standing(3, "manual", Decimal(12), "k2", True),
    ]
    lowered = {1: Decimal(4), 3: Decimal(2)}
    assert results.holding(history[:2], RULE, lowered.__getitem__) is history[0]
    assert results.holding(history, RULE, lowered.__getitem__) is history[2]
    assert results.holding(history, RULE, lambda _: Decimal(4)) is history[0]


def test_the_pass_rule_has_one_place() -> None:
    assert pass_rule.passes(RULE, "graded", Decimal("13.5"), Decimal(18), True, None)
    assert not pass_rule.passes(RULE, "graded", Decimal("13.49"), Decimal(18), True, None)
    assert not pass_rule.passes(RULE, "graded", Decimal(20), Decimal(20), False, None)
    assert not pass_rule.passes(RULE, "graded", Decimal(20), Decimal(20), None, False)
    assert not pass_rule.passes(RULE, "pending_manual", Decimal(20), Decimal(20), None, None)
    assert pass_rule.needed(RULE, Decimal(18)) == Decimal("13.5")
