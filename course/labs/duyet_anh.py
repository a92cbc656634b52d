"""Lab "Duyệt ảnh hiện trường": a drawn post with eight numbered points; leave, cover, ask, or drop each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from course.labs.shared.drawing import picture
from course.labs.shared.parts import Button, Choice, Parts, Say, again
from course.labs.shared.state import flag, one_of, put, row

Handling = Literal["", "giu", "che", "hoi", "bo"]
Verdict = Literal["ổn", "bỏ lọt", "chặn nhầm"]

TITLE: str = "Duyệt ảnh hiện trường"
TEACHES: str = (
    "Một tấm ảnh đáng tự hào vẫn có thể quảng cáo cho một lỗi an toàn: "
    "che mặt, che tên không chữa được sợi dây an toàn chưa móc."
)
SITUATION: str = (
    "Bài chờ đăng fanpage (mô phỏng): ảnh chính chụp đội sửa chữa sau bão, một ảnh nhỏ ghép ở góc, một video có nhạc. "
    "Ai cũng khen ảnh đẹp. Có tám điểm đánh số."
)
CHOICES: dict[Handling, str] = {"": "Chưa chọn", "giu": "Để nguyên", "che": "Che", "hoi": "Xin phép", "bo": "Bỏ"}
MEANINGS: str = (
    "Che: làm mờ kín hoặc cắt khỏi khung. Xin phép: hỏi người có quyền và chờ trả lời rõ. "
    "Bỏ: không dùng phần ấy; lỗi nằm ở ảnh chính thì bỏ cả ảnh. Chưa chọn được tính như để nguyên."
)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the post.

    Attributes:
        name: what it is, in a few words.
        fine: the choices that settle it. Of the others, "bo" blocks more than needed and the rest let it through.
        box: x, y, width, height in the drawing of what a cover hides; the number stands at the upper left corner.
        seen: what the picture shows, for somebody who does not see it.
        says: why, for each choice.
    """

    name: str
    fine: frozenset[str]
    box: tuple[int, ...]
    seen: str
    says: Mapping[Handling, str]


