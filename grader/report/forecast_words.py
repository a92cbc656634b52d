"""Says in words how a forecast was made and what it assumes: printed with every forecast."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal

from course import numbers
from course.words import SOURCE, _, into
from grader.completion.forecast import LEVEL, PATHS, WAVE, Backtest, Outlook


def method(outlook: Outlook, tested: Backtest, lang: str) -> tuple[str, ...]:
    """Return the method and the assumptions in words."""
    found = outlook.basis
    first, last = found.training[0].start + timedelta(days=1), found.training[-1].end
    rate = numbers.show(Decimal(math.floor(1000 * found.exit_rate)) / 10, lang)
    waves = ", ".join(f"{_day(day, lang)}: {part:.0%}" for day, part in sorted(outlook.waves.items()))
    said = (
        _(
            "{paths} lượt mô phỏng, số khởi tạo {seed}. Mỗi lượt rút ngẫu nhiên một bộ quý đã có và một mức lệch "
            "nhịp lâu dài; mỗi quý tới lặp lại nhịp của một quý trong bộ ấy. Càng ít quý, khoảng dự báo càng rộng.",
            paths=PATHS,
            seed=outlook.seed,
        ),
        _(
            "Nhịp đạt theo {quarters} quý trọn, từ {first} đến {last}; biến động nhân sự theo {calm} quý (mỗi "
            "quý {rate} % thôi giữ chức).",
            quarters=len(found.training),
            first=_day(first, lang),
            last=_day(last, lang),
            calm=len(found.turnover),
            rate=rate,
        ),
        _(
            "Quý có từ {wave:.0%} người thôi giữ chức được coi là đợt đại hội, không phải biến động thường. Đợt "
            "đại hội được nhập: {waves}.",
            wave=WAVE,
            waves=waves or _("không có"),
        ),
        _(
            "Người đã đạt và chưa đạt thôi giữ chức như nhau. Không tính trước đợt tập huấn mới, quy định mới hay sáp "
            "nhập đơn vị."
        ),
        _tried(tested),
    )
    return tuple(into(sentence, lang) for sentence in said)


def _tried(tested: Backtest) -> str:
    if not tested.trials:
        return _("Chưa thử lại được trên quá khứ: còn ít quý.")
    return _(
        "Thử lại trên quá khứ: khoảng {level} % chứa {inside} trên {trials} số liệu đến sau.",
        level=LEVEL,
        inside=tested.inside,
        trials=tested.trials,
    )


def _day(day: date, lang: str) -> str:
    return f"{day:%d/%m/%Y}" if lang == SOURCE else day.isoformat()
