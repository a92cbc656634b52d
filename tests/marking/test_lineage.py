"""A release keeps its meaning: an answer is scored by the questions that it answered, whatever became of the text."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from course.answers import release_id
from grader.feedback import publish as feedback
from grader.gradebook import keys, results
from grader.ground import lineage
from grader.ground.database import attempts
from grader.ground.errors import ModuongError
from grader.publish import release
from tests.support.people import NUMBER, SINGLE, Author, Cadre, Instructor

A, B, C = SINGLE.splitlines()[7:10]


def single(*options: str, stem: str = "Việc nào nên làm trước tiên?") -> str:
    head, tail = SINGLE.splitlines()[:7], SINGLE.splitlines()[10:]
    return "\n".join([*head, *options, *tail]).replace("Việc nào nên làm trước tiên?", stem) + "\n"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which somebody answered the first release rightly and was graded."""
    folder = tmp_path_factory.mktemp("first")
    instructor = Instructor(Author(folder).writes_course(), folder / "workspace").releases("T01")
    Cadre("CB-1", instructor).answers("T01").hands_in("T01")
    assert [taken.state for taken in instructor.collects()] == ["accepted"]
    instructor.grades("T01")
    instructor.engine.dispose()
    return folder


@pytest.fixture
def instructor(first: Path, tmp_path: Path) -> Instructor:
    shutil.copytree(first, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "workspace" / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8").replace(str(first), str(tmp_path)), encoding="utf-8")
    return Instructor(Author(tmp_path), tmp_path / "workspace")


def scores(instructor: Instructor) -> dict[str, str]:
    return {row["attempt_id"]: row["score"] for row in instructor.ledger()}


def rewrites(instructor: Instructor, *items: str) -> str:
    """Change the exercise, hand it out again, grade everything anew; return the id of the release."""
    instructor.author.writes("T01", *items)
    instructor.releases("T01")
    instructor.grades("T01", again=True)
    return lineage.released(instructor.workspace, "T01")


def test_options_that_change_places_change_nobodys_score(instructor: Instructor) -> None:
    before = lineage.released(instructor.workspace, "T01")
    assert scores(instructor) == {"CB-1.T01.1": "5.00"}
    after = rewrites(instructor, single(B, C, A), NUMBER)
    assert after != before, "items.json lists them in the order of the text"
    assert lineage.known(instructor.workspace, "T01") == {before, after}
    assert scores(instructor) == {"CB-1.T01.1": "5.00"}


def test_an_attempt_is_graded_by_the_release_that_it_answered(instructor: Instructor) -> None:
    wrong = B.replace("correct: true, ", "")
    other = A.replace('{text: "Chi tiền quảng cáo cho bài viết."', '{id: new, text: "Gọi từng người.", correct: true')
    rewrites(instructor, single(other, wrong, C, stem="Việc nào nhanh nhất?"), NUMBER)
    assert scores(instructor) == {"CB-1.T01.1": "5.00"}
    shutil.rmtree(instructor.workspace.learner("CB-2"), ignore_errors=True)
    new = {"T01-Q01": "D", "T01-Q02": {"a": "91,25", "b": "9"}}
    Cadre("CB-2", instructor).answers("T01", new).hands_in("T01")
    Cadre("CB-3", instructor).answers("T01").hands_in("T01")
    assert [taken.state for taken in instructor.collects()] == ["accepted", "accepted"]
    instructor.grades("T01")
    assert scores(instructor) == {"CB-1.T01.1": "5.00", "CB-2.T01.1": "5.00", "CB-3.T01.1": "3.00"}


def test_a_key_correction_reaches_the_same_ids_of_older_releases(instructor: Instructor) -> None:
    reworded = C.replace("Đăng lại bài mỗi ngày một lần.", "Đăng lại bài mỗi tuần hai lần.").replace(
        "{text", "{id: C, text"
    )
    rewrites(instructor, single(A, B, reworded), NUMBER)
    right, wrong = reworded.replace("feedback:", "correct: true, feedback:"), B.replace("correct: true, ", "")
    rewrites(instructor, single(A, wrong, right), NUMBER.replace("value: 9, points: 1", "value: 21, points: 1"))
    with instructor.engine.connect() as connection:
        (found,) = results.read(connection, attempts.c.module_id == "T01").values()
    assert found.score == 2
    assert scores(instructor) == {"CB-1.T01.1": "5.00"}, "but what had passed stays (E16)"


def test_a_question_that_was_reworded_says_nothing_about_earlier_answers(instructor: Instructor) -> None:
    right, wrong = C.replace("feedback:", "correct: true, feedback:"), B.replace("correct: true, ", "")
    rewrites(instructor, single(A, wrong, right, stem="Việc nào KHÔNG nên làm?"), NUMBER)
    assert scores(instructor) == {"CB-1.T01.1": "5.00"}


def test_a_withdrawn_question_is_withdrawn_from_older_releases(instructor: Instructor) -> None:
    rewrites(instructor, SINGLE.replace("points: 2", "points: 2\nwithdrawn: true"), NUMBER)
    assert [(row["score"], row["max_score"]) for row in instructor.ledger()] == [("3.00", "3.00")]


def test_the_feedback_page_shows_the_options_that_were_there(instructor: Instructor) -> None:
    other = B.replace('{text: "Hỏi tổ trưởng anh em nhận tin ở đâu."', '{id: new, text: "Hỏi ban chấp hành."')
    rewrites(instructor, single(A, other, C), NUMBER)
    feedback.publish(instructor.workspace, instructor.engine, instructor.rules, "T01")
    (page,) = instructor.workspace.feedback("CB-1", "T01").glob("*.html")
    assert "Hỏi tổ trưởng" in page.read_text("utf-8")
    assert "Hỏi ban chấp hành" not in page.read_text("utf-8")
    notebook = instructor.workspace.autograded("CB-1", "T01") / "T01.ipynb"
    assert "Hỏi tổ trưởng" in json.dumps(json.loads(notebook.read_bytes()), ensure_ascii=False)


@pytest.mark.parametrize(
    ("field", "value", "code"), [("release", "0" * 16, "E-SUB-16"), ("course", "khac", "E-SUB-15")]
)
def test_what_was_never_handed_out_here_is_set_aside_and_costs_nothing(
    instructor: Instructor, tmp_path: Path, field: str, value: str, code: str
) -> None:
    folder = Cadre("CB-2", instructor).answers("T01").home / "T01"
    strange = json.loads((folder / "answers.json").read_bytes()) | {field: value}
    (tmp_path / "thu").mkdir()
    (tmp_path / "thu" / "answers.json").write_text(json.dumps(strange), encoding="utf-8")
    (taken,) = instructor.collects(source=tmp_path / "thu")
    assert (taken.state, taken.code, taken.person) == ("set_aside", code, "")
    Cadre("CB-2", instructor).hands_in("T01")
    assert [taken.state for taken in instructor.collects()] == ["accepted"]


def test_a_workspace_that_kept_no_release_keeps_the_one_it_has_before_it_builds(instructor: Instructor) -> None:
    space = instructor.workspace
    old = lineage.released(space, "T01")
    shutil.rmtree(space.releases("T01"))
    shutil.rmtree(space.keys("T01"))
    with instructor.engine.begin() as connection:
        connection.exec_driver_sql("delete from moduong_answered")
    wrong, right = B.replace("correct: true, ", ""), C.replace("feedback:", "correct: true, feedback:")
    new = rewrites(instructor, single(A, wrong, right, stem="Việc nào KHÔNG nên làm?"), NUMBER)
    assert lineage.known(space, "T01") == {old, new}
    assert scores(instructor) == {"CB-1.T01.1": "5.00"}
    assert (space.releases("T01") / old / "T01.ipynb").exists()
    assert release_id((space.releases("T01") / old / "items.json").read_bytes()) == old


@pytest.mark.parametrize("changed", ["Việc nào nên", "Anh/chị đọc kỹ"])
def test_a_text_that_changed_since_its_build_is_built_again_first(instructor: Instructor, changed: str) -> None:
    path = instructor.author.writes("T01", SINGLE, NUMBER)
    path.write_text(path.read_text("utf-8").replace(changed, f"Nào, {changed}"), encoding="utf-8")
    with pytest.raises(ModuongError, match="build") as told:
        release.release(instructor.workspace, instructor.author.text("T01"))
    assert told.value.code == "E-REL-3"
    assert "build T01" in told.value.text("vi")


def test_the_keys_of_older_releases_are_staffs_alone(instructor: Instructor) -> None:
    for path in lineage.keys(instructor.workspace, "T01").values():
        assert path.stat().st_mode & 0o077 == 0
    assert instructor.workspace.keys("T01").stat().st_mode & 0o077 == 0
    known = keys.read(instructor.workspace, "T01", json.loads(instructor.workspace.key("T01").read_bytes()))
    assert known.older == {}
    assert known.of("") is known.newest
