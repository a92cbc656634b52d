"""The start page: its notebook, and where a cadre stands in each module. Pure functions on what lies in the cadre's folder."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from course import handin, vietnamese
from course.answers import AnswersError, parse
from course.handin import Receipt

NAME = "Trang-chu.ipynb"
RESULT = re.compile(r'<script type="application/json" id="moduong-result">(.*?)</script>', re.DOTALL)
"""Where a feedback page holds its result for the start page; ``<`` inside is written as ``\\u003c``."""
_SHORT_LESSON = "bai-hoc.ipynb"


def notebook(course: str) -> dict[str, Any]:
    """Return ``Trang-chu.ipynb``; the same for everybody."""

    def cell(name: str, source: str) -> dict[str, Any]:
        return {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [], "source": source}

    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "moduong": {"course": course, "kind": "home"}}
    cells = [cell("trang-chu-setup", "from course import home"), cell("trang-chu", "home()")]
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def notebook_bytes(course: str) -> bytes:
    """Return the bytes of ``Trang-chu.ipynb``."""
    return (json.dumps(notebook(course), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Rule:
    """What course.yaml says of a module."""

    module: str
    title: str
    points: str
    pass_mark: str
    limit: int
    wait_hours: int


@dataclass(frozen=True, slots=True)
class Result:
    """What one feedback page says; ``stamp`` is the exchange's time stamp of that hand-in."""

    stamp: str
    state: str
    points: str | None
    max_points: str
    passed: bool | None
    reason: str
    retry_at: str
    attempts_left: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a cadre stands in one module; ``state`` is one of ``STATES``."""

    module: str
    title: str
    state: str
    label: str
    detail: str
    lesson: bool
    exercise: bool
    feedback: str


STATES = {
    "new": "Chưa bắt đầu",
    "working": "Đang làm",
    "sent": "Đã nộp",
    "pending": "Chờ chấm tay",
    "passed": "Đạt",
    "failed": "Chưa đạt",
    "missing": "Chưa phát",
    "practice": "Chỉ tự luyện",
}


def read_result(page: bytes, stamp: str) -> Result | None:
    """Return the result in a feedback page, or ``None`` when there is none that can be read."""
    found = RESULT.search(page.decode("utf-8", errors="replace"))
    try:
        data = json.loads(found[1]) if found else None
    except ValueError:
        return None
    if not isinstance(data, dict) or not isinstance(data.get("state"), str):
        return None

    def text(name: str) -> str:
        value = data.get(name)
        return html.unescape(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

    left, passed = data.get("attempts_left"), data.get("passed")
    return Result(
        stamp,
        data["state"],
        text("points") or None,
        text("max_points"),
        passed if isinstance(passed, bool) else None,
        text("reason"),
        text("retry_at"),
        left if isinstance(left, int) and not isinstance(left, bool) else None,
    )


def standing(rule: Rule, folder: Path, results: Sequence[Result], feedback: str) -> Standing:
    """Return where the cadre stands in the module of ``rule`` whose folder is ``folder``; ``feedback`` is the newest page's path."""
    lesson, exercise = (folder / _SHORT_LESSON).exists(), (folder / f"{rule.module}.ipynb").exists()
    state, detail = _state(rule, folder, results, exercise=exercise, there=lesson or exercise)
    return Standing(rule.module, rule.title, state, STATES[state], detail, lesson, exercise, feedback)


def _state(rule: Rule, folder: Path, results: Sequence[Result], *, exercise: bool, there: bool) -> tuple[str, str]:
    if not there:
        return "missing", "Học phần này chưa được phát."
    best = max((r for r in results if r.passed and r.points), key=lambda r: float(r.points or 0), default=None)
    if best is not None:
        return "passed", _points(best)
    if not exercise:
        return "practice", "Không có bài tập chấm điểm."
    receipts = handin.receipts(folder)
    known = {r.stamp for r in results}
    if receipts and _stamp(receipts[-1]) not in known:
        return "sent", f"Nộp lúc {_clock(receipts[-1].at)}, mã {receipts[-1].code}. Kết quả sẽ hiện ở đây sau khi chấm."
    if results:
        return _judged(rule, results[-1], receipts)
    done, total = _answered(folder, rule.module)
    return ("working", f"{done} trên {total} câu đã trả lời.") if done else ("new", f"{total} câu, {rule.points} điểm, mức đạt {rule.pass_mark}.")


def _judged(rule: Rule, result: Result, receipts: Sequence[Receipt]) -> tuple[str, str]:
    """Return the state after an attempt that was looked at and did not pass."""
    if result.state == "pending_manual":
        return "pending", "Phần chấm tự động đã xong; phần viết đang đợi người chấm. Chưa có điểm, không phải 0 điểm."
    again = _again(rule, result, receipts)
    if result.state in {"refused", "unreadable", "duplicate"}:
        return "failed", f"Bài nộp gần nhất không được tính: {result.reason} {again}".strip()
    return "failed", f"{_points(result)}, mức đạt {rule.pass_mark}. {result.reason} {again}".replace("  ", " ").strip()


def _again(rule: Rule, result: Result, receipts: Sequence[Receipt]) -> str:
    left = result.attempts_left if result.attempts_left is not None else max(0, rule.limit - len(receipts))
    if left <= 0:
        return "Đã hết lượt làm bài; anh/chị liên hệ điều phối viên."
    moment = result.retry_at
    if not moment and receipts:
        moment = (datetime.fromisoformat(receipts[-1].at) + timedelta(hours=rule.wait_hours)).isoformat()
    return f"Còn {left} lượt" + (f", nộp lại được từ {_clock(moment)}." if moment else ".")


def _points(result: Result) -> str:
    points = (result.points or "–").replace(".", ",")
    return f"{points} trên {result.max_points.replace('.', ',')} điểm"


def _stamp(receipt: Receipt) -> str:
    """Return the exchange's time stamp of a hand-in: it names the feedback's folder too."""
    parts = receipt.path.split("+")
    return parts[2] if len(parts) > 2 else receipt.path  # noqa: PLR2004  # person+module+time+random


def _clock(instant: str) -> str:
    try:
        return datetime.fromisoformat(instant).strftime("%H:%M ngày %d/%m/%Y")
    except ValueError:
        return instant


def _answered(folder: Path, _module: str) -> tuple[int, int]:
    try:
        total = len(handin.counted(folder))
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0
    try:
        answers = parse((folder / "answers.json").read_bytes())
        return total - len(handin.unanswered(folder, answers)), total
    except (OSError, AnswersError):
        return 0, total


def remaining(standings: Sequence[Standing], track: str) -> str:
    """Return in one sentence what is still needed to count as trained on this track."""
    graded = [s for s in standings if s.state != "practice"]
    left = [s.module for s in graded if s.state != "passed"]
    passed = len(graded) - len(left)
    if not left:
        return f"Anh/chị đã đạt đủ {len(graded)} học phần của lộ trình {track}: đã bồi dưỡng."
    return f"Đã đạt {passed} trên {len(graded)} học phần của lộ trình {track}. Để được tính là đã bồi dưỡng, còn: {', '.join(left)}."


def rules(course: Mapping[str, Any], track: str) -> list[Rule]:
    """Return the modules of a track, in order, from the content of course.yaml."""
    attempts = course["attempts"]
    found = []
    for module in course["tracks"][track]:
        entry = course["modules"][module]
        marks = (vietnamese.nfc(str(entry[name])) for name in ("title", "points", "pass_mark"))
        found.append(Rule(module, *marks, int(attempts["limit"]), int(attempts["wait_hours"])))
    return found
