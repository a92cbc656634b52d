"""Versions: every change is one, undo brings back the rows as they were, to the byte."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from grader.ground import database
from grader.ground.errors import ModuongError
from grader.roster import edit, store, versions
from grader.roster.edit import Which
from grader.roster.records import OPEN, Post
from grader.roster.versions import Cause
from tests.support.people import moduong
from tests.support.union_builder import Union

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def union(tmp_path: Path) -> Union:
    one = Union(tmp_path)
    one.post("P1", "G1")
    one.post("P2", "G2", "vice_chair", end="2026-01-31")
    one.post("P9", "G9")  # rejected: the findings are kept too
    return one


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return database.connect(f"sqlite:///{tmp_path / 'gradebook.db'}")


def everything(engine: Engine) -> str:
    """Return every row of every table of the roster, as text."""
    with engine.connect() as connection:
        tables = {t.name: [list(map(str, row)) for row in connection.execute(sa.select(t))] for t in database.OF_ROSTER}
    return json.dumps(tables, sort_keys=True)


def save(engine: Engine, union: Union, births: dict[str, str], source: str) -> None:
    with database.writing(engine) as connection:
        versions.save(connection, union.roster(), births, Cause("import", "Bà Mẫu", source, "ab" * 32), NOW)


def test_undo_brings_back_every_row_and_undo_of_undo_goes_further_back(union: Union, engine: Engine) -> None:
    seen = []
    for number in range(4):
        union.person(f"N{number}")
        save(engine, union, {"P1": f"197{number}"}, f"{number}.xlsx")
        seen.append(everything(engine))
    for number in (2, 1):
        with database.writing(engine) as connection:
            undone, back = versions.undo(connection, "Ông Mẫu", NOW)
        assert (undone.source, back.source) == (f"{number + 1}.xlsx", f"{number}.xlsx")
        assert everything(engine) == seen[number]
    union.person("N9")
    save(engine, union, {}, "9.xlsx")
    with database.writing(engine) as connection:
        undone, back = versions.undo(connection, "Ông Mẫu", NOW)
    assert (undone.source, back.source) == ("9.xlsx", "1.xlsx")
    assert everything(engine) == seen[1]
    with engine.connect() as connection:
        known = versions.entries(connection)
        assert [entry.version for entry in known] == list(range(1, 9))
        assert known[0][1:6] == ("2026-11-01T00:00:00+00:00", "Bà Mẫu", "import", "0.xlsx", "ab" * 32)
        assert store.version(connection) == 8  # who has read the roster sees that it changed


def test_nothing_before_the_first_and_none_at_all(union: Union, engine: Engine) -> None:
    for prepared in (False, True):
        if prepared:
            save(engine, union, {}, "1.xlsx")
        before = everything(engine)
        with pytest.raises(ModuongError, match="E-ROSTER-4"), database.writing(engine) as connection:
            versions.undo(connection, "", NOW)
        assert everything(engine) == before


def test_a_roster_from_before_versions_were_kept_can_be_undone_to(union: Union, engine: Engine) -> None:
    with database.writing(engine) as connection:
        store.save(connection, union.roster())
    before = everything(engine)
    union.person("N1")
    save(engine, union, {}, "1.xlsx")
    with database.writing(engine) as connection:
        versions.undo(connection, "", NOW)
    assert everything(engine) == before


def test_former_rows_do_not_pile_up(union: Union, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "KEPT", 3)
    for number in range(6):
        union.person(f"N{number}")
        save(engine, union, {}, f"{number}.xlsx")
    with engine.connect() as connection:
        former = database.former["moduong_person"]
        kept = set(connection.execute(sa.select(former.c.version)).scalars())
    assert len(kept) == 3


def roster_of(union: Union) -> Any:
    return union.roster()


def test_one_post_is_added_ended_corrected_and_removed(union: Union) -> None:
    roster = roster_of(union)
    more, person = edit.add(roster, Post("", "G2", "chair", date(2026, 5, 1), OPEN, "", 0, ""), "Trần Thị Mẫu 1")
    assert person == "CB-000001"
    assert next(p for p in more.posts if p.person_id == person).unit_id == "G2"
    less = edit.end(more, Which(person, "G2", "chair"), date(2026, 9, 30))
    assert [p.end for p in less.posts if p.person_id == person] == [date(2026, 9, 30)]
    place = edit.find(less, Which(person, "G2", "chair"))
    right = edit.correct(less, Which(person, "G2", "chair"), less.posts[place]._replace(start=date(2026, 4, 1)))
    assert [p.start for p in right.posts if p.person_id == person] == [date(2026, 4, 1)]
    gone = edit.correct(right, Which(person, "G2", "chair"), None)
    assert gone.posts == roster.posts
    assert gone.rejected == roster.rejected


@pytest.mark.parametrize(
    ("post", "name", "code"),
    [
        (Post("P1", "G1", "chair", date(2026, 5, 1), OPEN, "", 0, ""), "", "E-POST-1"),  # shares days with his own
        (Post("P1", "NO", "chair", date(2026, 5, 1), OPEN, "", 0, ""), "", "E-POST-1"),  # no such unit
        (Post("NO", "G1", "chair", date(2026, 5, 1), OPEN, "", 0, ""), "", "E-POST-1"),  # no such person
        (Post("", "G1", "member", date(2026, 5, 1), OPEN, "", 0, ""), "Người P1", "E-POST-1"),  # is there already
        (Post("", "G1", "member", date(2026, 5, 1), OPEN, "", 0, ""), " ", "E-POST-1"),
    ],
)
def test_a_post_that_no_rule_allows_is_refused(union: Union, post: Post, name: str, code: str) -> None:
    with pytest.raises(ModuongError) as stopped:
        edit.add(roster_of(union), post, name)
    assert stopped.value.code == code


def test_a_post_that_is_not_there_or_there_twice(union: Union) -> None:
    union.post("P2", "G2", "vice_chair", start="2026-05-01")
    roster = roster_of(union)
    with pytest.raises(ModuongError, match="E-POST-2"):
        edit.end(roster, Which("P1", "G2", "chair"), date(2026, 6, 1))
    with pytest.raises(ModuongError, match="E-POST-2"):
        edit.correct(roster, Which("p2", "G2", "vice_chair"), None)
    ended = edit.end(roster, Which("p2", "G2", "vice_chair"), date(2026, 6, 1))  # the open one
    assert sorted(p.end.isoformat() for p in ended.posts if p.person_id == "P2") == ["2026-01-31", "2026-06-01"]


def test_commands_export_what_was_imported_and_undo_says_what_is_back(union: Union) -> None:
    union.posts.pop()
    union.people.pop()
    union.write()
    here = ("--workspace", union.folder / "w")
    assert moduong("roster", "import", union.folder, *here).returncode == 0
    assert moduong("roster", "export", union.folder / "out.xlsx", *here).returncode == 0
    again = moduong("roster", "import", union.folder / "out.xlsx", *here)
    assert "Không có gì thay đổi" in again.stdout, again.stderr
    done = moduong("roster", "end", "P1", "G1", "chủ tịch", "--on", "30/09/2026", *here)
    assert "CT70: 0/1 → 0/0" in done.stdout, done.stderr
    assert moduong("roster", "undo", "--by", "Bà Mẫu", *here).returncode == 0
    listed = moduong("roster", "versions", *here).stdout
    assert [line[0] for line in listed.splitlines()[:3]] == [" ", "-", "*"]
    assert "Bà Mẫu" in listed
    assert moduong("roster", "export", union.folder / "back", *here).returncode == 0
    for name in ("units.csv", "people.csv", "posts.csv"):
        written = (union.folder / "back" / name).read_text(encoding="utf-8")
        assert written == (union.folder / name).read_text(encoding="utf-8")
