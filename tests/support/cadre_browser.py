"""A cadre at a browser: starts the real server, opens the real pages in Chromium, notes requests and errors."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from grader.commands import serve
from grader.commands.serve import Command
from grader.publish import notebooks

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FOREIGN = re.compile(
    r"\b(Traceback|Error|Exception|Kernel|Cell|Notebook|Run|None|True|False|NaN|undefined|null|widget|loading|Loading|Python|Submit|Save|Close|Cancel|Edit|File|Select|Untitled|Dismiss|Restart)\b"
)
"""Words of Jupyter, Python or the browser that no cadre may see."""
FOCUS_SHOWN = """() => {
  const e = document.activeElement;
  if (!e.closest('.md-focus') || e.closest('.cm-editor')
      || e.matches('.jp-WindowedPanel-outer, .jp-Notebook, .jp-Cell')) return true;
  return [e, e.closest('.md-option')].some((x) => x && getComputedStyle(x).outlineStyle !== 'none'
      && parseFloat(getComputedStyle(x).outlineWidth) >= 2);
}"""
TOO_SMALL = """() => [...document.querySelectorAll('.md-focus :is(button, select, textarea, input[type=text], input:not([type]), .md-button, .md-option, .md-go)')]
  .filter((e) => e.checkVisibility() && !e.closest('.jp-InputArea, .jp-cell-toolbar, .cm-editor'))
      .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
  .filter(([, b]) => b.width && (b.width < 43.5 || b.height < 43.5))
      .map(([html, b]) => `${html} ${b.width}×${b.height}`)"""  # noqa: E501
_STOCK = ("reading 'schema'",)  # thrown once per page by stock Notebook 7.6, with or without us


@dataclass
class Seat:
    """One cadre's running server."""

    command: Command
    server: subprocess.Popen[bytes]

    def url(self, path: str) -> str:
        token = self.command.link.split("token=")[1]
        return f"http://127.0.0.1:{self.command.port}/notebooks/{path}?token={token}"


@dataclass
class Tab:
    """One open page, with what it requested from elsewhere and what went wrong in it."""

    page: Page
    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def question(self, item: str) -> Any:
        return self.page.locator(f'.md-question[data-item="{item}"]')

    def reach(self, target: Any, most: int = 300) -> None:
        """Go to an element with the Tab key alone; every stop on the way must show that it has the focus."""
        wanted = target.first.element_handle()
        for _ in range(most):
            if self.page.evaluate("e => document.activeElement === e", wanted):
                return
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(FOCUS_SHOWN), self.page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
        raise AssertionError(f"{target} cannot be reached by keyboard")

    def looks_right(self, step: str, context: str | None = ".md-focus") -> None:
        """Hold what every step owes a cadre: fits the window, Vietnamese only, no barrier, targets for a thumb.

        Keep a picture.
        """
        assert overflows(self.page) <= 0, step
        found = FOREIGN.search(str(self.page.evaluate("document.body.innerText")))
        assert found is None, (step, found)
        violations = Axe().run(self.page, context=context).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"][:200]) for v in violations if v["impact"] in {"serious", "critical"}]
        assert serious == [], step
        assert self.page.evaluate(TOO_SMALL) == [], step
        if folder := os.environ.get("MODUONG_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{step}-{(self.page.viewport_size or {}).get('width')}.png")

    def clean(self) -> None:
        """Nobody else was asked for anything, and nothing of ours went wrong."""
        assert self.elsewhere == []
        assert self.errors == []

    def status(self, item: str, text: str = "Đã lưu lúc", timeout: float = 15_000) -> None:
        self.question(item).locator(".md-status", has_text=text).wait_for(timeout=timeout)


def follow(page: Page) -> Tab:
    tab = Tab(page)
    page.on(
        "request",
        lambda r: None if r.url.startswith(("http://127.0.0.1", "data:", "blob:")) else tab.elsewhere.append(r.url),
    )
    page.on("websocket", lambda w: None if w.url.startswith("ws://127.0.0.1") else tab.elsewhere.append(w.url))
    page.on("pageerror", lambda e: None if any(s in str(e) for s in _STOCK) else tab.errors.append(str(e)))
    page.on(
        "console",
        lambda m: tab.errors.append(m.text) if m.type == "error" and not any(s in m.text for s in _STOCK) else None,
    )
    return tab


EXPOSED = "--JupyterNotebookApp.expose_app_in_browser=True"
"""Lets a test or bench call the notebook's own commands from the page."""


