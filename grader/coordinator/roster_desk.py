"""What the roster part of the coordinator's page can do: read a file, answer its questions, take it in, mend one post.

Knows no widget: the page, or a web page, shows what it returns.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.engine import Connection, Engine

from course.vietnamese import read_day
from course.words import Text, _
from grader.completion import count, effect, ledger_progress
from grader.completion.effect import Effect
from grader.coordinator import roster_work
from grader.ground import database
from grader.ground.clock import clock
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace
from grader.roster import edit, lineage, store, versions, words
from grader.roster.door import profile, taking
from grader.roster.door.asked import Question
from grader.roster.door.taking import Draft, Now
from grader.roster.edit import Which
from grader.roster.occupancy import State
from grader.roster.records import OPEN, Post, Roster
from grader.roster.row_findings import RowFinding
from grader.roster.todo import Task
from grader.roster.versions import Cause, Entry

FILES = "tai-ve"
"""Folder of what was made to be taken away, below the coordinator's."""
_EARLIEST = 1900


@dataclass(frozen=True)
class Step:
    """Where a file stands.

    Attributes:
        questions: the next ones to be answered, all of one sort; none when the diff can be read.
        draft: what would change with the answers given so far.
        effects: what that does to the targets; empty while there are questions.
    """

    questions: tuple[Question, ...]
    draft: Draft
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Doubts:
    """Posts that cannot all be true today: sentences with their effect, and for each state who would be ended when."""

    told: tuple[RowFinding, ...]
    states: tuple[State, ...]


