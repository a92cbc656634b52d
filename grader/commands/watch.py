"""Driver ``grade --watch``: takes hand-ins as they arrive, grades them, publishes feedback.

A round is a batch of what is there.

All it knows is in the ledger and on the exchange, so it may be killed at any moment: the next one does what is left
to do.
"""

from __future__ import annotations

import itertools
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Event

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from course.words import _
from grader.feedback import publish as feedback
from grader.gradebook import decisions, nbgrader_bridge, nbgrader_marks
from grader.ground.database import attempts, results
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace
from grader.intake import collect
from grader.intake.collect import Policy, Taken
from grader.intake.lookout import Later, Lookout
from grader.marking import marks
from grader.marking.at_once import AtOnce
from grader.roster import store as roster_store

POLL = 0.1
"""Seconds between two looks at the exchange."""
BATCH = 40
"""Hand-ins of one round: small enough that the first of many need not wait for the last."""
_MARKS = 3.0
"""Seconds between two looks for marks given in formgrader."""
_CATCH_UP = 40
_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: hand-ins taken, attempts graded, pages released; sentences for the operator.

    Whether more is waiting.
    """

    taken: tuple[Taken, ...] = ()
    graded: int = 0
    released: int = 0
    problems: tuple[ModuongError, ...] = ()
    more: bool = False

    @property
    def busy(self) -> bool:
        """Whether anything happened."""
        return bool(self.taken or self.graded or self.released or self.problems)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch works with.

    ``policy`` is asked again when the roster or a release changes, ``clock`` in every round.
    """

    workspace: Workspace
    engine: Engine
    rules: Syllabus
    policy: Callable[[], Policy]
    clock: Callable[[], tuple[datetime, bool]]


