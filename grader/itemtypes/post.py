"""``post``: a text to a situation, checked by named rules; a person may mark a part of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from pydantic import Field

from course import numbers
from course.words import _
from grader.itemtypes.shared.base import (
    Body,
    Clock,
    Identifier,
    Keyed,
    Model,
    Points,
    PublicBody,
    StaffType,
    Text,
    Trials,
    Weighted,
)
from grader.itemtypes.shared.chance import equally
from grader.itemtypes.shared.writing import REPLY, RubricRow, Rules


class Check(Rules):
    """One automatic check of a text."""

    id: Identifier
    points: Points


class Vector(Model):
    """A test of the checks: this text earns these automatic points."""

    text: Text
    points: Decimal = Field(ge=0)


class ManualPart(Model):
    """The part of a post that a person marks."""

    points: Points
    rubric: tuple[RubricRow, ...] = Field(min_length=1)


Group = Literal["harm", "threat", "promise", "blame"]
_DENIED = ("không", "chưa", "chẳng", "đừng", "chớ", "khỏi", "khoan")


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(listed.split("|"))


NEVER: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        "harm": (
            _phrases(
                "chết|tử vong|thiệt mạng|qua đời|mất mạng|thi thể|nguy kịch|hôn mê|bất tỉnh|nhập viện|cấp cứu|đi "
                "viện|bệnh viện"
                "|trọng thương|bị thương nặng|gãy|chấn thương sọ|liệt|bỏng nặng|mất tích|mổ"
            ),
            "Tình huống không báo điều này.",
        ),
        "threat": (
            _phrases(
                "kỷ luật|kỉ luật|đuổi việc|sa thải|cho nghỉ việc|buộc thôi việc|cho thôi việc|xử lý nghiêm|xử lí "
                "nghiêm|xử phạt"
                "|bị phạt|phạt tiền|phạt|trừ lương|trừ thưởng|cắt thưởng|cắt lương|trừ điểm|hạ bậc|cấm bàn|cấm "
                "nói|cấm hỏi"
                "|cấm đăng|cấm chia sẻ|bắt buộc|đừng trách|chịu trách nhiệm trước pháp luật|truy cứu|công an|khởi kiện"
                "|kiểm điểm|phê bình|nêu tên|bêu tên|nghiêm cấm|im lặng|im miệng|mất quyền|mất quyền lợi|tự chịu"
            ),
            "Người chấm sẽ xem đây có phải lời đe hay ép.",
        ),
        "promise": (
            _phrases(
                "đền bù|bồi thường|chắc chắn tăng|chắc chắn sẽ|chắc chắn được|nhất định sẽ|nhất định được|cam "
                "đoan|bảo đảm tăng"
                "|đảm bảo tăng|bảo đảm sẽ|đảm bảo sẽ|cam kết tăng|cam kết chi|cam kết trả|cam kết thưởng|hứa|sẽ "
                "tăng lương"
                "|sẽ thưởng|được thưởng|thưởng nóng|tặng quà|tặng|sẽ trả đủ|trả đủ|chi trả toàn bộ|lo toàn "
                "bộ|chịu mọi chi phí"
                "|nhận toàn bộ trách nhiệm|thừa nhận toàn bộ|sẽ đạt 100|về đích trước"
            ),
            "Người chấm sẽ xem đây có phải lời hứa ngoài điều đã được đồng ý.",
        ),
        "blame": (
            _phrases(
                "do lỗi|lỗi của|tại lỗi|do bất cẩn|bất cẩn|cẩu thả|làm ẩu|chủ quan|lơ là|không đúng quy định|sai "
                "quy trình"
                "|không tuân thủ|vi phạm quy trình|say rượu|uống rượu|dép lê|thiếu ý thức|vô trách nhiệm|đổ cho|kẻ xấu"
                "|thế lực|tung tin|bịa đặt|xuyên tạc|phản động|lười|vô ý thức"
            ),
            "Người chấm sẽ xem đây có phải đoán nguyên nhân, động cơ hay buộc lỗi.",
        ),
    }
)
"""What no text in the union's name says of a situation that does not: group → phrases, and what is said of them."""


class Said(Model):
    """Phrases that are wrong in this situation: an answer that has one, not denied, is shown to a person."""

    any: tuple[Text, ...] = Field(min_length=1)
    feedback: Text

    def keyed(self) -> dict[str, Any]:
        """Return the phrases as they stand in ``keys/``."""
        return {"any": list(self.any), "none": list(_DENIED), "feedback": self.feedback}


