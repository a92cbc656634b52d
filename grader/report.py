"""Stage ``report``: writes what the coordinator reads, page, workbook, CSV files and JSON, into one folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader import report_html, report_page
from grader.completion_records import Completion, Progress
from grader.indicators import Indicators
from grader.report_page import Options, Page
from grader.roster_records import Roster
from grader.row_findings import RowFinding
from grader.syllabus import Syllabus

_PLAIN = Options()


def write(
    folder: Path,
    found: Completion,
    roster: Roster,
    rules: Syllabus,
    lang: str,
    *,
    simulated: bool,
    options: Options = _PLAIN,
    history: Sequence[Completion] = (),
    progress: Progress | None = None,
    indicators: Indicators | None = None,
) -> Path:
    """Write ``report.html`` and ``report.json`` into ``folder`` and return the path of the page."""
    page = report_page.compose(
        found, roster, rules, lang, simulated=simulated, options=options, history=history, progress=progress, indicators=indicators
    )
    path = folder / "report.html"
    path.write_text(report_html.render(page), encoding="utf-8")
    return path
