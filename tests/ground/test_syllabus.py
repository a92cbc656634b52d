"""Loading course.yaml: the values, and one clear sentence for each mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from grader.ground import syllabus
from grader.ground.errors import ModuongError
from tests.support.union_builder import COURSE, course


def test_the_repository_course_loads() -> None:
    loaded = syllabus.load(Path(__file__).parents[2] / "course" / "course.yaml")
    assert loaded.target_set == "CTr01-2023"
    ct70 = loaded.targets["CT70"]
    assert (ct70.goal, ct70.by, ct70.counts_from, ct70.under) == (
        (7, 10),
        date(2028, 12, 31),
        date(2023, 12, 29),
        "corporation",
    )
    assert {"CT70", "CT100B"} <= set(loaded.targets)


def test_values_and_frozen_records(tmp_path: Path) -> None:
    loaded = course(tmp_path)
    assert loaded.modules["M07"].pass_mark == Decimal(16)
    assert loaded.tracks["leader"] == ("M01", "M07")
    assert (loaded.attempts.limit, loaded.attempts.wait_hours) == (3, 12)
    assert loaded.course.zone.key == "Asia/Ho_Chi_Minh"
    with pytest.raises(ValidationError):
        loaded.course.version = "2"  # type: ignore[misc]


def test_a_practice_module_needs_no_pass_mark(tmp_path: Path) -> None:
    text = COURSE.replace("modules:\n", "modules:\n  M00: {title: Bắt đầu, part: 0, points: 0}\n")
    assert course(tmp_path, text).modules["M00"].points == 0


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("leader: [M01, M07]", "leader: [M01, M99]", "E-SYL-2", "tracks.leader.1: module 'M99' is missing"),
        ("leader: [M01, M07]", "leader: []", "E-SYL-1", "tracks.leader"),
        ("points: 20, pass_mark: 16", "points: 0", "E-SYL-2", "practice only"),
        ("track: leader", "track: lanh_dao", "E-SYL-3", "targets.CT70.track: no track 'lanh_dao'"),
        ("vice_chair", "deputy", "E-SYL-3", "targets.CT70.posts.1: 'deputy'"),
        ("section_union]", "section]", "E-SYL-3", "targets.CT70.unit_kinds.2: 'section'"),
        ("under: corporation", "under: city", "E-SYL-3", "targets.CT70.under"),
        ("goal: [7, 10]", "goal: [0, 10]", "E-SYL-1", "targets.CT70.goal"),
        ("goal: [7, 10]", "goal: [11, 10]", "E-SYL-3", "targets.CT70.goal"),
        ("goal: [7, 10]", "goal: 70%", "E-SYL-1", "targets.CT70.goal"),
        ("counts_from: 2023-12-29", "counts_from: 29/12/2023", "E-SYL-1", "targets.CT70.counts_from"),
        ("by: 2028-12-31", "by: 2022-12-31", "E-SYL-3", "targets.CT70.by"),
        ("posts: [chair, vice_chair, acting_chair],", "", "E-SYL-1", "targets.CT70.posts: this field is missing"),
        ("  set: THU-2026\n", "", "E-SYL-1", "targets.set: this field is missing"),
        ("pass_mark: 16", "pass_mark: 21", "E-SYL-1", "modules.M07.pass_mark"),
        ("pass_mark: 16", "pas_mark: 16", "E-SYL-1", "modules.M07.pas_mark: no such field"),
        ("points: 20, pass_mark: 16", "points: hai mươi, pass_mark: 16", "E-SYL-1", "'hai mươi'"),
        ("Asia/Ho_Chi_Minh", "Asia/Sai_Gon", "E-SYL-1", "course.time_zone"),
        ("limit: 3", "limit: 0", "E-SYL-1", "attempts.limit"),
        ("attempts: {limit: 3, wait_hours: 12}", "", "E-SYL-1", "attempts: this field is missing"),
        ("M07: {", "M01: {", "E-YAML-1", "key 'M01' is written twice"),
        ("tracks: {", "tracks: {{", "E-YAML-1", "malformed YAML"),
        (COURSE, "- a\n- b\n", "E-SYL-1", "course: this field is missing"),
        (COURSE, "", "E-SYL-1", "course: this field is missing"),
    ],
)
def test_mistakes_name_file_line_field_and_remedy(tmp_path: Path, old: str, new: str, code: str, said: str) -> None:
    assert old in COURSE
    with pytest.raises(ModuongError) as stopped:
        course(tmp_path, COURSE.replace(old, new, 1))
    assert stopped.value.code == code
    assert said in stopped.value.text("en")
    assert "course.yaml:" in stopped.value.said


def test_the_line_is_the_field_s_and_every_mistake_is_listed(tmp_path: Path) -> None:
    text = COURSE.replace("leader: [M01, M07]", "leader: [M98, M99]")
    with pytest.raises(ModuongError) as stopped:
        course(tmp_path, text)
    line = text[: text.index("M98")].count("\n") + 1
    assert stopped.value.text("en").count(f"course.yaml:{line}:") == 2


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(ModuongError) as stopped:
        syllabus.load(tmp_path / "course.yaml")
    assert stopped.value.code == "E-FILE-1"
    (tmp_path / "course.yaml").write_bytes(b"course: \xff")
    with pytest.raises(ModuongError) as stopped:
        syllabus.load(tmp_path / "course.yaml")
    assert stopped.value.code == "E-FILE-2"
