"""Says in words what became of one hand-in: from the ledger's rows to the page's sentences, state and questions."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.engine import Row

from course import items
from course.items import MANUAL_PART, Note
from grader.feedback.page import ItemView, Page, PageData, PageState, item_view, number, plain
from grader.gradebook.results import VOID, Result, Standing
from grader.ground import pass_rule
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace

_HEADLINES: Mapping[PageState, str] = {
    "passed": "Đạt học phần {}",
    "not_passed": "Chưa đạt học phần {}",
    "pending_manual": "Học phần {}: đang chờ người chấm",
    "refused": "Học phần {}: lần nộp này không được tính",
    "unreadable": "Học phần {}: chưa đọc được bài nộp này",
}
_SAME = "Bài này giống hệt bài đã nhận trước đó nên không tính thêm lượt; đây là kết quả của bài đó."
_VOIDED = "Lượt làm bài này đã bị hủy và không được tính. Anh/chị hỏi điều phối viên để biết lý do."
_KEPT_FILES = "Bài vẫn được giữ nguyên. Anh/chị báo điều phối viên."
_ASIDE = {
    "E-SUB-12": "Bài nộp chưa cho biết rõ là của ai hoặc của học phần nào, nên chưa được tính cho ai.",
    "E-SUB-13": "Mã cán bộ của bài nộp không có trong danh sách cán bộ, nên bài chưa được tính.",
}
"""By code, never the ledger's sentence: that one may name somebody else."""


class Module:
    """What all pages of a module share: rules, public items, and keyed items for the feedback on what was chosen."""

    def __init__(self, workspace: Workspace, rules: Syllabus, module: str) -> None:
        self.name = module
        self.rule = rules.modules[module]
        self.title = f"{module} · {self.rule.title}" if self.rule.title else module
        self.zone: ZoneInfo = rules.course.zone
        self.limit, self.wait = rules.attempts.limit, timedelta(hours=rules.attempts.wait_hours)
        self.public = {
            i["id"]: i for i in orjson.loads((workspace.release(module) / "items.json").read_bytes())["items"]
        }
        key = orjson.loads(workspace.key(module).read_bytes())
        self.key_version = str(key["key_version"])
        self._keyed = {i["id"]: i for i in key["items"]}
        self._scored = functools.lru_cache(maxsize=4096)(self._score)

    def notes(self, item: str, value: object, variant: object) -> Sequence[Note]:
        """Return the feedback on one answer; equal answers are looked at once."""
        if item not in self._keyed or not items.scores(self._keyed[item]):
            return ()
        drawn = variant if isinstance(variant, int) and not isinstance(variant, bool) else -1
        return self._scored(item, json.dumps(value, sort_keys=True), drawn)

    def _score(self, item: str, value: str, variant: int) -> Sequence[Note]:
        return items.score(self._keyed[item], json.loads(value), variant).notes

    def local(self, instant: datetime) -> str:
        """Return an instant as people read it."""
        return instant.astimezone(self.zone).strftime("%H:%M ngày %d/%m/%Y")

    def iso(self, instant: datetime | None) -> str | None:
        """Return an instant as programs read it."""
        return instant.astimezone(self.zone).isoformat(timespec="seconds") if instant else None


@dataclass(frozen=True, slots=True)
class _Turn:
    """What comes next after a hand-in: attempts left, and from when (``None``: at once, or not at all)."""

    left: int
    again: datetime | None
    waits: bool = False


def page(
    shared: Module,
    row: Row[Any],
    rows: Sequence[Row[Any]],
    found: Mapping[str, Result],
    kept: Mapping[str, Standing],
    opened: int,
) -> Page | None:
    """Return the page of one hand-in, or ``None`` while it is not graded.

    ``rows``: all hand-ins of this person in this module, in order. ``found``: newest results. ``kept``: earlier
    results that hold.
    """
    about = row
    if row.state == "duplicate":
        same = [r for r in rows if r.state == "accepted" and r.content_hash == row.content_hash]
        if not same:
            return None
        about = same[0]
    accepted = [r for r in rows if r.state == "accepted" and r.number <= row.number]
    left = max(0, shared.limit + opened - len(accepted))
    again = datetime.fromisoformat(accepted[-1].submitted_at) + shared.wait if accepted and left else None
    if about.state != "accepted":
        unreadable = row.state == "unreadable"
        said = (plain(row.reason), *(("Lần này không mất lượt nào.",) if unreadable else ()))
        waits = row.code == "E-ATT-MARK"
        return _notice(
            shared, row, "unreadable" if unreadable else "refused", said, _Turn(left, None if waits else again, waits)
        )
    result = found.get(about.attempt_id)
    if result is None:
        return None
    if result.state == VOID:
        return _notice(shared, about, "refused", (_VOIDED,), _Turn(left, again))
    made = _graded(shared, about, result, kept.get(about.attempt_id), _Turn(left, again))
    return made if row is about else replace(made, summary=(_SAME, *made.summary))


def aside(shared: Module, row: Row[Any]) -> Page:
    """Return the notice for a hand-in that belongs to nobody we know."""
    said = (_ASIDE.get(row.code, "Bài nộp chưa xếp được vào học phần nào."), _KEPT_FILES)
    return _notice(shared, row, "unreadable", said, _Turn(shared.limit, None))


