"""The corporations of a target, lowest rate first: figure, people in each state, units without a chair."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from course.words import _
from grader.completion.records import Rate
from grader.report.page import Page
from grader.report.tables import figures
from grader.report.tables.definition import About, Chart, Column, Filled, Kind, Named, Table, Value, View
from grader.report.tables.states import SHORT_NAMES
from grader.report.views import STATES, Group

_LONG_PREFIX = "Công đoàn "
"""The name of nearly every corporation begins so; where room is short it says nothing."""


def _rows(page: Page) -> Iterator[tuple[str, Sequence[Group]]]:
    return ((view.result.id, view.corporations) for view in page.targets if view.corporations)


def about(filled: Filled[Group], row: Group) -> About:
    """Return of whom the row of a group speaks."""
    return About(filled.target, row.unit_id, filled.page.found.as_of)


def _state(state: str) -> Column[Group]:
    place = STATES.index(state)

    def value(group: Group, _page: Page) -> Value:
        return group.states[place] if group.states else None

    return Column(state, SHORT_NAMES[state], Kind.COUNT, value, "in one state", hides=True)


def _untrained(group: Group, _page: Page) -> Value:
    return Rate(group.units_untrained, group.units, (1, 1))


def _named(shorter: Callable[[str], str]) -> Callable[[Group, Page], Value]:
    return lambda group, _: Named(group.unit_id, shorter(group.name))


CORPORATIONS: Table[Group] = Table(
    key="corporations",
    title=_("tổng công ty"),
    columns=(
        Column("unit_id", _("Mã"), Kind.TEXT, lambda group, _: group.unit_id),
        Column("name", _("Tổng công ty"), Kind.TEXT, lambda group, _: group.name),
        Column("unit", _("Tổng công ty"), Kind.NAMED, _named(str)),
        Column("unit_long", _("Tổng công ty"), Kind.LONG, _named(lambda name: name.replace(_LONG_PREFIX, "", 1))),
        *figures.columns(
            lambda group: group.figure, {"bar": lambda group: group.unit_id, "named_bar": lambda group: group.name}
        ),
        *(_state(state) for state in STATES),
        figures.external(lambda group, _: group.external),
        Column(
            "without_chair",
            _("Đơn vị khuyết chủ tịch"),
            Kind.COUNT,
            lambda group, _: group.without_chair,
            "units without chair",
        ),
        Column(
            "units_untrained",
            _("Đơn vị chưa có ai đạt"),
            Kind.FRACTION,
            _untrained,
            "units with nobody trained",
            hides=True,
        ),
    ),
    fill=_rows,
    about=about,
    figure=lambda group: group.figure,
    views={
        "files": View(("unit_id", "name", *figures.KEYS, *STATES[1:], "external", "without_chair"), sign="denominator"),
        "page": View(
            ("unit", "bar", "percent", "fraction", "verdict"), sign="percent", strong="percent", first_heads=True
        ),
        "states": View(
            ("unit_long", *STATES, "denominator", "external", "without_chair", "units_untrained"),
            sign="denominator",
            order=lambda group: group.unit_id,
            first_heads=True,
        ),
        "desk": View(("named_bar", "percent", "fraction", "verdict", "external"), sign="percent"),
        "json": View(("unit_id", *figures.KEYS, "external"), order=lambda group: group.unit_id),
    },
    chart=Chart("bars", names="unit_id", series=("percent",)),
)
