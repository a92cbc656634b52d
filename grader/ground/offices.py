"""A union's posts and kinds of unit, with the words for each: the one place that names them.

Roster, template, completion, report and the coordinator's page read what a course carries of them
(``Syllabus.offices``); today that is ``OFFICES`` for every course.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One post or one kind of unit.

    Attributes:
        vi, en: its word within a sentence, short, in Vietnamese and in English.
        meaning: what the roster's template says of it, in Vietnamese; empty where the word says it all.
    """

    vi: str
    en: str
    meaning: str = ""

    def word(self, lang: str) -> str:
        """Return the word within a sentence."""
        return self.en if lang == "en" else self.vi

    def label(self, lang: str) -> str:
        """Return the word where it stands alone, as in a table."""
        word = self.word(lang)
        return word[:1].upper() + word[1:]


@dataclass(frozen=True)
class Offices:
    """The posts and kinds of unit of one union, by the ids that rosters and course.yaml use.

    The order within each list is the order of choice for a person with several posts (E06).

    Attributes:
        posts: id -> term.
        unit_kinds: id -> term.
        chairs: posts that lead a unit; a unit with nobody in one of them is without a chair (E07).
        top: the kind of unit at the head of the union.
        counted: the kind of unit by which targets are added up, such as ``corporation``.
    """

    posts: Mapping[str, Term]
    unit_kinds: Mapping[str, Term]
    chairs: frozenset[str]
    top: str
    counted: str


OFFICES = Offices(
    posts={
        "chair": Term("chủ tịch", "chair"),
        "acting_chair": Term("quyền/phụ trách chủ tịch", "acting chair", "quyền hoặc phụ trách chủ tịch"),
        "vice_chair": Term("phó chủ tịch", "vice-chair"),
        "comms_officer": Term("cán bộ làm truyền thông", "communication officer"),
        "collaborator": Term("cộng tác viên", "collaborator"),
        "member": Term("đoàn viên", "member"),
    },
    unit_kinds={
        "union": Term("CĐ ĐLVN", "union", "Công đoàn Điện lực Việt Nam"),
        "corporation": Term(
            "công đoàn tổng công ty", "corporation", "tổng công ty (công đoàn cấp trên trực tiếp cơ sở)"
        ),
        "grassroots_union": Term("CĐCS", "grassroots union", "công đoàn cơ sở (CĐCS)"),
        "member_grassroots_union": Term("CĐCS thành viên", "member grassroots union", "công đoàn cơ sở thành viên"),
        "section_union": Term("CĐBP", "section union", "công đoàn bộ phận (CĐBP)"),
        "union_group": Term("tổ công đoàn", "union group"),
    },
    chairs=frozenset({"chair", "acting_chair"}),
    top="union",
    counted="corporation",
)
"""Of the union of the power corporations, which the course in this repository is for."""
