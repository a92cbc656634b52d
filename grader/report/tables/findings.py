"""What is said about rows of roster, attempts and indicators, and about versions published before: counts in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.report.page import Note, Page, Version
from grader.report.tables.definition import Column, Kind, Table, View

_COLUMNS: tuple[Column[Note], ...] = (
    Column("file", "file", Kind.TEXT, lambda note, _: note.file),
    Column("line", "line", Kind.LINE, lambda note, _: note.line),
    Column("code", "code", Kind.CODE, lambda note, _: note.code),
    Column("message", "message", Kind.TEXT, lambda note, page: note.message(page.words.lang), "said in words"),
)
_VIEW: View[Note] = View(("file", "line", "code", "message"))


def _rejected(page: Page) -> Iterator[tuple[str, Sequence[Note]]]:
    yield "", page.rejected


def _warnings(page: Page) -> Iterator[tuple[str, Sequence[Note]]]:
    yield "", page.warnings


def _versions(page: Page) -> Iterator[tuple[str, Sequence[Version]]]:
    yield "", page.versions


REJECTED: Table[Note] = Table(
    key="rejected",
    title="sheet_rejected",
    columns=_COLUMNS,
    fill=_rejected,
    views={"files": _VIEW, "page": _VIEW, "json": _VIEW},
)
WARNINGS: Table[Note] = Table(
    key="warnings",
    title="sheet_warnings",
    columns=_COLUMNS,
    fill=_warnings,
    views={"files": _VIEW, "page": _VIEW, "json": _VIEW},
)
VERSIONS: Table[Version] = Table(
    key="versions",
    title="versions",
    columns=(
        Column(
            "summary", "versions", Kind.TEXT, lambda version, page: version.summary(page.words.lang), "said in words"
        ),
    ),
    fill=_versions,
    views={"page": View(("summary",))},
)
