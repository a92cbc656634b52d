"""The people of the denominators who are not trained: for named lists only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course.words import _
from grader.report.page import Page
from grader.report.people import Missing
from grader.report.tables.definition import About, Column, Filled, Kind, Table, View
from grader.report.tables.states import NAMES, SHORT_NAMES


def _rows(page: Page) -> Iterator[tuple[str, Sequence[Missing]]]:
    if page.options.named:
        yield "", page.missing


def _about(filled: Filled[Missing], row: Missing) -> About:
    return About(row.target, row.unit_id, filled.page.found.as_of)


MISSING: Table[Missing] = Table(
    key="MAT-missing",
    title=_("MẬT chưa đạt"),
    columns=(
        Column("target", _("Chỉ tiêu"), Kind.TEXT, lambda person, _: person.target),
        Column("corporation_id", _("Tổng công ty"), Kind.TEXT, lambda person, _: person.corporation_id),
        Column("unit_id", _("Mã"), Kind.TEXT, lambda person, _: person.unit_id),
        Column("unit", _("Đơn vị"), Kind.TEXT, lambda person, _: person.unit_name),
        Column("person_id", _("Cán bộ"), Kind.TEXT, lambda person, _: person.person_id, people=True),
        Column("name", _("Họ và tên"), Kind.TEXT, lambda person, _: person.full_name, people=True),
        Column("post", _("Chức vụ"), Kind.TEXT, lambda person, page: page.words.post(person.post)),
        Column("state", _("Tình trạng"), Kind.TEXT, lambda person, page: page.words.say(NAMES[person.state])),
        Column(
            "state_short", _("Tình trạng"), Kind.TEXT, lambda person, page: page.words.say(SHORT_NAMES[person.state])
        ),
        Column("external", _("Khóa học ngoài"), Kind.TEXT, lambda person, _: person.external),
    ),
    fill=_rows,
    about=_about,
    views={
        "files": View(
            ("target", "corporation_id", "unit_id", "unit", "person_id", "name", "post", "state", "external")
        ),
        "page": View(("target", "corporation_id", "unit", "person_id", "name", "post", "state", "external")),
        "desk": View(("name", "person_id", "post", "unit", "state_short", "external")),
    },
)
