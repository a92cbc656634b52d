"""Both engines on the same submissions, a small cut of the proof ``differential``.

Ours as deserved, stock as deserved or with a reason.
"""

from __future__ import annotations

from pathlib import Path

from bench import differential


def test_ours_gives_what_is_deserved_and_stock_differs_only_with_a_reason(tmp_path: Path) -> None:
    found = differential.compare(tmp_path, 25)
    assert found.failures == ()
    rows = {row.kind: row for row in found.rows}
    assert sum(row.count for row in found.rows) == 12
    assert (rows["random answers, M02"].differ, rows["honest pandas code, M10"].differ) == (0, 0)
    assert any(row.differ for row in found.rows)
    assert all(row.reason for row in found.rows if row.differ)
