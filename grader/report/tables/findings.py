"""What is said about rows of roster, attempts and indicators, and about versions published before: counts in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course.words import _
from grader.report.page import Note, Page, Version
from grader.report.tables.definition import Column, Kind, Table, View

_COLUMNS: tuple[Column[Note], ...] = (
    Column("file", _("Tệp"), Kind.TEXT, lambda note, _: note.file),
    Column("line", _("Dòng"), Kind.LINE, lambda note, _: note.line),
    Column("code", _("Mã"), Kind.CODE, lambda note, _: note.code),
    Column("message", _("Nội dung"), Kind.TEXT, lambda note, page: note.message(page.words.lang), "said in words"),
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
    title=_("Dòng bị loại"),
    columns=_COLUMNS,
    fill=_rejected,
    views={"files": _VIEW, "page": _VIEW, "json": _VIEW},
)
WARNINGS: Table[Note] = Table(
    key="warnings",
    title=_("Cần xem lại"),
    columns=_COLUMNS,
    fill=_warnings,
    views={"files": _VIEW, "page": _VIEW, "json": _VIEW},
)
VERSIONS: Table[Version] = Table(
    key="versions",
    title=_("Các bản đã công bố cho ngày này"),
    columns=(
        Column(
            "summary",
            _("Các bản đã công bố cho ngày này"),
            Kind.TEXT,
            lambda version, page: version.summary(page.words.lang),
            "said in words",
        ),
    ),
    fill=_versions,
    views={"page": View(("summary",))},
)
