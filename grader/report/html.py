"""Writes a report as one self-contained HTML page.

No request to any host, readable without its script, printable on A4.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

import jinja2

from grader.completion import forecast
from grader.completion.records import Rate
from grader.report import charts
from grader.report.page import Page
from grader.report.views import STATES, Figure, TargetView
from grader.report.words import Words

_TEMPLATES = Path(__file__).parent / "templates"
LISTED = 500  # findings listed on the page; a roster may bring a million
_WIDE, _NARROW = (960, 300), (360, 260)  # pixels of the trend on a wide and on a narrow page


def render(page: Page) -> str:
    """Return the page."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            page=page,
            w=page.words,
            main=page.targets[0] if page.targets else None,
            others=page.targets[1:],
            states=STATES,
            bullet=lambda figure, name: bullet(page.words, figure, name),
            state_bars=lambda view: state_bars(view, page.words),
            trends=trends(page),
            style=style,
            script=script,
            policy=_policy(style, script),
            listed=LISTED,
            pace=pace(page),
            outlook=outlook(page),
            level=forecast.LEVEL,
        )
    )


@cache
def environment() -> jinja2.Environment:
    """Return the templates beside this file, each compiled once; every value is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
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


def _share(rate: Rate) -> float:
    return rate.numerator / rate.denominator if rate.denominator else 0.0


def bullet(words: Words, figure: Figure, name: str) -> str:
    """Return the bar of a figure against its goal; nothing where the figure is hidden or of nobody."""
    rate = figure.rate
    if rate is None or not rate.denominator:
        return ""
    label = f"{name}: {words.percent(rate)} ({words.fraction(figure)}), {words.verdict(figure)}"
    return charts.bullet(_share(rate), rate.goal[0] / rate.goal[1], label, met=bool(rate.met))


def state_bars(view: TargetView, words: Words) -> list[dict[str, object]]:
    """Return a line for each state: its word, people, share in words, and bar."""
    rate = view.figure.rate
    if rate is None or view.states is None or not rate.denominator:
        return []
    lines: list[dict[str, object]] = []
    for state, people in zip(STATES, view.states, strict=True):
        text = words.percent(Rate(people, rate.denominator, (1, 1)))
        bar = charts.share(people / rate.denominator, f"{words(state)}: {text}", state.replace("_", "-"))
        lines.append({"word": words(state), "people": people, "share": text, "bar": bar})
    return lines


def trends(page: Page) -> tuple[str, ...]:
    """Return the trend for a wide and for a narrow page."""
    past = page.past
    if past is None:
        return ()
    words, target = page.words, page.targets[0].result
    last = past.quarters[-1]
    bands = past.outlook.bands if past.outlook else ()
    shown = charts.Trend(
        observed=[charts.Point(q.end, _share(q.rate)) for q in past.quarters],
        forecast=[charts.Point(b.day, b.middle, b.low, b.high) for b in bands],
        goal=target.rate.goal[0] / target.rate.goal[1],
        by=target.by,
        goal_text=words("goal_by", words.goal(target.rate.goal), words.day(target.by)),
        last_text=f"{words.percent(last.rate)} · {words.day(last.end)}",
        end_text=words.whole(bands[-1].middle) if bands else "",
        label=f"{target.id}: {words('history')}. {outlook(page)}",
        per_cent=words.per_cent,
    )
    return tuple(charts.trend(shown, *size) for size in (_WIDE, _NARROW))


def outlook(page: Page) -> str:
    """Return the forecast in one sentence; empty without one."""
    past = page.past
    if past is None or past.outlook is None:
        return ""
    words, end = page.words, past.outlook.bands[-1]
    shares = [words.whole(value) for value in (end.middle, end.low, end.high, past.outlook.chance)]
    return words("forecast_line", words.day(end.day), shares[0], forecast.LEVEL, *shares[1:])


def pace(page: Page) -> str:
    """Return the pace needed in one sentence; empty where nobody is lacking."""
    words = page.words
    if page.pace is None or not page.targets or not page.targets[0].result.rate.shortfall:
        return ""
    quarters = words.decimal(f"{page.pace.quarters:.1f}")
    text = words("pace", words.number(page.pace.without_turnover), quarters)
    if page.past and page.past.outlook:
        text += words("pace_turnover", words.number(page.pace.with_turnover))
    return text + "."
