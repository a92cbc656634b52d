"""Lab "Phòng biên tập": edit a muddled draft under six live meters; the meters see its form, not whether it is true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from course import vietnamese

if TYPE_CHECKING:
    import ipywidgets

TITLE: str = "Phòng biên tập"
TEACHES: str = (
    "Sửa bài là việc đo được, nhưng đồng hồ chỉ kiểm hình thức: "
    "bản đẹp vẫn có thể sai, nên phải đối chiếu từng sự kiện với nguồn."
)
MOST_SYLLABLES: int = 120
LONGEST_SENTENCE: int = 25
PHONE_WIDTH: int = 360
"""Width of the phone preview, in CSS pixels."""
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
    return [name for rule, name in _PERSONAL.items() if vietnamese.meets(text, {rule: "true"})]


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
    contact = vietnamese.meets(text, {"after": _CONTACT})
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


def _board(text: str) -> str:
    """Return the meters of ``text`` as HTML, with one line that sums up."""
    readings = meters(text)
    rows = "".join(
        f"<li><b>{m.name}</b>: {escape(m.shows)} · {_verdict(m)}{'' if m.ok else f'<br>{escape(m.advice)}'}</li>"
        for m in readings
    )
    passed = sum(m.ok for m in readings)
    closing = f"<p><b>{TEACHES}</b></p>" if passed == len(readings) else ""
    return f'<div role="status"><p><b>{passed}/{len(readings)} đồng hồ đạt</b></p><ul>{rows}</ul>{closing}</div>'


def _phone(text: str) -> str:
    """Return ``text`` as it would stand on a phone ``PHONE_WIDTH`` pixels wide."""
    shown = escape(text).replace("\n", "<br>") or "(chưa có chữ nào)"
    style = (
        f"box-sizing:border-box;width:100%;max-width:{PHONE_WIDTH}px;border:3px solid #22303f;border-radius:18px;"
        "padding:14px;font:16px/1.45 'Noto Sans',sans-serif;background:#ffffff;color:#10243e;overflow-wrap:anywhere"
    )
    return f'<p><b>Xem trước trên điện thoại</b></p><div style="{style}">{shown}</div>'


def _faults() -> str:
    return "<ol>" + "".join(f"<li>{fault}</li>" for fault in FAULTS) + f"</ol><p><b>{TEACHES}</b></p>"


def view() -> ipywidgets.Widget:
    """Return the lab: the facts, the text to edit, live meters, the phone preview, three buttons."""
    import ipywidgets as w  # start-up stays light

    wide = {"width": "98%"}
    area = w.Textarea(value=DRAFT, tooltip="Bài của anh/chị", layout={"width": "98%", "height": "260px"})
    board, phone, hint = w.HTML(layout=wide), w.HTML(layout=wide), w.HTML(layout=wide)
    labels = ("Xem bản đẹp mà sai", "Xem hai chỗ sai", "Thử lại")
    neat, faults, again = (w.Button(description=label, layout={"width": "auto"}) for label in labels)

    def measure(_change: object = None) -> None:
        board.value, phone.value = _board(area.value), _phone(area.value)

    def load_neat(_button: object) -> None:
        area.value = NEAT_BUT_WRONG
        hint.value = "<p>Sáu đồng hồ đều đạt. Hãy đối chiếu với sự kiện gốc: có hai chỗ sai.</p>"

    def tell(_button: object) -> None:
        hint.value = f"<p>Hai chỗ sai trong bản đẹp mà sai:</p>{_faults()}"

    def reset(_button: object = None) -> None:
        area.value, hint.value = DRAFT, ""
        measure()

    reset()
    area.observe(measure, "value")
    neat.on_click(load_neat)
    faults.on_click(tell)
    again.on_click(reset)
    facts = "".join(f"<li><b>{box}</b>: {fact}</li>" for box, fact in FACTS)
    intro = w.HTML(f"<h3>{TITLE}</h3><p>Sự kiện gốc (mô phỏng):</p><ul>{facts}</ul>", layout=wide)
    label = w.HTML("<p><b>Bài của anh/chị: sửa ngay trong ô này</b></p>")
    buttons = w.HBox([neat, faults, again], layout={"flex_flow": "row wrap"})
    return w.VBox([intro, label, area, board, phone, buttons, hint])
