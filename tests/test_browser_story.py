"""One cadre, from the start page to the feedback: lesson, practice, lab, exercise, hand-in through nbgrader's exchange."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cadre_browser import Seat, chromium, follow, overflows, seat, window

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="needs Chromium")
ROOT = Path(__file__).parent.parent
_FOREIGN = re.compile(r"\b(Traceback|Error|Kernel|Cell|Notebook|Run|None|True|False|widget|loading|Python)\b")


def moduong(workspace: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "grader", *arguments, "--workspace", str(workspace)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("workspace")
    for command in ("build", "release"):
        moduong(root, command, "M02")
    return root


@pytest.fixture(scope="module")
def running(workspace: Path) -> Iterator[Seat]:
    with seat(workspace / "learners" / "CB-000123", workspace / "exchange") as started:
        yield started


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as started:
        yield started


def seen(page: Any) -> str:
    """Return what a cadre reads on the page."""
    return str(page.evaluate("document.body.innerText"))


def module(page: Any) -> Any:
    return page.locator(".md-module", has_text="M02 · ")


def test_from_the_start_page_to_the_feedback(running: Seat, workspace: Path, program: Any) -> None:
    context = window(program)
    tab = follow(context.new_page())
    page = tab.page
    page.goto(running.url("Trang-chu.ipynb"))
    module(page).get_by_text("Chưa bắt đầu").wait_for(timeout=60_000)
    assert _FOREIGN.search(seen(page)) is None

    module(page).get_by_role("link", name="Bài học").click()
    page.get_by_role("heading", name="M02 · Lắng nghe đoàn viên, chọn đúng kênh").wait_for(timeout=60_000)
    practice = tab.question("M02-R1")
    practice.locator("input[value=B]").check()
    practice.get_by_text("Đúng rồi.").wait_for()
    practice.get_by_role("button", name="Thử lại").click()
    practice.get_by_text("Đúng rồi.").wait_for(state="detached")
    lab = page.locator(".md-lab")
    lab.get_by_role("button", name="Xem kết quả").click()
    lab.get_by_text("Hãy chọn ít nhất một suất tin").wait_for()
    assert _FOREIGN.search(seen(page)) is None

    page.get_by_role("link", name="Làm bài tập chấm điểm").click()
    page.wait_for_selector(".md-handin", timeout=60_000)
    for item in ("M02-Q01", "M02-Q04", "M02-Q10"):
        tab.question(item).locator("label").first.click()
        tab.status(item)
    assert _FOREIGN.search(seen(page)) is None
    hand_in = page.locator(".md-handin")
    hand_in.get_by_role("button", name="Nộp bài").click()
    hand_in.get_by_text("Còn 7 câu chưa trả lời:").wait_for()
    hand_in.get_by_role("button", name="Vẫn nộp bài").click()
    hand_in.get_by_text("Nơi nhận đã có đủ bài của anh/chị.").wait_for(timeout=60_000)
    receipt = json.loads(next((workspace / "learners/CB-000123/M02/bien-nhan").glob("*.json")).read_bytes())
    assert receipt["code"] in seen(page)

    page.get_by_role("link", name="← Trang chủ").click()
    module(page).get_by_text("Đã nộp").wait_for(timeout=60_000)
    for command in ("collect", "grade", "feedback"):
        moduong(workspace, command)
    page.reload()
    module(page).get_by_text("Chưa đạt").wait_for(timeout=60_000)
    module(page).get_by_text("Còn 2 lượt, nộp lại được từ").wait_for()
    with context.expect_page() as opened:
        module(page).get_by_role("link", name="Xem phản hồi").click()
    feedback = opened.value
    feedback.get_by_text(receipt["code"]).first.wait_for()
    assert _FOREIGN.search(seen(feedback)) is None
    assert tab.elsewhere == []
    assert tab.errors == []
    context.close()


def test_the_same_pages_at_360_pixels_and_on_paper(running: Seat, program: Any, tmp_path: Path) -> None:
    context = window(program, 360, 740)
    tab = follow(context.new_page())
    page = tab.page
    for path, mark in (("Trang-chu.ipynb", ".md-module"), ("M02/bai-hoc.ipynb", ".md-lab"), ("M02/M02.ipynb", ".md-handin")):
        page.goto(running.url(path))
        page.wait_for_selector(mark, timeout=60_000)
        assert overflows(page) <= 0, path
        small = page.evaluate(
            """() => [...document.querySelectorAll('.md-focus :is(button, a, select, input, textarea)')]
                 .filter(e => e.checkVisibility() && !e.closest('p, .jp-InputArea, .jp-cell-toolbar, .md-option'))
                 .map(e => [e.className, e.getBoundingClientRect()]).filter(([c, b]) => b.width && (b.width < 24 || b.height < 24)).map(([c]) => c)"""
        )
        assert small == [], path
    page.goto(running.url("M02/bai-hoc.ipynb"))
    page.wait_for_selector(".md-lab", timeout=60_000)
    page.evaluate("window.print = () => { window.printed = [...document.querySelectorAll('.md-take-away .md-taken')].length }")
    page.get_by_role("button", name="In trang «Mang về ca trực»").click()
    assert page.evaluate("window.printed") >= 1
    page.evaluate("document.querySelector('.jp-NotebookPanel').classList.add('md-take-away')")
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert tab.elsewhere == []
    context.close()
