"""The feedback page of one hand-in: a value with exactly the fields that a cadre may see, and its HTML."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course import items, markup, numbers
from course.items import Body, Note, Part
from course.rich import media
from course.words import SOURCE, Text, _, into

PageState = Literal["passed", "not_passed", "pending_manual", "refused", "unreadable"]
STATES = {
    "scored": _("đã chấm"),
    "blank": _("chưa trả lời"),
    "pending_manual": _("chờ chấm tay"),
    "invalid": _("chưa chấm được"),
}
"""The four states of an item, in words; never merged."""
_VERDICTS: Mapping[bool | None, str] = {True: _("Đúng"), False: _("Chưa đúng"), None: ""}
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@dataclass(frozen=True, slots=True)
class PageData:
    """What the learner's Home reads from the page; the names are its interface.

    Attributes:
        module, attempt: which hand-in (numbered as the ledger numbers them, refused ones included).
        state: ``passed``, ``not_passed``, ``pending_manual``, ``refused`` or ``unreadable``.
        points, max_points: ``None`` while a marker is awaited and where nothing was graded.
        pass_mark: points that pass out of ``max_points`` (scaled where an item was withdrawn).
        critical_met: ``None`` where the module has no critical item.
        attempts_left: after this hand-in.
        next_attempt_at: ISO instant from which the next attempt is taken; ``None``: at once, or not at all.
        receipt_code: as on the receipt; empty where no answers could be read.
        reason: one sentence: the result, or why the hand-in does not count.
    """

    module: str
    attempt: int
    state: PageState
    points: float | None
    max_points: float | None
    pass_mark: float | None
    critical_met: bool | None
    attempts_left: int
    next_attempt_at: str | None
    receipt_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One part of an answer.

    What it belongs to, what was answered, ``Đúng``/``Chưa đúng`` or nothing, why, and how it is marked.
    """

    label: Markup
    text: Markup
    verdict: str
    note: Markup
    mark: Literal["right", "wrong", ""] = ""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One question as its page showed it, the answer, and what it earned."""

    title: str
    critical: str
    stem: Markup
    state: str
    points: str
    message: str
    lines: tuple[Line, ...]
    text: str
    comment: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that a feedback page says; no field may hold a key, a path, or anybody's name but the reader's id."""

    title: str
    person: str
    submitted: str
    headline: str
    summary: tuple[str, ...]
    next_step: str
    items: tuple[ItemView, ...]
    data: PageData


def block(text: str) -> Markup:
    """Return authors' Markdown as HTML that can do nothing."""
    return Markup(markup.block(text))  # noqa: S704  # markdown-it escapes


def inline(text: str) -> Markup:
    """Return one run of authors' Markdown, without a paragraph around it."""
    return Markup(markup.inline(text))  # noqa: S704


