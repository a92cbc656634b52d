"""The synthetic roster: same bytes for the same seed, every planted fault found, the outcome that the demo needs."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from grader.completion import attempts, attempts_sample
from grader.completion.records import TargetResult
from grader.ground.errors import ModuongError
from grader.roster import read as roster
from grader.roster.records import Attempts
from grader.roster.sample import files as roster_sample
from grader.roster.sample.people import AS_OF, NOBODY_TRAINED, TRAINED
from tests.support.union_builder import COURSE, NOW, codes, counted, course

NOT_ROWS = {"ROS-W13", "ATT-W01", "ATT-W02"}  # said of a target, not of a planted fault


def ct70(folder: Path, *, with_attempts: bool) -> TargetResult:
    """Count a sample, with its simulated attempts or without any."""
    syllabus = course(folder, COURSE.replace("officer: [M01, M07, M09]}", "officer: [M01], collaborator: [M01]}"))
    people = roster.read(folder)
    handed_in = Attempts(())
    if with_attempts:
        attempts_sample.write(folder, syllabus, 1)
        handed_in = attempts.read(folder / "attempts.csv", people, syllabus)
        assert (handed_in.rejected, handed_in.warnings) == ((), ())
    return counted(syllabus, people, handed_in, AS_OF, NOW).targets[0]


def test_same_seed_same_bytes_another_seed_another_roster(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        roster_sample.write(tmp_path / name, "demo", seed)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == ["expected_findings.json", "learners.csv", "people.csv", "posts.csv", "units.csv"]
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a" / "posts.csv").read_bytes() != (tmp_path / "c" / "posts.csv").read_bytes()


def test_the_workbook_holds_the_same_rows_and_faults_as_the_files(tmp_path: Path) -> None:
    roster_sample.write(tmp_path, "demo", 3, workbook=True)
    files, book = roster.read(tmp_path), roster.read(tmp_path / "danh-sach.xlsx")
    assert (book.units, book.people, book.posts) == (files.units, files.people, files.posts)
    found = [
        (file.rpartition("!")[2] + ".csv", line, code) for file, line, code in codes([*book.rejected, *book.warnings])
    ]
    assert sorted(found) == sorted(codes([*files.rejected, *files.warnings]))
    assert len(files.rejected) > 5


@pytest.mark.parametrize(("size", "seed"), [("demo", 1), ("demo", 2), ("full", 1)])
def test_every_planted_fault_is_found_and_nothing_else(tmp_path: Path, size: str, seed: int) -> None:
    roster_sample.write(tmp_path, size, seed)
    syllabus = course(tmp_path)
    result = counted(syllabus, roster.read(tmp_path), Attempts(()), AS_OF, NOW)
    found = [row for row in codes([*result.rejected_rows, *result.warnings]) if row[2] not in NOT_ROWS]
    expected = json.loads((tmp_path / "expected_findings.json").read_text(encoding="utf-8"))
    assert sorted(found) == sorted((row["file"], row["line"], row["code"]) for row in expected)
    assert Counter(row["code"] for row in expected) == {
        "ROS-W03": 2,
        "ROS-W02": 3,
        "ROS-W04": 2,
        "ROS-03": 1,
        "ROS-04": 2,
        "ROS-05": 1,
        "ROS-06": 2,
        "ROS-W08": 1,
        "ROS-W10": 1,
        "ROS-W05": 1,
        "ROS-W11": 1,
    }


@pytest.mark.parametrize(("size", "least", "most"), [("demo", 155, 205), ("full", 1900, 2050)])
def test_number_of_leaders(tmp_path: Path, size: str, least: int, most: int) -> None:
    roster_sample.write(tmp_path, size, 1)
    result = ct70(tmp_path, with_attempts=False)
    assert least <= result.rate.denominator <= most
    assert len(result.by_corporation) == 9


@pytest.mark.parametrize("seed", range(6))
def test_outcome_of_the_demo(tmp_path: Path, seed: int) -> None:
    """Diligence and simulated attempts lead to the same people, and to the shares of docs/design.md §9.6."""
    roster_sample.write(tmp_path, "demo", seed)
    result = ct70(tmp_path, with_attempts=True)
    diligence = {learner.person_id: learner.diligence for learner in roster_sample.read_learners(tmp_path)}
    for person in result.counted:
        assert (person.trained_on is not None) == (diligence[person.person_id] >= TRAINED)
    assert 30 <= float(result.rate.percent or 0) <= 32
    percents = {c.unit_id: float(c.rate.percent or 0) for c in result.by_corporation}
    assert percents.pop("EVNNPT") >= 70
    assert 12 <= min(percents.values()) <= max(percents.values()) <= 55
    there = [person for person in result.counted if person.unit_id.startswith(NOBODY_TRAINED)]
    assert there
    assert not any(person.trained_on for person in there)
    assert result.waiting


def test_full_shape(tmp_path: Path) -> None:
    roster_sample.write(tmp_path, "full", 1)
    read = roster.read(tmp_path)
    kinds = Counter(unit.kind for unit in read.units)
    assert (kinds["corporation"], kinds["grassroots_union"], kinds["section_union"]) == (9, 153 + 40, 1165 + 1)
    wave = Counter(post.start.replace(day=1) for post in read.posts if post.start > date(2024, 1, 1))
    assert sum(wave[date(2025, month, 1)] for month in (9, 10, 11)) > 500
    assert all("Mẫu" in person.full_name or person.is_test for person in read.people)
    ids = {person.person_id for person in read.people}
    assert {learner.person_id for learner in roster_sample.read_learners(tmp_path)} == ids


def test_an_unknown_size_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(ModuongError, match="demo, full"):
        roster_sample.write(tmp_path / "r", "huge", 1)
    assert not (tmp_path / "r").exists()
