"""Lab "Một ngày ba ca": choose at most three channels with their hours; the average hides the night shift."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ipywidgets

TITLE: str = "Một ngày ba ca"
TEACHES: str = (
    "Tổng 95% vẫn có thể bỏ rơi kíp đêm: cách chọn có tổng cao nhất chưa chắc là cách đạt, "
    "phải nhìn từng nhóm trước khi báo cáo tỉ lệ chung."
)
LIMIT: int = 3
GOAL_TOTAL: Fraction = Fraction(95, 100)
GOAL_GROUP: Fraction = Fraction(80, 100)
SITUATION: str = (
    "Công đoàn cần báo đổi chế độ ăn ca cho 300 đoàn viên ngay trong ngày. "
    "Anh/chị chọn nhiều nhất ba lượt gửi tin; mỗi lượt là một kênh vào một giờ."
)
SIMULATED: str = (
    "Số liệu mô phỏng. Cách tính coi các lượt gửi độc lập với nhau; ngoài đời, người hay bỏ lỡ lượt này "
    "cũng hay bỏ lỡ lượt kia, nên kết quả thật thường thấp hơn."
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of members; ``size`` in people."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A channel at an hour; ``chances``: percent of each of ``GROUPS`` that takes in the message there."""

    channel: str
    hour: int
    chances: tuple[int, int, int, int]

    @property
    def name(self) -> str:
        """Return channel and hour: ``Nhóm Zalo, 20 giờ``."""
        return f"{self.channel}, {self.hour} giờ"


GROUPS: tuple[Group, ...] = (
    Group("Hành chính", 210),
    Group("3 ca 4 kíp", 40),
    Group("Đội lưu động", 30),
    Group("Văn phòng xa", 20),
)
SLOTS: tuple[Slot, ...] = (
    Slot("Bảng tin giao ca", 6, (0, 50, 10, 0)),
    Slot("Bảng tin giao ca", 14, (0, 50, 0, 0)),
    Slot("Bảng tin giao ca", 22, (0, 50, 0, 0)),
    Slot("Họp tổ", 7, (60, 15, 90, 30)),
    Slot("Họp tổ", 14, (85, 15, 10, 40)),
    Slot("Nhóm Zalo", 9, (90, 20, 40, 85)),
    Slot("Nhóm Zalo", 20, (85, 60, 80, 80)),
    Slot("Zalo OA", 9, (50, 10, 15, 45)),
    Slot("Zalo OA", 20, (45, 20, 30, 40)),
    Slot("Fanpage", 12, (55, 15, 30, 45)),
    Slot("Fanpage", 20, (50, 20, 40, 40)),
    Slot("Trang thông tin điện tử", 9, (35, 5, 5, 40)),
)
TEMPTING: tuple[int, ...] = (3, 5, 6)
REACHING: tuple[int, ...] = (2, 5, 6)
"""Places in ``SLOTS``: the choice with the highest total, which fails a group, and one that reaches both goals."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a choice of slots reaches: ``groups`` as shares of each group, ``total`` as a share of all members."""

    groups: tuple[Fraction, ...]
    total: Fraction

    @property
    def missed(self) -> tuple[str, ...]:
        """Return the names of the groups below their goal."""
        return tuple(g.name for g, share in zip(GROUPS, self.groups, strict=True) if share < GOAL_GROUP)

    @property
    def met(self) -> bool:
        """Say whether both goals are met: the total and every group."""
        return self.total >= GOAL_TOTAL and not self.missed


