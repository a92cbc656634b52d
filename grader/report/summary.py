"""The few lines that answer the coordinator's question in a terminal; every number with denominator, date and rule."""

from __future__ import annotations

from course import numbers
from course.words import Text, _, into
from grader.completion.records import Completion, Rate, TargetResult


def percent(rate: Rate, lang: str) -> str:
    """Return the percentage as shown: rounded down, a decimal comma in Vietnamese, a dash without a denominator."""
    if rate.percent is None:
        return "—"
    return rate.percent.replace(".", numbers.point(lang)) + " %"


def lines(found: Completion, lang: str) -> list[str]:
    """Return the lines to print for ``found``; last what makes its figures doubtful: posts that cannot all be true."""
    told = [f"! {finding.code} {finding.message(lang)}" for finding in found.impossible[:1]]
    if told:
        told.append("  " + into(_("Xem từng chỗ và lệnh sửa: moduong roster check"), lang))
    return [line for target in found.targets for line in _target(found, target, lang)] + told


def _target(found: Completion, target: TargetResult, lang: str) -> list[str]:
    rate = target.rate
    head = _(
        "{target} đến hết ngày {day:%d/%m/%Y}: {trained}/{people} = {percent}, {met}, còn thiếu {lacking}; "
        "chờ chấm {waiting}",
        target=target.id,
        day=found.as_of,
        trained=rate.numerator,
        people=rate.denominator,
        percent=percent(rate, lang),
        met=_met(rate),
        lacking=rate.shortfall,
        waiting=len(target.waiting),
    )
    rows = []
    for unit in sorted(target.by_corporation, key=lambda unit: (unit.rate.order, unit.unit_id)):
        mark = "✓" if unit.rate.met else f"−{unit.rate.shortfall}"
        rows.append(
            f"    {unit.unit_id:10} {unit.rate.numerator:5}/{unit.rate.denominator:<5} "
            f"{percent(unit.rate, lang):>8}  {mark}"
        )
    return [into(head, lang), f"  {target.rule(lang)} ({found.target_set})", *rows]


def _met(rate: Rate) -> Text:
    if rate.met is None:
        return _("không có dữ liệu")
    return _("đạt") if rate.met else _("chưa đạt")
