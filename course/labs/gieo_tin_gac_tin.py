"""Lab "Người gieo tin – người gác tin": sow a harmless rumour, name its tricks on another topic, verify a fanpage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ipywidgets

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
LIMIT: int = 3
START: int = 10
MEMBERS: int = 500
ROUNDS: int = 3
BASE: int = 10
"""Percent of readers who pass the bare rumour on in one round."""
PASSED_TO: int = 5
"""New readers whom each of those reaches."""
MINUTES: int = 6
TAB_MINUTES: int = 2
ENOUGH: int = 2
"""Pieces of evidence from outside the page that a conclusion needs."""


@dataclass(frozen=True, slots=True)
class Trick:
    """One trick: ``push`` in percentage points of readers who pass the rumour on, and two examples of it."""

    letter: str
    name: str
    push: int
    sown: str
    elsewhere: str
    trace: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A place to look; ``outside``: the owner of the page cannot change what stands there."""

    name: str
    outside: bool
    shows: str


# fmt: off
TRICKS: tuple[Trick, ...] = (
    Trick("F", "Ngụy tạo", 10, "Ảnh “thông báo bỏ phở” ghép chữ ký bếp trưởng.",
          "Ảnh “biên bản đóng sân cầu lông”, dòng ngày tháng bị gõ đè.", "dấu vết nằm ở tài liệu"),
    Trick("I", "Mạo danh", 10, "Tài khoản “Bếp trưởng Căng-tin”, lập sáng nay.",
          "Tài khoản “Ban Quản lý sân”, trước hôm qua chưa có bài nào.", "dấu vết nằm ở người gửi"),
    Trick("R", "Kích động", 20, "“Ai còn thương bát phở thì chuyển ngay, kẻo muộn!”",
          "“Im lặng là mất sân! Chuyển cho mười người trước 17 giờ!”", "dấu vết nằm ở lời lẽ"),
    Trick("S", "Mượn sự kiện không liên quan", 5, "Ảnh một quán phở đóng cửa ở tỉnh khác.",
          "Ảnh sân bóng bị rào ở thành phố khác, chụp năm ngoái.", "dấu vết nằm ở hình ảnh"),
    Trick("T", "Khuếch đại tự động", 15, "Ba mươi tài khoản đăng cùng một câu trong hai phút.",
          "Bốn mươi tài khoản gửi một câu y hệt vào đúng 12 giờ 00.", "dấu vết nằm ở cách lan"),
)
QUOTED: tuple[Trick, ...] = tuple(t for letter in "RTFIS" for t in TRICKS if t.letter == letter)
"""The tricks in the order in which their examples about the other topic are shown."""
TABS: tuple[Tab, ...] = (
    Tab("Giới thiệu của trang", outside=False, shows="“Trang chính thức duy nhất.” Trang tự viết về mình."),
    Tab("Ảnh gốc", outside=True, shows="Tìm ngược tấm ảnh: đã đăng nhiều năm trước, ở một căng-tin tỉnh khác."),
    Tab("Bình luận dưới bài", outside=False, shows="48 lời khen trang đưa tin nhanh. Nhiều lời giống nhau từng chữ."),
    Tab("Danh sách kênh chính thức", outside=True, shows="Công đoàn công bố ba kênh. Không có trang này."),
    Tab("Gọi bếp trưởng", outside=True, shows="Số trong danh bạ: “Thứ Hai vẫn nấu phở. Tôi không lập trang nào.”"),
)
# fmt: on
REAL, FAKE, UNSURE = "Trang thật", "Trang giả", "Chưa đủ căn cứ"


