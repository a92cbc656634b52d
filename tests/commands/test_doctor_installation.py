"""The doctor looks at the whole installation, says what to do, mends what is safe, and writes the dossier."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.host.store.clerk import Clerk
from grader import cli
from grader.commands.doctor import dossier, installation, inventory
from grader.commands.doctor.symptom import Symptom
from grader.keep import backup, erasures
from tests.support.people import ROOT, Cadre, Instructor


@pytest.fixture
def used(instructor: Instructor) -> Instructor:
    """A hand-in that was graded, a backup, and a host that was opened once."""
    instructor.now = installation.datetime.now(tz=installation.ZoneInfo("UTC"))
    Cadre("CB-1", instructor).answers("T01").hands_in("T01")
    assert len(instructor.collects()) == 1
    instructor.grades()
    backup.make(instructor.workspace, instructor.engine, instructor.now)
    Clerk(instructor.workspace.host / "host.db").close()
    (instructor.workspace.host / "spool").mkdir(mode=0o700)
    instructor.engine.dispose()
    return instructor


def looks(instructor: Instructor, **later: float) -> dict[str, Symptom]:
    found = installation.examine(instructor.root, instructor.rules, instructor.now + timedelta(**later))
    return {one.name: one for one in found if not one.well} or {one.name: one for one in found}


def test_all_is_well(used: Instructor) -> None:
    found = looks(used)
    assert {one.name for one in found.values() if not one.well} <= {"disk"}
    if len(found) > 1:
        assert found.keys() >= {"workspace", "exchange", "database", "backup", "host", "clock", "versions"}


def loosen(used: Instructor) -> None:
    used.root.chmod(0o755)


def opened(used: Instructor) -> None:
    (used.workspace.host / "host.db").chmod(0o644)


def writable(used: Instructor) -> None:
    (used.workspace.exchange / "thu").chmod(0o777)


@pytest.mark.parametrize(("harm", "name"), [(loosen, "workspace"), (opened, "host"), (writable, "exchange")])
def test_modes_are_found_and_mended(used: Instructor, harm: object, name: str) -> None:
    harm(used)  # type: ignore[operator]
    assert looks(used)[name].grave
    installation.mend(used.root, used.rules, used.now)
    assert name not in {one for one, seen in looks(used).items() if not seen.well}


def damaged(used: Instructor) -> None:
    content = used.workspace.gradebook.read_bytes()
    used.workspace.gradebook.write_bytes(content[: len(content) // 2])


def lost(used: Instructor) -> None:
    used.workspace.gradebook.unlink()


def older(used: Instructor) -> None:
    with sqlite3.connect(used.workspace.gradebook) as book:
        book.execute("UPDATE moduong_about SET value = '1' WHERE name = 'schema'")


def unread(used: Instructor) -> None:
    used.workspace.config.write_text("c.Exchange.root = 7 +", encoding="utf-8")


def eaten(used: Instructor) -> None:
    (made,) = backup.listed(used.workspace.backups)
    (made / "gradebook.db").write_bytes(b"")


def ahead(used: Instructor) -> None:
    late = time.time() + 3600
    os.utime(used.root, (late, late))


@pytest.mark.parametrize(
    ("harm", "name", "words"),
    [
        (damaged, "database", "E-DB-7"),
        (lost, "database", "moduong restore"),
        (older, "database", "moduong db upgrade"),
        (unread, "nbgrader_config.py", "E-WS-4"),
        (eaten, "backup", "E-BAK-2"),
        (ahead, "clock", "NTP"),
    ],
)
def test_what_is_grave_is_named_with_its_remedy(used: Instructor, harm: object, name: str, words: str) -> None:
    harm(used)  # type: ignore[operator]
    found = looks(used)
    assert found[name].grave
    for lang in ("vi", "en"):
        assert words in found[name].text(lang)
        assert found[name].text(lang).startswith("✗")


def test_what_is_worth_a_look_does_not_fail(used: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = used.workspace.host / "spool" / "CB-1+T01+x"
    entry.mkdir()
    os.utime(entry, (time.time() - 3600, time.time() - 3600))
    monkeypatch.setenv("MODUONG_NOW", "2026-10-01T08:00:00+07:00")
    found = looks(used, days=3)
    assert found.keys() >= {"backup", "spool", "clock"}
    assert not any(one.grave for one in found.values() if one.name != "disk")
    shutil.rmtree(used.workspace.backups)
    used.workspace.last_backup.unlink()
    assert "moduong backup" in looks(used)["backup"].text("en")


def test_the_command_exits_with_1_until_it_is_mended(used: Instructor) -> None:
    used.root.chmod(0o755)
    where = ["--workspace", str(used.root), "--course", str(used.author.course), "--lang", "en"]
    first = CliRunner().invoke(cli.app, ["doctor", *where])
    assert first.exit_code == 1
    assert "✗ workspace: " in first.output
    second = CliRunner().invoke(cli.app, ["doctor", "--fix", *where])
    assert "✓ workspace: " in second.output
    told = CliRunner().invoke(cli.app, ["doctor", "--address", "http://vi-du.vn/", *where]).output
    assert "! tls: " in told


def test_the_dossier_says_what_is_true_here(used: Instructor) -> None:
    where = ["--workspace", str(used.root), "--course", str(used.author.course)]
    told = CliRunner().invoke(cli.app, ["doctor", "--dossier", *where])
    assert told.exit_code == 0, told.output
    for said in (f"`{used.root}`", str(backup.listed(used.workspace.backups)[-1]), "| 0; 1 |", "sqlite"):
        assert said in told.output
    assert list(inventory.unlisted(used.workspace, "thu")) == []
    (used.root / "la.txt").write_text("lạ", encoding="utf-8")
    assert list(inventory.unlisted(used.workspace, "thu")) == ["workspace/la.txt"]


def test_what_the_table_says_of_backups_is_so(used: Instructor) -> None:
    erasures.write(used.workspace.root, [])
    made = backup.make(used.workspace, used.engine, used.now)
    kept = {
        f"workspace/{n}" if not n.startswith("host/") else n.replace("host/", "workspace-host/", 1) for n in made.files
    }
    for one in inventory.holdings():
        there = any(name == one.place or name.startswith(one.place) for name in kept)
        if there:
            assert one.backed_up == "có", one
    assert all(any(name.startswith(one.place) for one in inventory.holdings()) for name in kept)


def test_the_page_in_docs_is_what_the_command_writes() -> None:
    page = (ROOT / "docs" / "ho-so-an-toan.md").read_text(encoding="utf-8")
    assert page == dossier.page(dossier.Now())
    assert Path("docs/ho-so-an-toan.md").name in (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
