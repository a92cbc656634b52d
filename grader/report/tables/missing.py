"""The people of the denominators who are not trained: for named lists only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.report.page import Page
from grader.report.people import Missing
from grader.report.tables.definition import About, Column, Filled, Kind, Table, View


def _rows(page: Page) -> Iterator[tuple[str, Sequence[Missing]]]:
    if page.options.named:
        yield "", page.missing


def _about(filled: Filled[Missing], row: Missing) -> About:
    return About(row.target, row.unit_id, filled.page.found.as_of)


MISSING: Table[Missing] = Table(
    key="MAT-missing",
    title="sheet_missing",
    columns=(
        Column("target", "target", Kind.TEXT, lambda person, _: person.target),
        Column("corporation_id", "corporation", Kind.TEXT, lambda person, _: person.corporation_id),
        Column("unit_id", "code", Kind.TEXT, lambda person, _: person.unit_id),
        Column("unit", "unit", Kind.TEXT, lambda person, _: person.unit_name),
        Column("person_id", "person", Kind.TEXT, lambda person, _: person.person_id, people=True),
        Column("name", "name", Kind.TEXT, lambda person, _: person.full_name, people=True),
        Column("post", "post", Kind.TEXT, lambda person, page: page.words.post(person.post)),
        Column("state", "state", Kind.TEXT, lambda person, page: page.words(person.state)),
        Column("state_short", "state", Kind.TEXT, lambda person, page: page.words(f"{person.state}_short")),
    ),
    fill=_rows,
    about=_about,
    views={
        "files": View(("target", "corporation_id", "unit_id", "unit", "person_id", "name", "post", "state")),
        "page": View(("target", "corporation_id", "unit", "person_id", "name", "post", "state")),
        "desk": View(("name", "person_id", "post", "unit", "state_short")),
    },
)
