"""Writes a table's head and rows as HTML, and single values of it for the sentences around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from grader.completion.records import Rate
from grader.report import charts
from grader.report.tables.definition import Bar, Column, Filled, Hidden, Kind, Named, Place, Value, View
from grader.report.words import Words
from grader.report.writers import said

_NUMBERS = frozenset({Kind.COUNT, Kind.LINE, Kind.RATE, Kind.SHARE, Kind.FRACTION, Kind.SHORT, Kind.VERDICT})
_AS_IT_IS: Mapping[str, str] = {}
_MARKED_FROM = 10_000  # numbers from here on are written with a mark for the thousands, and cannot be sorted as text


@dataclass(frozen=True)
class Line:
    """One row of a table as a template reads it: by the keys of its columns."""

    filled: Filled[Any]
    row: Any
    place: Place

    def value(self, key: str) -> Value:
        """Return what a column says, None where that is hidden."""
        value = self.filled.value(key, self.row)
        return None if isinstance(value, Hidden) else value

    def seen(self, key: str) -> bool:
        """Tell whether a column may be shown."""
        return not isinstance(self.filled.value(key, self.row), Hidden)

    def text(self, key: str) -> str:
        """Return what a column says, as the page writes it; a bar is markup."""
        column = self.filled.table.column(key)
        if column.kind is Kind.BAR:
            return _bar(self.filled, column, self.row)
        signed = key == self.filled.table.views[self.place].sign
        return said.text(self.filled.page.words, column.kind, self.filled.value(key, self.row), signed=signed)


def lines(filled: Filled[Any], place: Place) -> list[Line]:
    """Return the rows in the order of a place."""
    return [Line(filled, row, place) for row in filled.ordered(place)]


def body(filled: Filled[Any], place: Place, classes: Mapping[str, str] = _AS_IT_IS, most: int | None = None) -> Markup:
    """Return ``<thead>`` and ``<tbody>``.

    Args:
        filled: the table.
        place: whose view is shown.
        classes: CSS class -> the page's own name for it, where that is another.
        most: rows at most.
    """
    view, columns = filled.table.views[place], filled.columns(place)
    starts = []
    for number, column in enumerate(columns):
        names = [*_classes(column.kind), *(["strong"] if column.key == view.strong else [])]
        tag = 'th scope="row"' if view.first_heads and not number else "td"
        starts.append((column, f"<{tag}{_class(names, classes)}", f"</{tag[:2]}>"))
    parts = ["<thead><tr>", *(_head(filled, column, classes) for column in columns), "</tr></thead>\n<tbody>\n"]
    for row, values in filled.read(place, most):
        figure = filled.figure(row) if view.sorts else None
        parts.append("<tr>" if figure is None or figure.seen else '<tr class="unseen">')
        for (column, start, end), value in zip(starts, values, strict=True):
            drawn = _bar(filled, column, row) if column.kind is Kind.BAR else None
            parts += (start, _cell(filled.page.words, view, column, value) if drawn is None else f">{drawn}", end)
        parts.append("</tr>\n")
    return Markup("".join([*parts, "</tbody>"]))  # noqa: S704  # every value in it is escaped


def _head(filled: Filled[Any], column: Column[Any], classes: Mapping[str, str]) -> str:
    names = [name for name in _classes(column.kind) if name != "code"]
    return f'<th scope="col"{_class(names, classes)}>{escape(filled.heading(column))}</th>'


def _classes(kind: Kind) -> list[str]:
    if kind is Kind.BAR:
        return ["bar-cell"]
    return ["code"] if kind is Kind.CODE else ["num"] if kind in _NUMBERS else []


def _class(names: list[str], classes: Mapping[str, str]) -> str:
    return f' class="{" ".join(classes.get(name, name) for name in names)}"' if names else ""


def _cell(words: Words, view: View[Any], column: Column[Any], value: Value) -> str:
    """Return the rest of one cell after its tag's name and class, up to its end tag."""
    if isinstance(value, Named):
        if column.kind is Kind.LONG:
            return f'>{escape(value.id)} <span class="long">{escape(value.name)}</span>'
        return f' title="{escape(value.name)}">{escape(value.id)}'
    text = escape(said.text(words, column.kind, value, signed=column.key == view.sign))
    if column.kind is Kind.VERDICT:
        met = isinstance(value, Rate) and bool(value.met)
        return f'><span class="verdict {"yes" if met else "no"}">{text}</span>'
    return f"{_sorted_by(column.kind, value) if view.sorts else ''}>{text}"


def _sorted_by(kind: Kind, value: Value) -> str:
    """Return the number that a cell is sorted by, where that is not what it says."""
    if isinstance(value, Rate) and kind is Kind.RATE:
        return f' data-v="{round(value.numerator / value.denominator, 5) if value.denominator else ""}"'
    return f' data-v="{value}"' if isinstance(value, int) and abs(value) >= _MARKED_FROM else ""


def _bar(filled: Filled[Any], column: Column[Any], row: Any) -> Markup:
    """Return the bar of the rate that a column draws, or of one state of people; nothing where nobody is counted."""
    bar, rate, words = filled.value(column.key, row), filled.value(column.draws, row), filled.page.words
    if not isinstance(bar, Bar) or not isinstance(rate, Rate) or not rate.denominator:
        return Markup("")
    share = rate.numerator / rate.denominator
    if bar.state:
        drawn = charts.share(share, f"{bar.name}: {words.percent(rate)}", bar.state.replace("_", "-"))
    else:
        label = f"{bar.name}: {words.percent(rate)} ({words.fraction(rate)}), {words.verdict(rate)}"
        drawn = charts.bullet(share, rate.goal[0] / rate.goal[1], label, met=bool(rate.met))
    return Markup(drawn)  # noqa: S704  # charts escape their texts
