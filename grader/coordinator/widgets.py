"""The widgets of the coordinator's page: choices, figures, then tools.

Every change is answered in the course's language, whatever happens.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, Protocol

import ipywidgets

from course.vietnamese import read_day
from course.words import _, into
from grader.coordinator.view import Asked, Offered, PartRow, Shown, notice
from grader.ground.errors import ModuongError

_LOG = logging.getLogger("moduong.coordinator")
STYLE = (Path(__file__).parent / "templates" / "coordinator.css").read_text(encoding="utf-8")
_ALL_CORPORATIONS, _ALL_UNITS = _("Tất cả tổng công ty"), _("Tất cả đơn vị")
_NAMED = _("Nêu tên người còn thiếu và hiện cả nhóm nhỏ (MẬT)")
_SURE = _("Tôi được giao xem danh sách cá nhân. Mỗi danh sách mở ra hoặc tải về đều được ghi nhật ký.")


class Answers(Protocol):
    """Who answers, and in which language: ``grader.coordinator.page``."""

    lang: str

    def look(self, asked: Asked) -> Shown:
        """Return what is to be shown."""

    def save(self, asked: Asked) -> tuple[Sequence[tuple[str, str, str]], str]:
        """Write the report; return label, address and file name of each file, and a sentence about what is missing."""

    def reload(self) -> None:
        """Forget what was read, so that the next look reads roster and results again."""


def _text(value: str = "") -> Any:  # ipywidgets has no types
    return ipywidgets.HTML(value, layout={"width": "100%"})


class Board:
    """The page. ``box`` is what the notebook shows."""

    def __init__(self, answers: Answers, asked: Asked) -> None:
        """Show ``asked`` first."""
        self._answers, self._asked, self._busy, say = answers, asked, False, self._say
        wide = {"description_width": "7.5rem"}
        # text, since a date field follows the browser's language: 01/11 may then be the eleventh of January
        self._day = ipywidgets.Text(
            value=f"{asked.day:%d/%m/%Y}",
            description=say(_("Ngày chốt")),
            placeholder="31/10/2026",
            continuous_update=False,
            style=wide,
        )
        self._target = ipywidgets.Dropdown(description=say(_("Chỉ tiêu")), disabled=True, style=wide)
        self._corporation = ipywidgets.Dropdown(description=say(_("Tổng công ty")), disabled=True, style=wide)
        self._unit = ipywidgets.Dropdown(description=say(_("Đơn vị")), disabled=True, style=wide)
        self._named = ipywidgets.Checkbox(value=False, description=say(_NAMED), indent=False)
        self._sure = ipywidgets.Button(description=say(_("Mở danh sách cá nhân")))
        self._ask = ipywidgets.VBox([_text(notice(say(_SURE), "secret")), self._sure])
        self._again = ipywidgets.Button(description=say(_("Đọc lại số liệu")))
        self._save = ipywidgets.Button(description=say(_("Lập tệp báo cáo để tải về")))
        self._files, self._told, self._head, self._list_head, self._rest = (_text() for _ in range(5))
        self._rows = ipywidgets.VBox([])
        self._up = ipywidgets.Button(description=say(_("↑ Lên một cấp")))
        self._watch()
        choices = ipywidgets.VBox([self._day, self._target, self._corporation, self._unit])
        choices.add_class("md-co-choices")
        above = ipywidgets.HBox([self._list_head, self._up])
        above.add_class("md-co-above")
        buttons = ipywidgets.HBox([self._again, self._save])
        buttons.add_class("md-co-buttons")
        tools = ipywidgets.VBox([buttons, self._files, self._named, self._ask])
        tools.add_class("md-co-tools")
        heading = escape(say(_("Số liệu bồi dưỡng cán bộ")))
        title = _text(f"<style>{STYLE}</style><h1>{heading}</h1>")
        # the answer first: what is done with it, and how it was computed, comes below it
        self.box = ipywidgets.VBox([title, choices, self._told, self._head, above, self._rows, tools, self._rest])
        self.box.add_class("md-co")
        self._answer()

    def _say(self, text: str) -> str:
        return into(text, self._answers.lang)

    def _notice(self, text: str, kind: str = "warn") -> str:
        return notice(self._say(text), kind)

    def _watch(self) -> None:
        for widget, field in ((self._target, "target"), (self._corporation, "corporation"), (self._unit, "unit")):
            widget.observe(self._chosen(field), names="value")
        self._day.observe(self._dated, names="value")
        self._named.observe(self._asked_for_names, names="value")
        self._sure.on_click(lambda _: self._change(named=True))
        self._again.on_click(lambda _: self.read_again())
        self._save.on_click(lambda _: self._kindly(self._write))
        self._up.on_click(
            lambda _: self._change(unit="") if self._asked.unit else self._change(corporation="", unit="")
        )

    def _chosen(self, field: str) -> Callable[[Any], None]:
        def changed(event: Any) -> None:
            if self._busy or event["new"] is None:
                return
            more = (
                {"unit": ""} if field == "corporation" else {"corporation": "", "unit": ""} if field == "target" else {}
            )
            self._change(**{field: event["new"]}, **more)

        return changed

    def _dated(self, event: Any) -> None:
        self._change(day=read_day(event["new"]) or self._asked.day)

    def _asked_for_names(self, event: Any) -> None:
        """Names need the tick and the button; taking the tick away hides them at once."""
        if not event["new"] and self._asked.named:
            self._change(named=False)
        self._arrange()

    def read_again(self) -> None:
        """Read roster and results again, and answer."""
        self._answers.reload()
        self._answer()

    def _change(self, **fields: Any) -> None:
        self._asked = replace(self._asked, **fields)
        self._files.value = ""
        self._answer()

    def _answer(self) -> None:
        if read_day(self._day.value) is None:  # figures of another day than the one written would mislead
            self._clear(
                _("«{value}» không phải ngày; hãy viết ngày/tháng/năm, ví dụ 31/10/2026.", value=self._day.value)
            )
            return
        self._told.value = self._notice(_("Đang tính…"), "calm")
        self._kindly(self._show)

    def _kindly(self, act: Callable[[], None]) -> None:
        """Do it; whatever happens, the coordinator reads a sentence, and never old figures under a new date."""
        try:
            act()
        except ModuongError as error:
            self._clear(f"{error.code}: {error.text(self._answers.lang)}")
        except Exception:  # noqa: BLE001  # a traceback is no use to a coordinator; the log has it
            _LOG.exception("coordinator's page")
            self._clear(_("Chưa tính được. Hãy bấm «Đọc lại số liệu»; nếu vẫn vậy, báo người vận hành."))

    def _clear(self, text: str) -> None:
        self._head.value = self._list_head.value = self._rest.value = ""
        self._rows.children = ()
        self._told.value = self._notice(text)
        self._save.disabled = True
        self._arrange()

    def _show(self) -> None:
        answer = self._answers.look(self._asked)
        self._head.value, self._list_head.value, self._rest.value = answer.head, answer.list_head, answer.rest
        self._rows.children = tuple(self._row(row) for row in answer.rows)
        self._told.value = (
            self._notice(_("MẬT: trang đang nêu tên và số của nhóm nhỏ; bỏ dấu chọn để ẩn."), "secret")
            if self._asked.named
            else ""
        )
        self._save.disabled = False
        self._offer(answer)
        self._arrange()

    def _offer(self, answer: Shown) -> None:
        """Fill the choices without answering each change."""
        self._busy = True
        try:
            _fill(self._target, answer.targets, self._asked.target)
            _fill(
                self._corporation, ((self._say(_ALL_CORPORATIONS), ""), *answer.corporations), self._asked.corporation
            )
            _fill(self._unit, ((self._say(_ALL_UNITS), ""), *answer.units), self._asked.unit)
        finally:
            self._busy = False
        for widget, choices in (
            (self._target, answer.targets),
            (self._corporation, answer.corporations),
            (self._unit, answer.units),
        ):
            widget.disabled = not choices

    def _arrange(self) -> None:
        self._ask.layout.display = "" if self._named.value and not self._asked.named else "none"
        self._up.layout.display = "" if self._asked.scope else "none"

    def _row(self, row: PartRow) -> Any:
        if row.opens:
            name = ipywidgets.Button(description=row.label, tooltip=self._say(_("Xem {name}", name=row.name)))
            name.on_click(lambda _: self._open(row.unit_id))
        else:
            name = _text(escape(row.label))
        name.add_class("md-co-name")
        line = ipywidgets.HBox([name, _text(row.html)])
        line.add_class("md-co-row")
        return line

    def _open(self, unit_id: str) -> None:
        corporations = {one for _, one in self._corporation.options}
        if unit_id in corporations:
            self._change(corporation=unit_id, unit="")
        else:
            self._change(unit=unit_id)
        self._up.focus()  # the button that was pressed is gone

    def _write(self) -> None:
        self._save.disabled = True
        self._files.value = self._notice(_("Đang lập báo cáo, xin đợi…"), "calm")
        try:
            files, missing = self._answers.save(self._asked)
        except BaseException:
            self._files.value = ""
            raise
        finally:
            self._save.disabled = False
        links = "".join(
            f'<li><a href="{escape(to)}" download="{escape(name)}">{escape(label)}</a></li>'
            for label, to, name in files
        )
        self._files.value = f"<ul>{links}</ul>" + (notice(missing) if missing else "")


def _fill(widget: Any, choices: Sequence[Offered], chosen: str) -> None:
    if tuple(widget.options) != tuple(choices):
        widget.options = choices
    ids = {one for _, one in choices}
    widget.value = chosen if chosen in ids else ("" if "" in ids else None)
