"""See as a cadre: the cadres' own pages inside the desk, with a database that is thrown away and nothing handed in.

Whoever has a role that knows the course may look: nothing of it tells a key. No attempt comes of it: the spool of these
pages does not exist, and their database is a temporary file.
"""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

from tornado.routing import Router
from tornado.web import RequestHandler

from course.host import server as pages
from course.host.content.releases import Missing
from course.host.pages.base import Host
from course.host.store import accounts
from course.host.store.accounts import Account
from course.words import _
from grader.desk.frame import staff as people
from grader.desk.frame.base import SESSION, Desk, DeskPage
from grader.desk.frame.menu import Mount, Place

_NAME = "coordinator_as_cadre"
_BELOW = "can-bo/"
_ROLES = frozenset({"coordinator", "instructor", "marker"})


def rehearsal(desk: Desk) -> Host:
    """Return the cadres' pages that only this desk's people can open, made once.

    Raises:
        Missing: no course is released.
    """
    found: Host | None = desk.kept.get(_NAME)
    if found is None:
        place = tempfile.TemporaryDirectory(prefix="moduong-xem-")
        folder = Path(place.name)
        settings = replace(
            desk.settings.pages,
            database=folder / "host.db",
            spool=folder / "spool",
            address=f"{desk.settings.origin}{desk.settings.base}{_BELOW}",
            worker=False,
            rehearsal=True,
        )
        found = pages.open_host(settings)
        found.known = lambda page: _who(desk, page)
        desk.kept[_NAME], desk.kept[f"{_NAME} pages"] = found, pages.application(found)
        desk.kept[f"{_NAME} folder"] = place  # removed with the desk
    return found


async def _who(desk: Desk, page: RequestHandler) -> Account | None:
    """Return the cadre that somebody of the staff is here."""
    token = page.get_cookie(desk.settings.cookie(SESSION)) or ""
    found = await desk.clerk.do(lambda c: people.session(c, token)) if token else None
    if found is None or not found.may(*_ROLES):
        return None
    return Account(f"xem-{found.login}", found.name, "", "", next(iter(desk.rules.tracks)))


class Look(DeskPage):
    """Begin: whatever was answered before is forgotten."""

    async def get(self) -> None:
        try:
            host = await self.work(lambda: rehearsal(self.desk))
        except Missing:
            said = _("Chưa có khóa học được phát. Chạy «moduong release» trước.")
            self.page("problem.html", said=self.say(said))
            return
        person = f"xem-{self.staff.login}"
        await host.clerk.do(lambda connection: _forget(connection, person))
        self.redirect(self.to(_BELOW))


def _forget(connection: sqlite3.Connection, person: str) -> None:
    for table in ("drafts", "others", "hand_ins", "practice", "places"):
        connection.execute(f"DELETE FROM {table} WHERE person = ?", (person,))  # noqa: S608  # no input
    accounts.note(connection, person, "rehearsal")


def _mounted(desk: Desk) -> Router | None:
    """Return the cadres' pages once somebody began to look."""
    return desk.kept.get(f"{_NAME} pages")


PLACES = (Place("xem-nhu-can-bo", Look, _ROLES, _("Xem như cán bộ"), 40),)
MOUNTS = (Mount(_BELOW, _mounted),)
