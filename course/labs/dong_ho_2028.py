"""Lab "Đồng hồ 2028": a stock of trained leaders that training fills and turnover drains, quarter by quarter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from course.labs.shared.drawing import BLUE, BROWN, GREY, picture
from course.labs.shared.parts import Button, Choice, Parts, Range, Say, again
from course.labs.shared.state import flag, put, whole

TITLE: str = "Đồng hồ 2028"
TEACHES: str = (
    "Người thôi giữ chức làm tỉ lệ tụt xuống: lượt bồi dưỡng lũy kế có thể vượt 100 trên 100 lãnh đạo "
    "mà tỉ lệ đương nhiệm đã học vẫn dưới 70%."
)
GOAL: Fraction = Fraction(70, 100)
QUARTERS: tuple[str, ...] = tuple(f"{quarter}/{year}" for year in (2027, 2028) for quarter in (1, 2, 3, 4))
"""The simulated quarters; the state before them is the end of quarter 4/2026."""
START: str = "4/2026"
SIMULATED: str = "Số liệu mô phỏng. Người thôi giữ chức được thay ngay bằng người chưa học; số lãnh đạo không đổi."


RANGES: dict[str, tuple[str, int, int, int]] = {
    "leaders": ("Lãnh đạo đương nhiệm (người)", 40, 400, 10),
    "trained": ("Trong đó đã được bồi dưỡng, cuối quý 4/2026 (người)", 0, 400, 5),
    "per_quarter": ("Số người học xong mỗi quý (người)", 0, 200, 1),
    "turnover": ("Tỉ lệ thay người trong năm thường (%)", 0, 30, 1),
    "congress_share": ("Tỉ lệ thay người trong quý đại hội (%)", 0, 80, 5),
}
"""Field of ``Plan`` → label, least, most and step of its slider."""


def _ends(name: str) -> tuple[int, int]:
    return RANGES[name][1:3]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the learner assumes.

    Attributes:
        leaders: leaders in office, the same in every quarter.
        trained: of these, already trained at the start; more than ``leaders`` is read as ``leaders``.
        per_quarter: leaders who finish the training in each quarter.
        turnover: percent of leaders replaced in a year without a congress, spread evenly over four quarters.
        congress: number of the quarter (1 … 8) with a congress or a merger, 0 for none.
        congress_share: percent of leaders replaced in that one quarter, instead of the usual turnover.
    """

    leaders: int = whole(*_ends("leaders"), 200)
    trained: int = whole(*_ends("trained"), 90)
    per_quarter: int = whole(*_ends("per_quarter"), 15)
    turnover: int = whole(*_ends("turnover"), 8)
    congress: int = whole(0, len(QUARTERS), 7)
    congress_share: int = whole(*_ends("congress_share"), 40)