def _notice(shared: Module, row: Row[Any], state: PageState, said: tuple[str, ...], turn: _Turn) -> Page:
    """Return a page without questions: why this hand-in does not count, and when to hand in again."""
    code = row.content_hash[:8].upper()
    data = PageData(
        shared.name, row.number, state, None, None, None, None, turn.left, shared.iso(turn.again), code, said[0]
    )
    return _assembled(shared, row, data, said, (), turn)


def _graded(shared: Module, row: Row[Any], result: Result, kept: Standing | None, turn: _Turn) -> Page:
    holds = kept or result
    score, most = holds.score or Decimal(0), holds.max_score or Decimal(0)
    state: PageState = "not_passed"
    if holds.state == "pending_manual":
        state, turn = "pending_manual", _Turn(turn.left, None)
    elif pass_rule.passes(shared.rule, holds.state, score, most, holds.critical_met, holds.component_met):
        state = "passed"
    need = round(pass_rule.needed(shared.rule, most), 2)
    summary = _summary(result, holds, need, state)
    if kept:
        now = number(result.score or 0)
        summary = (
            *summary,
            (
                f"Đáp án đã được sửa sau khi anh/chị đạt: theo đáp án mới, bài này được {now} điểm. Kết quả đạt vẫn "
                "giữ nguyên."
            ),
        )
    if row.reason:  # what the intake warned of, such as an answer to a question that is not in the module
        summary = (*summary, plain(row.reason))
    data = PageData(
        module=shared.name,
        attempt=row.number,
        state=state,
        points=None if state == "pending_manual" else float(score),
        max_points=float(most),
        pass_mark=float(need),
        critical_met=holds.critical_met,
        attempts_left=turn.left,
        next_attempt_at=shared.iso(turn.again),
        receipt_code=row.content_hash[:8].upper(),
        reason=summary[0],
    )
    return _assembled(shared, row, data, summary, _items(shared, row, result), turn)


def _summary(result: Result, holds: Result | Standing, need: Decimal, state: PageState) -> tuple[str, ...]:
    """Return the result in sentences: never a total that looks final while something is not graded."""
    states = [i["state"] for i in result.items]
    score, most = number(holds.score or 0), number(holds.max_score or 0)
    if state == "pending_manual":
        waiting = [i for i in result.items if i["state"] == "pending_manual"]
        more = sum((Decimal(str(i["max_points"])) - Decimal(str(i["automatic"])) for i in waiting), Decimal(0))
        said = [
            f"Máy đã chấm được {score} điểm; còn {len(waiting)} câu chờ người chấm, nhiều nhất {number(more)} điểm nữa."
        ]
    else:
        said = [f"Điểm: {score} trên {most}. Mức đạt: {number(need)} điểm."]
    said.append(f"Anh/chị đã trả lời {len(states) - states.count('blank')} trên {len(states)} câu.")
    if "invalid" in states:
        said.append(f"Có {states.count('invalid')} câu chưa chấm được; lý do ghi ở từng câu.")
    if holds.critical_met is not None and state != "pending_manual":
        said.append("Câu trọng yếu: đạt." if holds.critical_met else "Câu trọng yếu: chưa đạt, nên chưa đạt học phần.")
    if holds.component_met is False and state != "pending_manual":
        said.append("Có câu cần đạt mức tối thiểu riêng mà chưa đạt, nên chưa đạt học phần.")
    return tuple(said)


def _items(shared: Module, row: Row[Any], result: Result) -> tuple[ItemView, ...]:
    """Return the questions that count, with feedback only where it is about the key that gave the points."""
    answers = orjson.loads(row.answers)
    comments: Mapping[str, str] = json.loads(result.note) if result.note.startswith("{") else {}
    fresh = result.key_version == shared.key_version
    views = []
    for score in result.items:
        name = score["id"]
        if name in shared.public:
            answer = answers.get(name, {"value": None, "variant": 0})
            notes = shared.notes(name, answer["value"], answer["variant"]) if fresh else ()
            said = str(comments.get(name) or comments.get(name + MANUAL_PART) or "")
            views.append(item_view(shared.public[name], answer["value"], answer["variant"], score, notes, said))
    return tuple(views)


def _assembled(
    shared: Module, row: Row[Any], data: PageData, said: tuple[str, ...], views: tuple[ItemView, ...], turn: _Turn
) -> Page:
    submitted = f"nộp lúc {shared.local(datetime.fromisoformat(row.submitted_at))}"
    headline = _HEADLINES[data.state].format(shared.name)
    return Page(shared.title, row.person_id, submitted, headline, said, _next_step(shared, data, turn), views, data)


def _next_step(shared: Module, data: PageData, turn: _Turn) -> str:
    if data.state == "passed":
        return "anh/chị đọc phản hồi, rồi học tiếp học phần sau."
    if data.state == "pending_manual" or turn.waits:
        return "anh/chị chưa cần làm gì; kết quả sẽ hiện ở đây khi chấm xong."
    if not turn.left:
        return "anh/chị đã dùng hết lượt. Hãy liên hệ điều phối viên để được kèm cặp và mở thêm lượt."
    when = f"từ {shared.local(turn.again)}" if turn.again else "ngay bây giờ"
    return f"anh/chị sửa bài rồi nộp lại được {when}; còn {turn.left} lượt."
