"""A backup brings back what was lost, and ``attempts/`` what came after it."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta

import pytest
import sqlalchemy as sa

from course.host.store import accounts
from course.host.store.accounts import Account
from course.host.store.clerk import Clerk
from grader import cli
from grader.desk.frame import store as desk_store
from grader.gradebook.nbgrader_bridge import open_gradebook
from grader.ground import database, lineage, schema
from grader.ground.database import answered, attempts
from grader.ground.errors import ModuongError
from grader.keep import backup as backups
from grader.keep import copying, daily
from tests.support.people import NUMBER, RIGHT, SINGLE, WRONG, Cadre, Instructor


def run(instructor: Instructor, *words: str) -> None:
    where = ("--workspace", str(instructor.root), "--course", str(instructor.author.course))
    cli.app([*words, *where], standalone_mode=False)


@pytest.fixture
def used(instructor: Instructor) -> Instructor:
    """Two people graded, one of them marked by hand, and one hand-in that nobody can be found for."""
    for person, values in (("CB-1", RIGHT), ("CB-2", WRONG)):
        for module in ("T01", "T02"):
            Cadre(person, instructor).answers(module, values[module]).hands_in(module)
    assert len(instructor.collects(hours_later=1)) == 4
    instructor.grades()
    instructor.marks("CB-1", "T02", "T02-Q01", 3.5, "Viết tốt.")
    instructor.grades()
    return instructor


def rows(instructor: Instructor) -> list[dict[str, object]]:
    engine = open_gradebook(instructor.workspace)
    with engine.connect() as connection:
        found = [dict(r) for r in connection.execute(sa.select(attempts).order_by(attempts.c.attempt_id)).mappings()]
    engine.dispose()
    return found


def loses(instructor: Instructor) -> None:
    instructor.engine.dispose()
    for path in instructor.root.glob("gradebook.db*"):
        path.unlink()


def test_everything_comes_back_and_what_came_after_the_backup_too(
    used: Instructor, capsys: pytest.CaptureFixture[str]
) -> None:
    run(used, "backup")
    (made,) = backups.listed(used.workspace.backups)
    assert made.stat().st_mode & 0o077 == 0
    Cadre("CB-3", used).answers("T01").hands_in("T01")
    assert len(used.collects(hours_later=1)) == 1
    used.grades()
    before, ledger = rows(used), used.ledger()
    loses(used)
    key = used.workspace.key("T01")
    content = key.read_bytes()
    key.unlink()
    with pytest.raises(ModuongError, match="E-DB-6") as stopped:
        open_gradebook(used.workspace)
    assert str(made) in stopped.value.text("vi")
    run(used, "restore")
    assert "1 lượt" in capsys.readouterr().out
    assert key.read_bytes() == content
    assert rows(used) == before
    again = Instructor(used.author, used.root, used.now)
    again.grades()
    assert again.ledger() == ledger


def test_every_release_its_key_and_what_an_attempt_answered_come_back(used: Instructor) -> None:
    def asked() -> dict[str, str]:
        engine = open_gradebook(used.workspace)
        with engine.connect() as connection:
            found = {row[0]: row[1] for row in connection.execute(sa.select(answered))}
        engine.dispose()
        return found

    used.author.writes("T01", SINGLE.replace("Việc nào nên làm", "Việc gì nên làm"), NUMBER)
    used.releases("T01")
    assert len(lineage.known(used.workspace, "T01")) == len(lineage.keys(used.workspace, "T01")) == 2
    run(used, "backup")
    Cadre("CB-3", used).answers("T01").hands_in("T01")
    assert len(used.collects(hours_later=1)) == 1
    before = asked()
    assert before["CB-1.T01.1"] != before["CB-3.T01.1"] == lineage.released(used.workspace, "T01")
    kept = [p for name in ("releases", "keys") for p in (used.root / name).rglob("*") if p.is_file()]
    content = {path: path.read_bytes() for path in kept}
    loses(used)
    shutil.rmtree(used.root / "releases")
    shutil.rmtree(used.root / "keys")
    run(used, "restore")
    assert {path: path.read_bytes() for path in kept} == content
    assert asked() == before


def test_without_any_backup_the_attempts_come_back(used: Instructor) -> None:
    before = rows(used)
    used.engine.dispose()
    with pytest.raises(ModuongError, match="E-BAK-4"):
        run(used, "restore")
    used.workspace.gradebook.write_bytes(b"%PDF-1.7 " * 1000)
    run(used, "restore")
    assert rows(used) == before
    assert next(used.root.glob("gradebook.db.truoc-*Z")).read_bytes().startswith(b"%PDF")


def test_a_backup_that_changed_is_not_used_and_the_oldest_give_way(used: Instructor) -> None:
    engine = used.engine
    made = [backups.make(used.workspace, engine, used.now, most=2) for _number in range(3)]
    assert [one.folder.exists() for one in made] == [False, True, True]
    assert backups.read(made[-1].folder) == made[-1]
    key = made[-1].folder / "keys" / "T01.json"
    key.write_bytes(key.read_bytes() + b" ")
    loses(used)
    with pytest.raises(ModuongError, match="E-BAK-2"):
        run(used, "restore")
    assert not used.workspace.gradebook.exists()
    run(used, "restore", str(made[1].folder))
    assert len(rows(used)) == 4


def test_a_watch_makes_one_a_day_and_says_what_went_wrong(used: Instructor) -> None:
    now = [used.now]
    keep = daily.keeper(used.workspace, used.engine, lambda: (now[0], True))
    for hours, count in ((0, 1), (1, 1), (22.9, 1), (1, 2), (24, 3)):
        now[0] += timedelta(hours=hours)
        assert keep() == ()
        assert len(backups.listed(used.workspace.backups)) == count
    shutil.rmtree(used.workspace.backups)
    used.workspace.backups.write_text("không phải thư mục", encoding="utf-8")
    now[0] += timedelta(hours=24)
    assert [error.code for error in keep()] == ["E-BAK-1"]
    used.workspace.backups.unlink()
    now[0] += timedelta(minutes=11)
    assert keep() == ()
    assert len(backups.listed(used.workspace.backups)) == 1


def test_a_backup_is_the_gradebook_row_by_row(used: Instructor) -> None:
    made = backups.make(used.workspace, used.engine, used.now)
    copy = database.connect(f"sqlite:///{made.folder / 'gradebook.db'}")
    with used.engine.connect() as here, copy.connect() as there:
        assert copying.measure(here) == copying.measure(there)
        here.execute(sa.update(attempts).values(reason="khác"))
        assert copying.measure(here)["moduong_attempt"] != copying.measure(there)["moduong_attempt"]


def test_a_gradebook_of_a_later_version_is_left_alone(used: Instructor) -> None:
    used.engine.dispose()
    with sqlite3.connect(used.workspace.gradebook) as book:
        book.execute("update moduong_about set value = ? where name = 'schema'", (str(schema.latest() + 1),))
    with pytest.raises(ModuongError, match="E-DB-8"):
        run(used, "db", "upgrade")


def test_a_step_that_fails_changes_nothing(used: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    def halfway(connection: sa.Connection) -> None:
        connection.execute(sa.text("alter table moduong_attempt add column more text"))
        raise ModuongError("E-TEST", "giữa chừng")

    monkeypatch.setitem(schema.STEPS, schema.latest() + 1, halfway)
    before = used.workspace.gradebook.read_bytes()
    used.engine.dispose()
    with pytest.raises(ModuongError, match="E-TEST"):
        run(used, "db", "upgrade")
    with sqlite3.connect(used.workspace.gradebook) as book:
        assert "more" not in [row[1] for row in book.execute("pragma table_info(moduong_attempt)")]
    assert used.workspace.gradebook.read_bytes() == before


def test_the_databases_of_host_and_desk_and_the_spool_come_back(used: Instructor) -> None:
    space = used.workspace
    clerk = Clerk(space.host / "host.db")
    clerk.ask(lambda c: accounts.invite(c, [Account("CB-1", "Người Thử", "U", "Mẫu", "leader")], "thử")).result()
    desk_store.connect(used.root / "desk.db").close()
    entry = space.host / "spool" / "CB-1+T01+2026-10-01 01:00:00.000000 UTC+0123456789abcdef"
    entry.mkdir(parents=True)
    (entry / "answers.json").write_text("{}", encoding="utf-8")
    (space.host / "spool" / ".half").mkdir()
    (space.host / "caddy").mkdir()
    (space.host / "caddy" / "key.pem").write_text("khóa", encoding="utf-8")
    run(used, "backup")
    clerk.close()
    (made,) = backups.listed(space.backups)
    files = backups.read(made).files
    assert {"host/host.db", "desk.db", f"host/spool/{entry.name}/answers.json"} <= files.keys()
    assert not any("caddy" in name or ".half" in name for name in files)
    shutil.rmtree(space.host)
    (used.root / "desk.db").unlink()
    run(used, "restore")
    assert (space.host.stat().st_mode & 0o777, (space.host / "host.db").stat().st_mode & 0o777) == (0o700, 0o600)
    with sqlite3.connect(space.host / "host.db") as book:
        assert book.execute("select person from accounts").fetchall() == [("CB-1",)]
    assert (entry / "answers.json").read_text(encoding="utf-8") == "{}"
    assert (used.root / "desk.db").exists()


def test_a_host_database_that_can_be_read_stays_and_a_damaged_one_is_put_aside(
    used: Instructor, capsys: pytest.CaptureFixture[str]
) -> None:
    path = used.workspace.host / "host.db"
    Clerk(path).close()
    run(used, "backup")
    with sqlite3.connect(path) as book:
        book.execute("insert into audit values ('nay', 'ai', 'việc', '')")
    run(used, "restore")
    assert "host/host.db" in capsys.readouterr().out
    with sqlite3.connect(path) as book:
        assert book.execute("select count(*) from audit").fetchone() == (1,)
    path.write_bytes(b"%PDF-1.7 " * 1000)
    run(used, "restore")
    with sqlite3.connect(path) as book:
        assert book.execute("select count(*) from audit").fetchone() == (0,)
    assert next(path.parent.glob("host.db.truoc-*")).read_bytes().startswith(b"%PDF")


def test_what_a_killed_backup_left_goes_with_the_next(used: Instructor) -> None:
    left = used.workspace.backups / ".20260101T000000Z.new"
    left.mkdir(parents=True)
    run(used, "backup")
    assert not left.exists()
