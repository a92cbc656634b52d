"""Pages to read: home, lesson, exercise, feedback, pictures."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from tornado.web import HTTPError

from course import start_page
from course.answers import ZONE
from course.host.content import prose, status
from course.host.content.releases import Missing, Module
from course.host.content.status import Status
from course.host.pages.base import Page, signed_in
from course.host.store import learning
from course.host.store.learning import HandedIn

_BODY = re.compile(r"<main>(.*)</main>", re.DOTALL)
_LAST_LINE = re.compile(r'<p class="who">[^<]*</p>\s*\Z')
_DAY = 86_400


class Learning(Page):
    """What pages about learning share."""

    async def standings(self) -> tuple[list[Status], Mapping[str, str]]:
        """Return where I stand in each module of my track, and my places in lessons."""
        me, course = self.me, self.host.course

        def look(
            connection: sqlite3.Connection,
        ) -> tuple[list[HandedIn], Mapping[tuple[str, int], int], Mapping[str, str]]:
            person = me.person
            return (
                learning.hand_ins(connection, person),
                learning.begun(connection, person),
                learning.places(connection, person),
            )

        done, begun, places = await self.host.clerk.do(look)
        by_module: dict[str, list[HandedIn]] = defaultdict(list)
        for one in done:
            by_module[one.module].append(one)

        def stand() -> list[Status]:
            rules = course.about().rules(self.track)
            return [
                status.status(course, r, by_module[r.module], begun.get((r.module, 1 + len(by_module[r.module])), 0))
                for r in rules
            ]

        return await self.in_file_thread(stand), places

    def may_be_kept(self) -> None:
        """Let the browser keep this answer and ask whether it still holds (304); sign-out clears it, on https."""
        if self.host.settings.safe:
            self.set_header("Cache-Control", "private, no-cache")

    @property
    def track(self) -> str:
        """My track; the first of the course where mine is none of its."""
        tracks = self.host.course.about().tracks
        return self.me.track if self.me.track in tracks else next(iter(tracks))

    def pictures(self, module: str) -> str:
        """Return the address of a module's files."""
        return self.to(f"tep/{module}/")

    def pieces(self, module: Module, listed: Sequence[prose.Piece]) -> list[tuple[str, str, Any]]:
        """Return (id, kind, content) of the pieces of a page."""
        found: list[tuple[str, str, Any]] = []
        for number, piece in enumerate(listed, 1):
            content: Any = piece.text
            if piece.kind == "prose":
                content = Markup(prose.prose(piece.text, self.pictures(module.name)))  # noqa: S704  # no raw HTML in it
            elif piece.kind == "lab":
                content = piece.text, Markup(prose.lab_on_paper(piece.text))  # noqa: S704
            found.append((f"p{number}", piece.kind, content))
        return found


class Home(Learning):
    """Modules of my track, where I stand in each, and one button: what now?"""

    @signed_in
    async def get(self) -> None:
        found, places = await self.standings()
        course = self.host.course.about()
        title = course.tracks[self.track][0]
        begin = self.host.course.there(course.begin) if course.begin else None
        now = status.now(self.host.course, found, places, self.lang)
        self.page(
            "home.html",
            standings=found,
            places=places,
            now=now,
            left=self.say(start_page.remaining(found, title[:1].lower() + title[1:])),
            begin=begin if begin and begin.lesson and now.module != begin.name else None,
            passed=sum(s.state == "passed" for s in found),
            total=sum(s.exercise for s in found) or 1,
        )


class Lesson(Learning):
    """The lesson of a module."""

    @signed_in
    async def get(self, name: str) -> None:
        module = await self.in_file_thread(lambda: self.host.course.module(name))
        if not module.lesson:
            raise HTTPError(404)
        self.may_be_kept()
        self.page("lesson.html", module=module, pieces=self.pieces(module, module.lesson))


class Exercise(Learning):
    """The graded exercise of a module: its text; questions and answers come as data (``lam/``)."""

    @signed_in
    async def get(self, name: str) -> None:
        module = await self.in_file_thread(lambda: self.host.course.module(name))
        if module.exercise is None:
            raise HTTPError(404)
        self.may_be_kept()
        found = self.pieces(module, module.questions)
        headless = not any(kind == "prose" and "<h1" in content for _id, kind, content in found)
        self.page("exercise.html", module=module, pieces=found, headless=headless)


class Feedback(Learning):
    """The feedback of one of my own hand-ins, by its number."""

    @signed_in
    async def get(self, name: str, attempt: str) -> None:
        person = self.me.person
        done = await self.host.clerk.do(lambda connection: learning.hand_ins(connection, person, name))
        wanted = next((one for one in done if one.attempt == int(attempt)), None)
        module = self.host.course.there(name)
        if wanted is None or module is None:
            raise HTTPError(404)
        path = status.feedback_of(self.host.course.folder, wanted)
        try:
            page = (await self.in_file_thread(path.read_bytes)).decode("utf-8", "replace")
        except OSError:
            page = ""
        found = _BODY.search(page)
        # Made and escaped by the grader
        body = Markup(_LAST_LINE.sub("", found[1].strip())) if found else ""  # noqa: S704
        known = await self.in_file_thread(lambda: status.standing_of(self.host.course.folder, done))
        after = self.say(status.following(known, datetime.now(ZONE)))
        self.page("feedback.html", module=module, done=wanted, body=body, after=after)


class File(Learning):
    """A picture or data file of a module."""

    @signed_in
    async def get(self, module: str, path: str) -> None:
        try:
            file, media = await self.in_file_thread(lambda: self.host.course.file(module, path))
        except Missing:
            raise HTTPError(404) from None
        self.set_header("Content-Type", media)
        self.set_header("Cache-Control", f"private, max-age={_DAY}")
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        self.finish(await self.in_file_thread(file.read_bytes))
