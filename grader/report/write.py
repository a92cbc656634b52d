"""Stage ``report``.

Writes what the coordinator reads (page, workbook, CSV files, PDF, JSON) and keeps what was published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from grader.completion.indicators import Indicators
from grader.completion.records import Completion
from grader.ground.syllabus import Syllabus
from grader.keep import names_read
from grader.report import page as report_page
from grader.report import snapshots
from grader.report.page import Options, Page
from grader.report.writers import html as report_html
from grader.report.writers import json as report_json
from grader.roster.records import Roster

SNAPSHOTS = "snapshots"
NAMED_LOG = names_read.FILE
_LONGEST_NAME = 100
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
    indicators: Indicators | None = None,
    formats: Sequence[str] = (),
    into: Path | None = None,
) -> Path:
    """Write ``report.html`` and ``report.json`` and return the path of the page.

    A report of a part of the union, or one that names people, goes into a folder of its own below ``folder``, so that
    it never takes the place of the public one. The whole union's figures are kept as a snapshot when they are new.

    Args:
        folder: of all reports; must exist.
        found: the completion of the whole union.
        roster: it was computed from.
        rules: course.yaml.
        lang: ``vi`` or ``en``.
        simulated: whether the data are invented; stamped on every output.
        options: scope, names, elections to come.
        history: completions at the quarter's ends before the as-of date (``quarters.ends``); empty for no forecast.
        indicators: read from indicators.csv.
        formats: of ``xlsx``, ``csv`` and ``pdf``, which are written beside the page as asked.
        into: a folder of its own for this report, which must exist; what is kept of it stays in ``folder``.

    Raises:
        ModuongError: ``E-SCOPE-1`` no such unit; ``E-SNAP-1`` a kept version cannot be read; ``E-PDF-1`` or ``E-PDF-2``
            nothing to print with (the page is written all the same).
    """
    page = report_page.compose(
        found, roster, rules, lang, simulated=simulated, options=options, history=history, indicators=indicators
    )
    if not options.scope:
        page = report_page.with_versions(
            page, snapshots.publish(folder / SNAPSHOTS, found, found.computed_at, rules.course.language)
        )
    place = into or _place(folder, options)
    if options.named:
        log_named(folder, page)
    _replace(
        place / "report.json", json.dumps(report_json.of(page), ensure_ascii=False, indent=1), secret=options.named
    )
    path = _replace(place / "report.html", report_html.render(page), secret=options.named)
    _others(place, path, page, formats)
    return path


def _place(folder: Path, options: Options) -> Path:
    """Return the folder of this report, made when missing; one that names people is its owner's alone."""
    parts = [f"don-vi-{_file_name(options.scope)}"] if options.scope else []
    if options.named:
        parts.append("MAT")
    place = folder / "-".join(parts) if parts else folder
    place.mkdir(exist_ok=True)
    if options.named:
        place.chmod(0o700)
    return place


def _file_name(unit_id: str) -> str:
    """Return a file name for any unit id: no separators, not too long, different for different ids."""
    name = quote(unit_id, safe="")
    return name if len(name) <= _LONGEST_NAME else hashlib.sha256(unit_id.encode()).hexdigest()


def _replace(path: Path, text: str, *, secret: bool) -> Path:
    """Write a file whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    if secret:
        temporary.chmod(0o600)
    temporary.replace(path)
    return path


def _others(place: Path, path: Path, page: Page, formats: Sequence[str]) -> None:
    """Write what else was asked for; the PDF last, since it may be refused."""
    written: list[Path] = []
    if "xlsx" in formats:
        from grader.report.writers import xlsx as report_xlsx  # each command loads what it needs

        written.append(report_xlsx.write(place / "report.xlsx", page))
    if "csv" in formats:
        from grader.report.writers import csv as report_csv

        written += report_csv.write(place, page)
    if "pdf" in formats:
        from grader.report import pdf as report_pdf

        written.append(report_pdf.write(path, place / "report.pdf"))
    for one in written if page.options.named else ():
        one.chmod(0o600)


def log_named(folder: Path, page: Page) -> None:
    """Note in the reports' ``folder`` who had people named, when, and how many.

    In a file or on the coordinator's page.
    """
    found = page.found
    names_read.note(
        *(folder, "report", found.computed_at, page.options.scope, len(page.missing)),
        as_of=found.as_of.isoformat(),
        by=page.options.by,
    )
