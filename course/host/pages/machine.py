"""For machines: scripts and styles, the service worker, whether the server is well, figures for Prometheus."""

from __future__ import annotations

from tornado.web import HTTPError

from course.host.pages.base import Page

_YEAR = 31_536_000
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_OFF = """self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
})()));
"""


class File(Page):
    """A script or style, under a name that changes with its content."""

    async def get(self, name: str) -> None:
        asset = self.host.assets.file(name)
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


class Worker(Page):
    """The service worker; where it is switched off, one that removes itself and what it kept."""

    async def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-cache")
        self.finish(self.host.assets.worker if self.host.settings.worker else _OFF)


class Health(Page):
    """200 and ``ok`` while the database answers."""

    async def prepare(self) -> None:
        """Ask nobody who they are."""

    async def get(self) -> None:
        try:
            await self.host.clerk.do(lambda connection: connection.execute("SELECT 1").fetchone()[0])
        except Exception:  # noqa: BLE001  # whatever it is, the server is not well
            self.set_status(503)
            self.finish("database")
            return
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("ok")


class Metrics(Page):
    """Figures in Prometheus' text format, for this machine alone."""

    async def prepare(self) -> None:
        """Ask nobody who they are, but let nobody from elsewhere look."""
        forwarded = "X-Forwarded-For" in self.request.headers
        if forwarded or self.request.connection.context.address[0] not in _LOOPBACK:  # type: ignore[union-attr]
            raise HTTPError(404)

    async def get(self) -> None:
        clerk = self.host.clerk
        figures = {
            "commits_total": clerk.commits,
            "jobs_total": clerk.jobs,
            "jobs_waiting": clerk.waiting,
            **{f"{name}_total": count for name, count in sorted(self.host.counts.items())},
        }
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish("".join(f"moduong_host_{name} {value}\n" for name, value in figures.items()))
