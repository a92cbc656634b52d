"""The way in and out of the desk: login and passphrase, a one-time code, my account."""

from __future__ import annotations

import math
import sqlite3

from course.host import passphrase
from course.host.store import tries
from course.words import _
from grader.desk.frame import staff as people
from grader.desk.frame.base import SESSION, XSRF, DeskPage
from grader.desk.frame.staff import CODE_DAYS, SESSION_HOURS, Staff

_DOUBTS = {
    "short": _("Cụm từ bí mật cần ít nhất {least} ký tự.", least=passphrase.LEAST),
    "long": _("Cụm từ bí mật dài quá {most} ký tự.", most=passphrase.MOST),
    "easy": _("Cụm từ này dễ đoán quá. Anh/chị chọn ba, bốn từ không liên quan, ví dụ: «nón lá xanh bến»."),
}


class Open(DeskPage):
    """A page for those who have not signed in."""

    async def prepare(self) -> None:
        """Ask nobody who they are."""
        if self.request.method not in {"GET", "HEAD"}:
            self._same_origin()

    def enter(self, token: str) -> None:
        """Give the browser its session; the one before is void, and so is the token against forged requests."""
        settings = self.desk.settings
        self.clear_cookie(settings.cookie(XSRF), path=settings.base, secure=settings.secure)
        self.set_cookie(
            settings.cookie(SESSION),
            token,
            path=settings.base,
            secure=settings.secure,
            httponly=True,
            samesite="Strict",
            max_age=SESSION_HOURS * 3600,
        )
        self.redirect(self.to())

    async def let_in(self, found: Staff, forget: str = "") -> None:
        """Begin a session; the browser's former one ends."""
        old = self.get_cookie(self.desk.settings.cookie(SESSION)) or ""
        device = self.request.headers.get("User-Agent", "?")

        def begin(connection: sqlite3.Connection) -> str:
            if forget:
                tries.forget(connection, forget)
            if old:
                people.close_session(connection, old, found.login)
            return people.open_session(connection, found.login, device)

        self.enter(await self.desk.clerk.do(begin))


class SignIn(Open):
    """Login and passphrase."""

    async def get(self) -> None:
        self.page("sign_in.html", login="", said="")

    async def post(self) -> None:
        login, typed = self.get_body_argument("login", "")[:80], self.get_body_argument("passphrase", "")[:400]
        name = tries.who(login, "")

        def begin(connection: sqlite3.Connection) -> tuple[float, Staff | None]:
            pause = tries.wait(connection, name)
            if pause > 0:
                return pause, None
            tries.wrong(connection, name)
            return 0.0, people.find(connection, login)

        pause, found = await self.desk.clerk.do(begin)
        if pause > 0:
            self.set_status(429)
            said = _("Thử sai nhiều lần quá. Anh/chị đợi {pause} giây rồi thử lại.", pause=math.ceil(pause))
            self.page("sign_in.html", login=login, said=self.say(said))
            return
        if not await passphrase.right(found.passphrase if found else "", typed) or found is None:
            self.set_status(403)
            said = _("Tên đăng nhập hoặc cụm từ bí mật chưa đúng. Quên thì xin người vận hành một mã mới.")
            self.page("sign_in.html", login=login, said=self.say(said))
            return
        await self.let_in(found, name)


class Code(Open):
    """A one-time code: whose it is, then the passphrase."""

    async def get(self) -> None:
        self.page("code.html", code="", of=None, said="", days=CODE_DAYS)

    async def post(self) -> None:
        code, typed = self.get_body_argument("code", "")[:40], self.get_body_argument("passphrase", None)
        found = await self.desk.clerk.do(lambda c: people.coded(c, code))
        if found is None:
            self.set_status(403)
            said = _("Mã này không dùng được: gõ chưa đúng, đã dùng rồi, hoặc đã quá hạn. Xin người vận hành mã mới.")
            self.page("code.html", code="", of=None, said=self.say(said), days=CODE_DAYS)
            return
        doubt = passphrase.doubts(typed, found.login) if typed is not None else ""
        if typed is None or doubt:
            self.page("code.html", code=code, of=found, said=self.say(_DOUBTS[doubt]) if doubt else "", days=CODE_DAYS)
            return
        hashed = await passphrase.hash_of(typed)
        done = await self.desk.clerk.do(lambda c: people.accept(c, code, hashed))
        if done is None:  # used in the meantime
            self.redirect(self.to("ma"))
            return
        await self.let_in(done)


class Home(DeskPage):
    """What somebody may do here."""

    async def get(self) -> None:
        self.page("home.html")


class Mine(DeskPage):
    """My account: what I may do, my language."""

    async def get(self) -> None:
        self.page("mine.html")

    async def post(self) -> None:
        lang, login = self.get_body_argument("lang", ""), self.staff.login
        if lang in {"vi", "en"}:
            await self.desk.clerk.do(lambda c: people.speak(c, login, lang))
        self.redirect(self.to("toi"))


class SignOut(DeskPage):
    """Out of this browser."""

    async def post(self) -> None:
        cookie, login = self.desk.settings.cookie(SESSION), self.staff.login
        token = self.get_cookie(cookie) or ""
        await self.desk.clerk.do(lambda c: people.close_session(c, token, login))
        self.clear_cookie(cookie, path=self.desk.settings.base, secure=self.desk.settings.secure)
        self.set_header("Clear-Site-Data", '"cache", "storage"')
        self.redirect(self.to("vao"))
