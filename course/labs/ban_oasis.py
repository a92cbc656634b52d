"""Lab "Bàn OASIS: Tháng ATVSLĐ": spend 40 working hours; ten more posts raise the digital share, not the reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from math import prod
from typing import TYPE_CHECKING, Any

from course import vietnamese

if TYPE_CHECKING:
    from collections.abc import Callable

    import ipywidgets

TITLE: str = "Bàn OASIS: Tháng ATVSLĐ"
TEACHES: str = (
    "Thêm mười bài fanpage làm tỉ trọng số tăng mà phần tiếp cận đứng yên: "
    "giờ công nên dành cho đường tới được nhóm khó tới nhất."
)
HOURS: int = 40
ZALO_LIMIT: int = 8
"""Short messages in the teams' Zalo groups that members bear in a month; more and they mute the group."""
GOAL_TOTAL: Fraction = Fraction(90, 100)
GOAL_GROUP: Fraction = Fraction(80, 100)
GOAL_DIGITAL: Fraction = Fraction(50, 100)
SITUATION: str = (
    "Tháng ATVSLĐ, công đoàn có 40 giờ công để lời nhắc tới 300 người. "
    "Anh/chị chia giờ cho tám loại việc. Mỗi lần làm đếm là một sản phẩm truyền thông."
)
GOALS: str = (
    "Mục tiêu: tổng từ 90%, nhóm nào cũng từ 80%, tỉ trọng số từ 50%, "
    "không quá 40 giờ công, không quá 8 tin Zalo trong tháng."
)
SIMULATED: str = (
    "Số liệu mô phỏng. Bài thứ hai trên cùng một kênh gặp lại những người đã thấy bài đầu. "
    "Việc làm theo từng kíp, tổ, đội thì mỗi lần tới thêm một kíp, tổ, đội. Phần trăm làm tròn xuống."
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of members; ``size`` in people."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Activity:
    """Something to spend hours on.

    Attributes:
        name: what is done.
        hours: working hours each time.
        limit: how many times at most; with ``spread`` the number of teams there are.
        digital: whether each product stands on a digital platform.
        spread: each time reaches one more team of the group; otherwise all but the first time meet the same people.
        chances: percent of each of ``GROUPS`` reached, with ``spread`` once all teams were met.

    """

    name: str
    hours: int
    limit: int
    digital: bool
    spread: bool
    chances: tuple[int, int, int, int]


_SIZES = {"Hành chính": 110, "3 ca 4 kíp": 100, "Đội lưu động": 50, "Văn phòng xa": 40}
GROUPS: tuple[Group, ...] = tuple(Group(name, size) for name, size in _SIZES.items())
ACTIVITIES: tuple[Activity, ...] = (
    Activity("Bài trên fanpage", 2, 14, digital=True, spread=False, chances=(35, 10, 10, 25)),
    Activity("Tin ngắn trong nhóm Zalo của tổ", 1, 12, digital=True, spread=False, chances=(60, 35, 45, 60)),
    Activity("Video 60 giây", 6, 3, digital=True, spread=False, chances=(40, 25, 30, 35)),
    Activity("Tờ tin ở bảng giao ca, từng kíp", 1, 4, digital=False, spread=True, chances=(0, 55, 0, 0)),
    Activity("Tổ trưởng nói lúc giao ca, từng kíp", 2, 4, digital=False, spread=True, chances=(0, 85, 0, 0)),
    Activity("Năm phút trong họp tổ hành chính, từng tổ", 2, 3, digital=False, spread=True, chances=(80, 0, 0, 0)),
    Activity("Gặp đội lưu động ở điểm tập kết, từng đội", 3, 3, digital=False, spread=True, chances=(0, 0, 85, 0)),
    Activity("Gặp mặt ở văn phòng xa, từng nơi", 4, 2, digital=False, spread=True, chances=(0, 0, 0, 80)),
)
POSTS, ZALO = 0, 1
"""Places in ``ACTIVITIES``."""
GOOD_GOAL: str = "Trước ngày 31/5, 270 trong 300 người kể được lời nhắc; nay là 120 người."
EXAMPLE: tuple[int, ...] = (1, 1, 0, 0, 4, 3, 3, 0)
MORE_POSTS: tuple[int, ...] = (11, 1, 0, 0, 4, 3, 3, 0)
"""The example plan, and the same with ten more posts."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a plan gives: reach as shares, ``hours``, ``products``, of these ``digital``, and ``zalo`` messages."""

    groups: tuple[Fraction, ...]
    total: Fraction
    hours: int
    products: int
    digital: int
    zalo: int

    @property
    def share(self) -> Fraction:
        """Return the digital share of the products; 0 where there are none."""
        return Fraction(self.digital, self.products) if self.products else Fraction(0)

    @property
    def lacks(self) -> tuple[str, ...]:
        """Return what is not met yet, in words; empty when the plan meets every goal."""
        low = ", ".join(g.name for g, s in zip(GROUPS, self.groups, strict=True) if s < GOAL_GROUP)
        faults = (
            (self.total < GOAL_TOTAL, "tổng tiếp cận dưới 90%"),
            (bool(low), f"nhóm dưới 80%: {low}"),
            (self.share < GOAL_DIGITAL, "tỉ trọng số dưới 50%"),
            (self.hours > HOURS, f"quá tải {self.hours - HOURS} giờ công"),
            (self.zalo > ZALO_LIMIT, "tin Zalo quá dày, người nhận sẽ tắt chuông"),
        )
        return tuple(words for failed, words in faults if failed)


def _chance(activity: Activity, times: int, group: int) -> Fraction:
    """Return the share of a group that an activity done ``times`` times reaches."""
    full = Fraction(activity.chances[group], 100)
    return full * Fraction(times, activity.limit) if activity.spread else full


def evaluate(plan: tuple[int, ...]) -> Result:
    """Return the result of doing each of ``ACTIVITIES`` so many times.

    Raises:
        ValueError: for a plan of another length, and for a number outside 0 … ``limit``.

    """
    if len(plan) != len(ACTIVITIES) or any(not 0 <= n <= a.limit for n, a in zip(plan, ACTIVITIES, strict=False)):
        message = "kế hoạch phải có tám số trong giới hạn"
        raise ValueError(message)
    done = [(n, a) for n, a in zip(plan, ACTIVITIES, strict=True) if n]
    groups = tuple(1 - prod((1 - _chance(a, n, g) for n, a in done), start=Fraction(1)) for g in range(len(GROUPS)))
    people = sum((share * g.size for share, g in zip(groups, GROUPS, strict=True)), Fraction(0))
    hours = sum(n * a.hours for n, a in done)
    digital = sum(n for n, a in done if a.digital)
    return Result(groups, people / sum(g.size for g in GROUPS), hours, sum(plan), digital, plan[ZALO])


def percent(share: Fraction) -> str:
    """Return ``share`` in percent, rounded down to 0.1, with a decimal comma: 0.728 → ``72,8``."""
    tenths = share * 1000 // 1
    return f"{tenths // 10},{tenths % 10}"


def words(result: Result) -> str:
    """Return the meters in words."""
    groups = "; ".join(f"{g.name} {percent(s)}%" for g, s in zip(GROUPS, result.groups, strict=True))
    share = f"{result.digital}/{result.products} = {percent(result.share)}%"
    end = "Còn vướng: " + "; ".join(result.lacks) if result.lacks else "Đạt đủ các mục tiêu"
    return (
        f"Tiếp cận: {groups}; tổng {percent(result.total)}%. Tỉ trọng số: {share}. "
        f"Giờ công: {result.hours}/{HOURS}. Tin Zalo: {result.zalo}/{ZALO_LIMIT}. {end}."
    )


_COUNTED = r"(?:người|tổ|kíp|đội|ca|buổi|đoàn viên|công nhân|lượt|anh chị em|anh em|sáng kiến)"
_SPAN = r"(?:tuần|tháng|ngày|quý|năm|giờ|đợt)"
_FEW = r"(?:\d+|một|hai|ba|bốn|năm|sáu|tám|mười)"
_BY = r"(?:trước|đến|tới|hết|cuối|chậm nhất|sau|trong|vòng) (?:ngày |hết |cuối )*"
_FROM_TO = r"từ \d+(?:,\d+)?%?(?![\d/]).* (?:lên|xuống|còn) \d"
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("Số cần đạt", rf"\d\s*%|\d+ phần trăm|\d+ (?:trong|trên) |\d+ {_COUNTED}", "bao nhiêu thì gọi là đạt?"),
    ("Mẫu số", rf"(?:trong|trên|của) (?:tổng số |số )?\d+(?![\d/]|[.,]?\d*\s*%| {_SPAN})", "trên tổng số bao nhiêu?"),
    ("Mốc", rf"{_BY}(?:\d+[/-]\d|{_FEW} {_SPAN}|{_SPAN} \d|tháng này|tháng sau)", "đến ngày nào?"),
    ("Đường cơ sở", rf"(?:nay|hiện|đang|đầu|{_SPAN} trước)\b[^.;]*\d|{_FROM_TO}", "hôm nay đang là bao nhiêu?"),
)
"""The four fields of a goal: name, pattern in lower-case text, and the question when it is not seen."""
CHANGES: str = "biết nhớ hiểu kể nghe nhận đeo dùng họp kiểm soát báo gửi góp tham làm trả"


