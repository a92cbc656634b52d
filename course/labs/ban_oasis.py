"""Lab "Bàn OASIS: Tháng ATVSLĐ": spend 40 working hours; ten more posts raise the digital share, not the reach."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape

from course.labs.models.goal import inspect
from course.labs.models.reach import (
    ACTIVITIES,
    GOAL_DIGITAL,
    GOAL_GROUP,
    GOAL_TOTAL,
    GROUPS,
    HOURS,
    POSTS,
    ZALO_LIMIT,
    Activity,
    Result,
    evaluate,
)
from course.labs.shared.drawing import BLUE, BROWN, Bar, bars, percent
from course.labs.shared.parts import Area, Button, Buttons, Parts, Range, Say, again
from course.labs.shared.state import flag, put, row, whole, words

TITLE: str = "Bàn OASIS: Tháng ATVSLĐ"
TEACHES: str = (
    "Thêm mười bài fanpage làm tỉ trọng số tăng mà phần tiếp cận đứng yên: "
    "giờ công nên dành cho đường tới được nhóm khó tới nhất."
)
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


GOOD_GOAL: str = "Trước ngày 31/5, 270 trong 300 người kể được lời nhắc; nay là 120 người."
EXAMPLE: tuple[int, ...] = (1, 1, 0, 0, 4, 3, 3, 0)
MORE_POSTS: tuple[int, ...] = (11, 1, 0, 0, 4, 3, 3, 0)
"""The example plan, and the same with ten more posts."""


def told(result: Result) -> str:
    """Return the meters in words."""
    groups = "; ".join(f"{g.name} {percent(s)}%" for g, s in zip(GROUPS, result.groups, strict=True))
    share = f"{result.digital}/{result.products} = {percent(result.share)}%"
    end = "Còn vướng: " + "; ".join(result.lacks) if result.lacks else "Đạt đủ các mục tiêu"
    return (
        f"Tiếp cận: {groups}; tổng {percent(result.total)}%. Tỉ trọng số: {share}. "
        f"Giờ công: {result.hours}/{HOURS}. Tin Zalo: {result.zalo}/{ZALO_LIMIT}. {end}."
    )


def compare(before: tuple[int, ...], after: tuple[int, ...]) -> str:
    """Return what changed between two plans, as HTML."""
    old, new = evaluate(before), evaluate(after)
    return (
        f"<p><b>Trước → sau:</b> tổng tiếp cận {percent(old.total)}% → {percent(new.total)}%; "
        f"tỉ trọng số {percent(old.share)}% → {percent(new.share)}%; giờ công {old.hours} → {new.hours}.</p>"
    )


def _label(activity: Activity) -> str:
    kind = "sản phẩm số" if activity.digital else "không phải sản phẩm số"
    return f"<b>{activity.name}</b><br>{activity.hours} giờ mỗi lần, {kind}, nhiều nhất {activity.limit} lần"


def goal_page(goal: str) -> str:
    """Return the answer to a typed goal, as HTML; what was typed is escaped."""
    if not goal.strip():
        return "<p>Hãy viết một câu mục tiêu rồi bấm «Soi mục tiêu».</p>"
    seen = inspect(goal)
    rows = "".join(f"<li><b>{n}:</b> {'có' if found else 'chưa thấy, ' + question}</li>" for n, found, question in seen)
    count = f"Có {sum(found for _, found, _ in seen)}/{len(seen)} ý."
    note = "Máy chỉ soi chữ, không soi đúng sai. Hãy nhờ một người đi ca đọc lại."
    quoted = f"<blockquote>{escape(goal)}</blockquote>"
    return f"{quoted}<p><b>{count}</b></p><ul>{rows}</ul><p>{note}</p>"


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

**Ví dụ 1.** {_named(EXAMPLE)}. {told(evaluate(EXAMPLE))}

**Ví dụ 2.** Thêm mười bài fanpage vào ví dụ 1. {told(evaluate(MORE_POSTS))}

Anh/chị sửa ví dụ 1 để đạt đủ các mục tiêu.

**Soi mục tiêu.** Viết một câu cho đợt này, rồi tìm đủ năm ý: {"; ".join(name for name, _, _ in inspect(""))}.
Ví dụ đủ năm ý: “{GOOD_GOAL}”

{SIMULATED}

{TEACHES}"""


def chart(result: Result) -> str:
    """Return an inline SVG: bars for each group, the total, the digital share and the hours, with numbers and goals."""
    rows = [(g.name, share, GOAL_GROUP) for g, share in zip(GROUPS, result.groups, strict=True)]
    rows += [("Tổng tiếp cận", result.total, GOAL_TOTAL), ("Tỉ trọng số", result.share, GOAL_DIGITAL)]
    drawn = [
        Bar(f"{n}: {percent(s)}% {'đạt' if s >= goal else 'chưa đạt'}", s, goal, BLUE if s >= goal else BROWN)
        for n, s, goal in rows
    ]
    over = result.hours > HOURS
    load = f"Giờ công: {result.hours}/{HOURS} giờ {'quá tải' if over else 'vừa sức'}"
    drawn.append(Bar(load, Fraction(result.hours, HOURS), Fraction(1), BROWN if over else BLUE))
    return bars("Biểu đồ, vạch đứt là mức cần đạt. " + told(result), drawn)


@dataclass(frozen=True, slots=True)
class State:
    """The plan, how many posts it had before ten were added (−1: none were), the goal, whether it is looked at."""

    plan: tuple[int, ...] = row(*(whole(0, a.limit, 0) for a in ACTIVITIES))
    before: int = whole(-1, ACTIVITIES[POSTS].limit, -1)
    goal: str = words(600)
    looked: bool = flag()


def start() -> State:
    """Return the lab with nothing planned."""
    return State()


def show(state: State) -> Parts:
    """Return a slider for each activity, the meters, and the goal inspector."""
    result = evaluate(state.plan)
    change = compare((state.before, *state.plan[1:]), state.plan) if state.before >= 0 else ""
    sliders = (
        Range(f"plan.{n}", _label(a), times, 0, a.limit)
        for n, (a, times) in enumerate(zip(ACTIVITIES, state.plan, strict=True))
    )
    ask = "<b>Soi mục tiêu: viết một câu cho đợt này</b> (ví dụ mở đầu: Trước ngày …)"
    return (
        Say("intro", f"<p>{SITUATION}</p><p>{GOALS}</p><p>{SIMULATED}</p>"),
        *sliders,
        again(Button("more", "Thêm mười bài fanpage")),
        Say("change", change, live=True),
        Say("chart", chart(result)),
        Say("said", f"<p>{told(result).replace('. ', '.</p><p>')}</p>", live=True),
        Say("lesson", f"<p>{TEACHES}</p>" if result.products else ""),
        Area("goal", ask, state.goal, 600),
        Buttons("look", (Button("look", "Soi mục tiêu"),)),
        Say("seen", goal_page(state.goal) if state.looked else "", live=True),
    )


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step."""
    if control == "again":
        return start()
    if control == "look":
        return replace(state, looked=True)
    if control == "more":
        posts = state.plan[POSTS]
        return replace(state, plan=(min(ACTIVITIES[POSTS].limit, posts + 10), *state.plan[1:]), before=posts)
    changed = put(state, control, value)
    return replace(changed, looked=False) if control == "goal" else replace(changed, before=-1)
