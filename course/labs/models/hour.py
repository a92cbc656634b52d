"""Model of "60 phút": six turns, three gauges, and what an action costs later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TURNS: int = 6
MINUTES: int = 10
HEARD_OUT: int = 2  # turns of listening after which everybody in the case has been heard
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
class Hour:
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


def begin(case: Case) -> Hour:
    """Return the gauges at minute 0."""
    return Hour(0, case.trust, case.spread, case.safety)


def _effect(case: Case, state: Hour, action: str) -> tuple[int, int, int, Debt | None, str]:  # a table
    """Return what ``action`` does at once (trust, spread, safety), the debt it leaves, and a comment."""
    told, asked, now = "tell" in state.done, "ask" in state.done, state.turn + 1
    if action == "safe" and "safe" not in state.done:
        return 0, 0, 15, None, "Người chỉ huy đã nhắc cả đội. Ca trực không bị cuốn vào tin đồn nữa."
    if action == "ask" and not asked:
        return 0, 0, 0, None, "Đã có dấu vết, đã hỏi đúng nơi, đã xếp mức, đã được duyệt."
    if action == "tell" and not told:
        if asked:
            return 20, -20, 0, None, "Anh chị em biết điều gì đã rõ và mấy giờ có tin tiếp."
        sorry = Debt(now + 1, -30, 10, "Phải sửa lời đã đăng, vì đăng khi chưa hỏi.")
        return 5, -10, 0, sorry, "Đăng khi chưa hỏi ai: tạm yên, nhưng lời chưa chắc đúng."
    if action == "hear" and state.done.count("hear") < HEARD_OUT:
        return (case.listening if told else 5), -8, 0, None, "Từng câu hỏi thật được ghi lại và có ngày hẹn."
    if action == "update" and told and asked and "update" not in state.done:
        return 10, -10, 0, None, "Báo đúng hẹn. Kíp sau nghe từ tổ trưởng, không phải từ nhóm chat."
    if action == "promise":
        broken = Debt(now + 2, -45, 15, "Anh chị em nhắc lại lời hứa mà công đoàn không quyết được.")
        return 10, -5, 0, broken, "Ai cũng mừng. Lời hứa ấy sẽ được nhớ."
    if action == "delete":
        shot = Debt(now + 1, 0, 20, "Ảnh chụp lời bị xóa được chuyển đi.")
        return -40, -5, 0, shot, "Nhóm im. Anh chị em sang nhóm khác."
    return 0, 0, 0, None, "Mười phút trôi qua mà anh chị em chưa biết thêm gì."


def turn(case: Case, state: Hour, action: str) -> Hour:
    """Return the state after one more turn of ten minutes.

    Raises:
        ValueError: after the last turn, or for an action that does not exist.
    """
    if state.turn >= TURNS or action not in ACTIONS:
        message = f"không có lượt hay việc này: {action}"
        raise ValueError(message)
    trust, spread, safety, debt, said = _effect(case, state, action)
    now, done = state.turn + 1, (*state.done, action)
    debts = (*state.debts, *((debt,) if debt else ()))
    due = [d for d in debts if d.turn <= now or now == TURNS]
    words, told = [said, *(d.reason for d in due)], "tell" in done
    trust += sum(d.trust for d in due) - (0 if told else 8)
    spread += sum(d.spread for d in due) + (3 if told else 10)
    safety -= 0 if "safe" in done else case.risk
    if now == TURNS and told and "update" not in done:
        trust -= 10
        words.append("Đã hẹn giờ báo tiếp mà không báo: anh chị em thấy bị quên.")
    left = tuple(d for d in debts if d not in due)
    gauges = _gauge(state.trust + trust), _gauge(state.spread + spread), _gauge(state.safety + safety)
    return Hour(now, *gauges, done, left, " ".join(words))


def _gauge(value: int) -> int:
    return max(0, min(100, value))


def play(case: Case, actions: Iterable[str]) -> tuple[Hour, ...]:
    """Return the states from minute 0 on, one more for each action."""
    states = [begin(case)]
    for action in actions:
        states.append(turn(case, states[-1], action))
    return tuple(states)


def verdict(state: Hour) -> str:
    """Return the gauges against their goals, in words."""
    gauges = (
        ("niềm tin", state.trust, state.trust >= TRUST_GOAL),
        ("lan truyền", state.spread, state.spread <= SPREAD_GOAL),
        ("an toàn ca trực", state.safety, state.safety >= SAFETY_GOAL),
    )
    parts = ", ".join(f"{name} {value} ({'đạt' if ok else 'chưa đạt'})" for name, value, ok in gauges)
    return f"Phút {state.turn * MINUTES}: {parts}."
