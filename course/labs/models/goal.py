"""Looking at the form of a goal: number, denominator, day, starting point, and the change in people that it names."""

from __future__ import annotations

import re

from course import vietnamese

_COUNTED = r"(?:người|tổ|kíp|đội|ca|buổi|đoàn viên|công nhân|lượt|anh chị em|anh em|sáng kiến)"
_SPAN = r"(?:tuần|tháng|ngày|quý|năm|giờ|đợt)"
_FEW = r"(?:\d+|một|hai|ba|bốn|năm|sáu|tám|mười)"
_BY = r"(?:trước|đến|tới|hết|cuối|chậm nhất|sau|trong|vòng) (?:ngày |hết |cuối )*"
_FROM_TO = r"từ \d+(?:,\d+)?%?(?![\d/]).* (?:lên|xuống|còn) \d"
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("Số cần đạt", rf"\d\s*%|\d+ phần trăm|\d+ (?:trong|trên) |\d+ {_COUNTED}", "bao nhiêu thì gọi là đạt?"),
    ("Mẫu số", rf"(?:trong|trên|của) (?:tổng số |số )?\d+(?![\d/]|[.,]?\d*\s*%| {_SPAN})", "trên tổng số bao nhiêu?"),
    ("Mốc", rf"{_BY}(?:\d+[/-]\d|{_FEW} {_SPAN}|{_SPAN} \d|tháng này|tháng sau)", "đến ngày nào?"),
    ("Đường cơ sở", rf"(?:nay|hiện|đang|đầu|{_SPAN} trước)\b[^.;]*\d|{_FROM_TO}", "hôm nay đang là bao nhiêu?"),
)
"""The four fields of a goal: name, pattern in lower-case text, and the question when it is not seen."""
CHANGES: str = "biết nhớ hiểu kể nghe nhận đeo dùng họp kiểm soát báo gửi góp tham làm trả"


def inspect(goal: str) -> tuple[tuple[str, bool, str], ...]:
    """Return (field, found, question) for the four fields of a goal and for the change in people that it names.

    It looks at the form of the sentence only, never at whether it is true or wise.
    """
    plain = re.sub(r"\s+", " ", vietnamese.nfc(goal).casefold())
    fields = tuple((name, re.search(pattern, plain) is not None, question) for name, pattern, question in FIELDS)
    changed = vietnamese.has_phrase(plain, CHANGES.split())
    return (*fields, ("Điều thay đổi ở đoàn viên", changed, "đoàn viên sẽ biết gì, làm gì khác hôm nay?"))
