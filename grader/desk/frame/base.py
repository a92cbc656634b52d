"""What every page of the staff shares: who asks and may they, headers, templates, errors as sentences."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.engine import Engine
from tornado.web import HTTPError, RequestHandler

from course.host.store.clerk import Clerk
from course.words import Text, _, into
from grader.desk.frame import staff as people
from grader.desk.frame.assets import FOLDERS, Assets
from grader.desk.frame.menu import Menu, Place
from grader.desk.frame.settings import Settings
from grader.desk.frame.staff import ROLE_NAMES, Staff
from grader.ground.clock import clock
from grader.ground.errors import ModuongError
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace
from grader.roster import lineage, store
from grader.roster.lineage import Structure

T = TypeVar("T")
_LOG = logging.getLogger("moduong.desk")
SESSION, XSRF = "moduong-ban", "moduong-ban-xsrf"
LARGEST_BODY = 24 << 20
"""A roster of a union is a few megabytes."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Server": "moduong",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


@dataclass(slots=True)
class Desk:
    """What the pages share.

    Attributes:
        settings, space, engine, rules: see there.
        clerk: of ``desk.db``.
        menu, assets: pages and their files.
        worker: the one thread that reads and writes workspace and gradebook.
        clock: what time it is, and whether that is simulated.
        kept: what a page module keeps between requests, under its own name.
    """

    settings: Settings
    space: Workspace
    engine: Engine
    rules: Syllabus
    clerk: Clerk
    menu: Menu
    assets: Assets
    clock: Callable[[], tuple[datetime, bool]] = clock
    worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="desk"))
    kept: dict[str, Any] = field(default_factory=dict)

    def structure(self) -> Structure:
        """Return the union as it stands today; call it in the worker."""
        with self.engine.connect() as connection:
            roster = store.load(connection)
        day = self.clock()[0].astimezone(self.rules.course.zone).date()
        return lineage.on(roster.units if roster else (), day, self.rules.offices)

    def close(self) -> None:
        """Finish what waits, and stop."""
        self.worker.shutdown()
        self.clerk.close()


@cache
def _environment() -> Environment:
    folder = FileSystemLoader(FOLDERS)
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class DeskPage(RequestHandler):
    """A handler of the desk; ``place`` says who may come in, ``staff`` is who did.

    ``prepare`` refuses everybody else before a handler's own code runs.
    """

    desk: Desk
    place: Place
    staff: Staff

    def initialize(self, desk: Desk, place: Place) -> None:
        """Take the desk and the place."""
        self.desk, self.place = desk, place

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    async def prepare(self) -> None:
        """Refuse what another site's page sends, and who may not come in here."""
        if self.request.method not in {"GET", "HEAD"}:
            self._same_origin()
        found = await self.asks()
        if found is None:
            if self.request.method != "GET":
                raise HTTPError(401)
            self.redirect(self.to("vao"))
            return
        self.staff = found
        if not self.place.admits(found.grants):
            raise HTTPError(403)

    async def asks(self) -> Staff | None:
        """Return who is signed in."""
        token = self.get_cookie(self.desk.settings.cookie(SESSION)) or ""
        return await self.desk.clerk.do(lambda c: people.session(c, token)) if token else None

    def _same_origin(self) -> None:
        origin, site = self.request.headers.get("Origin"), self.request.headers.get("Sec-Fetch-Site")
        here = {self.desk.settings.origin, f"{self.request.protocol}://{self.request.host}"}
        if (origin is not None and origin not in here) or site in {"cross-site", "same-site"}:
            raise HTTPError(403)

    @property
    def lang(self) -> str:
        """Language of the page: the person's own, the desk's before the sign-in."""
        there = getattr(self, "staff", None)
        return there.lang if there else self.desk.settings.lang

    def say(self, text: str) -> str:
        """Return a sentence in the page's language."""
        return into(text, self.lang)

    def to(self, path: str = "") -> str:
        """Return the address of a page of ours."""
        return self.desk.settings.base + path

    async def work(self, job: Callable[[], T]) -> T:
        """Await a job that touches workspace or gradebook, in the worker."""
        return await asyncio.get_running_loop().run_in_executor(self.desk.worker, job)

    async def note(self, what: str, about: str = "") -> None:
        """Write a line of the log about what this person did."""
        login = self.staff.login
        await self.desk.clerk.do(lambda c: people.note(c, login, what, about))

    async def reach(self, *roles: str) -> frozenset[str]:
        """Return the units, as they stand today, that this person's roles cover (``coordinator`` when none is named).

        A grant covers its unit and all below it; an empty scope covers the whole union.
        """
        granted = [scope for role in roles or ("coordinator",) for scope in self.staff.scopes(role)]
        structure = await self.work(self.desk.structure)
        return below(structure, granted)

    def page(self, template: str, **fields: Any) -> None:
        """Answer with a page; ``template`` lies in ``desk/templates``."""
        there, lang = getattr(self, "staff", None), self.lang
        shared = {
            "_": lambda sentence, **said: into(Text(sentence, said), lang),
            "lang": lang,
            "base": self.desk.settings.base,
            "assets": self.desk.assets,
            "course": self.desk.rules.course,
            "staff": there,
            "menu": self.desk.menu.of(there.grants if there else ()),
            "here": self.place.path,
            "xsrf": self.xsrf_token.decode(),
            "say": self.say,
            "role_names": ROLE_NAMES,
        }
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(_environment().get_template(template).render(**shared, **fields))

    def json(self, data: Any) -> None:
        """Answer with JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(data, ensure_ascii=False))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say what happened in a sentence; never a traceback."""
        failure = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(failure, ModuongError):
            self.set_status(409)
            self.page("problem.html", said=f"{failure.code}: {failure.text(self.lang)}")
            return
        said = {
            401: _("Anh/chị chưa đăng nhập, hoặc phiên đã hết. Anh/chị đăng nhập lại."),
            403: _("Tài khoản này không được vào đây, hoặc trang mở đã quá lâu. Anh/chị tải lại trang."),
            404: _("Không có trang này."),
            413: _("Tệp gửi lên quá lớn."),
        }.get(status_code, _("Chưa làm được việc này. Hãy thử lại; nếu vẫn vậy, báo người vận hành."))
        self.page("problem.html", said=self.say(said))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if not isinstance(value, ModuongError | HTTPError):
            _LOG.error("%s %s", self.request.method, self.request.path, exc_info=(typ, value, tb))


def below(structure: Structure, granted: list[str]) -> frozenset[str]:
    """Return the units that grants cover today: each granted unit (or who carries on for it) and all below it."""
    if "" in granted:
        return frozenset(structure.in_force)
    found = {unit.unit_id for one in granted if (unit := structure.standing(one)) is not None}
    grown = bool(found)
    while grown:
        more = {i for i, unit in structure.in_force.items() if _above(structure, unit.parent_id) in found} - found
        found |= more
        grown = bool(more)
    return frozenset(found)


def _above(structure: Structure, parent: str) -> str:
    standing = structure.standing(parent)
    return standing.unit_id if standing else ""