class Count(Model):
    """Numbers that may stand in a clause about something: of people hurt, one."""

    about: tuple[Text, ...] = Field(min_length=1)
    allowed: tuple[int, ...] = Field(min_length=1)


class Facts(Model):
    """What of a situation an answer may state, besides what the stem does.

    Attributes:
        allow: texts in which times, days, numbers and places stand that follow from the stem (``11 người``, ``18:30``).
        after: later times are free.
        counts: what is counted, and the numbers that are right.
        never: groups of phrases that are always wrong here; ``said``: this situation's own.
    """

    allow: tuple[Text, ...] = ()
    after: Clock | None = None
    counts: tuple[Count, ...] = ()
    never: tuple[Group, ...] = ("harm", "threat", "promise", "blame")
    said: tuple[Said, ...] = ()

    def keyed(self) -> dict[str, Any]:
        """Return the facts as they stand in ``keys/``, groups written out."""
        groups = [Said(any=NEVER[name][0], feedback=NEVER[name][1]).keyed() for name in self.never]
        return {
            "allow": list(self.allow),
            "after": self.after or "",
            "counts": [count.model_dump(mode="json") for count in self.counts],
            "never": [*(said.keyed() for said in self.said), *groups],
        }


class Post(Body):
    """A text written to a situation and checked by named rules."""

    words: tuple[int, int]
    min_words: int = 0
    checks: tuple[Check, ...] = Field(min_length=1)
    veto: tuple[Rules, ...] = ()
    sample: Text
    vectors: tuple[Vector, ...] = ()
    manual: ManualPart | None = None
    facts: Facts | None = None

    def total(self) -> Decimal | None:
        return sum((c.points for c in self.checks), self.by_hand())

    def by_hand(self) -> Decimal:
        return self.manual.points if self.manual else Decimal(0)

    def keyed(self) -> dict[str, Any]:
        manual = self.manual.model_dump(mode="json") if self.manual else None
        return {
            **super().keyed(),
            "words": list(self.words),
            "min_words": self.min_words,
            "checks": [
                {"id": c.id, "points": str(c.points), "rules": c.rules(), "feedback": c.feedback} for c in self.checks
            ],
            "veto": [{"rules": v.rules(), "feedback": v.feedback} for v in self.veto],
            "sample": self.sample,
            "vectors": [v.model_dump(mode="json") for v in self.vectors],
            **({"manual": manual} if manual else {}),
            **({"facts": self.facts.keyed()} if self.facts else {}),
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "words": list(self.words), "min_words": self.min_words}

    def marking(self, lang: str) -> list[str]:
        checks = [
            _("{points} điểm; khi thiếu: {said}", points=numbers.show(c.points, lang), said=c.feedback)
            for c in self.checks
        ]
        vetoes = [_("0 điểm cả câu: {said}", said=veto.feedback) for veto in self.veto]
        return [*checks, *vetoes, *(row.told(lang) for row in (self.manual.rubric if self.manual else ()))]

    def trials(self) -> Trials:
        full = sum((c.points for c in self.checks), Decimal(0))
        return Trials(tuple((v.text, v.points) for v in self.vectors), full)


class PublicPost(PublicBody):
    """How long it may be."""

    words: list[int]
    min_words: int


class PostType(StaffType):
    """The answer is a string."""

    model = Post
    public = PublicPost
    letter = "W"
    begin = _(
        'stem: "⟨viết gì, cho ai⟩"\n'
        "words: [20, 60]\n"
        "min_words: 8\n"
        "checks:\n"
        "  - id: K1\n"
        '    any: ["⟨chữ phải có⟩"]\n'
        "    points: 2\n"
        '    feedback: "⟨hãy thêm gì⟩"\n'
        'sample: "⟨bài mẫu đủ chữ phải có⟩"\n'
    )
    roles: ClassVar = {"sample": "sample"}
    inside: ClassVar = {
        "vectors": "sample",
        "rubric": "rubric",
        "any": "answer",
        "none": "answer",
        "all": "answer",
        "cue": "answer",
        "facts": "answer",
    }

    def right(self, body: Keyed) -> str:
        """Return an author's text of full points; the sample itself would be a copy."""
        full = sum((Decimal(c["points"]) for c in body["checks"]), Decimal(0))
        own = (v["text"] for v in body["vectors"] if "facts" in body and Decimal(v["points"]) == full)
        return str(next(own, body["sample"]))

    def wrong(self, body: Keyed, rng: random.Random) -> str:
        return REPLY

    def guesses(self, body: Keyed) -> Weighted:
        """The question itself, or one word over and over in the wanted length."""
        return equally([body["stem"], " ".join(["tin"] * body["words"][1])])


TYPE = PostType()
