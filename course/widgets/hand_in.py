"""Handing in from the page: says what is unanswered, asks once, submits, shows the receipt."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from course import handin, items, published, shown
from course.answers import ZONE, AnswersError
from course.exchange import Exchange, ExchangeProblem
from course.widgets import code, words_of
from course.words import _, into, spoken, when

if TYPE_CHECKING:
    from course.widgets.question import Desk

_LOG = logging.getLogger("moduong.page")
_GONE = _("CHƯA NỘP ĐƯỢC. Thư mục bài làm không còn ở chỗ cũ. Anh/chị giữ nguyên trang này và báo điều phối viên.")
_NOTHING_LOST = _("Câu trả lời vẫn còn nguyên trên máy; anh/chị thử lại sau, hoặc báo điều phối viên.")


class HandIn(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget's types are not followed
    """The end of an exercise: progress, "Nộp bài", receipt."""

    _FILES = ("dom.js", "hand_in.js")
    _esm = code(*_FILES)
    _css = code("hand_in.css")  # questions stand above it and bring theirs
    state = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, desk: Desk) -> None:
        """Follow ``desk``: every stored answer changes what is unanswered."""
        super().__init__()
        self.desk = desk
        self.words = words_of(desk.module.language, *self._FILES)
        self.refresh()
        desk.listeners.append(self)
        self.on_msg(self._hear)

    def refresh(self) -> None:
        """Work out again what the page shows."""
        self.state = spoken(state_of(self.desk), self.desk.module.language)

    def _hear(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, Mapping):
            return
        if content.get("kind") == "look":
            self.desk.look()
        elif content.get("kind") == "check":
            self.desk.look()
            self.send({"kind": "checked"})
        elif content.get("kind") == "submit":
            self._submit()

    def _submit(self) -> None:
        """Hand in once; a second click on unchanged answers shows the receipt again."""
        self.refresh()
        if self.state["same"]:
            self.send({"kind": "done"})
            return
        try:
            exchange = _exchange(self.desk)
            if exchange is None:
                parcel = handin.pack(self.desk.module.folder)
                self.send({"kind": "file", "name": parcel.name}, [parcel.content])
            else:
                handin.hand_in(self.desk.module.folder, exchange)
        except FileNotFoundError:
            there = self.desk.module.folder.is_dir()
            self._problem(_("Chưa có câu trả lời nào để nộp.") if there else _GONE)
        except (ExchangeProblem, AnswersError, OSError) as error:
            _LOG.exception("hand-in")
            why = error.args[0] if isinstance(error, ExchangeProblem | AnswersError) else _("Không ghi được bài nộp.")
            self._problem(_("CHƯA NỘP ĐƯỢC. {why} {nothing_lost}", why=why, nothing_lost=_NOTHING_LOST))
        else:
            self.refresh()
            self.send({"kind": "done"})

    def _problem(self, text: str) -> None:
        self.send({"kind": "problem", "text": into(text, self.desk.module.language)})


def _exchange(desk: Desk) -> Exchange | None:
    root, module = published.exchange_root(), desk.module
    return Exchange(root, module.course, desk.store.blank.person, module.home) if root else None


def state_of(desk: Desk) -> dict[str, Any]:
    """Return what the hand-in widget shows, as plain data."""
    answers = desk.now()
    asked = [item["id"] for item in desk.module.items if not item["withdrawn"]]
    missing = [name for name in asked if name not in answers.answers or items.is_blank(answers.answers[name].value)]
    partial = []
    for item in desk.module.items:
        given = answers.answers.get(item["id"])
        if (
            given is not None
            and item["id"] in asked
            and item["id"] not in missing
            and (left := shown.open_parts(item, given.variant, given.value))
        ):
            partial.append(
                {"id": item["id"], "title": _("{item}: còn {left} ý", item=shown.title(item["id"]), left=left)}
            )
    kept = handin.receipts(desk.module.folder)
    last = kept[-1] if kept else None
    same = last is not None and last.code == handin.receipt_code(answers)
    return {
        "total": len(asked),
        "missing": [{"id": name, "title": shown.title(name)} for name in missing],
        "partial": partial,
        "person": desk.store.blank.person,
        "attempt": len(kept) + 1,
        "by_file": not published.exchange_root(),
        "same": same,
        "said": standing(last.at, same=same) if last else "",
        "receipt": {**asdict(last), "at": when(last.at)} if last else None,
    }


def standing(handed_in: str, *, same: bool) -> str:
    """Return where the cadre stands after a hand-in.

    That changes are not handed in, and from when another attempt is taken.
    """
    said = (
        _("Bài đã nộp lúc {handed_in}. Nếu sửa câu trả lời, anh/chị có thể nộp lượt sau.", handed_in=when(handed_in))
        if same
        else _("Bài đã thay đổi so với lần nộp trên. Phần thay đổi chưa được nộp.")
    )
    try:
        wait = published.read(published.exchange_root()).wait_hours
        again = datetime.fromisoformat(handed_in) + timedelta(hours=wait)
        early = datetime.now(ZONE) < again
    except (OSError, ValueError, KeyError, TypeError):  # a receipt that was edited, a course without a rule
        return said
    return (
        _(
            "{said} Lượt sau được nhận từ {again}; nộp sớm hơn thì không được tính.",
            said=said,
            again=when(again.isoformat()),
        )
        if early
        else said
    )
