"""What can go wrong under a cadre's hand, in a real browser.

Nothing acknowledged is lost, and the page says in Vietnamese what happened.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bench import faults
from course.answers import ANSWERS, parse
from tests.course.test_answer_store import WRONG
from tests.support.cadre_browser import EXPOSED, Seat, Tab, chromium, follow, kernels, make_module, seat, window

pytest.importorskip("playwright")
pytestmark = pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="needs Chromium")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cadre") / "CB-000123"


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Seat]:
    with seat(home, None, "CB-000123", EXPOSED) as started:
        yield started


@pytest.fixture(scope="module")
def program() -> Iterator[Any]:
    with chromium() as started:
        yield started


def opened(running: Seat, browser: Any, path: str) -> Tab:
    tab = follow(browser.new_page())
    tab.page.goto(running.url(path))
    tab.page.wait_for_selector(".md-handin", timeout=60_000)
    return tab


def stored(module: Path) -> dict[str, Any]:
    return {name.split("-")[1]: answer.value for name, answer in parse((module / ANSWERS).read_bytes()).answers.items()}


def test_killed_at_random_moments_what_was_acknowledged_is_stored(tmp_path: Path) -> None:
    problems, heard = faults.rounds(tmp_path, ["kernel", "browser", "server"], seed=7)
    assert problems == []
    assert heard >= 3, "too little was acknowledged to prove anything"


def test_a_full_disk_is_said_and_the_answer_goes_out_when_there_is_room(tmp_path: Path, program: Any) -> None:
    source, folder = tmp_path / "nguon", tmp_path / "CB-000123"
    make_module(source)
    small = (
        "bwrap",
        "--die-with-parent",
        "--dev-bind",
        "/",
        "/",
        "--size",
        "600000",
        "--tmpfs",
        str(folder),
        "--",
        "sh",
        "-c",
    )
    copied = 'cp -r "$0/." "$1" && shift && exec "$@"'
    with seat(folder, None, inside=(*small, copied, str(source), str(folder))) as running:
        server = int(Path(f"/proc/{running.server.pid}/task/{running.server.pid}/children").read_text().split()[0])
        inside = Path(f"/proc/{server}/root{folder}")
        tab = opened(running, window(program), "M90/M90.ipynb")
        tab.question("M90-Q01").locator("input[value=B]").check()
        tab.status("M90-Q01")
        filler = (inside / "day").open("wb", buffering=0)
        with contextlib.suppress(OSError):
            for _ in range(1000):
                filler.write(bytes(1000))
        assert filler.tell() < 600_000, "the disk is full"
        tab.question("M90-Q06").locator("input").fill("còn đây")
        tab.status("M90-Q06", "CHƯA LƯU ĐƯỢC. Ổ đĩa đã đầy.")
        tab.page.locator(".md-bar").get_by_text("1 câu CHƯA LƯU ĐƯỢC").wait_for()
        assert stored(inside / "M90") == {"Q01": "B"}
        assert not list((inside / "M90").glob(".answers.json.*")), "half-written files are taken away"
        filler.close()
        (inside / "day").unlink()
        tab.status("M90-Q06")
        assert stored(inside / "M90") == {"Q01": "B", "Q06": "còn đây"}
        assert tab.elsewhere == []
        tab.page.close()


def test_a_deleted_folder_that_is_taken_again_gets_every_answer_back(running: Seat, home: Path, program: Any) -> None:
    module = make_module(home, "M61")
    tab = opened(running, window(program), "M61/M61.ipynb")
    tab.question("M61-Q01").locator("input[value=B]").check()
    tab.status("M61-Q01")
    shutil.rmtree(module)
    tab.question("M61-Q06").locator("input").fill("còn đây")
    tab.status("M61-Q06", "CHƯA LƯU ĐƯỢC. Thư mục bài làm không còn ở chỗ cũ.")
    make_module(home, "M61")
    tab.status("M61-Q06")
    assert stored(module) == {"Q01": "B", "Q06": "còn đây"}
    tab.page.close()


def test_a_renamed_and_a_copied_notebook_are_one_module_and_follow_each_other(
    running: Seat, home: Path, program: Any
) -> None:
    module = make_module(home, "M62")
    (module / "M62.ipynb").rename(module / "bài của tôi.ipynb")
    shutil.copyfile(module / "bài của tôi.ipynb", module / "M62-Copy1.ipynb")
    browser = window(program)
    before = len(kernels(running))
    first, second = (opened(running, browser, f"M62/{name}") for name in ("bài của tôi.ipynb", "M62-Copy1.ipynb"))
    assert len(kernels(running)) == before + 2, "two notebooks have two kernels, or the test shows nothing"
    first.question("M62-Q01").locator("input[value=A]").check()
    first.status("M62-Q01")
    second.question("M62-Q06").locator("input").fill("từ bản sao")
    second.status("M62-Q06")
    second.question("M62-Q01").locator("input[value=C]").check()
    second.status("M62-Q01")
    assert stored(module) == {"Q01": "C", "Q06": "từ bản sao"}
    first.page.evaluate("window.dispatchEvent(new Event('focus'))")
    first.status("M62-Q01", "từ một trang khác; trang này đã theo bản mới nhất")
    expect(first.question("M62-Q01").locator("input[value=C]")).to_be_checked()
    expect(first.question("M62-Q06").locator("input")).to_have_value("từ bản sao")
    first.page.locator(".md-handin").get_by_text("Đã trả lời 2 trên 10 câu.").wait_for()
    first.page.get_by_role("button", name="Nộp bài").click()
    with first.page.expect_download() as parcel:
        first.page.get_by_role("button", name="Vẫn nộp bài").click()
    assert '"C"' in Path(parcel.value.path()).read_text(encoding="utf-8")
    second.page.evaluate("window.dispatchEvent(new Event('focus'))")
    second.page.get_by_text("Biên nhận nộp bài").wait_for()
    first.page.close()
    second.page.close()


VALUES: list[Any] = [
    7,
    -1.5,
    True,
    None,
    "",
    "x" * 9000,
    [],
    ["A", 3, None],
    {},
    {"1": {"2": 3}},
    {"a": ["b"]},
    [["A"]],
    "<img src=x onerror=alert(1)>",
]
RERUN = """() => {
  document.querySelectorAll('.md-question').forEach((q) => q.setAttribute('data-old', ''));
  return window.jupyterapp.commands.execute('notebook:run-all-cells');
}"""


NOT_DRAWN = """() => [...document.querySelectorAll('.md-question')]
  .map((q) => [q.dataset.item, q.querySelectorAll('.md-field :is(input, select, textarea, button)').length, q.querySelector('.md-status').textContent])
  .filter(([, fields, status]) => !fields || !/^(Chưa trả lời|Đã lưu)/.test(status))"""  # noqa: E501


def test_an_answers_file_of_any_wrong_shape_leaves_every_question_on_the_page(
    running: Seat, home: Path, program: Any
) -> None:
    module = make_module(home, "M63")
    tab = opened(running, window(program), "M63/M63.ipynb")
    questions = [f"M63-Q{n:02}" for n in range(1, 11)]
    shapes = [raw.replace(b"M02", b"M63") for raw in WRONG]
    for turn in range(len(VALUES)):
        odd = {
            q: {
                "value": VALUES[(turn + n) % len(VALUES)],
                "seq": [3, "9", None, -4][n % 4],
                "variant": [0, 99, "x", True][turn % 4],
            }
            for n, q in enumerate(questions)
        }
        shapes.append(json.dumps({"schema": 1, "module": "M63", "answers": odd, "lạ": []}).encode())
    for number, raw in enumerate(shapes):
        (module / ANSWERS).write_bytes(raw)
        tab.page.evaluate(RERUN)
        tab.page.wait_for_function(
            "document.querySelectorAll('.md-question:not([data-old])').length === 10 && "
            "!document.querySelector('[data-old]')"
        )
        assert tab.page.evaluate(NOT_DRAWN) == [], f"shape {number}: {raw[:200]!r}"
    (module / ANSWERS).unlink()
    tab.question("M63-Q01").locator("input[value=B]").check()
    tab.status("M63-Q01")
    assert stored(module)["Q01"] == "B"
    assert tab.errors == []
    tab.page.close()


def test_an_exchange_that_takes_nothing_is_said_and_two_clicks_hand_in_once(tmp_path: Path, program: Any) -> None:
    folder, exchange = tmp_path / "CB-000123", tmp_path / "exchange"
    module = make_module(folder)
    inbound = exchange / "truyen-thong-so" / "inbound"
    inbound.parent.mkdir(parents=True)
    inbound.write_text("đây không phải thư mục", encoding="utf-8")  # nobody can write into it, not even root
    make_module(exchange / "truyen-thong-so" / "outbound")
    with seat(folder, exchange) as running:
        tab = opened(running, window(program, 360, 740), "M90/M90.ipynb")
        hand_in = tab.page.locator(".md-handin")
        tab.question("M90-Q01").locator("input[value=B]").check()
        tab.status("M90-Q01")
        hand_in.get_by_role("button", name="Nộp bài").click()
        hand_in.get_by_role("button", name="Vẫn nộp bài").click()
        hand_in.get_by_text(
            "CHƯA NỘP ĐƯỢC. Chỗ nộp bài lúc này chưa nhận được bài. Câu trả lời vẫn còn nguyên"
        ).wait_for(timeout=60_000)
        assert stored(module) == {"Q01": "B"}
        assert not (module / "bien-nhan").exists()
        inbound.unlink()
        inbound.mkdir()
        inbound.chmod(0o733)
        hand_in.get_by_role("button", name="Nộp bài").dblclick()
        hand_in.get_by_role("button", name="Vẫn nộp bài").dblclick()
        hand_in.get_by_text("Biên nhận nộp bài").wait_for(timeout=60_000)
        tab.page.wait_for_timeout(1500)
        assert len(list(inbound.iterdir())) == 1
        assert len(list((module / "bien-nhan").glob("*.json"))) == 1
        tab.page.close()