_POINTS: str = """
Dây an toàn | bo | 214 92 96 164 | người trên cột cười tươi, đầu dây an toàn buông thõng, chưa móc vào đâu
Bài khen ngợi lại đưa lên một lỗi an toàn; người xem sẽ tin rằng làm thế cũng được.
Che mặt thì sợi dây vẫn buông; che sợi dây thì giấu lỗi mà mối nguy còn đó.
Anh ấy đồng ý cũng không làm việc này an toàn hơn; lỗi không xin phép được.
Bỏ ảnh chính, chọn ảnh khác đạt an toàn, và báo riêng người phụ trách an toàn.
Thẻ tên | che hoi | 74 264 46 32 | người dưới đất đeo thẻ đọc được họ tên và mã số
Họ tên và mã số chỉ ra đúng một người, mà chưa ai hỏi người ấy.
Làm mờ kín thẻ tên là đủ; việc và người vẫn còn trong ảnh.
Hỏi đúng người, đúng kênh sẽ đăng, có trả lời rõ thì giữ được thẻ.
Không cần bỏ cả ảnh vì một tấm thẻ; làm mờ là xong.
Màn hình điều độ | che | 348 222 92 64 | máy tính bảng trên xe hiện sơ đồ lưới và số hiệu thiết bị
Sơ đồ lưới là thông tin công trình; người lạ phóng to là đọc được.
Che kín màn hình trước, rồi hỏi đầu mối của đơn vị nếu còn nghi ngờ.
Người trong ảnh không có quyền cho phép công khai sơ đồ lưới.
Không cần bỏ cả ảnh; che kín màn hình là đủ.
Trẻ em | che hoi | 282 304 36 32 | một em nhỏ đứng xem cạnh xe, nhìn rõ mặt
Em nhỏ không tự quyết được việc ảnh mình bị đăng; cha mẹ chưa biết gì.
Làm mờ mặt em nhỏ là cách nhanh và an toàn nhất.
Được khi cha mẹ trả lời rõ là đồng ý; chưa có trả lời thì làm mờ.
Không cần bỏ cả ảnh; làm mờ hoặc cắt khung là giữ được cảnh làm việc.
Định vị | bo | 6 384 250 30 | góc ảnh in tọa độ trạm; tệp ảnh cũng ghi vị trí
Ai cũng biết chính xác vị trí trạm; dòng chữ này không giúp gì cho bài.
Che dòng chữ thì vị trí vẫn nằm trong tệp ảnh gửi đi.
Không ai trong ảnh có quyền cho phép công khai vị trí trạm.
Bỏ dòng tọa độ và thông tin vị trí trong tệp; bài không mất gì.
Nhạc | hoi bo | 430 384 204 30 | video ghép một bài hát đang được ưa thích, không rõ giấy phép
Bài hát có người giữ quyền; trang của tổ chức dùng mà chưa được phép.
Vặn nhỏ hoặc che tên bài thì vẫn là dùng nhạc của người khác.
Được khi có giấy phép ghi đúng cách mình dùng; nhớ lưu lại.
Bỏ bài hát, thay bằng tiếng hiện trường hoặc nhạc có giấy phép.
Ảnh AI | bo | 438 14 188 104 | ảnh nhỏ ghép góc là cảnh cột gãy do AI dựng, chú thích: đêm qua
Ảnh dựng đứng cạnh ảnh thật làm người đọc nghi cả tấm thật.
Che một phần không biến ảnh dựng thành ảnh chụp đêm qua.
Không ai cho phép được một cảnh chưa từng chụp; xin ai cũng vậy.
Bỏ ảnh dựng; thiếu ảnh thì dùng sơ đồ hoặc chờ ảnh của đội.
Người chưa đồng ý | che hoi | 550 254 40 36 | một người dân đứng cửa nhà, nhìn rõ mặt, chưa ai hỏi
Người dân chưa được hỏi; sửa điện ở nơi công cộng không có nghĩa ảnh họ là của chung.
Làm mờ mặt hoặc cắt khung; cảnh làm việc vẫn còn.
Hỏi và chờ trả lời rõ; người ấy không trả lời thì làm mờ.
Không cần bỏ cả ảnh; làm mờ hoặc hỏi một câu là xong.
"""
"""A head line (name, choices that settle it, box, what is seen), then why: left alone, covered, asked, dropped."""


def _point(head: str, left: str, covered: str, asked: str, dropped: str) -> Point:
    name, fine, box, seen = head.split(" | ")
    says: dict[Handling, str] = {"": left, "giu": left, "che": covered, "hoi": asked, "bo": dropped}
    return Point(name, frozenset(fine.split()), tuple(map(int, box.split())), seen, says)


_LINES = _POINTS.strip().split("\n")
POINTS: tuple[Point, ...] = tuple(_point(*_LINES[start : start + 5]) for start in range(0, len(_LINES), 5))
_SCENE: str = (
    '<rect width="640" height="420" fill="#dcebf5"/><path d="M0 330h640v90H0z" fill="#cfd8c4"/>'
    '<g fill="none" stroke="#22303f" stroke-width="4"><path d="M210 30v320M160 62h100" stroke-width="9"/>'
    '<circle cx="244" cy="118" r="15" fill="#fff"/><path d="M226 113a18 17 0 0 1 36 0z" fill="#f2c200"/>'
    '<path d="M244 133v52M244 146l-28 12M244 185l-28 22M244 185l-24 46"/>'
    '<path d="M236 168h18c40 4 22 44 40 66" stroke="#a33b00" stroke-width="6"/><circle cx="294" cy="242" r="8"/>'
    '<circle cx="92" cy="236" r="16" fill="#fff"/><path d="M73 231a19 18 0 0 1 38 0z" fill="#f2c200"/>'
    '<path d="M92 252v62M92 266l-26 26M92 266l28 22M92 314l-16 44M92 314l18 44"/>'
    '<rect x="80" y="268" width="34" height="24" fill="#fff" stroke-width="2"/>'
    '<path d="M86 276h22M86 284h16" stroke-width="2"/>'
    '<path d="M330 352v-62h120l34 32v30z" fill="#8fa7bb"/><circle cx="362" cy="354" r="15" fill="#fff"/>'
    '<circle cx="452" cy="354" r="15" fill="#fff"/><rect x="352" y="226" width="84" height="56" fill="#10243e"/>'
    '<path d="M362 240h24v28h36M386 254h36M404 240v28" stroke="#7fe0a0" stroke-width="3"/>'
    '<circle cx="300" cy="320" r="12" fill="#fff"/><path d="M300 332v30M286 344h28M300 362l-8 26M300 362l8 26"/>'
    '<path d="M520 352V236l50-34 50 34v116z" fill="#f3e6cf"/><circle cx="570" cy="272" r="14" fill="#fff"/>'
    '<path d="M570 286v40M552 302h36M570 326l-10 26M570 326l10 26"/>'
    '<rect x="438" y="14" width="188" height="104" fill="#4b5560"/>'
    '<path d="M494 92l20-64M514 44l42 24M456 82c40-20 80 20 150-6" stroke="#fff"/></g>'
    '<g font-size="17" fill="#10243e"><rect x="6" y="386" width="250" height="28" fill="#fff"/>'
    '<text x="34" y="406">Tọa độ: 00.0000, 00.0000</text><rect x="430" y="386" width="204" height="28" fill="#fff"/>'
    '<text x="462" y="406">♪ Bài hát đang chạy</text><text x="446" y="108" fill="#fff">đêm qua</text></g>'
)
EXAMPLES: dict[str, dict[int, Handling]] = {
    "Che tất cả": dict.fromkeys(range(1, 9), "che"),
    "Xử lý từng điểm": {1: "bo", 2: "che", 3: "che", 4: "che", 5: "bo", 6: "bo", 7: "bo", 8: "hoi"},
}


