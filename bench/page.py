"""The cadre's page in Chromium.

How soon the first question can be answered, how long "đã lưu" takes, what is sent, what a kernel takes.

Beside the exercise, in the same run and in turn with it, an empty notebook with one ipywidget is opened and run by
hand.
*Cold*: nothing in the browser's cache and no kernel. *Warm*: opened again, with both.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

from bench.measure import ROOT, heading, line, spread
from course.widgets import code

ROUNDS, CLICKS = 10, 100
WEIGHT = 60_000
_WAIT = 90_000
_PLAIN = "import ipywidgets\nipywidgets.IntSlider(description='x')"
_TIMER = """() => {
  window.taken = [];
  const status = document.querySelector('.md-question .md-status');
  let begin = 0;
  document.querySelector('.md-question').addEventListener('change', () => { begin = performance.now(); }, true);
  new MutationObserver(() => {
    if (begin && status.dataset.state === 'saved') { window.taken.push(performance.now() - begin); begin = 0; }
  }).observe(status, { attributes: true, childList: true });
}"""


def plain_notebook(path: Path) -> None:
    """Write a notebook whose one cell shows one ipywidget."""
    from grader.publish import notebooks

    cell = {"cell_type": "code", "execution_count": None, "id": "mot", "metadata": {}, "outputs": [], "source": _PLAIN}
    kernel = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    path.parent.mkdir(parents=True)
    path.write_bytes(notebooks.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))


def open_exercise(page: Any, url: str) -> float:
    """Return the seconds until the first question takes an answer."""
    begin = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(".md-question input:enabled", timeout=_WAIT)
    return time.perf_counter() - begin


def open_plain(page: Any, url: str) -> float:
    """Return the seconds until the ipywidget is there.

    The notebook's own command runs its cell the moment that the kernel is ready.
    """
    begin = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext", timeout=_WAIT)
    page.evaluate("""async () => {
      const panel = window.jupyterapp.shell.currentWidget;
      await panel.context.ready; await panel.revealed; await panel.sessionContext.ready;
      await window.jupyterapp.commands.execute('notebook:run-all-cells');
    }""")
    page.wait_for_selector(".jp-OutputArea .widget-slider", timeout=_WAIT)
    return time.perf_counter() - begin


def opening(running: Any, browser: Any, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Open both notebooks cold and warm, in turn, each time with a kernel of its own."""
    from tests.support.cadre_browser import make_module, window

    found: dict[str, list[float]] = {"cold": [], "warm": [], "plain cold": [], "plain warm": []}
    for number in range(rounds):
        make_module(folder, f"M{number + 10}")
        plain_notebook(folder / f"trong-{number}" / "trong.ipynb")
        kinds = [
            ("", open_exercise, f"M{number + 10}/M{number + 10}.ipynb"),
            ("plain ", open_plain, f"trong-{number}/trong.ipynb"),
        ]
        for name, opened, path in kinds if number % 2 else kinds[::-1]:
            context = window(browser)
            for state in ("cold", "warm"):
                page = context.new_page()
                found[name + state].append(opened(page, running.url(path)))
                page.close()
            context.close()
            stop_kernels(running)
    return found


def stop_kernels(running: Any) -> None:
    """Shut down every kernel through the server, as its owner would."""
    import urllib.request

    token, base = running.command.environment["JUPYTER_TOKEN"], f"http://127.0.0.1:{running.command.port}/api/sessions"

    def ask(url: str, method: str = "GET") -> bytes:
        with urllib.request.urlopen(
            urllib.request.Request(url, method=method, headers={"Authorization": f"token {token}"})
        ) as reply:
            return bytes(reply.read())

    for session in json.loads(ask(base)):
        ask(f"{base}/{session['id']}", "DELETE")


def saving(page: Any, clicks: int) -> list[float]:
    """Return the milliseconds from each click on an option to "đã lưu"."""
    page.evaluate(_TIMER)
    options = page.locator(".md-question").first.locator(".md-option")
    for number in range(clicks):
        options.nth(number % 3).click()
        page.wait_for_function(f"window.taken.length > {number}", timeout=_WAIT)
        page.wait_for_timeout(
            60
        )  # a person's pause; a click while the last answer is on its way is not a new measurement
    return [float(n) for n in page.evaluate("window.taken")]


def weight(running: Any, browser: Any, path: str) -> int:
    """Return the bytes of our own code that reach the browser when a page is opened.

    The extension, and what the kernel sends.
    """
    from tests.support.cadre_browser import window

    context = window(browser)
    page = context.new_page()
    sizes: list[int] = []
    files = [code(path.name) for path in (ROOT / "course" / "widgets").glob("*.[jc]s*")]
    texts = {json.dumps(text, ensure_ascii=plain)[1:-1].encode() for text in files for plain in (True, False)}

    def frame(payload: bytes | str) -> None:
        raw = payload if isinstance(payload, bytes) else payload.encode()
        sizes.extend(raw.count(text) * len(text) for text in texts)

    page.on("websocket", lambda socket: socket.on("framereceived", frame))
    page.on(
        "response",
        lambda r: sizes.append(len(r.body())) if "moduong-focus" in r.url and r.request.method == "GET" else None,
    )
    open_exercise(page, running.url(path))
    page.wait_for_selector(".md-handin", timeout=_WAIT)
    page.wait_for_timeout(1500)
    context.close()
    return sum(sizes)


def proportional(process: int) -> float:
    """Return a process's share of memory (PSS) in MB."""
    rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def bench(folder: Path, rounds: int = ROUNDS, clicks: int = CLICKS) -> None:
    """Measure in one server and one browser; every page is opened as a cadre's would be."""
    from tests.support.cadre_browser import EXPOSED, chromium, kernels, make_module, seat, window

    heading("the cadre's page in Chromium")
    home = folder / "CB-000123"
    with seat(home, None, "CB-000123", EXPOSED) as running, chromium() as browser:
        found = opening(running, browser, home, rounds)
        for state in ("cold", "warm"):
            ratio = statistics.median(found[state]) / statistics.median(found[f"plain {state}"])
            line(f"open a 10-item exercise → first question usable, {state}, s", spread(found[state]))
            line(f"open an empty notebook with one ipywidget, {state}, s", spread(found[f"plain {state}"]))
            line(f"ratio, {state}", f"{ratio:.2f}×", "≤ 1.5×")
        make_module(home, "M90")
        page = window(browser).new_page()
        open_exercise(page, running.url("M90/M90.ipynb"))
        page.wait_for_selector(".md-handin", timeout=_WAIT)
        times = saving(page, clicks)
        line(
            f"click → “đã lưu”, p95 of {clicks}, ms",
            f"{statistics.quantiles(times, n=20)[-1]:.0f}; median {spread(times)}",
            "≤ 200",
        )
        line("memory of the exercise's kernel, PSS, MB", f"{proportional(max(kernels(running))):.1f}", "≤ 70")
        page.close()
        stop_kernels(running)
        make_module(home, "M91")
        line(
            "our own code that reaches the browser, bytes",
            f"{weight(running, browser, 'M91/M91.ipynb')}",
            f"≤ {WEIGHT}",
        )
    line("load of the machine at the end", f"{os.getloadavg()[0]:.1f}")
