"""What every address shares: who asks, the headers of every answer, pages from templates, errors in Vietnamese."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.web import HTTPError, RequestHandler

from course.answers import AnswersError, load_json
from course.host.content.releases import Course, Missing
from course.host.pages.assets import Assets
from course.host.settings import Settings
from course.host.store import accounts
from course.host.store.accounts import Account
from course.host.store.clerk import Clerk
from course.words import Text, _, into

T = TypeVar("T")
_LOG = logging.getLogger("moduong.host")
SESSION, XSRF = "moduong-phien", "_xsrf"
_TRUSTED_FOR = 20.0
"""Seconds for which a session is not looked up again; a device that was signed out elsewhere is so long still in."""
_LARGEST_JSON = 512 * 1024
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers call the origin of our own forms "null"
    "Server": "moduong",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(slots=True)
class Host:
    """What the handlers share.

    Attributes:
        settings, course, clerk, assets: see there.
        files: threads that read and write files.
        sessions: hash of a token -> who, and until when that is believed.
        counts: what the metrics tell, name -> number.
        known: where given, says who asks in the place of our own sessions.
    """

    settings: Settings
    course: Course
    clerk: Clerk
    assets: Assets
    files: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, thread_name_prefix="files"))
    sessions: dict[str, tuple[Account, float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    known: Callable[[RequestHandler], Awaitable[Account | None]] | None = None

    @property
    def lang(self) -> str:
        """The course's language."""
        return self.course.about().language

    def count(self, name: str) -> None:
        """Count one more of ``name``."""
        self.counts[name] = self.counts.get(name, 0) + 1

    def close(self) -> None:
        """Finish what waits, and stop."""
        self.clerk.close()
        self.files.shutdown()


@cache
def _environment() -> Environment:
    folder = FileSystemLoader(Path(__file__).parents[1] / "templates")
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


class Page(RequestHandler):
    """A handler with the host, the account that is signed in (or ``None``), and pages in the course's language."""

    host: Host
    account: Account | None = None

    def initialize(self, host: Host) -> None:
        """Take the host."""
        self.host = host

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")

    async def prepare(self) -> None:
        """Refuse requests that another site's page sends, then find out who asks."""
        if self.request.method not in {"GET", "HEAD"}:
            self._same_origin()
        token = self.get_cookie(SESSION) or ""
        if self.host.known is not None:
            self.account = await self.host.known(self)
        elif token:
            self.account = await self._signed_in(token)

    def _same_origin(self) -> None:
        origin, site = self.request.headers.get("Origin"), self.request.headers.get("Sec-Fetch-Site")
        here = {self.host.settings.origin, f"{self.request.protocol}://{self.request.host}"}
        if (origin is not None and origin not in here) or site in {"cross-site", "same-site"}:
            raise HTTPError(403)

    async def _signed_in(self, token: str) -> Account | None:
        key, now = accounts.hashed(token), time.monotonic()
        known = self.host.sessions.get(key)
        if known is not None and known[1] > now:
            return known[0]

        def look(connection: Any) -> Account | None:
            session = accounts.session(connection, token)
            return None if session is None else accounts.account(connection, session.person)

        found = await self.host.clerk.do(look)
        if len(self.host.sessions) > 20_000:  # noqa: PLR2004  # 2 MB
            self.host.sessions.clear()
        if found is not None:
            self.host.sessions[key] = found, now + _TRUSTED_FOR
        return found

    def forget(self, person: str) -> None:
        """Look every session of a person up again."""
        for key in [k for k, (account, _until) in self.host.sessions.items() if account.person == person]:
            del self.host.sessions[key]

    @property
    def me(self) -> Account:
        """Who is signed in; only where :func:`signed_in` guards the handler."""
        assert self.account is not None
        return self.account

    @property
    def lang(self) -> str:
        """The course's language."""
        return self.host.lang

    def say(self, text: str) -> str:
        """Return a sentence in the course's language."""
        return into(text, self.lang)

    def to(self, path: str = "") -> str:
        """Return the address of a page of ours."""
        return self.host.settings.base + path

    def page(self, template: str, **fields: Any) -> None:
        """Answer with a page."""
        environment, lang = _environment(), self.lang
        shared = {
            "_": lambda sentence, **said: into(Text(sentence, said), lang),
            "lang": lang,
            "base": self.host.settings.base,
            "assets": self.host.assets,
            "course": self.host.course.about(),
            "account": self.account,
            "xsrf": self.xsrf_token.decode(),
            "worker": self.host.settings.worker,
            "secure": self.host.settings.safe,
            "say": self.say,
            "rehearsal": self.host.settings.rehearsal,
        }
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(environment.get_template(template).render(**shared, **fields))

    @property
    def wants_json(self) -> bool:
        """Whether our own script asks, rather than somebody who reads."""
        headers = self.request.headers
        return "application/json" in {headers.get("Content-Type", ""), headers.get("Accept", "")}

    def json(self) -> dict[str, Any]:
        """Return the JSON object that was sent.

        Raises:
            HTTPError: 400 no such thing, 413 too large, 415 not sent as JSON.
        """
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise HTTPError(415)
        if len(self.request.body) > _LARGEST_JSON:
            raise HTTPError(413)
        try:
            data = load_json(self.request.body)
        except AnswersError:
            raise HTTPError(400) from None
        if not isinstance(data, dict):
            raise HTTPError(400)
        return data

    async def in_file_thread(self, work: Callable[[], T]) -> T:
        """Await ``work``, which touches files, outside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.host.files, work)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """Say what happened, with the way home; JSON to those who sent JSON."""
        self.host.count(f"errors_{status_code}")
        said = {
            400: _("Yêu cầu này chưa đúng dạng. Anh/chị tải lại trang rồi thử lại."),
            401: _("Anh/chị chưa đăng nhập, hoặc đã bị đăng xuất. Câu trả lời chưa gửi vẫn được giữ trên máy này."),
            403: _("Trang này đã mở quá lâu, hoặc yêu cầu không đến từ trang của khóa học. Anh/chị tải lại trang."),
            404: _("Không có trang này. Có thể địa chỉ gõ thiếu, hoặc học phần chưa được phát."),
            413: _("Nội dung gửi lên quá lớn."),
            429: _("Anh/chị thử nhiều lần quá; xin đợi một lát rồi thử lại."),
        }.get(status_code, _("Máy chủ gặp trục trặc. Câu trả lời đã lưu vẫn còn. Anh/chị thử lại sau ít phút."))
        if self.wants_json:
            self.finish({"problem": self.say(said)})
            return
        self.page("problem.html", said=self.say(said))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if isinstance(value, Missing | HTTPError):
            return
        _LOG.error("%s %s", self.request.method, self.request.path, exc_info=(typ, value, tb))


Handle = Callable[..., Awaitable[None]]


def signed_in(handle: Handle) -> Handle:
    """Let a handler answer only who is signed in: pages lead to the sign-in, JSON gets 401. What is missing is 404."""

    @wraps(handle)
    async def guarded(page: Page, *arguments: str) -> None:
        if page.account is None:
            if page.request.method == "GET" and not page.wants_json:
                page.redirect(page.to("vao"))
                return
            raise HTTPError(401)
        try:
            await handle(page, *arguments)
        except Missing:
            raise HTTPError(404) from None

    return guarded


class Nowhere(Page):
    """Every other address."""

    async def get(self, *_arguments: str) -> None:
        raise HTTPError(404)

    post = get
