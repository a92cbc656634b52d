"""Plants the faults of docs/design.md §9.6 in a sample, and returns the finding each of them must bring."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from typing import TypedDict

from grader.roster.records import PEOPLE_FILE, POSTS_FILE
from grader.roster.sample.people import Learner, Sample

_MERGED_ON = "2026-03-31"
_NAMESAKES = 5


class Expected(TypedDict):
    """One finding that must come of a planted fault; line 0 means the whole file."""

    file: str
    line: int
    code: str


def plant(sample: Sample, seed: int) -> list[Expected]:
    """Change and add rows of ``sample``; return the expected findings.

    Repairs keep the row's meaning and rejected rows are extra ones, so the sample's leaders and learners stay what they
    were; only the merged section brings one leader more.
    """
    rng = random.Random(f"faults-{seed}")  # not for secrets
    people = rng.sample(range(len(sample.people)), 2 + 3 + _NAMESAKES)
    helpers = [row for row in sample.posts if row["post"] == "collaborator"]
    _change(sample.people, people[:2], "full_name", _decomposed)
    _change(sample.people, people[2:5], "full_name", lambda name: name + "  ")
    posts = rng.sample(range(len(sample.posts)), 2)
    _change(sample.posts, posts, "start", _vietnamese)
    found = [
        *(_finding(PEOPLE_FILE, index, "ROS-W03") for index in people[:2]),
        *(_finding(PEOPLE_FILE, index, "ROS-W02") for index in people[2:5]),
        *(_finding(POSTS_FILE, index, "ROS-W04") for index in posts),
        *_namesakes(sample, people[5:]),
        *_duplicate_ids(sample, rng),
        *_test_account(sample),
        *_merged_unit(sample),
    ]
    person = rng.choice(helpers)
    found += _extra_post(sample, person | {"post": "member", "start": "2026-05-10", "end": "2026-05-01"}, "ROS-03")
    found += _extra_post(sample, person | {"unit_id": "EVNHANOI-99", "start": "2026-02-01"}, "ROS-05")
    for other in rng.sample(helpers, 2):
        found += _extra_post(sample, other | {"start": "2026-02-01"}, "ROS-06")
    return found + _extra_post(sample, person | {"post": "member", "start": "2027-01-04"}, "ROS-W05")


def _finding(file: str, index: int, code: str) -> Expected:
    return {"file": file, "line": index + 2, "code": code}  # the header is line 1


def _change(rows: list[dict[str, str]], indexes: list[int], column: str, change: Callable[[str], str]) -> None:
    for index in indexes:
        rows[index][column] = change(rows[index][column])


def _decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def _vietnamese(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def _namesakes(sample: Sample, indexes: list[int]) -> list[Expected]:
    for index in indexes:
        sample.people[index]["full_name"] = "Nguyễn Văn Mẫu 001"
    return [{"file": PEOPLE_FILE, "line": 0, "code": "ROS-W10"}]


def _duplicate_ids(sample: Sample, rng: random.Random) -> list[Expected]:
    """Add two rows with ids in use."""
    for row in rng.sample(sample.people, 2):
        sample.people.append({"person_id": row["person_id"], "full_name": f"Nhập lại Mẫu {row['person_id']}"})
    return [_finding(PEOPLE_FILE, len(sample.people) - back, "ROS-04") for back in (2, 1)]


def _add_leader(sample: Sample, person_id: str, name: str, unit_id: str, is_test: str = "") -> None:
    sample.people.append({"person_id": person_id, "full_name": name, "is_test": is_test})
    post = {"person_id": person_id, "unit_id": unit_id, "post": "chair", "start": "2024-01-15"}
    sample.posts.append(post | {"decision_no": "QĐ-0001/2024"})
    sample.learners.append(Learner(person_id, "leader", "office", "computer", full_time=False, diligence=0.1))


def _test_account(sample: Sample) -> list[Expected]:
    _add_leader(sample, "CB-900001", "Tài khoản thử 01", "EVNCPC-01-B01", is_test="true")
    return [{"file": PEOPLE_FILE, "line": 0, "code": "ROS-W11"}]


def _merged_unit(sample: Sample) -> list[Expected]:
    """Add a section that was merged into another while its chair's post was left open."""
    name = "CĐBP Phân xưởng Mẫu 90 – EVNCPC-01"
    row = {"unit_id": "EVNCPC-01-B90", "name": name, "kind": "section_union", "parent_id": "EVNCPC-01"}
    sample.units.append(row | {"start": "2015-01-01", "end": _MERGED_ON, "successor_id": "EVNCPC-01-B01"})
    _add_leader(sample, "CB-900002", "Lê Thị Mẫu 902", "EVNCPC-01-B90")
    return [_finding(POSTS_FILE, len(sample.posts) - 1, "ROS-W08")]


def _extra_post(sample: Sample, row: dict[str, str], code: str) -> list[Expected]:
    sample.posts.append(dict(row))
    return [_finding(POSTS_FILE, len(sample.posts) - 1, code)]
