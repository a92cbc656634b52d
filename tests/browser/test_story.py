"""One cadre, from the start page to the feedback.

Lesson, practice, lab, exercise, hand-in through nbgrader's exchange, or as a file.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.cadre_browser import Tab, chromium, follow, seat, window
from tests.support.people import moduong as run_moduong

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="needs Chromium")
ROOT = Path(__file__).parents[2]


def moduong(workspace: Path, *arguments: str) -> str:
    done = run_moduong(*arguments, "--workspace", workspace)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    moduong(root, "build")
    moduong(root, "release", "M02")
    return root


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as started:
        yield started


def module(page: Any) -> Any:
    return page.locator(".md-module", has_text="M02 · ")


def by_mouse(_tab: Tab, target: Any) -> None:
    target.first.click()


def by_keyboard(tab: Tab, target: Any) -> None:
    tab.reach(target)
    tab.page.keyboard.press("Space" if target.first.get_attribute("type") in {"radio", "checkbox"} else "Enter")


Press = Callable[[Tab, Any], None]


def learn(tab: Tab, press: Press) -> None:
    """Read the lesson, try a practice question and the lab."""
    page = tab.page
    press(tab, module(page).get_by_role("link", name="Bài học"))
    page.get_by_role("heading", name="M02 · Lắng nghe đoàn viên, chọn đúng kênh").wait_for(timeout=60_000)
    practice = tab.question("M02-R1")
    practice.wait_for(timeout=60_000)
    page.wait_for_selector(".md-lab")
    press(tab, practice.locator("input[type=radio]"))
    practice.locator(".md-verdict").wait_for()
    tab.looks_right("bai-hoc")
    press(tab, practice.get_by_role("button", name="Thử lại"))
    practice.locator(".md-verdict").wait_for(state="detached")
    lab = page.locator(".md-lab")
    press(tab, lab.get_by_role("button", name="Xem kết quả"))
    lab.get_by_text("Hãy chọn ít nhất một lượt gửi tin").wait_for()
    lab.scroll_into_view_if_needed()
    tab.looks_right("phong-thuc-hanh")
    press(tab, page.get_by_role("link", name="Làm bài tập chấm điểm"))


def answer(tab: Tab, press: Press) -> None:
    """Answer three questions, and see on the start page that the exercise is under way."""
    page = tab.page
    page.wait_for_selector(".md-handin", timeout=60_000)
    for item in ("M02-Q01", "M02-Q04", "M02-Q10"):
        press(tab, tab.question(item).locator("input"))
        tab.status(item)
    tab.looks_right("bai-tap")
    press(tab, page.get_by_role("link", name="← Trang chủ"))
    module(page).get_by_text("Đang làm").wait_for(timeout=60_000)
    module(page).get_by_text("3 trên 10 câu đã trả lời.").wait_for()
    press(tab, module(page).get_by_role("link", name="Bài tập chấm điểm"))
    page.wait_for_selector(".md-handin", timeout=60_000)
    page.locator(".md-bar").get_by_text("3/10 câu").wait_for()


def hand_in(tab: Tab, press: Press) -> None:
    area = tab.page.locator(".md-handin")
    press(tab, area.get_by_role("button", name="Nộp bài"))
    area.get_by_text("Còn 7 câu chưa trả lời:").wait_for()
    area.scroll_into_view_if_needed()
    tab.looks_right("truoc-khi-nop")
    press(tab, area.get_by_role("button", name="Vẫn nộp bài"))
    area.get_by_text("Biên nhận nộp bài").wait_for(timeout=60_000)


@pytest.mark.parametrize(("width", "person", "press"), [(1280, "CB-000123", by_mouse), (360, "CB-000124", by_keyboard)])
def test_from_the_start_page_to_the_feedback(
    workspace: Path, program: Any, width: int, person: str, press: Press
) -> None:
    folder, context = workspace / "learners" / person, window(program, width, 900 if width > 600 else 740)
    with seat(folder, workspace.with_name(f"{workspace.name}-exchange"), person) as running:
        tab = follow(context.new_page())
        page = tab.page
        page.goto(running.url("Trang-chu.ipynb"))
        module(page).get_by_text("Chưa bắt đầu").wait_for(timeout=60_000)
        page.get_by_text("Để được tính là đã bồi dưỡng, còn: M01, M02,").wait_for()
        tab.looks_right("trang-chu")
        learn(tab, press)
        answer(tab, press)
        hand_in(tab, press)
        page.get_by_text("Nơi nhận đã có đủ bài của anh/chị.").wait_for()
        page.get_by_text("Lượt sau được nhận từ").wait_for()
        receipt = json.loads(next((folder / "M02/bien-nhan").glob("*.json")).read_bytes())
        page.get_by_text(receipt["code"]).first.wait_for()
        tab.looks_right("bien-nhan")
        press(tab, page.get_by_role("link", name="← Trang chủ"))
        module(page).get_by_text("Đã nộp").wait_for(timeout=60_000)
        for command in ("collect", "grade", "feedback"):
            moduong(workspace, command)
        page.reload()
        module(page).get_by_text("Chưa đạt").wait_for(timeout=60_000)
        module(page).get_by_text("Còn 2 lượt, nộp lại được từ").wait_for()
        tab.looks_right("trang-chu-co-ket-qua")
        with context.expect_page() as opened:
            press(tab, module(page).get_by_role("link", name="Xem phản hồi"))
        feedback = follow(opened.value)
        feedback.page.get_by_text(receipt["code"]).first.wait_for()
        feedback.looks_right("phan-hoi", None)
        feedback.clean()
        tab.clean()
    context.close()


def test_without_an_exchange_the_file_that_was_sent_is_collected(workspace: Path, program: Any, tmp_path: Path) -> None:
    folder, mailed = tmp_path / "CB-000125", tmp_path / "thu-den"
    shutil.copytree(workspace / "release" / "M02", folder / "M02")
    mailed.mkdir()
    with seat(folder, None, "CB-000125") as running:
        tab = follow(window(program, 360, 740).new_page())
        tab.page.goto(running.url("M02/M02.ipynb"))
        tab.page.wait_for_selector(".md-handin", timeout=60_000)
        tab.question("M02-Q01").locator("label").first.click()
        tab.status("M02-Q01")
        area = tab.page.locator(".md-handin")
        area.get_by_role("button", name="Nộp bài").click()
        with tab.page.expect_download() as parcel:
            area.get_by_role("button", name="Vẫn nộp bài").click()
        area.get_by_text("Biên nhận nộp bài").wait_for()
        area.get_by_text("chưa gửi tệp thì bài chưa đến nơi").wait_for()
        tab.looks_right("bien-nhan-tep")
        parcel.value.save_as(mailed / parcel.value.suggested_filename)
        tab.clean()
    receipt = json.loads(next((folder / "M02/bien-nhan").glob("*.json")).read_bytes())
    assert receipt["code"] in parcel.value.suggested_filename
    moduong(workspace, "collect", str(mailed))
    with sqlite3.connect(workspace / "gradebook.db") as book:
        found = book.execute(
            "SELECT person_id, state FROM moduong_attempt WHERE upper(substr(content_hash, 1, 8)) = ?",
            [receipt["code"]],
        ).fetchall()
    assert [person for person, _ in found] == ["CB-000125"], "the code on the receipt finds the hand-in"


def test_mang_ve_ca_truc_of_every_lesson_prints_on_one_page(workspace: Path, program: Any, tmp_path: Path) -> None:
    folder = tmp_path / "CB-000126"
    lessons = sorted((workspace / "lessons").iterdir())
    assert len(lessons) == 12
    for lesson in lessons:
        shutil.copytree(lesson, folder / lesson.name)
    with seat(folder, None) as running:
        page = window(program).new_page()
        page.add_init_script(
            "window.print = () => { "
            "document.querySelector('.jp-NotebookPanel').classList.remove('md-take-away'); window.printed = "
            "true; }"
        )
        for lesson in lessons:
            page.goto(running.url(f"{lesson.name}/bai-hoc.ipynb"))
            page.get_by_role("heading", name="Mang về ca trực", exact=True).wait_for(timeout=60_000)
            page.get_by_role("button", name="In trang «Mang về ca trực»").click()
            wanted = page.locator(".md-taken").all_inner_texts()
            assert page.evaluate("window.printed"), lesson.name
            page.evaluate("document.querySelector('.jp-NotebookPanel').classList.add('md-take-away')")
            printed = tmp_path / "trang.pdf"
            printed.write_bytes(page.pdf(format="A4"))
            text = subprocess.run(
                ["pdftotext", "-layout", str(printed), "-"], capture_output=True, text=True, check=True
            ).stdout
            assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1, lesson.name
            whole = "".join(text.split())
            assert [word for part in wanted for word in part.split() if word not in whole] == [], (
                f"{lesson.name}: cut off"
            )
            assert len(" ".join(wanted).split()) > 40, lesson.name
