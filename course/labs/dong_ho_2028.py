"""Lab "Đồng hồ 2028": a stock of trained leaders that training fills and turnover drains, quarter by quarter."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ipywidgets

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

    leaders: int
    trained: int
    per_quarter: int
    turnover: int
    congress: int
    congress_share: int


DEFAULT: Plan = Plan(leaders=200, trained=90, per_quarter=15, turnover=8, congress=7, congress_share=40)
RANGES: dict[str, tuple[str, int, int, int]] = {
    "leaders": ("Lãnh đạo đương nhiệm (người)", 40, 400, 10),
    "trained": ("Trong đó đã được bồi dưỡng, cuối quý 4/2026 (người)", 0, 400, 5),
    "per_quarter": ("Số người học xong mỗi quý (người)", 0, 200, 1),
    "turnover": ("Tỉ lệ thay người trong năm thường (%)", 0, 30, 1),
    "congress_share": ("Tỉ lệ thay người trong quý đại hội (%)", 0, 80, 5),
}
"""Field of ``Plan`` → label, least, most and step of its slider."""


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


_BLUE, _BROWN, _GREY = "#0b5394", "#8a3b00", "#444444"


def chart(plan: Plan) -> str:
    """Return an inline SVG: the rate (line with dots), trainings per 100 leaders (dashes with squares), the goal."""
    quarters = simulate(plan)
    top = max(120, -(-quarters[-1].total * 5 // plan.leaders) * 20)
    place = [(70 + 64 * n, q) for n, q in enumerate(quarters)]

    def points(field: str) -> list[tuple[int, int]]:
        return [(x, 250 - 220 * 100 * getattr(q, field) // (plan.leaders * top)) for x, q in place]

    def line(spots: list[tuple[int, int]], style: str) -> str:
        return f'<polyline fill="none" stroke-width="3" {style} points="{" ".join(f"{x},{y}" for x, y in spots)}"/>'

    rate, total = points("trained"), points("total")
    goal = 250 - 220 * 70 // top
    parts = [
        '<rect width="640" height="345" fill="#ffffff"/>',
        f'<path d="M60 {goal}H600" stroke="{_GREY}" stroke-width="2" stroke-dasharray="2 5"/>',
        f'<text x="8" y="{goal + 7}">70%</text><text x="8" y="257">0</text><path d="M60 250H600" stroke="{_GREY}"/>',
        line(rate, f'stroke="{_BLUE}"'),
        line(total, f'stroke="{_BROWN}" stroke-dasharray="8 5"'),
        *[f'<circle cx="{x}" cy="{y}" r="6" fill="{_BLUE}"/>' for x, y in rate],
        *[f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10" fill="{_BROWN}"/>' for x, y in total],
        *[f'<text x="{x}" y="274" text-anchor="middle">{q.name[:2]}{q.name[-2:]}</text>' for x, q in place],
        f'<text x="8" y="304" fill="{_BLUE}">● tỉ lệ đương nhiệm đã học</text>',
        f'<text x="340" y="304" fill="{_BROWN}">■ lượt trên 100 lãnh đạo</text>',
        '<text x="8" y="334">Trục ngang: quý/năm</text>',
    ]
    label = escape("Biểu đồ theo quý. " + verdict(plan))
    style = 'style="width:100%;max-width:640px" font-family="Noto Sans, sans-serif" font-size="20"'
    return f'<svg viewBox="0 0 640 345" role="img" aria-label="{label}" {style}>{"".join(parts)}</svg>'


def _table(plan: Plan) -> str:
    style = 'style="padding:2px 5px;text-align:center"'
    head = "".join(f'<th scope="col" {style}>{name}</th>' for name in _HEADER)
    body = "".join("<tr>" + "".join(f"<td {style}>{cell}</td>" for cell in row) + "</tr>" for row in _rows(plan))
    return f'<div style="overflow-x:auto"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _result(plan: Plan) -> str:
    too_many = "<p>Số đã học lớn hơn số lãnh đạo: máy tính như tất cả đều đã học.</p>"
    note = too_many if plan.trained > plan.leaders else ""
    return f'<div role="status">{note}<p><b>{verdict(plan)}</b></p></div>{chart(plan)}{_table(plan)}<p>{TEACHES}</p>'


def _controls(w: Any) -> tuple[dict[str, Any], list[Any]]:  # ipywidgets has no types
    """Return field of ``Plan`` → control, and the controls with their labels in the order of the page."""
    wide = {"width": "98%"}
    choices = [("Không có", 0), *((f"Quý {name}", number) for number, name in enumerate(QUARTERS, start=1))]
    controls, rows = {}, []
    for name, (label, least, most, step) in RANGES.items():
        controls[name] = w.IntSlider(
            min=least, max=most, step=step, continuous_update=False, tooltip=label, layout=wide
        )
        rows.append(w.VBox([w.HTML(f"<b>{label}</b>"), controls[name]], layout=wide))
    label = "Quý có đại hội hoặc sáp nhập đơn vị (giả định)"
    controls["congress"] = w.Dropdown(options=choices, tooltip=label, layout=wide)
    rows.insert(-1, w.VBox([w.HTML(f"<b>{label}</b>"), controls["congress"]], layout=wide))
    return controls, rows


def view() -> ipywidgets.Widget:
    """Return the lab: five sliders, the congress quarter, the result, a hint and "Thử lại"."""
    import ipywidgets as w  # start-up stays light

    controls, rows = _controls(w)
    result, hint = w.HTML(layout={"width": "98%"}), w.HTML()
    ask = w.Button(description="Xem số nhỏ nhất mỗi quý", layout={"width": "auto"})
    again = w.Button(description="Thử lại", layout={"width": "auto"})

    def plan() -> Plan:
        return Plan(**{name: control.value for name, control in controls.items()})

    def show(_change: object = None) -> None:
        result.value, hint.value = _result(plan()), ""

    def tell(_button: object) -> None:
        hint.value = f"<p>Với các giả định này, cần ít nhất <b>{needed_pace(plan())} người</b> mỗi quý.</p>"

    def reset(_button: object = None) -> None:
        for name, control in controls.items():
            control.value = getattr(DEFAULT, name)
        show()

    reset()
    for control in controls.values():
        control.observe(show, "value")
    ask.on_click(tell)
    again.on_click(reset)
    buttons = w.HBox([ask, again], layout={"flex_flow": "row wrap"})
    return w.VBox([w.HTML(f"<h3>{TITLE}</h3><p>{SIMULATED}</p>"), *rows, buttons, hint, result])
