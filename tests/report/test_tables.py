"""Each table of a report is defined once: its columns by key, wherever they stand and whatever is drawn from them."""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from course.words import _
from grader.completion import quarters
from grader.report import page as report_page
from grader.report import write as report
from grader.report.page import Options, Page
from grader.report.tables import all as tables
from grader.report.tables import release
from grader.report.tables.corporations import CORPORATIONS
from grader.report.tables.definition import Column, Hidden, Kind, Table, View
from grader.report.tables.history import FORECAST, HISTORY
from grader.report.tables.release import Statement
from grader.report.writers import trend
from tests.support.people import ROOT
from tests.support.union_builder import Union

_ALIKE = 0.85
CHARTED = (CORPORATIONS, HISTORY, FORECAST)
NUMBERS = {Kind.COUNT, Kind.RATE, Kind.SHARE, Kind.FRACTION, Kind.SHORT, Kind.VERDICT, Kind.MET, Kind.BAR}


@pytest.fixture
def union(tmp_path: Path) -> Union:
    """C1 with 7 leaders, C2 with 12; nine of C2 trained in two quarters."""
    union = Union(tmp_path)
    for number in range(6):
        union.post(f"P{number}", "G1", "chair" if not number else "vice_chair")
    union.post("SOLO", "B1")
    for number in range(12):
        union.post(f"Q{number}", "G2", "chair" if not number else "vice_chair")
    for number in range(9):
        union.train(f"Q{number}", f"2026-0{2 + 3 * (number % 2)}-10T10:00:00+07:00")
    return union


def past(union: Union) -> list[Any]:
    return [union.completion(day.isoformat()) for day in quarters.ends(date(2025, 12, 31), date(2026, 10, 31))]


def composed(union: Union, **options: Any) -> Page:
    return report_page.compose(
        union.completion(),
        union.roster(),
        union.syllabus,
        "vi",
        simulated=True,
        options=Options(**options),
        history=past(union),
    )


def written(union: Union) -> Path:
    folder = union.folder / "reports"
    folder.mkdir(exist_ok=True)
    return report.write(
        folder,
        union.completion(),
        union.roster(),
        union.syllabus,
        "vi",
        simulated=True,
        history=past(union),
        formats=("xlsx", "csv"),
    ).parent


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Callable[[Table[Any], Table[Any]], None]:
    """Put a changed definition in the place of one."""

    def put(old: Table[Any], new: Table[Any]) -> None:
        monkeypatch.setattr(tables, "TABLES", tuple(new if one is old else one for one in tables.TABLES))

    return put


def with_a_column_before(table: Table[Any], key: str, column: Column[Any]) -> Table[Any]:
    """Return a table with one column more, which stands before another in every view that has that one."""

    def before(view: View[Any]) -> View[Any]:
        if key not in view.keys:
            return view
        place = view.keys.index(key)
        return replace(view, keys=(*view.keys[:place], column.key, *view.keys[place:]))

    views = {place: before(view) for place, view in table.views.items()}
    return replace(table, columns=(*table.columns, column), views=views)


@pytest.mark.parametrize("table", CHARTED, ids=lambda table: table.key)
def test_a_chart_plots_the_columns_that_it_names_wherever_they_stand(
    union: Union, change: Callable[..., None], table: Table[Any]
) -> None:
    assert table.chart is not None
    first = table.chart.series[0]
    more = with_a_column_before(table, first, Column("more", _("Người"), Kind.COUNT, lambda _row, _page: 77))
    names = with_a_column_before(
        more, table.chart.names, Column("front", _("Loại"), Kind.TEXT, lambda _row, _page: "trước")
    )
    wanted = [column.heading for key in table.chart.series for column in [table.column(key)]]
    for changed in (table, more, names):
        change(table, changed)
        page = composed(union)
        (filled,) = changed.filled(page)[:1]
        book = openpyxl.load_workbook(written(union) / "report.xlsx")
        sheet = book[filled.title]
        (chart,) = sheet._charts
        for series, key, heading in zip(chart.series, table.chart.series, wanted, strict=True):
            (cell,) = referred(book, series.tx.strRef.f)
            assert cell == f"{page.words.say(heading)} (%)"
            plotted = [float(value) for value in referred(book, series.val.numRef.f)]
            assert plotted == [float(value) for value in column_of(union, filled.file, cell)]
            assert len(plotted) == len(filled.values(key))
        categories = chart.series[0].cat
        shown = referred(book, (categories.numRef or categories.strRef).f)
        assert "trước" not in shown
        change(changed, table)