def reach(chosen: tuple[int, ...]) -> Reach:
    """Return the reach of the slots at the places ``chosen``: 1 − Π(1 − p) per group; a place named twice counts once.

    Raises:
        ValueError: for more than ``LIMIT`` different places.
    """
    slots = [SLOTS[place] for place in sorted(set(chosen))]
    if len(slots) > LIMIT:
        message = f"nhiều nhất {LIMIT} lượt gửi tin"
        raise ValueError(message)
    missing = [prod((Fraction(100 - s.chances[n], 100) for s in slots), start=Fraction(1)) for n in range(len(GROUPS))]
    groups = tuple(1 - share for share in missing)
    people = sum((share * g.size for share, g in zip(groups, GROUPS, strict=True)), Fraction(0))
    return Reach(groups, people / sum(g.size for g in GROUPS))


def percent(share: Fraction) -> str:
    """Return ``share`` in percent, rounded down to 0.1, with a decimal comma: 0.728 → ``72,8``."""
    tenths = share * 1000 // 1
    return f"{tenths // 10},{tenths % 10}"


def verdict(result: Reach) -> str:
    """Return the result in words."""
    high = result.total >= GOAL_TOTAL
    total = f"Tổng {percent(result.total)}%, {'đạt' if high else 'chưa đạt'} mức 95%"
    end = "Cách chọn này đạt cả hai mục tiêu." if result.met else "Cách chọn này chưa đạt."
    if not result.missed:
        return f"{total}; nhóm nào cũng từ 80%. {end}"
    return f"{total}{' nhưng' if high else ', và'} còn dưới 80%: {', '.join(result.missed)}. {end}"


def _example(chosen: tuple[int, ...]) -> str:
    result = reach(chosen)
    groups = zip(GROUPS, result.groups, strict=True)
    each = "; ".join(f"{g.name} {percent(share)}%" for g, share in groups)
    return f"*{' + '.join(SLOTS[place].name for place in chosen)}*: {each}. {verdict(result)}"


def text() -> str:
    """Return the same task in Markdown, to be done on paper."""
    names = [f"{g.name} ({g.size})" for g in GROUPS]
    rows = [f"| {s.name} | " + " | ".join(f"{chance}%" for chance in s.chances) + " |" for s in SLOTS]
    return "\n".join(
        [
            f"### {TITLE}",
            "",
            SITUATION,
            "Mục tiêu: tổng từ 95% **và** nhóm nào cũng từ 80%.",
            "",
            f"| Lượt gửi tin | {' | '.join(names)} |",
            "|" + "---|" * (len(GROUPS) + 1),
            *rows,
            "",
            "**Cách tính.** Với mỗi nhóm, nhân các phần *không* nhận được rồi lấy 1 trừ đi.",
            "Ví dụ 20% và 60%: 1 − 0,8 × 0,4 = 68%. Tổng: cộng số người nhận được của các nhóm, chia cho 300.",
            "",
            "**Ví dụ 1.** " + _example((6,)),
            "",
            "**Ví dụ 2.** " + _example(TEMPTING),
            "",
            "Anh/chị đổi một lượt ở ví dụ 2 để đạt cả hai mục tiêu.",
            "",
            SIMULATED,
            "",
            TEACHES,
        ]
    )


def chart(result: Reach) -> str:
    """Return an inline SVG: one bar per group and one for the total, each with its number and its goal line."""
    bars = [*zip((g.name for g in GROUPS), result.groups, [GOAL_GROUP] * len(GROUPS), strict=True)]
    bars.append(("Tổng", result.total, GOAL_TOTAL))
    parts = ['<rect width="640" height="290" fill="#ffffff"/>']
    for row, (name, share, goal) in enumerate(bars):
        y = 12 + 50 * row
        met = share >= goal
        mark = "đạt" if met else "chưa đạt"
        parts += [
            f'<text x="8" y="{y + 25}">{name}</text>',
            f'<rect x="150" y="{y}" width="300" height="36" fill="#ffffff" stroke="#444444"/>',
            f'<rect x="150" y="{y}" width="{share * 300 // 1}" height="36" fill="{"#0b5394" if met else "#8a3b00"}"/>',
            f'<path d="M{150 + goal * 300 // 1} {y - 6}v48" stroke="#ffffff" stroke-width="7"/>',
            f'<path d="M{150 + goal * 300 // 1} {y - 6}v48" stroke="#000000" stroke-width="3" stroke-dasharray="5 3"/>',
            f'<text x="462" y="{y + 25}">{percent(share)}% {mark}</text>',
        ]
    parts.append('<text x="8" y="282">Vạch đứt: mức cần đạt (nhóm 80%, tổng 95%)</text>')
    style = 'style="width:100%;max-width:640px" font-family="Noto Sans, sans-serif" font-size="20"'
    label = escape("Biểu đồ tiếp cận theo nhóm. " + verdict(result))
    return f'<svg viewBox="0 0 640 290" role="img" aria-label="{label}" {style}>{"".join(parts)}</svg>'


