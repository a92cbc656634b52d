"""The start page: its notebook, and where a cadre stands in each module.

Pure functions on what lies in the cadre's folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from course import handin
from course.answers import AnswersError, parse
from course.published import Rule
from course.words import _, when

NAME = "Trang-chu.ipynb"
RESULT = re.compile(r'<script type="application/json" id="moduong-state">(.*?)</script>', re.DOTALL)
"""Where a feedback page holds its result for the start page (``grader/feedback/page.py``: ``PageData``)."""
_SHORT_LESSON = "bai-hoc.ipynb"


def notebook(course: str, kind: str = "home", module: str = "course", name: str = "trang-chu") -> dict[str, Any]:
    """Return a page of focus mode whose one call is ``kind()`` from ``module``.

    ``Trang-chu.ipynb``, the same for everybody.
    """

    def cell(cell_id: str, source: str) -> dict[str, Any]:
        return {
            "cell_type": "code",
            "execution_count": None,
            "id": cell_id,
            "metadata": {},
            "outputs": [],
            "source": source,
        }

    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "moduong": {"course": course, "kind": kind}}
    cells = [cell(f"{name}-setup", f"from {module} import {kind}"), cell(name, f"{kind}()")]
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def notebook_bytes(course: str, *page: str) -> bytes:
    """Return the bytes of ``Trang-chu.ipynb``, or of another ``page`` (as ``notebook``)."""
    return (json.dumps(notebook(course, *page), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Result:
    """What one feedback page says of its hand-in; fields as in ``PageData``."""

    state: str
    points: float | None
    max_points: float | None
    pass_mark: float | None
    reason: str
    next_attempt_at: str
    attempts_left: int | None
    receipt_code: str


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


class Stands(Protocol):
    """What ``remaining`` reads: a module and where somebody stands in it."""

    @property
    def module(self) -> str:
        """Such as ``M02``."""

    @property
    def state(self) -> str:
        """One of ``STATES``."""


STATES = {
    "new": _("Chưa bắt đầu"),
    "working": _("Đang làm"),
    "sent": _("Đã nộp"),
    "pending": _("Chờ chấm tay"),
    "passed": _("Đạt"),
    "failed": _("Chưa đạt"),
    "missing": _("Chưa phát"),
    "practice": _("Chỉ tự luyện"),
}


def read_result(page: bytes) -> Result | None:
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
        return value if isinstance(value, str) else ""

    def number(name: str) -> float | None:
        value = data.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    left = number("attempts_left")
    return Result(
        data["state"],
        number("points"),
        number("max_points"),
        number("pass_mark"),
        text("reason"),
        text("next_attempt_at"),
        None if left is None else int(left),
        text("receipt_code"),
    )


def standing(rule: Rule, folder: Path, results: Sequence[Result], feedback: str) -> Standing:
    """Return where the cadre stands in the module of ``rule`` whose folder is ``folder``.

    ``feedback`` is the newest page's path.
    """
    lesson, exercise = (folder / _SHORT_LESSON).exists(), (folder / f"{rule.module}.ipynb").exists()
    state, detail = _state(rule, folder, results, exercise=exercise, there=lesson or exercise)
    return Standing(rule.module, rule.title, state, STATES[state], detail, lesson, exercise, feedback)


def _state(rule: Rule, folder: Path, results: Sequence[Result], *, exercise: bool, there: bool) -> tuple[str, str]:
    if not there:
        return "missing", _("Học phần này chưa được phát.")
    passed = [r for r in results if r.state == "passed"]
    if passed:
        return "passed", points(max(passed, key=lambda r: r.points or 0))
    if not exercise:
        return "practice", _("Không có bài tập chấm điểm.")
    receipts = handin.receipts(folder)
    if receipts and receipts[-1].code not in {r.receipt_code for r in results}:
        return "sent", _(
            "Nộp lúc {at}, mã {code}. Kết quả sẽ hiện ở đây sau khi chấm.",
            at=when(receipts[-1].at),
            code=receipts[-1].code,
        )
    if results:
        return judged(rule, results[-1], len(receipts))
    done, total = _answered(folder, rule.module)
    return (
        ("working", _("{done} trên {total} câu đã trả lời.", done=done, total=total))
        if done
        else (
            "new",
            _(
                "{total} câu, {points} điểm, mức đạt {pass_mark}.",
                total=total,
                points=rule.points,
                pass_mark=rule.pass_mark,
            ),
        )
    )


def judged(rule: Rule, result: Result, handed_in: int) -> tuple[str, str]:
    """Return state and detail after an attempt that was looked at and did not pass; ``handed_in``: how often so far."""
    if result.state == "pending_manual":
        return "pending", _(
            "Phần chấm tự động đã xong; phần viết đang đợi người chấm. Chưa có điểm, không phải 0 điểm."
        )
    said = result.reason if result.reason.endswith((".", "!", "?")) or not result.reason else result.reason + "."
    again = _again(rule, result, handed_in)
    if result.state in {"refused", "unreadable"}:
        return "failed", _("Bài nộp gần nhất không được tính. {said} {again}", said=said, again=again)
    mark = rule.pass_mark if result.pass_mark is None else _shown(result.pass_mark)
    return ("failed", _("{points}, mức đạt {mark}. {again}", points=points(result), mark=mark, again=again))


def _again(rule: Rule, result: Result, handed_in: int) -> str:
    left = result.attempts_left if result.attempts_left is not None else max(0, rule.limit - handed_in)
    if left <= 0:
        return _("Đã hết lượt làm bài; anh/chị liên hệ điều phối viên.")
    if not result.next_attempt_at:
        return _("Còn {left} lượt.", left=left)
    return _("Còn {left} lượt, nộp lại được từ {at}.", left=left, at=when(result.next_attempt_at))


def points(result: Result) -> str:
    """Return the points of a result as people read them."""
    return _("{points} trên {max_points} điểm", points=_shown(result.points), max_points=_shown(result.max_points))


def _shown(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}".rstrip("0").rstrip(".").replace(".", ",")


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


def remaining(standings: Sequence[Stands], track: str) -> str:
    """Return in one sentence what is still needed to count as trained on this track."""
    graded = [s for s in standings if s.state != "practice"]
    left = [s.module for s in graded if s.state != "passed"]
    passed = len(graded) - len(left)
    if not left:
        return _(
            "Anh/chị đã đạt đủ {count} học phần của lộ trình {track}: đã bồi dưỡng.", count=len(graded), track=track
        )
    return _(
        "Đã đạt {passed} trên {count} học phần của lộ trình {track}. Để được tính là đã bồi dưỡng, còn: {left}.",
        passed=passed,
        count=len(graded),
        track=track,
        left=", ".join(left),
    )
