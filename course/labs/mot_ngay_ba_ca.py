"""Lab "Một ngày ba ca": choose at most three channels with their hours; the average hides the night shift."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from course.labs.shared.drawing import BLUE, BROWN, Bar, bars, percent
from course.labs.shared.parts import Button, Choice, Parts, Say, again
from course.labs.shared.state import flag, one_of, put, row

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
    rows = [*zip((g.name for g in GROUPS), result.groups, [GOAL_GROUP] * len(GROUPS), strict=True)]
    rows.append(("Tổng", result.total, GOAL_TOTAL))
    drawn = [
        Bar(
            f"{name}: {percent(share)}% {'đạt' if share >= goal else 'chưa đạt'}",
            share,
            goal,
            BLUE if share >= goal else BROWN,
        )
        for name, share, goal in rows
    ]
    return bars("Biểu đồ tiếp cận theo nhóm, vạch đứt là mức cần đạt. " + verdict(result), drawn)


@dataclass(frozen=True, slots=True)
class State:
    """Three slots (−1: not used), the group guessed to be lowest, and whether the result is looked at."""

    slots: tuple[int, ...] = row(*[one_of(range(-1, len(SLOTS)), -1)] * LIMIT)
    guess: str = one_of(("", *(g.name for g in GROUPS)), "")
    looked: bool = flag()

    @property
    def chosen(self) -> tuple[int, ...]:
        """Return the places of the slots in use."""
        return tuple(place for place in self.slots if place >= 0)


def start() -> State:
    """Return the lab before anything is chosen."""
    return State()


def show(state: State) -> Parts:
    """Return three choices of a slot, a guess, and the result once it is asked for."""
    slots = ((-1, "Không dùng"), *enumerate(slot.name for slot in SLOTS))
    groups = (("", "Chưa đoán"), *((g.name, g.name) for g in GROUPS))
    sizes = ", ".join(f"{g.name} {g.size} người" for g in GROUPS)
    result = _answer(state) if state.looked else ""
    drawn = f"{chart(reach(state.chosen))}<p>{TEACHES}</p>" if state.looked and state.chosen else ""
    return (
        Say("intro", f"<p>{SITUATION} Mục tiêu: tổng từ 95% và nhóm nào cũng từ 80%.</p><p>{sizes}.</p>"),
        *(Choice(f"slots.{n}", f"Lượt gửi tin {n + 1}", place, slots) for n, place in enumerate(state.slots)),
        Choice("guess", "Anh/chị đoán nhóm nào thấp nhất?", state.guess, groups),
        again(Button("look", "Xem kết quả")),
        Say("result", result, live=True),
        Say("chart", drawn),
        Say("simulated", f"<p>{SIMULATED}</p>"),
    )


def _answer(state: State) -> str:
    """Return the result in words for the slots chosen and the group guessed to be lowest."""
    if not state.chosen:
        return "<p>Hãy chọn ít nhất một lượt gửi tin rồi bấm «Xem kết quả».</p>"
    result = reach(state.chosen)
    lowest = GROUPS[result.groups.index(min(result.groups))].name
    seen = "đúng như anh/chị đoán" if state.guess == lowest else f"anh/chị đã đoán: {state.guess}"
    notes = [f"Nhóm thấp nhất: {lowest}{f' ({seen})' if state.guess else ''}."]
    if len(set(state.chosen)) < len(state.chosen):
        notes.append("Một lượt gửi tin được chọn hai lần: chỉ tính một lần.")
    return f"<p><b>{verdict(result)}</b></p><p>{' '.join(notes)}</p>"


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step; a new choice takes the result away."""
    if control == "again":
        return start()
    return replace(state, looked=True) if control == "look" else replace(put(state, control, value), looked=False)
