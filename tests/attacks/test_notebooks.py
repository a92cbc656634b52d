"""Attacks with the notebook's JSON (docs/design.md §8.8, 37–41).

Answers are data, and everything else comes from the course's own record.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import attackers
from tests.support.attackers import CANARY, broken_notebooks, by_person, drop, dumped, no_effect, notebook, scores
from tests.support.people import Instructor

HONEST = "CB-000000"


def named(number: int) -> str:
    return f"CB-{number:06}"


def test_37_what_is_no_notebook_is_refused_by_name_and_stops_nobody(instructor: Instructor) -> None:
    drop(instructor, HONEST)
    cases = {named(n): (kind, *case) for n, (kind, case) in enumerate(broken_notebooks(instructor, HONEST).items(), 1)}
    for person, (_, raw, _code) in cases.items():
        drop(instructor, person, {"bài của tôi.ipynb": raw})
    drop(instructor, "CB-999999")
    taken = by_person(instructor.collects())
    instructor.grades("T01")
    found = {
        kind: (taken[p].state, taken[p].code, "«bài của tôi.ipynb»" in taken[p].reason or code == "E-SUB-07")
        for p, (kind, _, code) in cases.items()
    }
    assert found == {kind: ("unreadable", code, True) for kind, _, code in cases.values()}
    assert (scores(instructor)[HONEST], scores(instructor)["CB-999999"]) == ("5.00", "5.00")
    assert {row["status"] for row in instructor.ledger() if row["person_id"] in cases} == {"unreadable"}


def test_37_a_byte_order_mark_is_no_fault(instructor: Instructor) -> None:
    drop(instructor, HONEST, {"T01.ipynb": b"\xef\xbb\xbf" + dumped(notebook(instructor, HONEST))})
    drop(instructor, named(1), {"answers.json": b"\xef\xbb\xbf" + attackers.document(named(1))})
    assert {t.state for t in instructor.collects()} == {"accepted"}
    instructor.grades("T01")
    assert set(scores(instructor).values()) == {"5.00"}


def written(instructor: Instructor, person: str) -> dict[str, bytes]:
    """Return every notebook that the workspace made of a hand-in, with the person's id replaced."""
    folders = (instructor.workspace.submitted(person, "T01"), instructor.workspace.autograded(person, "T01"))
    return {
        str(f.relative_to(instructor.workspace.root)).split("/")[0]: (f / "T01.ipynb")
        .read_bytes()
        .replace(person.encode(), b"PERSON")
        for f in folders
    }


def test_38_to_41_damage_to_cells_and_metadata_changes_nothing(instructor: Instructor) -> None:
    """Not the score, and not one byte of what formgrader and stock nbgrader see: the master is restored."""
    drop(instructor, HONEST, {"T01.ipynb": dumped(notebook(instructor, HONEST))})
    cases = {named(n): kind for n, kind in enumerate(no_effect(instructor, HONEST), 1)}
    for person, kind in cases.items():
        drop(instructor, person, {"T01.ipynb": dumped(no_effect(instructor, person)[kind])})
    taken = by_person(instructor.collects())
    instructor.grades("T01")
    expected = written(instructor, HONEST)
    assert {
        kind: (taken[p].state, scores(instructor)[p], written(instructor, p) == expected) for p, kind in cases.items()
    } == dict.fromkeys(cases.values(), ("accepted", "5.00", True))
    assert not any(CANARY.encode() in content for content in expected.values())


def test_38_to_41_without_right_answers_no_damage_earns_a_point(instructor: Instructor) -> None:
    for number, kind in enumerate(no_effect(instructor, HONEST)):
        damaged = no_effect(instructor, named(number))[kind]
        damaged["metadata"]["moduong"]["answers"]["answers"] = {}
        drop(instructor, named(number), {"T01.ipynb": dumped(damaged)})
    instructor.collects()
    instructor.grades("T01")
    assert set(scores(instructor).values()) == {"0.00"}


@pytest.mark.parametrize("person", ["CB-000007", "cb-000007", "Cb-000007"])
def test_the_text_of_an_essay_cannot_become_markup_in_the_notebook(instructor: Instructor, person: str) -> None:
    from course.answers import parse  # noqa: F401

    text = (
        "<script>alert(1)</script> [x](javascript:alert(1)) $\\href{javascript:1}{x}$ `tôi` gặp tổ ca đêm lúc giao ca, "
        "báo lại vào thứ sáu\x07."
    )
    drop(instructor, person, {"answers.json": attackers.document(person, "T02", {"T02-Q01": text})}, module="T02")
    assert [t.state for t in instructor.collects()] == ["accepted"]
    instructor.grades("T02")
    for folder in (instructor.workspace.submitted(person, "T02"), instructor.workspace.autograded(person, "T02")):
        cell = next(
            c
            for c in attackers_json(folder / "T02.ipynb")["cells"]
            if c["metadata"]["nbgrader"]["grade_id"] == "T02-Q01"
        )
        assert "<script" not in cell["source"]
        assert "javascript:" not in cell["source"].replace("&#58;", "_")


def attackers_json(path: Path) -> dict:  # type: ignore[type-arg]
    import json

    return json.loads(path.read_bytes())
