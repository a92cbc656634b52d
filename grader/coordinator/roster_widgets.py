"""The widgets of the roster part: a file, its questions one sort at a time, the diff, import; versions; one post."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets

from course.words import _, into
from grader.coordinator import roster_view
from grader.coordinator.roster_desk import RosterDesk, Step
from grader.coordinator.roster_posts import Posts
from grader.coordinator.view import notice
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.roster.door.asked import Question

_LOG = logging.getLogger("moduong.coordinator")
_CHOOSE = _("(hãy chọn)")
_HEADS = {
    "column": (_("Bước 1: mỗi cột là gì?"), _("Máy đã đoán; anh/chị xem lại, sửa chỗ sai rồi bấm «Đúng, tiếp tục».")),
    "top": (_("Đơn vị cấp trên"), ""),
    "unit": (_("Bước 2: tên trong danh sách là đơn vị nào?"), _("Xác nhận một lần; lần sau không hỏi lại.")),
    "list": (_("Đây là danh sách gì?"), ""),
    "course": (_("Khóa học ở ngoài"), ""),
    "held": (_("Ngày học"), ""),
    "outside": (_("Ai đã học?"), _("Người không có trong danh sách cán bộ thì không được ghi nhận.")),
    "start": (_("Ngày bắt đầu giữ chức"), ""),
    "person": (
        _("Người trùng họ tên"),
        _("Hai người trùng tên không bao giờ bị gộp làm một nếu anh/chị chưa xác nhận."),
    ),
    "same": (_("Người trùng họ tên trong danh sách"), ""),
    "day": (_("Ngày chưa rõ"), _("Chọn ngày đúng, hoặc gõ ngày/tháng/năm.")),
    "order": (_("Ngày trước hay tháng trước?"), ""),
}
_OTHER = (_("Điều chỉ anh/chị mới biết"), "")


_BEGIN = _(
    "Dùng tệp anh/chị đang có: Excel, LibreOffice hay CSV, không cần chép lại. "
    "Chưa có gì được ghi cho đến khi anh/chị bấm «Nạp vào danh sách»."
)


def text(value: str = "") -> Any:  # ipywidgets has no types
    """Return a piece of HTML as wide as the page."""
    return ipywidgets.HTML(value, layout={"width": "100%"})


class RosterPart:
    """The part of the page. ``box`` is what it shows; ``changed`` is called after the roster has changed."""

    def __init__(self, desk: RosterDesk, rules: Syllabus, changed: Callable[[], None]) -> None:
        self._desk, self._rules, self._changed, say = desk, rules, changed, self._say
        self._file = ipywidgets.FileUpload(description=say(_("Chọn tệp danh sách…")), multiple=False)
        self._file.observe(self._dropped, names="value")
        self._told, self._head, self._diff, self._history = (text() for _ in range(4))
        self._asked = ipywidgets.VBox([])
        self._asked.add_class("md-co-asked")
        self._fields: list[tuple[Question, Any, Any]] = []
        self._next = ipywidgets.Button(description=say(_("Đúng, tiếp tục")))
        self._next.on_click(lambda _event: self._kindly(self._answered))
        self._typed = ipywidgets.Text(description=say(_("Số dòng")), placeholder=say(_("gõ số dòng để đồng ý")))
        self._take = ipywidgets.Button(description=say(_("Nạp vào danh sách")))
        self._take.on_click(lambda _event: self._kindly(self._taken))
        self._stop = ipywidgets.Button(description=say(_("Thôi, không nạp")))
        self._stop.on_click(lambda _event: self._clear(_("Chưa nạp gì.")))
        self._undo = ipywidgets.Button(description=say(_("Quay lại bản trước")))
        self._sure = ipywidgets.Button(description=say(_("Đúng, quay lại bản trước")))
        self._undo.on_click(lambda _event: self._ask_undo())
        self._sure.on_click(lambda _event: self._kindly(self._undone))
        self.posts = Posts(desk, self._kindly, self._after)
        self._correct = ipywidgets.Button(description=say(_("Tệp đúng: sửa ngày bắt đầu đã lưu theo tệp")))
        self._correct.on_click(lambda _event: self._kindly(lambda: self._show(self._desk.correct_starts())))
        buttons = ipywidgets.HBox([self._next, self._take, self._correct, self._stop])
        back = ipywidgets.HBox([self._undo, self._sure])
        for row in (buttons, back):
            row.add_class("md-co-buttons")
        self.box = ipywidgets.VBox([
            text("<h1>" + say(_("Danh sách cán bộ")) + f"</h1><p>{say(_BEGIN)}</p>"),
            self._file, self._told, self._head, self._asked, self._diff, self._typed, buttons,
            self.posts.box, text("<h2>" + say(_("Các bản danh sách")) + "</h2>"), self._history, back,
        ])  # fmt: skip
        self.box.add_class("md-co")
        self._clear("")

    def _say(self, text: str) -> str:
        return into(text, self._desk.lang)

    def _notice(self, text: str, kind: str = "warn") -> str:
        return notice(self._say(text), kind)

    def _kindly(self, act: Callable[[], None]) -> None:
        """Do it; whatever happens, the coordinator reads a sentence."""
        try:
            act()
        except ModuongError as error:
            self._told.value = notice(f"{error.code}: {error.text(self._desk.lang)}")
        except Exception:  # noqa: BLE001  # a traceback is no use to a coordinator; the log has it
            _LOG.exception("coordinator's roster")
            self._told.value = self._notice(_("Chưa làm được việc này. Hãy thử lại; nếu vẫn vậy, báo người vận hành."))

    def _dropped(self, event: Any) -> None:
        files = event["new"]
        if files:
            self._clear(_("Đang đọc tệp, xin đợi…"))
            self._kindly(lambda: self._show(self._desk.read(str(files[0]["name"]), bytes(files[0]["content"]))))
            self._file.value = ()

    def _clear(self, told: str) -> None:
        self._told.value = self._notice(told, "calm") if told else ""
        self._head.value = self._diff.value = ""
        self._asked.children = ()
        self._fields = []
        for widget in (self._next, self._take, self._correct, self._stop, self._typed, self._sure):
            widget.layout.display = "none"
        self._refresh()

    def _refresh(self) -> None:
        known, standing = self._desk.versions()
        self._history.value = roster_view.history(known, standing, self._rules.course.zone, self._desk.lang)
        self._undo.layout.display = "" if len(standing) > 1 else "none"
        self.posts.refresh()

    def _show(self, step: Step) -> None:
        self._told.value = ""
        self._stop.layout.display = ""
        if step.questions:
            self._ask(step.questions)
            return
        self._asked.children = ()
        self._next.layout.display = "none"
        overlapping = any(finding.code == "ROS-06" for finding in step.draft.merged.roster.rejected)
        self._correct.layout.display = "" if overlapping else "none"
        losses = step.draft.losses
        warned = ""
        if losses.many:
            warned = self._notice(
                _(
                    "Lần nạp này kết thúc hoặc gỡ bỏ {total} dòng ({lost}). "
                    "Nếu đúng là như vậy, hãy gõ số {total} vào ô dưới rồi bấm nạp.",
                    total=losses.total,
                    lost=losses.said(),
                )
            )
        self._typed.value = ""
        self._typed.layout.display = "" if losses.many else "none"
        self._take.layout.display = ""
        self._head.value = (
            "<h2>" + self._say(_("Điều sẽ thay đổi")) + "</h2>" + roster_view.effects(step.effects, self._desk.lang)
        )
        self._diff.value = roster_view.diff(step.draft, self._rules.offices, self._desk.lang) + warned

    def _ask(self, questions: Sequence[Question]) -> None:
        title, help_ = _HEADS.get(questions[0].kind, _OTHER)
        self._head.value = f"<h2>{self._say(title)}</h2><p>{self._say(help_)}</p>"
        self._fields = [(question, *_field(question, self._desk.lang)) for question in questions]
        lines = []
        for question, choice, typed in self._fields:
            line = ipywidgets.VBox([text(escape(self._say(question.said))), *filter(None, (choice, typed))])
            line.add_class("md-co-question")
            lines.append(line)
        self._asked.children = tuple(lines)
        self._take.layout.display = self._typed.layout.display = self._correct.layout.display = "none"
        self._diff.value = ""
        self._next.layout.display = ""

    def _answered(self) -> None:
        answers = {}
        for question, choice, typed in self._fields:
            written = typed.value.strip() if typed is not None else ""
            if written and question.typed == "name":
                written = f"new:{written}"
            answer = written or (choice.value if choice is not None else "")
            if not question.takes(answer):
                self._told.value = self._notice(_("Còn thiếu câu trả lời: {question}", question=question.said))
                return
            answers[question.key] = answer
        self._told.value = self._notice(_("Đang đọc, xin đợi…"), "calm")
        self._show(self._desk.answer(answers))

    def _taken(self) -> None:
        typed = self._typed.value.strip()
        saved = self._desk.take(int(typed) if typed.isdigit() else None)
        self._clear("")
        self._after(
            _("Đã nạp danh sách. Bấm «← Về trang số liệu» để xem tỉ lệ.") if saved else _("Không có gì thay đổi.")
        )

    def _after(self, told: str) -> None:
        """Say what was done, and let the figures be read anew."""
        self._told.value = self._notice(told, "calm")
        self._refresh()
        self._changed()

    def _ask_undo(self) -> None:
        self._sure.layout.display = ""
        self._told.value = self._notice(
            _("Danh sách sẽ trở lại đúng như bản trước, từng dòng. Bấm «Đúng, quay lại bản trước».")
        )

    def _undone(self) -> None:
        undone, back = self._desk.undo()
        self._sure.layout.display = "none"
        self._after(
            _(
                "Đã quay lại: bỏ lần «{source}», danh sách lại có {posts} chức vụ.",
                source=undone.source,
                posts=back.rows["posts"],
            )
        )


def _field(question: Question, lang: str) -> tuple[Any, Any]:
    """Return the list of choices and the field to type into; either may be missing."""
    choice = typed = None
    if question.options:
        options = [(into(one.said, lang), one.value) for one in question.options]
        choice = ipywidgets.Dropdown(options=[(into(_CHOOSE, lang), ""), *options], value=question.proposal)
    if question.typed:
        shown = {"day": _("ngày/tháng/năm"), "name": _("hoặc gõ tên tổng công ty"), "text": _("hoặc gõ tên khóa học")}[
            question.typed
        ]
        typed = ipywidgets.Text(placeholder=into(shown, lang))
    return choice, typed
