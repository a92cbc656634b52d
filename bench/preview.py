"""The author's preview: from the save of a file to the page's data that shows it, and to what ``check`` says of it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench.measure import ROOT, heading, line, spread

SAVES = 15
MODULE = "M05"
MARK = "lời vừa lưu số"


def bench(folder: Path) -> None:
    """Save the exercise again and again as an editor does, and ask the page's address what it shows."""
    from grader.desk import preview
    from grader.ground import syllabus

    for name in ("course", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    rules = folder / "course" / "course.yaml"
    shown = preview.Preview(lambda: syllabus.load(rules), MODULE, folder / "exercises", folder / "course", "vi")
    ready: list[str] = []
    there = threading.Event()

    def told(address: str) -> None:
        ready.append(address)
        there.set()

    threading.Thread(target=lambda: asyncio.run(preview.serve(shown, 0, told)), daemon=True).start()
    there.wait(60)
    path = folder / "exercises" / MODULE / "exercise.md"
    text = path.read_text(encoding="utf-8")
    drawn, checked = [], []
    for number in range(SAVES):
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{text}\n\nĐoạn {MARK} {number}.\n", encoding="utf-8")
        os.replace(fresh, path)
        begin = time.perf_counter()
        while f"{MARK} {number}." not in str((data := _state(ready[0])).get("parts")):
            time.sleep(0.02)
        drawn.append(time.perf_counter() - begin)
        while not data["checked"]:
            time.sleep(0.05)
            data = _state(ready[0])
        checked.append(time.perf_counter() - begin)
    heading("Preview")
    line(f"save of {MODULE} → shown ({SAVES} saves)", f"{spread(drawn)} s", "≤ 2 s")
    line("save → what check says is there", f"{spread(checked)} s", "reported")


def _state(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}state", timeout=60) as answer:
        return dict(json.load(answer))
