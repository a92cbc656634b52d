"""Step 4: the posts of a list: who, where, as what, from when; what the list does not say stays as it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from course.words import _
from grader.roster.door.asked import NO, SKIP, SKIPPED, YES, Asking, Option, Question
from grader.roster.door.day_cells import Days
from grader.roster.door.mentions import Mention, Stored
from grader.roster.door.records import Record, Table
from grader.roster.door.unit_rows import Units
from grader.roster.match import days, names
from grader.roster.records import OPEN, Post
from grader.roster.row_findings import RowFinding


class Posts:
    """Reads who is named in each row and which post the row gives; ``rejected`` lists the rows that say too little."""

    def __init__(self, asking: Asking, units: Units, dates: Days, stored: Stored) -> None:
        self._asking, self._units, self._dates, self._stored = asking, units, dates, stored
        self._seats: dict[int, tuple[str, str]] = {}
        self.rejected: list[RowFinding] = []

    def name(self, record: Record) -> str:
        """Return the name that a row gives, from one column or two."""
        whole = record.text("full_name")
        return names.clean(whole) if whole else names.full(record.text("family"), record.text("given"))

    def mentions(self, table: Table) -> Iterator[Mention]:
        """Yield who each row names; rows whose unit or post is a question or left out are passed over."""
        if table.role in {"units", "external"}:
            return
        above = ""
        for record in table.records:
            unit_id, post = "", ""
            if table.role == "posts":
                written: str | None = record.text("unit_id") or record.text("unit") or record.section
                if not written and above and record.text("post"):
                    written = self._filled(above)
                if written is None or not self._seated(record, written):
                    above = written or above
                    continue
                above = written
                unit_id, post = self._seats[record.line]
            name = self.name(record)
            if not name and not record.text("person_id"):
                self.rejected.append(RowFinding(table.role, record.line, "ROS-01", ("full_name",)))
                continue
            birth = days.birth(record.cells["birth"]) if "birth" in record.cells else ""
            yield Mention(record.line, record.text("person_id"), name, birth, unit_id, post, record.again)

    def _filled(self, above: str) -> str | None:
        answer = self._asking.ask(
            Question(
                "fill:unit",
                _(
                    "Có dòng để trống cột đơn vị, bên dưới dòng ghi «{above}». Những dòng ấy có cùng đơn vị với "
                    "dòng trên không?",
                    above=above,
                ),
                (Option(YES, _("có, cùng đơn vị với dòng trên")), Option(NO, _("không, đó là dòng thiếu"))),
            )
        )
        return above if answer == YES else "" if answer == NO else None

    def _seated(self, record: Record, written: str) -> bool:
        """Settle unit and post of a row; tell whether both are known."""
        if not written:
            self.rejected.append(RowFinding("posts", record.line, "ROS-01", ("unit_id",)))
            return False
        post = self._post(record)
        unit_id = self._units.find(record, written, record.text("parent_id"))
        if SKIP in {post, unit_id} or unit_id == "":
            self.rejected.append(
                RowFinding("posts", record.line, "ROS-11", (written if unit_id == "" else record.text("post"),))
            )
            return False
        if not unit_id or not post:
            return False
        self._seats[record.line] = (unit_id, post)
        return True

    def _post(self, record: Record) -> str | None:
        written = record.text("post")
        if not written:
            self.rejected.append(RowFinding("posts", record.line, "ROS-01", ("post",)))
            return None
        known = self._units.words.post(written)
        if known:
            return known
        options = tuple(Option(one, term.label("vi")) for one, term in self._units.words.offices.posts.items())
        return self._asking.ask(
            Question(
                f"post:{' '.join(written.casefold().split())}",
                _("Chức vụ «{written}» tính là chức vụ nào?", written=written),
                (*options, SKIPPED),
            )
        )

    def rows(self, table: Table, people: Mapping[int, str | None]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (line, values in the order of ``posts.csv``) of the rows whose person, unit and post are known."""
        for record in table.records if table.role == "posts" else ():
            seat, person = self._seats.get(record.line), people.get(record.line)
            if seat is None or not person:
                if seat is not None and person == "":
                    self.rejected.append(RowFinding("posts", record.line, "ROS-11", (self.name(record),)))
                continue
            unit_id, post = seat
            before = self._open(person, unit_id, post)
            if "start" in record.cells:
                start = self._dates.period(record, "start")
            else:
                start = before.start.isoformat() if before else self._dates.given()
            end = self._dates.period(record, "end")
            if start is None or end is None:
                continue
            if before and before.start.isoformat() == start:
                end = end or ("" if "end" in table.fields or before.end == OPEN else before.end.isoformat())
            decision = record.text("decision_no") or (
                before.decision_no if before and "decision_no" not in table.fields else ""
            )
            yield record.line, (person, unit_id, post, start, end, decision)

    def _open(self, person: str, unit_id: str, post: str) -> Post | None:
        """Return the stored post that a row without a start means: the open one, else the last."""
        held = [one for one in self._stored.posts.get(person, ()) if (one.unit_id, one.post) == (unit_id, post)]
        return max(held, key=lambda one: (one.end, one.start), default=None)
