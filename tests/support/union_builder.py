"""A small union to count in: adds units, people, posts and attempts one by one, and writes them as CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy.engine import Engine

from grader.completion import attempts
from grader.completion import count as completion
from grader.completion.progress import reduce_attempts
from grader.completion.records import Completion, TargetResult
from grader.gradebook import results
from grader.ground import database, syllabus
from grader.roster import read as roster
from grader.roster import store as roster_store
from grader.roster.records import (
    ATTEMPT_COLUMNS,
    EXTERNAL_COLUMNS,
    EXTERNAL_FILE,
    PEOPLE_COLUMNS,
    PEOPLE_FILE,
    POST_COLUMNS,
    POSTS_FILE,
    UNIT_COLUMNS,
    UNITS_FILE,
    Attempts,
    Roster,
)
from grader.roster.row_findings import RowFinding

ICT = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 1, 8, tzinfo=ICT)
T = "2026-10-31"

COURSE = """
course: {id: thu, version: "1.0.0", time_zone: Asia/Ho_Chi_Minh}
modules:
  M01: {title: Một, part: 1, points: 20, pass_mark: 15}
  M07: {title: Bảy, part: 2, points: 20, pass_mark: 16}
  M09: {title: Chín, part: 3, points: 20, pass_mark: 15}
tracks: {leader: [M01, M07], officer: [M01, M07, M09]}
attempts: {limit: 3, wait_hours: 12}
targets:
  set: THU-2026
  CT70: {track: leader, goal: [7, 10], by: 2028-12-31, counts_from: 2023-12-29,
         posts: [chair, vice_chair, acting_chair], under: corporation,
         unit_kinds: [grassroots_union, member_grassroots_union, section_union]}
  CT100B: {track: officer, goal: [1, 1], by: 2028-12-31, counts_from: 2023-12-29, posts: [comms_officer],
           unit_kinds: [grassroots_union], under: union}
indicators:
  CT95:
    title:
      vi: "Đoàn viên, người lao động được tiếp cận thông tin chủ trương, nghị quyết, chính sách, pháp luật lao động"
      en: Members and workers reached by information on policy, labour law and the union
    unit: {vi: "đoàn viên, người lao động", en: members and workers}
    goal: [19, 20]
    counts_from: 2023-12-29
  CT100A:
    title:
      vi: "Cán bộ, đoàn viên, người lao động tuân thủ quy định về truyền thông, cung cấp thông tin báo chí"
      en: Cadres, members and workers who keep the rules on communication and the press
    unit: {vi: "cán bộ, đoàn viên, người lao động", en: "cadres, members and workers"}
    goal: [1, 1]
    counts_from: 2023-12-29
  CT50:
    title:
      vi: "Sản phẩm truyền thông trên nền tảng số trong tổng số sản phẩm truyền thông của các cấp công đoàn"
      en: Digital products among all media products of the union
    unit: {vi: sản phẩm truyền thông, en: media products}
    goal: [1, 2]
    counts_from: 2023-12-29
    by: 2028-12-31
"""
LEADER_TRACK = ("M01", "M07")


def course(folder: Path, text: str = COURSE) -> syllabus.Syllabus:
    """Load a course from its text."""
    path = folder / "course.yaml"
    path.write_text(text, encoding="utf-8")
    return syllabus.load(path)


class Union:
    """Corporations C1 (grassroots union G1, its section B1) and C2 (G2), attached union A1; nobody in office."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.syllabus = course(folder)
        self.units: list[dict[str, str]] = []
        self.people: list[dict[str, str]] = []
        self.posts: list[dict[str, str]] = []
        self.attempts: list[dict[str, str]] = []
        self.external: list[dict[str, str]] = []
        self.unit("U", "union", "")
        self.unit("C1", "corporation", "U")
        self.unit("C2", "corporation", "U")
        self.unit("G1", "grassroots_union", "C1")
        self.unit("B1", "section_union", "G1")
        self.unit("G2", "grassroots_union", "C2")
        self.unit("A1", "grassroots_union", "U")

    def unit(self, unit_id: str, kind: str, parent: str, start: str = "2015-01-01", **more: str) -> None:
        """Add one period of a unit; ``more`` may give end, successor_id, name."""
        row = {"unit_id": unit_id, "name": unit_id, "kind": kind, "parent_id": parent, "start": start}
        self.units.append(row | more)

    def change_unit(self, unit_id: str, **fields: str) -> None:
        """Change the last row of a unit."""
        next(row for row in reversed(self.units) if row["unit_id"] == unit_id).update(fields)

    def person(self, person_id: str, **fields: str) -> None:
        """Add a person; ``fields`` may give full_name, is_test, same_as."""
        self.people.append({"person_id": person_id, "full_name": f"Người {person_id}"} | fields)

    def post(self, person_id: str, unit_id: str, post: str = "chair", start: str = "2025-10-01", **more: str) -> None:
        """Put somebody, added before or not, into office; ``more`` may give end and decision_no."""
        if person_id not in {row["person_id"] for row in self.people}:
            self.person(person_id)
        row = {"person_id": person_id, "unit_id": unit_id, "post": post, "start": start, "decision_no": "QĐ-1"}
        self.posts.append(row | more)

    def attempt(
        self, person_id: str, module: str, score: str, at: str = "2026-03-01T10:00:00+07:00", **more: str
    ) -> None:
        """Add a graded attempt out of 20 points; ``more`` changes any column."""
        row = {
            "attempt_id": f"A{len(self.attempts) + 1}",
            "person_id": person_id,
            "module_id": module,
            "submitted_at": at,
            "score": score,
            "max_score": "20",
            "critical_met": "true",
            "status": "graded",
        }
        self.attempts.append(row | more)

    def train(
        self, person_id: str, at: str = "2026-03-01T10:00:00+07:00", modules: Iterable[str] = LEADER_TRACK
    ) -> None:
        """Let somebody pass the modules of the leader track."""
        for module in modules:
            self.attempt(person_id, module, "18", at)

    def outside(self, person_id: str, day: str = "2024-07-09", course: str = "Hội nghị", **more: str) -> None:
        """Let somebody take a course outside; ``more`` may give organiser and evidence."""
        self.external.append({"person_id": person_id, "course": course, "day": day} | more)

    def write(self) -> None:
        """Write the files; that of courses outside only where there are any."""
        if self.external:
            write_csv(self.folder / EXTERNAL_FILE, EXTERNAL_COLUMNS, self.external)
        for name, columns, rows in (
            (UNITS_FILE, UNIT_COLUMNS, self.units),
            (PEOPLE_FILE, PEOPLE_COLUMNS, self.people),
            (POSTS_FILE, POST_COLUMNS, self.posts),
            ("attempts.csv", ATTEMPT_COLUMNS, self.attempts),
        ):
            write_csv(self.folder / name, columns, rows)

    def workbook(self, path: Path) -> Path:
        """Write the roster as one workbook, every cell as it was given, and return its path."""
        options = {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False}
        with xlsxwriter.Workbook(str(path), options) as book:
            for name, columns, rows in (
                ("units", UNIT_COLUMNS, self.units),
                ("people", PEOPLE_COLUMNS, self.people),
                ("posts", POST_COLUMNS, self.posts),
            ):
                sheet = book.add_worksheet(name)
                sheet.write_row(0, 0, columns)
                for number, row in enumerate(rows, 1):
                    sheet.write_row(number, 0, [row.get(column) for column in columns])
        return path

    def roster(self) -> Roster:
        """Write the files and read the roster."""
        self.write()
        return roster.read(self.folder)

    def completion(self, as_of: str = T, now: datetime = NOW) -> Completion:
        """Write everything, read it, and count as of a day."""
        people = self.roster()
        handed_in = attempts.read(self.folder / "attempts.csv", people, self.syllabus)
        return counted(self.syllabus, people, handed_in, date.fromisoformat(as_of), now)

    def ct70(self, as_of: str = T) -> TargetResult:
        """Return the leaders' target."""
        return self.completion(as_of).targets[0]

    def of(self, as_of: str = T) -> tuple[int, int]:
        """Return numerator and denominator of the leaders' target."""
        rate = self.ct70(as_of).rate
        return rate.numerator, rate.denominator


