"""The server of the desk: addresses, limits, start and stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import Engine
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.routing import Router
from tornado.web import Application, HTTPError

from course.host.store.clerk import Clerk
from grader.desk.frame import menu, signing, store
from grader.desk.frame.assets import Assets
from grader.desk.frame.base import LARGEST_BODY, XSRF, Desk, DeskPage
from grader.desk.frame.menu import Place
from grader.desk.frame.settings import Settings
from grader.desk.frame.staff import ROLES
from grader.ground.syllabus import Syllabus
from grader.ground.workspace import Workspace

_YEAR = 31_536_000
_ALL = frozenset(ROLES)


class File(signing.Open):
    """A style sheet or script, under a name that changes with its content."""

    async def get(self, name: str) -> None:
        asset = self.desk.assets.file(name)
        if asset is None:
            raise HTTPError(404)
        self.set_header("Content-Type", asset.media)
        self.set_header("Cache-Control", f"public, max-age={_YEAR}, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(asset.packed)
        else:
            self.finish(asset.content)


class Health(signing.Open):
    """200 and ``ok`` while the database answers."""

    async def get(self) -> None:
        try:
            await self.desk.clerk.do(lambda connection: connection.execute("SELECT 1").fetchone()[0])
        except Exception:  # noqa: BLE001  # whatever it is, the server is not well
            self.set_status(503)
            self.finish("database")
            return
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("ok")


class Nowhere(DeskPage):
    """Every other address."""

    async def get(self, *_arguments: str) -> None:
        raise HTTPError(404)

    post = get


_OWN = (
    Place("", signing.Home, _ALL),
    Place("vao", signing.SignIn, _ALL),
    Place("ma", signing.Code, _ALL),
    Place("ra", signing.SignOut, _ALL),
    Place("toi", signing.Mine, _ALL),
    Place("health", Health, _ALL),
    Place(r"t/([a-z_]+-[0-9a-f]{12}\.[a-z]+)", File, _ALL),
)


def open_desk(settings: Settings, space: Workspace, engine: Engine, rules: Syllabus) -> Desk:
    """Open ``desk.db`` and find the pages; raises as :func:`course.host.store.schema.connect`."""
    found = menu.discover()
    clerk = Clerk(settings.database, store.connect)
    return Desk(settings, space, engine, rules, clerk, found, Assets(settings.base, found.modules))


def application(desk: Desk) -> Application:
    """Return the addresses below the base."""
    settings = desk.settings
    places = [*_OWN, *desk.menu.places]
    xsrf = {"samesite": "Strict", "path": settings.base, "secure": settings.secure, "httponly": True}
    return Application(
        [(settings.base + p.path, p.handler, {"desk": desk, "place": p}) for p in places],
        default_handler_class=Nowhere,
        default_handler_args={"desk": desk, "place": Place("", Nowhere, _ALL)},
        compress_response=True,
        xsrf_cookies=True,
        xsrf_cookie_name=settings.cookie(XSRF),
        xsrf_cookie_kwargs=xsrf,
        log_function=lambda _handler: None,
    )


class _Whole(Router):
    """The desk's own addresses, and what page modules mount below some of them."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._own = desk, application(desk)

    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> HTTPMessageDelegate | None:
        """Return who answers."""
        for mount in self._desk.menu.mounts:
            if request.path.startswith(self._desk.settings.base + mount.path):
                other = mount.made(self._desk)
                if other is not None:
                    return other.find_handler(request, **kwargs)
        return self._own.find_handler(request, **kwargs)


def listen(desk: Desk, port: int, address: str = "127.0.0.1") -> tuple[HTTPServer, int]:
    """Start to answer in the running event loop; return the server and its port (a free one for 0).

    Raises:
        OSError: the port is taken.
    """
    sockets = bind_sockets(port, address)
    server = HTTPServer(
        _Whole(desk),
        xheaders=bool(desk.settings.proxies),
        trusted_downstream=sorted(desk.settings.proxies),
        max_body_size=LARGEST_BODY,
        max_buffer_size=LARGEST_BODY + (1 << 20),
        max_header_size=16 << 10,
        body_timeout=120,
        idle_connection_timeout=75,
    )
    server.add_sockets(sockets)
    return server, int(sockets[0].getsockname()[1])


async def serve(desk: Desk, port: int, address: str, ready: Callable[[int], None]) -> None:
    """Answer until the process is told to stop (SIGTERM, SIGINT); ``ready`` gets the port. Raises as ``listen``."""
    server, chosen = listen(desk, port, address)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ready(chosen)
    await stop.wait()
    server.stop()
    await server.close_all_connections()
    desk.close()
