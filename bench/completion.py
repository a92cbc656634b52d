"""From the database to the answer: which of the nine corporations is below 70 %, and by how many.

For three sizes of union.
"""

from __future__ import annotations

import json
import random
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from bench import completion_stock
from bench.measure import Run, heading, line, moduong, run, spread
from grader.gradebook import nbgrader_bridge
from grader.ground import database, syllabus
from grader.ground.workspace import Workspace, open_workspace
from grader.roster import rules as roster_rules
from grader.roster import store as roster_store
from grader.roster.records import OPEN, Person, Post, Roster, Unit

AS_OF = date(2026, 10, 31)
CORPORATIONS = 9
_OPENING = datetime(2026, 1, 15, 1, tzinfo=UTC)
_SECONDS = 280 * 24 * 3600
_AT_ONCE = 20_000
_VERSION = "1.0.0"
_SORT = """column => new Promise(done => {
  const button = document.querySelectorAll("#units thead button")[column];
  const start = performance.now();
  button.click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def course(folder: Path, modules: int) -> Path:
    """Write a course of so many modules, all of them in the leaders' track, and return its folder."""
    names = [f"M{number:02}" for number in range(1, modules + 1)]
    text = f"""
course: {{id: do-luong, version: "{_VERSION}", time_zone: Asia/Ho_Chi_Minh}}
modules:
{"".join(f"  {name}: {{title: Học phần {name}, part: 1, points: 20, pass_mark: {16 if name in {'M03', 'M07'} else 15}}}{chr(10)}" for name in names)}
tracks: {{leader: [{", ".join(names)}]}}
attempts: {{limit: 3, wait_hours: 12}}
targets:
  set: CTr01-2023
  CT70: {{track: leader, goal: [7, 10], by: 2028-12-31, counts_from: 2023-12-29, posts: [chair, vice_chair, acting_chair],
         unit_kinds: [grassroots_union, member_grassroots_union, section_union], under: corporation}}
"""  # noqa: E501
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.yaml").write_text(text, encoding="utf-8")
    return folder


def union(people: int, units: int) -> Roster:
    """Return a plainly invented union.

    Nine corporations, ``units`` grassroots unions and sections, ``people`` leaders in them.
    """
    start = date(2018, 1, 1)
    rows = [Unit("CD", "Công đoàn Mẫu", "union", "", start, OPEN, "", 2)]
    rows += [
        Unit(f"TCT{n}", f"Tổng công ty Mẫu {n}", "corporation", "CD", start, OPEN, "", 3 + n)
        for n in range(CORPORATIONS)
    ]
    for n in range(units):
        first = n // 10 * 10  # of ten units one is a grassroots union, nine are its sections
        kind, above = (
            ("grassroots_union", f"TCT{n // 10 % CORPORATIONS}") if n == first else ("section_union", f"DV{first:05}")
        )
        rows.append(
            Unit(
                f"DV{n:05}",
                f"{'CĐCS' if n == first else 'CĐBP'} Công ty Điện lực Mẫu {n:05}",
                kind,
                above,
                start,
                OPEN,
                "",
                20 + n,
            )
        )
    persons = [Person(f"CB-{n:07}", f"Trần Thị Mẫu {n:07}", f"mau{n}@mau.vn", False, "", 2 + n) for n in range(people)]
    posts = []
    for n, person in enumerate(persons):
        who, post = person.person_id, "chair" if n < units else "vice_chair"
        posts.append(Post(who, f"DV{n % units:05}", post, date(2025, 10, 1), OPEN, "QĐ-1", 2 + n, who))
    return roster_rules.together(rows, persons, posts, (), ())


def workspace(folder: Path, people: int, modules: int, *, units: int, texts: bool = True) -> Workspace:
    """Return a workspace whose database holds a union and its ledger.

    ``texts``: whether each row carries answers and item scores of the usual size, about 3 kB together, or none.
    """
    rules = syllabus.load(course(folder / "course", modules) / "course.yaml")
    space = open_workspace(folder / "workspace", rules.course.id)
    engine = nbgrader_bridge.open_gradebook(space)
    with database.writing(engine) as connection:
        roster_store.save(connection, union(people, units))
        fill(connection, people, modules, "x" * 1200 if texts else "", "x" * 1800 if texts else "")
    engine.dispose()
    return space


def fill(connection: Connection, people: int, modules: int, answers: str, items: str) -> None:
    """Enter every attempt and its result as collect and grade leave them, a chunk at a time."""
    insert = [
        f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})"
        for table in (database.attempts, database.results)
    ]
    pairs = _attempts(people, modules, answers, items)
    while chunk := list(islice(pairs, _AT_ONCE)):
        for number in (0, 1):
            connection.exec_driver_sql(insert[number], [pair[number] for pair in chunk])


