"""A body that the attempt does not draw is flagged, waits for a person, and uses up nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from course import drawing, released
from course.answers import Answer, AnswerSet, AnswerStore
from course.fetched import renewal
from course.released import Released
from grader.feedback import publish as feedback
from grader.ground import database
from grader.ground.errors import ModuongError
from grader.intake import collect, confirm, drawn, rebuild
from tests.support.people import NUMBER, SINGLE, Author, Cadre, Instructor

BODIES = SINGLE.rstrip("`\n") + (
    "\nvariants:\n"
    "  - {stem: Việc nào nên làm trước tiên ở ca đêm?}\n"
    "  - {stem: Việc nào nên làm trước tiên ở tổ mới?}\n```\n"
)
WITNESS = confirm.Witness("Lê Thị Mẫu", "Trần Văn Mẫu", "2026-03-02")


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    author = Author(folder).writes_course()
    author.writes("T01", BODIES, NUMBER)
    Instructor(author, folder / "workspace").releases("T01").engine.dispose()
    return folder


@pytest.fixture
def instructor(handed_out: Path, tmp_path: Path) -> Instructor:
    shutil.copytree(handed_out, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "workspace" / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8").replace(str(handed_out), str(tmp_path)), encoding="utf-8")
    return Instructor(Author(tmp_path), tmp_path / "workspace")


def sheet(cadre: Cadre) -> Released:
    return released.read(cadre.fetches("T01"))


def body(cadre: Cadre, attempt: int) -> int:
    found = sheet(cadre)
    return found.asked.draw(cadre.person, found.item("T01-Q01"), attempt)


def hands_in(cadre: Cadre, variant: int, attempt: int, right: str = "B") -> str:
    """Hand in an answer to one body, in the name of an attempt; return the receipt's code."""
    found = sheet(cadre)
    blank = AnswerSet("T01", {}, found.course, found.release, cadre.person, attempt)
    store, number = AnswerStore(found.folder, blank), 1 + released.attempts_so_far(found.folder)
    given = {"T01-Q02": Answer({"a": "91,25", "b": "9"}, 0, number), "T01-Q01": Answer(right, variant, number)}
    store.put_all(given)
    return cadre.hands_in("T01").code


def outcome(instructor: Instructor, **options: Any) -> list[tuple[str, str]]:
    return [(taken.state, taken.code) for taken in instructor.collects(**options)]


def test_the_body_that_the_attempt_draws_is_graded(instructor: Instructor) -> None:
    for n in range(6):
        one = Cadre(f"CB-{n}", instructor)
        hands_in(one, body(one, 1), 1)
    assert outcome(instructor) == [("accepted", "")] * 6
    assert instructor.grades("T01") == 6


