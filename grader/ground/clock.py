"""The one clock: what time every stage of a command takes it to be."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from course.words import _
from grader.ground.errors import ModuongError


def clock() -> tuple[datetime, bool]:
    """Return the one ``now`` that every stage gets, and whether it is simulated (``$MODUONG_NOW``).

    Raises:
        ModuongError: ``E-NOW-1`` when ``$MODUONG_NOW`` is no instant with an offset.
    """
    text = os.environ.get("MODUONG_NOW", "")
    if not text:
        return datetime.now(UTC), False
    try:
        now: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        now = None
    if now is None or now.tzinfo is None:
        raise ModuongError(
            "E-NOW-1", _("MODUONG_NOW={text} không phải thời điểm có múi giờ, ví dụ 2026-11-01T08:00+07:00.", text=text)
        )
    return now, True