def inspect(goal: str) -> tuple[tuple[str, bool, str], ...]:
    """Return (field, found, question) for the four fields of a goal and for the change in people that it names.

    It looks at the form of the sentence only, never at whether it is true or wise.
    """
    plain = re.sub(r"\s+", " ", vietnamese.nfc(goal).casefold())
    fields = tuple((name, re.search(pattern, plain) is not None, question) for name, pattern, question in FIELDS)
    changed = vietnamese.has_phrase(plain, CHANGES.split())
    return (*fields, ("Điều thay đổi ở đoàn viên", changed, "đoàn viên sẽ biết gì, làm gì khác hôm nay?"))


def compare(before: tuple[int, ...], after: tuple[int, ...]) -> str:
    """Return what changed between two plans, as a page."""
    old, new = evaluate(before), evaluate(after)
    return (
        f'<p role="status"><b>Trước → sau:</b> tổng tiếp cận {percent(old.total)}% → {percent(new.total)}%; '
        f"tỉ trọng số {percent(old.share)}% → {percent(new.share)}%; giờ công {old.hours} → {new.hours}.</p>"
    )


def _label(activity: Activity) -> str:
    kind = "sản phẩm số" if activity.digital else "không phải sản phẩm số"
    return f"<b>{activity.name}</b><br>{activity.hours} giờ mỗi lần, {kind}, nhiều nhất {activity.limit} lần"


