"""The author's preview in Chromium: a save is seen, a question can be tried, and nothing in any text runs or loads."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.desk import preview as page
from grader.ground import syllabus
from tests.support.cadre_browser import chromium

pytestmark = pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="needs Chromium")
COURSE = """\
course: {id: thu, version: "1.0.0", time_zone: Asia/Ho_Chi_Minh, title: Khóa thử}
modules:
  T01: {title: "Học phần thử", part: 1, points: 2, pass_mark: 1}
tracks: {leader: [T01]}
attempts: {limit: 3, wait_hours: 12}
targets: {set: thu-1}
"""
HARMFUL = (
    "<script>window.hit=1</script> <img src=x onerror=window.hit=1> [a](javascript:window.hit=1) "
    "$\\\\text{<img src=x onerror=window.hit=1>}$"
    " ![a](https://nguon-la.example/x.png) [c](https://vidu.example/) "
    "$\\\\href{javascript:window.hit=1}{x}$ $\\\\frac{1}{2}$"
)
ITEM = """\
---
module: T01
---
%s

```{item} T01-Q01
type: single
points: 2
outcome: 1
level: apply
media:
  - {file: ve.svg, alt: "%s", source: "%s", caption: "%s"}
stem: "%s"
explanation: "%s"
options:
  - {text: "Đúng %s", correct: true, feedback: "Đúng: %s"}
  - {text: "Sai %s", feedback: "Chưa: %s"}
```
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>parent.hit=1</script><path d="M0 0h9"/></svg>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tac-gia")
    (root / "course").mkdir()
    (root / "course" / "course.yaml").write_text(COURSE, encoding="utf-8")
    for name in ("law_facts.yaml", "glossary.yaml"):
        shutil.copy(Path(__file__).parents[2] / "course" / name, root / "course" / name)
    data = root / "exercises" / "T01" / "data"
    data.mkdir(parents=True)
    (data / "ve.svg").write_text(SVG, encoding="utf-8")
    (data.parent / "exercise.md").write_text(ITEM.replace("%s", HARMFUL.replace('"', "'")), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    shown = page.Preview(
        lambda: syllabus.load(folder / "course" / "course.yaml"), "T01", folder / "exercises", folder / "course", "vi"
    )
    loop, told = asyncio.new_event_loop(), threading.Event()
    found: list[str] = []

    def ready(where: str) -> None:
        found.append(where)
        told.set()

    task: list[asyncio.Task[None]] = []

    def run() -> None:
        asyncio.set_event_loop(loop)
        task.append(loop.create_task(page.serve(shown, 0, ready)))
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task[0])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert told.wait(30)
    yield found[0]
    loop.call_soon_threadsafe(task[0].cancel)
    thread.join(10)


@pytest.fixture(scope="module")
def tab(address: str) -> Iterator[Any]:
    with chromium() as program:
        opened = program.new_page()
        opened.asked = []
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.goto(address)
        opened.wait_for_selector(".md-question", timeout=60_000)
        yield opened


def test_nothing_in_any_field_runs_or_is_loaded_from_elsewhere(tab: Any, address: str) -> None:
    tab.wait_for_timeout(300)
    assert tab.evaluate("window.hit") is None
    host = address.split("/")[2]
    assert {url.split("/")[2] for url in tab.asked if url.startswith("http")} == {host}
    assert tab.locator(".md-stem math mfrac").count() == 2  # stem and caption
    assert tab.locator(".md-stem img").first.evaluate(
        "(node) => node.complete && node.src.includes('/media/exercise/ve.svg')"
    )
    assert tab.locator("script:not([src])").count() == 0
    assert tab.locator("[onerror], [onclick], [style*=url]").count() == 0
    assert set(tab.locator(".md-stem a").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")) == {
        "https://vidu.example/"
    }
    assert "E-MEDIA-1" in tab.locator("#findings").inner_text()


def test_a_question_is_tried_and_a_save_is_seen(tab: Any, folder: Path) -> None:
    tab.locator("input[type=radio]").first.click()
    tab.wait_for_selector(".md-verdict", timeout=10_000)
    text = (folder / "exercises" / "T01" / "exercise.md").read_text(encoding="utf-8")
    (folder / "exercises" / "T01" / "exercise.md").write_text(
        text.replace("Đúng:", "Đúng, vì lời mới:"), encoding="utf-8"
    )
    tab.wait_for_selector("text=vì lời mới", timeout=20_000)
    assert "T01-Q01" in tab.locator(".p-card h3").first.inner_text()


def test_only_who_has_the_address_sees_the_keys(address: str) -> None:
    host = "/".join(address.split("/")[:3])
    for path in ("/", "/state", "/khac/state"):
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(host + path, timeout=10)
        assert told.value.code == 404
    strange = urllib.request.Request(address + "state", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(strange, timeout=10)
    assert told.value.code == 403
    for name in ("exercise/..%2Fexercise.md", "exercise/exercise.md", "lesson/../../course.yaml"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(address + "media/" + name, timeout=10)
