"""Lab "Đèn giao thông": twelve drafts get a light and a reason; letting harm through and over-blocking both count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ipywidgets

TITLE: str = "Đèn giao thông"
TEACHES: str = (
    "Bật đỏ cho chắc không phải là an toàn: chặn nhầm cũng là lỗi như bỏ lọt, "
    "vì người bị chặn nhầm lần sau sẽ không nói với công đoàn nữa."
)
SITUATION: str = (
    "Mười hai bản nháp đang chờ anh/chị. Với mỗi bản, chọn một màu đèn và lý do chính. "
    "Xanh: đăng hoặc giữ nguyên. Vàng: giữ lại để sửa, xin phép, hỏi. "
    "Đỏ: không đăng, lưu lại, chuyển người có trách nhiệm."
)
INVENTED: str = "Người, đơn vị và bài viết đều được đặt ra."
LIGHTS: dict[str, str] = {"xanh": "Xanh", "vang": "Vàng", "do": "Đỏ"}
"""Code of a light → its name, from the most lenient to the strictest."""
REASONS: dict[str, str] = {
    "khong": "Không vướng gì",
    "dung": "Chưa kiểm chứng",
    "phep": "Chưa được phép của người trong ảnh, của tác giả",
    "lua": "Người xem bị đánh lừa: thiếu nhãn AI, giả danh",
    "hai": "Có người bị hại, bị lộ, bị xúc phạm",
    "quyen": "Không thuộc quyền của mình",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft post: its text, the right ``light``, the ``reasons`` that are accepted, and why."""

    text: str
    light: str
    reasons: tuple[str, ...]
    why: str


DRAFTS: tuple[Draft, ...] = (
    Draft(
        "Ảnh tổ Mẫu 2 chụp riêng với cờ thi đua ở phòng giao ca. Mười người đã đồng ý, hai người chưa trả lời "
        "tin nhắn.",
        "vang",
        ("phep",),
        "Im lặng không phải là đồng ý. Hỏi riêng hai người ấy, hoặc chọn ảnh khác.",
    ),
    Draft(
        "Bình luận dưới bài ATVSLĐ: “Giày bảo hộ đợt này đế trơn, tôi suýt ngã hai lần. Công đoàn xem giúp.”",
        "xanh",
        ("khong",),
        "Đây là góp ý thật về an toàn. Giữ nguyên, cảm ơn, hẹn giờ trả lời và chuyển bộ phận lo bảo hộ.",
    ),
    Draft(
        "Ảnh một công nhân bị ngã đang nằm trên cáng, kèm lời: “Anh em nhìn đây mà cẩn thận!”",
        "do",
        ("hai", "phep"),
        "Người bị nạn và gia đình bị tổn thương thêm. Lời nhắc an toàn không cần khuôn mặt người đau.",
    ),
    Draft(
        "“Từ tối nay căng-tin mở thêm từ 0 giờ đến 2 giờ.” Kèm ảnh thông báo của đơn vị; người phụ trách đã duyệt.",
        "xanh",
        ("khong",),
        "Có văn bản, có người duyệt, không ai bị lộ. Kíp đêm cần tin này ngay.",
    ),
    Draft(
        "“Nghe nói quý tới tăng tiền bồi dưỡng ca đêm, vui quá anh em ơi!” Một ủy viên định đăng, chưa hỏi ai.",
        "vang",
        ("dung",),
        "Tin vui chưa kiểm chứng vẫn là tin đồn. Hỏi bộ phận tiền lương rồi hãy đăng.",
    ),
    Draft(
        "Nhờ mười cộng tác viên lập tài khoản tên khác vào khen bài của công đoàn cho xôm.",
        "do",
        ("lua",),
        "Tài khoản giả là lừa người đọc. Khi lộ ra, lời khen thật cũng mất giá.",
    ),
    Draft(
        "Ảnh chị Mẫu Thủy đứng máy. Chị đã nhắn đồng ý đăng fanpage tháng này; ban biên tập đã duyệt.",
        "xanh",
        ("khong",),
        "Đủ lời đồng ý, đủ người duyệt. Giữ lại chỉ làm mất một lời khen.",
    ),
    Draft(
        "Hình do AI vẽ cảnh tổ sửa chữa trong cơn bão vừa qua, ghi “Hình ảnh anh em đêm qua”.",
        "vang",
        ("lua",),
        "Người xem sẽ tưởng là ảnh thật. Gắn nhãn dễ thấy và sửa lời ghi, hoặc thay bằng ảnh thật.",
    ),
    Draft(
        "Trưởng kíp định trả lời phóng viên qua trang: “Sự cố tối qua là do bảo dưỡng kém.”",
        "do",
        ("quyen", "dung"),
        "Chưa có kết luận, và trưởng kíp không được giao trả lời báo chí. Ghi câu hỏi, chuyển đầu mối.",
    ),
    Draft(
        "“Hội thao: đội Mẫu 4 vô địch. Đội Mẫu 7 đá như mất ngủ, thua là phải.” Kết quả đã công bố.",
        "vang",
        ("hai",),
        "Kết quả đăng được, lời chê thì không: đội Mẫu 7 vừa xuống ca đêm. Bỏ câu chê, giữ câu khen.",
    ),
    Draft(
        "Một tổ công đoàn gửi vào nhóm lấy ý kiến: “Chúng tôi không đồng ý khoản 3 dự thảo thỏa ước, vì …”",
        "xanh",
        ("khong",),
        "Không đồng ý là điều đợt lấy ý kiến đi tìm. Giữ nguyên và ghi vào bảng tổng hợp.",
    ),
    Draft(
        "Ảnh chụp một công văn có dấu chỉ mức độ mật, nhờ chuyển vào nhóm “để mọi người biết sớm”.",
        "do",
        ("quyen", "phep"),
        "Thấy dấu ấy thì dừng: không chụp, không chuyển, báo người phụ trách.",
    ),
)


