"""The staff's pages in a thread of the test, over a real workspace, gradebook and ``desk.db``; and their people."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from course.host.settings import Settings as Pages
from grader.desk.frame import server, staff
from grader.desk.frame.base import Desk
from grader.desk.frame.settings import NAME, Settings
from grader.desk.frame.staff import Grant
from grader.gradebook import nbgrader_bridge
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace
from tests.support.host_world import Answer, Visitor
from tests.support.union_builder import NOW

PHRASE = "nón lá xanh bến"


@dataclass
class DeskWorld:
    """A running desk."""

    host: Desk
    port: int

    def do(self, job: Any) -> Any:
        return self.host.clerk.ask(job).result(20)

    def grant(self, login: str, role: str, scope: str = "", lang: str = "vi") -> str:
        """Grant a role and return a one-time code."""

        def make(connection: Any) -> str:
            staff.grant(connection, login, Grant(role, scope), "bài kiểm thử", name=f"Bà {login}", lang=lang)
            return staff.code(connection, login, "bài kiểm thử")

        return str(self.do(make))

    def member(self, login: str, role: str, scope: str = "", lang: str = "vi") -> Member:
        """Return somebody of the staff who is signed in."""
        self.grant(login, role, scope, lang)
        one = Member(self)  # type: ignore[arg-type]  # it asks for port and base alone
        one.cookies["moduong-ban"] = self.do(lambda c: staff.open_session(c, login, "thử"))
        return one


@dataclass
class Member(Visitor):
    """Somebody of the staff."""

    held: dict[str, str] = field(default_factory=dict)

    def token(self) -> str:
        if "moduong-ban-xsrf" not in self.cookies:
            self.gets(self.world.host.settings.base + "vao")
        return self.cookies["moduong-ban-xsrf"]

    def fills(self, path: str, **fields: Any) -> Answer:
        body = urlencode({"_xsrf": self.token(), **fields}, doseq=True).encode()
        return self.asks("POST", path, body, Content_Type="application/x-www-form-urlencoded")

    def uploads(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file as a browser's form does."""
        edge = "--ranh-gioi"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="_xsrf"\r\n\r\n{self.token()}\r\n--{edge}\r\n'
        head += f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self.asks("POST", path, body, Content_Type=f"multipart/form-data; boundary={edge}")


@contextmanager
def desk_world(folder: Path, space: Workspace, rules: Syllabus, course: Path | None = None) -> Iterator[DeskWorld]:
    """Start the desk of a workspace, at the time of ``union_builder.NOW``, and stop it again."""
    released = course or space.exchange / rules.course.id
    pages = Pages(released, folder / "host.db", folder / "spool", "https://hoc.example.vn/")
    settings = Settings(folder / NAME, "http://127.0.0.1:1/", pages)
    loop, began, made = asyncio.new_event_loop(), threading.Event(), []

    async def begin() -> None:
        desk = server.open_desk(settings, space, nbgrader_bridge.open_gradebook(space), rules)
        desk.clock = lambda: (NOW, True)
        made.extend((desk, *server.listen(desk, 0)))
        began.set()

    def run() -> None:
        loop.run_until_complete(begin())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert began.wait(30)
    desk, listening, port = made
    try:
        yield DeskWorld(desk, port)
    finally:

        async def end() -> None:
            listening.stop()
            await listening.close_all_connections()

        asyncio.run_coroutine_threadsafe(end(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        desk.close()
        loop.close()
