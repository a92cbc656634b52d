"""Published figures are kept: a change makes a new version that says why, and the old one stays (E14)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from grader.ground.errors import ModuongError
from grader.report import snapshots
from tests.support.union_builder import ICT, NOW, Union

_DAY = date(2026, 10, 31)
_LATER = datetime(2026, 11, 9, 9, tzinfo=ICT)


@pytest.fixture
def union(tmp_path: Path) -> Union:
    """Ten leaders at G2, six trained, one awaiting marking."""
    union = Union(tmp_path)
    for number in range(10):
        union.post(f"Q{number}", "G2", "vice_chair")
    for number in range(6):
        union.train(f"Q{number}")
    union.attempt("Q7", "M01", "18")
    union.attempt("Q7", "M07", "0", status="pending_manual")
    return union


def test_the_same_figures_are_one_version(union: Union, tmp_path: Path) -> None:
    first = snapshots.publish(tmp_path / "s", union.completion(), NOW)
    again = snapshots.publish(tmp_path / "s", union.completion(now=_LATER), _LATER)
    assert [one.number for one in again] == [1]
    assert again == first


def test_e14_late_marking_makes_a_version_that_says_so_and_keeps_the_old(union: Union, tmp_path: Path) -> None:
    snapshots.publish(tmp_path / "s", union.completion(), NOW)
    before = (tmp_path / "s" / "2026-10-31" / "v0001.json").read_bytes()
    union.attempts[-1].update(status="graded", score="18")
    old, new = snapshots.publish(tmp_path / "s", union.completion(now=_LATER), _LATER)
    assert (old.rates["CT70"].percent, new.rates["CT70"].percent) == ("60.0", "70.0")
    assert new.why["vi"] == "Khác bản trước: CT70: 1 người từ chờ chấm thành đạt (chấm sau khi công bố)."
    assert "Bản 2, công bố 09/11/2026 09:00 (UTC+07): CT70 7\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}10" in new.summary(
        "vi"
    )
    assert (tmp_path / "s" / "2026-10-31" / "v0001.json").read_bytes() == before


def test_results_taken_back_and_a_corrected_roster_are_told_apart(union: Union, tmp_path: Path) -> None:
    snapshots.publish(tmp_path / "s", union.completion(), NOW)
    union.attempts[0].update(status="void")
    union.posts[9]["end"] = "2026-10-01"
    union.post("NEW", "G1")
    new = snapshots.publish(tmp_path / "s", union.completion(), _LATER)[-1]
    assert "1 người không còn đạt" in new.why["vi"]
    assert "thêm 1 người vào mẫu số" in new.why["vi"]
    assert "bớt 1 người khỏi mẫu số" in new.why["vi"]
    assert "1 people are no longer trained" in new.why["en"]


def test_a_unit_that_moves_without_changing_the_total_is_a_change(union: Union, tmp_path: Path) -> None:
    snapshots.publish(tmp_path / "s", union.completion(), NOW)
    union.change_unit("G2", parent_id="C1")
    new = snapshots.publish(tmp_path / "s", union.completion(), _LATER)[-1]
    assert new.number == 2
    assert "cơ cấu đơn vị đã đổi" in new.why["vi"]


def test_each_day_has_its_own_versions(union: Union, tmp_path: Path) -> None:
    snapshots.publish(tmp_path / "s", union.completion(), NOW)
    snapshots.publish(tmp_path / "s", union.completion("2026-09-30"), NOW)
    assert [one.number for one in snapshots.versions(tmp_path / "s", _DAY)] == [1]
    assert [one.number for one in snapshots.versions(tmp_path / "s", date(2026, 9, 30))] == [1]


def test_snapshots_hold_people_and_are_closed_to_others(union: Union, tmp_path: Path) -> None:
    snapshots.publish(tmp_path / "s", union.completion(), NOW)
    path = tmp_path / "s" / "2026-10-31" / "v0001.json"
    assert path.stat().st_mode & 0o077 == 0
    assert "Q7" in path.read_text(encoding="utf-8")
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_version_is_never_replaced(union: Union, tmp_path: Path) -> None:
    snapshots.publish(tmp_path / "s", union.completion(), NOW)
    path = tmp_path / "s" / "2026-10-31" / "v0001.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ModuongError, match="E-SNAP-1"):
        snapshots.publish(tmp_path / "s", union.completion(), _LATER)
    assert path.read_text(encoding="utf-8") == "{}"


def test_small_totals_stay_hidden_in_the_summary(tmp_path: Path) -> None:
    union = Union(tmp_path)
    union.post("P1", "G1")
    (one,) = snapshots.publish(tmp_path / "s", union.completion(), NOW)
    assert "CT70 <5" in one.summary("vi")
