"""The single numbers that stand in sentences about a target, beside its figure: side counts, pace, who has left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from course.words import _
from grader.report.page import Page, Past
from grader.report.tables.definition import About, Column, Counts, Filled, Kind, Table, Value, View
from grader.report.views import TargetView


def _rows(page: Page) -> Iterator[tuple[str, Sequence[TargetView]]]:
    return ((view.result.id, (view,)) for view in page.targets)


def _about(filled: Filled[TargetView], _row: TargetView) -> About:
    return About(filled.target, filled.page.options.scope, filled.page.found.as_of)


def _main(take: Callable[[Page], Value]) -> Callable[[TargetView, Page], Value]:
    """Take what a report says of its first target only; None for the others."""
    return lambda view, page: take(page) if view is page.targets[0] else None


def _past(take: Callable[[Past], Value]) -> Callable[[TargetView, Page], Value]:
    return _main(lambda page: take(page.past) if page.past else None)


def _lacking(view: TargetView, _page: Page) -> Value:
    return sum(group.figure.rate.shortfall for group in view.corporations if group.figure.rate)


def _count(
    key: str, counts: Counts, value: Callable[[TargetView, Page], Value], *, hides: bool = False
) -> Column[TargetView]:
    return Column(key, "", Kind.COUNT, value, counts, hides=hides)


_COLUMNS = (
    _count("corporations", "corporations", lambda view, _: len(view.corporations)),
    _count("below", "corporations", lambda view, _: view.below),
    _count("lacking", "people lacking", _lacking),
    _count("without_chair", "units without chair", lambda view, _: view.whole.without_chair, hides=True),
    _count("units_untrained", "units with nobody trained", lambda view, _: view.whole.units_untrained, hides=True),
    _count("units", "units", lambda view, _: view.whole.units, hides=True),
    _count("unseen", "units not shown", lambda view, _: view.unseen),
    _count("left", "left", _past(lambda past: past.left)),
    _count("left_trained", "left and trained", _past(lambda past: past.left_trained)),
    _count("ever_trained", "ever trained", _main(lambda page: page.ever_trained)),
    Column("chance", "", Kind.SHARE, _past(lambda past: past.outlook.chance if past.outlook else None), "expected"),
    _count("pace", "expected", _main(lambda page: page.pace.without_turnover if page.pace else None)),
    _count("pace_turnover", "expected", _main(lambda page: page.pace.with_turnover if page.pace else None)),
)
_VIEW: View[TargetView] = View(tuple(column.key for column in _COLUMNS))

FACTS: Table[TargetView] = Table(
    key="facts",
    title=_("Cán bộ đang ở bước nào"),
    columns=_COLUMNS,
    fill=_rows,
    about=_about,
    figure=lambda view: view.figure,
    views={"page": _VIEW, "desk": _VIEW},
)
