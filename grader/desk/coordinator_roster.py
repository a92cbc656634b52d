"""The roster on the desk: a list as somebody keeps it → questions → what would change → taken in → undone; one post.

The list is the whole union's, so this page is for a coordinator of everything; the rest see their units' figures.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from course.words import _, into
from grader.coordinator import roster_view
from grader.coordinator.roster_desk import RosterDesk, Step
from grader.desk.frame.base import Desk, DeskPage
from grader.desk.frame.menu import Place
from grader.ground.errors import ModuongError
from grader.roster.door.asked import Question

_NAME = "coordinator_roster"
_SITTINGS = 8
_HEADS = {
    "column": _("Bước 1: mỗi cột là gì?"),
    "top": _("Đơn vị cấp trên"),
    "unit": _("Bước 2: tên trong danh sách là đơn vị nào?"),
    "start": _("Ngày bắt đầu giữ chức"),
    "person": _("Người trùng họ tên"),
    "same": _("Người trùng họ tên trong danh sách"),
    "day": _("Ngày chưa rõ"),
    "order": _("Ngày trước hay tháng trước?"),
}
_OTHER = _("Điều chỉ anh/chị mới biết")
_NEW = "new:"


@dataclass
class Sitting:
    """The list that somebody is taking in, and where it stands."""

    desk: RosterDesk
    step: Step | None = None


def _sittings(desk: Desk) -> OrderedDict[str, Sitting]:
    found: OrderedDict[str, Sitting] = desk.kept.setdefault(_NAME, OrderedDict())
    return found


class Roster(DeskPage):
    """Where the list stands, the versions, and the way to another list."""

    def sitting(self) -> Sitting:
        """Return this person's sitting; made when there is none."""
        kept, login = _sittings(self.desk), self.staff.login
        if login not in kept:
            desk = self.desk
            kept[login] = Sitting(RosterDesk(desk.space, desk.engine, desk.rules, desk.clock, by=login))
            if len(kept) > _SITTINGS:
                kept.popitem(last=False)
        return kept[login]

    async def get(self) -> None:
        await self.show()

    async def show(self, told: str = "", *, good: bool = False) -> None:
        """Answer with the page; ``told`` is what was done, or what is wrong."""
        sitting, lang = self.sitting(), self.lang

        def look() -> dict[str, Any]:
            known, standing = sitting.desk.versions()
            zone = self.desk.rules.course.zone
            return {
                "history": Markup(roster_view.history(known, standing, zone, lang)),  # noqa: S704  # escaped there
                "undoable": len(standing) > 1,
                "diff": self._diff(sitting.step),
            }

        step = sitting.step
        title = _HEADS.get(step.questions[0].kind, _OTHER) if step and step.questions else ""
        found = await self.work(look)
        self.page("coordinator_roster.html", step=step, title=self.say(title), told=told, good=good, **found)

    def _diff(self, step: Step | None) -> Markup:
        if step is None or step.questions:
            return Markup()
        made = roster_view.effects(step.effects, self.lang)
        made += roster_view.diff(step.draft, self.desk.rules.offices, self.lang)
        return Markup(made)  # noqa: S704  # escaped there

    async def kindly(self, act: Callable[[], Any]) -> Any:
        """Do it in the worker; what cannot be done is told on the page, and ``None`` returned."""
        try:
            return await self.work(act)
        except ModuongError as error:
            await self.show(f"{error.code}: {error.text(self.lang)}")
            return None


class Upload(Roster):
    """A file that was chosen."""

    async def post(self) -> None:
        files = self.request.files.get("file", [])
        if not files or not files[0]["filename"]:
            await self.show(self.say(_("Chưa chọn tệp nào.")))
            return
        sitting, name, content = self.sitting(), files[0]["filename"], files[0]["body"]
        sitting.step = None
        step = await self.kindly(lambda: sitting.desk.read(name, content))
        if step is not None:
            sitting.step = step
            await self.note("roster-file", name)
            self.redirect(self.to("danh-sach"))


class Answers(Roster):
    """Answers to the questions of a list."""

    async def post(self) -> None:
        sitting = self.sitting()
        if sitting.step is None:
            self.redirect(self.to("danh-sach"))
            return
        given, missing = self._given(sitting.step.questions)
        if missing:
            await self.show(into(_("Còn thiếu câu trả lời: {question}", question=missing), self.lang))
            return
        step = await self.kindly(lambda: sitting.desk.answer(given))
        if step is not None:
            sitting.step = step
            self.redirect(self.to("danh-sach"))

    def _given(self, questions: Sequence[Question]) -> tuple[dict[str, str], str]:
        """Return the answers, and the first question that has none."""
        answers = {}
        for number, question in enumerate(questions):
            typed = self.get_body_argument(f"t{number}", "").strip()
            if typed and question.typed == "name":
                typed = _NEW + typed
            answer = typed or self.get_body_argument(f"c{number}", "")
            if not question.takes(answer):
                return {}, question.said
            answers[question.key] = answer
        return answers, ""


class Take(Roster):
    """Take the list in, or leave it."""

    async def post(self) -> None:
        sitting = self.sitting()
        if self.get_body_argument("stop", "") == "1" or sitting.step is None:
            sitting.step = None
            await self.show(self.say(_("Chưa nạp gì.")))
            return
        typed = self.get_body_argument("typed", "").strip()
        done = await self.kindly(lambda: [sitting.desk.take(int(typed) if typed.isdigit() else None)])
        if done is None:
            return
        sitting.step = None
        if done[0]:
            await self.note("roster-import")
        told = _("Đã nạp danh sách.") if done[0] else _("Không có gì thay đổi.")
        await self.show(self.say(told), good=True)


class Undo(Roster):
    """Back to the version before."""

    async def post(self) -> None:
        sitting = self.sitting()
        if self.get_body_argument("sure", "") != "1":
            await self.show(self.say(_("Đánh dấu ô xác nhận rồi bấm lại.")))
            return
        done = await self.kindly(sitting.desk.undo)
        if done is not None:
            await self.note("roster-undo", str(done[0].version))
            await self.show(self.say(_("Đã quay lại bản trước.")), good=True)


_ROLES = frozenset({"coordinator"})
PLACES = (
    Place("danh-sach", Roster, _ROLES, _("Danh sách cán bộ"), 30, everywhere=True),
    Place("danh-sach/tep", Upload, _ROLES, everywhere=True),
    Place("danh-sach/tra-loi", Answers, _ROLES, everywhere=True),
    Place("danh-sach/nap", Take, _ROLES, everywhere=True),
    Place("danh-sach/quay-lai", Undo, _ROLES, everywhere=True),
)
