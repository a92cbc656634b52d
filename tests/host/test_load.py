"""The bench of the host in small: it finds what is lost, and nothing is; figures are ``make bench``'s."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bench import host
from course.host.settings import Settings
from grader.ground.workspace import Workspace
from tests.support.host_world import make_course

VALUES = {"M90-Q01": ["A", "B"], "M90-Q02": [["A"], ["A", "B"]]}


def test_thirty_cadres_at_once_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "A_MINUTE", 60)
    monkeypatch.setattr(host, "MODULE", "M90")
    course = make_course(tmp_path / "exchange")
    settings = Settings(course, tmp_path / "h" / "host.db", tmp_path / "h" / "spool", "http://127.0.0.1:8090/")
    room = host.Room(Workspace(tmp_path / "w"), settings, VALUES)
    found = host.under_load(room, tmp_path / "lan", 30, 3, 0, slow=0.01)
    assert found["wrong"] == []
    assert found["lost"] == 0
    assert len(found["saves"]) > 60
    assert found["empty"]
    with sqlite3.connect(tmp_path / "lan" / "host.db") as connection:  # the bench would see it
        connection.execute("DELETE FROM drafts WHERE person = 'CB-000003'")
    assert host.lost(tmp_path / "lan" / "host.db", found["given"]) == len(found["given"]["CB-000003"])
