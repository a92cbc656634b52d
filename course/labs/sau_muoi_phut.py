"""Lab "60 phút": six turns of ten minutes; silence and over-promising both lose trust, safety comes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ipywidgets

TITLE: str = "60 phút"
TEACHES: str = "Im lặng và hứa quá lời đều làm mất niềm tin; an toàn ca trực phải được giữ trước tiên."
SIMULATED: str = "Số liệu mô phỏng: ba đồng hồ từ 0 đến 100, chỉ dùng để so các cách làm với nhau."
TURNS: int = 6
MINUTES: int = 10
HEARD_OUT: int = 2  # turns of listening after which everybody in the case has been heard
GOAL: str = "Mục tiêu ở phút 60: niềm tin từ 60, lan truyền không quá 40, an toàn ca trực từ 70."
TRUST_GOAL, SPREAD_GOAL, SAFETY_GOAL = 60, 40, 70


@dataclass(frozen=True, slots=True)
class Case:
    """A scripted case: gauges at the start, points of safety lost per turn (``risk``), what ``listening`` earns."""

    name: str
    situation: str
    trust: int
    spread: int
    safety: int
    risk: int
    listening: int
    events: tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Debt:
    """Points that a past action costs when its ``turn`` comes, or at the end."""

    turn: int
    trust: int
    spread: int
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """The three gauges (0–100) after ``turn`` turns, the actions taken, the debts left, and what the last turn said."""

    turn: int
    trust: int
    spread: int
    safety: int
    done: tuple[str, ...] = ()
    debts: tuple[Debt, ...] = ()
    said: str = ""

    @property
    def met(self) -> bool:
        """Say whether all three goals are met."""
        return self.trust >= TRUST_GOAL and self.spread <= SPREAD_GOAL and self.safety >= SAFETY_GOAL


# fmt: off
ACTIONS: dict[str, tuple[str, str]] = {
    "promise": ("Hứa chắc", "“Không ai mất gì đâu, công đoàn bảo đảm!”"),
    "ask": ("Lưu, hỏi, xếp mức", "Lưu dấu vết, gọi nơi nắm việc, xếp mức, xin người có thẩm quyền duyệt."),
    "wait": ("Chờ thêm", "Chưa nói gì, đợi biết hết rồi mới lên tiếng."),
    "update": ("Cập nhật, giao ca", "Báo đúng hẹn; gửi tổ trưởng đọc lúc giao ca."),
    "safe": ("Giữ an toàn ca trực", "Gọi người chỉ huy: ai đang thao tác thì không nghe máy, không đọc tin."),
    "delete": ("Xóa và khóa", "Xóa lời hỏi, khóa nhóm chat."),
    "tell": ("Thông báo ban đầu", "Điều đã biết, điều đang hỏi, giờ báo tiếp, nơi hỏi."),
    "hear": ("Trả lời từng người", "Nghe, ghi việc có thật, hẹn ngày trả lời."),
}
CASES: tuple[Case, ...] = (
    Case("Tin đồn phụ cấp",
         "8 giờ, nhóm Zalo 300 người truyền tin “bỏ phụ cấp lưu động từ tháng sau”. Vài đội đang trên đường dây.",
         60, 30, 85, 8, 10,
         ("Đội đường dây hỏi nhau trong nhóm, ngay giữa giờ làm.", "Có người đăng ảnh một tờ giấy không số.",
          "Người nhà bắt đầu gọi đến.", "Một tổ trưởng hỏi: “Tôi trả lời anh chị em thế nào?”",
          "Bộ phận tiền lương cho biết chế độ không đổi.", "Kíp chiều sắp nhận ca.")),
    Case("Đội sửa chữa sau bão",
         "17 giờ, Facebook có tin “đội sửa chữa gặp nạn”. Đội mười người còn đang trên tuyến, trời sắp tối.",
         60, 35, 85, 20, 10,
         ("Người nhà gọi thẳng vào máy anh chị em trên cột.", "Một trang địa phương đăng lại tin.",
          "Phóng viên gọi công đoàn.", "Đội trưởng báo: một người trầy tay, đã băng bó.",
          "Trời tối, đội còn một vị trí.", "Xe ca đêm sắp đi.")),
    Case("Góp ý thỏa ước",
         "22 giờ, kíp đêm viết: “Bản thỏa ước mới bỏ tiền ăn ca. Góp ý năm ngoái có ai trả lời đâu.”",
         50, 25, 85, 8, 15,
         ("Nửa câu sau là thật: năm ngoái chưa ai trả lời.", "Cả kíp bàn tán bên bàn điều khiển.",
          "Có người chụp một trang dự thảo, cắt mất phần phụ lục.", "Kíp khác hỏi có đúng thế không.",
          "Chủ tịch xác nhận: tiền ăn ca nằm ở phụ lục, còn nguyên.", "Sắp giao ca sáng.")),
)
GOOD: tuple[str, ...] = ("safe", "ask", "tell", "hear", "hear", "update")
SILENT: tuple[str, ...] = ("wait",) * TURNS
LOUD: tuple[str, ...] = ("safe", "promise", "promise", "wait", "wait", "wait")
# fmt: on


def begin(case: Case) -> State:
    """Return the gauges at minute 0."""
    return State(0, case.trust, case.spread, case.safety)


def _effect(case: Case, state: State, action: str) -> tuple[int, int, int, Debt | None, str]:  # a table
    """Return what ``action`` does at once (trust, spread, safety), the debt it leaves, and a comment."""
    told, asked, turn = "tell" in state.done, "ask" in state.done, state.turn + 1
    if action == "safe" and "safe" not in state.done:
        return 0, 0, 15, None, "Người chỉ huy đã nhắc cả đội. Ca trực không bị cuốn vào tin đồn nữa."
    if action == "ask" and not asked:
        return 0, 0, 0, None, "Đã có dấu vết, đã hỏi đúng nơi, đã xếp mức, đã được duyệt."
    if action == "tell" and not told:
        if asked:
            return 20, -20, 0, None, "Anh chị em biết điều gì đã rõ và mấy giờ có tin tiếp."
        sorry = Debt(turn + 1, -30, 10, "Phải sửa lời đã đăng, vì đăng khi chưa hỏi.")
        return 5, -10, 0, sorry, "Đăng khi chưa hỏi ai: tạm yên, nhưng lời chưa chắc đúng."
    if action == "hear" and state.done.count("hear") < HEARD_OUT:
        return (case.listening if told else 5), -8, 0, None, "Từng câu hỏi thật được ghi lại và có ngày hẹn."
    if action == "update" and told and asked and "update" not in state.done:
        return 10, -10, 0, None, "Báo đúng hẹn. Kíp sau nghe từ tổ trưởng, không phải từ nhóm chat."
    if action == "promise":
        broken = Debt(turn + 2, -45, 15, "Anh chị em nhắc lại lời hứa mà công đoàn không quyết được.")
        return 10, -5, 0, broken, "Ai cũng mừng. Lời hứa ấy sẽ được nhớ."
    if action == "delete":
        shot = Debt(turn + 1, 0, 20, "Ảnh chụp lời bị xóa được chuyển đi.")
        return -40, -5, 0, shot, "Nhóm im. Anh chị em sang nhóm khác."
    return 0, 0, 0, None, "Mười phút trôi qua mà anh chị em chưa biết thêm gì."


def act(case: Case, state: State, action: str) -> State:
    """Return the state after one more turn of ten minutes.

    Raises:
        ValueError: after the last turn, or for an action that does not exist.
    """
    if state.turn >= TURNS or action not in ACTIONS:
        message = f"không có lượt hay việc này: {action}"
        raise ValueError(message)
    trust, spread, safety, debt, said = _effect(case, state, action)
    turn, done = state.turn + 1, (*state.done, action)
    debts = (*state.debts, *((debt,) if debt else ()))
    due = [d for d in debts if d.turn <= turn or turn == TURNS]
    words, told = [said, *(d.reason for d in due)], "tell" in done
    trust += sum(d.trust for d in due) - (0 if told else 8)
    spread += sum(d.spread for d in due) + (3 if told else 10)
    safety -= 0 if "safe" in done else case.risk
    if turn == TURNS and told and "update" not in done:
        trust -= 10
        words.append("Đã hẹn giờ báo tiếp mà không báo: anh chị em thấy bị quên.")
    left = tuple(d for d in debts if d not in due)
    gauges = _gauge(state.trust + trust), _gauge(state.spread + spread), _gauge(state.safety + safety)
    return State(turn, *gauges, done, left, " ".join(words))


def _gauge(value: int) -> int:
    return max(0, min(100, value))


def play(case: Case, actions: Iterable[str]) -> tuple[State, ...]:
    """Return the states from minute 0 on, one more for each action."""
    states = [begin(case)]
    for action in actions:
        states.append(act(case, states[-1], action))
    return tuple(states)


def verdict(state: State) -> str:
    """Return the gauges against their goals, in words."""
    gauges = (
        ("niềm tin", state.trust, state.trust >= TRUST_GOAL),
        ("lan truyền", state.spread, state.spread <= SPREAD_GOAL),
        ("an toàn ca trực", state.safety, state.safety >= SAFETY_GOAL),
    )
    parts = ", ".join(f"{name} {value} ({'đạt' if ok else 'chưa đạt'})" for name, value, ok in gauges)
    return f"Phút {state.turn * MINUTES}: {parts}."


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


def chart(states: tuple[State, ...]) -> str:
    """Return an inline SVG: one panel per gauge, its course over the hour, its goal as a dashed line, its number."""
    last = states[-1]
    panels = (
        ("Niềm tin", [s.trust for s in states], TRUST_GOAL, "từ"),
        ("Lan truyền", [s.spread for s in states], SPREAD_GOAL, "tối đa"),
        ("An toàn ca trực", [s.safety for s in states], SAFETY_GOAL, "từ"),
    )
    parts = ['<rect width="640" height="306" fill="#ffffff"/>']
    for top, (name, values, goal, word) in zip((8, 108, 208), panels, strict=True):
        places = [(230 + 65 * n, top + 84 - value * 80 // 100) for n, value in enumerate(values)]
        dots = "".join(f'<circle cx="{x}" cy="{y}" r="5" fill="#0b5394"/>' for x, y in places)
        line = " ".join(f"{x},{y}" for x, y in places)
        parts += [
            f'<text x="8" y="{top + 34}">{name}</text>',
            f'<text x="8" y="{top + 66}">{values[-1]} (cần {word} {goal})</text>',
            f'<rect x="222" y="{top}" width="410" height="88" fill="#ffffff" stroke="#444444"/>',
            f'<path d="M222 {top + 84 - goal * 80 // 100}h410" stroke="#000000" stroke-dasharray="6 4"/>',
            f'<polyline points="{line}" fill="none" stroke="#0b5394" stroke-width="3"/>{dots}',
        ]
    style = 'style="width:100%;max-width:640px" font-family="Noto Sans, sans-serif" font-size="20"'
    label = escape("Ba đồng hồ theo thời gian. " + verdict(last))
    return f'<svg viewBox="0 0 640 306" role="img" aria-label="{label}" {style}>{"".join(parts)}</svg>'


def _ending(case: Case, state: State) -> str:
    """Return the last words: the goals, and what silence and a promise would have led to."""
    won = "Anh/chị giữ được cả ba." if state.met else "Chưa giữ được cả ba. Hãy thử lại với một thứ tự khác."
    silent, loud = (verdict(play(case, actions)[-1]) for actions in (SILENT, LOUD))
    others = f"<ul><li>Im lặng cả giờ: {silent}</li><li>Giữ an toàn rồi hứa to: {loud}</li></ul>"
    return f"<p><b>{won}</b></p><p>So với hai cách khác:</p>{others}<p>{TEACHES}</p>"


def _page(case: Case, states: tuple[State, ...]) -> str:
    """Return what is shown after the turns played so far."""
    state = states[-1]
    past = "".join(f"<li>Phút {s.turn * MINUTES}: {ACTIONS[s.done[-1]][0]}. {s.said}</li>" for s in states[1:])
    now = f"<p><b>Phút {state.turn * MINUTES}.</b> {case.events[state.turn]}</p>" if state.turn < TURNS else ""
    end = "" if now else _ending(case, state)
    words = f'<div role="status"><p>{verdict(state)}</p>{now}{end}</div>'
    return f"<p>{case.situation}</p><ol>{past}</ol>{chart(states)}{words}"


def view() -> ipywidgets.Widget:
    """Return the lab: a case, six turns with one action each, the gauges, "Thử lại"."""
    import ipywidgets as w  # start-up stays light

    wide = {"width": "98%"}
    pick = w.Dropdown(options=[(c.name, n) for n, c in enumerate(CASES)], tooltip="Tình huống", layout=wide)
    action = w.Dropdown(options=[(name, key) for key, (name, _) in ACTIONS.items()], tooltip="Việc", layout=wide)
    meaning, page = w.HTML(), w.HTML(layout=wide)
    go = w.Button(description="Làm việc này", layout={"width": "auto"})
    again = w.Button(description="Thử lại", layout={"width": "auto"})
    states: list[State] = []

    def show() -> None:
        page.value = _page(CASES[pick.value], tuple(states))
        go.disabled = states[-1].turn >= TURNS

    def explain(_change: object = None) -> None:
        meaning.value = f"<p>{ACTIONS[action.value][1]}</p>"

    def restart(_cause: object = None) -> None:
        states[:] = [begin(CASES[pick.value])]
        action.index = 0
        show()

    def turn(_button: object) -> None:
        if states[-1].turn < TURNS:
            states.append(act(CASES[pick.value], states[-1], action.value))
        show()

    pick.observe(restart, "value")
    action.observe(explain, "value")
    go.on_click(turn)
    again.on_click(restart)
    explain()
    restart()
    intro = w.HTML(f"<h3>{TITLE}</h3><p>Mỗi lượt {MINUTES} phút, chọn một việc. {GOAL}</p><p>{SIMULATED}</p>")
    labels = [w.HTML(f"<b>{label}</b>") for label in ("Tình huống", "Mười phút này anh/chị làm gì?")]
    buttons = w.HBox([go, again], layout={"flex_flow": "row wrap"})
    return w.VBox([intro, labels[0], pick, page, labels[1], action, meaning, buttons])