def goal_page(goal: str) -> str:
    """Return the page that answers a typed goal; what was typed is escaped."""
    if not goal.strip():
        return '<p role="status">Hãy viết một câu mục tiêu rồi bấm «Soi mục tiêu».</p>'
    seen = inspect(goal)
    rows = "".join(f"<li><b>{n}:</b> {'có' if found else 'chưa thấy, ' + question}</li>" for n, found, question in seen)
    count = f"Có {sum(found for _, found, _ in seen)}/{len(seen)} ý."
    note = "Máy chỉ soi chữ, không soi đúng sai. Hãy nhờ một người đi ca đọc lại."
    quoted = f"<blockquote>{escape(goal)}</blockquote>"
    return f'<div role="status">{quoted}<p><b>{count}</b></p></div><ul>{rows}</ul><p>{note}</p>'


def _named(plan: tuple[int, ...]) -> str:
    return "; ".join(f"{a.name}: {n}" for n, a in zip(plan, ACTIVITIES, strict=True) if n)


def text() -> str:
    """Return the same task in Markdown, to be done on paper."""
    names = " | ".join(f"{g.name} ({g.size})" for g in GROUPS)
    rows = []
    for a in ACTIVITIES:
        chances = " | ".join(f"{chance}%" for chance in a.chances)
        rows.append(f"| {a.name} | {a.hours} | {a.limit} | {'số' if a.digital else 'khác'} | {chances} |")
    lines = "\n".join(rows)
    return f"""### {TITLE}

{SITUATION} {GOALS}

| Việc | Giờ mỗi lần | Nhiều nhất | Nền tảng | {names} |
{"|---" * (len(GROUPS) + 4)}|
{lines}

**Cách tính.** Việc theo kênh: từ một lần trở lên là tới đúng phần trăm trong bảng.
Việc theo từng kíp, tổ, đội: nhân phần trăm với số lần làm, chia cho số lần nhiều nhất.
Mỗi nhóm: nhân các phần *không* tới được, lấy 1 trừ đi. Tổng: cộng số người của các nhóm, chia cho 300.

**Ví dụ 1.** {_named(EXAMPLE)}. {words(evaluate(EXAMPLE))}

**Ví dụ 2.** Thêm mười bài fanpage vào ví dụ 1. {words(evaluate(MORE_POSTS))}

Anh/chị sửa ví dụ 1 để đạt đủ các mục tiêu.

**Soi mục tiêu.** Viết một câu cho đợt này, rồi tìm đủ năm ý: {"; ".join(name for name, _, _ in inspect(""))}.
Ví dụ đủ năm ý: “{GOOD_GOAL}”

{SIMULATED}

{TEACHES}"""