@dataclass(frozen=True, slots=True)
class Count:
    """Counts over the drafts: ``missed`` (bỏ lọt), ``overblocked`` (chặn nhầm), right ``lights``, right ``reasons``."""

    missed: int
    overblocked: int
    lights: int
    reasons: int


def severity(light: str) -> int:
    """Return 0 for green, 1 for yellow, 2 for red."""
    return list(LIGHTS).index(light)


def fault(draft: Draft, light: str) -> str:
    """Return ``bỏ lọt`` for a light more lenient than the right one, ``chặn nhầm`` for a stricter one, else nothing."""
    gap = severity(light) - severity(draft.light)
    return "bỏ lọt" if gap < 0 else "chặn nhầm" if gap > 0 else ""


def count(lights: Sequence[str], reasons: Sequence[str]) -> Count:
    """Compare the learner's ``lights`` and ``reasons`` (codes, in the order of ``DRAFTS``) with the right ones."""
    faults = [fault(draft, light) for draft, light in zip(DRAFTS, lights, strict=True)]
    fitting = sum(reason in draft.reasons for draft, reason in zip(DRAFTS, reasons, strict=True))
    return Count(faults.count("bỏ lọt"), faults.count("chặn nhầm"), faults.count(""), fitting)


def words(result: Count) -> str:
    """Return the counts in words."""
    right = f"Đúng màu: {result.lights}/{len(DRAFTS)}. Đúng lý do: {result.reasons}/{len(DRAFTS)}."
    return f"Bỏ lọt: {result.missed}. Chặn nhầm: {result.overblocked}. {right}"


def text() -> str:
    """Return the same task in Markdown, to be done on paper."""
    blank = ["khong"] * len(DRAFTS)
    strict, lenient = count(["do"] * len(DRAFTS), blank), count(["xanh"] * len(DRAFTS), blank)
    drafts = "\n".join(f"| {n} | {d.text} | | |" for n, d in enumerate(DRAFTS, start=1))
    key = "\n".join(f"| {n} | {LIGHTS[d.light]} | {d.why} |" for n, d in enumerate(DRAFTS, start=1))
    return f"""### {TITLE}

{SITUATION} {INVENTED}

Lý do để chọn: {"; ".join(REASONS.values())}.

| Số | Bản nháp | Màu | Lý do |
|---|---|---|---|
{drafts}

**Cách đếm.** Đèn nhẹ hơn mức cần là *bỏ lọt*. Đèn nặng hơn mức cần là *chặn nhầm*.

**Ví dụ 1.** Bật đỏ cả mười hai bản: bỏ lọt {strict.missed}, chặn nhầm {strict.overblocked}.

**Ví dụ 2.** Bật xanh cả mười hai bản: bỏ lọt {lenient.missed}, chặn nhầm {lenient.overblocked}.

**Xem sau khi làm xong**

| Số | Màu | Vì sao |
|---|---|---|
{key}

{TEACHES}"""


