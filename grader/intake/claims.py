"""Times that a hand-in claims of itself: held against the time of receipt, which alone counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from course.answers import ZONE
from course.words import _, when
from grader.intake.answers_in import HandIn

_CLAIM = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?) ?(\S*)")
"""nbgrader's time: its default format, with the name of a zone."""


def forged(hand_in: HandIn) -> list[tuple[str, str]]:
    """Return the warning, as code and sentence, where a hand-in claims a time that cannot be; else nothing."""
    claims = [hand_in.claimed_at] if hand_in.claimed_at else []
    if "timestamp.txt" in hand_in.files:
        claims.append(hand_in.files["timestamp.txt"][:200].decode("utf-8", "replace").strip())
    mailed = not hand_in.source.startswith("exchange/")
    if all(_possible(claim, hand_in.received_at, mailed=mailed) for claim in claims):
        return []
    received = local(hand_in.received_at)
    return [
        ("E-SUB-11", _("Thời điểm ghi trong bài không khớp; tính theo lúc nhận: {received_at}.", received_at=received))
    ]


def _possible(claim: str, received: datetime, *, mailed: bool) -> bool:
    """Say whether ``claim``, a time as nbgrader writes it, fits the time of receipt.

    What is mailed may be as old as it likes.
    """
    match = _CLAIM.fullmatch(claim)
    if match is None:
        return False
    try:
        moment = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
    except ValueError:
        return False
    # a zone's name does not say its offset
    slack = timedelta(hours=1) if match[2] in {"", "UTC", "GMT"} else timedelta(hours=15)
    return moment - received <= slack and (mailed or received - moment <= slack)


def local(instant: datetime) -> str:
    """Return an instant as cadres read it, in the course's zone."""
    return when(instant.astimezone(ZONE).isoformat())
