"""Kill -9 in the middle of saves; a thousand rounds are ``make prove``."""

from __future__ import annotations

from pathlib import Path

from bench import host_kill
from tests.support.host_world import make_course

VALUES = {"M90-Q01": ["A", "B"], "M90-Q02": [["A"], ["A", "B"]]}


def test_what_was_acknowledged_is_stored_after_twenty_kills(tmp_path: Path) -> None:
    course = make_course(tmp_path / "exchange")
    told = host_kill.rounds(course, tmp_path / "h", "M90", VALUES, 20)
    assert told.lost == []
    assert told.saves > 20
    assert told.hand_ins >= 1
