"""The computed targets, a row each: the figure of the whole, the goal, the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course.words import _
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
    title=_("Các chỉ tiêu"),
    columns=(
        Column("id", _("Chỉ tiêu"), Kind.TEXT, lambda view, _: view.result.id),
        Column("title", _("Tên gọi"), Kind.TEXT, lambda view, page: page.titles[view.result.id]),
        *figures.columns(lambda view: view.figure, {"bar": lambda view: view.result.id}),
        figures.external(lambda view, _: view.whole.external),
        Column("goal", _("Mức cần đạt"), Kind.TEXT, lambda view, page: page.words.goal(view.result.rate.goal)),
        Column("by", _("Hạn"), Kind.DAY, lambda view, _: view.result.by),
        Column(
            "waiting", _("Chờ chấm"), Kind.COUNT, lambda view, _: _in_state(view, "waiting"), "in one state", hides=True
        ),
        Column(
            "not_started",
            _("Chưa có lượt làm bài nào"),
            Kind.COUNT,
            lambda view, _: _in_state(view, "not_started"),
            "in one state",
            hides=True,
        ),
        Column("rule", _("Quy tắc tính"), Kind.TEXT, lambda view, page: view.result.rule(page.words.lang)),
        Column("as_of", _("Ngày chốt"), Kind.DAY, lambda _, page: page.found.as_of),
        Column("computed_at", _("Tính lúc"), Kind.INSTANT, lambda _, page: page.found.computed_at),
        Column("target_set", _("Bộ chỉ tiêu"), Kind.TEXT, lambda _, page: page.found.target_set),
    ),
    fill=_rows,
    about=_about,
    figure=lambda view: view.figure,
    views={
        "files": View(
            (
                "id",
                "title",
                *figures.KEYS,
                "goal",
                "by",
                "waiting",
                "external",
                "rule",
                "as_of",
                "computed_at",
                "target_set",
            ),
            sign="denominator",
        ),
        "page": View(("percent", "fraction", "bar", "verdict", "waiting", "not_started", "external"), sign="percent"),
        "desk": View(("percent", "fraction", "bar", "verdict", "external"), sign="percent"),
        "json": View(("id", *figures.KEYS, "external", "rule")),
    },
)
