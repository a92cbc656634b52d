"""From a file to what it would change: the strict reader where that understands all, else the door; then one decision.

``draft`` reads and compares and writes nothing; ``take`` stores a draft. Command and page both go this way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection

from course.words import _
from grader.ground.errors import ModuongError
from grader.ground.offices import OFFICES, Offices
from grader.roster import diff as roster_diff
from grader.roster import edit, guards, store, versions
from grader.roster import read as exact
from grader.roster.diff import Change, Merged
from grader.roster.door import reading
from grader.roster.door.asked import Question
from grader.roster.door.reading import TABLES, Kept
from grader.roster.door.records import BEYOND, place_of
from grader.roster.guards import Losses
from grader.roster.records import Parsed, Roster, Tables
from grader.roster.row_findings import RowFinding
from grader.roster.tables import child
from grader.roster.tables.grid import Book
from grader.roster.versions import Cause

__all__ = ["Book", "Draft", "Now", "book", "draft", "of_book", "open_questions", "take"]

_EXACT_ALONE = frozenset({"E-XLSX-2", "E-XLSX-3"})
"""What the strict reader refuses for good."""
Place = Callable[[RowFinding], RowFinding]


@dataclass(frozen=True)
class Now:
    """What is stored when a file is read: the version of the roster, its rows, birth dates, answers of the profile.

    Beside it the union's posts.
    """

    version: int
    roster: Roster | None
    births: Mapping[str, str]
    answers: Mapping[str, str]
    offices: Offices = OFFICES

    @property
    def kept(self) -> Kept:
        """Return what the door needs of it."""
        return Kept(self.roster, self.births, self.answers, self.offices)


@dataclass(frozen=True)
class Draft:
    """What a file would change.

    Attributes:
        questions: those that are open; while there are any, nothing can be taken.
        merged: the outcome, its lines and findings as the reader numbered them.
        tables: how its findings name the tables.
        losses: rows that would be ended or removed.
        births: birth dates after it.
        answers: the profile after it.
        version: of the roster that it was compared with.
        stored: that roster.
        source, digest: of the file.
        place: turns a finding into one that names sheet and row.
    """

    questions: tuple[Question, ...]
    merged: Merged
    tables: Tables
    losses: Losses
    births: Mapping[str, str]
    answers: Mapping[str, str]
    version: int
    stored: Roster | None
    source: str
    digest: str
    place: Place

    def settled(self) -> Roster:
        """Return the roster to be stored: each row with its row in the sheet, each finding with its sheet."""
        found = self.merged.roster
        if self.tables != TABLES:
            return found
        return replace(
            found,
            units=tuple(row._replace(line=_row(row.line)) for row in found.units),
            people=tuple(row._replace(line=_row(row.line)) for row in found.people),
            posts=tuple(row._replace(line=_row(row.line)) for row in found.posts),
            rejected=tuple(map(self.place, found.rejected)),
            warnings=tuple(map(self.place, found.warnings)),
        )

    def shown(self) -> Merged:
        """Return the outcome with each change at its row in the sheet; findings as they are numbered."""
        if self.tables != TABLES:
            return self.merged
        changes = tuple(change._replace(line=_row(change.line)) for change in self.merged.changes)
        return replace(self.merged, changes=changes)


def _row(line: int) -> int:
    return place_of(line)[1] if 0 < line < BEYOND else 0


def _same(finding: RowFinding) -> RowFinding:
    return finding


def draft(source: Path, now: Now, *, whole: bool = False, correct: bool = False, by_door: bool = False) -> Draft:
    """Read a file and compare it with what is stored.

    Args:
        source: a file or a folder of text files.
        now: what is stored.
        whole: the file is the whole truth, and what it lacks is removed.
        correct: a post of the file that overlaps one stored post of the same person, unit and post stands in for it.
        by_door: do not try the strict reader first.

    Raises:
        ModuongError: those of ``child.read`` and ``reading.read``; of the strict reader where the door cannot read it.
    """
    if not by_door:
        try:
            rows = exact.parse(source, now.offices)
        except ModuongError as error:
            if error.code in _EXACT_ALONE:
                raise
            try:
                book = child.read(source)
                return of_book(book, now, whole=whole, correct=correct)
            except ModuongError as other:
                raise (error if _is_worse(other, error) else other) from None
        if whole or not guards.wants_reading(rows, now.roster):
            return _drafted(rows, now, source.name, whole=whole, correct=correct)
    return of_book(child.read(source), now, whole=whole, correct=correct)


def _is_worse(door: ModuongError, exact_: ModuongError) -> bool:
    """Tell whether the strict reader's sentence helps more.

    About a workbook that is none, or a file that is missing.
    """
    return exact_.code in {"E-XLSX-1", "E-FILE-1"} or (
        door.code == "E-TABLE-5" and exact_.code in {"ROS-01", "E-CSV-1"}
    )


def book(path: Path) -> Book:
    """Read a file in the child process, for ``of_book``.

    Raises:
        ModuongError: those of ``child.read``.
    """
    return child.read(path)


def of_book(book: Book, now: Now, *, whole: bool = False, correct: bool = False, foresee: bool = True) -> Draft:
    """Compare a book that was read with what is stored, asking what only a person can decide.

    ``foresee``: also the questions to which the likely answers lead, not only those that are next.

    Raises:
        ModuongError: ``E-TABLE-5`` no sheet holds a list.
    """
    found = reading.read(book, now.kept)
    if found.questions and foresee:
        found = replace(found, questions=reading.ahead(book, now.kept))

    def place(finding: RowFinding) -> RowFinding:
        return reading.placed(book, finding)

    made = _drafted(found.rows, now, book.name, whole=whole, correct=correct, place=place)
    births, answers = {**now.births, **found.births}, {**now.answers, **found.answers}
    return replace(made, questions=found.questions, digest=book.digest, births=births, answers=answers)


def _drafted(rows: Parsed, now: Now, name: str, *, whole: bool, correct: bool, place: Place = _same) -> Draft:
    stored, corrections = now.roster, tuple[Change, ...]()
    if correct and stored:
        stored, corrections = edit.starts_of(stored, rows.posts)
    merged = roster_diff.merge(stored, rows, whole=whole)
    merged = replace(merged, changes=(*corrections, *merged.changes))
    lost = guards.losses(merged, now.roster)
    return Draft((), merged, rows.tables, lost, now.births, now.answers, now.version, now.roster, name, "", place)


def take(connection: Connection, made: Draft, by: str, at: datetime, typed: int | None) -> bool:
    """Store a draft in the caller's transaction; return whether anything changed.

    Raises:
        ModuongError: ``E-ROSTER-5`` the roster was changed since the draft was made; ``E-ROSTER-2`` many rows are lost
            and their number was not ``typed``; ``E-DOOR-1`` questions are open. Nothing is changed then.
    """
    if made.questions:
        raise open_questions(made.source, made.questions)
    if store.version(connection) != made.version:
        raise ModuongError(
            "E-ROSTER-5", _("Danh sách vừa được thay đổi ở nơi khác. Chưa ghi gì; hãy xem lại thay đổi rồi nạp lại.")
        )
    guards.refuse_losses(made.losses, typed)
    roster = made.settled()
    if roster == made.stored and dict(made.births) == versions.births(connection):
        return False
    versions.save(connection, roster, made.births, Cause("import", by, made.source, made.digest), at)
    return True


def open_questions(source: str, questions: Sequence[Question]) -> ModuongError:
    """Return the stop of an import that waits for a person."""
    plain = sum(bool(question.proposal) for question in questions)
    return ModuongError(
        "E-DOOR-1",
        _(
            "{source}: cần anh/chị xác nhận {count} điều trước khi nạp ({plain} điều đã có đề xuất). Chưa ghi gì "
            "vào danh sách.",
            source=source,
            count=len(questions),
            plain=plain,
        ),
    )
