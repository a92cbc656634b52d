"""The ledger alone says where somebody stands; the page shows it, and stops what would be refused."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from course import released
from course.fetched import standing
from course.fetched.standing import Standing
from course.widgets import hand_in, question
from grader.feedback import standings
from grader.gradebook import ledger_entries
from grader.ground import database
from tests.support.people import WRONG, Author, Cadre, Instructor


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("standing")
    Instructor(Author(folder).writes_course(), folder / "workspace").releases().engine.dispose()
    return folder


@pytest.fixture
def instructor(handed_out: Path, tmp_path: Path) -> Instructor:
    shutil.copytree(handed_out, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "workspace" / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8").replace(str(handed_out), str(tmp_path)), encoding="utf-8")
    return Instructor(Author(tmp_path), tmp_path / "workspace")


def publishes(instructor: Instructor, module: str = "T01") -> int:
    return standings.publish(instructor.workspace, instructor.engine, instructor.rules, module)


def stands(cadre: Cadre, module: str = "T01") -> Standing:
    found = cadre.exchange.standing(module)
    assert found is not None
    return found


def test_the_standing_follows_every_step_of_the_ledger(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    code = one.answers("T01", WRONG["T01"]).hands_in("T01").code
    assert one.exchange.standing("T01") is None, "nobody has read it yet"
    instructor.collects()
    publishes(instructor)
    found = stands(one)
    assert (found.attempt, found.left, found.passed, found.states) == (2, 2, False, {code: "accepted"})
    early, late = instructor.now + timedelta(hours=11), instructor.now + timedelta(hours=13)
    assert "nộp được từ 03:00" in found.stopped(early)
    assert found.stopped(late) == ""
    instructor.grades("T01")
    publishes(instructor)
    assert stands(one).states == {code: "graded"}
    second = one.answers("T01").hands_in("T01").code
    instructor.collects(hours_later=13)
    instructor.grades("T01")
    publishes(instructor)
    assert stands(one).states == {code: "graded", second: "passed"}
    assert stands(one).passed


def test_a_hand_in_that_was_refused_uses_up_nothing(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    one.answers("T01", WRONG["T01"]).hands_in("T01")
    instructor.collects()
    refused = one.answers("T01").hands_in("T01").code
    instructor.collects(hours_later=1)
    publishes(instructor)
    assert (stands(one).attempt, stands(one).states[refused]) == (2, "refused")


def test_all_attempts_used_and_two_more_opened(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    for value in ("A", "B", "C"):
        one.answers("T01", {"T01-Q01": value}).hands_in("T01")
        instructor.collects(hours_later=13)
    publishes(instructor)
    assert "hết lượt" in stands(one).stopped(instructor.now + timedelta(days=9))
    with database.writing(instructor.engine) as connection:
        ledger_entries.reopen(connection, "CB-1", "T01", 3, "Đã kèm cặp", "Mẫu Lan", instructor.now)
    publishes(instructor)
    assert (stands(one).attempt, stands(one).left) == (4, 2)
    assert stands(one).stopped(instructor.now + timedelta(days=9)) == ""


def test_a_module_with_a_marked_part_waits_for_its_marks(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    one.answers("T02").hands_in("T02")
    instructor.collects()
    instructor.grades("T02")
    publishes(instructor, "T02")
    assert "đang chờ người chấm" in stands(one, "T02").stopped(instructor.now + timedelta(days=9))
    assert [row["score"] for row in instructor.ledger()] == [""], "awaited is empty, never 0.00"
    instructor.marks("CB-1", "T02", "T02-Q01", 4)
    instructor.grades("T02")
    publishes(instructor, "T02")
    assert stands(one, "T02").passed


def test_nobody_finds_anothers_and_nothing_is_written_twice(instructor: Instructor) -> None:
    one, other = Cadre("CB-1", instructor), Cadre("CB-2", instructor)
    one.answers("T01").hands_in("T01")
    instructor.collects()
    assert publishes(instructor) == 1
    assert publishes(instructor) == 0
    folder = instructor.workspace.exchange / "thu" / standing.FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711
    (file,) = folder.iterdir()
    assert "CB-1" not in file.name + file.read_text("utf-8")
    assert other.exchange.standing("T01") is None


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"schema": 2}', b'{"schema": 1, "next": {}}', b"\xff"])
def test_what_is_no_standing_is_none(damage: bytes) -> None:
    assert standing.read(damage) is None


def test_a_standing_is_read_as_it_was_written(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    one.answers("T01").hands_in("T01")
    instructor.collects()
    publishes(instructor)
    (file,) = (instructor.workspace.exchange / "thu" / standing.FOLDER).iterdir()
    assert json.loads(file.read_bytes())["next"]["attempt"] == stands(one).attempt == 2


def test_the_page_stops_what_would_be_refused_and_says_from_when(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    instructor.now = datetime.now(UTC)
    one = Cadre("CB-1", instructor)
    one.answers("T01", WRONG["T01"]).hands_in("T01")
    instructor.collects()
    publishes(instructor)
    monkeypatch.setenv("MODUONG_EXCHANGE", str(instructor.workspace.exchange))
    monkeypatch.setenv("MODUONG_PERSON", "CB-1")
    desk = question.Desk(released.read(one.home / "T01"))
    desk.store.put("T01-Q01", "B", 0, 9000)
    end = hand_in.HandIn(desk)
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(end, "send", lambda content, _buffers=None: said.append(content))
    assert end.state["stopped"].startswith("Lượt 2 nộp được từ ")
    end._hear(end, {"kind": "submit"}, [])
    assert [(message["kind"], message["text"]) for message in said] == [("problem", end.state["stopped"])]
    assert len(list(instructor.workspace.inbound("thu").iterdir())) == 1, "nothing was handed in"
    with database.writing(instructor.engine) as connection:
        earlier = (instructor.now - timedelta(hours=13)).isoformat(timespec="seconds")
        connection.execute(sa.update(database.attempts).values(submitted_at=earlier))
    publishes(instructor)
    end.refresh()
    assert end.state["stopped"] == ""