def chart(result: Result) -> str:
    """Return an inline SVG: bars for each group, the total, the digital share and the hours, with numbers and goals."""
    bars = [(g.name, share, GOAL_GROUP) for g, share in zip(GROUPS, result.groups, strict=True)]
    bars += [("Tổng tiếp cận", result.total, GOAL_TOTAL), ("Tỉ trọng số", result.share, GOAL_DIGITAL)]
    shown = [(n, s, goal, f"{percent(s)}% {'đạt' if s >= goal else 'chưa đạt'}") for n, s, goal in bars]
    load = f"{result.hours}/{HOURS} giờ {'quá tải' if result.hours > HOURS else 'vừa sức'}"
    shown.append(("Giờ công", Fraction(result.hours, HOURS), Fraction(1), load))
    parts = ['<rect width="360" height="344" fill="#ffffff"/>']
    for row, (name, share, goal, said) in enumerate(shown):
        y, width, mark = 48 * row, min(share, Fraction(1)) * 340 // 1, 10 + goal * 340 // 1
        colour = "#8a3b00" if said.endswith(("chưa đạt", "quá tải")) else "#0b5394"
        parts += [
            f'<text x="10" y="{y + 18}">{name}: {said}</text>',
            f'<rect x="10" y="{y + 25}" width="340" height="16" fill="#ffffff" stroke="#444444"/>',
            f'<rect x="10" y="{y + 25}" width="{width}" height="16" fill="{colour}"/>',
            f'<path d="M{mark} {y + 21}v24" stroke="#ffffff" stroke-width="6"/>',
            f'<path d="M{mark} {y + 21}v24" stroke="#000000" stroke-width="3" stroke-dasharray="4 2"/>',
        ]
    style = 'style="width:100%;max-width:480px" font-family="Noto Sans, sans-serif" font-size="15"'
    label = "Biểu đồ, vạch đứt là mức cần đạt. " + words(result)
    return f'<svg viewBox="0 0 360 344" role="img" aria-label="{label}" {style}>{"".join(parts)}</svg>'


def meters(plan: tuple[int, ...]) -> str:
    """Return the page with the meters of ``plan``."""
    result = evaluate(plan)
    lines = words(result).replace(". ", ".</p><p>")
    lesson = f"<p>{TEACHES}</p>" if result.products else ""
    return f'{chart(result)}<div role="status"><p>{lines}</p></div>{lesson}'


def _spend(w: Any, show: Callable[[], None]) -> list[Any]:
    """Return a slider for each activity; ``show`` runs whenever one moves."""
    layout = {"width": "98%"}
    sliders = [w.IntSlider(max=a.limit, tooltip=a.name, continuous_update=False, layout=layout) for a in ACTIVITIES]
    for slider in sliders:
        slider.observe(lambda _change: show(), "value")
    return sliders


def view() -> ipywidgets.Widget:
    """Return the lab: eight sliders with live meters, "Thêm mười bài fanpage", the goal inspector and "Thử lại"."""
    import ipywidgets as w  # start-up stays light

    wide, auto = {"width": "98%"}, {"width": "auto"}
    board, change, seen = w.HTML(layout=wide), w.HTML(layout=wide), w.HTML(layout=wide)

    def plan() -> tuple[int, ...]:
        return tuple(slider.value for slider in sliders)

    def show() -> None:
        board.value, change.value = meters(plan()), ""

    sliders = _spend(w, show)
    goal = w.Textarea(placeholder="Trước ngày …", rows=4, tooltip="Câu mục tiêu", layout=wide)
    more = w.Button(description="Thêm mười bài fanpage", layout=auto)
    look, again = w.Button(description="Soi mục tiêu", layout=auto), w.Button(description="Thử lại", layout=auto)

    def add(_button: object) -> None:
        before = plan()
        sliders[POSTS].value = min(ACTIVITIES[POSTS].limit, before[POSTS] + 10)
        change.value = compare(before, plan())

    def reset(_button: object) -> None:
        for slider in sliders:
            slider.value = 0
        goal.value = seen.value = ""
        show()

    more.on_click(add)
    look.on_click(lambda _button: setattr(seen, "value", goal_page(goal.value)))
    again.on_click(reset)
    show()
    rows = [w.VBox([w.HTML(_label(a)), s], layout=wide) for a, s in zip(ACTIVITIES, sliders, strict=True)]
    intro = w.HTML(f"<h3>{TITLE}</h3><p>{SITUATION}</p><p>{GOALS}</p><p>{SIMULATED}</p>")
    ask = w.HTML("<b>Soi mục tiêu: viết một câu cho đợt này</b>")
    buttons = w.HBox([more, again], layout={"flex_flow": "row wrap"})
    return w.VBox([intro, *rows, buttons, change, board, ask, goal, look, seen], layout=wide)