def referred(book: Any, reference: str) -> list[Any]:
    """Return the values of the cells that a chart refers to."""
    sheet, _, cells = reference.rpartition("!")
    found = book[sheet.strip("'")][cells.replace("$", "")]
    rows = found if isinstance(found, tuple) else ((found,),)
    return [cell.value for row in rows for cell in row]


def column_of(union: Union, file: str, heading: str) -> list[str]:
    with (union.folder / "reports" / f"{file}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row[heading] for row in csv.DictReader(stream)]


def test_the_trend_on_the_page_draws_the_columns_that_are_named(union: Union, change: Callable[..., None]) -> None:
    drawn = trend.pictures(composed(union))
    assert "polygon" in drawn[0]
    none: Column[Any] = Column("more", _("Người"), Kind.COUNT, lambda _row, _page: 77)
    for table in (HISTORY, FORECAST):
        assert table.chart is not None
        place = [column.key for column in table.columns].index(table.chart.series[0])
        more = with_a_column_before(table, table.chart.series[0], none)
        change(table, replace(more, columns=(none, *table.columns[place:], *table.columns[:place])))
    assert trend.pictures(composed(union)) == drawn


def test_a_new_column_is_one_definition_and_stands_in_every_format(union: Union, change: Callable[..., None]) -> None:
    column: Column[Any] = Column(
        "units_below", _("Từng đơn vị"), Kind.COUNT, lambda group, _page: 4000 + group.units, "units"
    )
    changed = with_a_column_before(CORPORATIONS, "percent", column)
    change(CORPORATIONS, changed)
    folder = written(union)
    page = (folder / "report.html").read_text(encoding="utf-8")
    bars = page.split('<table class="bars">')[1].split("</table>")[0]
    assert "Từng đơn vị</th>" in bars
    assert re.findall(r'<td class="num">(400\d)</td>', bars) == ["4002", "4001"]
    assert column_of(union, "CT70-corporations", "Từng đơn vị") == ["4002", "4001"]
    sheet = openpyxl.load_workbook(folder / "report.xlsx")["CT70 tổng công ty"]
    assert [row[4].value for row in sheet.iter_rows(min_row=3)][:3] == ["Từng đơn vị", 4002, 4001]
    rows = json.loads((folder / "report.json").read_text(encoding="utf-8"))["targets"][0]["by_corporation"]
    assert [row["units_below"] for row in rows] == [4002, 4001]
    assert list(rows[0])[:4] == ["unit_id", "numerator", "denominator", "units_below"]


@pytest.mark.parametrize("table", tables.TABLES, ids=lambda table: table.key)
def test_a_definition_names_only_columns_that_it_has(table: Table[Any]) -> None:
    keys = [column.key for column in table.columns]
    assert len(set(keys)) == len(keys)
    for view in table.views.values():
        assert set(view.keys) | {view.sign, view.strong} - {""} <= set(keys)
    assert {column.draws for column in table.columns} - {""} <= set(keys)
    if table.chart is not None:
        assert {table.chart.names, *table.chart.series} <= set(table.views["files"].keys)
    used = {key for view in table.views.values() for key in view.keys}
    spare = {"shortfall", "met", "short", "fraction", "verdict"}  # those of every figure
    assert set(keys) - used <= spare | {"numerator", "denominator"}


@pytest.mark.parametrize("table", tables.TABLES, ids=lambda table: table.key)
def test_every_column_with_a_number_says_what_it_counts(table: Table[Any]) -> None:
    uncounted = {column.key for column in table.columns if column.kind in NUMBERS and column.counts is None}
    assert uncounted - {"goal"} == set()
    assert [column.key for column in table.columns if column.hides and table.figure is None] == []


def test_what_is_counted_has_one_name_everywhere() -> None:
    """A slip of the pen would be a sort of its own, and judged apart from what it belongs to."""
    names = sorted({column.counts for table in tables.TABLES for column in table.columns if column.counts})
    alike = {name: near for name in names if len(near := difflib.get_close_matches(name, names, cutoff=_ALIKE)) > 1}
    assert alike == {}
    assert difflib.get_close_matches("trainde", names, cutoff=_ALIKE) == ["trained"]


def test_a_table_that_names_people_is_shown_only_where_they_are_named(union: Union) -> None:
    assert [table.key for table in tables.TABLES if table.secret] == ["MAT-missing"]
    assert [filled for filled in tables.of(composed(union)) if filled.table.secret] == []
    (filled,) = [filled for filled in tables.of(composed(union, named=True)) if filled.table.secret]
    assert {filled.value("person_id", row) for row in filled.rows} >= {"SOLO", "P0"}


def test_templates_take_no_number_past_the_definitions() -> None:
    folders = ("report", "coordinator")
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for room in folders
        for path in (ROOT / "grader" / room).rglob("*.j2")
    }
    assert set(texts) == {"report.html.j2", "coordinator.html.j2"}
    past_it = re.compile(
        r"\b(figure|rate|states|whole|quarters|bands|left|left_trained|ever_trained|pace|below|corporations|headlines|"
        r"indicators|missing)\b\."
        r"|\.(figure|rate|states|whole|quarters|outlook|numerator|denominator|shortfall|by_corporation|corporations)\b"
    )
    found = {
        name: [
            m[0]
            for part in re.findall(r"\{[{%](.*?)[%}]\}", text, re.DOTALL)
            for m in past_it.finditer(re.sub(r'_\("[^"]*"', "", part))  # a sentence is none of the page's fields
        ]
        for name, text in texts.items()
    }
    assert found == {"report.html.j2": [".outlook"], "coordinator.html.j2": []}  # whether there is a forecast at all


