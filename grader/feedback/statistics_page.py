"""Draws item statistics as one self-contained HTML page.

Inline SVG, no script, no request to any host, every text escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from course import numbers
from course.words import Text, _, into
from grader.feedback.statistics_records import Course, Item, Module, OptionUse, Thresholds

_TEMPLATES = Path(__file__).parent / "templates"
_LEFT, _TOP, _WIDE, _HIGH = 56, 16, 560, 260
_LOWEST_R, _HIGHEST_R = -0.6, 1.0
_NAME_HIGH, _NAME_WIDE = 14, 46  # pixels that a name needs

_WORDS: Mapping[str, Text] = {
    "title": _("Thống kê câu hỏi"),
    "simulated": _("Số liệu mô phỏng"),
    "confidential": _("Nội bộ: trang này nêu đáp án"),
    "computed": _("Tính lúc"),
    "rule": _(
        "Chỉ tính lượt làm đầu tiên của mỗi người. p là phần điểm trung bình; r là tương quan giữa câu và tổng các câu "
        "còn lại. Ngưỡng: ít nhất 50 lượt, p từ 0,30 đến 0,90, r từ 0,20, mỗi phương án sai được ít nhất 5% chọn, "
        "alpha toàn khóa từ 0,80."
    ),
    "alpha": _("Alpha"),
    "alpha_course": _("Alpha toàn khóa"),
    "alpha_none": _("chưa đủ 50 người làm cùng một bộ học phần"),
    "people": _("người làm đủ"),
    "attempts": _("lượt"),
    "few": _("Dưới 5 lượt: chưa hiện số liệu."),
    "early": _("Dưới 50 lượt: xem để tham khảo, chưa kết luận."),
    "none": _("Chưa có lượt nào được chấm."),
    "key": _("đáp án bản"),
    "old": _("bản cũ, chỉ còn điểm"),
    "item": _("Câu"),
    "type": _("Loại"),
    "scored": _("Số lượt"),
    "blank": _("Bỏ trống"),
    "invalid": _("Không chấm được"),
    "waiting": _("Chờ chấm"),
    "look": _("Cần xem"),
    "hard": _("quá khó"),
    "easy": _("quá dễ"),
    "against": _("người giỏi hay sai hơn: xem lại đáp án"),
    "weak": _("phân loại kém"),
    "unused": _("có phương án sai gần như không ai chọn"),
    "all_good": _("Không câu nào vượt ngưỡng."),
    "plot": _("Mỗi điểm là một câu; ô nền nhạt là vùng đạt, dấu × là câu cần xem"),
    "options": _("Phương án đã chọn"),
    "right": _("đáp án"),
    "variant": _("mẫu"),
    "variants": _("Từng mẫu"),
    "wrong": _("Câu trả lời sai hay gặp (từ 5 người)"),
}  # fmt: skip


def render(course: Course, lang: str) -> str:
    """Return the page in ``lang``."""
    style = (_TEMPLATES / "items.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )

    def number(value: float | None) -> str:
        shown = "–" if value is None else f"{value:.2f}".replace("-", "−")
        return shown.replace(".", numbers.point(lang))

    return environment.get_template("items.html.j2").render(
        course=course,
        lang=lang,
        w=lambda name: into(_WORDS[name], lang),
        number=number,
        when=f"{course.computed_at:%d/%m/%Y %H:%M (UTC%z)}",
        plot=lambda module: _plot(module, into(_WORDS["plot"], lang), numbers.point(lang)),
        bar=_bar,
        few=Thresholds.SHOWN,
        early=Thresholds.ATTEMPTS,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


def words(item: Item, lang: str) -> str:
    """Return what Q15 finds about an item, as one line."""
    return "; ".join(into(_WORDS[flag], lang) for flag in item.flags)


def _x(p: float) -> float:
    return _LEFT + _WIDE * p


def _y(r: float) -> float:
    return _TOP + _HIGH * (_HIGHEST_R - max(_LOWEST_R, min(_HIGHEST_R, r))) / (_HIGHEST_R - _LOWEST_R)


def _plot(module: Module, title: str, point: str) -> Markup:
    """Return difficulty against item-rest correlation."""
    good = (
        f'<rect class="good" x="{_x(Thresholds.HARDEST):.1f}" y="{_y(1):.1f}" '
        f'width="{_WIDE * (Thresholds.EASIEST - Thresholds.HARDEST):.1f}" '
        f'height="{_y(Thresholds.ITEM_REST) - _y(1):.1f}"/>'
    )
    axes = [
        f'<path class="axis" d="M{_LEFT} {_TOP}V{_TOP + _HIGH}H{_LEFT + _WIDE}M{_LEFT} {_y(0):.1f}H{_LEFT + _WIDE}"/>'
    ]
    axes += [
        f'<text class="tick" x="{_x(n / 10):.1f}" y="{_TOP + _HIGH + 20}" text-anchor="middle">0{point}{n}</text>'
        for n in (1, 3, 5, 7, 9)
    ]
    axes += [
        f'<text class="tick" x="{_LEFT - 8}" y="{_y(r) + 5:.1f}" '
        f'text-anchor="end">{str(r).replace("-", "−").replace(".", point)}</text>'
        for r in (-0.6, -0.2, 0.0, 0.2, 0.6, 1.0)
    ]
    axes.append(
        f'<text class="tick" x="{_LEFT + _WIDE}" y="{_TOP + _HIGH + 38}" text-anchor="end">p</text><text '
        f'class="tick" x="8" y="{_TOP + 12}">r</text>'
    )
    marks = _marks([item for item in module.items if item.p is not None and item.r is not None])
    body = "".join([good, *axes, *marks])
    height = _TOP + _HIGH + 44
    return Markup(  # noqa: S704  # every text in it is a number or escaped above
        f'<svg class="plot" viewBox="0 0 {_LEFT + _WIDE + 24} {height}" role="img"><title>{escape(title)}: '
        f"{escape(module.module)}</title>{body}</svg>"
    )


def _marks(items: Sequence[Item]) -> list[str]:
    """Return the marks from top to bottom.

    A name that would cover another is moved down and tied to its mark by a line.
    """
    shapes: list[str] = []
    names: list[str] = []
    taken: list[tuple[float, float]] = []
    for item in sorted(items, key=lambda i: -(i.r or 0.0)):
        x, y = _x(item.p or 0.0), _y(item.r or 0.0)
        line = y
        while any(abs(x - a) < _NAME_WIDE and abs(line - b) < _NAME_HIGH for a, b in taken):
            line += 1
        taken.append((x, line))
        shape, name = _mark(item, x, y, line)
        shapes.append(shape)
        names.append(name)
    return shapes + names  # no mark covers a name


def _mark(item: Item, x: float, y: float, line: float) -> tuple[str, str]:
    name = escape(item.id.rpartition("-")[2])
    if item.flags:
        shape = f'<path class="bad" d="M{x - 6:.1f} {y - 6:.1f}l12 12m0 -12l-12 12"/>'
    else:
        shape = f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    # a name at the right edge stands on the left of its dot
    anchor, shift = ("end", -9) if x > _LEFT + _WIDE - 40 else ("start", 9)
    lead = f'<path class="lead" d="M{x:.1f} {y:.1f}L{x + shift:.1f} {line:.1f}"/>' if line != y else ""
    return (
        lead + shape,
        f'<text class="name" x="{x + shift:.1f}" y="{line + 5:.1f}" text-anchor="{anchor}">{name}</text>',
    )


def _bar(option: OptionUse) -> Markup:
    """Return the share of people who chose an option; the key is filled, a wrong option is outlined."""
    kind = "key" if option.right else "unused" if option.unused else "wrong"
    return Markup(  # noqa: S704  # numbers and names of ours
        '<svg class="bar" viewBox="0 0 200 14" aria-hidden="true"><rect class="ground" width="200" '
        f'height="14"/><rect class="{kind}" width="{200 * option.share:.1f}" height="14"/></svg>'
    )
