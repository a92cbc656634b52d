"""Attacks with ``answers.json`` (docs/design.md §8.8, 42–44).

Wrong shapes, strange values, other people's answers, and a small fuzz.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bench import fuzz
from course.answers import AnswersError, load_json
from grader.ground.database import attempts
from grader.intake import arrivals, collect
from tests.loop.test_pipeline import PEOPLE, POSTS, UNITS
from tests.support import attackers
from tests.support.attackers import broken_answers, by_person, document, drop, dumped, notebook, scores
from tests.support.people import RIGHT, Coordinator, Instructor

HONEST = "CB-000001"
OTHER = "CB-000002"


def test_42_mutations_are_refused_or_graded_and_never_earn_more(instructor: Instructor) -> None:
    found = fuzz.run(400, seed=42)
    assert found.failures == ()
    assert found.outcomes["graded"] > 40
    assert sum(count for name, count in found.outcomes.items() if name.startswith("E-SUB")) > 40


def test_43_what_is_no_answer_set_is_refused_and_stops_nobody(instructor: Instructor) -> None:
    drop(instructor, HONEST)
    cases = {f"CB-1{n:05}": (kind, *case) for n, (kind, case) in enumerate(broken_answers("CB-100000").items())}
    for person, (_, raw, _code) in cases.items():
        drop(instructor, person, {"answers.json": raw.replace(b"CB-100000", person.encode())})
    drop(instructor, "CB-999999")
    taken = by_person(instructor.collects())
    instructor.grades("T01")
    assert {
        kind: (taken[p].state, taken[p].code, "«answers.json»" in taken[p].reason)
        for p, (kind, _, _code) in cases.items()
    } == {kind: ("unreadable", code, True) for kind, _, code in cases.values()}
    assert (scores(instructor)[HONEST], scores(instructor)["CB-999999"]) == ("5.00", "5.00")


def test_43_too_many_values_are_not_even_parsed() -> None:
    with pytest.raises(AnswersError) as refused:
        load_json(b"[" + b"1," * 1_000_000 + b"1]")
    assert refused.value.code == "E-SUB-04"


VALUES: dict[str, Any] = {
    "number": 1,
    "float": 1.5,
    "bool": True,
    "list": ["B"],
    "nested-list": [["B"]],
    "object": {"a": "B"},
    "unknown-option": "Z",
    "lower-case": "b",
    "path": "../../keys/T01.json",
    "proto": "__proto__",
    "long": "B" * 900_000,
    "emoji": "🇻🇳" * 1000,
    "combining": "B" + "\u0301" * 1000,
    "rtl": "\u202eB",
    "nul": "B\0",
    "formula": "=cmd|' /C calc'!A0",
    "markup": "<script>alert(1)</script>",
    "template": "{{7*7}}${7*7}",
    "sql": "'; DROP TABLE grade; --",
}


@pytest.mark.parametrize("kind", VALUES)
def test_43_a_strange_value_costs_its_own_question_only(instructor: Instructor, kind: str) -> None:
    drop(instructor, HONEST, {"answers.json": document(HONEST, values={**RIGHT["T01"], "T01-Q01": VALUES[kind]})})
    assert [t.state for t in instructor.collects()] == ["accepted"]
    instructor.grades("T01")
    assert scores(instructor) == {HONEST: "3.00"}
    with instructor.engine.connect() as connection:
        items = json.loads(connection.execute(sa.text("SELECT items FROM moduong_result")).scalar_one())
    assert [(i["id"], i["state"]) for i in items] == [("T01-Q01", "invalid"), ("T01-Q02", "scored")]


PARTS: dict[str, tuple[Any, str]] = {
    "as-expected": ({"a": "91,25", "b": "9"}, "5.00"),
    "comma-other": ({"a": "1,5", "b": "9"}, "3.00"),
    "1e400": ({"a": "1e400", "b": "9"}, "3.00"),
    "NaN": ({"a": "NaN", "b": "9"}, "3.00"),
    "infinity": ({"a": "Infinity", "b": "9"}, "3.00"),
    "huge": ({"a": "9" * 5000, "b": "9"}, "3.00"),
    "arabic-digits": ({"a": "٩١٫٢٥", "b": "9"}, "3.00"),
    "number-as-number": ({"a": 91.25, "b": "9"}, "2.00"),
    "unknown-part": ({"a": "91,25", "b": "9", "c": "1"}, "2.00"),
    "proto-part": ({"a": "91,25", "b": "9", "__proto__": "1"}, "2.00"),
}


@pytest.mark.parametrize("kind", PARTS)
def test_43_numbers_of_every_kind(instructor: Instructor, kind: str) -> None:
    value, score = PARTS[kind]
    drop(instructor, HONEST, {"answers.json": document(HONEST, values={"T01-Q01": "B", "T01-Q02": value})})
    instructor.collects()
    instructor.grades("T01")
    assert scores(instructor) == {HONEST: score}


@pytest.mark.parametrize("variant", [1, -1, 99, True, 0.0, "0", None, [], {"a": 1}, 1 << 62])
def test_43_a_variant_that_does_not_exist_is_invalid_not_zero_and_not_right(
    instructor: Instructor, variant: object
) -> None:
    data = attackers.answer_set(HONEST).to_json()
    data["answers"]["T01-Q01"]["variant"] = variant
    drop(instructor, HONEST, {"answers.json": dumped(data)})
    instructor.collects()
    instructor.grades("T01")
    assert scores(instructor) == {HONEST: "3.00"}
    shown = (instructor.workspace.autograded(HONEST, "T01") / "T01.ipynb").read_text(encoding="utf-8")
    assert "Phiên bản câu hỏi ghi trong bài làm không có." in shown


@pytest.mark.parametrize("seq", [True, 1.0, "9", None, [], -5, 1 << 60])
def test_43_a_sequence_number_of_wrong_type_counts_as_oldest(instructor: Instructor, seq: object) -> None:
    older = attackers.answer_set(HONEST, values={**RIGHT["T01"], "T01-Q01": "A"}).to_json()
    older["answers"]["T01-Q01"]["seq"] = seq
    newer = dumped(notebook(instructor, HONEST))
    drop(instructor, HONEST, {"answers.json": dumped(older), "T01.ipynb": newer})
    instructor.collects()
    instructor.grades("T01")
    assert scores(instructor) == {HONEST: "5.00"}


@pytest.mark.parametrize(
    "strange", ["T01-Q99", "../../etc/passwd", "__proto__", "", "T01-Q01 ", "x" * 5000, "\x1b[2J", "🇻🇳"]
)
def test_43_an_unknown_question_is_said_and_the_others_are_graded(instructor: Instructor, strange: str) -> None:
    drop(instructor, HONEST, {"answers.json": document(HONEST, values={**RIGHT["T01"], strange: "B"})})
    taken = instructor.collects()[0]
    assert (taken.state, taken.code) == ("accepted", "E-SUB-09")
    assert taken.reason.isprintable()
    assert len(taken.reason) < 200
    instructor.grades("T01")
    assert scores(instructor) == {HONEST: "5.00"}
    note = json.loads((instructor.workspace.attempt(HONEST, "T01", "1") / "tiep-nhan.json").read_bytes())
    assert note["warnings"] == [taken.reason]
    with instructor.engine.connect() as connection:
        assert connection.execute(sa.select(attempts.c.code, attempts.c.reason)).one() == ("E-SUB-09", taken.reason)


def test_43_sixty_thousand_answers_are_one_hand_in(instructor: Instructor) -> None:
    raw = dumped(
        {
            **attackers.answer_set(HONEST).to_json(),
            "answers": {
                **attackers.answer_set(HONEST).to_json()["answers"],
                **{f"x{n}": {"value": 1} for n in range(40_000)},
            },
        }
    )
    assert len(raw) < 1 << 20
    drop(instructor, HONEST, {"answers.json": raw})
    drop(instructor, OTHER)
    assert [t.state for t in instructor.collects()] == ["accepted", "accepted"]
    instructor.grades("T01")
    assert scores(instructor) == {HONEST: "5.00", OTHER: "5.00"}


def with_roster(instructor: Instructor) -> Instructor:
    Coordinator(instructor).enters(UNITS, PEOPLE, POSTS)
    return instructor


def test_44_another_persons_answers_are_set_aside_with_both_named(instructor: Instructor) -> None:
    drop(with_roster(instructor), HONEST, {"answers.json": document(OTHER)})
    taken = instructor.collects()[0]
    assert (taken.state, taken.code, taken.person) == ("set_aside", "E-SUB-12", "")
    assert HONEST in taken.reason
    assert OTHER in taken.reason
    assert instructor.grades("T01") == 0
    assert (instructor.workspace.set_aside() / taken.attempt_id / "answers.json").exists()


def test_44_another_persons_answers_inside_ones_own_notebook_are_not_mixed_in(instructor: Instructor) -> None:
    mine = document(HONEST, values={"T01-Q01": "A"})
    theirs = dumped(notebook(instructor, OTHER))
    drop(with_roster(instructor), HONEST, {"answers.json": mine, "T01.ipynb": theirs})
    taken = instructor.collects()[0]
    assert (taken.state, taken.code) == ("set_aside", "E-SUB-12")


def test_44_answers_to_two_modules_in_one_hand_in(instructor: Instructor, tmp_path: Any) -> None:
    both = {"T01/answers.json": document(HONEST), "T02/answers.json": document(HONEST, "T02")}
    drop(with_roster(instructor), HONEST, both)
    taken = instructor.collects()[0]
    assert (taken.module, taken.state) == ("T01", "accepted")
    assert "T02" in taken.reason
    mail = tmp_path / "thu-den"
    mail.mkdir()
    attackers.plain_zip(mail / "ca-hai.zip", both)
    assert sorted((t.module, t.state) for t in instructor.collects(source=mail)) == [
        ("T01", "duplicate"),
        ("T02", "accepted"),
    ]


@pytest.mark.parametrize("claimed", ["cb-000001", "CB-000001", ""])
def test_44_case_makes_no_other_person(instructor: Instructor, claimed: str) -> None:
    drop(with_roster(instructor), "Cb-000001", {"answers.json": document(claimed)})
    assert [(t.person, t.state) for t in instructor.collects()] == [(HONEST, "accepted")]


@pytest.mark.parametrize("person", ["CB-999999", "nguoi-la", "CB-000001x", "CB-000001 ", "ＣＢ-000001"])
def test_44_nobody_of_the_roster(instructor: Instructor, person: str) -> None:
    drop(with_roster(instructor), person, {"answers.json": document("")})
    assert [(t.person, t.state, t.code) for t in instructor.collects()] == [("", "set_aside", "E-SUB-13")]


def test_44_without_a_roster_spelling_still_makes_no_other_person(instructor: Instructor) -> None:
    """Otherwise "cb-1" would be given three attempts more than "CB-1"."""
    drop(instructor, "CB-000001", name="CB-000001+T01+1+x")
    drop(
        instructor,
        "cb-000001",
        {"answers.json": document("cb-000001", values={"T01-Q01": "A"})},
        name="cb-000001+T01+2+x",
    )
    assert [(t.person, t.state, t.code) for t in instructor.collects()] == [
        ("CB-000001", "accepted", ""),
        ("CB-000001", "refused", "E-ATT-WAIT"),
    ]
    drop(
        instructor,
        "cB-000001",
        {"answers.json": document("cB-000001", values={"T01-Q01": "C"})},
        name="cB-000001+T01+3+x",
    )
    assert [t.person for t in instructor.collects()] == ["CB-000001"]


def test_44_the_unix_owner_is_believed_before_the_name(instructor: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {os.getuid(): OTHER.lower()}
    monkeypatch.setattr(arrivals, "_name", lambda uid: names.get(uid, ""))
    drop(with_roster(instructor), HONEST)
    drop(instructor, OTHER)
    taken = by_person(instructor.collects())
    assert (taken[HONEST].state, taken[HONEST].code) == ("set_aside", "E-SUB-12")
    assert (taken[OTHER].person, taken[OTHER].state) == (OTHER, "accepted")
    with instructor.engine.connect() as connection:
        rows = connection.execute(sa.select(attempts.c.identity, attempts.c.state).order_by(attempts.c.state)).all()
    assert rows == [("owner", "accepted"), ("claimed", "set_aside")]


def test_44_an_account_that_is_nobody_hands_in_for_somebody(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person whose name was used is unaffected: no attempt is used up, nothing has to be waited for."""
    with_roster(instructor)
    with monkeypatch.context() as stranger:
        stranger.setattr(arrivals, "_name", lambda _uid: "nguoi-la")
        stranger.setattr(collect, "own_account", lambda: "grader")
        drop(instructor, HONEST, {"answers.json": document(HONEST, values={"T01-Q01": "A"})}, name=f"{HONEST}+T01+1+x")
        assert [(t.person, t.state, t.code) for t in instructor.collects()] == [("", "set_aside", "E-SUB-17")]
    drop(instructor, HONEST, name=f"{HONEST}+T01+2+x")
    assert [(t.person, t.state) for t in instructor.collects()] == [(HONEST, "accepted")]


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_44_a_hand_in_of_another_unix_user(instructor: Instructor) -> None:
    folder = drop(with_roster(instructor), HONEST)
    for path in (folder, *folder.iterdir()):
        os.chown(path, 54321, 54321)
    assert [(t.state, t.code) for t in instructor.collects()] == [("set_aside", "E-SUB-17")]


