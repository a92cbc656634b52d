"""Courses that people took outside: who of the roster each row means; nobody is new by such a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from course.words import _
from grader.roster.door.asked import NO, SKIP, SKIPPED, YES, Asking, Option, Question, choose
from grader.roster.door.day_cells import Days
from grader.roster.door.mentions import Mention, Stored
from grader.roster.door.person_rows import match
from grader.roster.door.records import Record, Table, place_of
from grader.roster.door.unit_rows import Units
from grader.roster.match import days, names
from grader.roster.row_findings import RowFinding

_MOST_SHOWN = 8
Row = tuple[int, tuple[str, ...]]


class Known(NamedTuple):
    """Who is in the roster once the list is taken: those who are stored, and those whom its other sheets add.

    ``there`` gives by name the ids that other rows of the same file have.
    """

    stored: Stored
    there: Mapping[str, Sequence[str]]


class External:
    """Reads the rows of courses outside; ``rejected`` lists those of people who are not in the roster."""

    def __init__(self, asking: Asking, units: Units, dates: Days, known: Known) -> None:
        self._asking, self._units, self._dates, self._known = asking, units, dates, known
        self.rejected: list[RowFinding] = []

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield (line, values in the order of ``external.csv``) of the rows whose person, course and day are known."""
        found = [self._named(record) for record in table.records]
        alone = [one for one in found if self._alone(one)]
        together = self._together(alone) if alone else None
        for record, one in zip(table.records, found, strict=True):
            person = self._person(one, alone=one in alone, together=together)
            if person == "":
                kind = "ROS-16" if self._nobody(one) else "ROS-11"
                self.rejected.append(RowFinding("external", one.line, kind, (one.name or one.person_id,)))
                continue
            course = record.text("course") or ("" if "course" in table.fields else self._course(table))
            day = self._dates.held(record, table.titles)
            if not person or not course or day is None:
                if person and course == "":
                    self.rejected.append(RowFinding("external", one.line, "ROS-01", ("course",)))
                continue
            yield one.line, (person, course, day, record.text("organiser"), record.text("evidence"))

    def _course(self, table: Table) -> str | None:
        """Return what the course of a list without such a column was called."""
        title = max(table.titles, key=len, default="")
        return self._asking.ask(
            Question(
                "course:list",
                _("Danh sách không ghi tên khóa học. Đó là khóa học, hội nghị nào?"),
                choose([(title, title)] if title else []),
                title,
                typed="text",
            )
        )

    def _named(self, record: Record) -> Mention:
        written = record.text("unit_id") or record.text("unit") or record.section
        whole = record.text("full_name")
        name = names.clean(whole) if whole else names.full(record.text("family"), record.text("given"))
        birth = days.birth(record.cells["birth"]) if "birth" in record.cells else ""
        unit_id = self._units.known_as(written) if written else ""
        return Mention(record.line, record.text("person_id"), name, birth, unit_id, "", again=False)

    def _namesakes(self, one: Mention) -> list[str]:
        """Return the ids of everybody of that name whose birth date does not say otherwise."""
        stored = self._known.stored
        key = names.key(one.name)
        fit = [i for i in stored.by_name.get(key, ()) if days.agree(one.birth, stored.births.get(i, ""))]
        return [*fit, *(i for i in self._known.there.get(key, ()) if i not in fit)]

    def _nobody(self, one: Mention) -> bool:
        return not one.person_id and not self._namesakes(one)

    def _alone(self, one: Mention) -> bool:
        """Tell whether only the name says who it is: one person has it, and no unit or birth date agrees."""
        return not one.person_id and len(self._namesakes(one)) == 1 and not self._plain(one)

    def _plain(self, one: Mention) -> str:
        return match([one], self._known.stored).person_id

    def _person(self, one: Mention, *, alone: bool, together: str | None) -> str | None:
        """Return the id; empty for a row to leave out, ``None`` while it is a question."""
        if one.person_id:
            return one.person_id
        fit = self._namesakes(one)
        if not fit:
            return ""
        if alone:
            return {YES: fit[0], NO: ""}.get(together or "")
        choice = match([one], self._known.stored)
        return choice.person_id if choice.person_id and not choice.others else self._asked(one, fit)

    def _together(self, alone: Sequence[Mention]) -> str | None:
        shown = ", ".join(f"«{one.name}»" for one in alone[:_MOST_SHOWN])
        return self._asking.ask(
            Question(
                "outside:names",
                _(
                    "{count} dòng chỉ có họ tên là khớp ({shown}), mỗi họ tên có đúng một người trong danh sách cán "
                    "bộ. Có phải là những người ấy không?",
                    count=len(alone),
                    shown=shown,
                ),
                (Option(YES, _("đúng, là những người ấy")), Option(NO, _("không: bỏ qua các dòng này"))),
                YES,
                rows=len(alone),
            )
        )

    def _asked(self, one: Mention, fit: Sequence[str]) -> str | None:
        units = {unit_id: name for unit_id, name, _kind in self._units.known}
        said = _("Dòng {line}: «{name}» đã học khóa này là người nào?", line=place_of(one.line)[1], name=one.name)
        options = choose([(i, self._known.stored.said(i, units)) for i in fit[:_MOST_SHOWN]], SKIPPED)
        answer = self._asking.ask(
            Question(f"outside:{names.key(one.name)}|{one.birth}|{one.unit_id}", said, options, also=fit)
        )
        return "" if answer == SKIP else answer
