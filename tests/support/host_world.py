"""The cadres' web server in a thread of the test, over a real exchange and ``host.db``; and its visitors."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from course import published
from course.host import server
from course.host.pages.base import Host
from course.host.settings import Settings
from course.host.store import accounts
from course.host.store.accounts import Account
from tests.support.cadre_browser import make_module

PHRASE = "nón lá xanh bến"
COURSE = {
    "course": {"id": "truyen-thong-so", "version": "1", "title": "Khóa thử", "lead": "Một dòng.", "language": "vi"},
    "modules": {"M90": {"title": "Mọi loại câu", "points": "20", "pass_mark": "16"}},
    "tracks": {"leader": ["M90"]},
    "track_titles": {"leader": "Lãnh đạo"},
    "attempts": {"limit": 3, "wait_hours": 12},
}


def make_course(exchange: Path) -> Path:
    """Write a released course of one module, with a lesson and a practice question, and return its folder."""
    folder = exchange / "truyen-thong-so"
    module = make_module(folder / "outbound")
    (folder / published.FILE).write_bytes(published.dumps(published.data(COURSE)))
    options = [{"id": "A", "text": "Một"}, {"id": "B", "text": "Hai"}]
    body: dict[str, Any] = {"stem": "Câu tự luyện thử", "options": options, "correct": ["A"]}
    body["feedback"] = {"A": "Vì đúng.", "B": "Vì sai."}
    empty = dict.fromkeys(("critical", "component_min", "automatic", "manual"))
    practice: dict[str, Any] = {
        "id": "M90-P01",
        "type": "single",
        "points": "0",
        "withdrawn": False,
        "simulated": False,
        **empty,
    }
    practice["variants"] = [body]
    (module / "practice.json").write_text(json.dumps({"schema": 1, "items": [practice]}), encoding="utf-8")
    cells = [
        ("markdown", "# Bài học\n\nLời <b>thô</b>. ![Hình](images/a.svg)"),
        ("markdown", "## Tự luyện"),
        ("code", 'practice("M90-P01")'),
        ("code", 'lab("den-giao-thong")'),
        ("code", "import os; os.system('x')"),
    ]
    notebook = {
        "cells": [{"cell_type": k, "metadata": {}, "source": s} for k, s in cells],
        "metadata": {},
        "nbformat": 4,
    }
    (module / "bai-hoc.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (module / "images").mkdir()
    (module / "images" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    return folder


@dataclass
class World:
    """A running server; ``invite`` makes an account and its code."""

    host: Host
    port: int

    def invite(self, person: str = "CB-000123", name: str = "Người Thử") -> str:
        one = Account(person, name, "U-1", "CĐCS Mẫu 01", "leader")
        return str(self.do(lambda c: accounts.invite(c, [one], "bài kiểm thử"))[0][1])

    def do(self, job: Any) -> Any:
        return self.host.clerk.ask(job).result(20)

    def cadre(self, person: str = "CB-000123", *, letter: bool = False) -> Visitor:
        """Return somebody who is signed in; with ``letter`` by a fresh letter and a passphrase, which takes longer."""
        code, visitor = self.invite(person), Visitor(self)
        if letter:
            assert visitor.opens_letter(code).status == 302
        else:
            visitor.cookies["moduong-phien"] = self.do(lambda c: accounts.open_session(c, person, "thử"))
        return visitor


@contextmanager
def world(folder: Path, course: Path, base: str = "/", **more: Any) -> Iterator[World]:
    """Start the server and stop it again."""
    settings = Settings(course, folder / "host.db", folder / "spool", f"http://127.0.0.1:1{base}", **more)
    loop, began = asyncio.new_event_loop(), threading.Event()
    made: list[Any] = []

    async def begin() -> None:
        host = server.open_host(settings)
        made.extend((host, *server.listen(host, 0)))
        began.set()

    def run() -> None:
        loop.run_until_complete(begin())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert began.wait(30)
    host, listening, port = made
    try:
        yield World(host, port)
    finally:

        async def end() -> None:
            listening.stop()
            await listening.close_all_connections()

        asyncio.run_coroutine_threadsafe(end(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        host.close()
        loop.close()


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Visitor:
    """Somebody with cookies of their own, who sends what a browser would."""

    world: World
    cookies: dict[str, str] = field(default_factory=dict)

    def asks(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.world.port, timeout=20)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        connection.request(method, path, body, given)
        came = connection.getresponse()
        for line in came.headers.get_all("Set-Cookie") or []:
            name, _eq, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            if not value.strip('"'):
                del self.cookies[name]
        answer = Answer(came.status, came.headers, came.read())
        connection.close()
        return answer

    def gets(self, path: str, **headers: str) -> Answer:
        return self.asks("GET", path, **headers)

    def token(self) -> str:
        if "_xsrf" not in self.cookies:
            self.gets(self.world.host.settings.base + "vao")
        if "_xsrf" not in self.cookies:
            self.gets(self.world.host.settings.base + "toi")
        return self.cookies["_xsrf"]

    def fills(self, path: str, **fields: str) -> Answer:
        body = urlencode({"_xsrf": self.token(), **fields}).encode()
        return self.asks("POST", path, body, Content_Type="application/x-www-form-urlencoded")

    def sends(self, path: str, data: Any) -> Answer:
        body = json.dumps(data).encode()
        return self.asks("POST", path, body, Content_Type="application/json", X_XSRFToken=self.token())

    def opens_letter(self, code: str, phrase: str = PHRASE) -> Answer:
        return self.fills(self.world.host.settings.base + "thu-moi", code=code, passphrase=phrase)

    def signs_in(self, person: str, phrase: str) -> Answer:
        return self.fills(self.world.host.settings.base + "vao", person=person, passphrase=phrase)

    def sheet(self, module: str = "M90") -> Any:
        return self.gets(f"{self.world.host.settings.base}lam/{module}").json

    def saves(self, item: str, value: Any, **more: Any) -> Mapping[str, Any]:
        """Save one answer; ``base``, ``client``, ``number`` and the rest as a page gives them."""
        entry = {"person": "CB-000123", "module": "M90", "attempt": 1, "item": item, "variant": 0, "value": value}
        entry |= {"base": 0, "client": "trang", "number": 1, **more}
        results = self.sends(f"{self.world.host.settings.base}luu", {"entries": [entry]}).json["results"]
        return dict(results[0])
