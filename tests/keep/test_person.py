"""A person gets all that is held of them, or is erased: nothing of them stays, and no figure changes."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from course.host.store import accounts
from course.host.store.accounts import Account
from course.host.store.clerk import Clerk
from grader import cli
from grader.gradebook.nbgrader_bridge import open_gradebook
from grader.ground.errors import ModuongError
from grader.keep import backup, erasures, names_read, person, person_files, retention
from grader.marking import due
from tests.support.people import RIGHT, WRONG, Cadre, Coordinator, Instructor

UNITS = """
    unit_id,name,kind,parent_id,start,end,successor_id
    CD,Công đoàn Mẫu,union,,2018-01-01,,
    TCT1,Tổng công ty Mẫu 1,corporation,CD,2018-01-01,,
    CS1,CĐCS Mẫu 01,grassroots_union,TCT1,2018-01-01,,
"""
PEOPLE = """
    person_id,full_name,email,is_test,same_as
    CB-1,Trần Thị Hư Cấu,mot@vi-du.vn,,
    CB-12,Lê Văn Tưởng Tượng,hai@vi-du.vn,,
"""
POSTS = """
    person_id,unit_id,post,start,end,decision_no
    CB-1,CS1,chair,2024-01-01,,1
    CB-12,CS1,vice_chair,2024-01-01,,2
