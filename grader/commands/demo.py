"""Driver ``demo``.

Invented cadres work through the course over nbgrader's real exchange, and the chain says who is trained.
"""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.engine import Engine

from course import released
from course.answers import ZONE, Answer, AnswerSet, AnswerStore
from course.exchange import Exchange
from course.handin import hand_in
from course.released import attempts_so_far
from grader.gradebook import nbgrader_marks
from grader.ground import database
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace
from grader.intake import collect
from grader.intake.collect import Policy, Taken
from grader.itemtypes.invented import simulate
from grader.marking import due, grade, marks
from grader.publish import notebooks
from grader.roster import read as rosters
from grader.roster import store as roster_store
from grader.roster.sample import files as roster_sample
from grader.roster.sample.people import BEGUN, LATE, TRAINED, WAITING, Learner

NOW = datetime(2026, 11, 1, 8, tzinfo=ZONE)
AS_OF = date(2026, 10, 31)
_OPENING = datetime(2026, 1, 15, 8, tzinfo=ZONE)
_ABLE, _WEAK, _WEAKEST = 0.75, 0.45, 0.15  # probability of a right answer
_POOR_FIRST = 0.4  # share of first attempts of those who have not learnt yet; they learn, and try again
_WAIT, _WAIT_FOR_MARKER = timedelta(hours=36), timedelta(days=35)  # marks are given every month
_MARKS = (0.75, 0.85, 1.0)  # shares that a marker gives to a passing paper
MARKER = "demo.json"
Draws = tuple[random.Random, Counter[tuple[str, int]]]


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A cadre hands in: when, who, what, how well (probability of a right answer), and whether it is enough to pass."""

    at: datetime
    person: str
    module: str
    skill: float
    passing: bool
    broken: str = ""


def events(learners: tuple[Learner, ...], syllabus: Syllabus, marked: frozenset[str], seed: int) -> list[Event]:
    """Return what the learners do, in order of time; ``diligence`` decides as ``roster_sample`` documents."""
    rng = random.Random(f"events-{seed}")  # not for secrets
    found = [
        event for learner in learners if learner.diligence >= BEGUN for event in _life(learner, syllabus, marked, rng)
    ]
    found.sort()
    for number, broken in ((3, "truncated"), (11, "foreign"), (19, "link"), (27, "stranger")):
        honest = found[number % len(found)]
        found.append(
            Event(honest.at + timedelta(hours=1), honest.person, honest.module, honest.skill, honest.passing, broken)
        )
    return sorted(found)


def _life(learner: Learner, syllabus: Syllabus, marked: frozenset[str], rng: random.Random) -> Iterator[Event]:
    track = syllabus.tracks[learner.role]
    step = (
        (NOW - _OPENING) * rng.uniform(0.3, 0.9) / (len(track) + 1)
    )  # the quick are done by spring: a history to forecast from
    for number, module in enumerate(track):
        at = _OPENING + step * number + step * rng.random() * 0.8
        last = number == len(track) - 1
        if learner.diligence < WAITING and number:
            yield Event(at, learner.person_id, module, _WEAK, passing=False)
            return
        # Nobody tries again while a marker is awaited, and whose papers stay unmarked until the end has one attempt.
        again = at + (_WAIT_FOR_MARKER if module in marked else _WAIT) + timedelta(hours=rng.randrange(40))
        room = again + step < NOW and not (module in marked and learner.diligence < LATE)
        if rng.random() < _POOR_FIRST and room:
            yield Event(at, learner.person_id, module, rng.uniform(_WEAKEST, _WEAK), passing=False)
            if rng.random() < 0.3 and module not in marked:
                yield Event(at + timedelta(hours=2), learner.person_id, module, _WEAK, passing=False)
            at = again
        if last and LATE <= learner.diligence < TRAINED:
            at = NOW - timedelta(hours=1 + rng.randrange(6))
        yield Event(at, learner.person_id, module, _ABLE, passing=True)


@dataclass(frozen=True, slots=True)
class Played:
    """What the demo did: hand-ins by what became of them, and those that need a look."""

    states: Counter[str]
    aside: tuple[Taken, ...]


def play(
    workspace: Workspace, engine: Engine, syllabus: Syllabus, policy: Policy, seed: int, tick: Callable[[], None]
) -> Played:
    """Let every event happen: fetch, answer, hand in; collect every day, grade and mark every month.

    Calls ``tick`` after each.
    """
    learners = roster_sample.read_learners(workspace.roster())
    unmarked = frozenset(learner.person_id for learner in learners if WAITING <= learner.diligence < LATE)
    rng = random.Random(f"answers-{seed}")
    keys = {module: grade.load_key(workspace, module) for module in sorted(policy.modules)}
    taken: list[Taken] = []
    passing: dict[tuple[str, str], bool] = {}
    turns: Counter[tuple[str, int]] = Counter()
    inbound = workspace.inbound(syllabus.course.id)
    month = _OPENING.month
    days = itertools.groupby(events(learners, syllabus, policy.marked_modules, seed), lambda event: event.at.date())
    for day, happening in days:
        if day.month != month:
            month = day.month
            _grade_and_mark(workspace, engine, keys, unmarked, passing, datetime.combine(day, time(), ZONE))
        for event in happening:
            _hand_in(workspace, syllabus.course.id, keys, event, (rng, turns))
            passing[event.module, event.person] = event.passing
            tick()
        taken += collect.collect(
            workspace, engine, collect.from_exchange(inbound, event.at, collect.seen(engine)), policy, simulated=True
        )
    _grade_and_mark(workspace, engine, keys, unmarked, passing, NOW)
    aside = tuple(t for t in taken if t.state in {"set_aside", "unreadable"})
    return Played(Counter(t.state for t in taken), aside)


def _grade_and_mark(
    workspace: Workspace,
    engine: Engine,
    keys: Mapping[str, dict[str, Any]],
    unmarked: frozenset[str],
    passing: Mapping[tuple[str, str], bool],
    now: datetime,
) -> None:
    """Grade what was collected.

    Then a marker gives every waiting essay most of its points, but leaves some for later.
    """
    for module, key in keys.items():
        _grade(workspace, engine, key, now)
        parts = {notebooks.manual_id(i): float(i["manual"]) for i in key["items"] if i["manual"]}

        def share(person: str, module: str = module) -> float:
            return random.Random(person).choice(_MARKS) if passing.get((module, person)) else 0.5

        if parts and nbgrader_marks.mark_waiting(
            engine, module, parts, share, "Bài viết đủ ý, rõ người và rõ ngày.", unmarked
        ):
            marks.read_marks(workspace, engine, module, now)


def _grade(workspace: Workspace, engine: Engine, key: Mapping[str, Any], now: datetime) -> None:
    with engine.connect() as connection:
        waiting = due.pending(connection, key["module"], again=False)
    if waiting:
        grade.commit(engine, key["module"], grade.run(grade.Job(workspace, key, tuple(waiting), "grade")), now)


def count_events(workspace: Workspace, syllabus: Syllabus, policy: Policy, seed: int) -> int:
    """Return how often ``play`` will call ``tick``."""
    return len(events(roster_sample.read_learners(workspace.roster()), syllabus, policy.marked_modules, seed))


def _hand_in(workspace: Workspace, course: str, keys: Mapping[str, dict[str, Any]], event: Event, draws: Draws) -> None:
    """One cadre fetches the module, answers through the answer store, hands in through the exchange."""
    home = workspace.learner(event.person)
    home.mkdir(parents=True, exist_ok=True)
    exchange = Exchange(workspace.exchange, course, event.person, home)
    folder = home / event.module
    if not folder.exists():
        exchange.fetch(event.module)
    if event.broken:
        _break(workspace, course, event)
        return
    earlier = attempts_so_far(folder)
    key = keys[event.module]
    sheet = released.read(folder)
    blank = AnswerSet(event.module, {}, course, sheet.release, event.person, 1 + earlier)
    variants = {i["id"]: sheet.asked.draw(event.person, i, 1 + earlier) for i in key["items"]}
    values = simulate.paper(key, variants, event.skill, *draws, passing=event.passing)
    saved = event.at.isoformat(timespec="seconds")
    answers = {i: Answer(v, variants[i], 100 * (earlier + 1) + n, saved) for n, (i, v) in enumerate(values.items())}
    AnswerStore(folder, blank).put_all(answers)
    hand_in(folder, exchange, event.at)


def _break(workspace: Workspace, course: str, event: Event) -> None:
    """Put something into the inbound folder that nobody can grade."""
    inbound = workspace.inbound(course)
    stamp = f"{event.at:%Y-%m-%d %H:%M:%S} UTC"
    person = "nguoi-la" if event.broken == "stranger" else event.person
    entry = inbound / f"{person}+{event.module}+{stamp}+{event.broken}"
    entry.mkdir(exist_ok=True)
    if event.broken == "link":
        (entry / "answers.json").symlink_to(workspace.key(event.module))
    elif event.broken == "truncated":
        (entry / "answers.json").write_text('{"schema": 1, "module": "M01", "answers": {', encoding="utf-8")
    elif event.broken == "foreign":
        (entry / "bao-cao.txt").write_text("Báo cáo tháng 10", encoding="utf-8")
    else:
        (entry / "answers.json").write_text(
            json.dumps({"schema": 1, "module": event.module, "answers": {}}), encoding="utf-8"
        )


def played_before(workspace: Workspace, seed: int) -> bool:
    """Say whether this workspace holds the finished demo of ``seed``."""
    marker = workspace.root / MARKER
    return marker.exists() and json.loads(marker.read_text(encoding="utf-8")) == {"seed": seed}


def remember(workspace: Workspace, seed: int) -> None:
    """Note that the demo has been played."""
    (workspace.root / MARKER).write_text(json.dumps({"seed": seed}), encoding="utf-8")


def roster(workspace: Workspace, engine: Engine, seed: int) -> None:
    """Write the demo's roster into the workspace and take it in."""
    roster_sample.write(workspace.roster(), "demo", seed)
    with database.writing(engine) as connection:
        roster_store.save(connection, rosters.read(workspace.roster()))
