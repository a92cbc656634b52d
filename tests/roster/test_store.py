"""The roster in the database: what is loaded is what was saved, and every command counts by it."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from grader.ground import database
from grader.ground.errors import ModuongError
from grader.roster import read as roster
from grader.roster import store as roster_store
from grader.roster.records import Roster
from tests.support import random_union
from tests.support.people import Coordinator, Instructor, moduong
from tests.support.union_builder import Union


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return database.connect(f"sqlite:///{tmp_path / 'gradebook.db'}")


def stored(engine: Engine, people: Roster) -> Roster | None:
    with database.writing(engine) as connection:
        roster_store.save(connection, people)
    with engine.connect() as connection:
        return roster_store.load(connection)


def test_what_is_loaded_equals_what_was_saved_with_its_findings(engine: Engine, tmp_path: Path) -> None:
    rejected = warnings = merged = 0
    for seed in range(60):
        random_union.draw(random.Random(seed)).write(tmp_path)
        people = roster.read(tmp_path)
        assert stored(engine, people) == people
        rejected, warnings = rejected + len(people.rejected), warnings + len(people.warnings)
        merged += sum(bool(person.same_as) for person in people.people)
    assert min(rejected, warnings, merged) > 20


def test_nothing_is_stored_before_the_first_import_and_a_new_one_replaces_the_old(
    engine: Engine, tmp_path: Path
) -> None:
    with engine.connect() as connection:
        assert roster_store.load(connection) is None
        assert roster_store.version(connection) == 0
        assert roster_store.person_ids(connection, tmp_path) is None
    union = Union(tmp_path)
    union.post("P1", "G1")
    first = stored(engine, union.roster())
    union.post("Mới", "G2")
    second = stored(engine, union.roster())
    assert first is not None
    assert second is not None
    assert (len(first.people), len(second.people)) == (1, 2)
    with engine.connect() as connection:
        assert roster_store.version(connection) == 2
        assert roster_store.person_ids(connection, tmp_path) == {"p1": "P1", "mới": "Mới"}


def test_an_import_that_fails_leaves_the_old_roster(engine: Engine, tmp_path: Path) -> None:
    union = Union(tmp_path)
    union.post("P1", "G1")
    before = stored(engine, union.roster())
    broken = union.roster()
    with pytest.raises(sa.exc.IntegrityError), database.writing(engine) as connection:
        roster_store.save(connection, Roster(**{**vars(broken), "units": (broken.units[0]._replace(name=None),)}))  # type: ignore[arg-type]
    with engine.connect() as connection:
        assert roster_store.load(connection) == before


def test_an_import_between_two_reads_gives_one_roster_not_a_mixture(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    union = Union(tmp_path)
    union.post("P1", "G1")
    stored(engine, union.roster())
    union.post("P2", "G2")
    later = union.roster()
    read, once = roster_store._rows, [True]

    def rows(connection: sa.Connection, table: sa.Table, columns: tuple[str, ...]) -> object:
        if table is database.posts and once:
            once.clear()
            stored_by_another = database.connect(str(engine.url))
            with database.writing(stored_by_another) as other:
                roster_store.save(other, later)
        return read(connection, table, columns)

    monkeypatch.setattr(roster_store, "_rows", rows)
    with engine.connect() as connection:
        assert roster_store.load(connection) == later


def test_the_tables_exist_on_postgresql_too() -> None:
    from sqlalchemy.dialects import postgresql

    for table in (database.roster, database.units, database.people, database.posts, database.findings):
        assert table.name in str(sa.schema.CreateTable(table).compile(dialect=postgresql.dialect()))


def test_the_command_line_takes_a_roster_in_and_counts_by_it(instructor: Instructor, tmp_path: Path) -> None:
    folder, course, workspace = tmp_path / "ds", instructor.author.course, instructor.root
    moduong("roster", "sample", folder, "--size", "demo")
    common = ("--workspace", workspace, "--course", course)
    asked = ("completion", "--as-of", "2026-10-31", "--json", *common)
    before = moduong(*asked)
    assert before.returncode == 2
    assert "E-ROSTER-1" in before.stderr
    assert before.stdout == ""
    assert "E-ROSTER-1" in moduong("report", "--as-of", "2026-10-31", *common).stderr
    done = moduong("roster", "import", folder, *common)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ROS-") > 10
    empty = tmp_path / "attempts.csv"
    empty.write_text(moduong("ledger", "--csv", *common).stdout, encoding="utf-8")
    from_files = moduong(
        "completion", "--roster", folder, "--attempts", empty, "--as-of", "2026-10-31", "--json", "--course", course
    )
    shutil.rmtree(folder)
    from_database = moduong(*asked)
    assert from_database.returncode == 0, from_database.stderr
    found, expected = json.loads(from_database.stdout), json.loads(from_files.stdout)
    assert found["targets"][0]["denominator"] > 100
    del found["computed_at"], expected["computed_at"]
    assert found == expected


def test_a_roster_that_lies_there_as_files_only_is_not_passed_over(instructor: Instructor) -> None:
    instructor.workspace.roster().joinpath("people.csv").write_text(
        "person_id,full_name,email,is_test,same_as\n", encoding="utf-8"
    )
    with pytest.raises(ModuongError) as caught:
        instructor.collects()
    assert caught.value.code == "E-ROSTER-1"
    with instructor.engine.connect() as connection, pytest.raises(ModuongError):
        roster_store.optional(connection, instructor.workspace.roster())


def test_collect_knows_the_people_of_the_stored_roster(instructor: Instructor) -> None:
    Coordinator(instructor).enters(
        "unit_id,name,kind,parent_id,start,end,successor_id\n",
        "person_id,full_name,email,is_test,same_as\nCB-000001,Trần Thị Mẫu 001,,,\n",
        "person_id,unit_id,post,start,end,decision_no\n",
    )
    assert instructor.policy().people == {"cb-000001": "CB-000001"}
