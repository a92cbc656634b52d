"""The course-quality rubric: seventeen criteria, what each is worth, and which of them the findings leave standing.

Source: docs/design.md §4.5: E = essential, 3 points, the others 2, together 43. Q15–Q17 need a pilot, so they
    are "not assessed" until there are data, never "met". The pre-pilot pass is every E met and at least 32 of the
    other
37 points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from course.words import Text, _, into
from grader.ground.records import Finding

State = Literal["met", "not_met", "not_assessed"]
NEEDED, OPEN_POINTS = 32, 37
_CODE = re.compile(r"E-Q(\d\d)-\d+")
_ESSENTIAL_POINTS = 3


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric.

    Attributes:
        id: ``Q1`` … ``Q17``; findings of it have the codes ``E-Q01-1``, ``E-Q01-2`` …
        points: 3 for an essential criterion, else 2.
        name: what it is called.
        rest: what of it a text cannot show and who sees to that; empty when all of it is measured.
        pilot: whether it needs data of a pilot.
    """

    id: str
    points: int
    name: str
    rest: str = ""
    pilot: bool = False

    @property
    def essential(self) -> bool:
        """Return whether the course fails without it."""
        return self.points == _ESSENTIAL_POINTS


CRITERIA = (
    Criterion("Q1", 3, _("mục tiêu đo được")),
    Criterion("Q2", 3, _("mục tiêu – bài – tự luyện – chấm điểm khớp nhau")),
    Criterion("Q3", 2, _("phủ khung năng lực")),
    Criterion("Q4", 3, _("cách viết câu hỏi"), _("người đọc: phương án sai có hợp lý không")),
    Criterion("Q5", 3, _("phản hồi nói vì sao"), _("người đọc: phản hồi có trúng lỗi không")),
    Criterion("Q6", 3, _("bậc nhận thức")),
    Criterion("Q7", 2, _("tình huống thật")),
    Criterion("Q8", 3, _("căn cứ của thông tin"), _("luật sư: nội dung luật")),
    Criterion("Q9", 2, _("nhắc lại có khoảng cách")),
    Criterion("Q10", 2, _("lượng học"), _("học thử: phần chấm điểm trong 25 phút")),
    Criterion("Q11", 3, _("dễ tiếp cận"), _("kiểm thử trang: 360 px, chỉ dùng màu")),
    Criterion("Q12", 2, _("ngôn ngữ")),
    Criterion("Q13", 3, _("không phải viết mã"), _("kiểm thử: chạy lại từ đầu < 60 s, lưu rồi mở lại")),
    Criterion("Q14", 3, _("chấm đúng"), _("release: không lộ đáp án; hộp cách ly: câu mã")),
    Criterion("Q15", 2, _("thống kê câu hỏi"), _("cần ≥ 50 lượt: moduong items"), pilot=True),
    Criterion("Q16", 2, _("chấm tay"), _("cần chấm đôi 10 %"), pilot=True),
    Criterion("Q17", 2, _("hiệu quả"), _("chưa có bài kiểm tra cuối khóa và lời nhắc ngày 2/7/21/60"), pilot=True),
)
_BY_NUMBER = {f"{int(c.id[1:]):02}": c for c in CRITERIA}


def criterion_of(code: str) -> Criterion | None:
    """Return the criterion that a finding's code belongs to; ``None`` for a mistake of the file itself."""
    match = _CODE.fullmatch(code)
    return _BY_NUMBER[match[1]] if match else None


def essential(code: str) -> bool:
    """Say whether ``check`` fails because of a finding with this code.

    An E criterion, or a file that cannot be read.
    """
    criterion = criterion_of(code)
    return criterion is None or criterion.essential


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion with its state, how many findings it has, and what was measured."""

    criterion: Criterion
    state: State
    findings: int
    measure: Text


@dataclass(frozen=True, slots=True)
class Quality:
    """The table of all criteria.

    ``unreadable`` counts the mistakes that keep a text from being built, and so from being measured.
    """

    judged: tuple[Judged, ...]
    unreadable: int

    @property
    def points(self) -> int:
        """Return the points of the criteria that are met."""
        return sum(j.criterion.points for j in self.judged if j.state == "met")

    @property
    def passed(self) -> bool:
        """Say whether every essential criterion is met, and 32 of the 37 points that need no pilot."""
        essentials = all(j.state == "met" for j in self.judged if j.criterion.essential)
        return essentials and self.points >= NEEDED and not self.unreadable


def assess(findings: Iterable[Finding], measures: Mapping[str, Text]) -> Quality:
    """Return the table: a criterion is met when it has no finding; one that needs a pilot is not assessed."""
    counted: dict[str, int] = {}
    unreadable = 0
    for finding in findings:
        criterion = criterion_of(finding.code)
        if criterion is None:
            unreadable += 1
        else:
            counted[criterion.id] = counted.get(criterion.id, 0) + 1

    def state(criterion: Criterion) -> State:
        if criterion.pilot:
            return "not_assessed"
        return "not_met" if counted.get(criterion.id) else "met"

    judged = tuple(Judged(c, state(c), counted.get(c.id, 0), measures.get(c.id, Text("", {}))) for c in CRITERIA)
    return Quality(judged, unreadable)


_STATES = {"met": _("đạt"), "not_met": _("CHƯA ĐẠT"), "not_assessed": _("chưa đánh giá")}


def lines(quality: Quality, lang: str) -> list[str]:
    """Return the table as printed after the findings: one line per criterion, then the verdict."""
    table = []
    for judged in quality.judged:
        c = judged.criterion
        said = (c.name, c.rest, judged.measure, _STATES[judged.state])
        name, rest, measure, state = (into(text, lang) for text in said)
        more = "; ".join(part for part in (measure, f"({rest})" if rest else "") if part)
        table.append(
            f"{c.id:<4}{'E' if c.essential else ' '} {state:<14} {judged.findings:>4}  "
            f"{name}{': ' + more if more else ''}"
        )
    return [*table, into(_verdict(quality), lang)]


def _verdict(quality: Quality) -> Text:
    passed = _("{points} trên {open} điểm (cần {needed} và đủ mọi tiêu chí E): ĐẠT.{unread}", **_counted(quality))
    failed = _("{points} trên {open} điểm (cần {needed} và đủ mọi tiêu chí E): CHƯA ĐẠT.{unread}", **_counted(quality))
    return passed if quality.passed else failed


def _counted(quality: Quality) -> dict[str, Any]:
    unread = _(" Còn {count} lỗi khiến bài chưa dựng được.", count=quality.unreadable) if quality.unreadable else ""
    return {"points": quality.points, "open": OPEN_POINTS, "needed": NEEDED, "unread": unread}


def as_json(quality: Quality, lang: str) -> dict[str, Any]:
    """Return the table as ``moduong check --json`` prints it."""
    return {
        "passed": quality.passed,
        "points": quality.points,
        "points_possible": OPEN_POINTS,
        "points_needed": NEEDED,
        "unreadable": quality.unreadable,
        "criteria": [
            {
                "id": j.criterion.id,
                "essential": j.criterion.essential,
                "points": j.criterion.points,
                "state": j.state,
                "findings": j.findings,
                "title": into(j.criterion.name, lang),
                "measure": into(j.measure, lang),
                "elsewhere": into(j.criterion.rest, lang),
            }
            for j in quality.judged
        ],
    }
