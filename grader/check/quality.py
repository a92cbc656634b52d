"""The course-quality rubric: seventeen criteria, what each is worth, and which of them the findings leave standing.

Source: course plan (a), "Course-quality rubric": E = essential, 3 points, the others 2, together 43. Q15–Q17
    need a pilot, so they
are "not assessed" until there are data, never "met". The pre-pilot pass is every E met and at least 32 of the other
37 points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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
        vi, en: its name.
        rest_vi, rest_en: what of it a text cannot show and who sees to that; empty when all of it is measured.
        pilot: whether it needs data of a pilot.
    """

    id: str
    points: int
    vi: str
    en: str
    rest_vi: str = ""
    rest_en: str = ""
    pilot: bool = False

    @property
    def essential(self) -> bool:
        """Return whether the course fails without it."""
        return self.points == _ESSENTIAL_POINTS


CRITERIA = (
    Criterion("Q1", 3, "mục tiêu đo được", "outcomes measurable"),
    Criterion("Q2", 3, "mục tiêu – bài – tự luyện – chấm điểm khớp nhau", "alignment"),
    Criterion("Q3", 2, "phủ khung năng lực", "competence cover"),
    Criterion(
        "Q4",
        3,
        "cách viết câu hỏi",
        "item writing",
        "người đọc: phương án sai có hợp lý không",
        "reader: are distractors plausible",
    ),
    Criterion(
        "Q5",
        3,
        "phản hồi nói vì sao",
        "feedback",
        "người đọc: phản hồi có trúng lỗi không",
        "reader: does it answer the mistake",
    ),
    Criterion("Q6", 3, "bậc nhận thức", "cognitive level"),
    Criterion("Q7", 2, "tình huống thật", "real situations"),
    Criterion("Q8", 3, "căn cứ của thông tin", "fact grounding", "luật sư: nội dung luật", "lawyer: the law's content"),
    Criterion("Q9", 2, "nhắc lại có khoảng cách", "spacing"),
    Criterion(
        "Q10", 2, "lượng học", "load", "học thử: phần chấm điểm trong 25 phút", "pilot: graded part within 25 minutes"
    ),
    Criterion(
        "Q11",
        3,
        "dễ tiếp cận",
        "accessibility",
        "kiểm thử trang: 360 px, chỉ dùng màu",
        "page tests: 360 px, colour-only",
    ),
    Criterion("Q12", 2, "ngôn ngữ", "language"),
    Criterion(
        "Q13",
        3,
        "không phải viết mã",
        "no-code",
        "kiểm thử: chạy lại từ đầu < 60 s, lưu rồi mở lại",
        "tests: run-all < 60 s, save and reopen",
    ),
    Criterion(
        "Q14",
        3,
        "chấm đúng",
        "scoring truth",
        "release: không lộ đáp án; hộp cách ly: câu mã",
        "release: no key leaks; box: code items",
    ),
    Criterion(
        "Q15",
        2,
        "thống kê câu hỏi",
        "item statistics",
        "cần ≥ 50 lượt: moduong items",
        "needs ≥ 50 attempts: moduong items",
        pilot=True,
    ),
    Criterion("Q16", 2, "chấm tay", "manual marking", "cần chấm đôi 10 %", "needs 10 % double marking", pilot=True),
    Criterion(
        "Q17",
        2,
        "hiệu quả",
        "effect",
        "chưa có bài kiểm tra cuối khóa và lời nhắc ngày 2/7/21/60",
        "the end test and the reminders at days 2/7/21/60 are not built yet",
        pilot=True,
    ),
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
    """A criterion with its state, how many findings it has, and what was measured (Vietnamese, English)."""

    criterion: Criterion
    state: State
    findings: int
    measure: tuple[str, str]


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


def assess(findings: Iterable[Finding], measures: Mapping[str, tuple[str, str]]) -> Quality:
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

    judged = tuple(Judged(c, state(c), counted.get(c.id, 0), measures.get(c.id, ("", ""))) for c in CRITERIA)
    return Quality(judged, unreadable)


_STATES = {"met": ("đạt", "met"), "not_met": ("CHƯA ĐẠT", "NOT MET"), "not_assessed": ("chưa đánh giá", "not assessed")}


def lines(quality: Quality, lang: str) -> list[str]:
    """Return the table as printed after the findings: one line per criterion, then the verdict."""
    english = lang == "en"
    table = []
    for judged in quality.judged:
        c = judged.criterion
        name, rest, measure = (c.en, c.rest_en, judged.measure[1]) if english else (c.vi, c.rest_vi, judged.measure[0])
        state = _STATES[judged.state][english]
        more = "; ".join(part for part in (measure, f"({rest})" if rest else "") if part)
        table.append(
            f"{c.id:<4}{'E' if c.essential else ' '} {state:<14} {judged.findings:>4}  "
            f"{name}{': ' + more if more else ''}"
        )
    verdict = _verdict(quality, english)
    return [*table, verdict]


def _verdict(quality: Quality, english: bool) -> str:
    if english:
        unread = f" {quality.unreadable} mistakes keep a text from being built." if quality.unreadable else ""
        return (
            f"{quality.points} of {OPEN_POINTS} points ({NEEDED} needed, every E met): "
            f"{'PASSED' if quality.passed else 'NOT PASSED'}.{unread}"
        )
    unread = f" Còn {quality.unreadable} lỗi khiến bài chưa dựng được." if quality.unreadable else ""
    return (
        f"{quality.points} trên {OPEN_POINTS} điểm (cần {NEEDED} và đủ mọi tiêu chí E): "
        f"{'ĐẠT' if quality.passed else 'CHƯA ĐẠT'}.{unread}"
    )


def as_json(quality: Quality, lang: str) -> dict[str, Any]:
    """Return the table as ``moduong check --json`` prints it."""
    english = lang == "en"
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
                "title": j.criterion.en if english else j.criterion.vi,
                "measure": j.measure[english],
                "elsewhere": j.criterion.rest_en if english else j.criterion.rest_vi,
            }
            for j in quality.judged
        ],
    }
