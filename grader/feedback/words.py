"""Says in words what became of one hand-in: from the ledger's rows to the page's sentences, state and questions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy.engine import Row

from course.items import MANUAL_PART
from course.words import _, into
from grader.feedback.asked import Module
from grader.feedback.page import ItemView, Page, PageData, PageState, item_view, plain
from grader.gradebook.results import VOID, Result, Standing
from grader.ground import pass_rule
from grader.ground.database import WAITING

_HEADLINES: Mapping[PageState, str] = {
    "passed": _("Đạt học phần {}"),
    "not_passed": _("Chưa đạt học phần {}"),
    "pending_manual": _("Học phần {}: đang chờ người chấm"),
    "refused": _("Học phần {}: lần nộp này không được tính"),
    "unreadable": _("Học phần {}: chưa đọc được bài nộp này"),
}
_SAME = _("Bài này giống hệt bài đã nhận trước đó nên không tính thêm lượt; đây là kết quả của bài đó.")
_VOIDED = _("Lượt làm bài này đã bị hủy và không được tính. Anh/chị hỏi điều phối viên để biết lý do.")
_KEPT_FILES = _("Bài vẫn được giữ nguyên. Anh/chị báo điều phối viên.")
_ASIDE = {
    "E-SUB-12": _("Bài nộp chưa cho biết rõ là của ai hoặc của học phần nào, nên chưa được tính cho ai."),
    "E-SUB-17": _("Bài nộp do một tài khoản khác của máy gửi, nên chưa được tính cho ai."),
    "E-SUB-15": _("Bài nộp là của một khóa học khác, nên không được tính ở đây."),
    "E-SUB-16": _(
        "Bài nộp trả lời một bản cũ của học phần mà nơi này không còn giữ. Anh/chị mở Trang chủ lấy bản mới rồi nộp "
        "lại; không mất lượt nào."
    ),
    "E-SUB-13": _("Mã cán bộ của bài nộp không có trong danh sách cán bộ, nên bài chưa được tính."),
}
"""By code, never the ledger's sentence: that one may name somebody else."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """What comes next after a hand-in: attempts left, and from when (``None``: at once, or not at all).

    ``trying``: the module is neither passed nor out of attempts, whichever hand-in the page is about.
    """

    left: int
    again: datetime | None
    waits: bool = False
    trying: bool = False


def about_which(row: Row[Any], rows: Sequence[Row[Any]]) -> Row[Any] | None:
    """Return the hand-in that a page is about: for one that came twice the first, where that counts."""
    if row.state != "duplicate":
        return row
    return next((r for r in rows if r.state == "accepted" and r.content_hash == row.content_hash), None)


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
    about = about_which(row, rows)
    if about is None or about.state == WAITING:
        return None
    accepted = [r for r in rows if r.state == "accepted" and r.number <= row.number]
    left = max(0, shared.limit + opened - len(accepted))
    again = datetime.fromisoformat(accepted[-1].submitted_at) + shared.wait if accepted and left else None
    if about.state != "accepted":
        unreadable = row.state == "unreadable"
        said = (plain(row.reason), *((_("Lần này không mất lượt nào."),) if unreadable else ()))
        waits = row.code == "E-ATT-MARK"
        return _notice(
            shared, row, "unreadable" if unreadable else "refused", said, _Turn(left, None if waits else again, waits)
        )
    result = found.get(about.attempt_id)
    if result is None:
        return None
    if result.state == VOID:
        return _notice(shared, about, "refused", (_VOIDED,), _Turn(left, again))
    trying = _may_try(shared, rows, found, kept, opened)
    made = _graded(shared, about, result, kept.get(about.attempt_id), _Turn(left, again, trying=trying))
    return made if row is about else replace(made, summary=(into(_SAME, shared.lang), *made.summary))


def _may_try(
    shared: Module, rows: Sequence[Row[Any]], found: Mapping[str, Result], kept: Mapping[str, Standing], opened: int
) -> bool:
    """Say whether the person may hand in again to pass: what tells the key is kept back until then."""
    accepted = [r.attempt_id for r in rows if r.state == "accepted"]
    held = [kept.get(name) or found.get(name) for name in accepted]
    passed = any(
        pass_rule.passes(shared.rule, h.state, h.score, h.max_score, h.critical_met, h.component_met)
        for h in held
        if h is not None
    )
    return not passed and len(accepted) < shared.limit + opened


def aside(shared: Module, row: Row[Any]) -> Page:
    """Return the notice for a hand-in that belongs to nobody we know."""
    said = (_ASIDE.get(row.code, _("Bài nộp chưa xếp được vào học phần nào.")), _KEPT_FILES)
    return _notice(shared, row, "unreadable", said, _Turn(shared.limit, None))


def _notice(shared: Module, row: Row[Any], state: PageState, said: tuple[str, ...], turn: _Turn) -> Page:
    """Return a page without questions: why this hand-in does not count, and when to hand in again."""
    code = row.content_hash[:8].upper()
    data = PageData(
        shared.name,
        row.number,
        state,
        None,
        None,
        None,
        None,
        turn.left,
        shared.iso(turn.again),
        code,
        into(said[0], shared.lang),
    )
    return _assembled(shared, row, data, said, (), turn)


def _graded(shared: Module, row: Row[Any], result: Result, kept: Standing | None, turn: _Turn) -> Page:
    holds = kept or result
    score, most = holds.score or Decimal(0), holds.max_score or Decimal(0)
    state: PageState = "not_passed"
    if holds.state == "pending_manual":
        state, turn = "pending_manual", replace(turn, again=None)
    elif pass_rule.passes(shared.rule, holds.state, score, most, holds.critical_met, holds.component_met):
        state = "passed"
    need = round(pass_rule.needed(shared.rule, most), 2)
    summary = _summary(shared, result, holds, need, state)
    if kept:
        now = shared.number(result.score or 0)
        summary = (
            *summary,
            (
                _(
                    "Đáp án đã được sửa sau khi anh/chị đạt: theo đáp án mới, bài này được {now} điểm. Kết quả "
                    "đạt vẫn giữ nguyên.",
                    now=now,
                )
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
        reason=into(summary[0], shared.lang),
    )
    return _assembled(shared, row, data, summary, _items(shared, row, result, trying=turn.trying), turn)


def _summary(
    shared: Module, result: Result, holds: Result | Standing, need: Decimal, state: PageState
) -> tuple[str, ...]:
    """Return the result in sentences: never a total that looks final while something is not graded."""
    states = [i["state"] for i in result.items]
    score, most = shared.number(holds.score or 0), shared.number(holds.max_score or 0)
    if state == "pending_manual":
        waiting = [i for i in result.items if i["state"] == "pending_manual"]
        more = sum((Decimal(str(i["max_points"])) - Decimal(str(i["automatic"])) for i in waiting), Decimal(0))
        said = [
            _(
                "Máy đã chấm được {score} điểm; còn {count} câu chờ người chấm, nhiều nhất {more} điểm nữa.",
                score=score,
                count=len(waiting),
                more=shared.number(more),
            )
        ]
    else:
        said = [_("Điểm: {score} trên {most}. Mức đạt: {need} điểm.", score=score, most=most, need=shared.number(need))]
    answered = len(states) - states.count("blank")
    said.append(_("Anh/chị đã trả lời {count} trên {total} câu.", count=answered, total=len(states)))
    if "invalid" in states:
        said.append(_("Có {count} câu chưa chấm được; lý do ghi ở từng câu.", count=states.count("invalid")))
    if holds.critical_met is not None and state != "pending_manual":
        said.append(
            _("Câu trọng yếu: đạt.") if holds.critical_met else _("Câu trọng yếu: chưa đạt, nên chưa đạt học phần.")
        )
    if holds.component_met is False and state != "pending_manual":
        said.append(_("Có câu cần đạt mức tối thiểu riêng mà chưa đạt, nên chưa đạt học phần."))
    return tuple(said)


def _items(shared: Module, row: Row[Any], result: Result, *, trying: bool) -> tuple[ItemView, ...]:
    """Return the questions that count, with feedback only where it is about the key that gave the points."""
    answers = orjson.loads(row.answers)
    comments: Mapping[str, str] = json.loads(result.note) if result.note.startswith("{") else {}
    asked = shared.asked(row.attempt_id)
    fresh = result.key_version == asked.key_version
    views = []
    for score in result.items:
        name = score["id"]
        if name in asked.public:
            answer = answers.get(name, {"value": None, "variant": 0})
            notes = asked.notes(name, answer["value"], answer["variant"], trying=trying) if fresh else ()
            said = str(comments.get(name) or comments.get(name + MANUAL_PART) or "")
            views.append(
                item_view(asked.public[name], answer["value"], answer["variant"], score, notes, said, shared.lang)
            )
    return tuple(views)


def _assembled(
    shared: Module, row: Row[Any], data: PageData, said: tuple[str, ...], views: tuple[ItemView, ...], turn: _Turn
) -> Page:
    submitted = _("nộp lúc {at}", at=shared.local(datetime.fromisoformat(row.submitted_at)))
    headline = into(_HEADLINES[data.state], shared.lang).format(shared.name)
    summary = tuple(into(sentence, shared.lang) for sentence in said)
    then = into(_next_step(shared, data, turn), shared.lang)
    about = into(submitted, shared.lang)
    return Page(shared.title, row.person_id, about, headline, summary, then, views, data)


def _next_step(shared: Module, data: PageData, turn: _Turn) -> str:
    if data.state == "passed":
        return _("anh/chị đọc phản hồi, rồi học tiếp học phần sau.")
    if data.state == "pending_manual" or turn.waits:
        return _("anh/chị chưa cần làm gì; kết quả sẽ hiện ở đây khi chấm xong.")
    if not turn.left:
        return _("anh/chị đã dùng hết lượt. Hãy liên hệ điều phối viên để được kèm cặp và mở thêm lượt.")
    begin = _("từ {again}", again=shared.local(turn.again)) if turn.again else _("ngay bây giờ")
    return _("anh/chị sửa bài rồi nộp lại được {begin}; còn {left} lượt.", begin=begin, left=turn.left)
