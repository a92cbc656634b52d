"""What the staff's pages are told once, at their start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from course.host.settings import Settings as Pages

NAME = "desk.db"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the accounts of staff are, and how staff reach the pages.

    Attributes:
        database: ``desk.db``, inside the workspace: the cadres' pages cannot read it.
        address: what staff type; another host name than the cadres', for cookies know no ports.
        pages: settings of the cadres' pages, for invitations and for seeing as a cadre.
        lang: of whoever has not signed in yet.
        proxies: addresses whose ``X-Forwarded-For`` is believed.
    """

    database: Path
    address: str
    pages: Pages
    lang: str = "vi"
    proxies: frozenset[str] = field(default_factory=frozenset)

    @property
    def base(self) -> str:
        """Path under which everything lies, with a slash at both ends."""
        path = urlsplit(self.address).path.strip("/")
        return f"/{path}/" if path else "/"

    @property
    def secure(self) -> bool:
        """Whether staff reach it by TLS."""
        return urlsplit(self.address).scheme == "https"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers name a page's origin."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def cookie(self, name: str) -> str:
        """Return the name of a cookie; where it can be, one that no neighbouring site can plant (``__Host-``)."""
        return f"__Host-{name}" if self.secure and self.base == "/" else name