def test_another_body_waits_for_a_person_and_uses_up_nothing(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    hands_in(one, body(one, 2), 1)
    assert outcome(instructor) == [("waiting", "E-SUB-18")]
    assert instructor.grades("T01") == 0
    assert instructor.ledger() == []
    assert feedback.publish(instructor.workspace, instructor.engine, instructor.rules, "T01").pages == 0
    found = one.exchange.standing("T01")
    assert found is not None
    assert (found.attempt, found.left, list(found.states.values())) == (1, 3, ["waiting"])
    hands_in(one, body(one, 1), 1)
    assert outcome(instructor, hours_later=1) == [("accepted", "")], "an honest one is taken at once"


def test_the_bodies_of_an_attempt_that_is_over_are_not_taken_again(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    hands_in(one, body(one, 1), 1, "A")
    instructor.collects()
    hands_in(one, body(one, 1), 1)  # its feedback has said which option was wrong
    assert outcome(instructor, hours_later=13) == [("waiting", "E-SUB-18")]
    hands_in(one, body(one, 2), 2)
    assert outcome(instructor, hours_later=13) == [("accepted", "")]


def test_a_page_that_counted_a_refused_hand_in_is_ahead_and_its_bodies_are_fresh(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    hands_in(one, body(one, 1), 1, "A")
    instructor.collects()
    hands_in(one, body(one, 2), 2, "A")
    assert outcome(instructor, hours_later=1) == [("refused", "E-ATT-WAIT")]
    hands_in(one, body(one, 3), 3)
    assert outcome(instructor, hours_later=13) == [("accepted", "")]


def mailed(cadre: Cadre, instructor: Instructor, folder: Path, attempt: int, variant: int) -> list[tuple[str, str]]:
    hands_in(cadre, variant, attempt)
    shutil.rmtree(instructor.workspace.inbound("thu"))
    instructor.workspace.inbound("thu").mkdir()
    place = folder / f"gui-{attempt}-{variant}"
    place.mkdir()
    shutil.copyfile(cadre.home / "T01" / "answers.json", place / "answers.json")
    return outcome(instructor, source=place)


@pytest.mark.parametrize("attempt", [1, 2, 3])
def test_without_a_standing_any_attempt_within_the_limit_may_be_named(
    instructor: Instructor, tmp_path: Path, attempt: int
) -> None:
    one = Cadre("CB-1", instructor)
    (found,) = mailed(one, instructor, tmp_path, attempt, body(one, attempt))
    assert found[1] != "E-SUB-18"


def test_an_attempt_beyond_the_limit_is_none(instructor: Instructor, tmp_path: Path) -> None:
    one = Cadre("CB-1", instructor)
    assert mailed(one, instructor, tmp_path, 5, body(one, 5)) == [("waiting", "E-SUB-18")]


def test_a_release_from_before_keeps_its_rule(instructor: Instructor) -> None:
    for path in (instructor.workspace.release("T01"), *instructor.workspace.releases("T01").iterdir()):
        items = json.loads((path / "items.json").read_bytes())
        assert items.pop("draw") == 2
        (path / "items.json").write_text(json.dumps(items), encoding="utf-8")
    place = instructor.workspace.release("T01")
    old = released.read(place)
    assert old.rule == 1
    shutil.copytree(place, instructor.workspace.releases("T01") / old.release)
    outbound = instructor.workspace.exchange / "thu" / "outbound" / "T01" / "items.json"
    outbound.write_bytes((place / "items.json").read_bytes())
    for n in range(6):
        one = Cadre(f"CB-{n}", instructor)
        wanted = released.draw(f"CB-{n}", "T01-Q01", 1, 3)
        assert body(one, 1) == wanted
        hands_in(one, wanted, 1)
    assert outcome(instructor) == [("accepted", "")] * 6


def test_what_moved_with_a_newer_copy_is_still_what_was_drawn(instructor: Instructor) -> None:
    """Each attempt by itself may draw another body than the rule of the newer copy."""
    ahead = sheet(Cadre("CB-0", instructor)).asked
    item = next(one for one in ahead.items if one["id"] == "T01-Q01")
    former = drawing.Questions("former", ahead.items, drawing.SEPARATE)
    person = next(p for p in map("CB-{}".format, range(50)) if former.draw(p, item, 1) != ahead.draw(p, item, 1))
    given = AnswerSet("T01", {"T01-Q01": Answer("B", former.draw(person, item, 1), 1)}, person=person)
    here = {one["id"]: one for one in ahead.items}
    moved = renewal.moved(given, here, here)
    assert drawn.strange(ahead, moved, range(1, 4)) == ["T01-Q01"]
    assert drawn.strange(ahead, moved, range(1, 4), [former]) == []


def held(instructor: Instructor) -> list[confirm.Held]:
    with instructor.engine.connect() as connection:
        return confirm.waiting(connection)


def test_a_person_lets_it_count_or_refuses_it(instructor: Instructor) -> None:
    for n in (1, 2):
        one = Cadre(f"CB-{n}", instructor)
        hands_in(one, body(one, 2), 1)
    instructor.collects()
    first, second = held(instructor)
    assert confirm.chosen([first, second], []) == [], "what is to be looked at is named by its id"
    given = (instructor.workspace, instructor.engine, instructor.policy())
    (done,) = confirm.confirm(*given, confirm.chosen([first, second], [first.attempt_id]), WITNESS, instructor.now)
    assert (done.attempt_id, done.state) == ("CB-1.T01.1", "accepted")
    other = confirm.refuse(*given, second, confirm.Witness("Lê Thị Mẫu", note="đổi mẫu"), instructor.now)
    assert other is not None
    assert (other.state, other.code) == ("refused", "E-SUB-20")
    assert held(instructor) == []
    assert list(confirm.confirm(*given, [first], WITNESS, instructor.now)) == [], "each is decided once"
    assert instructor.grades("T01") == 1
    assert [(row["attempt_id"], row["score"]) for row in instructor.ledger()] == [("CB-1.T01.1", "5.00")]
    with instructor.engine.connect() as connection:
        rows = connection.execute(database.decisions.select().order_by("decision_id")).all()
    assert [(r.kind, r.attempt_id, r.decided_by) for r in rows] == [
        ("confirm", "CB-1.T01.1", "Lê Thị Mẫu"),
        ("refuse", "CB-2.T01.1", "Lê Thị Mẫu"),
    ]
    assert "Trần Văn Mẫu" in rows[0].note


def test_what_was_decided_stands_in_the_note_for_a_restore(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    hands_in(one, body(one, 2), 1)
    instructor.collects()
    list(
        confirm.confirm(
            instructor.workspace, instructor.engine, instructor.policy(), held(instructor), WITNESS, instructor.now
        )
    )
    with database.writing(instructor.engine) as connection:
        before = connection.execute(database.attempts.select()).mappings().all()
        for table in (database.attempts, database.answered):
            connection.execute(table.delete())
        assert rebuild.rebuild(instructor.workspace, connection) == (1, [])
        assert connection.execute(database.attempts.select()).mappings().all() == before


def test_who_decides_has_a_name(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    hands_in(one, body(one, 2), 1)
    instructor.collects()
    given = (instructor.workspace, instructor.engine, instructor.policy())
    for witness in (confirm.Witness(" ", "A"), confirm.Witness("B", "")):
        with pytest.raises(ModuongError, match="--"):
            list(confirm.confirm(*given, held(instructor), witness, instructor.now))
    with pytest.raises(ModuongError, match="--note"):
        confirm.refuse(*given, held(instructor)[0], confirm.Witness("B"), instructor.now)
    with pytest.raises(ModuongError, match="CB-9"):
        confirm.chosen(held(instructor), ["CB-9.T01.1"])
    assert len(held(instructor)) == 1


def test_the_seen_sources_do_not_change(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    hands_in(one, body(one, 2), 1)
    instructor.collects()
    known = collect.seen(instructor.engine)
    assert outcome(instructor) == []
    assert collect.seen(instructor.engine) == known
