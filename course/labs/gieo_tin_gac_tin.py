"""Lab "Người gieo tin – người gác tin": sow a harmless rumour, name its tricks on another topic, verify a fanpage."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction

from course.labs.models.rumour import (
    BASE,
    FAKE,
    LIMIT,
    MEMBERS,
    MINUTES,
    PASSED_TO,
    QUOTED,
    REAL,
    ROUNDS,
    TAB_MINUTES,
    TABS,
    TRICKS,
    UNSURE,
    judge,
    named,
    spread,
)
from course.labs.shared.drawing import BLUE, BROWN, Bar, bars
from course.labs.shared.parts import Button, Buttons, Choice, Parts, Say, Tick, again
from course.labs.shared.state import flag, one_of, put, row, several

TITLE: str = "Người gieo tin – người gác tin"
TEACHES: str = (
    "Tin mất sức khi người đọc nhận ra thủ thuật, dù chủ đề là gì; còn muốn kết luận về một trang thì phải rời trang "
    "ấy."
)
SITUATION: str = (
    "Một tin đồn vô hại, đặt ra để học: “Căng-tin Mẫu 03 sắp bỏ món phở”. Lúc đầu có 10 người đọc; cả đơn vị có 500 "
    "người."
)
SIMULATED: str = "Số liệu mô phỏng: chỉ dùng để so các cách làm với nhau."
PAGE: str = (
    "Trang “Căng-tin Mẫu 03 – Thông báo”, có logo của đơn vị, 1.200 lượt thích. "
    "Bài mới: “Từ thứ Hai bỏ món phở. Nhập số điện thoại tại đây để giữ suất cơm.”"
)


def _example(tricks: str) -> str:
    names = ", ".join(t.name for t in TRICKS if t.letter in tricks) or "Không thủ thuật nào"
    rounds = " → ".join(str(n) for n in spread(tricks))
    return f"*{names}*: {rounds} người. Nếu ai cũng nhận ra thủ thuật: còn {spread(tricks, tricks)[-1]} người."


def text() -> str:
    """Return the same task in Markdown, to be done on paper."""
    rows = [f"| {t.name} | +{t.push} | {t.sown} |" for t in TRICKS]
    quotes = [f"{n}. {t.elsewhere}" for n, t in enumerate(QUOTED, start=1)]
    key = "; ".join(f"{n} {t.name}" for n, t in enumerate(QUOTED, start=1))
    tabs = [f"| {t.name} | {t.shows} | {'ngoài trang' if t.outside else 'trong trang'} |" for t in TABS]
    return "\n".join([
        f"### {TITLE}", "", SITUATION, "",
        "**1. Gieo.** Chọn nhiều nhất ba thủ thuật.", "",
        "| Thủ thuật | Điểm phần trăm chuyển tiếp thêm | Câu gieo |", "|---|---|---|", *rows, "",
        f"Cách tính: {BASE}% người đọc chuyển tiếp, cộng phần thêm của mỗi thủ thuật.",
        f"Mỗi người chuyển đến {PASSED_TO} người mới. Tính {ROUNDS} vòng, bỏ phần lẻ.", "",
        _example("S"), "", _example("FIR"), "",
        "**2. Gọi tên.** Chuyện khác: sân cầu lông. Mỗi câu dùng thủ thuật nào?", "",
        *quotes, "",
        f"**3. Gác.** {PAGE} Anh/chị có {MINUTES} phút, mỗi thẻ {TAB_MINUTES} phút. Che cột giữa, chọn thẻ rồi mới mở.",
        "", "| Thẻ | Nội dung | Ở đâu |", "|---|---|---|", *tabs, "",
        "Ví dụ, mở hai thẻ trong trang rồi nói “trang giả”: " + judge((0, 2), FAKE), "",
        "Ví dụ, mở hai thẻ ngoài trang rồi nói “trang giả”: " + judge((1, 3), FAKE), "",
        f"Đáp án phần 2: {key}.", "", SIMULATED, "", TEACHES,
    ])  # fmt: skip


def chart(plain: tuple[int, ...], guarded: tuple[int, ...]) -> str:
    """Return an inline SVG: two bars, readers after the last round without and with the tricks recognised."""
    rows = (("Chưa ai nhận ra", plain[-1], BROWN), ("Nhận ra như anh/chị", guarded[-1], BLUE))
    label = "; ".join(f"{name}: {count} trên {MEMBERS} người" for name, count, _ in rows)
    return bars(label, [Bar(f"{name}: {n} người", Fraction(n, MEMBERS), colour=colour) for name, n, colour in rows])


@dataclass(frozen=True, slots=True)
class State:
    """The tricks sown, the names given, the tabs opened, the conclusion; and which results are looked at."""

    tricks: tuple[bool, ...] = row(*[flag()] * len(TRICKS))
    sown: bool = flag()
    names: tuple[str, ...] = row(*[one_of(("", *(t.letter for t in TRICKS)), "")] * len(QUOTED))
    named: bool = flag()
    opened: tuple[int, ...] = several(range(len(TABS)), MINUTES // TAB_MINUTES)
    verdict: str = one_of(("", REAL, FAKE, UNSURE), "")
    judged: bool = flag()

    @property
    def letters(self) -> list[str]:
        """Return the letters of the tricks sown."""
        return [t.letter for t, chosen in zip(TRICKS, self.tricks, strict=True) if chosen]


def start() -> State:
    """Return the lab before anything is sown."""
    return State()


def show(state: State) -> Parts:
    """Return sowing, naming and guarding, each with its result once it is asked for."""
    return (
        Say("intro", f"<p>{SITUATION}</p><p>{SIMULATED}</p>"),
        *_sow_part(state),
        *_name_part(state),
        *_guard_part(state),
        again(),
    )


def _sow_part(state: State) -> Parts:
    ticks = (
        Tick(f"tricks.{n}", f"<b>{t.name}</b>: {t.sown}", chosen)
        for n, (t, chosen) in enumerate(zip(TRICKS, state.tricks, strict=True))
    )
    return (
        Say("sow", f"<h4>1. Gieo: chọn nhiều nhất {LIMIT} thủ thuật</h4>"),
        *ticks,
        Buttons("sow-button", (Button("sow", "Gieo tin"),)),
        Say("spread", _sown(state.letters) if state.sown else "", live=True),
    )


def _sown(tricks: Collection[str]) -> str:
    if len(tricks) > LIMIT:
        return f"<p>Hãy chọn nhiều nhất {LIMIT} thủ thuật.</p>"
    rounds = " → ".join(str(n) for n in spread(tricks))
    lines = "".join(f"<li>{t.sown} <i>({t.trace})</i></li>" for t in TRICKS if t.letter in tricks)
    return f"<p>Số người đã đọc qua ba vòng: <b>{rounds}</b>. Tin trần: {spread(())[-1]}.</p><ul>{lines}</ul>"


def _name_part(state: State) -> Parts:
    choices = (("", "Chưa chọn"), *((t.letter, t.name) for t in TRICKS))
    picks = (
        Choice(f"names.{n}", f"{n + 1}. {t.elsewhere}", chosen, choices)
        for n, (t, chosen) in enumerate(zip(QUOTED, state.names, strict=True))
    )
    said, more = _guarded(state) if state.named else ("", "")
    return (
        Say("name", "<h4>2. Gọi tên: chuyện khác, sân cầu lông</h4><p>Mỗi câu dùng thủ thuật nào?</p>"),
        *picks,
        Buttons("name-button", (Button("look", "Xem kết quả"),)),
        Say("guarded", said, live=True),
        Say("named", more),
    )


def _guarded(state: State) -> tuple[str, str]:
    """Return the result of naming: in words, and each quote with the sown rumour among readers like this one."""
    if len(state.letters) > LIMIT:
        return _sown(state.letters), ""
    right = named(dict(zip((t.letter for t in QUOTED), state.names, strict=True)))
    rows = "".join(
        f"<li>{'Đúng' if t.letter in right else 'Chưa đúng'}: câu {n} là {t.name}, vì {t.trace}.</li>"
        for n, t in enumerate(QUOTED, start=1)
    )
    plain, guard = spread(state.letters), spread(state.letters, right)
    words = f"Anh/chị gọi đúng {len(right)}/{len(TRICKS)} thủ thuật. Tin phở ở phần 1: {plain[-1]} người đọc; "
    words += f"nếu ai cũng nhận ra như anh/chị thì còn {guard[-1]} người."
    return f"<p><b>{words}</b></p>", f"<ul>{rows}</ul>{chart(plain, guard)}"


def _guard_part(state: State) -> Parts:
    left = MINUTES - TAB_MINUTES * len(state.opened)
    seen = "".join(f"<li><b>{TABS[p].name}:</b> {TABS[p].shows}</li>" for p in state.opened)
    over = " Hết giờ: anh/chị phải kết luận." if left < TAB_MINUTES else ""
    words = f"<p>{judge(state.opened, state.verdict)}</p><p>{TEACHES}</p>" if state.verdict else ""
    tabs = (Button(f"tab.{n}", tab.name, n in state.opened or bool(over)) for n, tab in enumerate(TABS))
    verdicts = (("", "Chưa kết luận"), *((v, v) for v in (REAL, FAKE, UNSURE)))
    return (
        Say("guard", f"<h4>3. Gác: trang này thật hay giả?</h4><p>{PAGE}</p><p>Mỗi thẻ mất {TAB_MINUTES} phút.</p>"),
        Buttons("tabs", tuple(tabs)),
        Say("opened", f"<p>Còn {left} phút.{over}</p><ul>{seen}</ul>", live=True),
        Choice("verdict", "Kết luận của anh/chị", state.verdict, verdicts),
        Buttons("judge-button", (Button("judge", "Kết luận"),)),
        Say("judged", (words or "<p>Hãy chọn một kết luận.</p>") if state.judged else "", live=True),
    )


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step; a change takes away the results that it would make wrong."""
    name, _, place = control.partition(".")
    if name == "tab":
        return replace(state, opened=(*state.opened, int(place)), judged=False)
    if name == "sow":
        return replace(state, sown=True)
    if name == "look":
        return replace(state, named=True)
    if name == "judge":
        return replace(state, judged=True)
    if name == "again":
        return start()
    changed = put(state, control, value)
    if name == "verdict":
        return replace(changed, judged=False)
    return replace(changed, named=False, sown=changed.sown and name != "tricks")
