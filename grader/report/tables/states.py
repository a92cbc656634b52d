"""The people of a target by the state that they are in: who is trained, awaits marking, has begun, has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from course.words import Text, _
from grader.completion.records import Rate
from grader.report.page import Page
from grader.report.tables.definition import About, Bar, Column, Filled, Kind, Table, View
from grader.report.views import STATES, TargetView

NAMES: Mapping[str, Text] = MappingProxyType({
    "trained": _("Đã đạt"),
    "waiting": _("Chờ chấm"),
    "failed": _("Chưa đạt một học phần đã chấm"),
    "learning": _("Đang học, còn học phần chưa làm"),
    "not_started": _("Chưa có lượt làm bài nào"),
})  # fmt: skip
"""State of people -> what it is called."""
SHORT_NAMES: Mapping[str, Text] = MappingProxyType({
    "trained": _("Đạt"),
    "waiting": _("Chờ chấm"),
    "failed": _("Chưa đạt"),
    "learning": _("Đang học"),
    "not_started": _("Chưa bắt đầu"),
})  # fmt: skip
"""The same where room is short."""


class _State(NamedTuple):
    """One state: who is in it, of how many."""

    state: str
    rate: Rate


def _of(view: TargetView) -> list[_State]:
    rate = view.figure.rate
    if rate is None or view.states is None or not rate.denominator:
        return []
    return [
        _State(state, Rate(people, rate.denominator, (1, 1))) for state, people in zip(STATES, view.states, strict=True)
    ]


def _rows(page: Page) -> Iterator[tuple[str, Sequence[_State]]]:
    return ((view.result.id, _of(view)) for view in page.targets)


def _about(filled: Filled[_State], _row: _State) -> About:
    return About(filled.target, filled.page.options.scope, filled.page.found.as_of)


_KEYS = ("state", "share", "percent", "people")

STATES_OF_PEOPLE: Table[_State] = Table(
    key="states",
    title=_("Cán bộ đang ở bước nào"),
    columns=(
        Column("state", _("Tình trạng"), Kind.TEXT, lambda row, page: page.words.say(NAMES[row.state])),
        Column(
            "share",
            _("Tỉ lệ trong mẫu số"),
            Kind.BAR,
            lambda row, page: Bar(page.words.say(NAMES[row.state]), row.state),
            "in one state",
            draws="percent",
        ),
        Column("percent", _("Tỉ lệ"), Kind.RATE, lambda row, _: row.rate, "in one state"),
        Column("people", _("Người"), Kind.COUNT, lambda row, _: row.rate.numerator, "in one state"),
    ),
    fill=_rows,
    about=_about,
    views={"page": View(_KEYS, strong="people", first_heads=True), "desk": View(_KEYS, first_heads=True)},
)
