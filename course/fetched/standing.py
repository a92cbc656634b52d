"""Where a cadre stands in a module, as the ledger says: the next attempt, from when, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course.answers import ZONE, AnswersError, load_json
from course.words import _, when

FOLDER = "standing"
"""In the course's folder of the exchange."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was published.

    Attributes:
        attempt: number of the next attempt.
        left: attempts left, that one included.
        why: ``E-ATT-LIMIT``, ``E-ATT-MARK``, or empty.
        again: from when it is taken; ``None``: at once, or not at all.
        passed: whether the module is passed.
        states: receipt code → what became of that hand-in.
    """

    attempt: int
    left: int
    why: str
    again: datetime | None
    passed: bool
    states: Mapping[str, str]

    def stopped(self, now: datetime) -> str:
        """Return why a hand-in would be refused now, for the cadre; empty when it would be taken."""
        if not self.left:
            return _("Anh/chị đã dùng hết lượt của học phần này. Anh/chị liên hệ điều phối viên để được kèm cặp.")
        if self.again is not None and now < self.again:
            again = when(self.again.astimezone(ZONE).isoformat())
            return _(
                "Lượt {attempt} nộp được từ {again}. Câu trả lời vẫn lưu như thường.", attempt=self.attempt, again=again
            )
        if self.why:
            return _("Lượt trước đang chờ người chấm. Anh/chị nộp lại được khi có điểm.")
        return ""


def read(raw: bytes) -> Standing | None:
    """Read a published standing; ``None`` for what is none."""
    try:
        data = load_json(raw)
        return _standing(data) if data["schema"] == 1 else None
    except (AnswersError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _standing(data: Mapping[str, Any]) -> Standing:
    following = data["next"]
    again = datetime.fromisoformat(following["from"]) if following["from"] else None
    states = {str(one["code"]): str(one["state"]) for one in data["hand_ins"]}
    return Standing(
        int(following["attempt"]), int(following["left"]), str(following["why"]), again, bool(data["passed"]), states
    )