def _answer(chosen: tuple[int, ...], guess: str) -> str:
    """Return the result page for the slots chosen and the group guessed to be lowest."""
    if not chosen:
        return '<p role="status">Hãy chọn ít nhất một lượt gửi tin rồi bấm «Xem kết quả».</p>'
    result = reach(chosen)
    lowest = GROUPS[result.groups.index(min(result.groups))].name
    seen = "đúng như anh/chị đoán" if guess == lowest else f"anh/chị đã đoán: {escape(guess)}" if guess else ""
    notes = [f"Nhóm thấp nhất: {lowest}{f' ({seen})' if seen else ''}."]
    if len(set(chosen)) < len(chosen):
        notes.append("Một lượt gửi tin được chọn hai lần: chỉ tính một lần.")
    words = f'<div role="status"><p><b>{verdict(result)}</b></p><p>{" ".join(notes)}</p></div>'
    return f"{words}{chart(result)}<p>{TEACHES}</p>"


def _row(w: Any, label: str, control: Any) -> Any:  # ipywidgets has no types
    return w.VBox([w.HTML(f"<b>{label}</b>"), control], layout={"width": "98%"})


def view() -> ipywidgets.Widget:
    """Return the lab: a guess, three choices of a slot, the result and "Thử lại"."""
    import ipywidgets as w  # start-up stays light

    wide = {"width": "98%"}
    slots = [("Không dùng", -1), *((slot.name, place) for place, slot in enumerate(SLOTS))]
    groups = [("Chưa đoán", ""), *((g.name, g.name) for g in GROUPS)]
    guess = w.Dropdown(options=groups, tooltip="Nhóm thấp nhất", layout=wide)
    picks = [w.Dropdown(options=slots, tooltip=f"Lượt gửi tin {n}", layout=wide) for n in range(1, LIMIT + 1)]
    result = w.HTML(layout=wide)
    look = w.Button(description="Xem kết quả", layout={"width": "auto"})
    again = w.Button(description="Thử lại", layout={"width": "auto"})

    def show(_button: object) -> None:
        result.value = _answer(tuple(pick.value for pick in picks if pick.value >= 0), guess.value)

    def clear(_change: object = None) -> None:
        result.value = ""

    def reset(_button: object) -> None:
        guess.value = ""
        for pick in picks:
            pick.value = -1
        clear()

    for control in (guess, *picks):
        control.observe(clear, "value")
    look.on_click(show)
    again.on_click(reset)
    sizes = ", ".join(f"{g.name} {g.size} người" for g in GROUPS)
    intro = w.HTML(f"<h3>{TITLE}</h3><p>{SITUATION} Mục tiêu: tổng từ 95% và nhóm nào cũng từ 80%.</p><p>{sizes}.</p>")
    rows = [_row(w, f"Lượt gửi tin {n}", pick) for n, pick in enumerate(picks, start=1)]
    rows.append(_row(w, "Anh/chị đoán nhóm nào thấp nhất?", guess))
    buttons = w.HBox([look, again], layout={"flex_flow": "row wrap"})
    return w.VBox([intro, *rows, buttons, result, w.HTML(f"<p>{SIMULATED}</p>")])
