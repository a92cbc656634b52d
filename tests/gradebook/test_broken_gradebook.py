"""A gradebook that is lost or damaged stops everything with a sentence; nothing begins anew beside old hand-ins."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from course.host.store import schema as host_schema
from grader.desk.frame import store as desk_store
from grader.gradebook import lost
from grader.gradebook.nbgrader_bridge import open_gradebook
from grader.ground import database
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace
from tests.support.people import ROOT, Cadre, Instructor, moduong


@pytest.fixture
def used(instructor: Instructor) -> Instructor:
    """A workspace with a hand-in in the ledger, closed as between two commands."""
    Cadre("CB-1", instructor).answers("T01").hands_in("T01")
    assert len(instructor.collects(hours_later=1)) == 1
    instructor.engine.dispose()
    return instructor


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def deleted(path: Path) -> None:
    path.unlink()


def without_attempts(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("delete from moduong_attempt")


@pytest.mark.parametrize("harm", [emptied, deleted, without_attempts])
def test_a_lost_ledger_stops_every_command_and_nothing_is_made_in_its_place(used: Instructor, harm: object) -> None:
    book = used.workspace.gradebook
    for more in ("-wal", "-shm"):
        book.with_name(book.name + more).unlink(missing_ok=True)
    harm(book)  # type: ignore[operator]
    before = book.read_bytes() if book.exists() else None
    where = ("--workspace", str(used.workspace.root), "--course", str(used.author.course))
    for command in (("collect",), ("grade",), ("ledger",)):
        done = moduong(*command, *where)
        assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-DB-6"), done.stderr
    if harm is not without_attempts:
        assert (book.read_bytes() if book.exists() else None) == before


class Killed(BaseException):
    """Stands for ``kill -9``: nothing of ours catches it."""


def test_a_collector_killed_before_its_first_commit_has_lost_nothing(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cadre("CB-1", instructor).answers("T01").hands_in("T01")
    with monkeypatch.context() as at_the_commit:

        def dies(*_arguments: object) -> None:
            raise Killed

        at_the_commit.setattr(database, "insert_many", dies)
        with pytest.raises(Killed):
            instructor.collects(hours_later=1)
    assert list(instructor.workspace.root.glob("attempts/CB-1/T01/1/answers.json"))
    with contextlib.closing(sqlite3.connect(instructor.workspace.gradebook)) as book:
        assert book.execute("select count(*) from moduong_attempt").fetchone() == (0,)
    again = Instructor(instructor.author, instructor.root, instructor.now)
    assert [(one.attempt_id, one.state) for one in again.collects()] == [("CB-1.T01.1", "accepted")]
    without_attempts(again.workspace.gradebook)
    with pytest.raises(ModuongError, match="E-DB-6"):
        open_gradebook(again.workspace)


def test_a_commit_whose_mark_was_not_written_any_more_is_marked_when_the_ledger_is_opened(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cadre("CB-1", instructor).answers("T01").hands_in("T01")
    with monkeypatch.context() as before_the_mark:

        def dies(*_arguments: object) -> None:
            raise Killed

        before_the_mark.setattr(lost, "counted", dies)
        with pytest.raises(Killed):
            instructor.collects(hours_later=1)
    open_gradebook(instructor.workspace).dispose()
    without_attempts(instructor.workspace.gradebook)
    with pytest.raises(ModuongError, match="E-DB-6"):
        open_gradebook(instructor.workspace)


def test_a_workspace_from_before_the_mark_had_counted_what_it_kept(used: Instructor) -> None:
    used.workspace.ledger_mark.unlink()
    without_attempts(used.workspace.gradebook)
    with pytest.raises(ModuongError, match="E-DB-6"):
        open_gradebook(used.workspace)
    assert not used.workspace.ledger_mark.exists()


@pytest.mark.parametrize("part", [0.5, 0.1])
def test_a_damaged_gradebook_is_a_sentence(used: Instructor, part: float) -> None:
    book = used.workspace.gradebook
    content = book.read_bytes()
    book.write_bytes(content[: int(len(content) * part)])
    where = ("--workspace", str(used.workspace.root), "--course", str(used.author.course))
    done = moduong("collect", *where)
    assert done.returncode == 2, done.stderr
    assert done.stderr.split(":")[0] in {"E-DB-7", "E-DB-6"}, done.stderr
    assert "Traceback" not in done.stderr


def test_something_that_is_no_database_is_a_sentence(used: Instructor) -> None:
    used.workspace.gradebook.write_bytes(b"%PDF-1.7 " * 1000)
    with pytest.raises(ModuongError, match="E-DB-7"):
        open_gradebook(used.workspace)


def test_commits_are_synced_and_the_journal_suits_this_sqlite(instructor: Instructor, tmp_path: Path) -> None:
    with instructor.engine.connect() as connection:
        assert connection.execute(sa.text("pragma synchronous")).scalar() == 2  # FULL
        mode = str(connection.execute(sa.text("pragma journal_mode")).scalar()).upper()
    assert mode == database.journal_mode()
    assert mode == ("WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE")


def test_a_gradebook_from_before_changes_its_journal_when_it_is_opened(used: Instructor) -> None:
    with sqlite3.connect(used.workspace.gradebook) as connection:
        assert connection.execute("pragma journal_mode=wal").fetchone()[0] == "wal"
    connection.close()
    engine = open_gradebook(Workspace(used.workspace.root))
    with engine.connect() as opened:
        assert str(opened.execute(sa.text("pragma journal_mode")).scalar()).upper() == database.journal_mode()
        assert opened.execute(sa.text("select count(*) from moduong_attempt")).scalar() == 1


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 6, 23), "TRUNCATE"),
        ((3, 7, 0), "TRUNCATE"),
        ((3, 40, 1), "TRUNCATE"),
        ((3, 51, 2), "TRUNCATE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
    ],
)
def test_a_write_ahead_log_only_where_it_cannot_be_reset_wrongly(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], mode: str
) -> None:
    instructor.engine.dispose()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    engine = open_gradebook(instructor.workspace)
    with engine.connect() as connection:
        assert str(connection.execute(sa.text("pragma journal_mode")).scalar()).upper() == mode
        assert connection.execute(sa.text("pragma synchronous")).scalar() == 2
    engine.dispose()


def test_nothing_else_asks_for_a_write_ahead_log(used: Instructor) -> None:
    """Several processes write ``host.db`` and ``desk.db`` too: a rollback journal, whatever the SQLite."""
    asked = [
        path
        for room in ("course", "grader")
        for path in (ROOT / room).rglob("*.py")
        if "journal_mode" in path.read_text(encoding="utf-8") and "wal" in path.read_text(encoding="utf-8").lower()
    ]
    assert {path.relative_to(ROOT).as_posix() for path in asked} == {
        "course/host/store/schema.py",  # says why not
        "grader/ground/database.py",
    }
    for connect, name in ((host_schema.connect, "host.db"), (desk_store.connect, "desk.db")):
        book = connect(used.root / name)
        assert (
            book.execute("pragma journal_mode").fetchone()[0],
            book.execute("pragma synchronous").fetchone()[0],
        ) == ("truncate", 2)
        book.close()
