"""Where a cadre stands in each module, and what is to be done now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from course import start_page
from course.answers import ZONE
from course.fetched import standing
from course.fetched.standing import Standing
from course.host.content.releases import FEEDBACK, STANDING, Course
from course.host.store.learning import HandedIn
from course.published import Rule
from course.start_page import STATES, Result
from course.words import _, into, joined, when


@dataclass(frozen=True, slots=True)
class Visit:
    """One hand-in and its feedback page; ``page`` is ``None`` until it is there."""

    done: HandedIn
    result: Result | None
    page: Path | None


@dataclass(frozen=True, slots=True)
class Status:
    """One module: its state (a key of ``STATES``), what is said of it, and what there is to open.

    Attributes:
        rule: what the course says of it.
        state, label, detail: where the cadre stands, in words.
        lesson, exercise: whether there is such a page.
        visits: hand-ins, oldest first.
    """

    rule: Rule
    state: str
    label: str
    detail: str
    lesson: bool
    exercise: bool
    visits: tuple[Visit, ...]

    @property
    def module(self) -> str:
        """Such as ``M02``."""
        return self.rule.module


@dataclass(frozen=True, slots=True)
class Now:
    """The one thing to do now.

    What it is called, where it leads (``page``: ``lesson``, ``exercise``, ``feedback`` of ``attempt``, or nothing),
    and a line.
    """

    module: str
    page: str
    label: str
    line: str
    attempt: int = 0


def _digest(done: HandedIn) -> str:
    """Return nbgrader's hash of a hand-in's secret, under which what is about it is published."""
    return hashlib.md5((done.secret + done.module).encode(), usedforsecurity=False).hexdigest()


def feedback_of(course: Path, done: HandedIn) -> Path:
    """Return where the feedback of a hand-in is once it is released: nbgrader's hash of its secret."""
    return course / FEEDBACK / f"{_digest(done)}.html"


def standing_of(course: Path, done: Sequence[HandedIn]) -> Standing | None:
    """Return where somebody stands in a module, as the ledger says; ``None`` while it has read none of the hand-ins."""
    for one in reversed(done):
        try:
            found = standing.read((course / STANDING / f"{_digest(one)}.json").read_bytes())
        except OSError:
            continue
        if found is not None:
            return found
    return None


def stopped(known: Standing | None, done: Sequence[HandedIn], wait_hours: int, now: datetime) -> str:
    """Return why a hand-in would be refused now; empty when it would be taken.

    While the ledger has not read the newest hand-in, the time between two is all that is known.
    """
    if known is not None and (why := known.stopped(now)):
        return why
    if not done or (known is not None and done[-1].code in known.states):
        return ""
    again = datetime.fromisoformat(done[-1].at) + timedelta(hours=wait_hours)
    if now >= again:
        return ""
    return _("Bài vừa nộp đang được nhận. Lượt sau nộp được từ {again}.", again=when(again.isoformat()))


def following(known: Standing | None, now: datetime) -> str:
    """Return what comes after the attempts so far, as the ledger says; empty where nothing does or is known."""
    if known is None or known.passed:
        return ""
    return known.stopped(now) or _("Còn {left} lượt.", left=known.left)


def visits(course: Path, done: Sequence[HandedIn]) -> tuple[Visit, ...]:
    """Return the hand-ins of one module with what their feedback pages say."""
    found = []
    for one in done:
        page = feedback_of(course, one)
        try:
            found.append(Visit(one, start_page.read_result(page.read_bytes()), page))
        except OSError:
            found.append(Visit(one, None, None))
    return tuple(found)


def status(course: Course, rule: Rule, done: Sequence[HandedIn], begun: int) -> Status:
    """Return where somebody stands in a module.

    Args:
        course: as released.
        rule: of the module.
        done: the hand-ins of this person to it, oldest first.
        begun: answers stored in the attempt that is being worked on.
    """
    module = course.there(rule.module)
    seen = visits(course.folder, done)
    lesson, exercise = bool(module and module.lesson), bool(module and module.exercise)
    total = sum(not i["withdrawn"] for i in module.exercise.items) if module and module.exercise else 0
    known = standing_of(course.folder, done)
    state, detail = _state(rule, seen, known, (begun, total)) if exercise else _without(rule, lesson=lesson)
    return Status(rule, state, STATES[state], detail, lesson, exercise, seen)