def counted(rules: syllabus.Syllabus, people: Roster, handed_in: Attempts, as_of: date, now: datetime) -> Completion:
    """Count as of a day from attempts as read, as every command does."""
    completion.refuse_day(rules, as_of, now)
    return completion.decide(rules, people, reduce_attempts(rules, handed_in), as_of, now)


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows given as dictionaries; a column without a value stays empty."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)


def codes(findings: Iterable[RowFinding]) -> list[tuple[str, int, str]]:
    """Return file, line and code of each finding."""
    return [(finding.file, finding.line, finding.code) for finding in findings]


def nine_corporations(folder: Path, units: int = 12) -> Union:
    """Nine corporations' worth of units with six leaders each; every unit has one section with one more."""
    union = Union(folder)
    union.change_unit("A1", name="CĐCS Đường dây Mẫu")
    union.units[0]["name"] = "Công đoàn Điện lực Việt Nam"
    corporations = ["C1", "C2", *(f"C{n}" for n in range(3, 10))]
    for corporation in corporations[2:]:
        union.unit(corporation, "corporation", "U")
    for number in range(units):
        unit = f"{corporations[number % 9]}-{number:04}"
        union.unit(
            unit, "grassroots_union", corporations[number % 9], name=f"CĐCS Công ty Điện lực Mẫu {number} – EVNGENCO1"
        )
        union.unit(f"{unit}-B1", "section_union", unit, name=f"CĐBP Phân xưởng Mẫu {number}")
        for seat in range(7):
            person = f"P{number}-{seat}"
            union.people.append({"person_id": person, "full_name": f"Người {person}"})
            union.posts.append(
                {
                    "person_id": person,
                    "unit_id": unit if seat else f"{unit}-B1",
                    "post": "vice_chair" if seat > 1 else "chair",
                    "start": "2025-10-01",
                }
            )
            if seat < number % 8:
                for module in ("M01", "M07"):
                    union.attempt(person, module, "18", f"2026-{1 + number % 9:02}-10T10:00:00+07:00")
    for number in range(6):
        union.post(f"K{number}", "A1", "comms_officer")
    return union


def store(union: Union, engine: Engine) -> None:
    """Put the union's roster and attempts into a workspace's database, as import, collect and grade leave them."""
    taken, found = [], []
    for row in union.attempts:
        marked = row["status"] == "graded"
        names = ("attempt_id", "person_id", "module_id", "submitted_at")
        blank = dict.fromkeys(("claimed_at", "content_hash", "answers", "code", "reason"), "")
        taken.append(
            {
                **{n: row[n] for n in names},
                **blank,
                "number": 1,
                "received_from": row["attempt_id"],
                "identity": "claimed",
                "state": "accepted",
                "simulated": True,
            }
        )
        score = Decimal(row["score"]) if marked else None
        found.append(
            results.Result(
                row["attempt_id"],
                "grade",
                row["status"],
                score,
                Decimal(20),
                True if marked else None,
                None,
                (),
                "",
                "1.0.0",
            )
        )
    with database.writing(engine) as connection:
        roster_store.save(connection, union.roster())
        database.insert_many(connection, database.attempts, taken)
        results.append(connection, found, NOW)