def plain(text: str) -> str:
    """Return learners' text as it can be shown.

    Cut at the longest answer, control and direction characters made visible.
    """
    return "".join(
        "\ufffd" if (unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t") or c in _BIDI else c
        for c in text[: items.LONGEST_ANSWER]
    )


def number(points: Decimal | float, lang: str = SOURCE) -> str:
    """Return points as they are written in ``lang``: ``1,5`` in Vietnamese."""
    return numbers.show(Decimal(str(points)), lang)


def item_view(
    public: Body,
    value: object,
    variant: int,
    score: Mapping[str, Any],
    notes: Sequence[Note],
    comment: str = "",
    lang: str = SOURCE,
) -> ItemView:
    """Return one item of the page.

    ``public``: the item as released, without a key. ``score``: its entry in the ledger. ``notes``: feedback on what
    was chosen;
    empty when they would be about another key than the one that gave the points.
    """
    try:
        body: Body = items.body_of(public, variant)
    except items.InvalidAnswer:
        body = public["variants"][0]
    state = str(score["state"])
    said = [replace(note, text=into(note.text, lang)) for note in notes]
    lines, text = _answer(public, value, variant, said, lang, readable=state != "invalid")
    most = Decimal(str(score["max_points"]))
    shown: str = "—" if score["points"] is None else number(score["points"], lang)
    if state == "pending_manual" and Decimal(public["automatic"] or 0):
        shown = into(_("{points} (phần máy chấm)", points=number(score["automatic"], lang)), lang)
    critical: str = ""
    if score["critical_met"] is not None:
        critical = _("câu trọng yếu: đạt") if score["critical_met"] else _("câu trọng yếu: chưa đạt")
    elif public["critical"]:
        critical = _("câu trọng yếu")
    words = STATES[state]
    name = str(public["id"]).rsplit("-", 1)[-1].lstrip("Q").lstrip("0")
    figures = Markup(media.figures(body, markup.inline, lang))  # noqa: S704
    stem = block(into(items.kind(public).told(body), lang)) + figures
    return ItemView(
        into(_("Câu {item}", item=name), lang),
        into(critical, lang),
        stem,
        into(words, lang),
        f"{shown} / {number(most, lang)}",
        plain(str(score["message"])),
        lines,
        text,
        plain(comment),
    )


def _answer(
    public: Body, value: object, variant: int, notes: Sequence[Note], lang: str, *, readable: bool
) -> tuple[tuple[Line, ...], str]:
    """Return the answer as lines with their feedback where it has parts, else as plain text with the feedback below."""
    if items.is_blank(value):
        return (), ""
    if not readable:
        return (), plain(into(items.readable(public, value, variant), lang))
    parts = items.answered(public, value, variant)
    about = {n.about: n for n in notes if n.about}
    lines = tuple(_part(inline(into(p.label, lang)), _said(p), about.get(p.about), lang) for p in parts)
    advice = items.kind(public).notes_are_advice
    named = {p.about for p in parts}
    loose = tuple(_part(Markup(), Markup(), n, lang, written=advice) for n in notes if n.text and n.about not in named)
    if lines:
        return lines + loose, ""
    return loose, plain(value) if isinstance(value, str) else plain(into(items.readable(public, value, variant), lang))


def _part(label: Markup, text: Markup, note: Note | None, lang: str, *, written: bool = False) -> Line:
    if note is None:
        return Line(label, text, "", Markup())
    # A note that is neither right nor wrong quotes what was typed, so it is no Markdown of ours.
    why = into(note.text, lang)
    said = Markup.escape(plain(why)) if note.right is None else inline(why)
    verdict = into(_VERDICTS[note.right], lang)
    shown = "" if written or verdict in why else verdict  # many notes say it themselves
    return Line(label, text, shown, said, "" if note.right is None else "right" if note.right else "wrong")


def _said(part: Part) -> Markup:
    return inline(part.text) if part.unit is None else _typed(part.text, part.unit)


def _typed(text: str, unit: str) -> Markup:
    return Markup.escape(plain(text) + (f" {unit}" if unit and not text.strip().endswith(unit) else ""))


@functools.cache
def _template(lang: str) -> Any:
    folder = FileSystemLoader(Path(__file__).with_name("templates"))
    environment = Environment(
        loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["_"] = lambda sentence: into(Text(sentence, {}), lang)
    return environment.get_template("feedback.html")


def data_block(data: PageData) -> Markup:
    """Return the page's data for a ``<script type="application/json">``: nothing in it can end the element."""
    text = json.dumps(asdict(data), ensure_ascii=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


def _nothing(_name: str) -> bytes | None:
    return None


def render(page: Page, lang: str = SOURCE, read: Callable[[str], bytes | None] = _nothing) -> bytes:
    """Return the page as UTF-8 HTML in the language that it was made in; equal pages give equal bytes.

    ``read`` gives the bytes of a released file; pictures are put into the page, sound and video are told in words.
    """
    html = str(_template(lang).render(page=page, lang=lang, data=data_block(page.data)))
    return media.filled(html, read).encode()
