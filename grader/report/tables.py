"""The report's tables as plain rows, for the workbook and the CSV files.

Real numbers and dates, hidden figures as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from grader.completion.records import Rate
from grader.report.page import Finding, Page
from grader.report.views import STATES, Figure, Group
from grader.report.words import Words

Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Table:
    """One view.

    Attributes:
        name: of its sheet, in the report's language, at most 31 characters.
        file: of its CSV file, without suffix.
        columns: headings.
        rows: cells in the order of ``columns``. A ``Decimal`` is a percentage, rounded down to one decimal.
        secret: whether it names people.
    """

    name: str
    file: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    secret: bool = False


def tables(page: Page) -> list[Table]:
    """Return the views that the report has, in reading order."""
    found = [_summary(page), *_corporations(page), *_units(page), *_history(page), *_forecast(page), _indicators(page)]
    if page.options.named:
        found.append(_missing(page))
    words = page.words
    found += [
        _findings(words, "Dòng bị loại", "Rejected rows", "rejected", page.rejected),
        _findings(words, "Cần xem lại", "Warnings", "warnings", page.warnings),
    ]
    return found


def _name(words: Words, vi: str, en: str) -> str:
    return en if words.lang == "en" else vi


def _percent(rate: Rate) -> Decimal | None:
    return None if rate.percent is None else Decimal(rate.percent)


def _rate_cells(words: Words, figure: Figure) -> tuple[Cell, ...]:
    """Return N, D, per cent, verdict, shortfall."""
    rate = figure.rate
    if rate is None:
        return None, words.sign(figure), None, None, None
    verdict = words("no_data") if rate.met is None else words("met" if rate.met else "not_met")
    return rate.numerator, rate.denominator, _percent(rate), verdict, rate.shortfall


def _rate_columns(words: Words) -> tuple[str, ...]:
    return words("numerator"), words("denominator"), f"{words('rate')} (%)", words("result"), words("shortfall")


def _summary(page: Page) -> Table:
    words, found = page.words, page.found
    columns = (
        words("target"),
        words("name"),
        *_rate_columns(words),
        _name(words, "Mức cần đạt", "Goal"),
        _name(words, "Hạn", "Due"),
        words("waiting"),
        words("rule"),
        _name(words, "Ngày chốt", "As of"),
        _name(words, "Tính lúc", "Computed at"),
        _name(words, "Bộ chỉ tiêu", "Target set"),
    )
    rows = [
        (
            view.result.id,
            page.titles[view.result.id],
            *_rate_cells(words, view.figure),
            words.goal(view.result.rate.goal),
            view.result.by,
            view.states[1] if view.states else None,
            view.result.rule_en if words.lang == "en" else view.result.rule_vi,
            found.as_of,
            found.computed_at.replace(tzinfo=None),
            found.target_set,
        )
        for view in page.targets
    ]
    return Table(
        _name(words, "Chỉ tiêu", "Targets"),
        "targets",
        (columns[0], _name(words, "Nội dung", "Title"), *columns[2:]),
        rows,
    )


def _states(group: Group) -> tuple[Cell, ...]:
    return group.states[1:] if group.states else (None,) * (len(STATES) - 1)


def _corporations(page: Page) -> Iterator[Table]:
    words = page.words
    state_names = tuple(words(f"{state}_short") for state in STATES[1:])
    for view in page.targets:
        if view.corporations:
            rows = [
                (c.unit_id, c.name, *_rate_cells(words, c.figure), *_states(c), c.without_chair)
                for c in view.corporations
            ]
            columns = (words("code"), words("corporation"), *_rate_columns(words), *state_names, words("vacancies"))
            yield Table(
                _name(words, f"{view.result.id} tổng công ty", f"{view.result.id} corporations"),
                f"{view.result.id}-corporations",
                columns,
                rows,
            )


def _units(page: Page) -> Iterator[Table]:
    words = page.words
    columns = (words("code"), words("unit"), words("kind"), words("corporation"), *_rate_columns(words))
    for view in page.targets:
        if view.units:
            rows = [
                (u.unit_id, u.name, words.kind(u.kind), u.corporation_id, *_rate_cells(words, u.figure))
                for u in view.units
            ]
            yield Table(
                _name(words, f"{view.result.id} đơn vị", f"{view.result.id} units"),
                f"{view.result.id}-units",
                columns,
                rows,
            )


def _history(page: Page) -> Iterator[Table]:
    if page.past is None:
        return
    words, main = page.words, page.targets[0].result
    columns = (
        words("quarter"),
        words("numerator"),
        words("denominator"),
        f"{words('rate')} (%)",
        words("newly"),
        words("entered"),
        words("left"),
    )
    rows = [
        (q.end, q.numerator, q.denominator, _percent(q.rate), q.newly, q.entered, q.left) for q in page.past.quarters
    ]
    yield Table(_name(words, f"{main.id} theo quý", f"{main.id} by quarter"), f"{main.id}-history", columns, rows)


def _forecast(page: Page) -> Iterator[Table]:
    if page.past is None or page.past.outlook is None:
        return
    words, main = page.words, page.targets[0].result
    goal = Decimal(100 * main.rate.goal[0]) / main.rate.goal[1]
    columns = (
        words("quarter"),
        _name(words, "Thấp (%)", "Low (%)"),
        _name(words, "Giữa (%)", "Middle (%)"),
        _name(words, "Cao (%)", "High (%)"),
        _name(words, "Chỉ tiêu (%)", "Goal (%)"),
    )
    shares = ((b.day, b.low, b.middle, b.high) for b in page.past.outlook.bands)
    rows: list[tuple[Cell, ...]] = [
        (day, *(Decimal(int(1000 * value)) / 10 for value in values), goal) for day, *values in shares
    ]
    yield Table(_name(words, f"{main.id} dự báo", f"{main.id} forecast"), f"{main.id}-forecast", columns, rows)


def _indicators(page: Page) -> Table:
    words = page.words
    goals = {line.indicator.id: line.indicator.goal for line in page.indicators.headlines}
    columns = (
        _name(words, "Năm", "Year"),
        words("code"),
        words("target"),
        *_rate_columns(words)[:4],
        _name(words, "Nguồn", "Source"),
        _name(words, "Người nhập", "Entered by"),
    )
    rows: list[tuple[Cell, ...]] = [
        (row.year, row.unit_id, row.indicator, *_rate_cells(words, Figure(rate))[:4], row.source, row.entered_by)
        for row in page.indicators.rows
        for rate in (Rate(row.numerator, row.denominator, goals[row.indicator]),)
    ]
    reported = {row.indicator for row in page.indicators.rows}
    rows += [
        (None, None, one, None, None, None, words("no_figures"), None, None) for one in goals if one not in reported
    ]
    return Table(_name(words, "Chỉ tiêu nhập tay", "Reported indicators"), "indicators", columns, rows)


def _missing(page: Page) -> Table:
    words = page.words
    columns = tuple(words(key) for key in ("target", "corporation", "code", "unit", "person", "name", "post", "state"))
    rows = [
        (
            p.target,
            p.corporation_id,
            p.unit_id,
            p.unit_name,
            p.person_id,
            p.full_name,
            words.post(p.post),
            words(p.state),
        )
        for p in page.missing
    ]
    return Table(_name(words, "MẬT chưa đạt", "CONFIDENTIAL missing"), "MAT-missing", columns, rows, secret=True)


def _findings(words: Words, vi: str, en: str, file: str, findings: Sequence[Finding]) -> Table:
    columns = (words("file"), words("line"), words("code"), words("message"))
    rows = [(one.file, one.line or None, one.code, one.message(words.lang)) for one in findings]
    return Table(_name(words, vi, en), file, columns, rows)