def test_44_an_account_that_the_operator_names_hands_in_for_who_is_signed_in(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "_name", lambda _uid: "trang-hoc")
    monkeypatch.setattr(collect, "own_account", lambda: "grader")
    drop(with_roster(instructor), HONEST)
    config = instructor.workspace.config
    config.write_text(config.read_text("utf-8") + 'c.Moduong.hosts = ["trang-hoc"]\n', encoding="utf-8")
    policy = replace(instructor.policy(), hosts=instructor.workspace.hosts)
    found = collect.from_exchange(instructor.workspace.inbound("thu"), instructor.now, frozenset())
    taken = list(collect.collect(instructor.workspace, instructor.engine, found, policy, simulated=True))
    assert [(t.person, t.state) for t in taken] == [(HONEST, "accepted")]
    with instructor.engine.connect() as connection:
        assert connection.execute(sa.select(attempts.c.identity)).scalars().all() == ["host"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_44_a_file_that_somebody_else_put_into_a_hand_in(instructor: Instructor) -> None:
    """nbgrader makes entries writable for everybody."""
    folder = drop(with_roster(instructor), HONEST)
    os.chown(folder / "answers.json", 65534, 65534)
    assert [(t.state, t.code) for t in instructor.collects()] == [("set_aside", "E-SUB-12")]


def test_44_the_same_answers_again_are_the_same_attempt(instructor: Instructor) -> None:
    for number in range(3):
        drop(instructor, HONEST, name=f"{HONEST}+T01+{number}+x")
    assert [t.state for t in instructor.collects()] == ["accepted", "duplicate", "duplicate"]
    assert instructor.grades("T01") == 1


def test_44_a_module_that_is_not_released_is_set_aside(instructor: Instructor) -> None:
    drop(instructor, HONEST, {"answers.json": document(HONEST, "M99", {})}, module="M99")
    assert [(t.state, t.code) for t in instructor.collects()] == [("set_aside", "E-SUB-07")]


def test_one_learner_cannot_slow_the_others_by_sheer_number_of_hand_ins(instructor: Instructor) -> None:
    rng = random.Random(7)
    for number in range(60):
        drop(
            instructor,
            HONEST,
            {"answers.json": document(HONEST, values={"T01-Q01": rng.random()})},
            name=f"{HONEST}+T01+{number}+x",
        )
    drop(instructor, OTHER)
    taken = instructor.collects()
    assert [t.state for t in taken if t.person == OTHER] == ["accepted"]
    assert instructor.grades("T01") == 2