class RosterDesk:
    """The roster of one workspace, and the file that is being taken in."""

    def __init__(
        self,
        space: Workspace,
        engine: Engine,
        rules: Syllabus,
        clock: Callable[[], tuple[datetime, bool]] = clock,
        *,
        by: str = "",
    ) -> None:
        """Read nothing yet; ``clock`` and ``by`` as in ``page.Figures``."""
        self._space, self._engine, self._rules, self._clock = space, engine, rules, clock
        self._by = versions.whoever(by)
        self._book: taking.Book | None = None
        self._answers: dict[str, str] = {}
        self._step: Step | None = None
        self._correct = False

    @property
    def lang(self) -> str:
        """Return the language of the course, in which the page speaks."""
        lang: str = self._rules.course.language
        return lang

    def stored(self) -> Roster | None:
        """Return the stored roster; ``None`` where there is none."""
        with self._engine.connect() as connection:
            return store.load(connection)

    def read(self, name: str, data: bytes) -> Step:
        """Read a file that was dropped, in the child process, and return the first step.

        Raises:
            ModuongError: those of ``taking.book``.
        """
        self._answers, self._step, self._correct = {}, None, False
        folder = self._space.coordinator()
        folder.mkdir(parents=True, exist_ok=True)
        shown = "".join(letter for letter in Path(name).name if letter.isprintable())[-100:] or "danh-sach"
        with tempfile.TemporaryDirectory(dir=folder) as place:
            path = Path(place) / shown.lstrip(".")
            path.touch(mode=0o600)
            path.write_bytes(data)
            try:
                self._book = taking.book(path)
            except ModuongError as error:  # the folder is nobody's business
                raise ModuongError(error.code, _named(error.said, f"{place}{os.sep}")) from None
        return self._again()

    def answer(self, answers: Mapping[str, str]) -> Step:
        """Take answers, and return the next step."""
        self._answers |= answers
        return self._again()

    def correct_starts(self) -> Step:
        """Let the file's first days stand in for the stored ones where a row overlaps one, and return the next step."""
        self._correct = True
        return self._again()

    def rejected_now(self) -> Sequence[RowFinding]:
        """Return what is rejected of the file that is being taken in, else of the list that was taken in last."""
        if self._step is not None:
            return [self._step.draft.place(finding) for finding in self._step.draft.merged.roster.rejected]
        roster = self.stored()
        return roster.rejected if roster else ()

    def write_rejected(self) -> tuple[str, str]:
        """Write every rejected row for Excel, and return the file's address and its name."""
        place = self._space.coordinator() / FILES
        place.mkdir(parents=True, exist_ok=True)
        path = Path(tempfile.mkdtemp(dir=place)) / "dong-bi-loai.csv"
        words.write_rejects(path, self.rejected_now(), self.lang)
        return f"../files/{FILES}/{path.parent.name}/{path.name}", path.name

    def tasks(self) -> tuple[Task, ...]:
        """Return what is to be done about the stored roster, but for posts that cannot all be true."""
        roster = self.stored()
        return roster_work.tasks(roster, self._rules, self._today()) if roster else ()

    def about(self, task: Task) -> list[tuple[str, Which]]:
        """Return the posts that a task is about, as ``find``; none for one that is done in a file."""
        roster = self.stored()
        posts = roster_work.about(task, roster, self._today()) if roster else ()
        return roster_work.said(roster, posts, self._rules.offices, self.lang) if roster else []

    def _again(self) -> Step:
        if self._book is None:
            raise ModuongError("E-FILE-1", _("Chưa chọn tệp nào."))
        with self._engine.connect() as connection:
            known = profile.load(self._space.roster() / profile.FILE)
            now = Now(
                store.version(connection),
                store.load(connection),
                versions.births(connection),
                known | self._answers,
                self._rules.offices,
            )
            made = taking.of_book(self._book, now, foresee=False, correct=self._correct)
            kinds = [question.kind for question in made.questions]
            first = tuple(question for question in made.questions if question.kind == kinds[0])
            effects = () if first else self._effects(connection, now.roster, made.settled())
        self._step = Step(first, made, effects)
        return self._step

    def take(self, typed: int | None) -> bool:
        """Take the file in; return whether anything changed.

        Raises:
            ModuongError: as ``taking.take``.
        """
        if self._step is None:
            raise ModuongError("E-FILE-1", _("Chưa chọn tệp nào."))
        made = self._step.draft
        with database.writing(self._engine) as connection:
            saved = taking.take(connection, made, self._by, self._clock()[0], typed)
        profile.keep(self._space.roster() / profile.FILE, made.answers)
        self._book, self._step, self._answers = None, None, {}
        return saved

    def versions(self) -> tuple[list[Entry], list[Entry]]:
        """Return all versions, the latest first, and those that stand."""
        with self._engine.connect() as connection:
            known = versions.entries(connection)
        return known[::-1], versions.stack(known)

    def undo(self) -> tuple[Entry, Entry]:
        """Go back one version; return (what is undone, what is back).

        Raises:
            ModuongError: ``E-ROSTER-4`` there is nothing before it.
        """
        with database.writing(self._engine) as connection:
            return versions.undo(connection, self._by, self._clock()[0])

    def doubts(self) -> Doubts:
        """Return the posts that cannot all be true today."""
        roster, day = self.stored(), self._today()
        if roster is None:
            return Doubts((), ())
        states = roster_work.states(roster, self._rules, day)
        if not states:
            return Doubts((), ())
        with self._engine.connect() as connection:
            progress = ledger_progress.read(connection, self._rules, roster)
        found = count.decide(self._rules, roster, progress, day, self._clock()[0])
        return Doubts(found.impossible, tuple(states))

    def end_all(self, state: State) -> tuple[Effect, ...]:
        """Write down that the earlier holders of a state have left; return the effect."""

        def changed(roster: Roster) -> Roster:
            for post, last in state.ends:
                roster = edit.end(roster, Which(post.written_id, post.unit_id, post.post, post.start), last)
            return roster

        return self._change("end", ", ".join(post.written_id for post, _last in state.ends), changed)

    def find(self, text: str) -> list[tuple[str, Which]]:
        """Return the posts of people whose name, id or unit holds a text: how each reads, and which it is."""
        roster = self.stored()
        posts = roster_work.holding(text, roster) if roster else ()
        return roster_work.said(roster, posts, self._rules.offices, self.lang) if roster else []

    def units(self) -> list[tuple[str, str]]:
        """Return (name and id, id) of the units in force today, by name."""
        roster = self.stored()
        there = lineage.on(roster.units if roster else (), self._today(), self._rules.offices).in_force
        return sorted((f"{unit.name} ({unit.unit_id})", unit.unit_id) for unit in there.values())

    def posts(self) -> list[tuple[str, str]]:
        """Return (word, id) of each post."""
        return [(term.label(self.lang), post) for post, term in self._rules.offices.posts.items()]

    def add(self, who: str, unit: str, post: str, start: str, decision: str) -> tuple[Effect, ...]:
        """Add a post of somebody: ``who`` is an id in the roster, else the name of somebody new.

        Raises:
            ModuongError: ``E-POST-1`` a rule forbids it, ``E-ASOF-2`` the day is none.
        """
        roster = self.stored()
        known = roster.survivor(who.strip()) if roster else None
        row = Post(known or "", unit, post, self._day(start), OPEN, decision.strip(), 0, known or "")
        return self._change("add", who, lambda stored: edit.add(stored, row, "" if known else who)[0])

    def end(self, which: Which, last: str) -> tuple[Effect, ...]:
        """Write down the last day of a post; for the rest as ``add``."""
        day = self._day(last)
        return self._change("end", which.person_id, lambda roster: edit.end(roster, which, day))

    def correct(self, which: Which, start: str) -> tuple[Effect, ...]:
        """Correct the first day of a post; an empty one removes the post. For the rest as ``add``."""
        day = self._day(start) if start.strip() else None

        def changed(roster: Roster) -> Roster:
            before = roster.posts[edit.find(roster, which)]
            return edit.correct(roster, which, before._replace(start=day) if day else None)

        return self._change("correct", which.person_id, changed)

    def _change(self, what: str, source: str, changed: Callable[[Roster], Roster]) -> tuple[Effect, ...]:
        with database.writing(self._engine) as connection:
            before = store.required(connection)
            after = changed(before)
            births = versions.births(connection)
            versions.save(connection, after, births, Cause(what, self._by, source), self._clock()[0])
            return self._effects(connection, before, after)

    def _effects(self, connection: Connection, before: Roster | None, after: Roster) -> tuple[Effect, ...]:
        moment = self._today(), self._clock()[0]
        return effect.of(
            self._rules, before, after, lambda roster: ledger_progress.read(connection, self._rules, roster), moment
        )

    def _today(self) -> date:
        return self._clock()[0].astimezone(self._rules.course.zone).date()

    @staticmethod
    def _day(written: str) -> date:
        day = read_day(written)
        if day is None or day.year < _EARLIEST:
            raise ModuongError(
                "E-ASOF-2", _("«{written}» không phải ngày; hãy viết như 2026-10-31 hoặc 31/10/2026.", written=written)
            )
        return day


def _named(said: str, place: str) -> str:
    """Return a sentence that names files without their folder."""
    if not isinstance(said, Text):
        return said.replace(place, "")
    return Text(said.template, {name: str(value).replace(place, "") for name, value in said.fields.items()})