@contextmanager
def seat(
    folder: Path, exchange: Path | None, person: str = "CB-000123", *more: str, inside: tuple[str, ...] = ()
) -> Iterator[Seat]:
    """Start a cadre's server, with ``more`` arguments, or ``inside`` another command.

    Yields a seat whose server may be replaced.
    """
    command = serve.cadre(folder, None, exchange, person=person, course="truyen-thong-so")
    command = replace(command, arguments=(*inside, *command.arguments, *more))
    place = Seat(command, serve.start(command))
    try:
        yield place
    finally:
        serve.stop(place.server)


def kernels(running: Seat) -> list[int]:
    """Return the process numbers of the server's kernels."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(running.server.pid)], capture_output=True, text=True, check=True
    ).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "ipykernel" in line]


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield a running browser; ``window`` opens in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


def window(browser: Any, width: int = 1280, height: int = 900) -> Any:
    """Return a browser context; each ``new_page`` is one tab of one browser, with one storage."""
    return browser.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )


def overflows(page: Page) -> int:
    """Return by how many pixels the page is wider than the window: the document and the scrolling notebook."""
    return int(
        page.evaluate(
            """() => Math.max(document.documentElement.scrollWidth - innerWidth,
                 ...[...document.querySelectorAll('.jp-WindowedPanel-outer')]
                     .map(e => e.scrollWidth - e.clientWidth))"""
        )
    )


def _options(*texts: str) -> list[dict[str, str]]:
    return [{"id": "ABCDEFG"[n], "text": text} for n, text in enumerate(texts)]


ALL_TYPES: list[tuple[str, dict[str, Any]]] = [
    ("single", {"options": _options("Hỏi tổ trưởng <b>trước</b>", "Đăng lại bài", "Chi tiền quảng cáo")}),
    ("multiple", {"options": _options("Một", "Hai", "Ba", "Bốn")}),
    (
        "match",
        {
            "left": [{"id": "1", "text": "Nhắc kíp đêm"}, {"id": "2", "text": "Tra cứu cả năm"}],
            "right": [
                {"id": "a", "text": "Trang thông tin"},
                {"id": "b", "text": "Giao ca"},
                {"id": "c", "text": "Họp báo"},
            ],
        },
    ),
    ("order", {"steps": [{"id": "1", "text": "Trả lời"}, {"id": "2", "text": "Hỏi"}, {"id": "3", "text": "Tổng hợp"}]}),
    (
        "number",
        {
            "parts": [
                {"id": "a", "label": "Tỉ lệ", "unit": "%", "points": "1"},
                {"id": "b", "label": "Số người", "unit": "người", "points": "1"},
            ]
        },
    ),
    ("text", {}),
    ("post", {"words": [60, 130], "min_words": 30}),
    ("essay", {"words": [150, 250], "criteria": ["Nêu việc làm được ngay", "Có người chịu trách nhiệm"]}),
    (
        "table",
        {
            "columns": [{"id": "c1", "text": "Số người"}, {"id": "c2", "text": "Tỉ lệ"}],
            "rows": [{"id": "r1", "text": "Kíp đêm"}],
            "cells": {"r1c1": {"given": "40"}, "r1c2": {"unit": "%", "points": "1"}},
        },
    ),
    ("code", {"given": "x = 1", "starter": "# viết ở đây\n"}),
]
"""Every item type once, as a release shows it."""


def make_module(folder: Path, module: str = "M90") -> Path:
    """Write a released module with one question of every type into ``folder/module``."""
    items = []
    for number, (kind, body) in enumerate(ALL_TYPES, start=1):
        manual = "2" if kind == "essay" else None
        item = {
            "id": f"{module}-Q{number:02}",
            "type": kind,
            "points": "2",
            "automatic": None if manual else "2",
            "manual": manual,
        }
        variants = [{"stem": f"Câu loại {kind}: **đọc kỹ** <img src=x onerror=alert(1)>\nDòng hai.", **body}]
        items.append(
            {
                **item,
                "critical": kind == "single",
                "withdrawn": False,
                "simulated": kind == "number",
                "variants": variants,
            }
        )
    target = folder / module
    target.mkdir(parents=True, exist_ok=True)
    public = {"schema": 1, "course": "truyen-thong-so", "module": module, "title": "Mọi loại câu", "items": items}
    (target / "items.json").write_bytes(notebooks.dumps(public))
    cells = notebooks.exercise_cells(module, ["Lời dẫn.", *items], staff=False, stub="*(Chưa có bài viết.)*")
    (target / f"{module}.ipynb").write_bytes(
        notebooks.dumps(notebooks.notebook(cells, "truyen-thong-so", module, "exercise"))
    )
    return target
