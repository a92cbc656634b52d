"""What a cadre's notebook calls: ``ask``, ``practice``, ``lab`` and ``home``. A cadre never sees a traceback."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from html import escape
from typing import Any

from course import items, markup, published, released
from course.answers import Answer
from course.labs.shared import play
from course.released import NotShown
from course.words import SOURCE, _, into

_LOG = logging.getLogger("moduong.page")
_LOG.addHandler(logging.NullHandler())
_BOXES: dict[str, Any] = {}
_NEWER = _(
    "Câu này thuộc loại mà phần mềm trên máy này chưa có. Câu trả lời đã lưu vẫn còn. Anh/chị báo điều phối viên để "
    "được cập nhật."
)


def _html(text: str) -> Any:  # IPython has no types
    from IPython.display import HTML

    return HTML(text)


def _kindly(show: Callable[[str], Any]) -> Callable[[str], Any]:
    """Let ``show`` say in Vietnamese what could not be shown: whatever happens, the cadre reads a sentence."""

    @functools.wraps(show)
    def shown(name: str) -> Any:
        try:
            return show(name)
        except NotShown as error:
            return _html(markup.notice(into(error.args[0], _language())))
        except items.UnknownType:
            return _html(markup.notice(into(_NEWER, _language())))
        except Exception:  # noqa: BLE001  # the log has it; a traceback is no use to a cadre
            _LOG.exception("could not show %r", name)
            text = _(
                "Chưa hiện được mục {value}. Câu trả lời đã lưu vẫn còn. Anh/chị tải lại trang; nếu vẫn vậy, báo "
                "điều phối viên.",
                value=str(name)[:40],
            )
            return _html(markup.notice(into(text, _language())))

    return shown


def _language() -> str:
    """Return the language of this folder's module; the start page and a broken folder speak the course's."""
    try:
        return released.here().language
    except NotShown:
        return published.read(published.exchange_root()).language


@_kindly
def ask(name: str) -> Any:  # a widget, or HTML
    """Show a graded question of this folder's module: to answer it, or, under nbgrader, with the answer as text."""
    module = released.here()
    item = module.item(name)
    if released.graded_by_program():
        answer = released.current(module).answers.get(name, Answer(None))
        text = into(items.readable(item, answer.value, answer.variant), module.language)
        return _html(f'<div style="white-space:pre-wrap">{escape(text)}</div>')
    from course.widgets import question  # nbgrader and the grader's tests need no widgets

    return question.graded(module, item)


@_kindly
def practice(name: str) -> Any:
    """Show a practice question with feedback at once; nothing is stored."""
    item = released.practice_item(name)
    if released.graded_by_program():
        return _html(markup.block(into(items.told(item), str(item.get("language") or SOURCE))))
    from course.widgets import question

    return question.practice(item)


@_kindly
def lab(name: str) -> Any:
    """Show a lab with its version on paper; where there are no widgets, the version on paper alone."""
    if name not in play.names():
        raise NotShown(_("Không có phòng thực hành «{value}». Anh/chị báo điều phối viên.", value=str(name)[:40]))
    lang = _language()
    on_paper = markup.block(play.named(name).text())
    if released.graded_by_program():
        return _html(on_paper)
    if name in _BOXES:  # the page was opened again: what was tried is still there, and no second set of widgets is made
        return _BOXES[name]
    try:
        from course.widgets.lab import LabView

        _BOXES[name] = LabView(name, on_paper, lang)
    except Exception:  # noqa: BLE001  # a lab that fails still has its version on paper
        _LOG.exception("lab %s", name)
        return _html(
            markup.notice(into(_("Phòng thực hành này chưa chạy được trên máy này; anh/chị làm bản trên giấy."), lang))
            + on_paper
        )
    return _BOXES[name]


def home() -> Any:
    """Show the start page: the modules of my track and where I stand."""
    return _home("")


@_kindly
def _home(_name: str) -> Any:
    from course.widgets import progress

    return progress.shown_for(released.HERE)
