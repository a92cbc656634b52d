"""``moduong import`` and ``export`` as an instructor uses them.

What is written where, what is said, what stays untouched.
"""

from __future__ import annotations

import json
from pathlib import Path
from string import ascii_uppercase

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.ground.errors import ModuongError
from grader.text import authoring
from tests.support.people import Author

WHOLE = """\
// [tag:outcome:1] [tag:level:apply]
::Kênh::Tổ ca đêm đọc tin ở đâu trước tiên?{
=Bảng tin ở chỗ giao ca#Đúng: ai vào ca cũng đi qua bảng tin này trước.
~Trang của tổng công ty#Chưa hợp: ca đêm ít khi mở trang này trong giờ làm.
~Thư điện tử#Chưa hợp: nhiều anh em đường dây không có hộp thư cơ quan.
}

::Trần::Ai ký giấy ra vào trạm?{=Trưởng ca ~Bảo vệ}
"""


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path).writes_course()


def run(*words: str | Path) -> tuple[int, str, str]:
    """Run a command in this process: exit code, what it printed, the error that stopped it."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, ModuongError):
        return 2, done.stdout, f"{done.exception.code}: {done.exception.text('vi')}"
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.stdout, done.stderr


def brings(author: Author, *words: str | Path) -> tuple[int, str, str]:
    return run("import", *words, "--exercises", author.exercises, "--course", author.course, "--lang", "vi")


def test_questions_go_to_a_file_of_their_own_with_ids_that_are_free(author: Author, tmp_path: Path) -> None:
    (tmp_path / "Ngân hàng câu.txt").write_text(WHOLE, encoding="utf-8")
    before = (author.exercises / "T01" / "exercise.md").read_bytes()
    code, out, _ = brings(author, tmp_path / "Ngân hàng câu.txt", "--module", "T01")
    written = author.exercises / "T01" / "import" / "ngan-hang-cau.md"
    assert code == 0
    assert f"T01: mang vào 2 câu, ghi ở {written}." in out
    assert [block.name for block in authoring.read(written).document.blocks if block.kind == "item"] == [
        "T01-Q03",
        "T01-Q04",
    ]
    assert [item.id for item in authoring.read(written).items] == ["T01-Q03"]
    assert (author.exercises / "T01" / "exercise.md").read_bytes() == before


def test_what_is_missing_is_said_question_by_question(author: Author, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(WHOLE, encoding="utf-8")
    _, out, _ = brings(author, tmp_path / "a.txt", "--module", "T01")
    lines = [line for line in out.splitlines() if "(missing)" in line]
    assert len(lines) == 1
    assert "a.txt:8 [Trần] còn thiếu: còn thiếu T01-Q04: outcome, options feedback (1 2) (missing)" in lines[0]


def test_what_passes_check_here_passes_it_in_the_exercise(author: Author, tmp_path: Path) -> None:
    """The question that the report has no word about can be moved as it is."""
    (tmp_path / "a.txt").write_text(WHOLE.partition("\n\n")[0], encoding="utf-8")
    _, out, _ = brings(author, tmp_path / "a.txt", "--module", "T01", "--json")
    report = json.loads(out)
    assert report["losses"] == []
    written = Path(report["path"]).read_text(encoding="utf-8")
    author.writes(
        "T01", written[written.index("```{item}") :].replace("T01-Q03", "T01-Q01").replace("points: 1", "points: 5")
    )
    _, checked, _ = run("check", "T01", "--exercises", author.exercises, "--course", author.course, "--json")
    assert [f for f in json.loads(checked)["findings"] if f["item"] == "T01-Q01"] == []


def test_what_check_says_of_a_whole_question_is_in_the_report(author: Author, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        WHOLE.replace("#Đúng: ai vào ca cũng đi qua bảng tin này trước.", "#Đúng rồi."), encoding="utf-8"
    )
    _, out, _ = brings(author, tmp_path / "a.txt", "--module", "T01", "--json")
    said = [loss["about"] for loss in json.loads(out)["losses"] if loss["code"] == "check"]
    assert any(about.startswith("T01-Q03 options.0.feedback: E-Q05-2") for about in said)


def test_the_instructor_may_say_outcome_and_level_for_all(author: Author, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A? {T#Sai.#Đúng.}", encoding="utf-8")
    _, out, _ = brings(author, tmp_path / "a.txt", "--module", "T01", "--outcome", "1", "--level", "apply", "--json")
    item = authoring.read(Path(json.loads(out)["path"])).items[0]
    assert (item.head.outcome, item.head.level) == (1, "apply")


def test_nothing_is_ever_overwritten(author: Author, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A? {T}", encoding="utf-8")
    paths = [json.loads(brings(author, tmp_path / "a.txt", "--module", "T01", "--json")[1])["path"] for _ in range(3)]
    assert [Path(path).name for path in paths] == ["a.md", "a-2.md", "a-3.md"]
    names = [
        block.name for path in paths for block in authoring.read(Path(path)).document.blocks if block.kind == "item"
    ]
    assert len(set(names)) == 3


def test_one_bad_file_never_stops_the_others(author: Author, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A? {T}", encoding="utf-8")
    (tmp_path / "b.bin").write_bytes(b"\x00\x01\x02")
    code, out, err = brings(
        author, tmp_path / "b.bin", tmp_path / "missing.txt", tmp_path / "a.txt", "--module", "T01", "--json"
    )
    report = json.loads(out)
    assert (code, err, len(report["items"])) == (0, "", 1)
    assert [loss["code"] for loss in report["losses"]][:2] == ["format", "file"]


def test_no_question_at_all_is_exit_code_1_and_writes_nothing(author: Author, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A {=x} B {=y}", encoding="utf-8")
    code, out, _ = brings(author, tmp_path / "a.txt", "--module", "T01")
    assert code == 1
    assert "không mang vào được câu nào" in out
    assert not (author.exercises / "T01" / "import").exists()


def test_the_same_question_twice_comes_once_the_fuller_one(author: Author, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ai? {=An ~Bình}", encoding="utf-8")
    (tmp_path / "b.txt").write_text("::Ai::Ai?  {=An#Vì An trực. ~Bình}", encoding="utf-8")
    _, out, _ = brings(author, tmp_path / "a.txt", tmp_path / "b.txt", "--module", "T01", "--json")
    report = json.loads(out)
    twice = [loss for loss in report["losses"] if loss["code"] == "duplicate"]
    assert len(report["items"]) == 1
    assert [(Path(loss["file"]).name, loss["line"]) for loss in twice] == [("a.txt", 1)]
    assert "Vì An trực." in Path(report["path"]).read_text(encoding="utf-8")


def test_unknown_formats_and_modules_are_refused(author: Author, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A? {T}", encoding="utf-8")
    assert brings(author, tmp_path / "a.txt", "--module", "T09")[2].startswith("E-MOD-1")
    assert brings(author, tmp_path / "a.txt", "--module", "T01", "--format", "word")[2].startswith("E-FORMAT-1")


def test_more_questions_than_ids_are_refused_and_nothing_is_written(author: Author, tmp_path: Path) -> None:
    last = [f"T01-{letter}99" for letter in ascii_uppercase if letter not in "PR"]
    author.writes("T01", "\n".join(f"```{{item}} {name}\ntype: single\n```\n" for name in last[1:]))
    (tmp_path / "a.txt").write_text("\n\n".join(f"Câu {n}? {{T}}" for n in range(100)), encoding="utf-8")
    code, _, err = brings(author, tmp_path / "a.txt", "--module", "T01")
    assert (code, err[:10]) == (2, "E-FORMAT-2")
    assert not (author.exercises / "T01" / "import").exists()


def test_an_export_holds_the_keys_for_its_owner_alone_and_never_overwrites(author: Author, tmp_path: Path) -> None:
    folders = ("--exercises", author.exercises, "--course", author.course)
    target = tmp_path / "T01.gift.txt"
    code, out, _ = run("export", "T01", "--format", "gift", "-o", target, *folders, "--lang", "en")
    assert code == 0
    assert "T01: 1 questions with their keys" in out
    assert "[T01-Q02] left out: no equivalent here for questions of the kind numbers (kind)" in out
    assert target.stat().st_mode & 0o777 == 0o600
    assert run("export", "T01", "--format", "gift", "-o", target, *folders)[2].startswith("E-FILE-3")
