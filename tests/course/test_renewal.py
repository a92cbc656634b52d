"""A newer copy of a module is offered; answers move by id, the former copy stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from course.answers import parse, release_id
from course.exchange import ExchangeProblem
from course.fetched import renewal
from tests.support.people import NUMBER, SINGLE, Author, Cadre, Instructor

A, B, C = SINGLE.splitlines()[7:10]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An exchange with a second release; CB-1 answered the first one."""
    folder = tmp_path_factory.mktemp("twice")
    instructor = Instructor(Author(folder).writes_course(), folder / "workspace").releases("T01")
    for person, value in (("CB-1", "B"), ("CB-2", "A")):
        Cadre(person, instructor).answers("T01", {"T01-Q01": value, "T01-Q02": {"a": "91,25", "b": "9"}})
    gone = A.replace('{text: "Chi tiền quảng cáo cho bài viết."', '{id: new, text: "Gọi từng người."')
    text = "\n".join([*SINGLE.splitlines()[:7], C, B, gone, *SINGLE.splitlines()[10:]]) + "\n"
    instructor.author.writes("T01", text, NUMBER)
    instructor.releases("T01").engine.dispose()
    return folder


@pytest.fixture
def instructor(twice: Path, tmp_path: Path) -> Instructor:
    shutil.copytree(twice, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "workspace" / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8").replace(str(twice), str(tmp_path)), encoding="utf-8")
    return Instructor(Author(tmp_path), tmp_path / "workspace")


def test_answers_move_by_id_and_the_former_copy_is_kept(instructor: Instructor) -> None:
    one = Cadre("CB-1", instructor)
    folder = one.home / "T01"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert one.exchange.newer("T01")
    one.exchange.renew("T01")
    assert not one.exchange.newer("T01")
    found = parse((folder / "answers.json").read_bytes())
    assert found.release == release_id((folder / "items.json").read_bytes()) != release_id(before["items.json"])
    assert {name: answer.value for name, answer in found.answers.items()} == {
        "T01-Q01": "B",
        "T01-Q02": {"a": "91,25", "b": "9"},
    }
    former = folder / renewal.KEPT / release_id(before["items.json"])
    assert {p.name: p.read_bytes() for p in former.iterdir() if p.name in before and p.is_file()} == {
        name: content for name, content in before.items() if (former / name).exists()
    }
    assert (former / "answers.json").read_bytes() == before["answers.json"]
    one.hands_in("T01")
    assert [taken.state for taken in instructor.collects()] == ["accepted"]
    instructor.grades("T01")
    assert [row["score"] for row in instructor.ledger()] == ["5.00"]


def test_an_answer_to_what_is_gone_is_open_again_and_kept_with_the_former_copy(instructor: Instructor) -> None:
    one = Cadre("CB-2", instructor)
    one.exchange.renew("T01")
    folder = one.home / "T01"
    assert set(parse((folder / "answers.json").read_bytes()).answers) == {"T01-Q02"}
    (former,) = (folder / renewal.KEPT).iterdir()
    assert parse((former / "answers.json").read_bytes()).answers["T01-Q01"].value == "A"


def test_what_cannot_be_taken_leaves_all_as_it_was(instructor: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Cadre("CB-1", instructor)
    before = (one.home / "T01" / "items.json").read_bytes()

    def full(*_args: object, **_more: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(renewal, "write_atomically", full)
        with pytest.raises(ExchangeProblem):
            one.exchange.renew("T01")
    assert (one.home / "T01" / "items.json").read_bytes() == before
    one.exchange.renew("T01")
    assert not one.exchange.newer("T01")


def test_bodies_that_changed_places_take_their_answers_along() -> None:
    from course.answers import Answer, AnswerSet

    def item(*stems: str) -> dict[str, dict[str, object]]:
        options = [{"id": "A", "text": "Một"}, {"id": "B", "text": "Hai"}]
        return {"T01-Q01": {"type": "multiple", "variants": [{"stem": s, "options": options} for s in stems]}}

    given = AnswerSet("T01", {"T01-Q01": Answer(["A", "X"], 1)})
    moved = renewal.moved(given, item("Một?", "Hai?"), item("Hai?", "Một?"))
    assert moved.answers["T01-Q01"] == Answer(["A"], 0)
    assert json.dumps(renewal.moved(given, item("Một?", "Hai?"), item("Một?")).to_json()["answers"]) == "{}"
