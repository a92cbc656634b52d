"""``grade --watch``: hand-ins are taken, graded and answered as they arrive; restarts lose nothing.

One bad one delays nobody.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.commands import watch as driver
from grader.commands.watch import Round, Watch, Watched
from grader.intake import lookout
from grader.marking import due
from tests.support.people import RIGHT, ROOT, WRONG, Cadre, Coordinator, Instructor

PEOPLE = [f"CB-{n:06}" for n in range(1, 6)]


def desk(instructor: Instructor) -> Watched:
    return Watched(
        instructor.workspace, instructor.engine, instructor.rules, instructor.policy, lambda: (instructor.now, True)
    )


def hands_in(instructor: Instructor, *people: str, module: str = "T01") -> None:
    for person in people:
        Cadre(person, instructor).answers(module).hands_in(module)


def page(instructor: Instructor, person: str, module: str = "T01") -> Path:
    return instructor.workspace.feedback(person, module) / f"{module}.html"


def until(happens: Callable[[], object], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False


def released(instructor: Instructor) -> int:
    return len(list((instructor.workspace.exchange / "thu" / "feedback").glob("*.html")))


def starts(instructor: Instructor) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "grader",
        "grade",
        "--watch",
        "--workspace",
        str(instructor.workspace.root),
        "--course",
        str(instructor.author.course),
    ]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Đang chờ bài nộp.")
    return process


def test_one_round_takes_grades_and_answers(instructor: Instructor) -> None:
    watch = Watch(desk(instructor))
    assert not watch.round().busy
    hands_in(instructor, *PEOPLE)
    done = watch.round()
    assert (len(done.taken), done.graded, done.released, done.problems) == (5, 5, 5, ())
    assert all(page(instructor, p).exists() for p in PEOPLE)
    assert not watch.round().busy


def test_many_at_once_are_taken_in_batches(instructor: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "BATCH", 2)
    watch = Watch(desk(instructor))
    hands_in(instructor, *PEOPLE)
    rounds = [watch.round() for _ in range(3)]
    assert [len(r.taken) for r in rounds] == [2, 2, 1]
    assert [r.released for r in rounds] == [2, 2, 1]
    assert [r.more for r in rounds] == [True, True, False]


def test_a_real_process_answers_and_stops_when_told(instructor: Instructor) -> None:
    process = starts(instructor)
    hands_in(instructor, PEOPLE[0])
    assert until(page(instructor, PEOPLE[0]).exists)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "Nhận 1, chấm 1, phát 1 phản hồi." in output


def test_killed_anywhere_the_next_watch_does_what_is_left(instructor: Instructor) -> None:
    process = starts(instructor)
    hands_in(instructor, *PEOPLE[:2])
    assert until(instructor.ledger)
    process.kill()
    process.communicate(timeout=30)
    hands_in(instructor, PEOPLE[2])
    instructor.collects()  # taken, not graded
    hands_in(instructor, PEOPLE[3])
    instructor.collects()
    instructor.grades("T01")  # graded, not answered
    hands_in(instructor, PEOPLE[4])  # not even taken
    watch = Watch(desk(instructor))
    for _ in range(4):
        watch.round()
    assert all(page(instructor, p).exists() for p in PEOPLE)
    assert released(instructor) == 5
    assert sorted((r["person_id"], r["score"]) for r in instructor.ledger()) == [(p, "5.00") for p in PEOPLE]
    assert not watch.round().busy


def test_kill_9_at_any_moment_loses_and_doubles_nothing(instructor: Instructor) -> None:
    import sqlite3

    for person, delay in zip(PEOPLE[:4], (0.0, 0.02, 0.05, 0.1), strict=True):
        process = starts(instructor)
        hands_in(instructor, person)
        time.sleep(delay)
        process.kill()
        process.communicate(timeout=30)
    hands_in(instructor, PEOPLE[4])
    process = starts(instructor)
    assert until(lambda: released(instructor) == 5)
    process.terminate()
    process.communicate(timeout=30)
    with sqlite3.connect(instructor.workspace.gradebook) as database:
        assert database.execute(
            "select count(*), count(distinct attempt_id), min(score), max(score) from moduong_result"
        ).fetchone() == (5, 5, 5, 5)
        assert database.execute("select count(*) from submitted_assignment").fetchone() == (5,)
    assert all('"state": "passed"' in page(instructor, p).read_text(encoding="utf-8") for p in PEOPLE)


def test_bad_hand_ins_delay_nobody(instructor: Instructor) -> None:
    inbound = instructor.workspace.inbound("thu")
    hands_in(instructor, *PEOPLE)
    for person, spoil in zip(PEOPLE[:3], ("{", "[" * 200_000, "\x00"), strict=True):
        (entry,) = inbound.glob(f"{person}+*")
        for name in ("answers.json", "T01.ipynb"):
            (entry / name).chmod(0o644)
            (entry / name).write_text(spoil, encoding="utf-8")
    (inbound / "../../x+T01+2026+y".replace("/", "_")).mkdir(mode=0o777)
    os.mkfifo(next(inbound.glob(f"{PEOPLE[3]}+*")) / "ong")
    done = Watch(desk(instructor)).round()
    states = {t.person: t.state for t in done.taken if t.person}
    assert states[PEOPLE[4]] == "accepted"
    assert states[PEOPLE[0]] == states[PEOPLE[1]] == states[PEOPLE[2]] == "unreadable"
    assert '"state": "passed"' in page(instructor, PEOPLE[4]).read_text(encoding="utf-8")
    assert '"state": "unreadable"' in page(instructor, PEOPLE[0]).read_text(encoding="utf-8")


def test_an_attempt_that_cannot_be_graded_is_reported_and_tried_again(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands_in(instructor, *PEOPLE)
    obstacle = instructor.workspace.autograded(PEOPLE[1], "T01").parent
    obstacle.parent.mkdir(exist_ok=True)
    obstacle.write_text("một tệp đứng chỗ thư mục", encoding="utf-8")
    watch = Watch(desk(instructor))
    done = watch.round()
    assert [p.code for p in done.problems] == ["E-WATCH-1"]
    assert PEOPLE[1] in done.problems[0].said
    assert (done.graded, done.released) == (4, 4)
    assert watch.round().problems == ()
    obstacle.unlink()
    monkeypatch.setattr(lookout.time, "monotonic", lambda: 1e9)
    done = watch.round()
    assert (done.graded, done.released, done.problems) == (1, 1, ())


def test_a_page_that_cannot_be_written_holds_back_nobody(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands_in(instructor, *PEOPLE)
    obstacle = instructor.workspace.feedback(PEOPLE[1], "T01").parent
    obstacle.parent.mkdir(exist_ok=True)
    obstacle.write_text("", encoding="utf-8")
    watch = Watch(desk(instructor))
    done = watch.round()
    assert [p.code for p in done.problems] == ["E-WATCH-2"]
    assert (done.graded, done.released) == (5, 4)
    obstacle.unlink()
    monkeypatch.setattr(lookout.time, "monotonic", lambda: 1e9)
    assert watch.round().released == 1


def test_what_is_still_being_written_waits(instructor: Instructor) -> None:
    hands_in(instructor, PEOPLE[0])
    (entry,) = instructor.workspace.inbound("thu").iterdir()
    secret = entry / "submission_secret.txt"
    kept = secret.read_bytes()
    secret.unlink()
    watch = Watch(desk(instructor))
    assert watch.round().taken == ()
    secret.write_bytes(kept)
    entry.chmod(0o755)
    assert watch.round().taken == ()
    entry.chmod(0o777)
    assert [t.state for t in watch.round().taken] == ["accepted"]
    assert released(instructor) == 1


def test_what_nbgrader_did_not_write_is_taken_when_it_has_settled(
    instructor: Instructor, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands_in(instructor, PEOPLE[0])
    (entry,) = instructor.workspace.inbound("thu").iterdir()
    (entry / "submission_secret.txt").unlink()
    watch = Watch(desk(instructor))
    assert watch.round().taken == ()
    monkeypatch.setattr(lookout, "SETTLED", -1.0)
    assert [t.state for t in watch.round().taken] == ["accepted"]


def test_marks_given_in_formgrader_reach_the_page(instructor: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_MARKS", 0.0)
    hands_in(instructor, *PEOPLE[:2], module="T02")
    watch = Watch(desk(instructor))
    watch.round()
    assert '"state": "pending_manual"' in page(instructor, PEOPLE[0], "T02").read_text(encoding="utf-8")
    instructor.marks(PEOPLE[0], "T02", "T02-Q01", 4, "Rõ ràng.")
    assert until(lambda: watch.round().released, 5)
    text = page(instructor, PEOPLE[0], "T02").read_text(encoding="utf-8")
    assert '"state": "passed"' in text
    assert "Rõ ràng." in text
    assert '"state": "pending_manual"' in page(instructor, PEOPLE[1], "T02").read_text(encoding="utf-8")
    instructor.marks(PEOPLE[0], "T02", "T02-Q01", 1)
    assert until(lambda: watch.round().released, 5)
    assert '"state": "not_passed"' in page(instructor, PEOPLE[0], "T02").read_text(encoding="utf-8")


def test_two_watches_share_the_work(instructor: Instructor) -> None:
    first, second = Watch(desk(instructor)), Watch(desk(instructor))
    hands_in(instructor, *PEOPLE[:3])
    done = [first.round(), second.round()]
    hands_in(instructor, *PEOPLE[3:])
    done += [second.round(), first.round(), second.round()]
    assert sum(len(r.taken) for r in done) == 5
    assert [p for r in done for p in r.problems] == []
    rows = instructor.ledger()
    assert [(r["person_id"], r["score"]) for r in rows] == [(r["person_id"], "5.00") for r in rows]
    assert len(rows) == released(instructor) == 5


def test_a_round_that_breaks_does_not_end_the_watch(instructor: Instructor, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    monkeypatch.setattr(driver, "_PAUSE", 0.0)
    monkeypatch.setattr(driver, "POLL", 0.0)
    said: list[Round] = []
    stop, real, broken = Event(), due.pending, [True]

    def pending(*arguments: object, **options: object) -> object:
        if broken.pop() if broken else False:
            message = "sổ điểm bận"
            raise OSError(message)
        return real(*arguments, **options)  # type: ignore[arg-type]

    def report(done: Round) -> None:
        said.append(done)
        if done.released:
            stop.set()

    monkeypatch.setattr(due, "pending", pending)
    hands_in(instructor, PEOPLE[0])
    driver.run(desk(instructor), stop, report)
    assert [p.code for r in said for p in r.problems] == ["E-WATCH-3"]
    assert page(instructor, PEOPLE[0]).exists()


def test_a_new_roster_counts_from_the_next_round(instructor: Instructor) -> None:
    watch = Watch(desk(instructor))
    Coordinator(instructor).enters(
        "unit_id,name,kind,parent_id,start,end,successor_id\n",
        f"person_id,full_name,email,is_test,same_as\n{PEOPLE[0]},Trần Thị Mẫu 001,,,\n",
        "person_id,unit_id,post,start,end,decision_no\n",
    )
    hands_in(instructor, *PEOPLE[:2])
    assert {t.state for t in watch.round().taken} == {"accepted", "set_aside"}
    assert released(instructor) == 2


def test_a_refused_second_hand_in_is_answered_at_once(instructor: Instructor) -> None:
    watch = Watch(desk(instructor))
    cadre = Cadre(PEOPLE[0], instructor)
    cadre.answers("T01", WRONG["T01"]).hands_in("T01")
    watch.round()
    cadre.answers("T01", RIGHT["T01"]).hands_in("T01")
    done = watch.round()
    assert [(t.state, t.code) for t in done.taken] == [("refused", "E-ATT-WAIT")]
    assert done.released == 1
