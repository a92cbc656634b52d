"""Handing in from the page: says what is unanswered, asks once, submits, shows the receipt."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from course import handin, published
from course.answers import ZONE, AnswersError
from course.exchange import Exchange, ExchangeProblem
from course.widgets import asked, code, words_of
from course.words import _, into, spoken

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
        self.state = spoken({**state_of(self.desk), "stopped": stopped(self.desk)}, self.desk.module.language)

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
        if self.state["stopped"]:
            self._problem(self.state["stopped"])
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


def stopped(desk: Desk) -> str:
    """Return why a hand-in would be refused now, by the ledger's word; empty where it is taken, or nothing is known."""
    exchange = _exchange(desk)
    found = exchange.standing(desk.module.module) if exchange else None
    return found.stopped(datetime.now(ZONE)) if found else ""


def state_of(desk: Desk) -> dict[str, Any]:
    """Return what the hand-in widget shows, as plain data."""
    kept = handin.receipts(desk.module.folder)
    receipts = [asdict(receipt) for receipt in kept]
    sheet = asked.Sheet(desk.module.items, desk.store.blank.person, len(kept) + 1)
    found = asked.sheet(sheet, desk.now(), receipts, wait_hours=_wait_hours())
    return {**found, "by_file": not published.exchange_root()}


def standing(handed_in: str, *, same: bool) -> str:
    """Return where the cadre stands after a hand-in, as ``asked.after`` says it."""
    return asked.after(handed_in, _wait_hours(), same=same)


def _wait_hours() -> int | None:
    try:
        return published.read(published.exchange_root()).wait_hours
    except (OSError, ValueError, KeyError, TypeError):  # a course without a rule
        return None
