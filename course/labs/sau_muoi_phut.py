"""Lab "60 phút": six turns of ten minutes; silence and over-promising both lose trust, safety comes first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from course.labs.models.hour import (
    ACTIONS,
    CASES,
    GOOD,
    LOUD,
    MINUTES,
    SAFETY_GOAL,
    SILENT,
    SPREAD_GOAL,
    TRUST_GOAL,
    TURNS,
    Case,
    Hour,
    play,
    verdict,
)
from course.labs.shared.drawing import BLUE, GREY, picture
from course.labs.shared.parts import Button, Choice, Parts, Say, again
from course.labs.shared.state import one_of, put, several, whole

TITLE: str = "60 phút"
TEACHES: str = "Im lặng và hứa quá lời đều làm mất niềm tin; an toàn ca trực phải được giữ trước tiên."
SIMULATED: str = "Số liệu mô phỏng: ba đồng hồ từ 0 đến 100, chỉ dùng để so các cách làm với nhau."
GOAL: str = "Mục tiêu ở phút 60: niềm tin từ 60, lan truyền không quá 40, an toàn ca trực từ 70."


def _example(case: Case, actions: tuple[str, ...]) -> list[str]:
    rows = [
        f"| {s.turn * MINUTES} | {ACTIONS[a][0]} | {s.trust} | {s.spread} | {s.safety} |"
        for a, s in zip(actions, play(case, actions)[1:], strict=True)
    ]
    return ["| Phút | Việc | Niềm tin | Lan truyền | An toàn |", "|---|---|---|---|---|", *rows, ""]


RULES: tuple[str, ...] = (
    "Chưa thông báo: mỗi lượt niềm tin −8, lan truyền +10. Đã thông báo: lan truyền +3.",
    "Chưa giữ an toàn ca trực: mỗi lượt an toàn giảm số điểm ghi ở tình huống. Giữ rồi: +15 một lần, thôi giảm.",
    "Thông báo sau khi hỏi: niềm tin +20, lan truyền −20.",
    "Thông báo khi chưa hỏi: niềm tin +5, lan truyền −10; lượt sau niềm tin −30, lan truyền +10.",
    "Trả lời từng người, tính hai lần: niềm tin +10 (góp ý thỏa ước: +15; chưa thông báo: +5), lan truyền −8.",
    "Cập nhật, tính một lần, khi đã hỏi và đã thông báo: niềm tin +10, lan truyền −10.",
    "Hứa chắc: niềm tin +10, lan truyền −5; hai lượt sau niềm tin −45, lan truyền +15.",
    "Xóa và khóa: niềm tin −40, lan truyền −5; lượt sau lan truyền +20.",
    "Phút 60 mà đã thông báo nhưng chưa cập nhật: niềm tin −10. Món nợ chưa đến hạn cũng trừ ở phút 60.",
)


def text() -> str:
    """Return the same task in Markdown, to be done on paper."""
    start = [f"| {c.name} | {c.situation} | {c.trust} | {c.spread} | {c.safety} | −{c.risk} |" for c in CASES]
    case = CASES[1]
    return "\n".join([
        f"### {TITLE}", "", "Anh/chị là Phó Chủ tịch CĐCS phụ trách truyền thông. Chọn một tình huống.", "",
        "| Tình huống | Chuyện gì | Niềm tin | Lan truyền | An toàn | Mỗi lượt |", "|---|---|---|---|---|---|", *start,
        "", f"Có {TURNS} lượt, mỗi lượt {MINUTES} phút. Mỗi lượt chọn một việc; được chọn lại việc đã làm.", GOAL, "",
        "| Việc | Nghĩa là |", "|---|---|", *(f"| {name} | {meaning} |" for name, meaning in ACTIONS.values()), "",
        "**Cách tính.** Mọi đồng hồ dừng ở 0 và 100.", "", *(f"- {rule}" for rule in RULES), "",
        f"**Ví dụ 1, {case.name.lower()}: làm lần lượt.**", "", *_example(case, GOOD),
        f"**Ví dụ 2, {case.name.lower()}: im lặng.**", "", *_example(case, SILENT),
        f"**Ví dụ 3, {case.name.lower()}: hứa to.**", "", *_example(case, LOUD),
        SIMULATED, "", TEACHES,
    ])  # fmt: skip


def chart(states: tuple[Hour, ...]) -> str:
    """Return an inline SVG: one panel per gauge, its course over the hour, its goal as a dashed line, its number."""
    last = states[-1]
    panels = (
        ("Niềm tin", [s.trust for s in states], TRUST_GOAL, "từ"),
        ("Lan truyền", [s.spread for s in states], SPREAD_GOAL, "tối đa"),
        ("An toàn ca trực", [s.safety for s in states], SAFETY_GOAL, "từ"),
    )
    parts = []
    for top, (name, values, goal, word) in zip((0, 118, 236), panels, strict=True):
        places = [(14 + 52 * n, top + 108 - value * 76 // 100) for n, value in enumerate(values)]
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="5" fill="{BLUE}"/>' for x, y in places)
        line = " ".join(f"{x},{y}" for x, y in places)
        parts += [
            f'<text x="4" y="{top + 18}">{name}: {values[-1]} (cần {word} {goal})</text>',
            f'<rect x="4" y="{top + 26}" width="332" height="88" fill="#ffffff" stroke="{GREY}"/>',
            f'<path d="M4 {top + 108 - goal * 76 // 100}h332" stroke="#000000" stroke-dasharray="6 4"/>',
            f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="3"/>{dots}',
        ]
    return picture("Ba đồng hồ theo thời gian. " + verdict(last), "".join(parts), 354)


def _ending(case: Case, state: Hour) -> str:
    """Return the last words: the goals, and what silence and a promise would have led to."""
    won = "Anh/chị giữ được cả ba." if state.met else "Chưa giữ được cả ba. Hãy thử lại với một thứ tự khác."
    silent, loud = (verdict(play(case, actions)[-1]) for actions in (SILENT, LOUD))
    others = f"<ul><li>Im lặng cả giờ: {silent}</li><li>Giữ an toàn rồi hứa to: {loud}</li></ul>"
    return f"<p><b>{won}</b></p><p>So với hai cách khác:</p>{others}<p>{TEACHES}</p>"


@dataclass(frozen=True, slots=True)
class State:
    """The case, the actions of the turns played, and the action chosen for the next."""

    case: int = whole(0, len(CASES) - 1, 0)
    done: tuple[str, ...] = several(ACTIONS, TURNS)
    action: str = one_of(ACTIONS, next(iter(ACTIONS)))


def start() -> State:
    """Return the first case at minute 0."""
    return State()


def show(state: State) -> Parts:
    """Return the case, the turns played with their gauges, and one action to choose."""
    case = CASES[state.case]
    hours = play(case, state.done)
    now = hours[-1]
    past = "".join(f"<li>Phút {s.turn * MINUTES}: {ACTIONS[s.done[-1]][0]}. {s.said}</li>" for s in hours[1:])
    event = f"<p><b>Phút {now.turn * MINUTES}.</b> {case.events[now.turn]}</p>" if now.turn < TURNS else ""
    actions = tuple((key, name) for key, (name, _) in ACTIONS.items())
    return (
        Say("intro", f"<p>Mỗi lượt {MINUTES} phút, chọn một việc. {GOAL}</p><p>{SIMULATED}</p>"),
        Choice("case", "Tình huống", state.case, tuple(enumerate(c.name for c in CASES))),
        Say("past", f"<p>{case.situation}</p><ol>{past}</ol>{chart(hours)}"),
        Say("said", f"<p>{verdict(now)}</p>{event or _ending(case, now)}", live=True),
        Choice("action", "Mười phút này anh/chị làm gì?", state.action, actions),
        Say("meaning", f"<p>{ACTIONS[state.action][1]}</p>"),
        again(Button("go", "Làm việc này", now.turn >= TURNS)),
    )


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step; another case begins anew."""
    if control == "again":
        return State(state.case)
    if control == "go":
        return replace(state, done=(*state.done, state.action))
    changed = put(state, control, value)
    return State(changed.case) if control == "case" else changed
