"""TLS by Caddy: ``--tls NAME`` gets a public certificate, ``--tls internal`` one of Caddy's own authority for a LAN."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from course.words import _
from grader.ground.errors import ModuongError

INTERNAL = "internal"
_TEMPLATE = """{{
	admin off
	skip_install_trust
	storage file_system "{store}"
	servers {{
		timeouts {{
			read_header 15s
			idle 2m
		}}
	}}
}}
"""
_SITE = """
{site} {{
	encode gzip
	{tls}
	reverse_proxy 127.0.0.1:{port} {{
		header_up X-Forwarded-For {{remote_host}}
	}}
}}
"""


@dataclass(frozen=True, slots=True)
class Site:
    """One address with TLS and the port on loopback that answers it."""

    address: str
    port: int


def caddyfile(sites: list[Site], *, internal: bool, store: Path) -> str:
    """Return what Caddy is told; ``store`` keeps its certificates."""
    tls = "tls internal" if internal else ""
    written = []
    for site in sites:
        parts = urlsplit(site.address)
        name = f"https://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
        written.append(_SITE.format(site=name, tls=tls, port=site.port))
    return _TEMPLATE.format(store=store) + "".join(written)


def root_certificate(folder: Path) -> Path:
    """Return where Caddy's own root certificate lies once it has started; devices of a LAN must trust it."""
    return folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"


def start(sites: list[Site], folder: Path, *, internal: bool) -> subprocess.Popen[bytes]:
    """Start Caddy in front of the sites.

    Raises:
        ModuongError: ``E-HOST-7`` there is no Caddy.
    """
    found = shutil.which("caddy")
    if found is None:
        raise ModuongError("E-HOST-7", _("Không có Caddy trên máy này. Debian: apt-get install caddy"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "Caddyfile"
    path.write_text(caddyfile(sites, internal=internal, store=folder / "caddy"), encoding="utf-8")
    environment = {"PATH": os.environ.get("PATH", "/usr/bin"), "HOME": str(folder)}
    argv = [found, "run", "--config", str(path), "--adapter", "caddyfile"]
    log = (folder / "caddy.log").open("wb")
    return subprocess.Popen(argv, env=environment, stdout=log, stderr=log)  # noqa: S603  # our own words
