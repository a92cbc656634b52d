"""Lab "Phòng biên tập": edit a muddled draft under six live meters; the meters see its form, not whether it is true."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

from course import rules, vietnamese
from course.labs.shared.parts import Area, Button, Parts, Say, again
from course.labs.shared.state import one_of, put, words

TITLE: str = "Phòng biên tập"
TEACHES: str = (
    "Sửa bài là việc đo được, nhưng đồng hồ chỉ kiểm hình thức: "
    "bản đẹp vẫn có thể sai, nên phải đối chiếu từng sự kiện với nguồn."
)
MOST_SYLLABLES: int = 120
LONGEST_SENTENCE: int = 25
_LONGEST = 4000
FACTS: tuple[tuple[str, str], ...] = (
    ("Chuyện gì", "đổi áo mưa phản quang, từ 7:30 đến 10:30 thứ Năm 26/11, ở kho vật tư trạm Mẫu 12"),
    ("Ai bị ảnh hưởng", "đội lưu động và tổ đường dây; tổ văn phòng chưa đổi đợt này"),
    ("Làm gì", "mang áo cũ đến đổi; báo cỡ áo cho tổ trưởng trước 16:00 thứ Ba 24/11"),
    ("Hỏi ai", "Văn phòng Công đoàn, trả lời trong ngày"),
)
DRAFT: str = (
    "KÍNH GỬI TOÀN THỂ ANH CHỊ EM ĐOÀN VIÊN! Thực hiện sự chỉ đạo của các cấp về việc tăng cường công tác chăm lo "
    "cho người lao động trong mùa mưa bão năm nay, đồng thời nhằm tiếp tục nâng cao hơn nữa chất lượng của công tác "
    "trang bị bảo hộ, Ban Chấp hành trân trọng thông báo đã phối hợp với bộ phận vật tư tiến hành triển khai thực "
    "hiện việc đổi áo mưa phản quang cho anh em trong tuần tới. Đây là một hoạt động hết sức thiết thực và giàu ý "
    "nghĩa, thể hiện sự quan tâm sâu sát, kịp thời đối với anh em đang ngày đêm bám trụ trên mọi tuyến đường dây. ĐỀ "
    "NGHỊ các tổ KHẨN TRƯƠNG đăng ký cỡ áo cho kịp. Mọi chi tiết xin gọi anh Mẫu Hùng, số 0900 000 012."
)
SAMPLE: str = (
    "Thứ Năm 26/11, từ 7:30 đến 10:30, kho vật tư trạm Mẫu 12 đổi áo mưa phản quang. Đợt này dành cho đội lưu động và "
    "tổ đường dây. Tổ văn phòng chưa đổi đợt này. Mọi người mang áo cũ đến đổi, báo cỡ áo cho tổ trưởng trước "
    "16:00 thứ "
    "Ba 24/11. Vướng gì thì hỏi Văn phòng Công đoàn, có trả lời trong ngày."
)
NEAT_BUT_WRONG: str = SAMPLE.replace("Năm 26/11", "Sáu 27/11").replace("mang áo cũ đến đổi", "không phải mang áo cũ")
FAULTS: tuple[str, str] = (
    "Ngày đổi áo là thứ Năm 26/11, bản này ghi thứ Sáu 27/11: người đọc đến kho muộn một ngày.",
    "Phải mang áo cũ đến đổi, bản này ghi là không phải mang: người đọc về tay không.",
)
ABBREVIATIONS: frozenset[str] = frozenset(
    ("CĐ", "CĐCS", "CĐBP", "BCH", "NLĐ", "ATVSLĐ", "LĐLĐ", "ĐLVN", "EVN", "TP", "AI", "BHYT", "CCCD", "PCCC")
)
_DATE = re.compile(r"(?<![\d/])(?:0?[1-9]|[12]\d|3[01])(?:/|\s+tháng\s+)(?:0?[1-9]|1[0-2])(?!\d)", re.IGNORECASE)
_CONTACT = {
    "cue": ["hỏi", "gọi", "nhắn", "liên hệ", "gặp", "đăng ký"],
    "any": ["tổ trưởng", "đội trưởng", "văn phòng", "công đoàn", "ban chấp hành", "cán bộ", "bộ phận"],
}
_PERSONAL = {"person_name": "tên riêng", "phone": "số điện thoại", "id_number": "số căn cước"}


@dataclass(frozen=True, slots=True)
class Meter:
    """One reading: what is measured, what it shows, whether that will do, and what to do if not."""

    name: str
    shows: str
    ok: bool
    advice: str


def longest_sentence(text: str) -> int:
    """Return the length of the longest sentence of ``text``, in tiếng."""
    return max(map(vietnamese.count_syllables, vietnamese.sentences(text)), default=0)


def shouted(text: str) -> list[str]:
    """Return the words of two letters or more written in capitals, abbreviations apart, in order."""
    words = re.findall(r"[^\W\d_]{2,}", vietnamese.nfc(text))
    return [word for word in words if word.isupper() and word not in ABBREVIATIONS]


def dates(text: str) -> list[str]:
    """Return the dates in ``text``, written 26/11 or 26 tháng 11."""
    return _DATE.findall(vietnamese.nfc(text))


def personal_data(text: str) -> list[str]:
    """Return the kinds of personal data found: a name after anh, chị …, a telephone number, an id number."""
    return [name for rule, name in _PERSONAL.items() if rules.meets(text, {rule: "true"})]


def _form(text: str) -> list[Meter]:
    count, longest, loud = vietnamese.count_syllables(text), longest_sentence(text), shouted(text)
    return [
        Meter("Số chữ", f"{count} chữ", 0 < count <= MOST_SYLLABLES, f"Viết từ 1 đến {MOST_SYLLABLES} chữ."),
        Meter(
            "Câu dài nhất",
            f"{longest} chữ",
            0 < longest <= LONGEST_SENTENCE,
            f"Tách câu: mỗi câu một ý, không quá {LONGEST_SENTENCE} chữ.",
        ),
        Meter("Chữ HOA", f"{len(loud)} chữ", not loud, "Viết thường; chỉ viết hoa đầu câu, tên riêng, chữ viết tắt."),
    ]


def meters(text: str) -> tuple[Meter, ...]:
    """Return the six readings for ``text``."""
    days, hours, found = len(dates(text)), len(vietnamese.read_times(text)), personal_data(text)
    contact = rules.meets(text, {"after": _CONTACT})
    return (
        *_form(text),
        Meter(
            "Ngày giờ",
            f"{days} ngày, {hours} giờ",
            days > 0 and hours > 0,
            "Ghi ít nhất một ngày (26/11) và một giờ (7:30).",
        ),
        Meter("Đầu mối", "có" if contact else "chưa thấy", contact, "Ghi hỏi hoặc nhắn ai: chức danh hay bộ phận."),
        Meter(
            "Dữ liệu cá nhân",
            ", ".join(found) or "không thấy",
            not found,
            "Bỏ tên riêng và dãy số; ghi chức danh thay cho người.",
        ),
    )


def text() -> str:
    """Return the task on paper: the facts, the draft, and what the meters read for three versions."""
    versions = [meters(version) for version in (DRAFT, SAMPLE, NEAT_BUT_WRONG)]
    rows = "\n".join(
        f"| {columns[0].name} | {columns[0].advice} | {' | '.join(f'{m.shows}: {_verdict(m)}' for m in columns)} |"
        for columns in zip(*versions, strict=True)
    )
    facts = "\n".join(f"- {box}: {fact}." for box, fact in FACTS)
    return (
        f"## {TITLE}\n\nSự kiện gốc (mô phỏng):\n\n{facts}\n\n**Bản nháp.** {DRAFT}\n\n"
        "Việc của anh/chị: viết lại bản nháp ra giấy, rồi tự đo sáu điều dưới đây.\n\n"
        "| Đồng hồ | Mức đạt | Bản nháp | Bản đã sửa | Bản đẹp mà sai |\n|---|---|---|---|---|\n"
        f"{rows}\n\n**Bản đã sửa.** {SAMPLE}\n\n**Bản đẹp mà sai.** {NEAT_BUT_WRONG}\n\n"
        f"Cả sáu đồng hồ của bản này đều đạt. Hai chỗ sai:\n\n- {FAULTS[0]}\n- {FAULTS[1]}\n\n{TEACHES}\n"
    )


def _verdict(meter: Meter) -> str:
    return "✓ đạt" if meter.ok else "✗ cần sửa"


def _board(text: str) -> tuple[str, str]:
    """Return the meters of ``text`` as HTML: one line that sums up, and each meter."""
    readings = meters(text)
    rows = "".join(
        f"<li><b>{m.name}</b>: {escape(m.shows)} · {_verdict(m)}{'' if m.ok else f'<br>{escape(m.advice)}'}</li>"
        for m in readings
    )
    passed = sum(m.ok for m in readings)
    closing = f"<p><b>{TEACHES}</b></p>" if passed == len(readings) else ""
    return f"<p><b>{passed}/{len(readings)} đồng hồ đạt</b></p>", f"<ul>{rows}</ul>{closing}"


@dataclass(frozen=True, slots=True)
class State:
    """The text being edited, and which hint is shown: none, the neat version's, or its two faults."""

    text: str = words(_LONGEST, DRAFT)
    hint: str = one_of(("", "neat", "faults"), "")


