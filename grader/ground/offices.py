"""A union's posts and kinds of unit, with the words for each: the one place that names them.

Roster, template, completion, report and the coordinator's page read what a course carries of them
(``Syllabus.offices``): what ``course.yaml`` says under ``union``, else ``OFFICES``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from course.words import _, into


@dataclass(frozen=True)
class Term:
    """One post or one kind of unit.

    Attributes:
        name: its word within a sentence, short.
        meaning: what the roster's template says of it; empty where the word says it all.
    """

    name: str
    meaning: str = ""

    def word(self, lang: str) -> str:
        """Return the word within a sentence."""
        return into(self.name, lang)

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
        "chair": Term(_("chủ tịch")),
        "acting_chair": Term(_("quyền/phụ trách chủ tịch"), _("quyền hoặc phụ trách chủ tịch")),
        "vice_chair": Term(_("phó chủ tịch")),
        "comms_officer": Term(_("cán bộ làm truyền thông")),
        "collaborator": Term(_("cộng tác viên")),
        "member": Term(_("đoàn viên")),
    },
    unit_kinds={
        "union": Term(_("CĐ ĐLVN"), _("Công đoàn Điện lực Việt Nam")),
        "corporation": Term(_("công đoàn tổng công ty"), _("tổng công ty (công đoàn cấp trên trực tiếp cơ sở)")),
        "grassroots_union": Term(_("CĐCS"), _("công đoàn cơ sở (CĐCS)")),
        "member_grassroots_union": Term(_("CĐCS thành viên"), _("công đoàn cơ sở thành viên")),
        "section_union": Term(_("CĐBP"), _("công đoàn bộ phận (CĐBP)")),
        "union_group": Term(_("tổ công đoàn")),
    },
    chairs=frozenset({"chair", "acting_chair"}),
    top="union",
    counted="corporation",
)
"""Of the union of the power corporations, which the course in this repository is for."""
