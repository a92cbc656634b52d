"""Says in words how a forecast was made and what it assumes: printed with every forecast."""

from __future__ import annotations

import math
from datetime import timedelta

from grader.completion.forecast import LEVEL, PATHS, WAVE, Backtest, Outlook


def method(outlook: Outlook, tested: Backtest, lang: str) -> tuple[str, ...]:
    """Return the method and the assumptions in words."""
    found = outlook.basis
    first, last, calm = found.training[0].start + timedelta(days=1), found.training[-1].end, len(found.turnover)
    rate = f"{math.floor(1000 * found.exit_rate) / 10}"
    waves = ", ".join(
        f"{day if lang == 'en' else f'{day:%d/%m/%Y}'}: {part:.0%}" for day, part in sorted(outlook.waves.items())
    )
    if lang == "en":
        return (
            (
                f"{PATHS} simulated paths, seed {outlook.seed}. Each draws its own set of the quarters seen and a "
                "lasting change of pace; the fewer quarters, the wider the band."
            ),
            (
                f"Training as in {len(found.training)} whole quarters, from {first} to {last}; turnover as in {calm} "
                f"quarters ({rate}% leave in a quarter)."
            ),
            (
                f"Quarters in which {WAVE:.0%} or more left count as election waves, not as ordinary turnover. "
                f"Elections entered: {waves or 'none'}."
            ),
            "Leaving does not depend on being trained. New campaigns, changed rules and mergers are not foreseen.",
            f"Tried on the past: the {LEVEL}% band held {tested.inside} of {tested.trials} later figures."
            if tested.trials
            else "Not tried on the past yet: too few quarters.",
        )
    return (
        (
            f"{PATHS} lượt mô phỏng, số khởi tạo {outlook.seed}. Mỗi lượt rút ngẫu nhiên một bộ quý đã có và một mức "
            "lệch nhịp lâu dài; mỗi quý tới lặp lại nhịp của một quý trong bộ ấy. Càng ít quý, khoảng dự báo càng "
            "rộng."
        ),
        (
            f"Nhịp đạt theo {len(found.training)} quý trọn, từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}; biến động nhân "
            f"sự theo {calm} quý (mỗi quý {rate.replace('.', ',')} % thôi giữ chức)."
        ),
        (
            f"Quý có từ {WAVE:.0%} người thôi giữ chức được coi là đợt đại hội, không phải biến động thường. Đợt đại "
            f"hội được nhập: {waves or 'không có'}."
        ),
        (
            "Người đã đạt và chưa đạt thôi giữ chức như nhau. Không tính trước đợt tập huấn mới, quy định mới hay "
            "sáp nhập đơn vị."
        ),
        f"Thử lại trên quá khứ: khoảng {LEVEL} % chứa {tested.inside} trên {tested.trials} số liệu đến sau."
        if tested.trials
        else "Chưa thử lại được trên quá khứ: còn ít quý.",
    )
