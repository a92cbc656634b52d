"""Writes a report as one self-contained HTML page.

No request to any host, readable without its script, printable on A4.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from grader.completion import forecast
from grader.report.page import Page
from grader.report.tables import all as tables
from grader.report.tables.definition import Filled, Place
from grader.report.writers import html_table, sentences, trend
from grader.report.writers.html_table import Line

_TEMPLATES = Path(__file__).parents[1] / "templates"
LISTED = 500  # findings listed on the page; a roster may bring a million


def render(page: Page) -> str:
    """Return the page."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    found = {(filled.table.key, filled.target): filled for filled in tables.of(page, "page")}
    main = page.targets[0].result.id if page.targets else ""

    def of_main(key: str) -> Filled[Any] | None:
        return found.get((key, main)) or found.get((key, ""))

    def body(key: str, place: Place = "page") -> Markup:
        filled = of_main(key)
        assert filled is not None, key
        return html_table.body(filled, place, most=LISTED if key in {"rejected", "warnings"} else None)

    def lines(key: str) -> list[Line]:
        filled = of_main(key)
        return html_table.lines(filled, "page") if filled else []

    return (
        environment(_TEMPLATES)
        .get_template("report.html.j2")
        .render(
            page=page,
            w=page.words,
            _=page.words.fill,
            main=page.targets[0] if page.targets else None,
            targets=lines("targets"),
            facts=next(iter(lines("facts")), None),
            rows=lines,
            table=body,
            trends=trend.pictures(page),
            style=style,
            script=script,
            policy=_policy(style, script),
            listed=LISTED,
            pace=sentences.pace(page),
            outlook=sentences.outlook(page),
            level=forecast.LEVEL,
        )
    )


@cache
def environment(templates: Path) -> jinja2.Environment:
    """Return the templates of a folder, each compiled once; every value is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _policy(style: str, script: str) -> str:
    """Return the content security policy: this very style and script, and nothing else from anywhere."""

    def digest(text: str) -> str:
        return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; base-uri 'none'; form-action "
        "'none'"
    )
