"""The few lines that answer the coordinator's question in a terminal; every number with denominator, date and rule."""

from __future__ import annotations

from grader.completion.records import Completion, Rate, TargetResult

_WORDS = {
    "vi": {
        True: "đạt",
        False: "chưa đạt",
        None: "không có dữ liệu",
        "short": "còn thiếu",
        "as_of": "đến hết ngày",
        "waiting": "chờ chấm",
    },
    "en": {
        True: "met",
        False: "not met",
        None: "no data",
        "short": "short by",
        "as_of": "as of",
        "waiting": "awaiting marking",
    },
}


def percent(rate: Rate, lang: str) -> str:
    """Return the percentage as shown: rounded down, a decimal comma in Vietnamese, a dash without a denominator."""
    if rate.percent is None:
        return "—"
    return (rate.percent if lang == "en" else rate.percent.replace(".", ",")) + " %"


def lines(found: Completion, lang: str) -> list[str]:
    """Return the lines to print for ``found``; last what makes its figures doubtful: posts that cannot all be true."""
    told = [f"! {finding.code} {finding.message(lang)}" for finding in found.impossible[:1]]
    if told:
        told.append("  moduong roster check" if lang == "en" else "  Xem từng chỗ và lệnh sửa: moduong roster check")
    return [line for target in found.targets for line in _target(found, target, lang)] + told


def _target(found: Completion, target: TargetResult, lang: str) -> list[str]:
    words = _WORDS["en" if lang == "en" else "vi"]
    rate = target.rate
    day = f"{found.as_of}" if lang == "en" else f"{found.as_of:%d/%m/%Y}"
    head = (
        f"{target.id} {words['as_of']} {day}: {rate.numerator}/{rate.denominator} = {percent(rate, lang)}, "
        f"{words[rate.met]}, "
        f"{words['short']} {rate.shortfall}; {words['waiting']} {len(target.waiting)}"
    )
    rule = target.rule_en if lang == "en" else target.rule_vi
    rows = []
    for unit in sorted(target.by_corporation, key=lambda unit: (unit.rate.order, unit.unit_id)):
        mark = "✓" if unit.rate.met else f"−{unit.rate.shortfall}"
        rows.append(
            f"    {unit.unit_id:10} {unit.rate.numerator:5}/{unit.rate.denominator:<5} "
            f"{percent(unit.rate, lang):>8}  {mark}"
        )
    return [head, f"  {rule} ({found.target_set})", *rows]
