"""Reliability under attack and mishap (docs/design.md §8.8, 48–50, 52).

Kill -9, two at once, locks, full disks, any order, many hostile hand-ins.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from bench import kill
from grader.ground import database
from grader.ground.errors import ModuongError
from grader.marking import due, grade
from tests.support.attackers import (
    LINKS,
    broken_answers,
    broken_notebooks,
    document,
    drop,
    dumped,
    entry,
    no_effect,
    raw_zip,
    scores,
)
from tests.support.people import ROOT, WRONG, Author, Cadre, Instructor, moduong

MODULE = "T01"


def honest_batch(instructor: Instructor, count: int) -> dict[str, str]:
    """Put ``count`` honest hand-ins of differing quality into the exchange; return the score that each deserves."""
    kinds = [
        ({"T01-Q01": "B", "T01-Q02": {"a": "91,25", "b": "9"}}, "5.00"),
        (WRONG["T01"], "0.00"),
        ({"T01-Q02": {"a": "91.25"}}, "2.00"),
        ({}, "0.00"),
    ]
    deserved = {}
    for number in range(count):
        person = f"CB-{number:06}"
        values, deserved[person] = kinds[number % len(kinds)]
        drop(instructor, person, {"answers.json": document(person, values=values)})
    return deserved


def test_48_kill_9_and_resume_gives_the_same_gradebook(instructor: Instructor, tmp_path: Path) -> None:
    kill.fill(instructor.workspace, "thu", MODULE, 60)
    instructor.engine.dispose()  # a file copied under an open connection loses SQLite's locks
    (tmp_path / "runden").mkdir()
    assert (
        kill.rounds(
            instructor.workspace, tmp_path / "runden", instructor.author.course, MODULE, 2, seed=48, chunk=10, kills=1
        )
        == []
    )


def test_48_a_killed_grader_leaves_no_process_behind(instructor: Instructor) -> None:
    kill.fill(instructor.workspace, "thu", MODULE, 150)
    instructor.engine.dispose()
    process = kill.start(instructor.workspace, instructor.author.course, MODULE, 2)
    with sqlite3.connect(instructor.workspace.gradebook) as book:
        while process.poll() is None and not book.execute("SELECT count(*) FROM moduong_result").fetchone()[0]:
            time.sleep(0.005)
    assert kill.kill(process, 0)
    assert kill.left_over(instructor.workspace) == []
    kill.finish(kill.start(instructor.workspace, instructor.author.course, MODULE, 50))
    assert len(scores(instructor)) == 150


def both(*commands: list[str | Path]) -> None:
    """Run commands at once and see each end well."""
    with ThreadPoolExecutor(len(commands)) as pool:
        for done in pool.map(lambda c: moduong(*c, MODUONG_NOW=kill.NOW), commands):
            assert done.returncode == 0, done.stderr


def test_49_two_collectors_and_two_graders_at_once(instructor: Instructor, tmp_path: Path) -> None:
    kill.fill(instructor.workspace, "thu", MODULE, 80)
    where = ["--workspace", instructor.workspace.root, "--course", instructor.author.course]
    instructor.engine.dispose()
    alone = kill.copy(instructor.workspace, tmp_path / "allein")
    both(["collect", "--workspace", alone.root, *where[2:]])
    both(["grade", MODULE, "--workspace", alone.root, *where[2:]])
    both(["collect", *where], ["collect", *where])
    both(["grade", MODULE, *where], ["grade", MODULE, *where])
    assert kill.difference(kill.content(alone), kill.content(instructor.workspace)) == []


def test_49_the_same_person_twice_into_two_collectors(instructor: Instructor) -> None:
    """Both collectors count attempts: neither may give the same number, nor lose one."""
    for number in range(40):
        drop(
            instructor,
            "CB-000001",
            {"answers.json": document("CB-000001", values={"T01-Q01": str(number)})},
            name=f"CB-000001+T01+{number:02}+x",
        )
    second = Instructor(instructor.author, instructor.root)
    with ThreadPoolExecutor(2) as pool:
        taken = [t for found in pool.map(lambda i: i.collects(), (instructor, second)) for t in found]
    assert len(taken) == 40
    assert sorted(int(t.attempt_id.rsplit(".", 1)[1]) for t in taken) == list(range(1, 41))
    assert sum(t.state == "accepted" for t in taken) == 1
    for one in taken:
        kept = (
            instructor.workspace.attempt("CB-000001", "T01", one.attempt_id.rsplit(".", 1)[1]) / "tiep-nhan.json"
        ).read_text(encoding="utf-8")
        assert one.source in kept


def chunk_of(instructor: Instructor, cause: str = "grade") -> list[grade.Graded]:
    """Score what waits (all, for a regrade) without committing it: the work of a slow grader."""
    with instructor.engine.connect() as connection:
        waiting = due.pending(connection, MODULE, again=cause == "regrade")
    return grade.run(
        grade.Job(instructor.workspace, grade.load_key(instructor.workspace, MODULE), tuple(waiting), cause)
    )


def test_49_what_another_grader_graded_first_is_not_graded_twice_and_keeps_its_mark(instructor: Instructor) -> None:
    Cadre("CB-000001", instructor).answers("T01").hands_in("T01")
    instructor.collects()
    slow = chunk_of(instructor)
    instructor.grades(MODULE)
    instructor.marks("CB-000001", "T01", "T01-Q01", 1)
    grade.commit(instructor.engine, MODULE, slow, instructor.now)
    instructor.grades(MODULE)
    assert scores(instructor) == {"CB-000001": "4.00"}


def test_49_a_slow_grader_does_not_put_an_older_attempt_in_front(instructor: Instructor) -> None:
    drop(
        instructor, "CB-000001", {"answers.json": document("CB-000001", values=WRONG["T01"])}, name="CB-000001+T01+1+x"
    )
    instructor.collects()
    instructor.grades(MODULE)
    slow = chunk_of(instructor, "regrade")
    drop(instructor, "CB-000001", name="CB-000001+T01+2+x")
    instructor.collects(hours_later=13)
    instructor.grades(MODULE)
    shown = (instructor.workspace.autograded("CB-000001", "T01") / "T01.ipynb").read_bytes()
    grade.commit(instructor.engine, MODULE, slow, instructor.now)
    for one in slow:
        assert one.pending.current
        grade.run(
            grade.Job(instructor.workspace, grade.load_key(instructor.workspace, MODULE), (one.pending,), "grade")
        )
    assert (instructor.workspace.autograded("CB-000001", "T01") / "T01.ipynb").read_bytes() == shown
    with sqlite3.connect(instructor.workspace.gradebook) as book:
        assert book.execute("SELECT sum(auto_score) FROM grade").fetchone() == (5.0,)


@pytest.fixture
def locked(instructor: Instructor) -> Iterator[sqlite3.Connection]:
    """Another program that has begun to write into the gradebook."""
    other = sqlite3.connect(instructor.workspace.gradebook, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    yield other
    if other.in_transaction:
        other.execute("ROLLBACK")
    other.close()


def test_49_a_gradebook_that_is_busy_for_a_while_is_waited_for(
    instructor: Instructor, locked: sqlite3.Connection
) -> None:
    drop(instructor, "CB-000001")
    threading.Timer(1.5, lambda: locked.execute("ROLLBACK")).start()
    begin = time.monotonic()
    assert [t.state for t in instructor.collects()] == ["accepted"]
    assert time.monotonic() - begin > 1
    locked.execute("BEGIN IMMEDIATE")
    threading.Timer(1.5, lambda: locked.execute("ROLLBACK")).start()
    assert instructor.grades(MODULE) == 1
    assert scores(instructor) == {"CB-000001": "5.00"}


def test_49_a_gradebook_that_stays_busy_is_said_and_nothing_is_lost(
    instructor: Instructor, locked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(instructor, "CB-000001")
    monkeypatch.setattr(database, "_BUSY_MILLISECONDS", 200)
    hasty = Instructor(instructor.author, instructor.root)
    with pytest.raises(ModuongError) as refused:
        hasty.collects()
    assert refused.value.code == "E-DB-1"
    locked.execute("ROLLBACK")
    assert [t.state for t in hasty.collects()] == ["accepted"]
    graded = chunk_of(hasty)
    locked.execute("BEGIN IMMEDIATE")
    with pytest.raises(ModuongError) as refused:
        grade.commit(hasty.engine, MODULE, graded, hasty.now)
    assert refused.value.code == "E-DB-1"
    locked.execute("ROLLBACK")
    assert hasty.grades(MODULE) == 1
    assert scores(hasty) == {"CB-000001": "5.00"}


@contextlib.contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    done = subprocess.run(["mount", *options, place], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def without_room(ballast: Path, act: Callable[[], object]) -> str:
    """Do something while the disk is full; return the code of the error that this must give."""
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(512)):
            pass
    try:
        act()
    except ModuongError as error:
        return error.code
    finally:
        ballast.unlink()
    return ""


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a small disk")
def test_49_a_full_disk_is_said_and_after_making_room_everything_is_there(released: Path, tmp_path: Path) -> None:
    disk = tmp_path / "dia"
    disk.mkdir()
    with mounted(disk, "-t", "tmpfs", "-o", "size=24m", "tmpfs"):
        shutil.copytree(released, disk, dirs_exist_ok=True)
        instructor = Instructor(Author(disk), disk / "workspace")
        deserved = honest_batch(instructor, 12)
        assert without_room(disk / "ballast", instructor.collects) in {"E-WS-2", "E-DB-3"}
        instructor.collects()
        assert without_room(disk / "ballast", lambda: instructor.grades(MODULE)) in {"E-WS-2", "E-DB-3"}
        instructor.grades(MODULE)
        assert scores(instructor) == deserved
        instructor.engine.dispose()


def test_49_a_course_that_cannot_be_written_is_one_sentence(instructor: Instructor) -> None:
    """Root writes everywhere, so for root the file system itself refuses."""
    drop(instructor, "CB-000001")
    instructor.engine.dispose()
    root = instructor.workspace.root
    folders = [root, *(p for p in root.rglob("*") if p.is_dir())]
    with contextlib.ExitStack() as stack:
        if os.getuid() == 0:
            stack.enter_context(mounted(root, "--bind", str(root)))
            subprocess.run(["mount", "-o", "remount,bind,ro", root], check=True)
        else:
            for path in folders:
                path.chmod(0o555)
                stack.callback(path.chmod, 0o755)
        for command in (["collect"], ["grade", "T01"]):
            done = moduong(*command, "--workspace", root, "--course", instructor.author.course)
            assert (done.returncode, done.stderr.split(":")[0]) == (2, "E-WS-1"), done.stderr


def hostile_batch(instructor: Instructor) -> int:
    """Put one hostile hand-in of each kind into the exchange."""
    number = 0

    def person() -> str:
        nonlocal number
        number += 1
        return f"XX-{number:06}"

    for make, _ in LINKS.values():
        make(entry(instructor, person()), instructor)
    for raw, _ in broken_notebooks(instructor, "XX").values():
        drop(instructor, person(), {"T01.ipynb": raw})
    for raw, _ in broken_answers("XX").values():
        drop(instructor, person(), {"answers.json": raw})
    for data in no_effect(instructor, "XX").values():
        drop(instructor, person(), {"T01.ipynb": dumped({**data, "metadata": {}})})
    drop(instructor, person(), {f"{n}.json": b"{}" for n in range(1100)})
    drop(instructor, person(), {"T01.ipynb": bytes(21 << 20)})
    drop(instructor, person(), {"/".join("d" * 12) + "/answers.json": b"{}"})
    (instructor.workspace.inbound("thu") / f"{person()}+T01+x.zip").write_bytes(raw_zip([b"../answers.json"], b"{}"))
    drop(instructor, person(), stamp="9" * 10_000)
    return number


def test_50_one_hostile_hand_in_of_each_kind_among_two_hundred_honest(instructor: Instructor, tmp_path: Path) -> None:
    instructor.engine.dispose()
    quiet = Instructor(instructor.author, kill.copy(instructor.workspace, tmp_path / "ruhig").root)
    honest_batch(quiet, 200)
    begin = time.process_time()
    quiet.collects()
    quiet.grades(MODULE)
    alone = time.process_time() - begin
    deserved = honest_batch(instructor, 200)
    hostile = hostile_batch(instructor)
    begin = time.process_time()
    taken = instructor.collects()
    instructor.grades(MODULE)
    together = time.process_time() - begin
    assert len(taken) == 200 + hostile
    assert {t.state for t in taken} <= {"accepted", "unreadable", "set_aside"}
    found = scores(instructor)
    assert {p: found[p] for p in deserved} == deserved
    assert {found[p] for p in found if p not in deserved} <= {"", "0.00", "5.00"}
    assert (
        sum(found[p] == "5.00" for p in found if p not in deserved) == 1
    )  # only the one that merely lies about the time
    assert together < 2 * alone + 5


def test_52_any_order_and_any_number_of_jobs_give_the_same_gradebook(instructor: Instructor, tmp_path: Path) -> None:
    deserved = honest_batch(instructor, 60)
    contents = []
    instructor.engine.dispose()
    for number, (order, jobs, chunk) in enumerate([(0, 1, 200), (1, 8, 5), (2, 3, 7)]):
        space = kill.copy(instructor.workspace, tmp_path / f"reihe-{number}")
        entries = sorted(space.inbound("thu").iterdir())
        random.Random(order).shuffle(entries)
        for path in entries:  # the exchange is read oldest first
            path.chmod(0o755)
        code = f"from grader import cli; from grader.marking import grade; grade.CHUNK = {chunk}; cli.main()"
        where = ["--workspace", str(space.root), "--course", str(instructor.author.course)]
        for command in (["collect"], ["grade", MODULE, "--jobs", str(jobs)], ["grade", MODULE]):
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "MODUONG_NOW": kill.NOW}
            subprocess.run(
                [sys.executable, "-c", code, *command, *where],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                check=True,
            )
        contents.append(kill.content(space))
    assert kill.difference(contents[0], contents[1]) == []
    assert kill.difference(contents[0], contents[2]) == []
    again = Instructor(instructor.author, tmp_path / "reihe-1")
    assert scores(again) == deserved


def test_52_attempts_of_one_person_count_in_the_order_of_receipt(instructor: Instructor) -> None:
    """Whatever the folder's names say: the first received is the first attempt."""
    late = drop(
        instructor,
        "CB-000001",
        {"answers.json": document("CB-000001", values=WRONG["T01"])},
        name="CB-000001+T01+0000+x",
    )
    drop(instructor, "CB-000001", name="CB-000001+T01+9999+x")
    time.sleep(0.02)
    late.chmod(0o700)
    assert [(t.source[-6:-2], t.state) for t in instructor.collects()] == [("9999", "accepted"), ("0000", "refused")]
    instructor.now += timedelta(hours=1)
    instructor.grades(MODULE)
    assert scores(instructor) == {"CB-000001": "5.00"}