def verdict(number: int, choice: Handling) -> Verdict:
    """Judge ``choice`` for point ``number`` (from 1): settled, let through, or blocked more than needed."""
    if choice in POINTS[number - 1].fine:
        return "ổn"
    return "chặn nhầm" if choice == "bo" else "bỏ lọt"


def review(choices: Mapping[int, Handling]) -> dict[Verdict, list[int]]:
    """Return the numbers of the points by verdict; a point without a choice is read as left alone."""
    found: dict[Verdict, list[int]] = {"ổn": [], "bỏ lọt": [], "chặn nhầm": []}
    for number in range(1, len(POINTS) + 1):
        found[verdict(number, choices.get(number, ""))].append(number)
    return found


def summary(choices: Mapping[int, Handling]) -> tuple[str, ...]:
    """Return the result in sentences: the counts, what is left, and whether the post still shows a safety breach."""
    settled, leaks, over = review(choices).values()
    lines = [f"Ổn: {len(settled)}/8. Bỏ lọt: {len(leaks)}. Chặn nhầm: {len(over)}."]
    for title, numbers in (("Còn bỏ lọt", leaks), ("Chặn nhầm ở", over)):
        lines += [f"{title}: {', '.join(POINTS[n - 1].name for n in numbers)}."] if numbers else []
    if 1 in leaks:
        return (*lines, "Ảnh chính vẫn lên trang với sợi dây an toàn chưa móc.")
    return (*lines, "Ảnh chính đã được bỏ. Hãy soi bảy điểm kia ở ảnh thay thế rồi gửi duyệt.")


def _mark(number: int, choice: Handling) -> str:
    """Return what lies over one point: a cover, a cross or a tag as chosen, and always its number."""
    x, y, width, height = POINTS[number - 1].box
    area = f'x="{x}" y="{y}" width="{width}" height="{height}" stroke-width="3"'
    cross = f'<path d="M{x} {y}l{width} {height}M{x + width} {y}l{-width} {height}" stroke="#7a1a12" stroke-width="4"/>'
    over: dict[Handling, str] = {
        "che": f'<rect {area} fill="#6b7682" stroke="#22303f"/>',
        "bo": f'<rect {area} fill="#fff" stroke="#7a1a12"/>{cross}',
        "hoi": f'<rect {area} fill="none" stroke="#10243e" stroke-dasharray="6 4"/>'
        f'<rect x="{x + 16}" y="{y - 14}" width="64" height="26" fill="#fff"/>'
        f'<text x="{x + 22}" y="{y + 5}" font-size="19" fill="#10243e">đã hỏi</text>',
    }
    left, top = max(x - 14, 24), max(y - 10, 24)
    dot = f'<circle cx="{left}" cy="{top}" r="23" fill="#10243e" stroke="#fff" stroke-width="2"/>'
    digit = f'<text x="{left}" y="{top + 11}" font-size="31" font-weight="700" fill="#fff" text-anchor="middle">'
    return f"{over.get(choice, '')}{dot}{digit}{number}</text>"


