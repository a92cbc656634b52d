"""Whether an address answers with a certificate that devices will trust, and for how long."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from course.words import _
from grader.commands.doctor.symptom import Symptom

_SOON = 14
_PATIENCE = 5.0


def examine(address: str, now: datetime) -> Symptom:
    """Connect to an address as a browser would and look at its certificate; grave: no browser will open it."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        return Symptom(
            "tls", False, _("{address}: không phải địa chỉ https; xem «moduong host --tls»", address=address)
        )
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), _PATIENCE) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) as safe,
        ):
            certificate = safe.getpeercert() or {}
    except (OSError, ssl.SSLError) as error:
        said = _("{address}: {error}; kiểm tra Caddy và tên miền", address=address, error=error)
        return Symptom("tls", False, said, grave=True)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    days = (ends - now).days
    said = _("{address}: chứng thư còn {days} ngày", address=address, days=days)
    return Symptom("tls", days > _SOON, said)
