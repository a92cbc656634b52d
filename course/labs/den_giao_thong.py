"""Lab "Đèn giao thông": twelve drafts get a light and a reason; letting harm through and over-blocking both count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from course.labs.shared.drawing import BLUE, BROWN, Bar, bars
from course.labs.shared.parts import Button, Buttons, Choice, Parts, Say, again
from course.labs.shared.state import flag, one_of, put, several

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


# fmt: off
DRAFTS: tuple[Draft, ...] = (
    Draft(
        "Ảnh tổ Mẫu 2 chụp riêng với cờ thi đua ở phòng giao ca. Mười người đã đồng ý, hai người chưa trả lời "
        "tin nhắn.",
        "vang", ("phep",),
        "Im lặng không phải là đồng ý. Hỏi riêng hai người ấy, hoặc chọn ảnh khác."),
    Draft(
        "Bình luận dưới bài ATVSLĐ: “Giày bảo hộ đợt này đế trơn, tôi suýt ngã hai lần. Công đoàn xem giúp.”",
        "xanh", ("khong",),
        "Đây là góp ý thật về an toàn. Giữ nguyên, cảm ơn, hẹn giờ trả lời và chuyển bộ phận lo bảo hộ."),
    Draft(
        "Ảnh một công nhân bị ngã đang nằm trên cáng, kèm lời: “Anh em nhìn đây mà cẩn thận!”",
        "do", ("hai", "phep"),
        "Người bị nạn và gia đình bị tổn thương thêm. Lời nhắc an toàn không cần khuôn mặt người đau."),
    Draft(
        "“Từ tối nay căng-tin mở thêm từ 0 giờ đến 2 giờ.” Kèm ảnh thông báo của đơn vị; người phụ trách đã duyệt.",
        "xanh", ("khong",),
        "Có văn bản, có người duyệt, không ai bị lộ. Kíp đêm cần tin này ngay."),
    Draft(
        "“Nghe nói quý tới tăng tiền bồi dưỡng ca đêm, vui quá anh em ơi!” Một ủy viên định đăng, chưa hỏi ai.",
        "vang", ("dung",),
        "Tin vui chưa kiểm chứng vẫn là tin đồn. Hỏi bộ phận tiền lương rồi hãy đăng."),
    Draft(
        "Nhờ mười cộng tác viên lập tài khoản tên khác vào khen bài của công đoàn cho xôm.",
        "do", ("lua",),
        "Tài khoản giả là lừa người đọc. Khi lộ ra, lời khen thật cũng mất giá."),
    Draft(
        "Ảnh chị Mẫu Thủy đứng máy. Chị đã nhắn đồng ý đăng fanpage tháng này; ban biên tập đã duyệt.",
        "xanh", ("khong",),
        "Đủ lời đồng ý, đủ người duyệt. Giữ lại chỉ làm mất một lời khen."),
    Draft(
        "Hình do AI vẽ cảnh tổ sửa chữa trong cơn bão vừa qua, ghi “Hình ảnh anh em đêm qua”.",
        "vang", ("lua",),
        "Người xem sẽ tưởng là ảnh thật. Gắn nhãn dễ thấy và sửa lời ghi, hoặc thay bằng ảnh thật."),
    Draft(
        "Trưởng kíp định trả lời phóng viên qua trang: “Sự cố tối qua là do bảo dưỡng kém.”",
        "do", ("quyen", "dung"),
        "Chưa có kết luận, và trưởng kíp không được giao trả lời báo chí. Ghi câu hỏi, chuyển đầu mối."),
    Draft(
        "“Hội thao: đội Mẫu 4 vô địch. Đội Mẫu 7 đá như mất ngủ, thua là phải.” Kết quả đã công bố.",
        "vang", ("hai",),
        "Kết quả đăng được, lời chê thì không: đội Mẫu 7 vừa xuống ca đêm. Bỏ câu chê, giữ câu khen."),
    Draft(
        "Một tổ công đoàn gửi vào nhóm lấy ý kiến: “Chúng tôi không đồng ý khoản 3 dự thảo thỏa ước, vì …”",
        "xanh", ("khong",),
        "Không đồng ý là điều đợt lấy ý kiến đi tìm. Giữ nguyên và ghi vào bảng tổng hợp."),
    Draft(
        "Ảnh chụp một công văn có dấu chỉ mức độ mật, nhờ chuyển vào nhóm “để mọi người biết sớm”.",
        "do", ("quyen", "phep"),
        "Thấy dấu ấy thì dừng: không chụp, không chuyển, báo người phụ trách."),
)
# fmt: on


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
    counted = (("Bỏ lọt", result.missed, BROWN), ("Chặn nhầm", result.overblocked, BLUE))
    drawn = [
        Bar(f"{name}: {n} / {len(DRAFTS)}", Fraction(n, len(DRAFTS)), colour=colour) for name, n, colour in counted
    ]
    return bars(f"Hai thanh. {words(result)}", drawn)


def report(lights: Sequence[str], reasons: Sequence[str]) -> str:
    """Return every draft whose light or reason was off, with the reason why, as HTML."""
    rows = []
    for n, (draft, light, reason) in enumerate(zip(DRAFTS, lights, reasons, strict=True), start=1):
        wrong = fault(draft, light)
        if wrong:
            said = f"anh/chị bật {LIGHTS[light]}, nên bật {LIGHTS[draft.light]}"
            rows.append(f"<li><b>Bản {n}, {wrong}:</b> {said}. {draft.why}</li>")
        elif reason not in draft.reasons:
            rows.append(f"<li><b>Bản {n}, đúng màu, lệch lý do:</b> {REASONS[draft.reasons[0]]}. {draft.why}</li>")
    notes = f"<ul>{''.join(rows)}</ul>" if rows else "<p>Cả mười hai bản đúng màu, đúng lý do.</p>"
    return f"{chart(count(lights, reasons))}{notes}<p>{TEACHES}</p>"


@dataclass(frozen=True, slots=True)
class State:
    """The answers given ("light reason" each), the light and reason being chosen, and whether one was missing."""

    given: tuple[str, ...] = several((f"{light} {reason}" for light in LIGHTS for reason in REASONS), len(DRAFTS))
    light: str = one_of(("", *LIGHTS), "")
    reason: str = one_of(("", *REASONS), "")
    missing: bool = flag()


def start() -> State:
    """Return the lab before the first draft."""
    return State()


def show(state: State) -> Parts:
    """Return one draft at a time with a light and a reason, then the two counts."""
    place, intro = len(state.given), Say("intro", f"<p>{SITUATION} {INVENTED}</p>")
    if place == len(DRAFTS):
        lights, reasons = zip(*(answer.split() for answer in state.given), strict=True)
        said = f"<p><b>{words(count(lights, reasons))}</b></p>"
        return intro, Say("said", said, live=True), Say("report", report(lights, reasons)), again()
    card = f"<p><b>Bản nháp {place + 1} trên {len(DRAFTS)}</b></p><blockquote>{DRAFTS[place].text}</blockquote>"
    note = "<p>Hãy chọn một màu đèn và một lý do trước khi ghi.</p>" if state.missing else ""
    return (
        intro,
        Say("said", card, live=True),
        Choice("light", "Màu đèn", state.light, tuple(LIGHTS.items()), row=True),
        Choice("reason", "Lý do chính", state.reason, (("", "Chọn lý do"), *REASONS.items())),
        Buttons("record", (Button("record", "Ghi và xem bản sau"),)),
        Say("note", note, live=True),
        again(),
    )


def act(state: State, control: str, value: object) -> State:
    """Return the state after one step."""
    if control == "again":
        return start()
    if control != "record":
        return replace(put(state, control, value), missing=False)
    if not (state.light and state.reason):
        return replace(state, missing=True)
    return State((*state.given, f"{state.light} {state.reason}"))