def chart(result: Count) -> str:
    """Return an inline SVG: one bar for each of the two kinds of mistakes, with its number."""
    parts = ['<rect width="360" height="96" fill="#ffffff"/>']
    bars = (("Bỏ lọt", result.missed, "#8a3b00"), ("Chặn nhầm", result.overblocked, "#0b5394"))
    for row, (name, number, colour) in enumerate(bars):
        y = 48 * row
        parts += [
            f'<text x="10" y="{y + 18}">{name}: {number} / {len(DRAFTS)}</text>',
            f'<rect x="10" y="{y + 25}" width="336" height="16" fill="#ffffff" stroke="#444444"/>',
            f'<rect x="10" y="{y + 25}" width="{28 * number}" height="16" fill="{colour}"/>',
        ]
    style = 'style="width:100%;max-width:480px" font-family="Noto Sans, sans-serif" font-size="15"'
    return (
        f'<svg viewBox="0 0 360 96" role="img" aria-label="Hai thanh. {words(result)}" {style}>{"".join(parts)}</svg>'
    )


def report(lights: Sequence[str], reasons: Sequence[str]) -> str:
    """Return the result page: two counts, then every draft whose light or reason was off, with the reason why."""
    result = count(lights, reasons)
    rows = []
    for n, (draft, light, reason) in enumerate(zip(DRAFTS, lights, reasons, strict=True), start=1):
        wrong = fault(draft, light)
        if wrong:
            said = f"anh/chị bật {LIGHTS[light]}, nên bật {LIGHTS[draft.light]}"
            rows.append(f"<li><b>Bản {n}, {wrong}:</b> {said}. {draft.why}</li>")
        elif reason not in draft.reasons:
            rows.append(f"<li><b>Bản {n}, đúng màu, lệch lý do:</b> {REASONS[draft.reasons[0]]}. {draft.why}</li>")
    notes = f"<ul>{''.join(rows)}</ul>" if rows else "<p>Cả mười hai bản đúng màu, đúng lý do.</p>"
    return f'<div role="status"><p><b>{words(result)}</b></p></div>{chart(result)}{notes}<p>{TEACHES}</p>'


def _card(place: int) -> str:
    draft = f"<p style='border-left:4px solid #0b5394;padding-left:8px'>{DRAFTS[place].text}</p>"
    return f"<p><b>Bản nháp {place + 1} trên {len(DRAFTS)}</b></p>{draft}"


def view() -> ipywidgets.Widget:
    """Return the lab: one draft at a time, a light, a reason, "Ghi", then the two counts and "Thử lại"."""
    import ipywidgets as w  # start-up stays light

    wide = {"width": "98%"}
    given: list[tuple[str, str]] = []
    card, note, result = w.HTML(_card(0), layout=wide), w.HTML(layout=wide), w.HTML(layout=wide)
    lights = [(name, code) for code, name in LIGHTS.items()]
    light = w.ToggleButtons(options=lights, value=None, style={"button_width": "5.5rem"})
    reasons = [("Chọn lý do", ""), *((name, code) for code, name in REASONS.items())]
    reason = w.Dropdown(options=reasons, tooltip="Lý do chính", layout=wide)
    record = w.Button(description="Ghi và xem bản sau", layout={"width": "auto"})
    again = w.Button(description="Thử lại", layout={"width": "auto"})
    labels = w.HTML("<b>Màu đèn</b>"), w.HTML("<b>Lý do chính</b>")
    desk = w.VBox([card, labels[0], light, labels[1], reason, record, note], layout=wide)

    def clear() -> None:
        light.value, reason.value, note.value = None, "", ""

    def take(_button: object) -> None:
        if light.value is None or not reason.value:
            note.value = '<p role="status">Hãy chọn một màu đèn và một lý do trước khi ghi.</p>'
            return
        given.append((light.value, reason.value))
        clear()
        if len(given) < len(DRAFTS):
            card.value = _card(len(given))
            return
        desk.layout.display = "none"
        result.value = report([g[0] for g in given], [g[1] for g in given])

    def reset(_button: object) -> None:
        given.clear()
        clear()
        card.value, result.value, desk.layout.display = _card(0), "", None

    record.on_click(take)
    again.on_click(reset)
    return w.VBox([w.HTML(f"<h3>{TITLE}</h3><p>{SITUATION} {INVENTED}</p>"), desk, result, again], layout=wide)
