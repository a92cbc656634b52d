"""The computed targets, a row each: the figure of the whole, the goal, the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.report.page import Page
from grader.report.tables import figures
from grader.report.tables.definition import About, Column, Filled, Kind, Table, View
from grader.report.views import STATES, TargetView


def _rows(page: Page) -> Iterator[tuple[str, Sequence[TargetView]]]:
    yield "", page.targets


def _about(filled: Filled[TargetView], row: TargetView) -> About:
    return About(row.result.id, filled.page.options.scope, filled.page.found.as_of)


def _in_state(view: TargetView, state: str) -> int | None:
    return view.states[STATES.index(state)] if view.states else None


TARGETS: Table[TargetView] = Table(
    key="targets",
    title="sheet_targets",
    columns=(
        Column("id", "target", Kind.TEXT, lambda view, _: view.result.id),
        Column("title", "title_of", Kind.TEXT, lambda view, page: page.titles[view.result.id]),
        *figures.columns(lambda view: view.figure, {"bar": lambda view: view.result.id}),
        Column("goal", "goal", Kind.TEXT, lambda view, page: page.words.goal(view.result.rate.goal)),
        Column("by", "due", Kind.DAY, lambda view, _: view.result.by),
        Column(
            "waiting", "waiting", Kind.COUNT, lambda view, _: _in_state(view, "waiting"), "in one state", hides=True
        ),
        Column(
            "not_started",
            "not_started",
            Kind.COUNT,
            lambda view, _: _in_state(view, "not_started"),
            "in one state",
            hides=True,
        ),
        Column("rule", "rule", Kind.TEXT, lambda view, page: view.result.rule(page.words.lang)),
        Column("as_of", "day", Kind.DAY, lambda _, page: page.found.as_of),
        Column("computed_at", "computed", Kind.INSTANT, lambda _, page: page.found.computed_at),
        Column("target_set", "set", Kind.TEXT, lambda _, page: page.found.target_set),
    ),
    fill=_rows,
    about=_about,
    figure=lambda view: view.figure,
    views={
        "files": View(
            ("id", "title", *figures.KEYS, "goal", "by", "waiting", "rule", "as_of", "computed_at", "target_set"),
            sign="denominator",
        ),
        "page": View(("percent", "fraction", "bar", "verdict", "waiting", "not_started"), sign="percent"),
        "desk": View(("percent", "fraction", "bar", "verdict"), sign="percent"),
        "json": View(("id", *figures.KEYS, "rule")),
    },
)