def _attempts(people: int, modules: int, answers: str, items: str) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Yield rows of both tables for everybody at every module.

    Of some corporations more pass, one in seven fails once first.
    """
    rng = random.Random(f"{people}x{modules}")  # not for secrets
    for number in range(people):
        person = f"CB-{number:07}"
        diligent = rng.random() < 0.5 + 0.05 * (number // 10 % CORPORATIONS)
        for index in range(modules):
            module = f"M{index + 1:02}"
            at = _OPENING + timedelta(seconds=rng.randrange(_SECONDS))
            scores = [16 + rng.randrange(401) / 100 if diligent or index else 9.0]
            if rng.random() < 1 / 7:
                scores.insert(0, rng.randrange(1450) / 100)
            for attempt, score in enumerate(scores, 1):
                name, when = f"{person}.{module}.{attempt}", (at + timedelta(days=attempt)).isoformat()
                yield (
                    (
                        name,
                        person,
                        module,
                        attempt,
                        f"bench/{name}",
                        when,
                        "",
                        name,
                        answers,
                        "owner",
                        "accepted",
                        "",
                        "",
                        True,
                    ),
                    (name, 1, when, "grade", "graded", score, 20, True, None, "k1", _VERSION, items, ""),
                )


def ours(space: Workspace, folder: Path, *command: str) -> Run:
    """Run one command on the workspace as a whole process, as of the day."""
    options = ("--workspace", space.root, "--course", folder / "course", "--as-of", AS_OF.isoformat())
    return run(moduong(*command, *options), MODUONG_NOW="2026-11-01T08:00+07:00")


def answer(space: Workspace) -> str:
    """Return the answer that ``report.json`` gives: corporations below the goal, and by how many people."""
    target = json.loads((space.reports() / "report.json").read_text(encoding="utf-8"))["targets"][0]
    below = [f"{row['unit_id']} −{row['shortfall']}" for row in target["by_corporation"] if not row["met"]]
    return f"{target['numerator']}/{target['denominator']}; below: {', '.join(below)}"


def size(
    folder: Path, people: int, modules: int, wanted: str, *, texts: bool = True, times: int = 3
) -> tuple[Workspace, Run]:
    """Print the row of one size and return its workspace and a median run."""
    space = workspace(folder, people, modules, units=2000, texts=texts)
    runs = [ours(space, folder, "report", "--no-history") for _ in range(times)]
    seconds = [one.seconds for one in runs]
    peak = max(one.mebibytes for one in runs)
    said = f"{spread(seconds)} s, {peak:.0f} MiB; {answer(space)}"
    line(
        f"{people:,} cadres × {modules} modules, `moduong report --no-history` from the database to "
        f"report.json{'' if texts else ', rows without texts'}",
        said,
        wanted,
    )
    return space, Run(statistics.median(seconds), peak, statistics.median(one.cpu for one in runs))


def against_stock(folder: Path) -> None:
    """Print the comparison with ``nbgrader export`` and pandas; their run takes a quarter of an hour."""
    people, modules = 2000, 10
    space = workspace(folder, people, modules, units=400)
    rules = syllabus.load(folder / "course" / "course.yaml")
    runs = [ours(space, folder, "report", "--no-history") for _ in range(5)]
    mine = statistics.median([one.seconds for one in runs])
    corporations = {f"CB-{n:07}": f"TCT{n % 400 // 10 % CORPORATIONS}" for n in range(people)}
    theirs, totals = completion_stock.seconds(space, rules, corporations, folder)
    found = json.loads((space.reports() / "report.json").read_text(encoding="utf-8"))["targets"][0]["by_corporation"]
    same = {
        row["unit_id"]: {"sum": row["numerator"], "count": row["denominator"]} for row in found if row["denominator"]
    } == json.loads(totals)
    line(
        f"`nbgrader export` and pandas, {people:,} × {modules}, same gradebook",
        f"{theirs:.0f} s; same totals: {'yes' if same else 'NO'}",
    )
    line("`moduong report --no-history` on it, times faster", f"{theirs / mine:.0f}× ({mine:.2f} s)", "≥ 100×")


def page(path: Path) -> None:
    """Print how large the report page is, and how fast Chromium opens it and sorts its table by its own clock."""
    from playwright.sync_api import sync_playwright

    opened, sorted_in = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for _ in range(5):
            tab = browser.new_page()
            tab.goto(path.as_uri())
            opened.append(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
            sorted_in += [tab.evaluate(_SORT, column) for column in (0, 4)]
            tab.close()
        browser.close()
    line("report.html, 2,000 units", f"{path.stat().st_size / 2**20:.2f} MiB", "≤ 2 MB")
    line("opens in Chromium (to the load event)", f"{spread(opened)} ms", "≤ 1 s")
    line("sorts (click to the next painted frame)", f"{spread(sorted_in)} ms", "≤ 1 s")


def bench(folder: Path) -> None:
    """Print the table of the completion issue."""
    heading("Completion: which of the nine corporations is below 70 %, and by how many")
    small, _ = size(folder / "10k", 10_000, 20, "≤ 2 s", times=5)
    page(small.reports() / "report.html")
    size(folder / "100k", 100_000, 10, "≤ 10 s, ≤ 2,048 MiB")
    _, fewer = size(folder / "100k-bare", 100_000, 10, "", texts=False)
    _, more = size(folder / "1M", 1_000_000, 10, "reported", texts=False, times=3)
    told = (
        f"{more.seconds / fewer.seconds:.1f}×, processor {more.cpu / fewer.cpu:.1f}×, memory "
        f"{more.mebibytes / fewer.mebibytes:.1f}×"
    )
    line("1,000,000 × 10 against 100,000 × 10, both without texts: time", told, "≤ 10×")
    against_stock(folder / "stock")
