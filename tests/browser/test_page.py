"""The cadre's page in a real browser: every item type, nothing lost, nobody else asked, handed in and received."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from course import handin
from course.answers import ANSWERS, AnswerSet, AnswerStore, extract, parse
from course.focus import HERE as FOCUS
from grader.commands import serve
from tests.course.test_home import page as result_page
from tests.support.cadre_browser import Seat, Tab, chromium, follow, kernels, make_module, overflows, seat, window
from tests.support.people import ROOT

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="needs Chromium")

POST = "Anh chị em kíp đêm thân mến. " * 12


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cadre") / "CB-000123"


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Seat]:
    home.mkdir()
    with seat(home, None) as started:
        yield started


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def browser(program: Any) -> Any:
    return window(program)


@pytest.fixture(params=[1280, 360])
def wide_and_narrow(running: Seat, program: Any, module: Path, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """The exercise in a window for a desk, then in one for a hand."""
    context = window(program, request.param, 800)
    yield open_tab(running, context, module)
    context.close()


@pytest.fixture
def module(home: Path, request: pytest.FixtureRequest) -> Path:
    """A fresh module, so that every test has its own kernel and answers."""
    return make_module(home, f"M{60 + sum(ord(c) for c in request.node.name) % 900}")


@pytest.fixture
def tab(running: Seat, browser: Any, module: Path) -> Iterator[Tab]:
    opened = open_tab(running, browser, module)
    yield opened
    opened.page.close()


def open_tab(running: Seat, browser: Any, module: Path) -> Tab:
    tab = follow(browser.new_page())
    tab.page.goto(running.url(f"{module.name}/{module.name}.ipynb"))
    tab.page.wait_for_selector(".md-handin", timeout=60_000)
    return tab


def values(module: Path) -> dict[str, Any]:
    return {name.split("-")[1]: answer.value for name, answer in parse((module / ANSWERS).read_bytes()).answers.items()}


def answer_all(tab: Tab, module: Path) -> None:
    m = module.name

    def field(number: int, css: str) -> Any:
        return tab.question(f"{m}-Q{number:02}").locator(css)

    field(1, "input[value=A]").check()
    field(2, "input[value=A]").check()
    field(2, "input[value=C]").check()
    for number, right in enumerate("ba"):
        field(3, "select").nth(number).select_option(right)
    field(4, ".md-down").first.click()
    field(5, "input").nth(0).fill("91,25")
    field(5, "input").nth(1).fill("1.200")
    field(6, "input").fill("nhóm đích")
    field(7, "textarea").fill(POST)
    field(8, "textarea").fill("Kế hoạch của tổ.")
    field(9, "input").fill("12,5")
    tab.page.locator(".md-code .cm-content").click()
    tab.page.keyboard.press("Control+End")
    tab.page.keyboard.type("y = 2")
    for number in range(1, 11):
        tab.status(f"{m}-Q{number:02}")


def test_every_type_is_answered_by_mouse_kept_and_handed_in(wide_and_narrow: Tab, module: Path) -> None:
    tab = wide_and_narrow
    answer_all(tab, module)
    kept = values(module)
    assert kept["Q01"] == "A"
    assert sorted(kept["Q02"]) == ["A", "C"]
    assert sorted(kept["Q03"].values()) == ["a", "b"]
    assert sorted(kept["Q04"]) == ["1", "2", "3"]
    assert kept["Q05"] == {"a": "91,25", "b": "1.200"}
    assert (kept["Q06"], kept["Q07"], kept["Q08"], kept["Q09"]) == (
        "nhóm đích",
        POST,
        "Kế hoạch của tổ.",
        {"r1c2": "12,5"},
    )
    assert kept["Q10"].endswith("y = 2")
    question = tab.question(f"{module.name}-Q05")
    question.get_by_text("Đọc là 1200 người.").wait_for()
    question.get_by_text("Đọc là 91,25%.").wait_for()
    tab.question(f"{module.name}-Q07").get_by_text("84 chữ, cần 60–130 chữ · đủ độ dài").wait_for()

    hand_in = tab.page.locator(".md-handin")
    hand_in.get_by_text("Đã trả lời 10 trên 10 câu.").wait_for()
    hand_in.get_by_role("button", name="Nộp bài").click()
    hand_in.get_by_text("Anh/chị đã trả lời đủ 10 câu.").wait_for()
    with tab.page.expect_download() as parcel:
        hand_in.get_by_role("button", name="Nộp bài ngay").click()
    hand_in.get_by_text("Biên nhận nộp bài").wait_for()
    sent = extract(json.loads(Path(parcel.value.path()).read_bytes()))
    assert sent == parse((module / ANSWERS).read_bytes())
    assert len(list((module / "bien-nhan").glob("*.json"))) == 1
    expect(hand_in.get_by_role("button", name="Nộp bài"), "unchanged answers cannot be handed in twice").to_have_count(
        0
    )
    tab.looks_right("moi-loai-cau")
    tab.clean()
    assert tab.page.evaluate("document.querySelectorAll('.md-question img').length") == 0, (
        "raw HTML of a stem stays text"
    )


def test_every_type_is_answered_by_keyboard_alone(wide_and_narrow: Tab, module: Path) -> None:
    tab = wide_and_narrow
    m, page = module.name, tab.page

    def reach(number: int, css: str) -> None:
        tab.reach(tab.question(f"{m}-Q{number:02}").locator(css), most=60)

    page.locator(".md-bar a").first.focus()
    reach(1, "input")
    page.keyboard.press("ArrowDown")
    reach(2, "input")
    page.keyboard.press("Space")
    reach(3, "select")
    page.keyboard.press("ArrowDown")
    reach(4, ".md-down:enabled")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('md-down')"), (
        "focus stays with the step that was moved"
    )
    reach(5, "input")
    page.keyboard.type("dd12,5")
    reach(6, "input")
    page.keyboard.type("bb aa")
    reach(7, "textarea")
    page.keyboard.type("Thông báo")
    reach(8, "textarea")
    page.keyboard.type("Bài viết")
    reach(9, "input")
    page.keyboard.type("7")
    tab.reach(page.locator(".md-code .cm-content"), most=10)
    page.keyboard.press("Control+End")
    page.keyboard.type("z = 3")
    for number in range(1, 11):
        tab.status(f"{m}-Q{number:02}")
    kept = values(module)
    assert kept["Q10"].endswith("z = 3")
    assert kept["Q05"] == {"a": "dd12,5"}
    assert kept["Q06"] == "bb aa"
    assert len(kept["Q04"]) == 3
    assert page.locator(".jp-Cell").count() >= 20, "no shortcut of Jupyter deleted or added a cell"
    tab.question(f"{m}-Q05").get_by_text("Chưa đọc được là một số").wait_for()


def test_a_step_is_dragged(tab: Tab, module: Path) -> None:
    question = tab.question(f"{module.name}-Q04")
    question.scroll_into_view_if_needed()
    before = [step.get_attribute("data-id") for step in question.locator(".md-step").all()]
    grip, last = question.locator(".md-grip").first.bounding_box(), question.locator(".md-step").last.bounding_box()
    tab.page.mouse.move(grip["x"] + 5, grip["y"] + 10)
    tab.page.mouse.down()
    tab.page.mouse.move(grip["x"] + 5, last["y"] + last["height"] - 4, steps=12)
    tab.page.mouse.up()
    tab.status(f"{module.name}-Q04")
    assert values(module)["Q04"] == [*before[1:], before[0]]


def test_a_killed_kernel_loses_nothing_that_was_acknowledged(tab: Tab, module: Path, running: Seat) -> None:
    name = f"{module.name}-Q"
    tab.question(f"{name}01").locator("input[value=B]").check()
    tab.status(f"{name}01")
    newest = max(kernels(running))
    os.kill(newest, signal.SIGKILL)
    tab.question(f"{name}06").locator("input").fill("giữa lúc mất máy")
    tab.status(f"{name}06", timeout=40_000)
    assert values(module)["Q01"] == "B"
    assert values(module)["Q06"] == "giữa lúc mất máy"
    tab.page.wait_for_selector(".jp-Dialog", state="detached")
    expect(tab.question(f"{name}01").locator("input[value=B]")).to_be_checked()


def test_two_tabs_follow_each_other_and_the_last_one_wins(tab: Tab, module: Path, running: Seat, browser: Any) -> None:
    second = open_tab(running, browser, module)
    name = f"{module.name}-Q01"
    tab.question(name).locator("input[value=A]").check()
    tab.status(name)
    second.status(name, "từ một trang khác")
    expect(second.question(name).locator("input[value=A]")).to_be_checked()
    second.question(name).locator("input[value=C]").check()
    tab.status(name, "từ một trang khác")
    assert values(module)["Q01"] == "C"
    second.page.close()


def test_a_vanished_folder_is_said_and_answers_go_out_when_it_is_back(tab: Tab, module: Path) -> None:
    name = f"{module.name}-Q06"
    away = module.with_name("di-cho-khac")
    shutil.move(module, away)
    tab.question(name).locator("input").fill("còn đây")
    tab.status(name, "CHƯA LƯU ĐƯỢC. Thư mục bài làm không còn ở chỗ cũ.")
    hand_in = tab.page.locator(".md-handin")
    hand_in.get_by_role("button", name="Nộp bài").click()
    hand_in.get_by_text("Có câu chưa lưu được").wait_for()
    shutil.move(away, module)
    tab.status(name)
    assert values(module)["Q06"] == "còn đây"


def test_a_file_beside_the_notebook_that_shadows_course_is_not_run(running: Seat, browser: Any, home: Path) -> None:
    module = make_module(home, "M59")
    trace = home / "da-chay"
    for name in ("course", "anywidget", "ipywidgets", "markdown_it"):
        (module / f"{name}.py").write_text(f"open({str(trace)!r}, 'w').write('x')\n", encoding="utf-8")
    tab = open_tab(running, browser, module)
    expect(tab.page.locator(".md-question")).to_have_count(10)
    assert not trace.exists()
    tab.page.close()


def test_only_marked_notebooks_and_known_calls_are_run(running: Seat, browser: Any, home: Path) -> None:
    module = make_module(home, "M58")
    path = module / "M58.ipynb"
    trace = home / "da-chay-la"
    notebook = json.loads(path.read_bytes())
    bad = [
        f"open({str(trace)!r}, 'w')",
        f'ask("M58-Q01"); open({str(trace)!r}, "w")',
        f'ask("M58-Q01")\nopen({str(trace)!r}, "w")',
        "ask(open('x'))",
    ]
    cell = next(c for c in notebook["cells"] if c["cell_type"] == "code" and c["source"].startswith("ask"))
    notebook["cells"] += [{**cell, "id": f"la-{n}", "metadata": {}, "source": source} for n, source in enumerate(bad)]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    tab = open_tab(running, browser, module)
    tab.question("M58-Q01").locator("input").first.check()
    tab.status("M58-Q01")
    assert not trace.exists()
    tab.page.goto(running.url("M58/M58.ipynb") + "&edit=1")
    tab.page.wait_for_selector(".jp-CodeCell .cm-content")
    assert tab.page.locator(".md-focus").count() == 0, "authors see the notebook as it is"
    tab.page.close()


def test_a_killed_server_and_a_closed_browser_keep_the_answer_until_it_can_go_out(tmp_path: Path, program: Any) -> None:
    folder = tmp_path / "CB-000456"
    module = make_module(folder)
    context = window(program, 360, 740)
    with seat(folder, None) as running:
        tab = open_tab(running, context, module)
        assert overflows(tab.page) <= 0
        tab.question("M90-Q01").locator("input[value=B]").check()
        tab.status("M90-Q01")
        os.kill(running.server.pid, signal.SIGKILL)
        running.server.wait()
        tab.question("M90-Q08").locator("textarea").fill("viết khi mất máy chủ")
        tab.status("M90-Q08", "CHƯA LƯU ĐƯỢC", timeout=20_000)
        tab.page.close()
        again = serve.start(running.command)
        try:
            tab = open_tab(running, context, module)
            tab.status("M90-Q08")
            assert values(module)["Q08"] == "viết khi mất máy chủ"
            assert values(module)["Q01"] == "B"
        finally:
            serve.stop(again)


@pytest.mark.parametrize("width", [1280, 360])
def test_no_serious_accessibility_violation(running: Seat, home: Path, program: Any, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    module = make_module(home, f"M5{width % 7}")
    tab = open_tab(running, window(program, width, 800), module)
    tab.page.locator(".md-handin").get_by_role("button", name="Nộp bài").click()
    tab.page.get_by_text("Còn 10 câu chưa trả lời:").wait_for()
    for path, mark in ((f"{module.name}/{module.name}.ipynb", ""), ("Trang-chu.ipynb", ".md-module")):
        if mark:
            tab.page.goto(running.url(path))
            tab.page.wait_for_selector(mark)
        assert overflows(tab.page) <= 0
        found = axe.run(tab.page, context=".md-focus").response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"][:160]) for v in found if v["impact"] in {"serious", "critical"}]
        assert not serious, "\n".join(map(str, serious))
    tab.page.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_start_page_tells_every_state_apart(tmp_path: Path, program: Any, width: int) -> None:
    folder = tmp_path / "CB-000123"
    modules = {name: make_module(folder, name) for name in ("M01", "M02", "M03", "M04", "M07", "M08")}
    for name in ("M02", "M03", "M04", "M07", "M08"):
        AnswerStore(modules[name], AnswerSet(name, {}, person="CB-000123")).put(f"{name}-Q01", "A", 0, 1)
    for name, state in (("M04", "pending_manual"), ("M07", "passed"), ("M08", "not_passed")):
        code = handin.pack(modules[name]).receipt.code
        told = modules[name] / "feedback" / "2026-11-01" / f"{name}.html"
        told.parent.mkdir(parents=True)
        told.write_bytes(
            result_page(module=name, state=state, receipt_code=code, points=None if state == "pending_manual" else 15.5)
        )
    handin.pack(modules["M03"])
    said = {
        "M01": "Chưa bắt đầu · 10 câu, 20 điểm, mức đạt 15.",
        "M02": "Đang làm · 1 trên 10 câu đã trả lời.",
        "M03": "Đã nộp · Nộp lúc",
        "M04": "Chờ chấm tay · Phần chấm tự động đã xong; phần viết đang đợi người chấm.",
        "M07": "Đạt · 15,5 trên 20 điểm",
        "M08": "Chưa đạt · 15,5 trên 20 điểm, mức đạt 15. Còn 2 lượt, nộp lại được từ 09:14 ngày 02/11/2026.",
        "M09": "Chưa phát",
    }
    with seat(folder, None) as running:
        context = window(program, width, 800)
        tab = follow(context.new_page())
        tab.page.goto(running.url("Trang-chu.ipynb"))
        tab.page.wait_for_selector(".md-module", timeout=60_000)
        for name, text in said.items():
            card = tab.page.locator(".md-module", has_text=f"{name} · ")
            assert text in card.inner_text(), name
            assert card.get_by_role("link", name="Xem phản hồi").count() == (name in {"M04", "M07", "M08"}), name
        tab.page.get_by_text(
            "Đã đạt 1 trên 7 học phần của lộ trình cán bộ lãnh đạo. Để được tính là đã bồi dưỡng, còn: M01, M02, "
            "M03, M04, M08, M09."
        ).wait_for()
        tab.looks_right("moi-trang-thai")
        tab.clean()
        context.close()


def test_the_style_is_a_file_and_a_page_that_cannot_get_it_still_asks_its_questions(
    running: Seat, program: Any, module: Path
) -> None:
    widths = []
    for lost in (False, True):
        context = window(program)
        if lost:
            context.route("**/focus.css", lambda route: route.abort())
        tab = open_tab(running, context, module)
        expect(tab.question(f"{module.name}-Q01")).to_be_visible()
        widths.append(tab.page.locator(".md-focus .jp-Cell").first.evaluate("e => getComputedStyle(e).maxWidth"))
        context.close()
    assert widths == ["768px", "none"]


def test_it_runs_the_same_in_jupyterlab(running: Seat, browser: Any, home: Path) -> None:
    make_module(home, "M01")
    tab = follow(browser.new_page())
    tab.page.goto(running.url("Trang-chu.ipynb").replace("/notebooks/", "/lab/tree/"))
    link = tab.page.locator(".md-module", has_text="M01 · ").get_by_role("link", name="Bài tập chấm điểm")
    link.wait_for(timeout=60_000)
    assert link.get_attribute("href") == "/lab/tree/M01/M01.ipynb"
    assert tab.elsewhere == []
    tab.page.close()


def test_our_own_code_stays_small() -> None:
    """What a page fetches of ours: focus mode, its widgets' code and style, the drawings of the types that it uses."""
    from course.widgets.hand_in import HandIn
    from course.widgets.progress import Progress
    from course.widgets.question import Question, library

    focus = sum(path.stat().st_size for path in FOCUS.rglob("*.[jc]s*") if path.suffix in {".js", ".css"})
    texts = [*(ROOT / "exercises").glob("*/exercise.md"), *(ROOT / "course" / "lessons").glob("*.md")]
    used = {frozenset(re.findall(r"^type: (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)) for path in texts}
    assert len(used) > 5
    for page in (*((library(kinds, "vi"), Question, HandIn) for kinds in used), (Progress,)):
        sent = [str(getattr(widget, part)) for widget in page for part in ("_esm", "_css") if hasattr(widget, part)]
        assert focus + sum(len(text.encode()) for text in sent) <= 60_000


def test_learner_memory_is_bounded(tab: Tab, running: Seat) -> None:
    newest = max(kernels(running))
    pss = next(
        int(line.split()[1])
        for line in Path(f"/proc/{newest}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    )
    assert pss / 1024 <= 70
