"""The way in and out: a letter's code, a passphrase, device sessions. No answer tells whether a person exists."""

from __future__ import annotations

import asyncio
import json
import math
import secrets
import sqlite3
import time
from collections import deque

from course.host import passphrase
from course.host.pages.base import SESSION, XSRF, Page, signed_in
from course.host.store import accounts, learning, tries
from course.host.store.accounts import SESSION_DAYS
from course.words import _

DEVICE = "moduong-may"
_DAY = 86_400
_DOUBTS = {
    "short": _("Cụm từ bí mật cần ít nhất {least} ký tự.", least=passphrase.LEAST),
    "long": _("Cụm từ bí mật dài quá {most} ký tự.", most=passphrase.MOST),
    "easy": _("Cụm từ này dễ đoán quá. Anh/chị chọn ba, bốn từ không liên quan, ví dụ: «nón lá xanh bến»."),
}
_CODE_WINDOW, _CODES_FREE = 600.0, 20
"""Wrong codes from all addresses together within ten minutes before each further one has to wait a second."""
_wrong_codes: deque[float] = deque(maxlen=1000)


class Doors(Page):
    """What pages of the way in share."""

    def enter(self, token: str, device: str) -> None:
        """Give the browser its session; what it had before is void, so nobody can fix a session for somebody else."""
        secure, path = self.host.settings.secure, self.host.settings.base
        self.clear_cookie(XSRF, path=path)
        for name, value, days in ((SESSION, token, SESSION_DAYS), (DEVICE, device, 400)):
            self.set_cookie(
                name,
                value,
                expires_days=days,
                path=path,
                secure=secure,
                httponly=True,
                samesite="Lax",
                max_age=days * _DAY,
            )

    def device(self) -> str:
        """Return the secret by which this browser is known as one on which somebody signed in before."""
        known = self.get_cookie(DEVICE) or ""
        return known if 20 <= len(known) <= 64 else ""  # noqa: PLR2004  # a token of ours

    def called(self) -> str:
        """Return how this device is listed: its browser's own words, shortened."""
        agent = self.request.headers.get("User-Agent", "")
        kinds = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
        return next((kind for kind in kinds if kind in agent), "?")

    def drop_session(self) -> None:
        """End the session of this browser, if it has one."""
        token = self.get_cookie(SESSION)
        if token:
            self.host.sessions.pop(accounts.hashed(token), None)
            self.clear_cookie(SESSION, path=self.host.settings.base)


class SignIn(Doors):
    """Id and passphrase."""

    async def get(self) -> None:
        if self.account is not None:
            self.redirect(self.to())
            return
        self.page("sign_in.html", person="", said="")

    async def post(self) -> None:
        person, typed = self.get_body_argument("person", "")[:80], self.get_body_argument("passphrase", "")[:400]
        device = self.device()
        name = tries.who(person, device)

        def begin(connection: sqlite3.Connection) -> tuple[float, accounts.Account | None, bool]:
            pause = tries.wait(connection, name)
            if pause > 0:
                return pause, None, False
            tries.wrong(connection, name)
            return 0.0, accounts.account(connection, person), True

        pause, found, _counted = await self.host.clerk.do(begin)
        if pause > 0:
            self.set_status(429)
            self.host.count("sign_in_slowed")
            said = _("Thử sai nhiều lần quá. Anh/chị đợi {pause} giây rồi thử lại.", pause=math.ceil(pause))
            self.page("sign_in.html", person=person, said=self.say(said))
            return
        if not await passphrase.right(found.passphrase if found else "", typed) or found is None:
            self.set_status(403)
            self.host.count("sign_in_wrong")
            said = _("Mã cán bộ hoặc cụm từ bí mật chưa đúng. Quên cụm từ thì xin điều phối viên một thư mời mới.")
            self.page("sign_in.html", person=person, said=self.say(said))
            return
        await self._let_in(found, name)

    async def _let_in(self, found: accounts.Account, name: str) -> None:
        old, device = self.get_cookie(SESSION) or "", secrets.token_urlsafe(24)
        called = self.called()

        def enter(connection: sqlite3.Connection) -> str:
            tries.forget(connection, name)
            if old:
                accounts.close_session(connection, old)
            return accounts.open_session(connection, found.person, called)

        token = await self.host.clerk.do(enter)
        self.drop_session()
        self.enter(token, device)
        self.host.count("sign_ins")
        self.redirect(self.to())


