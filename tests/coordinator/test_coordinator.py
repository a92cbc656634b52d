"""The coordinator's page: what it answers, what it never shows unasked, and one sitting in Chromium."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from grader.commands import serve
from grader.commands.serve import Command
from grader.coordinator import page as coordinator
from grader.coordinator.page import Figures
from grader.coordinator.view import Asked
from grader.coordinator.widgets import Board
from grader.gradebook import nbgrader_bridge
from grader.ground.workspace import Workspace, open_workspace
from grader.report import write as report
from tests.support.cadre_browser import chromium, follow, overflows, window
from tests.support.union_builder import COURSE, NOW, Union, course, nine_corporations, store

DAY = date(2026, 10, 31)
_FOREIGN = re.compile(
    r"\b(Traceback|Error|Kernel|Cell|Notebook|Run|None|True|False|widget|Loading|Python|nan|Untitled|coordinator)\b"
)
_PERSON = re.compile(r"Người P\d|P\d+-\d")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("union")


@pytest.fixture(scope="module")
def space(folder: Path) -> Workspace:
    """Nine corporations with 40 grassroots unions of six leaders, each with a section of one.

    Eight unions awaiting marking.
    """
    union = nine_corporations(folder, 40)
    union.syllabus = course(
        folder, COURSE.replace("{track: leader,", '{title: "Cán bộ lãnh đạo được bồi dưỡng", track: leader,')
    )
    for number in range(0, 40, 5):
        union.attempt(f"P{number}-6", "M01", "0", status="pending_manual")
    space = open_workspace(folder / "workspace", "thu")
    store(union, nbgrader_bridge.open_gradebook(space))
    header = "year,unit_id,indicator,numerator,denominator,source,entered_by\n"
    (space.roster() / "indicators.csv").write_text(header + "2026,C1,CT95,19,20,Báo cáo quý,Bà Mẫu\n", encoding="utf-8")
    return space


@pytest.fixture
def desk(space: Workspace, folder: Path) -> Figures:
    (space.reports() / report.NAMED_LOG).unlink(missing_ok=True)
    return Figures(
        space,
        nbgrader_bridge.open_gradebook(space),
        course(folder, (folder / "course.yaml").read_text(encoding="utf-8")),
        lambda: (NOW, True),
    )


def log(space: Workspace) -> list[dict[str, Any]]:
    path = space.reports() / report.NAMED_LOG
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def read(board: Board) -> str:
    """Return all the HTML that the page shows."""
    parts = [board._told, board._head, board._list_head, board._rest, board._files]
    return "".join(part.value for part in parts) + "".join(
        child.value for row in board._rows.children for child in row.children if hasattr(child, "value")
    )


@pytest.mark.parametrize("scope", ["", "C3", "C3-0002-B1"])
def test_date_time_and_rule_stand_on_every_page_once(desk: Figures, scope: str) -> None:
    shown = desk.look(Asked(DAY, "CT70", scope))
    everything = shown.head + shown.list_head + "".join(row.html for row in shown.rows) + shown.rest
    for words in (
        "Đến hết ngày 31/10/2026",
        "Tính lúc 01/11/2026 08:00 (UTC+07)",
        "Bộ chỉ tiêu THU-2026",
        "Số liệu mô phỏng",
    ):
        assert words in shown.head
        assert everything.count(words) == 1
    assert everything.count("Quy tắc tính") == everything.count("10·N ≥ 7·D") == 1


def test_the_first_sentence_answers_how_many_corporations_are_below(desk: Figures) -> None:
    shown = desk.look(Asked(DAY, "CT70"))
    short = sum("thiếu" in row.html for row in shown.rows)
    assert 0 < short < 9, "the union has both kinds"
    assert f"{short} trên 9 tổng công ty chưa đạt 70\N{NO-BREAK SPACE}%." in shown.head
    assert "trên 9 tổng công ty" not in desk.look(Asked(DAY, "CT70", "C3")).head


def test_the_figures_are_those_of_the_report(desk: Figures, space: Workspace, tmp_path: Path) -> None:
    found = desk._count(DAY, NOW)
    report.write(tmp_path, found, desk._roster(), desk._rules, "vi", simulated=True)
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["targets"][0]
    whole = desk.look(Asked(DAY, "CT70"))
    assert f"{data['numerator']}\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}{data['denominator']}" in whole.head
    assert data["percent"].replace(".", ",") + "\N{NO-BREAK SPACE}%" in whole.head
    assert {row.unit_id for row in whole.rows} == {c["unit_id"] for c in data["by_corporation"]}
    for line in data["by_corporation"]:
        head = desk.look(Asked(DAY, "CT70", line["unit_id"])).head
        assert f"{line['numerator']}\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}{line['denominator']}" in head
        assert (f"thiếu {line['shortfall']} người" if line["shortfall"] else "✓ Đạt") in head


def test_one_drills_down_from_the_union_to_the_section(desk: Figures) -> None:
    union = desk.look(Asked(DAY, "CT70"))
    assert [row.opens for row in union.rows] == [True] * 9
    below = desk.look(Asked(DAY, "CT70", "C3"))
    assert (
        {row.unit_id for row in below.rows}
        == {one for _, one in below.units}
        == {f"C3-{n:04}" for n in (2, 11, 20, 29, 38)}
    )
    last = desk.look(Asked(DAY, "CT70", "C3", "C3-0002"))
    assert [(row.unit_id, row.opens) for row in last.rows] == [("C3-0002-B1", False)]


def test_a_small_group_is_hidden_until_names_are_asked_for(desk: Figures, space: Workspace) -> None:
    section = Asked(DAY, "CT70", "C3", "C3-0002")
    assert "&lt;5" in desk.look(section).rows[0].html
    assert "&lt;5" in desk.look(Asked(DAY, "CT70", "C3", "C3-0002-B1")).head
    assert not _PERSON.search(f"{desk.look(section).head}{desk.look(section).rest}")
    assert log(space) == []
    named = desk.look(Asked(DAY, "CT70", "C3", "C3-0002", named=True))
    assert (
        "1\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}1" in named.rows[0].html
        or "0\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}1" in named.rows[0].html
    )
    assert "Người P2-6" in named.rest
    assert "Người P2-6" not in desk.look(section).rest, "the public page stays as it was"


def test_every_list_of_names_is_logged_once(desk: Figures, space: Workspace) -> None:
    for corporation in ("C3", "C3", "C4"):
        desk.look(Asked(DAY, "CT70", corporation, named=True))
    assert [(entry["scope"], entry["as_of"]) for entry in log(space)] == [("C3", "2026-10-31"), ("C4", "2026-10-31")]
    assert log(space)[0]["people"] > 0


def test_names_need_the_tick_and_the_button(desk: Figures, space: Workspace) -> None:
    board = Board(desk, Asked(DAY, "CT70"))
    board._named.value = True
    assert not _PERSON.search(read(board))
    assert board._ask.layout.display == ""
    assert log(space) == []
    board._sure.click()
    assert _PERSON.search(read(board))
    assert "MẬT" in board._told.value
    board._named.value = False
    assert not _PERSON.search(read(board))
    assert board._told.value == ""


def test_a_target_that_is_not_computed_shows_what_was_entered(desk: Figures) -> None:
    shown = desk.look(Asked(DAY, "CT95"))
    for words in ("95,0\N{NO-BREAK SPACE}%", "Báo cáo quý", "Bà Mẫu", "Không do hệ thống này đo"):
        assert words in shown.head
    assert "Báo cáo quý" not in desk.look(Asked(DAY, "CT95", "C2")).head
    assert "Chưa có số liệu" in desk.look(Asked(DAY, "CT50")).head


def test_officers_are_listed_without_corporations(desk: Figures) -> None:
    shown = desk.look(Asked(DAY, "CT100B"))
    assert shown.corporations == ()
    assert [row.unit_id for row in shown.rows] == ["A1"]
    assert "6" in shown.head


def test_a_day_that_is_refused_leaves_no_number(desk: Figures) -> None:
    board = Board(desk, Asked(DAY, "CT70"))
    board._day.value = "01/01/2027"
    assert "E-ASOF-1" in board._told.value
    assert re.sub(r"<p.*?</p>", "", read(board)) == ""
    board._day.value = "31/10/2026"
    assert "Đến hết ngày 31/10/2026" in board._head.value
    board._day.value = "31/9"
    assert "không phải ngày" in board._told.value
    assert re.sub(r"<p.*?</p>", "", read(board)) == ""
    board._corporation.value = "C3"
    for press in (board._again, board._up):
        press.click()
        assert "không phải ngày" in board._told.value, "no figures of another day than the one written"
        assert re.sub(r"<p.*?</p>", "", read(board)) == ""
    assert board._save.disabled
    board._day.value = "2026-10-31"
    assert "Đến hết ngày 31/10/2026" in board._head.value
    assert not board._save.disabled


def test_a_failure_is_a_sentence(
    desk: Figures, space: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    board = Board(desk, Asked(DAY, "CT70"))
    space.coordinator().mkdir(exist_ok=True)
    (space.coordinator() / coordinator.FILES).write_text("a file where a folder should be")
    board._save.click()
    (space.coordinator() / coordinator.FILES).unlink()
    assert "Chưa tính được" in board._told.value
    assert "Traceback" not in read(board)
    assert "FileExistsError" in caplog.text or "NotADirectoryError" in caplog.text
    monkeypatch.setenv(coordinator.WORKSPACE, str(space.root / "nowhere"))
    monkeypatch.setenv(coordinator.COURSE, str(space.root))
    assert "E-FILE-1" in coordinator.coordinator().data
    monkeypatch.delenv(coordinator.COURSE)
    assert "Chưa mở được trang số liệu" in coordinator.coordinator().data


def test_files_are_made_apart_and_hold_the_same_figures(desk: Figures, space: Workspace) -> None:
    files, missing = desk.save(Asked(DAY, "CT70", "C3"))
    assert missing == ""
    paths = {name.rsplit(".", 1)[1]: space.coordinator() / to.removeprefix("../files/") for _, to, name in files}
    assert set(paths) == {"html", "pdf", "xlsx", "zip"}
    sheet = openpyxl.load_workbook(paths["xlsx"]).worksheets[0]
    line = dict(zip((c.value for c in sheet[3]), (c.value for c in sheet[4]), strict=True))
    assert (
        f"{line['Đã đạt']}\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}{line['Mẫu số']}"
        in desk.look(Asked(DAY, "CT70", "C3")).head
    )
    with zipfile.ZipFile(paths["zip"]) as packed:
        assert "CT70-units.csv" in packed.namelist()
    assert not (space.reports() / "report.html").exists(), "the public report is only written by moduong report"


def test_files_that_name_people_are_marked_closed_and_logged(desk: Figures, space: Workspace) -> None:
    files, _ = desk.save(Asked(DAY, "CT70", "C3", named=True))
    assert all(name.startswith("MAT-") for _, _, name in files)
    for _, to, _ in files:
        assert (space.coordinator() / to.removeprefix("../files/")).stat().st_mode & 0o077 == 0
    assert [entry["scope"] for entry in log(space)] == ["C3"]


def test_the_folder_is_its_owners_alone_and_is_swept(space: Workspace, folder: Path) -> None:
    old = space.coordinator() / coordinator.FILES / "MAT-old"
    old.mkdir(parents=True, exist_ok=True)
    command = serve.coordinator(space, folder, None)
    assert space.coordinator().stat().st_mode & 0o077 == 0
    assert not old.exists()
    assert "--ServerApp.ip=127.0.0.1" in command.arguments
    assert "token" not in " ".join(command.arguments)
    notebook = json.loads((space.coordinator() / serve.COORDINATORS_PAGE).read_text(encoding="utf-8"))
    assert notebook["metadata"]["moduong"]["kind"] == "coordinator"
    assert notebook["cells"][-1]["source"] == "coordinator()"


def test_reading_again_takes_what_has_changed(tmp_path: Path) -> None:
    union = Union(tmp_path)
    for number in range(6):
        union.post(f"P{number}", "G1", "vice_chair")
    space = open_workspace(tmp_path / "w", "thu")
    engine = nbgrader_bridge.open_gradebook(space)
    desk = Figures(space, engine, union.syllabus, lambda: (NOW, True))
    board = Board(desk, desk.first())
    assert "E-ROSTER-1" in board._told.value
    assert re.sub(r"<p.*?</p>", "", read(board)) == ""
    store(union, engine)
    board._again.click()
    assert board._told.value == ""
    assert "0\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}6" in board._head.value
    union.train("P1")
    store(union, engine)
    board._again.click()
    assert "1\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}6" in board._head.value


@pytest.fixture(scope="module")
def running(space: Workspace, folder: Path) -> Iterator[Command]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODUONG_NOW", NOW.isoformat())
        command = serve.coordinator(space, folder, None)
        server = serve.start(command)
        try:
            yield command
        finally:
            serve.stop(server)


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as started:
        yield started


def seen(page: Any) -> str:
    return str(page.evaluate("document.body.innerText"))


def test_one_sitting_from_the_date_to_the_file(running: Command, program: Any, tmp_path: Path) -> None:
    context = window(program)
    tab = follow(context.new_page())
    page = tab.page
    page.goto(running.link)
    page.get_by_role("heading", name="CT70 · Công đoàn Điện lực Việt Nam").wait_for(timeout=60_000)
    expect(page).to_have_title("Số liệu bồi dưỡng · Mở Đường")
    expect(page.get_by_label("Ngày chốt")).to_have_value("01/11/2026")
    page.get_by_label("Ngày chốt").fill("30/09/2026")
    page.keyboard.press("Enter")
    page.get_by_text("Đến hết ngày 30/09/2026").first.wait_for()
    page.get_by_label("Tổng công ty", exact=True).select_option("C3: C3")
    page.get_by_role("heading", name="CT70 · C3").wait_for()
    unit = page.get_by_role("button", name="CĐCS Công ty Điện lực Mẫu 11")
    unit.focus()
    page.keyboard.press("Enter")  # by keyboard alone
    page.get_by_role("heading", name="CT70 · CĐCS Công ty Điện lực Mẫu 11").wait_for()
    # The heading comes in a message of its own, before the table and the focus.
    page.wait_for_function("document.activeElement.textContent === '↑ Lên một cấp'")
    expect(page.locator(".md-co-row")).to_have_count(1)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="CT70 · C3").wait_for()
    assert _FOREIGN.search(seen(page)) is None, _FOREIGN.search(seen(page))
    assert not _PERSON.search(seen(page))
    page.get_by_role("button", name="Lập tệp báo cáo để tải về").click()
    for label, kind in (
        ("Bảng tính Excel", "xlsx"),
        ("Bản in PDF", "pdf"),
        ("Trang báo cáo", "html"),
        ("Các bảng CSV", "zip"),
    ):
        link = page.get_by_role("link", name=label)
        link.wait_for(timeout=120_000)
        with page.expect_download() as given:
            link.click()
        assert given.value.suggested_filename == f"bao-cao-2026-09-30-C3.{kind}"
        given.value.save_as(tmp_path / f"report.{kind}")
    assert openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames[0] == "Các chỉ tiêu"
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    page.get_by_label("Nêu tên người còn thiếu").check()
    page.get_by_role("button", name="Mở danh sách cá nhân").click()
    page.get_by_text("Danh sách cán bộ chưa đạt").wait_for()
    assert _PERSON.search(seen(page))
    assert _FOREIGN.search(seen(page)) is None
    assert tab.elsewhere == []
    assert tab.errors == []
    context.close()


@pytest.mark.parametrize(("width", "height", "fewest"), [(1280, 800, 9), (390, 844, 2)])
def test_the_first_view_answers_which_corporations_are_below(
    running: Command, program: Any, width: int, height: int, fewest: int
) -> None:
    """Nine corporations on a desk, the lowest two on a telephone, each with what it lacks, before anybody scrolls."""
    context = window(program, width, height)
    page = context.new_page()
    page.goto(running.link)
    expect(page.locator(".md-co-row")).to_have_count(9, timeout=60_000)
    expect(page.get_by_text("Đang tính…")).to_have_count(0)
    sentence = page.get_by_text("trên 9 tổng công ty chưa đạt 70")
    for part in (*page.locator(".md-co-row").all()[:fewest], sentence):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    for row in page.locator(".md-co-row").all()[:fewest]:
        assert re.search(r"\d,\d\s%\s+\d+\s/\s\d+\s+(thiếu \d+ người|✓ Đạt)", row.inner_text()), row.inner_text()
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_it_fits_is_accessible_and_shows_no_code(running: Command, program: Any, width: int) -> None:
    axe = Axe()
    context = window(program, width, 800)
    tab = follow(context.new_page())
    page = tab.page
    page.goto(running.link)
    page.get_by_role("heading", name="CT70 · Công đoàn Điện lực Việt Nam").wait_for(timeout=60_000)
    for target in ("CT70", "CT100B", "CT95"):
        choice = page.get_by_label("Chỉ tiêu", exact=True)
        choice.select_option(
            next(text for text in choice.locator("option").all_inner_texts() if text.startswith(target))
        )
        page.get_by_role("heading", name=f"{target} ·").wait_for()
        assert overflows(page) <= 0
        wide = page.evaluate(
            """() => [...document.querySelectorAll('.md-co *')].filter(e => e.checkVisibility() && !e.closest('.md-co-scroll'))
                 .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))"""  # noqa: E501
        )
        assert wide == []
        found = axe.run(page, context=".md-focus").response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:160]) for v in found if v["impact"] in {"serious", "critical"}] == []
    assert page.locator(".cm-content:visible").count() == 0
    small = page.evaluate(
        """() => [...document.querySelectorAll('.md-co :is(button, a, select, input)')].filter(e => e.checkVisibility())
             .map(e => [e.className, e.getBoundingClientRect()]).filter(([c, b]) => b.width < 20 || b.height < 20)
                 .map(([c]) => c)"""
    )
    assert small == []
    context.close()


def test_a_cadres_notebook_never_runs_the_coordinators_call(running: Command, space: Workspace, program: Any) -> None:
    """Only the kind `coordinator` may call `coordinator()`, and that kind may call nothing else."""
    notebook = json.loads((space.coordinator() / serve.COORDINATORS_PAGE).read_text(encoding="utf-8"))
    for kind, source in (
        ("home", "coordinator()"),
        ("coordinator", "home()"),
        ("coordinator", "print(1)"),
        ("coordinator", "coordinator(); print(1)"),
    ):
        notebook["metadata"]["moduong"]["kind"] = kind
        notebook["cells"][-1]["source"] = source
        (space.coordinator() / "Thu.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        context = window(program)
        page = context.new_page()
        page.goto(running.link.replace(serve.COORDINATORS_PAGE, "Thu.ipynb"))
        page.wait_for_function("document.querySelector('.md-bar [role=status]')?.textContent === ''", timeout=60_000)
        assert page.locator(".jp-OutputArea-output").count() == 0, (kind, source)
        context.close()
