"""Reading attempts.csv: what is rejected, with which code, and what is accepted."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from grader.completion import attempts
from grader.ground.errors import ModuongError
from grader.roster.records import Attempts
from tests.support.union_builder import Union, codes


@pytest.fixture
def union(tmp_path: Path) -> Union:
    union = Union(tmp_path)
    union.person("CB-1")
    return union


def read(union: Union) -> Attempts:
    return attempts.read(union.folder / "attempts.csv", union.roster(), union.syllabus)


def test_a_good_row(union: Union) -> None:
    union.attempt("CB-1", "M01", "18.25", "2026-03-01T10:00:00Z", critical_met="TRUE", component_met="false")
    result = read(union)
    (row,) = result.rows
    assert (row.attempt_id, row.person_id, row.module_id, row.status) == ("A1", "CB-1", "M01", "graded")
    assert (row.score, row.max_score) == (Decimal("18.25"), Decimal(20))
    assert (row.critical_met, row.component_met) == (True, False)
    assert row.submitted_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert (result.rejected, result.warnings) == ((), ())


def test_att_01_unknown_person(union: Union) -> None:
    union.attempt("CB-2", "M01", "18")
    union.attempt("", "M01", "18")
    assert codes(read(union).rejected) == [("attempts.csv", 2, "ATT-01"), ("attempts.csv", 3, "ATT-01")]


def test_att_01_a_rejected_person_is_unknown(union: Union) -> None:
    union.person("CB-3", same_as="CB-9")
    union.attempt("CB-3", "M01", "18")
    assert codes(read(union).rejected) == [("attempts.csv", 2, "ATT-01")]


def test_att_02_unknown_module(union: Union) -> None:
    union.attempt("CB-1", "M99", "18")
    union.attempt("CB-1", "", "18")
    assert codes(read(union).rejected) == [("attempts.csv", 2, "ATT-02"), ("attempts.csv", 3, "ATT-02")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("attempt_id", ""),
        ("submitted_at", ""),
        ("submitted_at", "2026-03-01"),
        ("submitted_at", "2026-03-01T10:00:00"),
        ("submitted_at", "01/03/2026"),
        ("score", ""),
        ("score", "mười"),
        ("score", "-1"),
        ("score", "18,5"),
        ("score", "NaN"),
        ("score", "1e1"),
        ("score", "²"),
        ("score", "20.01"),
        ("score", "1" * 5000),
        ("max_score", ""),
        ("max_score", "0"),
        ("max_score", "Infinity"),
        ("critical_met", "có"),
        ("component_met", "0"),
        ("status", ""),
        ("status", "Graded"),
        ("graded_at", "hôm qua"),
        ("graded_at", "2026-03-01T10:00:00"),
    ],
)
def test_att_03_bad_value(union: Union, column: str, value: str) -> None:
    """The bad row comes last, so that every other value of it has been seen already."""
    union.attempt("CB-1", "M01", "18")
    union.attempt("CB-1", "M01", "18")
    union.attempts[-1][column] = value
    result = read(union)
    assert codes(result.rejected) == [("attempts.csv", 3, "ATT-03")]
    assert len(result.rows) == 1
    assert column in result.rejected[0].message()


def test_att_03_an_attempt_id_used_above(union: Union) -> None:
    union.attempt("CB-1", "M01", "18")
    union.attempt("CB-1", "M07", "18", attempt_id="A1")
    assert codes(read(union).rejected) == [("attempts.csv", 3, "ATT-03")]


def test_att_03_row_of_another_width(union: Union) -> None:
    union.attempt("CB-1", "M01", "18")
    people = union.roster()
    path = union.folder / "attempts.csv"
    with path.open("a", encoding="utf-8") as stream:
        stream.write("A2,CB-1,M01\n")
    assert codes(attempts.read(path, people, union.syllabus).rejected) == [("attempts.csv", 3, "ATT-03")]


@pytest.mark.parametrize("status", ["pending_manual", "unreadable", "void"])
def test_what_is_not_graded_needs_no_score(union: Union, status: str) -> None:
    union.attempt("CB-1", "M01", "", status=status, max_score="")
    (row,) = read(union).rows
    assert (row.score, row.max_score, row.status) == (None, None, status)


def test_people_are_found_case_insensitively_and_under_the_surviving_id(union: Union) -> None:
    union.person("CB-2", same_as="CB-1")
    union.attempt("cb-1", "M01", "18")
    union.attempt("cb-2", "M01", "18")
    union.attempt("CB-2", "M01", "18")
    assert [row.person_id for row in read(union).rows] == ["CB-1"] * 3


def test_spaces_are_trimmed_with_a_warning(union: Union) -> None:
    union.attempt(" CB-1", "M01 ", "18")
    result = read(union)
    assert codes(result.warnings) == [("attempts.csv", 2, "ATT-W03")]
    assert len(result.rows) == 1


@pytest.mark.parametrize(
    ("content", "code"), [(None, "E-FILE-1"), (b"\xff\xfe", "ROS-09"), (b"person_id\n", "ROS-01"), (b"", "ROS-01")]
)
def test_an_unreadable_file_stops(union: Union, content: bytes | None, code: str) -> None:
    people = union.roster()
    path = union.folder / "khac.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModuongError) as stopped:
        attempts.read(path, people, union.syllabus)
    assert stopped.value.code == code