def scene(choices: Mapping[int, Handling]) -> str:
    """Return the drawing, with the points marked as chosen, and a text alternative."""
    chosen = {number: choices.get(number, "") for number in range(1, len(POINTS) + 1)}
    spoken = "; ".join(f"{n}. {POINTS[n - 1].seen} ({CHOICES[choice].lower()})" for n, choice in chosen.items())
    marks = "".join(_mark(number, choice) for number, choice in chosen.items())
    return picture(f"Bài ảnh chờ đăng. {spoken}.", _SCENE + marks, 420, 640)


def _rows(choices: Mapping[int, Handling]) -> list[tuple[str, str, Verdict, str]]:
    """Return name, choice, verdict and reason of every point."""
    chosen = [choices.get(number, "") for number in range(1, len(POINTS) + 1)]
    return [
        (f"{n}. {point.name}", CHOICES[choice], verdict(n, choice), point.says[choice])
        for n, (point, choice) in enumerate(zip(POINTS, chosen, strict=True), start=1)
    ]


def text() -> str:
    """Return the task on paper: a checklist of the eight points, and the result of two ways of handling them."""
    points = "\n".join(f"| {n}. {p.name} | {p.seen} | ☐ | ☐ | ☐ | ☐ |" for n, p in enumerate(POINTS, start=1))
    head = " | ".join(label for choice, label in CHOICES.items() if choice)
    parts = [
        f"## {TITLE}",
        f"{SITUATION} {MEANINGS}",
        "Đánh dấu một cách xử lý cho mỗi điểm, rồi so với kết quả bên dưới.",
    ]
    parts.append(f"| Điểm | Trong ảnh | {head} |\n|---|---|---|---|---|---|\n{points}")
    for name, choices in EXAMPLES.items():
        rows = "\n".join(f"| {' | '.join(row)} |" for row in _rows(choices))
        parts.append(f"**{name}.** {' '.join(summary(choices))}")
        parts.append(f"| Điểm | Cách xử lý | Kết quả | Vì sao |\n|---|---|---|---|\n{rows}")
    return "\n\n".join([*parts, TEACHES]) + "\n"


@dataclass(frozen=True, slots=True)
class State:
    """What is chosen for each point, and whether the result is looked at."""

    choices: tuple[Handling, ...] = row(*[one_of(CHOICES, "")] * len(POINTS))
    looked: bool = flag()


def start() -> State:
    """Return the lab before anything is chosen."""
    return State()


def show(state: State) -> Parts:
    """Return the drawing, one choice for each point, and the result once it is asked for."""
    choices = dict(enumerate(state.choices, start=1))
    signs: dict[Verdict, str] = {"ổn": "✓ ổn", "bỏ lọt": "✗ bỏ lọt", "chặn nhầm": "△ chặn nhầm"}
    rows = "".join(f"<li><b>{name}</b>, {c}: {signs[v]}. {why}</li>" for name, c, v, why in _rows(choices))
    picks = (
        Choice(f"choices.{n - 1}", f"<b>{n}. {point.name}</b>: {point.seen}", choices[n], tuple(CHOICES.items()))
        for n, point in enumerate(POINTS, start=1)
    )
    return (
        Say("intro", f"<p>{SITUATION}</p><p>{MEANINGS}</p>"),
        Say("scene", scene(choices)),
        *picks,
        again(Button("look", "Xem kết quả"), Button("cover", "Che tất cả rồi xem")),
        Say("said", f"<p>{'<br>'.join(summary(choices))}</p>" if state.looked else "", live=True),
        Say("result", f"<ul>{rows}</ul><p><b>{TEACHES}</b></p>" if state.looked else ""),
    )


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step; a new choice takes the result away."""
    if control == "again":
        return start()
    if control == "cover":
        return State(tuple(EXAMPLES["Che tất cả"].values()), looked=True)
    return replace(state, looked=True) if control == "look" else replace(put(state, control, value), looked=False)
