"""Charts are well-formed SVG that says in words what it shows, and put points where the numbers are."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from grader.report.charts import Point, Trend, bullet, share, trend

_LAST = date(2026, 10, 31)
_BY = date(2028, 12, 31)


def _trend(**more: object) -> Trend:
    shown: dict[str, object] = {
        "observed": [Point(date(2026, 6, 30), 0.2), Point(_LAST, 0.31)],
        "forecast": [Point(date(2027, 6, 30), 0.5, 0.4, 0.6), Point(_BY, 0.8, 0.6, 0.9)],
        "goal": 0.7,
        "by": _BY,
        "goal_text": "Chỉ tiêu 70 %",
        "last_text": "30,9 %",
        "end_text": "80 %",
        "label": "CT70 & <quý>",
    }
    return Trend(**(shown | more))  # type: ignore[arg-type]


def test_a_bullet_draws_bar_and_goal_at_their_shares() -> None:
    svg = ET.fromstring(bullet(0.309, 0.7, "CT70: 30,9 %, thiếu 764", met=False))
    bar = svg.find("rect[@class='bar-short']")
    line = svg.find("line")
    assert bar is not None
    assert line is not None
    assert (bar.get("width"), line.get("x1"), line.get("x2")) == ("30.9%", "70%", "70%")
    assert svg.get("aria-label") == "CT70: 30,9 %, thiếu 764"
    assert svg.get("role") == "img"


def test_a_met_bullet_has_its_own_class() -> None:
    assert ET.fromstring(bullet(0.72, 0.7, "", met=True)).find("rect[@class='bar-met']") is not None


@given(st.text(), st.floats(0, 1))
def test_any_label_is_escaped(label: str, value: float) -> None:
    clean = "".join(c for c in label if c.isprintable())
    assert ET.fromstring(share(value, clean, "trained")).get("aria-label") == clean


def test_a_trend_puts_higher_shares_higher_and_later_days_further_right() -> None:
    svg = ET.fromstring(trend(_trend(), 960, 300))
    line = svg.find("polyline[@class='line-observed']")
    assert line is not None
    (x1, y1), (x2, y2) = (tuple(map(float, pair.split(","))) for pair in line.get("points", "").split())
    assert x1 < x2
    assert y1 > y2
    assert "Chỉ tiêu 70 %" in [text.text for text in svg.iter("text")]


def test_the_forecast_starts_where_the_observed_ends_and_has_a_band() -> None:
    svg = ET.fromstring(trend(_trend(), 960, 300))
    observed, forecast, band = (
        svg.find(f"{kind}")
        for kind in ("polyline[@class='line-observed']", "polyline[@class='line-forecast']", "polygon")
    )
    assert observed is not None
    assert forecast is not None
    assert band is not None
    assert observed.get("points", "").split()[-1] == forecast.get("points", "").split()[0]
    assert len(band.get("points", "").split()) == 2 * len(forecast.get("points", "").split())


def test_without_a_forecast_there_is_no_band() -> None:
    svg = ET.fromstring(trend(_trend(forecast=[]), 360, 260))
    assert svg.find("polygon") is None
    assert svg.find("polyline[@class='line-forecast']") is None


def test_everything_stays_inside_the_picture() -> None:
    for width, height in ((960, 300), (360, 260)):
        svg = ET.fromstring(trend(_trend(), width, height))
        for text in svg.iter("text"):
            assert 0 <= float(text.get("x", "-1")) <= width
            assert 0 <= float(text.get("y", "-1")) <= height
