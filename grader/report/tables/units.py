"""The units of a target, each with everybody counted at it and below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course.words import _
from grader.report.page import Page
from grader.report.tables import figures
from grader.report.tables.corporations import about
from grader.report.tables.definition import Column, Kind, Table, View
from grader.report.views import Group


def _rows(page: Page) -> Iterator[tuple[str, Sequence[Group]]]:
    return ((view.result.id, view.units) for view in page.targets if view.units)


UNITS: Table[Group] = Table(
    key="units",
    title=_("đơn vị"),
    columns=(
        Column("unit_id", _("Mã"), Kind.TEXT, lambda group, _: group.unit_id),
        Column("name", _("Đơn vị"), Kind.TEXT, lambda group, _: group.name),
        Column("kind", _("Loại"), Kind.TEXT, lambda group, page: page.words.kind(group.kind)),
        Column("corporation_id", _("Tổng công ty"), Kind.TEXT, lambda group, _: group.corporation_id),
        *figures.columns(lambda group: group.figure, {"named_bar": lambda group: group.name}),
        figures.external(lambda group, _: group.external),
    ),
    fill=_rows,
    about=about,
    figure=lambda group: group.figure,
    views={
        "files": View(("unit_id", "name", "kind", "corporation_id", *figures.KEYS, "external"), sign="denominator"),
        "page": View(
            ("unit_id", "name", "kind", "corporation_id", "numerator", "denominator", "percent", "short"),
            sign="denominator",
            sorts=True,
        ),
        "desk": View(("named_bar", "percent", "fraction", "verdict", "external"), sign="percent"),
    },
)
