"""Every item type is drawn and answered in a real browser, on a telephone's width, by touch and by keyboard.

The example of each type on the items page is answered rightly; what the answer store then holds is what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course import items
from course.answers import ANSWERS, parse
from grader.itemtypes import TYPES
from tests.support import answering, type_examples
from tests.support.cadre_browser import Seat, Tab, chromium, follow, seat, window

pytestmark = pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="needs Chromium")
WIDTH = 390


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


def opened(running: Seat, program: Any, module: Path, width: int = WIDTH) -> Tab:
    tab = follow(window(program, width, 800).new_page())
    tab.page.goto(running.url(f"{module.name}/{module.name}.ipynb"))
    tab.page.wait_for_selector(".md-handin", timeout=60_000)
    return tab


def kept(module: Path) -> dict[str, Any]:
    return {name: answer.value for name, answer in parse((module / ANSWERS).read_bytes()).answers.items()}


def hold(module: Path, tab: Tab, wanted: dict[str, Any]) -> None:
    """What is stored is what was answered, for every type."""
    for name in wanted:
        tab.status(name, timeout=30_000)
    stored = kept(module)
    for kind, example in type_examples.examples().items():
        name = example.id.replace("M02", module.name)
        value, meant = stored[name], wanted[name]
        if isinstance(meant, str):
            assert value.strip() == meant.strip(), kind
        elif items.scores(example.keyed):
            assert items.score(example.keyed, value) == items.score(example.keyed, meant), kind
            assert sorted(value) == sorted(meant), kind
    assert set(stored) == set(wanted)


def right(module: Path) -> dict[str, Any]:
    """Return item → an answer that is right, in the order of the page."""
    found = sorted(type_examples.examples().values(), key=lambda example: example.id)
    return {e.id.replace("M02", module.name): TYPES[e.head.type].right(e.keyed["variants"][0]) for e in found}


def test_every_type_is_drawn_and_answered_by_touch(running: Seat, program: Any, home: Path) -> None:
    module = type_examples.release(home, "M41")
    tab = opened(running, program, module)
    wanted = right(module)
    assert len(wanted) == len(TYPES)
    for name, value in wanted.items():
        answering.by_mouse(tab, tab.question(name), value)
    hold(module, tab, wanted)
    tab.looks_right("loai-cau")
    tab.clean()
    again = opened(running, program, module)
    for name in wanted:
        again.status(name)
    tab.page.close()
    again.page.close()


def test_every_type_is_answered_by_keyboard_alone(running: Seat, program: Any, home: Path) -> None:
    module = type_examples.release(home, "M42")
    tab = opened(running, program, module)
    wanted = right(module)
    tab.page.locator(".md-bar a").first.focus()
    for name, value in wanted.items():
        answering.by_keyboard(tab, tab.question(name), value)
    hold(module, tab, wanted)
    tab.clean()
    tab.page.close()