DEFAULT: Plan = Plan()


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter: people, except ``name``. ``total`` counts every training so far, also of people who left."""

    name: str
    left: int
    new: int
    trained: int
    total: int


def simulate(plan: Plan) -> tuple[Quarter, ...]:
    """Return the start and the eight quarters after it.

    In each quarter trained leaders leave first, then new ones are trained. Fractions of a person are carried over to
    the next quarter, so that small shares are not lost by rounding.
    """
    trained = min(plan.trained, plan.leaders)
    total = trained
    owed = Fraction(0)
    quarters = [Quarter(START, 0, 0, trained, total)]
    for number, name in enumerate(QUARTERS, start=1):
        share = Fraction(plan.congress_share, 100) if number == plan.congress else Fraction(plan.turnover, 400)
        owed += trained * share
        left = owed.numerator // owed.denominator
        owed -= left
        new = min(plan.per_quarter, plan.leaders - trained + left)
        trained += new - left
        total += new
        quarters.append(Quarter(name, left, new, trained, total))
    return tuple(quarters)


def shortfall(trained: int, leaders: int) -> int:
    """Return how many more people must be trained to reach the goal; 0 when it is met. Rounded up: people are whole."""
    need = GOAL * leaders
    return max(0, -(-need.numerator // need.denominator) - trained)


def needed_pace(plan: Plan) -> int:
    """Return the least number of people per quarter with which the last quarter meets the goal."""
    for pace in range(plan.leaders + 1):
        tried = Plan(plan.leaders, plan.trained, pace, plan.turnover, plan.congress, plan.congress_share)
        if shortfall(simulate(tried)[-1].trained, plan.leaders) == 0:
            return pace
    return plan.leaders


def percent(part: int, whole: int) -> str:
    """Return ``part`` of ``whole`` in percent, rounded down to 0.1, with a decimal comma: (127, 200) → ``63,5``."""
    tenths = part * 1000 // whole
    return f"{tenths // 10},{tenths % 10}"


def verdict(plan: Plan) -> str:
    """Return the result in words."""
    last = simulate(plan)[-1]
    missing = shortfall(last.trained, plan.leaders)
    end = "Đạt chỉ tiêu 70%." if missing == 0 else f"Chưa đạt chỉ tiêu 70%: còn thiếu {missing} người."
    return (
        f"Hết quý 4/2028: {last.trained} trong {plan.leaders} lãnh đạo đương nhiệm đã học, tỉ lệ "
        f"{percent(last.trained, plan.leaders)}%. {end} Lượt bồi dưỡng lũy kế: {last.total} lượt, tức "
        f"{percent(last.total, plan.leaders)} lượt trên 100 lãnh đạo."
    )


def _rows(plan: Plan) -> list[tuple[str, ...]]:
    return [
        (q.name, str(q.left), str(q.new), str(q.trained), f"{percent(q.trained, plan.leaders)}%", str(q.total))
        for q in simulate(plan)
    ]


_HEADER = ("Quý", "Đã học, thôi giữ chức", "Học mới", "Đương nhiệm đã học", "Tỉ lệ", "Lượt lũy kế")


def text() -> str:
    """Return the same task in Markdown, to be done on paper."""
    d = DEFAULT
    return "\n".join(
        [
            f"### {TITLE}",
            "",
            f"{SIMULATED} Giả định một tổng công ty có {d.leaders} lãnh đạo đương nhiệm, {d.trained} người đã học.",
            f"Mỗi quý {d.per_quarter} người học xong. Năm thường thay {d.turnover}% lãnh đạo, chia đều bốn quý.",
            f"Quý {QUARTERS[d.congress - 1]} có đại hội hoặc sáp nhập: riêng quý đó thay {d.congress_share}%.",
            "",
            "**Cách tính mỗi quý.** Lấy số đã học nhân tỉ lệ thay người của quý, trừ đi; rồi cộng số học mới.",
            "Phần lẻ của người thôi giữ chức để dành cho quý sau.",
            "",
            f"| {' | '.join(_HEADER)} |",
            "|" + "---|" * len(_HEADER),
            *[f"| {' | '.join(row)} |" for row in _rows(d)],
            "",
            verdict(d),
            "",
            "**Anh/chị thử trên giấy.** Đổi một con số, tính lại từng quý rồi so với mốc 70%:",
            "",
            "| Con số | Thấp nhất | Cao nhất |",
            "|---|---|---|",
            *[f"| {label} | {least} | {most} |" for label, least, most, _ in RANGES.values()],
            f"| Quý đại hội hoặc sáp nhập (hoặc không có) | {QUARTERS[0]} | {QUARTERS[-1]} |",
            "",
            f"Với giả định ở trên, cần ít nhất {needed_pace(d)} người học xong mỗi quý.",
            "",
            TEACHES,
        ]
    )


def chart(plan: Plan) -> str:
    """Return an inline SVG: the rate (line with dots), trainings per 100 leaders (dashes with squares), the goal."""
    quarters = simulate(plan)
    top = max(120, -(-quarters[-1].total * 5 // plan.leaders) * 20)
    place = [(52 + 33 * n, q) for n, q in enumerate(quarters)]

    def points(field: str) -> list[tuple[int, int]]:
        return [(x, 210 - 190 * 100 * getattr(q, field) // (plan.leaders * top)) for x, q in place]

    def line(spots: list[tuple[int, int]], style: str) -> str:
        return f'<polyline fill="none" stroke-width="3" {style} points="{" ".join(f"{x},{y}" for x, y in spots)}"/>'

    rate, total = points("trained"), points("total")
    goal = 210 - 190 * 70 // top
    parts = [
        f'<path d="M46 {goal}H336" stroke="{GREY}" stroke-width="2" stroke-dasharray="2 5"/>',
        f'<text x="4" y="{goal + 6}">70%</text><text x="4" y="216">0</text><path d="M46 210H336" stroke="{GREY}"/>',
        line(rate, f'stroke="{BLUE}"'),
        line(total, f'stroke="{BROWN}" stroke-dasharray="8 5"'),
        *[f'<circle cx="{x}" cy="{y}" r="5" fill="{BLUE}"/>' for x, y in rate],
        *[f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10" fill="{BROWN}"/>' for x, y in total],
        *[f'<text x="{x}" y="232" text-anchor="middle">{q.name[:2]}{q.name[-2:]}</text>' for x, q in place[::2]],
        '<text x="4" y="258">Trục ngang: quý/năm</text>',
        f'<text x="4" y="282" fill="{BLUE}">● tỉ lệ đương nhiệm đã học</text>',
        f'<text x="4" y="306" fill="{BROWN}">■ lượt bồi dưỡng trên 100 lãnh đạo</text>',
    ]
    return picture("Biểu đồ theo quý. " + verdict(plan), "".join(parts), 316)


def _table(plan: Plan) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEADER)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in _rows(plan))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="md-scroll" tabindex="0" role="group" aria-label="Bảng từng quý">{table}</div>'


@dataclass(frozen=True, slots=True)
class State(Plan):
    """The assumptions, and whether the least pace is asked for."""

    told: bool = flag()


def start() -> State:
    """Return the lab with the assumptions to begin with."""
    return State()


def show(state: State) -> Parts:
    """Return five sliders, the congress quarter, the hint once asked for, and the result."""
    choices = ((0, "Không có"), *((number, f"Quý {name}") for number, name in enumerate(QUARTERS, start=1)))
    controls = {name: Range(name, label, getattr(state, name), *ends) for name, (label, *ends) in RANGES.items()}
    last = controls.pop("congress_share")
    note = "<p>Số đã học lớn hơn số lãnh đạo: máy tính như tất cả đều đã học.</p>"
    hint = f"<p>Với các giả định này, cần ít nhất <b>{needed_pace(state)} người</b> mỗi quý.</p>" if state.told else ""
    return (
        Say("intro", f"<p>{SIMULATED}</p>"),
        *controls.values(),
        Choice("congress", "Quý có đại hội hoặc sáp nhập đơn vị (giả định)", state.congress, choices),
        last,
        again(Button("ask", "Xem số nhỏ nhất mỗi quý")),
        Say("hint", hint, live=True),
        Say("said", f"{note if state.trained > state.leaders else ''}<p><b>{verdict(state)}</b></p>", live=True),
        Say("result", f"{chart(state)}{_table(state)}<p>{TEACHES}</p>"),
    )


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step; a new assumption takes the hint away."""
    if control == "again":
        return start()
    return replace(state, told=True) if control == "ask" else replace(put(state, control, value), told=False)