def spread(tricks: Collection[str], guarded: Collection[str] = ()) -> tuple[int, ...]:
    """Return how many people have read the rumour at the start and after each round; ``guarded`` tricks push no more.

    Raises:
        ValueError: for more than ``LIMIT`` tricks.
    """
    if len(set(tricks)) > LIMIT:
        message = f"nhiều nhất {LIMIT} thủ thuật"
        raise ValueError(message)
    share = BASE + sum(t.push for t in TRICKS if t.letter in tricks and t.letter not in guarded)
    read = [START]
    for _ in range(ROUNDS):
        read.append(min(MEMBERS, read[-1] * (100 + PASSED_TO * share) // 100))
    return tuple(read)


def named(answers: Mapping[str, str]) -> frozenset[str]:
    """Return the letters of the tricks that were given their own name (quoted letter → letter chosen)."""
    return frozenset(quoted for quoted, chosen in answers.items() if quoted == chosen)


def judge(opened: Collection[int], verdict: str) -> str:
    """Return what to say about ``verdict`` after the tabs at the places ``opened``."""
    evidence = sum(TABS[place].outside for place in set(opened))
    seen = f"Anh/chị có {evidence} bằng chứng từ ngoài trang."
    if verdict == REAL:
        return f"Chưa đúng. {seen} Lời trang tự nói về mình không chứng minh được trang."
    if verdict == FAKE and evidence >= ENOUGH:
        return f"Kết luận có căn cứ. {seen} Những nơi ấy không nằm trong tay chủ trang."
    if verdict == FAKE:
        return f"Trúng, nhưng mới là đoán. {seen} Lần sau đoán sai một trang thật, mọi người sẽ mất tin."
    if evidence >= ENOUGH:
        return f"Thận trọng quá mức. {seen} Như thế đã đủ để nói đây là trang giả và báo đầu mối."
    return f"Nói đúng mức. {seen} Chưa rõ thì nói chưa rõ, rồi mở thêm nơi ở ngoài trang."


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
    bars = [("Chưa ai nhận ra", plain[-1], "#8a3b00"), ("Nhận ra như anh/chị", guarded[-1], "#0b5394")]
    label = escape("; ".join(f"{name}: {count} trên {MEMBERS} người" for name, count, _ in bars))
    parts = ['<rect width="640" height="140" fill="#ffffff"/>']
    for row, (name, count, colour) in enumerate(bars):
        y = 8 + 68 * row
        parts += [
            f'<text x="8" y="{y + 18}">{name}: {count} người</text>',
            f'<rect x="8" y="{y + 26}" width="600" height="28" fill="#ffffff" stroke="#444444"/>',
            f'<rect x="8" y="{y + 26}" width="{count * 600 // MEMBERS}" height="28" fill="{colour}"/>',
        ]
    style = 'style="width:100%;max-width:640px" font-family="Noto Sans, sans-serif" font-size="20"'
    return f'<svg viewBox="0 0 640 140" role="img" aria-label="{label}" {style}>{"".join(parts)}</svg>'


def _sown(tricks: Collection[str]) -> str:
    """Return the result of the first part."""
    if len(tricks) > LIMIT:
        return f'<p role="status">Hãy chọn nhiều nhất {LIMIT} thủ thuật.</p>'
    rounds = " → ".join(str(n) for n in spread(tricks))
    lines = "".join(f"<li>{t.sown} <i>({t.trace})</i></li>" for t in TRICKS if t.letter in tricks)
    bare = spread(())[-1]
    return f'<p role="status">Số người đã đọc qua ba vòng: <b>{rounds}</b>. Tin trần: {bare}.</p><ul>{lines}</ul>'


def _guarded(tricks: Collection[str], answers: Mapping[str, str]) -> str:
    """Return the result of the second part: each quote, and the sown rumour among readers like this one."""
    if len(tricks) > LIMIT:
        return _sown(tricks)
    right = named(answers)
    rows = "".join(
        f"<li>{'Đúng' if t.letter in right else 'Chưa đúng'}: câu {n} là {t.name}, vì {t.trace}.</li>"
        for n, t in enumerate(QUOTED, start=1)
    )
    plain, guard = spread(tricks), spread(tricks, right)
    words = f"Anh/chị gọi đúng {len(right)}/{len(TRICKS)} thủ thuật. Tin phở ở phần 1: {plain[-1]} người đọc; "
    words += f"nếu ai cũng nhận ra như anh/chị thì còn {guard[-1]} người."
    return f'<div role="status"><p><b>{words}</b></p><ul>{rows}</ul></div>{chart(plain, guard)}'


def _opened(opened: list[int]) -> str:
    left = MINUTES - TAB_MINUTES * len(opened)
    shown = "".join(f"<li><b>{TABS[p].name}:</b> {TABS[p].shows}</li>" for p in opened)
    over = " Hết giờ: anh/chị phải kết luận." if left < TAB_MINUTES else ""
    return f'<p role="status">Còn {left} phút.{over}</p><ul>{shown}</ul>'


def view() -> ipywidgets.Widget:
    """Return the lab: sowing, naming, guarding, and "Thử lại"."""
    import ipywidgets as w  # start-up stays light

    sow, tricks, reset_sow = _sow_part(w)
    name, reset_name = _name_part(w, tricks)
    guard, reset_guard = _guard_part(w)
    again = w.Button(description="Thử lại", layout={"width": "auto"})

    def reset(_button: object) -> None:
        for part in (reset_sow, reset_name, reset_guard):
            part()

    again.on_click(reset)
    intro = w.HTML(f"<h3>{TITLE}</h3><p>{SITUATION}</p><p>{SIMULATED}</p>")
    return w.VBox([intro, sow, name, guard, again])


def _sow_part(w: Any) -> tuple[Any, Any, Any]:  # ipywidgets has no types
    """Return the box, a function for the letters chosen, and a function that resets the part."""
    boxes = {t.letter: w.Checkbox(description=t.name, indent=False) for t in TRICKS}
    out = w.HTML()
    button = w.Button(description="Gieo tin", layout={"width": "auto"})

    def chosen() -> list[str]:
        return [letter for letter, box in boxes.items() if box.value]

    def show(_button: object) -> None:
        out.value = _sown(chosen())

    def reset() -> None:
        for box in boxes.values():
            box.value = False
        out.value = ""

    button.on_click(show)
    rows = [w.VBox([w.HTML(f"<p>{t.sown}</p>"), boxes[t.letter]]) for t in TRICKS]
    head = w.HTML(f"<h4>1. Gieo: chọn nhiều nhất {LIMIT} thủ thuật</h4>")
    return w.VBox([head, *rows, button, out]), chosen, reset


def _name_part(w: Any, tricks: Any) -> tuple[Any, Any]:  # ipywidgets has no types
    """Return the box and a function that resets the part."""
    choices = [("Chưa chọn", ""), *((t.name, t.letter) for t in TRICKS)]
    picks = {t.letter: w.Dropdown(options=choices, tooltip=t.elsewhere, layout={"width": "98%"}) for t in QUOTED}
    out = w.HTML()
    button = w.Button(description="Xem kết quả", layout={"width": "auto"})

    def show(_button: object) -> None:
        out.value = _guarded(tricks(), {letter: pick.value for letter, pick in picks.items()})

    def reset() -> None:
        for pick in picks.values():
            pick.value = ""
        out.value = ""

    button.on_click(show)
    rows = [w.VBox([w.HTML(f"<p>{n}. {t.elsewhere}</p>"), picks[t.letter]]) for n, t in enumerate(QUOTED, start=1)]
    head = w.HTML("<h4>2. Gọi tên: chuyện khác, sân cầu lông</h4><p>Mỗi câu dùng thủ thuật nào?</p>")
    return w.VBox([head, *rows, button, out]), reset


def _guard_part(w: Any) -> tuple[Any, Any]:  # ipywidgets has no types
    """Return the box and a function that resets the part."""
    opened: list[int] = []
    seen, out = w.HTML(_opened(opened)), w.HTML()
    tabs = [w.Button(description=tab.name, layout={"width": "auto"}) for tab in TABS]
    choices = [("Chưa kết luận", ""), *((v, v) for v in (REAL, FAKE, UNSURE))]
    verdict = w.Dropdown(options=choices, tooltip="Kết luận", layout={"width": "98%"})
    button = w.Button(description="Kết luận", layout={"width": "auto"})

    def look(pressed: Any) -> None:  # ipywidgets has no types
        place = tabs.index(pressed)
        if place not in opened and TAB_MINUTES * (len(opened) + 1) <= MINUTES:
            opened.append(place)
        seen.value = _opened(opened)

    def show(_button: object) -> None:
        ask = "Hãy chọn một kết luận."
        words = f"{judge(opened, verdict.value)}</p><p>{TEACHES}" if verdict.value else ask
        out.value = f'<p role="status">{words}</p>'

    def reset() -> None:
        opened.clear()
        seen.value, out.value, verdict.value = _opened(opened), "", ""

    for tab in tabs:
        tab.on_click(look)
    button.on_click(show)
    head = w.HTML(f"<h4>3. Gác: trang này thật hay giả?</h4><p>{PAGE}</p><p>Mỗi thẻ mất {TAB_MINUTES} phút.</p>")
    row = w.HBox(tabs, layout={"flex_flow": "row wrap"})
    return w.VBox([head, row, seen, w.HTML("<p><b>Kết luận của anh/chị</b></p>"), verdict, button, out]), reset
