"""The two sentences that look ahead: what the forecast expects, and the pace that the goal needs."""

from __future__ import annotations

from course.words import _
from grader.completion import forecast
from grader.report.page import Page
from grader.report.tables import all as tables
from grader.report.writers import html_table
from grader.report.writers.html_table import Line


def outlook(page: Page) -> str:
    """Return the forecast in one sentence; empty without one."""
    bands = [line for filled in tables.named(page, "forecast") for line in html_table.lines(filled, "files")]
    if not bands:
        return ""
    end, facts = bands[-1], _facts(page)
    return page.words.say(
        _(
            "Nếu giữ nhịp như đã thấy, đến {day} có khoảng {middle} cán bộ đạt; {level} trên 100 lượt mô phỏng nằm từ "
            "{low} đến {high}. Khả năng đạt chỉ tiêu: {chance}.",
            day=end.text("day"),
            middle=end.text("middle"),
            level=forecast.LEVEL,
            low=end.text("low"),
            high=end.text("high"),
            chance=facts.text("chance"),
        )
    )


def pace(page: Page) -> str:
    """Return the pace needed in one sentence; empty where nobody is lacking."""
    words = page.words
    if page.pace is None or not page.targets or not page.targets[0].result.rate.shortfall:
        return ""
    facts = _facts(page)
    text = words.say(
        _(
            "Nhịp cần có: {people} người đạt mỗi quý trong {quarters} quý còn lại, nếu không ai thôi giữ chức",
            people=facts.text("pace"),
            quarters=words.decimal(f"{page.pace.quarters:.1f}"),
        )
    )
    if page.past and page.past.outlook:
        text += words.say(_("; {people} người nếu biến động nhân sự như đã thấy", people=facts.text("pace_turnover")))
    return text + "."


def _facts(page: Page) -> Line:
    """Return what is said of the first target."""
    return html_table.lines(tables.named(page, "facts")[0], "page")[0]