def of(page: Page, *, table: str, column: str) -> list[Statement]:
    return [one for one in release.statements(page) if (one.table, one.column) == (table, column)]


def test_what_a_release_states_is_found_in_one_place_history_and_side_counts_too(union: Union) -> None:
    """A judge of small groups needs each number, of whom it speaks, and where it stands; also of a quarter before."""
    for number in range(2, 12):
        union.posts[7 + number]["start"] = "2026-07-15"  # two were in office before, one of them trained in May
    page = composed(union, scope="C2")
    quarter = next(one for one in of(page, table="history", column="numerator") if one.about.day == date(2026, 6, 30))
    assert (quarter.about.target, quarter.about.unit_id, quarter.counts, quarter.value) == ("CT70", "C2", "trained", 2)
    assert quarter.places == ("files",)
    of_two = next(one for one in of(page, table="history", column="denominator") if one.about == quarter.about)
    assert of_two.value == 2, "a group of fewer than five, stated: this is where it is to be seen"
    (side,) = [one for one in of(page, table="facts", column="units_untrained") if one.about.target == "CT70"]
    assert (side.value, side.counts, side.places) == (0, "units with nobody trained", ("page", "desk"))


def test_what_is_hidden_is_stated_as_hidden_in_every_number_of_its_row(union: Union) -> None:
    page = composed(union)
    small = [
        one for one in release.statements(page) if one.about and one.about.unit_id == "B1" and one.table == "units"
    ]
    assert {one.column for one in small} >= {"numerator", "denominator", "percent", "met", "shortfall"}
    assert {one.value for one in small} == {Hidden("small")}


def test_texts_with_numbers_in_them_are_stated_too(union: Union) -> None:
    union.attempt("P2", "M01", "0", status="pending_manual")
    told = [one for one in release.statements(composed(union)) if one.counts == "said in words"]
    assert any("chờ chấm" in str(one.value) for one in told)