class Letter(Doors):
    """A one-time code: first it says whose it is, then it takes the passphrase."""

    async def get(self) -> None:
        self.page("code.html", code="", person=None, said="")

    async def post(self) -> None:
        code = accounts.typed_code(self.get_body_argument("code", "")[:40])
        await self._soften()
        found = await self.host.clerk.do(lambda connection: accounts.invited(connection, code))
        if found is None:
            _wrong_codes.append(time.monotonic())
            self.set_status(403)
            self.host.count("codes_wrong")
            said = _(
                "Mã này không dùng được: gõ chưa đúng, đã dùng rồi, hoặc đã quá hạn. Anh/chị xin điều phối viên mã mới."
            )
            self.page("code.html", code="", person=None, said=self.say(said))
            return
        typed = self.get_body_argument("passphrase", None)
        if typed is None:
            self.page("code.html", code=code, person=found, said="")
            return
        doubt = passphrase.doubts(typed, found.person)
        if doubt:
            self.page("code.html", code=code, person=found, said=self.say(_DOUBTS[doubt]))
            return
        await self._accept(code, await passphrase.hash_of(typed))

    async def _soften(self) -> None:
        """Let guessing cost time: nobody is refused, for a whole corporation may sit behind one address."""
        now = time.monotonic()
        if sum(at > now - _CODE_WINDOW for at in _wrong_codes) >= _CODES_FREE:
            await asyncio.sleep(1)

    async def _accept(self, code: str, hashed: str) -> None:
        called = self.called()

        def accept(connection: sqlite3.Connection) -> tuple[str, str] | None:
            found = accounts.accept(connection, code, hashed)
            return None if found is None else (found.person, accounts.open_session(connection, found.person, called))

        done = await self.host.clerk.do(accept)
        if done is None:  # used in the meantime
            self.redirect(self.to("thu-moi"))
            return
        self.forget(done[0])
        self.drop_session()
        self.enter(done[1], secrets.token_urlsafe(24))
        self.host.count("codes_used")
        self.redirect(self.to())


class SignOut(Doors):
    """Out of this device, or of all; the browser is told to forget what it kept (shared phones)."""

    @signed_in
    async def post(self) -> None:
        token, person = self.get_cookie(SESSION) or "", self.me.person
        everywhere = self.get_body_argument("everywhere", "") == "1"

        def leave(connection: sqlite3.Connection) -> None:
            accounts.close_session(connection, token)
            if everywhere:
                accounts.close_sessions(connection, person)

        await self.host.clerk.do(leave)
        self.forget(person)
        self.drop_session()
        self.set_header("Clear-Site-Data", '"cache", "storage"')
        self.account = None
        self.page("sign_in.html", person="", said=self.say(_("Đã đăng xuất. Máy này không còn giữ bài của anh/chị.")))


class Mine(Doors):
    """My account: devices, and everything that is kept about me."""

    @signed_in
    async def get(self) -> None:
        person = self.me.person
        self.page("mine.html", devices=await self.host.clerk.do(lambda c: accounts.devices(c, person)))


class MyData(Doors):
    """Everything that is kept about me, as a file."""

    @signed_in
    async def get(self) -> None:
        person = self.me.person
        found = await self.host.clerk.do(lambda connection: learning.everything(connection, person))
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="du-lieu-cua-toi.json"')
        self.finish(json.dumps(found, ensure_ascii=False, indent=1).encode())
