"""PostgreSQL instead of SQLite.

The whole loop, two graders at once, and a server that goes away (docs/design.md §8.8, 49).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from grader import cli
from grader.ground import database
from grader.ground.errors import ModuongError
from grader.ground.workspace import open_workspace
from grader.keep import copying
from grader.marking import grade
from tests.attacks.test_reliability import chunk_of, honest_batch, hostile_batch
from tests.loop.test_pipeline import PEOPLE, POSTS, UNITS
from tests.support.attackers import drop, scores
from tests.support.people import RIGHT, WRONG, Author, Cadre, Coordinator, Instructor, moduong, stock_nbgrader

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
pytestmark = pytest.mark.skipif(not BINARIES, reason="needs a PostgreSQL server (Debian: apt-get install postgresql)")


@dataclass
class Server:
    """A database server of the test's own, on a socket in its folder; it refuses to run as root."""

    folder: Path

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(BINARIES[-1] / program), "-D", str(self.folder / "data"), *arguments]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def create(self) -> None:
        if os.getuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self._run("initdb", "--auth=trust", "--username=moduong", "--encoding=UTF8", "--no-sync")

    def start(self) -> None:
        self._run(
            "pg_ctl",
            "-w",
            "-l",
            str(self.folder / "log"),
            "-o",
            f"-k {self.folder} -c listen_addresses= -c fsync=off",
            "start",
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://moduong@/{name}?host={self.folder}"

    def database(self, name: str) -> str:
        with sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return self.url(name)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    one = Server(Path(tempfile.mkdtemp(prefix="moduong-pg-")))  # a socket's path must be short
    one.create()
    one.start()
    yield one
    one.stop()
    shutil.rmtree(one.folder)


@pytest.fixture
def on_postgres(server: Server, tmp_path: Path, request: pytest.FixtureRequest) -> Instructor:
    """An instructor whose workspace names a fresh database in nbgrader's configuration, as the operator's page says."""
    author = Author(tmp_path).writes_course()
    space = open_workspace(tmp_path / "workspace", "thu")
    url = server.database(f"t{abs(hash(request.node.name)) % 10**9}")
    lines = space.config.read_text(encoding="utf-8").splitlines()
    lines = [f'c.CourseDirectory.db_url = "{url}"' if "db_url" in line else line for line in lines]
    space.config.write_text("\n".join(lines), encoding="utf-8")
    one = Instructor(author, space.root).releases()
    assert one.engine.dialect.name == "postgresql"
    assert not space.gradebook.exists()
    return one


def test_a_gradebook_moves_to_a_server_row_by_row(server: Server, tmp_path: Path) -> None:
    one = Instructor(Author(tmp_path).writes_course(), tmp_path / "workspace").releases()
    Coordinator(one).enters(UNITS, PEOPLE, POSTS)
    for module in ("T01", "T02"):
        Cadre("CB-000001", one).answers(module, RIGHT[module]).hands_in(module)
    one.collects()
    one.grades()
    one.marks("CB-000001", "T02", "T02-Q01", 3.5, "Viết tốt.")
    one.grades()
    before, url = one.ledger(), server.database("moved")
    where = ("--workspace", str(one.root), "--course", str(one.author.course))
    cli.app(["db", "move", url, *where], standalone_mode=False)
    with pytest.raises(ModuongError, match="E-MOVE-1"):
        cli.app(["db", "move", url, *where], standalone_mode=False)
    text = one.workspace.config.read_text(encoding="utf-8").splitlines()
    lines = [f'c.CourseDirectory.db_url = "{url}"' if "db_url" in line else line for line in text]
    one.workspace.config.write_text("\n".join(lines), encoding="utf-8")
    moved = Instructor(one.author, one.root, one.now)
    assert moved.engine.dialect.name == "postgresql"
    assert moved.ledger() == before
    Cadre("CB-000002", moved).answers("T01", WRONG["T01"]).hands_in("T01")
    assert [t.state for t in moved.collects(hours_later=1)] == ["accepted"]
    assert moved.grades() == 1
    cli.app(["backup", *where], standalone_mode=False)  # a server's gradebook becomes a file in it
    (copy,) = moved.workspace.backups.glob("*/gradebook.db")
    kept = sa.create_engine(f"sqlite:///{copy}")
    with moved.engine.connect() as there, kept.connect() as here:
        assert copying.measure(there) == copying.measure(here)


def test_the_whole_loop(on_postgres: Instructor) -> None:
    coordinator = Coordinator(on_postgres)
    coordinator.enters(UNITS, PEOPLE, POSTS)
    for person, quality in (("CB-000001", RIGHT), ("CB-000002", WRONG)):
        for module in ("T01", "T02"):
            Cadre(person, on_postgres).answers(module, quality[module]).hands_in(module)
    assert {t.state for t in on_postgres.collects()} == {"accepted"}
    assert on_postgres.grades() == 4
    on_postgres.marks("CB-000001", "T02", "T02-Q01", 3.5, "Viết tốt.")
    on_postgres.grades()
    ct70 = coordinator.asks("2026-03-31").targets[0]
    assert (ct70.rate.numerator, ct70.rate.denominator) == (1, 2)
    assert on_postgres.grades("T01", again=True) == 2
    on_postgres.releases("T01")
    found = {(row["person_id"], row["module_id"]): row["score"] for row in on_postgres.ledger()}
    assert found == {
        ("CB-000001", "T01"): "5.00",
        ("CB-000001", "T02"): "4.50",
        ("CB-000002", "T01"): "0.00",
        ("CB-000002", "T02"): "0.00",
    }


def test_stock_nbgrader_works_in_the_same_database(on_postgres: Instructor) -> None:
    Cadre("CB-000001", on_postgres).answers("T01").hands_in("T01")
    on_postgres.collects()
    on_postgres.grades("T01")
    shutil.rmtree(on_postgres.workspace.autograded("CB-000001", "T01"))
    stock_nbgrader(on_postgres.root, "autograde", "T01", "--force")
    with on_postgres.engine.connect() as connection:
        assert connection.execute(sa.text("select sum(auto_score) from grade")).scalar_one() == 5.0


def test_the_other_engine_takes_its_cells_from_there(on_postgres: Instructor) -> None:
    Cadre("CB-000001", on_postgres).answers("T01").hands_in("T01")
    on_postgres.collects()
    done = moduong(
        "grade", "T01", "--engine", "nbgrader", "--workspace", on_postgres.root, "--course", on_postgres.author.course
    )
    assert done.returncode == 0, done.stderr
    assert [row["score"] for row in on_postgres.ledger()] == ["5.00"]


def test_49_two_collectors_and_two_graders_at_once(on_postgres: Instructor) -> None:
    deserved = honest_batch(on_postgres, 40)
    where = ("--workspace", on_postgres.root, "--course", on_postgres.author.course)
    for command in (("collect", *where), ("grade", "T01", *where)):
        with ThreadPoolExecutor(2) as pool:
            for done in pool.map(lambda c: moduong(*c), (command, command)):
                assert done.returncode == 0, done.stderr
    assert scores(on_postgres) == deserved
    with on_postgres.engine.connect() as connection:
        assert connection.execute(sa.text("select count(*) from moduong_result")).scalar_one() == 40


def test_49_a_dropped_connection_is_said_and_nothing_is_lost_or_doubled(on_postgres: Instructor) -> None:
    deserved = honest_batch(on_postgres, 8)
    on_postgres.collects()
    graded = chunk_of(on_postgres)
    other = sa.create_engine(on_postgres.workspace.database, isolation_level="AUTOCOMMIT")

    def write_while_somebody_ends_the_connection() -> None:
        with database.writing(on_postgres.engine) as connection:
            grade._entry(connection, "T01")
            with other.connect() as killer:
                killer.exec_driver_sql(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                    "and pid <> pg_backend_pid()"
                )
            grade._entry(connection, "T01")

    with pytest.raises(ModuongError) as refused:
        write_while_somebody_ends_the_connection()
    assert refused.value.code == "E-DB-4"
    grade.commit(on_postgres.engine, "T01", graded, on_postgres.now)
    assert on_postgres.grades("T01") == 0
    assert scores(on_postgres) == deserved


def test_49_a_server_that_is_away_is_one_sentence_and_the_next_run_goes_on(
    on_postgres: Instructor, server: Server
) -> None:
    deserved = honest_batch(on_postgres, 8)
    on_postgres.collects()
    where = ("--workspace", on_postgres.root, "--course", on_postgres.author.course)
    server.stop()
    try:
        for command in ("collect", "grade", "ledger"):
            done = moduong(command, *where)
            assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-DB-4"), done.stderr
            assert "Traceback" not in done.stderr
    finally:
        server.start()
    assert moduong("grade", "T01", *where).returncode == 0
    assert scores(on_postgres) == deserved


def test_49_a_database_that_stays_busy_is_said(on_postgres: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(on_postgres, "CB-000001")
    monkeypatch.setattr(database, "_BUSY_MILLISECONDS", 200)
    hasty = Instructor(on_postgres.author, on_postgres.root)
    with database.writing(on_postgres.engine):
        with pytest.raises(ModuongError) as refused:
            hasty.collects()
        assert refused.value.code == "E-DB-1"
    assert [t.state for t in hasty.collects()] == ["accepted"]


def test_50_hostile_hand_ins_break_nothing(on_postgres: Instructor) -> None:
    """A server is stricter than SQLite: it knows lengths and refuses NUL."""
    deserved = honest_batch(on_postgres, 12)
    count = hostile_batch(on_postgres)
    drop(on_postgres, "XX-900000", stamp="2026-03-02\x00 08:00:00")
    taken = on_postgres.collects()
    assert len(taken) >= 12 + count
    on_postgres.grades("T01")
    found = scores(on_postgres)
    assert {p: s for p, s in found.items() if p in deserved} == deserved


def test_an_unknown_database_is_one_sentence(tmp_path: Path) -> None:
    author = Author(tmp_path).writes_course()
    space = open_workspace(tmp_path / "workspace", "thu")
    text = space.config.read_text(encoding="utf-8").splitlines()
    for url in ("khong-co-that", "nosuch://x/y"):
        space.config.write_text(
            "\n".join(f'c.CourseDirectory.db_url = "{url}"' if "db_url" in line else line for line in text),
            encoding="utf-8",
        )
        done = moduong("ledger", "--workspace", space.root, "--course", author.course)
        assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-DB-5"), done.stderr
