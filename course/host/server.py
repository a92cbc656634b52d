"""The server: addresses, limits, start and stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from course.host.content.releases import Course
from course.host.pages import labs, machine, reading, signing, working
from course.host.pages.assets import Assets
from course.host.pages.base import Host, Nowhere
from course.host.settings import Settings
from course.host.store.clerk import Clerk

LARGEST_BODY = 1 << 20
_HEADERS_MOST = 16 << 10
_SLOWEST_BODY, _IDLE = 30, 75  # seconds
_MODULE, _NUMBER = "([A-Za-z0-9]{1,8})", "([0-9]{1,4})"


def open_host(settings: Settings) -> Host:
    """Open course and database.

    Raises:
        course.host.content.releases.Missing: there is no course in the folder.
        sqlite3.Error, course.host.store.schema.NewerDatabase: ``host.db`` cannot be used.
    """
    course = Course(settings.course)
    return Host(settings, course, Clerk(settings.database), Assets(settings.base, course.about().language))


def application(host: Host) -> Application:
    """Return the addresses below the base; whatever is none of them is a page in the course's language."""
    base, given = host.settings.base, {"host": host}
    addresses = (
        ("", reading.Home),
        ("vao", signing.SignIn),
        ("thu-moi", signing.Letter),
        ("ra", signing.SignOut),
        ("toi", signing.Mine),
        ("toi/du-lieu", signing.MyData),
        (f"hoc/{_MODULE}", reading.Lesson),
        (f"bai/{_MODULE}", reading.Exercise),
        (f"phan-hoi/{_MODULE}/{_NUMBER}", reading.Feedback),
        (f"tep/{_MODULE}/([A-Za-z0-9/._-]{{1,100}})", reading.File),
        (f"lam/{_MODULE}", working.Sheet),
        (f"tu-luyen/{_MODULE}", working.Practice),
        ("luu", working.Saves),
        ("nop", working.HandIn),
        ("thu", working.Practice),
        ("cho", working.Reading),
        ("lab/([a-z0-9-]{1,40})", labs.Lab),
        (r"t/([a-z]+-[0-9a-f]{12}\.[a-z]+)", machine.File),
        ("sw.js", machine.Worker),
        ("health", machine.Health),
        ("metrics", machine.Metrics),
    )
    return Application(
        [(f"{base}{path}", handler, given) for path, handler in addresses],
        default_handler_class=Nowhere,
        default_handler_args=given,
        compress_response=True,
        xsrf_cookies=True,
        xsrf_cookie_kwargs={"samesite": "Strict", "path": base, "secure": host.settings.secure, "expires_days": 400},
        log_function=lambda _handler: None,  # addresses hold modules of a person; the metrics count
    )


def listen(host: Host, port: int, address: str = "127.0.0.1") -> tuple[HTTPServer, int]:
    """Start to answer in the running event loop; return the server and its port (a free one for 0).

    Raises:
        OSError: the port is taken.
    """
    sockets = bind_sockets(port, address)
    server = HTTPServer(
        application(host),
        xheaders=bool(host.settings.proxies),
        trusted_downstream=sorted(host.settings.proxies),
        max_body_size=LARGEST_BODY,
        max_buffer_size=2 * LARGEST_BODY,
        max_header_size=_HEADERS_MOST,
        body_timeout=_SLOWEST_BODY,
        idle_connection_timeout=_IDLE,
    )
    server.add_sockets(sockets)
    return server, int(sockets[0].getsockname()[1])


async def serve(
    settings: Settings,
    port: int,
    address: str,
    ready: Callable[[int], None],
    until: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Answer until the process is told to stop (SIGTERM, SIGINT) or ``until`` ends; ``ready`` gets the port.

    Raises as ``open_host``.
    """
    host = open_host(settings)
    server, chosen = listen(host, port, address)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ready(chosen)
    ends = [asyncio.ensure_future(one) for one in (stop.wait(), *([until()] if until else []))]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for one in ends:
        one.cancel()
    server.stop()
    await server.close_all_connections()
    host.close()
