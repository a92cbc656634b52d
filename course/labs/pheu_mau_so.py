"""Phễu và mẫu số: two campaigns, one set of numbers, and what a denominator, an axis or leavers can make of them.

All numbers are invented. A rate is an exact fraction in percent; only its display is cut to one decimal, downwards.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from course.labs.shared.drawing import BLUE, BROWN, GREY, picture
from course.labs.shared.parts import Button, Choice, Parts, Say, Tick, again
from course.labs.shared.state import flag, one_of, put, row
from course.vietnamese import show_number

TITLE: str = "Phễu và mẫu số"
TEACHES: str = (
    "Đổi mẫu số, cắt trục, đếm cả người đã chuyển đi: cùng bảng số mà ra “sự thật” khác; "
    "chỉ giữ câu nói rõ mẫu số, ngày chốt và không nói quá."
)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign's funnel on the as-of date; every stage counts people still at the unit, except ``moved_away``."""

    name: str
    members: int
    received: int
    recalled: int
    registered: int
    moved_away: int
    """People who registered, then left the unit before the as-of date; they are in no other number."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence somebody would like to put into the report, and what the numbers say to it."""

    text: str
    supported: bool
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the learner kept: numbers of the claims rightly kept, wrongly kept, and left out although supported."""

    right: tuple[int, ...]
    wrong: tuple[int, ...]
    missed: tuple[int, ...]


A = Campaign("A · đọc lúc giao ca", 200, 180, 126, 90, 0)
B = Campaign("B · đăng fanpage", 250, 120, 96, 70, 14)

BASES: dict[str, str] = {
    "members": "Mọi đoàn viên ngày chốt",
    "received": "Người đã nhận tin",
    "recalled": "Người nhớ đúng cách đăng ký",
}
AXES: dict[int, str] = {0: "Từ 0%", 25: "Từ 25%"}

# fmt: off
CLAIMS: tuple[Claim, ...] = (
    Claim("Tính trên mọi đoàn viên ngày chốt, A có tỉ lệ đăng ký khám cao hơn B.", supported=True,
          why="Nên giữ: 90/200 là 45%, 70/250 là 28%. Câu nói rõ mẫu số và ngày chốt."),
    Claim("B hiệu quả hơn hẳn: 70% người nhận tin đã đăng ký khám.", supported=False,
          why="Nên bỏ: 84/120 có 14 người đã chuyển đi ở tử số, mẫu số thì không. Đếm đúng là 70/120, khoảng 58,3%."),
    Claim("Trong những người đã nhận tin, B có tỉ lệ đăng ký khám cao hơn A.", supported=True,
          why="Nên giữ: 70/120 cao hơn 90/180. Câu nói rõ chỉ tính người đã nhận tin."),
    Claim("A hiệu quả gấp gần bảy lần B, nhìn cột là thấy.", supported=False,
          why="Nên bỏ: cột gấp 6,6 lần vì trục bắt đầu từ 25%. Tính theo số, 45% chỉ gấp 1,6 lần 28%."),
    Claim("Tin của A đến được 90% đoàn viên, tin của B đến được 48%.", supported=True,
          why="Nên giữ: 180/200 và 120/250. Đây là tầng tiếp nhận và câu chỉ nói tin đến được ai."),
    Claim("Đọc tin lúc giao ca làm cho nhiều người đi khám hơn.", supported=False,
          why="Nên bỏ: hai đơn vị khác nhau, không có mức trước khi làm; đăng ký cũng chưa phải là đã đi khám."),
)
# fmt: on


def rate(campaign: Campaign, base: str, *, with_leavers: bool = False) -> Fraction:
    """Return the share of registered people in percent, over the stage ``base`` of the funnel.

    ``with_leavers`` repeats a common mistake: leavers are added above the line but not below it.
    """
    counted = campaign.registered + (campaign.moved_away if with_leavers else 0)
    return Fraction(100 * counted, int(getattr(campaign, base)))


def bar_ratio(first: Fraction, second: Fraction, axis_from: int = 0) -> Fraction | None:
    """Return how many times higher the first bar looks than the second, on an axis from ``axis_from`` percent."""
    return None if second <= axis_from else (first - axis_from) / (second - axis_from)


def shown(value: Fraction) -> str:
    """Write ``value`` cut down to one decimal, with a decimal comma."""
    return show_number(Decimal(value.numerator * 10 // value.denominator).scaleb(-1))


def fact(base: str, axis_from: int, *, with_leavers: bool) -> str:
    """Return the "fact" that this choice of denominator, axis and counting makes of the numbers."""
    a, b = (rate(c, base, with_leavers=with_leavers) for c in (A, B))
    ahead, behind, first, second = ("A", "B", a, b) if a >= b else ("B", "A", b, a)
    text = (
        f"{BASES[base]}: A {shown(a)}%, B {shown(b)}%. {ahead} cao hơn {behind} {shown(first - second)} điểm phần trăm."
    )
    looks, true = bar_ratio(first, second, axis_from), bar_ratio(first, second)
    if looks is not None and true is not None and axis_from:
        text += (
            f" Trên hình, cột {ahead} cao gấp {shown(looks)} lần cột {behind}; tính theo số chỉ gấp {shown(true)} lần."
        )
    if with_leavers:
        text += f" Tử số của B có cả {B.moved_away} người đã chuyển đi, mẫu số thì không."
    return text


def judge(kept: Collection[int]) -> Verdict:
    """Compare the claims kept (numbers from 1) with what the numbers support."""
    numbered = list(enumerate(CLAIMS, 1))
    return Verdict(
        tuple(n for n, claim in numbered if n in kept and claim.supported),
        tuple(n for n, claim in numbered if n in kept and not claim.supported),
        tuple(n for n, claim in numbered if n not in kept and claim.supported),
    )


FUNNEL: tuple[tuple[str, str], ...] = (
    ("Đoàn viên ngày chốt", "members"),
    ("Đã nhận tin", "received"),
    ("Nhớ đúng cách đăng ký", "recalled"),
    ("Đã đăng ký khám, còn ở đơn vị", "registered"),
    ("Đã đăng ký khám, rồi chuyển đi", "moved_away"),
)
SITUATION: str = (
    "Hai CĐCS cùng nhắc đoàn viên đăng ký khám sức khỏe định kỳ. A nhờ tổ trưởng đọc tin lúc giao ca, B đăng fanpage. "
    "Ngày chốt số liệu là 31/10/2026. Đây là số liệu mô phỏng."
)


def text() -> str:
    """Return the lab as Markdown, to be done on paper."""
    rows = "\n".join(f"| {label} | {getattr(A, stage)} | {getattr(B, stage)} |" for label, stage in FUNNEL)
    choices = (("members", 0, False), ("received", 0, False), ("members", 25, False), ("received", 0, True))
    facts = "\n".join(
        f"{n}. {fact(base, axis, with_leavers=leavers)}" for n, (base, axis, leavers) in enumerate(choices, 1)
    )
    claims = "\n".join(f"{n}. {claim.text}" for n, claim in enumerate(CLAIMS, 1))
    answers = "\n".join(f"{n}. {claim.why}" for n, claim in enumerate(CLAIMS, 1))
    return (
        f"### {TITLE}\n\n{SITUATION}\n\n| Tầng của phễu | A | B |\n|---|---|---|\n{rows}\n\n"
        f"**Cùng bảng trên, bốn “sự thật”:**\n\n{facts}\n\n"
        f"**Giữ câu nào trong báo cáo?** Đánh dấu trước khi đọc nhận xét.\n\n{claims}\n\n"
        f"**Nhận xét**\n\n{answers}\n\n{TEACHES}\n"
    )


def chart(base: str, axis_from: int, *, with_leavers: bool) -> str:
    """Return the two bars as an SVG picture with its text alternative; the axis begins at ``axis_from`` percent."""
    scale = Fraction(180, 100 - axis_from)
    bars = []
    for left, campaign, colour in ((70, A, BLUE), (210, B, BROWN)):
        value = rate(campaign, base, with_leavers=with_leavers)
        height = float(max(Fraction(0), value - axis_from) * scale)
        bars.append(
            f'<rect x="{left}" y="{210 - height:.1f}" width="80" height="{height:.1f}" fill="{colour}"/>'
            f'<text x="{left + 40}" y="{200 - height:.1f}" text-anchor="middle">{shown(value)}%</text>'
            f'<text x="{left + 40}" y="232" text-anchor="middle">{campaign.name[0]}</text>'
        )
    body = (
        f'<path d="M50 15V210H320" fill="none" stroke="{GREY}"/><text x="44" y="214" text-anchor="end">{axis_from}%'
        f'</text><text x="44" y="34" text-anchor="end">100%</text>{"".join(bars)}'
    )
    return picture(fact(base, axis_from, with_leavers=with_leavers), body, 245)


def _situation() -> str:
    """Return the situation and the funnel as HTML."""
    rows = "".join(
        f"<tr><td>{label}</td><td>{getattr(A, stage)}</td><td>{getattr(B, stage)}</td></tr>" for label, stage in FUNNEL
    )
    return f"<p>{SITUATION}</p><table><tr><th>Tầng của phễu</th><th>A</th><th>B</th></tr>{rows}</table>"


@dataclass(frozen=True, slots=True)
class State:
    """Denominator, leavers, axis; the claims kept, and whether the comment is looked at."""

    base: str = one_of(BASES, "members")
    leavers: bool = flag()
    axis: int = one_of(AXES, 0)
    keep: tuple[bool, ...] = row(*[flag()] * len(CLAIMS))
    looked: bool = flag()


def start() -> State:
    """Return the lab with the whole denominator and the whole axis."""
    return State()


def show(state: State) -> Parts:
    """Return denominator, leavers and axis with their picture, the claims, and the comment once it is asked for."""
    line = fact(state.base, state.axis, with_leavers=state.leavers)
    said, comments = _report([n for n, kept in enumerate(state.keep, 1) if kept]) if state.looked else ("", "")
    claims = (
        Tick(f"keep.{n - 1}", f"Giữ câu {n}: {claim.text}", state.keep[n - 1]) for n, claim in enumerate(CLAIMS, 1)
    )
    return (
        Say("intro", _situation()),
        Choice("base", "Mẫu số", state.base, tuple(BASES.items())),
        Tick("leavers", "Tính cả người đã chuyển đi", state.leavers),
        Choice("axis", "Trục đứng của biểu đồ", state.axis, tuple(AXES.items()), row=True),
        Say("chart", chart(state.base, state.axis, with_leavers=state.leavers)),
        Say("fact", f"<p>{line}</p>", live=True),
        Say("ask", "<p><b>Giữ câu nào trong báo cáo?</b></p>"),
        *claims,
        again(Button("look", "Xem nhận xét")),
        Say("said", said, live=True),
        Say("comments", comments),
    )


def _report(kept: Collection[int]) -> tuple[str, str]:
    """Return the counts of the claims kept, and the comment on each claim, as HTML."""
    found = judge(kept)
    counts = f"Giữ đúng {len(found.right)} câu, giữ nhầm {len(found.wrong)} câu, bỏ sót {len(found.missed)} câu."
    comments = "".join(
        f"<p>Câu {n} ({'anh/chị giữ' if n in kept else 'anh/chị bỏ'}): {claim.why}</p>"
        for n, claim in enumerate(CLAIMS, 1)
    )
    return f"<p><b>{counts}</b></p>", f"{comments}<p><b>Điều rút ra:</b> {TEACHES}</p>"


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step; another choice of claims takes the comment away."""
    if control == "again":
        return start()
    if control == "look":
        return replace(state, looked=True)
    changed = put(state, control, value)
    return replace(changed, looked=False) if control.startswith("keep") else changed
