"""Under ``--watch`` learner code waits only for itself: whoever sleeps delays no honest answer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from grader.commands.watch import Watch, Watched
from grader.marking import grade
from tests.support.people import Author, Cadre, Instructor

CODE = """```{item} T02-Q01
type: code
points: 5
outcome: 1
level: apply
stem: Tính `tong` của các số trong tệp `DATA`.
given: rows = open(DATA).read().split()
starter: tong = ...
solution: tong = sum(map(int, rows))
checks:
  - {value: tong, points: 5, feedback: "Hãy cộng các dòng."}
data: [mot.csv, hai.csv]
```
"""
HONEST = "tong = sum(map(int, rows))"
SLOW = f"import time; time.sleep({grade.FIRST_LOOK + 1}); {HONEST}"
SLEEPERS, LATER = ("CB-000001", "CB-000002", "CB-000003"), ("CB-000004", "CB-000005")


@pytest.fixture
def coded(tmp_path: Path) -> Instructor:
    author = Author(tmp_path).writes_course()
    author.writes("T02", CODE)
    for name, rows in (("mot.csv", "1\n2\n"), ("hai.csv", "5\n7\n")):
        path = author.exercises / "T02" / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(rows, encoding="utf-8")
    return Instructor(author, tmp_path / "workspace").releases()


def test_a_sleeper_delays_nobody_but_itself(coded: Instructor) -> None:
    watched = Watched(coded.workspace, coded.engine, coded.rules, coded.policy, lambda: (coded.now, True))
    for person in SLEEPERS:
        Cadre(person, coded).answers("T02", {"T02-Q01": SLOW}).hands_in("T02")
    watch, order = Watch(watched), []

    def rounds(wanted: int) -> None:
        end = time.monotonic() + 90
        while len(order) < wanted and time.monotonic() < end:
            done = watch.round()
            assert done.problems == ()
            order.extend(row["person_id"] for row in coded.ledger() if row["score"] and row["person_id"] not in order)
            time.sleep(0.05)

    try:
        assert [t.state for t in watch.round().taken] == ["accepted"] * len(SLEEPERS)
        Cadre(LATER[0], coded).answers("T01").hands_in("T01")
        Cadre(LATER[1], coded).answers("T02", {"T02-Q01": HONEST}).hands_in("T02")
        rounds(len(SLEEPERS) + len(LATER))
    finally:
        watch.close()
    assert set(order[:2]) == set(LATER)
    assert set(order[2:]) == set(SLEEPERS)
    assert {row["score"] for row in coded.ledger() if row["module_id"] == "T02"} == {"5.00"}


def test_a_batch_enters_the_quick_first_and_loses_none(coded: Instructor) -> None:
    from grader.marking import batch, crew

    for person, code in (("CB-000001", SLOW), ("CB-000002", HONEST)):
        Cadre(person, coded).answers("T02", {"T02-Q01": code}).hands_in("T02")
    assert len(coded.collects(hours_later=1)) == 2
    steps: list[int] = []
    with crew.local(1) as one:
        done = batch.grade_module(
            coded.workspace,
            coded.engine,
            "T02",
            coded.now,
            force=False,
            crew=one,
            by_nbgrader=False,
            begin=lambda _n: steps.append,
        )
    assert (done.graded, done.problems, steps) == (2, (), [1, 1])
    assert [row["score"] for row in coded.ledger()] == ["5.00", "5.00"]
