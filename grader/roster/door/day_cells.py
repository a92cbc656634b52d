"""The days of a list: plain ones are read; doubtful ones, and columns that contradict themselves, are questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from course.words import _
from grader.roster.door.asked import NO, SKIP, SKIPPED, YES, Asking, Option, Question
from grader.roster.door.records import Record, Table, place_of
from grader.roster.match import days, words
from grader.roster.row_findings import RowFinding
from grader.roster.tables.grid import Cell

_DAY_FIRST, _MONTH_FIRST = "day", "month"


class Days:
    """Reads the cells of start and end of one list; the day for rows without a start is asked for once."""

    def __init__(self, asking: Asking, tables: Sequence[Table]) -> None:
        self._asking = asking
        self._doubted: dict[tuple[int, str], tuple[bool, bool]] = {}
        self.notes: list[RowFinding] = []
        for table in tables:
            for field in ("start", "end"):
                cells = [cell for record in table.records if (cell := record.cells.get(field))]
                if cells:
                    number = place_of(table.records[0].line)[0]
                    self._doubted[number, field] = (days.orders(cells)[1], days.turned(cells))

    def period(self, record: Record, field: str) -> str | None:
        """Return a day as ``YYYY-MM-DD``; empty for an open end; ``None`` while it is a question.

        A text that is no day at all is returned as it is: the rules reject the row (ROS-02).
        """
        cell = record.cells.get(field)
        if field == "end" and (cell is None or words.still(cell.text)):
            return ""
        if cell is None or (field == "start" and words.still(cell.text)):
            return self.given()
        mixed, turned = self._doubted.get((place_of(record.line)[0], field), (False, False))
        found = days.read(cell)
        if found.day is not None and turned and cell.kind == "day":
            return self._turned(field, found.day)
        other = days.month_first(cell.text) if mixed and not cell.kind else None
        if found.day is not None and other and other != found.day:
            return self._order(field, cell, found.day, other)
        if found.day is not None:
            return found.day.isoformat()
        return self._doubtful(cell, found.could_be) if found.could_be else cell.text.strip() or self.given()

    def held(self, record: Record, titles: Sequence[str]) -> str | None:
        """Return the day of a course outside, ``None`` while it is a question; given once where no row has one."""
        cell = record.cells.get("day")
        if cell is None:
            told = list(dict.fromkeys(day for title in titles for day in days.within(title)))
            given = self._asking.ask(
                Question(
                    "held:list",
                    _("Danh sách không ghi ngày học. Khóa học, hội nghị này vào ngày nào?"),
                    tuple(Option(day.isoformat(), f"{day:%d/%m/%Y}") for day in told),
                    told[0].isoformat() if len(told) == 1 else "",
                    typed="day",
                )
            )
            return days.read(Cell(given)).day.isoformat() if given else None  # type: ignore[union-attr]  # it is one
        found = days.read(cell)
        if found.day is not None:
            return found.day.isoformat()
        return self._doubtful(cell, found.could_be) if found.could_be else cell.text.strip()

    def given(self) -> str | None:
        """Return the start for rows that have none."""
        answer = self._asking.ask(
            Question(
                "start:list",
                _(
                    "Danh sách không ghi ngày bắt đầu giữ chức. Tính những người mới từ ngày nào? (ví dụ ngày "
                    "đại hội hoặc ngày công nhận)"
                ),
                typed="day",
            )
        )
        return days.read(Cell(answer)).day.isoformat() if answer else None  # type: ignore[union-attr]  # it is a day

    def first(self, rows: Iterable[tuple[int, tuple[str, ...]]]) -> str:
        """Return the first day that the rows name, for units that nobody dates; the day of the list where none does."""
        # Of units, of posts
        starts = [values[4] if len(values) > 6 else values[3] for _, values in rows]  # noqa: PLR2004
        known = [start for start in starts if start and days.read(Cell(start)).day]
        given = self._asking.answers.get("start:list")
        if given and (day := days.read(Cell(given)).day):
            known.append(day.isoformat())
        return min(known, default="")

    def _doubtful(self, cell: Cell, likely: date) -> str | None:
        answer = self._asking.ask(
            Question(
                f"day:{cell.text.strip()}",
                _("«{value}» là ngày nào?", value=cell.text.strip()),
                (Option(likely.isoformat(), f"{likely:%d/%m/%Y}"), SKIPPED),
                typed="day",
            )
        )
        return self._answered(answer)

    def _order(self, field: str, cell: Cell, day_first: date, month_first: date) -> str | None:
        answer = self._asking.ask(
            Question(
                f"order:{field}",
                _(
                    "Trong cột ngày có ô viết ngày trước, có ô viết tháng trước. Những ô đọc được cả hai cách "
                    "(ví dụ «{value}») đọc theo cách nào?",
                    value=cell.text.strip(),
                ),
                (
                    Option(_DAY_FIRST, _("ngày trước: {day}", day=f"{day_first:%d/%m/%Y}")),
                    Option(_MONTH_FIRST, _("tháng trước: {day}", day=f"{month_first:%d/%m/%Y}")),
                    SKIPPED,
                ),
            )
        )
        chosen = {_DAY_FIRST: day_first, _MONTH_FIRST: month_first}.get(answer or "")
        return chosen.isoformat() if chosen else self._answered(answer)

    def _turned(self, field: str, day: date) -> str | None:
        swapped = date(day.year, day.day, day.month)
        if swapped == day:
            return day.isoformat()
        answer = self._asking.ask(
            Question(
                f"swap:{field}",
                _(
                    "Cột ngày có vẻ đã bị bảng tính đảo ngày và tháng (ô {day} có thể là {swapped}). Có đảo lại "
                    "những ô ấy không?",
                    day=f"{day:%d/%m/%Y}",
                    swapped=f"{swapped:%d/%m/%Y}",
                ),
                (
                    Option(YES, _("có, đảo lại: {day}", day=f"{swapped:%d/%m/%Y}")),
                    Option(NO, _("không, đúng như hiện: {day}", day=f"{day:%d/%m/%Y}")),
                ),
            )
        )
        return None if answer is None else (swapped if answer == YES else day).isoformat()

    @staticmethod
    def _answered(answer: str | None) -> str | None:
        if answer is None or answer == SKIP:
            return None
        found = days.read(Cell(answer)).day
        return found.isoformat() if found else None