"""
SECRET_TEXT = "Cảm ơn anh em; tôi tên Hư Cấu."


def run(instructor: Instructor, *words: str) -> None:
    where = ["--workspace", str(instructor.root), "--course", str(instructor.author.course)]
    instructor.engine.dispose()
    cli.app([*words, *where], standalone_mode=False)


@pytest.fixture
def used(instructor: Instructor) -> Instructor:
    """Two people of one post each have handed in, were graded and marked, and have accounts at the host."""
    Coordinator(instructor).enters(UNITS, PEOPLE, POSTS)
    for one, values in (("CB-1", {**RIGHT, "T02": {**RIGHT["T02"], "T02-Q01": SECRET_TEXT}}), ("CB-12", WRONG)):
        for module in ("T01", "T02"):
            Cadre(one, instructor).answers(module, values[module]).hands_in(module)
    assert len(instructor.collects(hours_later=1)) == 4
    instructor.grades()
    instructor.marks("CB-1", "T02", "T02-Q01", 3.5, "Chị Hư Cấu viết tốt.")
    instructor.grades()
    run(instructor, "feedback")
    clerk = Clerk(instructor.workspace.host / "host.db")
    names = {"CB-1": "Trần Thị Hư Cấu", "CB-12": "Lê Văn Tưởng Tượng"}
    people = [Account(one, name, "CS1", "CĐCS Mẫu 01", "leader") for one, name in names.items()]
    clerk.ask(lambda c: accounts.invite(c, people, "thử")).result()
    clerk.close()
    spool = instructor.workspace.host / "spool" / "CB-1+T01+x"
    spool.mkdir(parents=True)
    (spool / "answers.json").write_text(SECRET_TEXT, encoding="utf-8")
    return Instructor(instructor.author, instructor.root, instructor.now)


def everything(instructor: Instructor) -> bytes:
    """Return all bytes of workspace, exchange and host, but what was kept apart, and the notes of erasures."""
    space = instructor.workspace
    instructor.engine.dispose()
    found = []
    for folder in (space.root, space.exchange, space.host):
        for path in sorted(folder.rglob("*")):
            apart = path.is_relative_to(space.erased) or path.name in {erasures.NOTE, names_read.FILE}
            if path.is_file() and not apart:
                found.append(b"\n".join(_rows(path)) if path.suffix == ".db" else path.read_bytes())
                found.append(path.name.encode())
    return b"\n".join(found)


def _rows(path: Path) -> list[bytes]:
    with sqlite3.connect(path) as book:
        tables = [row[0] for row in book.execute("select name from sqlite_master where type = 'table'")]
        return [repr(row).encode() for table in tables for row in book.execute(f"select * from {table}")]


def test_a_person_gets_all_that_is_held(used: Instructor, tmp_path: Path) -> None:
    target = tmp_path / "mot.zip"
    run(used, "person", "export", "CB-1", "--out", str(target))
    assert target.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(target) as packed:
        said = json.loads(packed.read(person.DATA))
        names = packed.namelist()
    assert {row["attempt_id"] for row in said["gradebook"]["moduong_attempt"]} == {"CB-1.T01.1", "CB-1.T02.1"}
    assert said["gradebook"]["moduong_person"][0]["full_name"] == "Trần Thị Hư Cấu"
    assert "Chị Hư Cấu viết tốt." in json.dumps(said["gradebook"]["comment"], ensure_ascii=False)
    assert said["host"]["host.db: accounts"][0]["name"] == "Trần Thị Hư Cấu"
    assert "attempts/CB-1/T01/1/answers.json" in names
    assert any(name.startswith("exchange/thu/feedback/") for name in names)
    assert "CB-12" not in json.dumps(said)
    assert not any("CB-12" in name for name in names)
    assert list(names_read.noted(used.workspace.reports()))[-1].what == "person export"
    with pytest.raises(ModuongError, match="E-PERSON-1"):
        run(used, "person", "export", "CB-3")


def test_nothing_of_somebody_erased_stays_and_no_figure_changes(
    used: Instructor, capsys: pytest.CaptureFixture[str]
) -> None:
    before, count = used.ledger(), Coordinator(used).asks("2026-10-01")
    used.engine.dispose()
    assert all(word in everything(used) for word in (b"CB-1.T01", "Hư Cấu".encode(), b"mot@vi-du.vn"))
    with pytest.raises(ModuongError, match="E-PERSON-2"):
        run(used, "person", "erase", "CB-1", "--sure", "CB-2")
    run(used, "person", "erase", "CB-1", "--sure", "CB-1")
    (one,) = erasures.noted(used.workspace)
    assert one.person == "CB-1"
    assert one.becomes in capsys.readouterr().out
    left = everything(used).replace(b"CB-12", b"")
    assert [w for w in ("CB-1", "Trần Thị Hư Cấu", "mot@vi-du.vn", SECRET_TEXT) if w.encode() in left] == []
    again = Instructor(used.author, used.root, used.now)
    renamed = [
        {k: v.replace("CB-1.", f"{one.becomes}.") if v != "CB-1" else one.becomes for k, v in r.items()} for r in before
    ]
    assert sorted(again.ledger(), key=str) == sorted(renamed, key=str)
    after = Coordinator(again).asks("2026-10-01")
    assert [t.rate for t in after.targets] == [t.rate for t in count.targets]
    with again.engine.connect() as connection:
        assert [p.person for p in due.pending(connection, "T01", again=True)] == ["CB-12"]


def test_a_version_is_kept_until_its_time_ends(used: Instructor) -> None:
    config = used.workspace.config
    config.write_text(config.read_text(encoding="utf-8") + "\nc.Moduong.erased_days = 10\n", encoding="utf-8")
    run(used, "person", "erase", "CB-1", "--sure", "CB-1")
    (one,) = erasures.noted(used.workspace)
    kept = erasures.kept(used.workspace, one)
    with zipfile.ZipFile(kept) as packed:
        assert SECRET_TEXT in json.loads(packed.read("attempts/CB-1/T02/1/answers.json"))["answers"]["T02-Q01"]["value"]
    at = backup.datetime.fromisoformat(one.at)
    assert erasures.expire(used.workspace, at + timedelta(days=9)) == 0
    assert erasures.expire(used.workspace, at + timedelta(days=10)) == 1
    assert not kept.exists()


def test_a_restore_erases_again(used: Instructor) -> None:
    run(used, "backup")
    old = backup.listed(used.workspace.backups)[0]
    copied = used.root.parent / "rsync"
    shutil.copytree(used.root / "attempts", copied)
    run(used, "person", "erase", "CB-1", "--sure", "CB-1")
    (one,) = erasures.noted(used.workspace)
    before = Instructor(used.author, used.root, used.now).ledger()
    for path in (used.root, used.workspace.host):
        shutil.rmtree(path)  # another machine: only the backups and a copy of the hand-ins are left
    run(used, "restore", str(old))
    assert erasures.noted(used.workspace) == [one]
    left = everything(used).replace(b"CB-12", b"")
    assert [w for w in ("CB-1", "Trần Thị Hư Cấu", "mot@vi-du.vn", SECRET_TEXT) if w.encode() in left] == []
    assert Instructor(used.author, used.root, used.now).ledger() == before
    shutil.copytree(copied, used.root / "attempts", dirs_exist_ok=True)
    open_gradebook(used.workspace).dispose()
    used.workspace.gradebook.unlink()
    run(used, "restore")
    assert b"CB-1." not in everything(used)
    assert Instructor(used.author, used.root, used.now).ledger() == before


def test_who_is_due_and_what_reports_still_name(used: Instructor) -> None:
    run(used, "report", "--as-of", "2026-10-01", "--named", "--no-history")
    assert person_files.named_in(used.workspace, ["CB-12", "Trần Thị Hư Cấu"])
    engine = open_gradebook(used.workspace)
    late = used.now + timedelta(days=800)
    assert retention.due(engine, late, 24) == []  # both are in office
    with sqlite3.connect(used.workspace.gradebook) as book:
        book.execute("update moduong_post set end = '2026-02-01' where person_id = 'CB-1'")
    assert [one.person for one in retention.due(engine, late, 24)] == ["CB-1"]
    assert retention.due(engine, late, 36) == []
    engine.dispose()