def start() -> State:
    """Return the lab with the draft."""
    return State()


def show(state: State) -> Parts:
    """Return the facts, the text to edit, its meters, how it looks on a telephone, and the hint."""
    facts = "".join(f"<li><b>{box}</b>: {fact}</li>" for box, fact in FACTS)
    passed, board = _board(state.text)
    phone = escape(state.text).replace("\n", "<br>") or "(chưa có chữ nào)"
    faults = "".join(f"<li>{fault}</li>" for fault in FAULTS)
    hints = {
        "": "",
        "neat": "<p>Sáu đồng hồ đều đạt. Hãy đối chiếu với sự kiện gốc: có hai chỗ sai.</p>",
        "faults": f"<p>Hai chỗ sai trong bản đẹp mà sai:</p><ol>{faults}</ol><p><b>{TEACHES}</b></p>",
    }
    return (
        Say("intro", f"<p>Sự kiện gốc (mô phỏng):</p><ul>{facts}</ul>"),
        Area("text", "Bài của anh/chị: sửa ngay trong ô này", state.text, _LONGEST, rows=10, live=True),
        Say("passed", passed, live=True),
        Say("board", board),
        Say("phone", f'<p><b>Xem trước trên điện thoại</b></p><div class="md-phone">{phone}</div>'),
        again(Button("neat", "Xem bản đẹp mà sai"), Button("faults", "Xem hai chỗ sai")),
        Say("hint", hints[state.hint], live=True),
    )


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step."""
    if control == "again":
        return start()
    if control == "neat":
        return State(NEAT_BUT_WRONG, "neat")
    return replace(state, hint="faults") if control == "faults" else put(state, control, value)
