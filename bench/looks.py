"""Every lesson and exercise as a cadre sees it, at 1280 and 360 px.

What a program can find wrong with the pages, and their pictures.

``python -m bench.looks FOLDER [MODULE…]`` keeps the pictures in FOLDER, one file for each window-high piece
(``M02-bai-hoc-0360-03.png``), for a
person to look at: whether a figure can be read and a table makes sense is for eyes alone.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.measure import ROOT, heading, line
from grader.commands import serve
from grader.commands.serve import Command
from grader.ground import syllabus
from grader.ground.workspace import Workspace, open_workspace
from grader.publish import build, release
from grader.text import module_text

_CHROMIUM = "/usr/bin/chromium"
_SIZES = ((1280, 1200), (360, 1600))  # pixels; the narrow window is higher than a phone so that there are fewer pieces
_STOCK = "reading 'schema'"  # thrown once per page by stock Notebook 7.6, with or without us
_SCROLLER = ".jp-WindowedPanel-outer"

_FAULTS = """() => {
  const found = [], scroller = document.querySelector('.jp-WindowedPanel-outer');
  const name = (e) => (e.tagName + '.' + (e.className.baseVal ?? e.className) + ' ' + (e.textContent
      || '').trim().slice(0, 40)).replace(/\\s+/g, ' ');
  const shown = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
  const clipped = (e) => { for (let p = e.parentElement; p && p !== scroller; p = p.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return true; return false; };
  for (const e of [document.documentElement, scroller])
      if (e.scrollWidth > e.clientWidth) found.push('page is ' + (e.scrollWidth - e.clientWidth) + ' px too wide');
  for (const e of scroller.querySelectorAll('*')) {
    if (!shown(e)) continue;
    const r = e.getBoundingClientRect();
    if (r.right > innerWidth + 1 && !clipped(e)
        && !e.closest('svg, .md-sr, .jp-mod-hidden')) found.push('sticks out: ' + name(e));
    if (/auto|scroll/.test(getComputedStyle(e).overflowX)
        && e.scrollWidth > e.clientWidth + 1) found.push('scrolls sideways: ' + name(e));
    if (e.matches('th, td, li, label') && r.width < 48 && r.height > 120
        && e.textContent.trim().length > 4) found.push('broken letter by letter: ' + name(e));
    if (e.matches('button, select, input, textarea') && (r.height < 24 || r.width < 20)
        && !e.closest('label')) found.push('small target: ' + name(e));
  }
  for (const e of scroller.querySelectorAll('img')) {
    if (!e.alt.trim()) found.push('no alt text: ' + e.src);
    if (e.complete && !e.naturalWidth) found.push('broken picture: ' + e.src.slice(0, 90));
  }
  for (const e of scroller.querySelectorAll('svg')) if (shown(e)
      && !e.closest('.jp-icon-hoverShow, button, .jp-Toolbar') && e.querySelector('text')
    && !e.getAttribute('aria-label') && !e.querySelector('title')
        && e.getAttribute('aria-hidden') !== 'true') found.push('svg without a name');
  const stray = /:::|\\{(?:src|item|law)\\}|```|<\\/?(?:b|i|p|br|div|span|img|strong|em)\\b|\\*\\*|\\]\\(|undefined|\\bNaN\\b|\\[object|Traceback|Error:/;
  const walker = document.createTreeWalker(scroller, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode())
    if (n.parentElement && shown(n.parentElement) && !n.parentElement.closest('.cm-content, pre, style, script')
        && stray.test(n.data)) found.push('stray marker: ' + n.data.trim().slice(0, 80));
  return [...new Set(found)];
}"""  # noqa: E501


@dataclass
class Looked:
    """One page at one width: how many pieces were pictured and what was found."""

    name: str
    width: int
    pieces: int = 0
    faults: list[str] = field(default_factory=list)


@contextmanager
def served(root: Path, modules: Sequence[str] = ()) -> Iterator[tuple[Command, list[str]]]:
    """Build and release the course (or these modules) below ``root``, hand it to one cadre and serve it.

    Yield the server and the pages' paths.
    """
    rules = syllabus.load(ROOT / "course" / "course.yaml")
    space = open_workspace(root / "workspace", rules.course.id)
    home = root / "CB-000123"
    pages = [page for module in modules or rules.modules for page in _handed_out(space, rules, module, home)]
    command = serve.cadre(home, None, None, person="CB-000123", course=rules.course.id)
    server = serve.start(command)
    try:
        yield command, pages
    finally:
        serve.stop(server)


def _handed_out(space: Workspace, rules: Any, module: str, home: Path) -> list[str]:
    text = module_text.read(rules, module, ROOT / "exercises", ROOT / "course")
    build.build(space, text)
    release.release(space, text)
    shutil.copytree(space.release(module), home / module)
    return [f"{module}/{p.name}" for p in sorted((home / module).glob("*.ipynb"))]


def look(browser: Any, command: Command, path: str, width: int, height: int, pictures: Path) -> Looked:
    """Open one page, note what is wrong with it, and picture it piece by piece."""
    found = Looked(path.removesuffix(".ipynb").replace("/", "-"), width)
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    page = context.new_page()
    page.on("pageerror", lambda e: found.faults.append(f"error: {e}"))
    page.on("console", lambda m: found.faults.append(f"console: {m.text}") if m.type == "error" else None)
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith(("http://127.0.0.1", "data:", "blob:")) else found.faults.append(f"asks {r.url}")
        ),
    )
    token = command.link.split("token=")[1]
    page.goto(f"http://127.0.0.1:{command.port}/notebooks/{path}?token={token}")
    page.wait_for_function("() => document.querySelector('.md-wait')?.textContent === ''", timeout=120_000)
    found.pieces = _picture(page, height, pictures / f"{found.name}-{width:04}")
    found.faults = [f for f in found.faults if _STOCK not in f] + page.evaluate(_FAULTS)
    context.close()
    return found


def _picture(page: Page, height: int, stem: Path) -> int:
    """Scroll through the page once so that all of it is drawn, then picture it; return the number of pieces."""
    for drawn in (False, True):
        top, number = 0, 0
        while top < int(page.evaluate(f"document.querySelector('{_SCROLLER}').scrollHeight")):
            page.evaluate(f"top => document.querySelector('{_SCROLLER}').scrollTo(0, top)", top)
            page.wait_for_timeout(250)
            if drawn:
                page.screenshot(path=f"{stem}-{number:02}.png")
            top, number = top + height, number + 1
    return number


def bench(folder: Path, modules: Sequence[str] = ()) -> None:
    """Print what is wrong with each page at each width; the pictures are left in ``folder/pictures``."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    heading("Lessons and exercises in the browser")
    with served(folder, modules) as (command, pages), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for path in pages:
            for width, height in _SIZES:
                found = look(browser, command, path, width, height, pictures)
                line(f"{found.name} at {width} px, {found.pieces} pieces", f"{len(found.faults)} faults", "0")
                for fault in found.faults:
                    line("", fault)
        browser.close()


if __name__ == "__main__":
    bench(Path(sys.argv[1]).absolute(), sys.argv[2:])
