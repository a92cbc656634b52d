"""Draws small random rosters and attempts full of faults and boundary cases, to compare completion with the oracle."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

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
)
from grader.roster.row_findings import RowFinding
from tests.support.union_builder import COURSE, course, write_csv

RULES: dict[str, Any] = yaml.load(COURSE, yaml.BaseLoader)  # all scalars strings
for _target in RULES["targets"].values():
    if isinstance(_target, dict):
        _target["goal"] = [int(number) for number in _target["goal"]]
COUNTING: dict[str, Any] = {
    **RULES, "targets": {n: {**t, "external": "counts"} if n != "set" else t for n, t in RULES["targets"].items()}
}  # fmt: skip
with TemporaryDirectory() as _folder:
    SYLLABUS = course(Path(_folder))
    SYLLABUS_COUNTING = course(Path(_folder), COURSE.replace("{track:", "{external: counts, track:"))

AS_OF = date(2026, 6, 30)
DAYS = [date(2026, 5, 31), date(2026, 6, 1), AS_OF, date(2026, 7, 1), date(2026, 10, 31)]
_STARTS = ["2015-01-01", "2025-12-31", "2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"]
_ENDS = ["", "", "", "", "2026-05-31", "2026-06-29", "2026-06-30", "2026-07-01", "2026-12-31"]
_KINDS = ["grassroots_union", "member_grassroots_union", "section_union", "union_group"]
_POSTS = ["chair", "vice_chair", "acting_chair", "comms_officer", "collaborator", "member"]
_TIMES = [
    "2023-12-28T23:59:59+07:00",
    "2023-12-28T17:00:00+00:00",
    "2026-03-01T08:00:00+07:00",
    "2026-06-01T00:10:00+07:00",
    "2026-06-30T23:50:00+07:00",
    "2026-06-30T16:59:59Z",
    "2026-06-30T17:10:00+00:00",
    "2026-07-01T00:00:00+09:00",
    "2026-05-31T23:59:59.999+07:00",
    "2026-06-30T16:50:00Z",
    "2026-07-01T00:10:00+07:00",
    "2026-06-30T12:49:59-04:10",
]
_BAD_TIMES = ["2026-06-30T10:00:00", "30/06/2026", "", "hôm qua"]
_SCORES = ["15", "15.00", "16", "16.0", "14.99", "20", "18", "19.5", "0", "12"]
_BAD_SCORES = ["", "-1", "1,5", "NaN", "1e1", "21", "abc"]
_BAD_DATES = ["2026-13-01", "31/02/2026", "2026-6-1", "hôm nay", "20260601", "1/6/2026"]

Row = dict[str, str]


@dataclass
class Files:
    """The rows of the files."""

    units: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    posts: list[Row] = field(default_factory=list)
    attempts: list[Row] = field(default_factory=list)
    external: list[Row] = field(default_factory=list)

    def _all(self) -> list[tuple[str, tuple[str, ...], list[Row]]]:
        return [
            (UNITS_FILE, UNIT_COLUMNS, self.units),
            (PEOPLE_FILE, PEOPLE_COLUMNS, self.people),
            (POSTS_FILE, POST_COLUMNS, self.posts),
            ("attempts.csv", ATTEMPT_COLUMNS, self.attempts),
            (EXTERNAL_FILE, EXTERNAL_COLUMNS, self.external),
        ]

    def write(self, folder: Path) -> None:
        """Write the files."""
        for name, columns, rows in self._all():
            write_csv(folder / name, columns, rows)

    def shuffle(self, rng: random.Random) -> None:
        """Put the rows of every file into another order."""
        for _, _, rows in self._all():
            rng.shuffle(rows)

    def written(self, finding: RowFinding) -> tuple[str, str, str]:
        """Return what a finding is about without its line: file, code, the row."""
        rows = {name: rows for name, _, rows in self._all()}[finding.file]
        return finding.file, finding.code, str(sorted(rows[finding.line - 2].items()))

    def add_trained_leader(self) -> None:
        """Add a new person, chair of a new union of a new corporation, with every module passed."""
        self.units.append({"unit_id": "CX", "name": "CX", "kind": "corporation", "start": "2015-01-01"})
        unit = {"unit_id": "GX", "name": "GX", "kind": "grassroots_union", "parent_id": "CX", "start": "2015-01-01"}
        self.units.append(unit)
        self.people.append({"person_id": "PX", "full_name": "Mới"})
        self.posts.append({"person_id": "PX", "unit_id": "GX", "post": "chair", "start": "2015-01-01"})
        self.attempts += [_attempt(f"X{m}", "PX", m, "18", _TIMES[2]) for m in RULES["modules"]]


def draw(rng: random.Random, *, conflicts: bool = True) -> Files:
    """Return a random union of two or three corporations; ``conflicts=False`` leaves out rows in conflict."""
    files = Files()
    trouble = rng.choice([0.1, 0.4, 1.0])
    _units(rng, files, trouble)
    _people(rng, files)
    _posts(rng, files)
    _attempts(rng, files)
    _external(rng, files, conflicts=conflicts)
    if conflicts:
        for rows in (files.units, files.people, files.posts, files.attempts):
            if rows and rng.random() < 0.4:
                rows.insert(rng.randrange(len(rows) + 1), dict(rng.choice(rows)))
    else:
        files.units = _first_of_each(files.units, "unit_id")
        files.people = _first_of_each(files.people, "person_id")
        files.posts = _first_of_each(files.posts, "person_id", "unit_id", "post")
        files.attempts = _first_of_each(files.attempts, "attempt_id")
    for rows in (files.units, files.people, files.posts):
        _dirty(rng, rows, 0.04 * trouble)
    return files


def _external(rng: random.Random, files: Files, *, conflicts: bool) -> None:
    """Add courses outside, of people who are there and of strangers, on days around the boundaries, some no days."""
    ids = [row["person_id"] for row in files.people] + ["KHONG-CO"] * conflicts
    days = ["2023-12-28", "2023-12-29", "2024-07-09", "2026-06-30", "2026-07-01", "09/07/2024", "31/02/2024"]
    for number in range(rng.randint(0, 2 * len(ids))):
        person = rng.choice(ids)
        person = person.lower() if rng.random() < 0.2 else person
        course = rng.choice(("Hội nghị", "Lớp", "")) if conflicts else f"Lớp {number}"
        files.external.append({"person_id": person, "course": course, "day": rng.choice(days), "organiser": "Hà Nội"})


def _first_of_each(rows: list[Row], *columns: str) -> list[Row]:
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault("|".join(row[column].lower() for column in columns), row)
    return list(first.values())


def _units(rng: random.Random, files: Files, trouble: float) -> None:
    def add(unit_id: str, kind: str, parent: str, **more: str) -> None:
        row = {"unit_id": unit_id, "name": f"Đơn vị {unit_id}", "kind": kind, "parent_id": parent, "successor_id": ""}
        files.units.append(row | {"start": "2015-01-01", "end": ""} | more)

    corporations = [f"C{n}" for n in range(rng.randint(2, 3))]
    below = [f"N{n}" for n in range(rng.randint(4, 9))]
    everything = ["U", *corporations, *below]
    add("U", "union", "")
    for unit in corporations:
        ended = rng.random() < 0.07 * trouble
        more = {"end": rng.choice(_ENDS[4:]), "successor_id": rng.choice(corporations)} if ended else {}
        if rng.random() < 0.06 * trouble:  # two periods, the first as something else
            kind, parent = rng.choice(["corporation", "grassroots_union", "union"]), rng.choice(["U", ""])
            add(unit, kind, parent, end="2026-05-30", successor_id=rng.choice(["", *below]))
            more = {"start": rng.choice(["2026-05-31", "2026-06-30", "2026-07-01"])}
        add(unit, "corporation", "U" if rng.random() < 0.9 else "", **more)
    for number, unit in enumerate(below):
        parents = [*corporations, *corporations, "U", "U", *below[:number]]
        parent = rng.choice([*everything, "KHONG"]) if rng.random() < 0.04 * trouble else rng.choice(parents)
        more = {"start": rng.choice(["2015-01-01", "2015-01-01", *_STARTS[:4]])}
        chance = rng.random() / trouble
        if chance < 0.2:
            more |= {"end": rng.choice(_ENDS[4:]), "successor_id": rng.choice([*everything, *below])}
        elif chance < 0.23:
            more["successor_id"] = rng.choice([*below, "KHONG"])
        elif chance < 0.4:
            successor = rng.choice(["", "", "", rng.choice(below)])
            first = {"start": "2015-01-01", "end": "2026-05-30", "successor_id": successor}
            add(unit, rng.choice(_KINDS), rng.choice(parents), **first)
            more["start"] = rng.choice(["2026-05-31", "2026-06-15", "2026-07-01", "2026-05-31", "2026-05-30"])
        if rng.random() < 0.02 * trouble:
            parent = parent.swapcase()
        add(unit, rng.choice([*_KINDS, "grassroots_union"]), parent, **more)


def _people(rng: random.Random, files: Files) -> None:
    ids = [f"P{n}" for n in range(rng.randint(6, 14))]
    chained = rng.random() < 0.15
    for person in ids:
        same_as = rng.choice(ids) if rng.random() < 0.12 else ""
        if chained and rng.random() < 0.6:  # a chain of merges: each id into the one before
            same_as = ids[max(0, ids.index(person) - 1)] if person != ids[0] else ""
        name = rng.choice(["Nguyễn Văn Mẫu", "Trần Thị Mẫu", person])
        is_test = rng.choice(["", "", "", "", "", "", "0", "x", "true", "1", "Yes"])
        row = {"person_id": person.lower() if rng.random() < 0.1 else person, "full_name": name, "email": ""}
        same_as = "KHONG" if rng.random() < 0.02 else _other_case(rng, same_as)
        files.people.append(row | {"is_test": is_test, "same_as": same_as})


def _other_case(rng: random.Random, identifier: str, share: float = 0.05) -> str:
    return identifier.swapcase() if rng.random() < share else identifier


def _posts(rng: random.Random, files: Files) -> None:
    units = [row["unit_id"] for row in files.units if row["kind"] not in {"union", "corporation"}]
    people = [row["person_id"] for row in files.people]
    for _ in range(rng.randint(10, 40)):
        person = rng.choice(people) if rng.random() < 0.97 else "KHONG"
        unit = rng.choice(units) if rng.random() < 0.95 else rng.choice(["U", "C0", "KHONG"])
        row = {"person_id": _other_case(rng, person), "unit_id": _other_case(rng, unit, 0.01)}
        row |= {
            "post": rng.choice(_POSTS[:4] if rng.random() < 0.9 else _POSTS),
            "decision_no": rng.choice(["", "QĐ-1"]),
        }
        start, end = rng.choice(["2015-01-01", *_STARTS]), rng.choice(["", "", *_ENDS])
        files.posts.append(row | {"start": start, "end": end if end >= start or rng.random() < 0.1 else ""})


def _attempt(attempt_id: str, person: str, module: str, score: str, when: str) -> Row:
    return {
        "attempt_id": attempt_id,
        "person_id": person,
        "module_id": module,
        "submitted_at": when,
        "score": score,
        "max_score": "20",
        "critical_met": "true",
        "component_met": "",
        "status": "graded",
        "graded_at": "",
        "course_version": "1.0.0",
    }


def _attempts(rng: random.Random, files: Files) -> None:
    people = [row["person_id"] for row in files.people]
    diligent = {person for person in people if rng.random() < 0.8}
    number = 0
    for person in people:
        for module in RULES["modules"]:
            for _ in range(rng.randint(1, 3) if person in diligent else rng.randint(0, 1)):
                number += 1
                row = _attempt(f"A{number}", person, module, rng.choice(_SCORES[:8]), rng.choice(_TIMES))
                row["person_id"] = _other_case(rng, person, 0.1)
                if rng.random() < 0.25:
                    row |= _twist(rng)
                files.attempts.append(row)


def _twist(rng: random.Random) -> Row:
    """Return a change of one attempt: another result, or something wrong."""
    return rng.choice(
        [
            {"score": rng.choice(_SCORES)},
            {
                "max_score": rng.choice(["18", "18.5", "20.0", "16"]),
                "score": rng.choice(["12", "13.5", "13.87", "13.88"]),
            },
            {"critical_met": rng.choice(["false", "", "true", "1"])},
            {"component_met": rng.choice(["false", "true", "không"])},
            {"status": rng.choice(["pending_manual", "unreadable", "void", "đạt"]), "score": rng.choice(["", "18"])},
            {"score": rng.choice(_BAD_SCORES)},
            {"max_score": rng.choice(["", "0", "-20", "x"])},
            {"submitted_at": rng.choice(_BAD_TIMES)},
            {"graded_at": rng.choice(["2026-07-05T10:00:00+07:00", "2026-07-05"])},
            {"person_id": rng.choice(["KHONG", ""])},
            {"module_id": rng.choice(["M99", ""])},
            {"attempt_id": ""},
        ]
    )


def _dirty(rng: random.Random, rows: list[Row], share: float) -> None:
    """Plant a fault or something to repair in a few rows."""
    for row in rows:
        if rng.random() > share:
            continue
        column = rng.choice([c for c in row if c not in {"email", "decision_no", "is_test"}])
        if column in {"start", "end"}:
            day = row[column] or "2026-06-30"
            row[column] = rng.choice([*_BAD_DATES, "2014-01-01", "/".join(reversed(day.split("-")))])
        else:
            changes = ["", f" {row[column]}\u00a0", unicodedata.normalize("NFD", row[column]), "KHONG"]
            row[column] = rng.choice(changes)
