"""A course is a parameter: another union's course in English runs from text to report without a word of Vietnamese."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import openpyxl
import pytest

from course import page, published, released
from course.answers import AnswerSet, AnswerStore
from course.exchange import Exchange
from course.handin import hand_in
from course.widgets import hand_in as hand_in_widget
from course.widgets import progress, question, words_of
from tests.support import english_course
from tests.support.people import moduong

FOREIGN = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ«»]|EVN|điện|electric|\bCT70\b", re.IGNORECASE
)
"""Letters of Vietnamese, its quotation marks, and what only the union of the power corporations would say."""


def english(text: str, where: str) -> None:
    found = FOREIGN.search(text)
    assert found is None, f"{where}: …{text[max(0, found.start() - 60) : found.end() + 60]}…"


class Harbour:
    """The staff and members of that union, at the command line and at their pages."""

    def __init__(self, folder: Path) -> None:
        english_course.write(folder)
        self.folder, self.workspace = folder, folder / "workspace"

    def says(self, *command: str) -> str:
        where = ["--course", str(self.folder / "course")]
        if command[0] not in {"collect", "grade", "feedback", "roster", "report", "completion", "ledger"}:
            where += ["--exercises", str(self.folder / "exercises")]
        if command[0] != "check":
            where += ["--workspace", str(self.workspace)]
        done = moduong(*command, *where, MODUONG_LANG="en", MODUONG_NOW="2026-06-02T10:00:00+01:00")
        assert done.returncode == 0, done.stdout + done.stderr
        english(done.stdout + done.stderr, " ".join(command))
        return done.stdout

    def answers(self, person: str, given: dict[str, dict[str, object]]) -> Path:
        home = self.folder / "members" / person
        home.mkdir(parents=True)
        exchange = Exchange(self.workspace.with_name("workspace-exchange"), "harbour", person, home)
        for module, values in given.items():
            assert exchange.take(module)
            found = released.read(home / module)
            blank = AnswerSet(module, {}, found.course, found.release, person, 1)
            store = AnswerStore(home / module, blank)
            for seq, (item, value) in enumerate(values.items()):
                store.put(item, value, 0, seq + 1)
            hand_in(home / module, exchange)
        return home


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Harbour:
    """The course after one round: built, released, answered by two, graded, feedback given."""
    one = Harbour(tmp_path_factory.mktemp("harbour"))
    assert "0 findings." in one.says("check")
    one.says("build")
    one.says("release")
    one.says("roster", "import", str(one.folder / "roster"))
    one.answers("HB-1", english_course.RIGHT)
    one.answers("HB-2", english_course.WRONG)
    one.says("collect")
    one.says("grade")
    one.says("feedback")
    return one


def test_the_start_page_is_that_courses_in_its_language(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    home = harbour.folder / "members" / "HB-2"
    monkeypatch.setenv("MODUONG_EXCHANGE", str(harbour.folder / "workspace-exchange"))
    monkeypatch.setenv("MODUONG_PERSON", "HB-2")
    course = published.read(published.exchange_root())
    assert (course.id, course.title, course.language) == ("harbour", "Clear Signals", "en")
    state = progress.state_of(home, course)
    assert [m["module"] for m in state["modules"]] == ["H01", "H02", "H03"]
    assert {m["state"] for m in state["modules"]} >= {"failed"}
    assert state["begin"]["title"] == "Getting to know the page"
    english(json.dumps(state, ensure_ascii=False), "start page")
    english(json.dumps(words_of("en", "dom.js", "progress.js", "hand_in.js")["Nộp bài"]), "hand-in")


def test_questions_speak_the_courses_language(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    home = harbour.folder / "members" / "HB-1"
    monkeypatch.setenv("MODUONG_EXCHANGE", str(harbour.folder / "workspace-exchange"))
    for module in english_course.RIGHT:
        desk = question.Desk(released.read(home / module))
        for item in desk.module.items:
            english(json.dumps(desk.show(item).spec, ensure_ascii=False), item["id"])
        kinds = frozenset(item["type"] for item in desk.module.items)
        assert '"Đang lưu…": "Saving…"' in str(question.library(kinds, "en")._esm)
        english(json.dumps(hand_in_widget.HandIn(desk).state, ensure_ascii=False), module)


def test_a_broken_folder_says_so_in_english(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODUONG_EXCHANGE", str(harbour.folder / "workspace-exchange"))
    monkeypatch.setattr(released, "HERE", harbour.folder)
    released.here.cache_clear()
    shown = page.ask("H01-Q01").data
    released.here.cache_clear()
    english(shown, "notice")
    assert "Please open the module again" in shown


def test_feedback_pages_are_english(harbour: Harbour) -> None:
    pages = sorted((harbour.workspace / "feedback").rglob("*.html"))
    assert len(pages) == 6
    for path in pages:
        english(path.read_text(encoding="utf-8"), str(path))


def test_the_ledger_keeps_why_a_hand_in_does_not_count_in_english(harbour: Harbour, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text('{"schema": 1, "module": "H01", "answers": {', encoding="utf-8")
    said = harbour.says("collect", str(tmp_path))
    with sqlite3.connect(harbour.workspace / "gradebook.db") as kept:
        (reason,) = kept.execute("select reason from moduong_attempt where code = 'E-SUB-05'").fetchone()
    english(reason, "ledger")
    assert reason in said


def test_the_report_is_english_in_every_format(harbour: Harbour) -> None:
    harbour.says("report", "--as-of", "2026-06-01", "--xlsx", "--csv", "--no-history")
    found = json.loads(harbour.says("completion", "--as-of", "2026-06-01", "--json"))
    target = found["targets"][0]
    assert (target["numerator"], target["denominator"]) == (0, 2)  # an essay waits for a marker
    for path in sorted((harbour.workspace / "reports").rglob("*")):
        if path.suffix in {".html", ".json", ".csv"}:
            said = re.sub(
                r"<script>.*?</script>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
            )  # finds any name
            english(said, str(path))
        elif path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path).worksheets:
                cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
                english("\n".join([sheet.title, *cells]), f"{path}!{sheet.title}")


def test_the_words_would_be_found(harbour: Harbour) -> None:
    """The check of this file sees Vietnamese where it is: the same report for staff who chose it."""
    done = moduong(
        "report", "--as-of", "2026-06-01", "--workspace", harbour.workspace, "--course", harbour.folder / "course",
        MODUONG_LANG="vi", MODUONG_NOW="2026-06-02T10:00:00+01:00",
    )  # fmt: skip
    with pytest.raises(AssertionError):
        english(done.stdout, "report")