def _without(_rule: Rule, *, lesson: bool) -> tuple[str, str]:
    if lesson:
        return "practice", _("Không có bài tập chấm điểm.")
    return "missing", _("Học phần này chưa được phát.")


def _state(rule: Rule, seen: Sequence[Visit], known: Standing | None, answered: tuple[int, int]) -> tuple[str, str]:
    """Return state and detail: what the ledger says, points from the feedback; what is begun where nothing is in."""
    if known is not None:
        return _said(rule, seen, known)
    results = [v.result for v in seen if v.result is not None]
    passed = [r for r in results if r.state == "passed"]
    if passed:  # of a course whose standings are not published
        return "passed", start_page.points(max(passed, key=lambda r: r.points or 0))
    if seen and seen[-1].result is None:
        return "sent", _sent(seen[-1].done)
    if results:
        return start_page.judged(rule, results[-1], len(seen))
    begun, total = answered
    if begun:
        return "working", _("{done} trên {total} câu đã trả lời.", done=min(begun, total), total=total)
    said = _(
        "{total} câu, {points} điểm, mức đạt {pass_mark}.", total=total, points=rule.points, pass_mark=rule.pass_mark
    )
    return "new", said


def _sent(done: HandedIn) -> str:
    return _("Nộp lúc {at}, mã {code}. Kết quả sẽ hiện ở đây sau khi chấm.", at=when(done.at), code=done.code)


def _said(rule: Rule, seen: Sequence[Visit], known: Standing) -> tuple[str, str]:
    """Return state and detail by the ledger's word alone."""
    results = [v.result for v in seen if v.result is not None]
    if known.passed:
        passed = [r for r in results if r.state == "passed"]
        return "passed", start_page.points(max(passed, key=lambda r: r.points or 0)) if passed else ""
    last = seen[-1]
    state = known.states.get(last.done.code, "accepted")
    if state == "accepted":
        return "sent", _sent(last.done)
    if last.result is None and state == "pending_manual":
        return "pending", _("Bài đang đợi người chấm. Chưa có điểm, không phải 0 điểm.")
    if last.result is None:
        return "failed", known.stopped(datetime.now(ZONE)) or _("Còn {left} lượt.", left=known.left)
    again = known.again.isoformat() if known.again else ""
    result = replace(last.result, attempts_left=known.left, next_attempt_at=again)
    return start_page.judged(rule, result, len(seen))


def now(course: Course, standings: Sequence[Status], places: Mapping[str, str], lang: str) -> Now:
    """Return the one thing to do now: first what is begun, then the next module of the track, then nothing."""
    begin = course.about().begin
    if begin and not places and all(s.state in {"new", "practice", "missing"} for s in standings):
        module = course.there(begin)
        if module is not None and module.lesson:
            line = _("Lần đầu học? Anh/chị làm quen cách trả lời trước.")
            return Now(begin, "lesson", into(_("Bắt đầu"), lang), into(line, lang))
    for one in standings:
        if one.state in {"passed", "sent", "pending", "practice", "missing"}:
            continue
        return _step(one, places, lang)
    waiting = [s.rule.module for s in standings if s.state in {"sent", "pending"}]
    if waiting:
        line = _("Bài đã nộp đang chờ kết quả: {modules}.", modules=joined(", ", waiting))
        return Now("", "", "", into(line, lang))
    return Now("", "", "", into(_("Anh/chị đã làm xong mọi học phần của lộ trình."), lang))


def _step(one: Status, places: Mapping[str, str], lang: str) -> Now:
    name, title = one.rule.module, f"{one.rule.module} · {one.rule.title}"
    if one.state == "failed":
        return Now(name, "feedback", into(_("Xem phản hồi rồi làm lại"), lang), title, one.visits[-1].done.attempt)
    if one.state == "working":
        return Now(name, "exercise", into(_("Làm tiếp bài tập"), lang), title)
    if one.lesson:
        label = _("Học tiếp") if name in places else _("Vào học")
        return Now(name, "lesson", into(label, lang), title)
    return Now(name, "exercise", into(_("Làm bài tập"), lang), title)