class Watch:
    """One watch over one workspace. ``round`` is called again and again.

    Nothing in here needs to outlive the process.
    """

    def __init__(self, watched: Watched) -> None:
        nbgrader_bridge.warm()
        self._watched = watched
        self._inbound = watched.workspace.inbound(watched.rules.course.id)
        self._known = set(collect.seen(watched.engine))
        self._lookout, self._later = Lookout(self._inbound), Later()
        self._policy, self._signature = watched.policy(), self._signature_now()
        self._ungraded = set(self._modules())
        self._owed: dict[str, set[str]] = defaultdict(set)
        self._aside = self._all_set_aside()
        self._backlog = deque(self._everybody())
        self._marks_due, self._marks, self._decided = 0.0, "", 0
        self._grading = AtOnce(watched.workspace, watched.engine, lambda: watched.clock()[0], self._later)

    def round(self) -> Round:
        """Take, grade and publish what is there now."""
        problems: list[ModuongError] = []
        taken, more = self._collect(problems)
        for one in taken:
            if one.state == "accepted":
                self._ungraded.add(one.module)
            if one.person:
                self._owed[one.module].add(one.person)
            elif one.module in self._policy.modules:
                self._aside[one.module].add(one.attempt_id)
        done = self._grading.round(self._ungraded)
        problems += done.problems
        for module, person in done.people:
            self._owed[module].add(person)
        graded = done.graded
        idle = not (taken or graded or more)
        if idle:
            self._read_marks(problems)
            self._read_decisions()
            self._catch_up()
        released = sum(self._publish(module, problems) for module in sorted({*self._owed, *self._aside}))
        return Round(tuple(taken), graded, released, tuple(problems), more or bool(idle and self._backlog))

    def _modules(self) -> list[str]:
        space = self._watched.workspace
        return [
            m
            for m in self._watched.rules.modules
            if space.key(m).exists() and (space.release(m) / "items.json").exists()
        ]

    def _everybody(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Yield who may be owed a page since an earlier watch was killed, a few at a time."""
        query = sa.select(attempts.c.module_id, attempts.c.person_id).where(attempts.c.person_id != "").distinct()
        with self._watched.engine.connect() as connection:
            rows = connection.execute(query.order_by(attempts.c.module_id, attempts.c.person_id)).all()
        for module, group in itertools.groupby(rows, key=lambda row: str(row[0])):
            people = [row[1] for row in group]
            yield from (
                (module, tuple(people[n : n + _CATCH_UP]))
                for n in range(0, len(people), _CATCH_UP)
                if module in self._ungraded
            )

    def _all_set_aside(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        with self._watched.engine.connect() as connection:
            for module, attempt in connection.execute(
                sa.select(attempts.c.module_id, attempts.c.attempt_id).where(attempts.c.state == "set_aside")
            ):
                if module in self._ungraded:
                    found[module].add(attempt)
        return found

    def _signature_now(self) -> tuple[int, ...]:
        space = self._watched.workspace
        with self._watched.engine.connect() as connection:
            roster = roster_store.version(connection)
        return roster, *(
            p.stat().st_mtime_ns if p.exists() else 0 for p in (space.root / "release", space.root / "keys")
        )

    def _collect(self, problems: list[ModuongError]) -> tuple[list[Taken], bool]:
        """Enter a batch of complete hand-ins; say whether there are more."""
        seen = self._lookout.look(self._known)
        if seen is None:
            return [], False
        if (signature := self._signature_now()) != self._signature:
            self._policy, self._signature = self._watched.policy(), signature
        now, simulated = self._watched.clock()
        hold = frozenset(self._known) | seen.incomplete | self._later.waiting()
        batch = list(itertools.islice(collect.from_exchange(self._inbound, now if simulated else None, hold), BATCH))
        taken: list[Taken] = []
        left = {hand_in.source for hand_in in batch}
        try:
            for one in collect.collect(
                self._watched.workspace, self._watched.engine, batch, self._policy, simulated=simulated
            ):
                if one.state == "failed":
                    self._later.failed(one.source)
                    problems.append(
                        ModuongError(one.code, _("{source}: {reason}", source=one.source, reason=one.reason))
                    )
                else:
                    taken.append(one)
                    self._later.done(one.source)
            left &= self._later.waiting()  # the rest is in the ledger, by us or by another collector
        except ModuongError as error:
            problems.append(error)
            left -= {one.source for one in taken}
        self._known.update({hand_in.source for hand_in in batch} - left)
        if seen.new <= self._known:
            self._lookout.quiet()
        return taken, len(batch) == BATCH

    def close(self) -> None:
        """End the processes beside this one."""
        self._grading.close()

    def _read_marks(self, problems: list[ModuongError]) -> None:
        """Carry new marks of formgrader into the ledger, when there are any."""
        if time.monotonic() < self._marks_due:
            return
        self._marks_due = time.monotonic() + _MARKS
        with self._watched.engine.connect() as connection:
            signature = nbgrader_marks.marks_signature(connection)
        if signature == self._marks:
            return
        now = self._watched.clock()[0]
        try:
            for module in sorted(self._policy.modules):
                if marks.read_marks(self._watched.workspace, self._watched.engine, module, now):
                    self._owed[module].update(self._marked_at(module, now))
        except ModuongError as error:
            problems.append(error)
        else:
            self._marks = signature

    def _read_decisions(self) -> None:
        """Grade what a person has confirmed, and tell whom it concerns."""
        with self._watched.engine.connect() as connection:
            self._decided, made = decisions.made_since(connection, self._decided)
        for module, people in made.items():
            self._ungraded.add(module)
            self._owed[module].update(people)

    def _marked_at(self, module: str, now: datetime) -> set[str]:
        query = (
            sa.select(attempts.c.person_id)
            .join(results, results.c.attempt_id == attempts.c.attempt_id)
            .where(
                attempts.c.module_id == module,
                results.c.cause == "manual",
                results.c.graded_at == now.isoformat(timespec="seconds"),
            )
        )
        with self._watched.engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def _catch_up(self) -> None:
        """Look at the pages of a few people whom an earlier watch may have left without one."""
        if self._backlog:
            module, people = self._backlog.popleft()
            self._owed[module].update(people)

    def _publish(self, module: str, problems: list[ModuongError]) -> int:
        """Publish what is owed in one module.

        Where that fails, one person at a time, and what fails again stays owed.
        """
        people, aside, later = self._owed.pop(module, set()), self._aside.pop(module, set()), self._later.waiting()
        held = {p for p in people if f"{module}/{p}" in later}
        if not (aside or people - held):
            self._keep_owed(module, held)
            return 0
        self._keep_owed(module, held)
        watched = self._watched
        try:
            return feedback.publish(
                watched.workspace, watched.engine, watched.rules, module, people - held, aside
            ).released
        except ModuongError as error:
            problems.append(error)
            self._keep_owed(module, people)
            for person in people:
                self._later.failed(f"{module}/{person}")
            return 0
        except Exception:  # noqa: BLE001  # one page that cannot be made never holds back another
            return sum(self._publish_one(module, person, problems) for person in sorted(people - held))

    def _publish_one(self, module: str, person: str, problems: list[ModuongError]) -> int:
        watched = self._watched
        try:
            released = feedback.publish(watched.workspace, watched.engine, watched.rules, module, {person}).released
        except Exception as error:  # noqa: BLE001  # reported, tried again
            self._later.failed(f"{module}/{person}")
            self._keep_owed(module, {person})
            problems.append(
                ModuongError(
                    "E-WATCH-2",
                    _(
                        "{person} {module}: chưa làm được trang phản hồi ({name}: {error}); sẽ thử lại.",
                        person=person,
                        module=module,
                        name=type(error).__name__,
                        error=error,
                    ),
                )
            )
            return 0
        self._later.done(f"{module}/{person}")
        return released

    def _keep_owed(self, module: str, people: set[str]) -> None:
        if people:
            self._owed[module].update(people)


def run(
    watched: Watched,
    stop: Event,
    report: Callable[[Round], None],
    aside: Callable[[], tuple[ModuongError, ...]] = tuple,
) -> None:
    """Watch until ``stop`` is set.

    ``report`` is told once at the start, then of every round in which something happened. ``aside`` is done whenever
    nothing is waiting, and returns what went wrong with it.
    """
    watch = Watch(watched)
    report(Round())
    try:
        _rounds(watch, stop, report, aside)
    finally:
        watch.close()


def _rounds(
    watch: Watch, stop: Event, report: Callable[[Round], None], aside: Callable[[], tuple[ModuongError, ...]]
) -> None:
    while not stop.is_set():
        try:
            done = watch.round()
            if not done.busy and not done.more:
                done = Round(problems=aside())
        # The watch goes on; nothing is lost, for the ledger knows what is left
        except Exception as error:  # noqa: BLE001
            said = f"{type(error).__name__}: {error}"
            problem = ModuongError("E-WATCH-3", _("Một lượt bị dừng ({said}); sẽ làm tiếp.", said=said))
            done = Round(problems=(problem,))
            stop.wait(_PAUSE)
        if done.busy:
            report(done)
        if not done.more:
            stop.wait(POLL)
