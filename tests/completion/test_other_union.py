"""Another union is data: a target with a new post and a new kind of unit is counted, with no change to the code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from grader.completion import count, indicators
from grader.completion.attempts import read as read_attempts
from grader.completion.progress import reduce_attempts
from grader.ground import syllabus
from grader.ground.errors import ModuongError
from grader.roster import lineage
from grader.roster import read as roster

COURSE = """\
course: {id: harbour, version: "1.0.0", time_zone: Europe/London, language: en, title: Clear Signals}
modules: {H01: {title: First, points: 5, pass_mark: 4}}
tracks: {stewards: [H01]}
attempts: {limit: 3, wait_hours: 0}
union:
  posts: {steward: {name: steward}, deputy: {name: deputy steward}}
  unit_kinds: {federation: {name: federation}, district: {name: district}, quay: {name: quay branch}}
  chairs: [steward]
  top: federation
  counted: district
targets:
  set: HARBOUR-1
  T60: {title: Stewards trained, track: stewards, goal: [3, 5], by: 2030-12-31, counts_from: 2025-01-01,
        posts: [steward], unit_kinds: [quay], under: district}
indicators:
  R90: {title: Members reached, unit: members, goal: [9, 10], counts_from: 2025-01-01, by: 2029-12-31}
"""
UNITS = """\
unit_id,name,kind,parent_id,start,end,successor_id
F,Harbour Federation,federation,,2020-01-01,,
N,North District,district,F,2020-01-01,,
Q1,Quay One,quay,N,2020-01-01,,
Q2,Quay Two,quay,N,2020-01-01,,
"""
PEOPLE = "person_id,full_name,email,is_test,same_as\nP1,Ada Sample,,,\nP2,Ben Sample,,,\nP3,Cleo Sample,,,\n"
POSTS = """\
person_id,unit_id,post,start,end,decision_no
P1,Q1,steward,2024-01-01,,D-1
P2,Q2,steward,2024-01-01,,D-2
P3,Q2,deputy,2024-01-01,,D-3
"""
ATTEMPTS = """\
attempt_id,person_id,module_id,submitted_at,score,max_score,critical_met,component_met,status,graded_at,course_version
P1.H01.1,P1,H01,2026-05-01T10:00:00+01:00,5,5,,,graded,2026-05-01T10:00:00+01:00,1.0.0
P3.H01.1,P3,H01,2026-05-01T10:00:00+01:00,5,5,,,graded,2026-05-01T10:00:00+01:00,1.0.0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "course.yaml": COURSE,
        "units.csv": UNITS,
        "people.csv": PEOPLE,
        "posts.csv": POSTS,
        "attempts.csv": ATTEMPTS,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(dedent(text), encoding="utf-8")
    return tmp_path


def test_a_new_post_and_a_new_kind_of_unit_are_counted(folder: Path) -> None:
    rules = syllabus.load(folder / "course.yaml")
    people = roster.read(folder, rules.offices)
    assert [finding.message("en") for finding in people.rejected] == []
    progress = reduce_attempts(rules, read_attempts(folder / "attempts.csv", people, rules))
    found = count.decide(rules, people, progress, date(2026, 6, 1), datetime(2026, 6, 2, tzinfo=UTC))
    (target,) = found.targets
    assert (target.rate.numerator, target.rate.denominator) == (1, 2)
    assert [(c.unit_id, c.rate.numerator, c.rate.denominator) for c in target.by_corporation] == [("N", 1, 2)]
    assert "hold the post of steward in a quay branch under a district" in target.rule("en")


def test_a_target_that_units_report_is_data_too(folder: Path) -> None:
    rules, day = syllabus.load(folder / "course.yaml"), date(2026, 6, 1)
    path = folder / indicators.FILE
    rows = ["2026,N,R90,19,20,survey,Ada Sample", "2024,N,R90,19,20,survey,Ada Sample"]
    path.write_text("\n".join([",".join(indicators.COLUMNS), *rows]) + "\n", encoding="utf-8")
    structure = lineage.on(roster.read(folder, rules.offices).units, day, rules.offices)
    read = indicators.read(path, structure, day, indicators.of(rules))
    assert [(line.indicator.id, line.rate and line.rate.percent) for line in read.headlines] == [("R90", "95.0")]
    assert [finding.code for finding in read.rejected] == ["IND-07"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("posts: [steward]", "posts: [captain]", "captain"),
        ("under: district", "under: corporation", "corporation"),
        ("R90", "T60", "T60"),
        ("[9, 10]", "[9, 8]", "goal"),
    ],
)
def test_a_target_that_names_what_the_union_has_not_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "course.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ModuongError, match=said) as stopped:
        syllabus.load(path)
    assert stopped.value.code == "E-SYL-3"
