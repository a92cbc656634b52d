"""The question: draws every item type, stores drafts before it acknowledges them, gives feedback in practice."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

import anywidget
import traitlets

from course import identity, items, released, shown
from course.answers import Answer, AnswersError, AnswerSet, AnswerStore
from course.items import Body
from course.released import Released
from course.widgets import asked, code, drawings, styles, words_of
from course.words import SOURCE, _, into

_LOG = logging.getLogger("moduong.page")
_WHY = {
    errno.ENOSPC: _("Ổ đĩa đã đầy."),
    errno.EDQUOT: _("Ổ đĩa của anh/chị đã đầy."),
    errno.ENOENT: _("Thư mục bài làm không còn ở chỗ cũ."),
    errno.EACCES: _("Không có quyền ghi vào thư mục bài làm."),
    errno.EPERM: _("Không có quyền ghi vào thư mục bài làm."),
    errno.EROFS: _("Thư mục bài làm chỉ cho đọc."),
}
Message = dict[str, Any]


@cache
def library(kinds: frozenset[str], lang: str) -> Any:  # a widget
    """Return the code and style of all questions of these types.

    Shows nothing, and goes to the browser once instead of once for each question.
    """
    frame = ("shelf.js", "dom.js", "saving.js", "fields.js")
    said = words_of(lang, *frame, "question.js", *(f"types/{kind}.js" for kind in sorted(kinds)))
    learnt = f"learn({json.dumps(said, ensure_ascii=False)});" if said else ""
    parts = {
        "_esm": "\n".join((code(*frame), learnt, drawings(kinds), code("question.js"))),
        "_css": "\n".join((code("question.css"), styles(kinds))),
    }
    # The browser keeps one style per class name.
    return type(f"Library_{'_'.join(sorted(kinds))}", (anywidget.AnyWidget,), parts)()


class Question(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget's types are not followed
    """One question on all pages of this kernel; talks with the browser in messages, so that no draft is merged away."""

    _esm = code("shelf.js", "drawn.js")
    spec = traitlets.Dict().tag(sync=True)

    def __init__(self, spec: Mapping[str, Any], kinds: frozenset[str], lang: str) -> None:
        """Send the code of all types that the page uses first; every later question and page uses it again."""
        library(kinds | {spec["type"]}, lang)
        super().__init__(spec=spec)


class Desk:
    """Where the answers of one module are written.

    Each question has one widget, whatever the number of pages that show it.
    """

    def __init__(self, module: Released) -> None:
        """Begin with what is on disk; a new attempt turns the page."""
        self.module = module
        self.store = released.store(module)
        self.answers = self._begin()
        self.listeners: list[Any] = []
        self.last: Any = None
        self._kinds = released.kinds(module.items)
        self._shown: dict[str, Question] = {}

    def _begin(self) -> AnswerSet:
        blank = self.store.blank

        def drawn(item: str, variant: int) -> bool:
            return self.module.asked.draws(blank.person, item, blank.attempt, variant)

        try:
            return self.store.begin(drawn)
        except (OSError, AnswersError):
            _LOG.exception("answers of %s", self.module.folder)
            return released.current(self.module)

    def now(self) -> AnswerSet:
        """Return what is on disk now; what was known last when the file is gone."""
        with contextlib.suppress(OSError, AnswersError):
            found = self.store.read()
            if self.store.path.exists():
                self.answers = found
        return self.answers

    def restore(self) -> None:
        """Write again what was acknowledged when the file is gone.

        Deleted with its folder, or put aside as unreadable.
        """
        if self.answers.answers and not self.store.path.exists():
            self.store.put_all(self.answers.answers)

    def show(self, item: Body) -> Question:
        """Return the widget of ``item``, with what is on disk now."""
        self.store.blank = released.blank(self.module)
        person, attempt = self.store.blank.person, self.store.blank.attempt
        answer = self.now().answers.get(item["id"])
        drawn = self.module.asked.draw(person, item, attempt)
        variant = asked.variant_of(item, answer.variant if answer else None, drawn)
        spec = shown.question(item, variant, person, attempt, self.module.language)
        place = f"moduong/{self.module.course}/{self.module.module}/{person}/{attempt}/{item['id']}"
        stored = asked.stored(spec, answer, self.module.language) if answer is not None else None
        spec = {**spec, "graded": True, "variant": variant, "place": place, "stored": stored}
        spec = asked.with_media(spec, self.module.folder)
        widget = self._shown.get(item["id"])
        if widget is None:
            widget = self._shown[item["id"]] = Question(spec, self._kinds, self.module.language)
            widget.on_msg(self._hear)
        else:
            widget.spec = spec
        return widget

    def look(self) -> None:
        """Tell the pages what another notebook of this module has stored meanwhile."""
        with contextlib.suppress(OSError, AnswersError):
            self.restore()
        for name, answer in self.now().answers.items():
            if (widget := self._shown.get(name)) is not None:
                widget.send({"kind": "stored", **asked.stored(widget.spec, answer, self.module.language)})
        for listener in self.listeners:
            listener.refresh()

    def _hear(self, widget: Question, content: object, _buffers: object = None) -> None:
        """Store a draft, then acknowledge it on every page that shows this question."""
        if not isinstance(content, Mapping):
            return
        item = self.module.item(widget.spec["id"])
        variant = asked.variant_of(
            item, content.get("variant"), widget.spec["variant"]
        )  # an older page may show another one
        if content.get("kind") == "prepare":
            prepare(item, variant)
        if content.get("kind") != "draft":
            return
        seq = content.get("seq")
        if not isinstance(seq, int) or isinstance(seq, bool):
            return
        try:
            self.store.blank = released.blank(self.module)  # another notebook may have handed in
            self.restore()
            answer = put(self.store, item["id"], variant, content.get("value"), seq)
        except (OSError, ValueError) as error:
            widget.send({"kind": "failed", "seq": seq, "text": into(_why(error), self.module.language)})
            return
        self.now()
        widget.send({"kind": "stored", **asked.stored(widget.spec, answer, self.module.language)})
        for listener in self.listeners:
            listener.refresh()


def prepare(item: Body, variant: int) -> None:
    """Run what a code question gives (docs/items.md), so that the cadre's cell can use it.

    ``DATA`` is the visible file.
    """
    from IPython.core.getipython import get_ipython  # code questions only

    shell, body = get_ipython(), items.body_of(item, variant)
    if shell is None or not items.kind(item).runs_code:
        return
    data = body.get("data") or []
    if data:
        shell.user_ns["DATA"] = str(released.HERE / "data" / data[0])
    shell.run_cell(str(body.get("given") or ""), store_history=False, silent=True)


def put(store: AnswerStore, item: str, variant: int, value: object, seq: int) -> Answer:
    """Store one draft and return what is on disk now.

    Raises:
        OSError: it could not be written.
        ValueError: it is too long or no answer.
    """
    asked.check(value)
    return store.put(item, value, variant, seq)


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return _WHY.get(error.errno or 0, _("Không ghi được vào thư mục bài làm."))
    return str(error) if not error.args else error.args[0]


_DESKS: dict[str, Desk] = {}


def desk(module: Released) -> Desk:
    """Return the one desk of a module in this kernel."""
    place = str(module.folder)
    if place not in _DESKS:
        _DESKS[place] = Desk(module)
    return _DESKS[place]


def graded(module: Released, item: Body) -> Any:  # a widget
    """Return the widget of a graded question; the last one carries the hand-in below it."""
    here = desk(module)
    widget = here.show(item)
    if item["id"] != module.items[-1]["id"]:
        return widget
    if here.last is None:
        import ipywidgets

        from course.widgets import hand_in

        here.last = ipywidgets.VBox([widget, hand_in.HandIn(here)], layout={"width": "100%"})
    return here.last


_PRACTICE: dict[str, Question] = {}


def practice(item: Body) -> Question:
    """Return the widget of a practice question: scored here, stored nowhere."""
    if item["id"] not in _PRACTICE:
        _PRACTICE[item["id"]] = _practice(item)
    return _PRACTICE[item["id"]]


def _practice(item: Body) -> Question:
    person = identity.person(released.HERE.parent)[0]
    variant = released.draw(person, item["id"], 1, len(item["variants"]))
    lang = str(item.get("language") or SOURCE)
    spec = shown.question(item, variant, person, 1, lang)
    spec = asked.with_media({**spec, "graded": False, "variant": variant, "stored": None}, released.HERE)
    widget = Question(spec, released.practice_kinds(), lang)

    def hear(_widget: object, content: object, _buffers: object) -> None:
        if isinstance(content, Mapping) and content.get("kind") == "try":
            widget.send({"kind": "feedback", **shown.feedback(item, spec, variant, content.get("value"), lang)})

    widget.on_msg(hear)
    return widget
