"""The workspace belongs to its owner alone, and ``nbgrader_config.py`` to the operator."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from course.exchange import Exchange, ExchangeProblem
from grader.ground.errors import ModuongError
from grader.ground.workspace import Workspace, open_workspace
from grader.publish import exchange_folder
from tests.support.people import Cadre, Instructor, moduong

STRANGER = 12345
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


def as_stranger(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a UNIX user that owns nothing here, in folders that others may pass through, as /srv is."""
    for path in (c for c in command if isinstance(c, Path)):
        for folder in path.parents:
            if folder.name.startswith(("pytest-", "popen-", "test_", "khoa-hoc")):
                folder.chmod(0o755)
    return subprocess.run(
        [str(c) for c in command], user=STRANGER, group=STRANGER, extra_groups=[], capture_output=True, text=True,
        check=False, cwd="/",
    )  # fmt: skip


@pytest.mark.parametrize("umask", [0o022, 0o002, 0o000])
def test_a_new_workspace_can_be_entered_by_its_owner_only(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        space = open_workspace(tmp_path / "w", "thu")
    finally:
        os.umask(before)
    assert space.root.stat().st_mode & 0o777 == 0o700


@root_only
def test_another_user_reads_no_name_no_answer_no_mark(instructor: Instructor) -> None:
    Cadre("CB-1", instructor).answers("T01").hands_in("T01")
    instructor.collects(hours_later=1)
    space = instructor.workspace
    for command in (("ls", space.root / "attempts"), ("cat", space.gradebook), ("ls", space.root)):
        done = as_stranger(*command)
        assert done.returncode != 0
        assert "Permission denied" in done.stderr
    space.root.chmod(0o755)
    assert as_stranger("ls", space.root).returncode == 0  # the test sees what it would miss


def test_open_doors_stop_every_command_and_doctor_mends_them(instructor: Instructor) -> None:
    space = instructor.workspace
    space.root.chmod(0o755)
    where = ("--workspace", str(space.root), "--course", str(instructor.author.course))
    done = moduong("collect", *where)
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-WS-3")
    moduong("doctor", "--fix", *where)
    assert space.root.stat().st_mode & 0o777 == 0o700
    assert moduong("collect", *where).returncode == 0


@root_only
def test_another_user_cannot_put_a_course_in_the_place_of_ours(instructor: Instructor) -> None:
    exchange = instructor.workspace.exchange
    course = exchange / "thu"
    assert as_stranger("ls", course / "outbound" / "T01").returncode == 0
    assert as_stranger("mv", course, exchange / "cua-toi").returncode != 0
    assert as_stranger("touch", course / "outbound" / "T01" / "x").returncode != 0
    assert as_stranger("ls", course / "inbound").returncode != 0
    assert as_stranger("mkdir", course / "inbound" / "CB-1+T01+2026").returncode == 0  # handing in works
    assert as_stranger("mv", course / "inbound" / "CB-1+T01+2026", course / "inbound" / "CB-2+T01+2026").returncode == 0
    (course / "inbound" / "CB-9+T01+2026").mkdir()
    assert as_stranger("mv", course / "inbound" / "CB-9+T01+2026", course / "inbound" / "x").returncode != 0


@root_only
def test_a_course_folder_of_a_stranger_is_not_fetched(
    instructor: Instructor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = Exchange(instructor.workspace.exchange, "thu", "CB-7", tmp_path)
    assert exchange.trusted()
    os.chown(instructor.workspace.exchange / "thu", STRANGER, STRANGER)
    assert not exchange.take("T01")
    with pytest.raises(ExchangeProblem):
        exchange.fetch("T01")
    named = tmp_path / "graders"
    named.write_text(f"khong-co-nguoi-nay\n{STRANGER}\n", encoding="utf-8")
    monkeypatch.setattr("course.exchange.GRADERS", named)
    assert exchange.take("T01")


def test_the_operators_file_is_kept_and_obeyed_environment_included(
    instructor: Instructor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = instructor.workspace
    more = "# của người vận hành\nimport os\nc.CourseDirectory.db_url = os.environ['KHO_DIEM']\n"
    text = space.config.read_text(encoding="utf-8") + more
    space.config.write_text(text, encoding="utf-8")
    elsewhere = f"sqlite:///{tmp_path / 'noi-khac.db'}"
    where = ("--workspace", str(space.root), "--course", str(instructor.author.course))
    assert moduong("collect", *where, KHO_DIEM=elsewhere).returncode == 0
    assert (tmp_path / "noi-khac.db").exists()
    assert space.config.read_text(encoding="utf-8") == text
    monkeypatch.setenv("KHO_DIEM", elsewhere)
    assert Workspace(space.root).database == elsewhere


@pytest.mark.parametrize("line", ["c.CourseDirectory.db_url = os.environ['X']", "c.CourseDirectory.db_url = 5", "(("])
def test_a_file_that_cannot_be_understood_stops_the_command(instructor: Instructor, line: str) -> None:
    space = instructor.workspace
    space.config.write_text(space.config.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    where = ("--workspace", str(space.root), "--course", str(instructor.author.course))
    done = moduong("collect", *where)
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-WS-4")
    assert "nbgrader_config.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_workspace_of_another_course_is_refused(tmp_path: Path) -> None:
    open_workspace(tmp_path / "w", "khoa-a")
    with pytest.raises(ModuongError, match="E-WS-5"):
        open_workspace(tmp_path / "w", "khoa-b")


def test_an_exchange_outside_is_made_with_its_modes_and_named_when_they_change(tmp_path: Path) -> None:
    space = open_workspace(tmp_path / "w", "thu", tmp_path / "noi" / "trao-doi")
    assert space.exchange == tmp_path / "noi" / "trao-doi"
    course = exchange_folder.open_exchange(space.exchange, "thu")
    modes = [oct(p.stat().st_mode & 0o7777) for p in (space.exchange, course, course / "inbound")]
    assert modes == ["0o1777", "0o755", "0o3733"]
    assert list(exchange_folder.doubts(space.exchange, "thu", space.root)) == []
    space.exchange.chmod(0o777)
    course.chmod(0o775)
    (course / "inbound").chmod(0o777)
    assert len(list(exchange_folder.doubts(space.exchange, "thu", space.root))) == 4
    exchange_folder.mend(space.exchange, "thu")
    assert list(exchange_folder.doubts(space.exchange, "thu", space.root)) == []
