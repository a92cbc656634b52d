"""The roster on the coordinator's page: from a file she has to her figures, back again, and one person's post."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from grader.commands import serve
from grader.coordinator.page import Figures
from grader.coordinator.roster_desk import RosterDesk
from grader.coordinator.roster_widgets import RosterPart
from grader.coordinator.shell import Shell
from grader.gradebook import nbgrader_bridge
from grader.ground import syllabus
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace, open_workspace
from grader.roster.records import OPEN
from tests.support.cadre_browser import chromium, follow, overflows, window
from tests.support.door import FILES
from tests.support.people import ROOT
from tests.support.union_builder import NOW, Union, store

COURSE = ROOT / "course"
LIST = FILES / "40-real-life-list.xlsx"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "w", "truyen-thong-so")


@pytest.fixture
def desk(space: Workspace) -> Figures:
    rules = syllabus.load(COURSE / "course.yaml")
    return Figures(space, nbgrader_bridge.open_gradebook(space), rules, lambda: (NOW, True))


def agree(part: Any, **typed: str) -> None:
    """Confirm every proposal, and type what has none."""
    for _ in range(8):
        if part._next.layout.display == "none":
            return
        for question, _choice, field in part._fields:
            if not question.proposal and field is not None:
                field.value = typed[question.kind]
        part._next.click()


def drop(part: Any, path: Path) -> None:
    part._dropped({"new": ({"name": path.name, "content": memoryview(path.read_bytes())},)})


def test_a_page_without_a_roster_begins_with_the_file_and_ends_with_the_figures(
    desk: Figures, space: Workspace
) -> None:
    shell = Shell(desk)
    part = shell._part
    assert part is not None
    drop(part, LIST)
    assert "Bước 1" in part._head.value
    kinds = []
    while part._next.layout.display != "none":
        kinds.append(part._fields[0][0].kind)
        agree_once = [(q, f) for q, _, f in part._fields if not q.proposal and f is not None]
        for _question, field in agree_once:
            field.value = "1/5/2023"
        part._next.click()
    assert kinds == ["column", "unit", "top", "start"]
    assert "Điều sẽ thay đổi" in part._head.value
    assert "CT70: 0/4" in part._head.value
    for line in (
        "Nguyễn Văn Hùng (CB-000001): chủ tịch, Cty Điện lực Hà Nam, từ 01/05/2023",
        "Lê Nam (CB-000004): quyền/phụ trách chủ tịch, Cty ĐL Nam Định, từ 01/05/2023",
    ):
        assert line in part._diff.value
    assert desk.roster_desk().stored() is None, "nothing is written before the button"
    part._take.click()
    assert "Đã nạp danh sách" in part._told.value
    assert "40-real-life-list.xlsx" in part._history.value
    shell.show_figures()
    assert "CT70" in shell._board._head.value
    assert "E-ROSTER-1" not in shell._board._told.value
    assert list(space.coordinator().iterdir()) == [], "the file that was dropped is not kept"
    drop(part, LIST)  # the same list again: nothing is asked, nothing changes
    assert "Không có gì thay đổi" in part._diff.value or "giữ nguyên" in part._diff.value
    part._take.click()
    assert "Không có gì thay đổi" in part._told.value


def test_an_answer_that_is_missing_or_wrong_is_asked_for_again(desk: Figures) -> None:
    part = Shell(desk)._part
    assert part is not None
    drop(part, LIST)
    for _ in range(3):
        part._next.click()
    assert part._fields[0][0].kind == "start"
    part._fields[0][2].value = "hôm qua"
    part._next.click()
    assert "Còn thiếu câu trả lời" in part._told.value
    part._stop.click()
    assert part._asked.children == ()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("a.pdf", b"%PDF-1.4", "E-TABLE-1"), ("../../x.xlsx", b"PK\x03\x04", "E-TABLE-1"), ("", b"", "E-TABLE-1")],
)
def test_a_file_that_is_no_list_is_a_sentence_without_a_path(desk: Figures, name: str, data: bytes, code: str) -> None:
    with pytest.raises(ModuongError) as stopped:
        desk.roster_desk().read(name, data)
    assert stopped.value.code == code
    assert "/" not in stopped.value.said.split(":")[0]


def two_chairs(space: Workspace, folder: Path) -> RosterDesk:
    union = Union(folder)
    for number in range(30):
        union.post(f"P{number}", "G1", "member")
    union.post("A", "G1", start="2023-05-01")
    union.post("B", "G1", start="2025-11-01")
    engine = nbgrader_bridge.open_gradebook(space)
    store(union, engine)
    return RosterDesk(space, engine, union.syllabus, lambda: (NOW, True))


def test_one_post_is_found_ended_corrected_added_and_taken_back(space: Workspace, tmp_path: Path) -> None:
    desk = two_chairs(space, tmp_path)
    doubts = desk.doubts()
    assert [finding.code for finding in doubts.told] == ["ROS-W18"]
    assert next(one.said() for one in desk.end_all(doubts.states[0])) == "CT70: 0/2 → 0/1"
    assert desk.doubts().states == ()
    ((said, which),) = desk.find("người b")
    assert said == "Người B (B), chủ tịch, G1, từ 01/11/2025"
    desk.correct(which, "15/10/2025")
    ((_, which),) = desk.find("người b")
    assert which.start == date(2025, 10, 15)
    desk.add("Trần Thị Mẫu 1", "G2", "chair", "01/10/2026", "12/QĐ")
    stored = desk.stored()
    assert stored is not None
    new = stored.posts[-1]
    assert (new.person_id, new.unit_id, new.end) == ("CB-000001", "G2", OPEN)
    with pytest.raises(ModuongError, match="E-ASOF-2"):
        desk.end(which, "1/1/24")
    for _ in range(3):
        desk.undo()
    assert [s.unit_id for s in desk.doubts().states] == ["G1"]
    with pytest.raises(ModuongError, match="E-ROSTER-4"):
        desk.undo()


def test_many_losses_want_their_number(space: Workspace, tmp_path: Path) -> None:
    desk = two_chairs(space, tmp_path)
    folder = tmp_path / "ended"
    folder.mkdir()
    for name in ("units.csv", "people.csv"):
        shutil.copy(tmp_path / name, folder)
    lines = (tmp_path / "posts.csv").read_text(encoding="utf-8").splitlines()
    ended = "\n".join([lines[0], *(line.replace(",,QĐ-1", ",2026-06-30,QĐ-1") for line in lines[1:])])
    step = desk.read("posts.csv", ended.encode())
    assert step.questions == ()
    assert step.draft.losses.total == 32
    for typed in (None, 31):
        with pytest.raises(ModuongError, match="E-ROSTER-2"):
            desk.take(typed)
    assert desk.take(32)


def test_what_is_to_be_done_has_a_button_each(space: Workspace, tmp_path: Path) -> None:
    union = Union(tmp_path)
    union.post("A", "G1", start="2019-05-01")
    union.unit("ALT", "grassroots_union", "C1", end="2026-01-01")
    union.post("B", "ALT", start="2023-11-01")
    union.post("C", "KHONG-CO")
    engine = nbgrader_bridge.open_gradebook(space)
    store(union, engine)
    part = RosterPart(RosterDesk(space, engine, union.syllabus, lambda: (NOW, True)), union.syllabus, lambda: None)
    said = [getattr(one, "description", "") or one.value for one in part.posts._work.children]
    assert sum("nhiệm kỳ đã quá năm năm" in one for one in said) == 1
    choose = [one for one in part.posts._work.children if getattr(one, "description", "").startswith("Chọn")]
    assert len(choose) == 2
    offered = set()
    for button in choose:
        button.click()
        offered.add(part.posts._post.value.person_id)
    assert offered == {"A", "B"}
    part.posts._day.value = "30/10/2026"
    part.posts._end.click()
    assert "Đã ghi ngày thôi giữ chức" in part._told.value
    rejects = next(one for one in part.posts._work.children if "dòng bị loại" in getattr(one, "description", ""))
    rejects.click()
    assert "dong-bi-loai.csv" in part.posts._file.value
    (file,) = space.coordinator().glob("tai-ve/*/dong-bi-loai.csv")
    assert "ROS-05" in file.read_text(encoding="utf-8-sig")
    assert file.stat().st_mode & 0o77 == 0


def test_a_start_that_overlaps_is_corrected_by_a_button(space: Workspace, tmp_path: Path) -> None:
    desk = two_chairs(space, tmp_path)
    part = RosterPart(desk, desk._rules, lambda: None)
    folder = tmp_path / "new"
    folder.mkdir()
    path = folder / "posts.csv"
    path.write_text("person_id,full_name,unit_id,post,start\nA,Người A,G1,chair,2023-06-21\n", encoding="utf-8")
    drop(part, path)
    assert "Bị loại" in part._diff.value
    assert part._correct.layout.display == ""
    part._correct.click()
    assert "Bị loại" not in part._diff.value
    part._take.click()
    assert [post.start for post in desk.stored().posts if post.person_id == "A"] == [date(2023, 6, 21)]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as started:
        yield started


def test_a_sitting_of_somebody_who_never_saw_it_on_a_telephone(space: Workspace, program: Any) -> None:
    command = serve.coordinator(space, COURSE, None)
    server = serve.start(command)
    try:
        context = window(program, 390, 800)
        tab = follow(context.new_page())
        page = tab.page
        page.goto(command.link)
        button = page.get_by_text("Chọn tệp danh sách")
        button.wait_for(timeout=90_000)
        with page.expect_file_chooser() as chosen:
            button.click()
        chosen.value.set_files(str(LIST))
        for heading in ("Bước 1", "Bước 2", "Đơn vị cấp trên"):
            page.get_by_role("heading", name=heading).wait_for(timeout=60_000)
            assert overflows(page) == 0
            page.get_by_role("button", name="Đúng, tiếp tục").click()
        page.get_by_text("Danh sách không ghi ngày bắt đầu giữ chức").wait_for(timeout=90_000)
        page.locator("input[placeholder='ngày/tháng/năm']:visible").fill("1/5/2023")
        page.get_by_role("button", name="Đúng, tiếp tục").click()
        page.get_by_role("heading", name="Điều sẽ thay đổi").wait_for(timeout=60_000)
        assert overflows(page) == 0
        page.get_by_role("button", name="Nạp vào danh sách").click()
        page.get_by_text("Đã nạp danh sách").wait_for(timeout=60_000)
        found = [
            one
            for one in Axe().run(page, context=".md-focus").response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        page.get_by_role("button", name="Về trang số liệu").click()
        expect(page.get_by_role("heading", name="CT70").first).to_be_visible(timeout=60_000)
        assert tab.errors == []
        assert tab.elsewhere == []
    finally:
        serve.stop(server)
