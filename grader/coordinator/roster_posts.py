"""The widgets for single posts: states that cannot be true with a button each; one post added, ended or corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from typing import Any

import ipywidgets

from course.words import _, into, joined
from grader.coordinator import roster_view
from grader.coordinator.roster_desk import RosterDesk
from grader.coordinator.view import notice
from grader.roster.occupancy import State
from grader.roster.todo import Task

_MOST_STATES = 30


class Posts:
    """``box`` is what it shows; ``kindly`` runs an act, a failure becomes a sentence; ``after`` tells of success."""

    def __init__(
        self, desk: RosterDesk, kindly: Callable[[Callable[[], None]], None], after: Callable[[str], None]
    ) -> None:
        self._desk, self._kindly, self._after, say = desk, kindly, after, self._say
        wide = {"description_width": "7.5rem"}
        self._doubts, self._work = ipywidgets.VBox([]), ipywidgets.VBox([])
        self._file = _text("")
        self._search = ipywidgets.Text(
            description=say(_("Tìm")), placeholder=say(_("họ tên, mã hoặc đơn vị")), continuous_update=False, style=wide
        )
        self._search.observe(lambda event: self._kindly(lambda: self._found(event["new"])), names="value")
        self._post = ipywidgets.Dropdown(
            description=say(_("Chức vụ")), style=wide, options=[(say(_("(tìm trước)")), None)]
        )
        self._day = ipywidgets.Text(description=say(_("Ngày")), placeholder=say(_("ngày/tháng/năm")), style=wide)
        self._end = ipywidgets.Button(description=say(_("Ghi ngày này là ngày cuối giữ chức")))
        self._right = ipywidgets.Button(description=say(_("Sửa ngày bắt đầu thành ngày này")))
        self._who = ipywidgets.Text(
            description=say(_("Người")), placeholder=say(_("mã cán bộ, hoặc họ tên người mới")), style=wide
        )
        self._unit = ipywidgets.Combobox(
            description=say(_("Đơn vị")), placeholder=say(_("gõ vài chữ rồi chọn")), style=wide
        )
        self._kind = ipywidgets.Dropdown(description=say(_("Giữ chức")), style=wide, options=desk.posts())
        self._start = ipywidgets.Text(description=say(_("Từ ngày")), placeholder=say(_("ngày/tháng/năm")), style=wide)
        self._decision = ipywidgets.Text(description=say(_("Số QĐ")), placeholder=say(_("có thể để trống")), style=wide)
        self._add = ipywidgets.Button(description=say(_("Thêm chức vụ")))
        self._end.on_click(lambda _event: self._kindly(self._ended))
        self._right.on_click(lambda _event: self._kindly(self._corrected))
        self._add.on_click(lambda _event: self._kindly(self._added))
        buttons = ipywidgets.HBox([self._end, self._right])
        buttons.add_class("md-co-buttons")
        one = ipywidgets.VBox([self._search, self._post, self._day])
        new = ipywidgets.VBox([self._who, self._unit, self._kind, self._start, self._decision])
        for fields in (one, new):
            fields.add_class("md-co-choices")
        head = _text("<h2>" + say(_("Sửa một người")) + "</h2>")
        below = _text("<h3>" + say(_("Thêm một chức vụ")) + "</h3>")
        self._one = ipywidgets.VBox([head, one, buttons, below, new, self._add])
        self.box = ipywidgets.VBox([self._work, self._doubts, self._one])

    def _say(self, text: str) -> str:
        return into(text, self._desk.lang)

    def refresh(self) -> None:
        """Read the stored roster again."""
        units = self._desk.units()
        self._units = dict(units)
        self._unit.options = tuple(name for name, _id in units)
        self._one.layout.display = "" if units else "none"
        self._work.children = tuple(self._tasks())
        doubts = self._desk.doubts()
        lines: list[Any] = []
        if doubts.states:
            lines.append(_text("<h2>" + self._say(_("Chức vụ không thể cùng đúng")) + "</h2>"))
            told = [finding for finding in doubts.told if finding.code == "ROS-W19"]
            lines += [_text(notice(finding.message(self._desk.lang))) for finding in told]
            places = [finding for finding in doubts.told if finding.code == "ROS-W18"]
            for state, finding in list(zip(doubts.states, places, strict=False))[:_MOST_STATES]:
                lines.append(_text(f"<p>{escape(finding.message(self._desk.lang))}</p>"))
                if state.ends:
                    lines.append(self._button(state))
        self._doubts.children = tuple(lines)

    def _tasks(self) -> Iterator[Any]:
        """Yield what is to be done about the stored list, each with a button where the page can do it."""
        tasks = self._desk.tasks()
        if tasks:
            yield _text(f"<h2>{self._say(_('Việc cần làm với danh sách'))}</h2>")
        for task in tasks:
            said = f"{escape(self._say(task.said))} ({len(task.findings)})"
            places = roster_view.findings(task.findings, self._desk.lang)
            yield _text(f"<details><summary>{said}</summary>{places}</details>")
            if self._desk.about(task):
                yield self._pressed(_("Chọn những chức vụ này để ghi ngày thôi"), partial(self._chosen, task))
        if self._desk.rejected_now():
            yield self._pressed(_("Lập tệp các dòng bị loại để tải về"), self._written)
            yield self._file

    def _pressed(self, said: str, act: Callable[[], None]) -> Any:
        button = ipywidgets.Button(description=self._say(said))
        button.on_click(lambda _event: self._kindly(act))
        return button

    def _chosen(self, task: Task) -> None:
        self._post.options = self._desk.about(task)
        self._post.index = 0 if self._post.options else None  # the widget keeps "nothing" where only the list is new
        self._search.value = ""
        self._day.focus()

    def _written(self) -> None:
        address, name = self._desk.write_rejected()
        self._file.value = f'<a href="{escape(address)}" download="{escape(name)}">{escape(name)}</a>'

    def _button(self, state: State) -> Any:
        said = joined(
            ", ", (_("{person} đến {day}", person=post.written_id, day=f"{last:%d/%m/%Y}") for post, last in state.ends)
        )
        button = ipywidgets.Button(description=self._say(_("Ghi thôi giữ chức: {said}", said=said)))
        done = _("Đã ghi: {said}.", said=said)
        button.on_click(lambda _event: self._kindly(lambda: self._done(done, self._desk.end_all(state))))
        return button

    def _done(self, told: str, effects: Any) -> None:
        moved = "; ".join(one.said() for one in effects)
        self._after(_("{told} {moved}. Nhầm thì bấm «Quay lại bản trước».", told=told, moved=moved))

    def _found(self, written: str) -> None:
        found = self._desk.find(written)
        if written.strip():
            self._post.options = found or [(self._say(_("(không tìm thấy)")), None)]

    def _ended(self) -> None:
        which = self._post.value
        if which is not None:
            self._done(
                _("Đã ghi ngày thôi giữ chức của {person}.", person=which.person_id),
                self._desk.end(which, self._day.value),
            )

    def _corrected(self) -> None:
        which = self._post.value
        if which is not None and self._day.value.strip():
            self._done(
                _("Đã sửa ngày bắt đầu của {person}.", person=which.person_id),
                self._desk.correct(which, self._day.value),
            )

    def _added(self) -> None:
        unit = self._units.get(self._unit.value, self._unit.value)
        effects = self._desk.add(self._who.value, unit, self._kind.value, self._start.value, self._decision.value)
        self._done(_("Đã thêm chức vụ của {person}.", person=self._who.value), effects)
        self._who.value = self._start.value = self._decision.value = ""


def _text(value: str) -> Any:  # ipywidgets has no types
    return ipywidgets.HTML(value, layout={"width": "100%"})
