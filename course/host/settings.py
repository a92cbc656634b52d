"""What the server is told once, at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the course, its database and its spool are, and how the world reaches it.

    Attributes:
        course: the course's folder in the exchange: ``course.json``, ``outbound/``, ``feedback/``, ``standing/``.
        database: ``host.db``.
        spool: folder into which hand-ins are put, for *watch* to take in.
        address: what people type, such as ``https://hoc.example.vn/``; its path is the base of every address.
        proxies: addresses whose ``X-Forwarded-For`` is believed.
        worker: whether pages may install the service worker (off: those installed remove themselves).
        rehearsal: staff look at it as a cadre does: nothing is handed in.
    """

    course: Path
    database: Path
    spool: Path
    address: str
    proxies: frozenset[str] = field(default_factory=frozenset)
    worker: bool = True
    rehearsal: bool = False

    @property
    def base(self) -> str:
        """Path under which everything lies, with a slash at both ends."""
        path = urlsplit(self.address).path.strip("/")
        return f"/{path}/" if path else "/"

    @property
    def secure(self) -> bool:
        """Whether people reach it by TLS."""
        return urlsplit(self.address).scheme == "https"

    @property
    def safe(self) -> bool:
        """Whether browsers take the pages for a secure context: by TLS, or on this machine."""
        return self.secure or urlsplit(self.address).hostname in _LOOPBACK

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers name a page's origin."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"
