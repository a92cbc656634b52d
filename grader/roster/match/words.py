"""Words of posts, of kinds of units, of yes and no, and of "still in office", as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from course.words import Own
from grader.ground.offices import OFFICES, Offices, Term
from grader.roster.match.fields import bare

FLAG_WORDS: Mapping[str, str] = MappingProxyType({"true": "Có", "false": "Không"})

_POSTS: Mapping[str, str] = MappingProxyType({
    "chair": "chủ tịch|ct|chair|chairperson|chairman|chairwoman|president",
    "acting_chair": "quyền chủ tịch|q chủ tịch|q ct|quyền ct|phụ trách chủ tịch|phụ trách|quyền phụ trách chủ tịch|"
    "acting chair|acting_chair|qct|chủ tịch phụ trách|quyền hoặc phụ trách chủ tịch|pt chủ tịch|acting chairperson",
    "vice_chair": "phó chủ tịch|pct|p ct|phó ct|p chủ tịch|vice chair|vice_chair|vice chairperson|vice chairman|"
    "phó chủ tịch thường trực|pct thường trực|deputy chair",
    "comms_officer": "cán bộ truyền thông|cán bộ làm truyền thông|truyền thông|cán bộ phụ trách truyền thông|"
    "phụ trách truyền thông|comms_officer|comms officer|cb truyền thông|communication officer|cán bộ tuyên giáo "
    "truyền thông",
    "collaborator": "cộng tác viên|ctv|collaborator|cộng tác viên truyền thông|ctv truyền thông",
    "member": "đoàn viên|đv|member|đoàn viên công đoàn",
})  # fmt: skip
_KINDS: Mapping[str, str] = MappingProxyType({
    "union": (
        "công đoàn ngành|công đoàn điện lực việt nam|cđ đlvn|công đoàn đlvn|union|công đoàn ngành trung ương|ngành"
    ),
    "corporation": "tổng công ty|tct|công đoàn tổng công ty|cđ tct|cđ tổng công ty|corporation|công đoàn tct|"
    "tổng công ty công đoàn cấp trên trực tiếp cơ sở|công đoàn cấp trên trực tiếp cơ sở|cấp trên trực tiếp cơ sở|"
    "công đoàn cấp trên cơ sở|cấp trên cơ sở",
    "grassroots_union": "công đoàn cơ sở|cđcs|cơ sở|cđ cơ sở|grassroots union|grassroots_union|công đoàn cơ sở cđcs",
    "member_grassroots_union": "công đoàn cơ sở thành viên|cđcs thành viên|cđcstv|cđcs tv|cơ sở thành viên|"
    "member grassroots union|member_grassroots_union|cđ cơ sở thành viên",
    "section_union": "công đoàn bộ phận|cđbp|bộ phận|cđ bộ phận|section union|section_union|công đoàn bộ phận cđbp",
    "union_group": "tổ công đoàn|tổ cđ|tcđ|tổ|union group|union_group",
})  # fmt: skip
_OPEN = (
    "nay|den nay|hien nay|cho den nay|hien tai|na|n a|khong|chua|con hieu luc|duong "
    "nhiem|present|now|current|none|null|toi nay|dang giu chuc|con"
)
_YES = frozenset(["1", "true", "yes", "y", "x", "co", "dung", "v", "t", "thu"])
_NO = frozenset(["0", "false", "no", "n", "khong", "sai", "f", ""])
_LONGEST_DITTO = 20
_DITTO = frozenset({"nt", "nhu tren", "n t", "ditto"})
_MARKS = frozenset("\"〃″”“'-–—.…_/")
_WHERE = re.compile(
    r" (?:cong doan|cdcs thanh vien|cdcs|cdbp|cd|co so thanh vien|co so|bo phan|to cong doan|cong doan co so|"
    r"cong doan bo phan|cdtv|to cd)$"
)
_FORMER = re.compile(r"(?:^| )(?:nguyen|cuu|thoi|former|nghi huu|da nghi|het nhiem ky)(?: |$)")


def _keys(words: Mapping[str, str]) -> dict[str, str]:
    return {bare(word): code for code, written in words.items() for word in (*written.split("|"), code)}


_OPEN_KEYS = frozenset(_OPEN.split("|"))


class Words:
    """The words for the posts and kinds of unit of one union: its own, and those that people write for them."""

    def __init__(self, offices: Offices = OFFICES) -> None:
        self.offices = offices
        self._posts = _spelled(_POSTS, offices.posts)
        self._kinds = _spelled(_KINDS, offices.unit_kinds)

    def post(self, text: str) -> str:
        """Return the post that a text names, with or without the unit's sort behind it; empty where that is not plain.

        «Chủ tịch CĐCS» is a chair; «Chủ tịch, Ủy viên Ban Thường vụ», «Nguyên Chủ tịch» and «Giám đốc» are questions.
        """
        key = bare(text)
        while key not in self._posts:
            shorter = _WHERE.sub("", key)
            if shorter == key:
                return ""
            key = shorter
        return self._posts[key]

    def kind(self, text: str) -> str:
        """Return the kind of unit that a text names; empty where that is not plain."""
        return self._kinds.get(bare(text), "")


def _spelled(known: Mapping[str, str], terms: Mapping[str, Term]) -> dict[str, str]:
    """Return folded word -> id, of the ids that this union has."""
    keys = {key: code for key, code in _keys(known).items() if code in terms}
    for code, term in terms.items():
        said = term.name.said.values() if isinstance(term.name, Own) else ()
        keys |= {bare(word): code for word in (code, term.name, term.meaning, *said) if word}
    return keys


_OURS = Words()


def post(text: str) -> str:
    """Return the post of ``OFFICES`` that a text names, as ``Words.post``."""
    return _OURS.post(text)


def looks_like_post(text: str) -> bool:
    """Tell whether a text is of the sort that a column of posts holds, plain or not."""
    key = bare(text)
    return bool(post(text)) or any(
        f" {word} " in f" {key} "
        for word in ("chu tich", "uy vien", "ubkt", "pct", "truong ban", "pho ban", "bch", "btv")
    )


def former(text: str) -> bool:
    """Tell whether a text names a post that somebody held before."""
    return bool(_FORMER.search(bare(text)))


def kind(text: str) -> str:
    """Return the kind of unit of ``OFFICES`` that a text names, as ``Words.kind``."""
    return _OURS.kind(text)


def flag(text: str) -> bool | None:
    """Return yes or no; ``None`` where it is neither."""
    key = bare(text) if text.strip() not in {"✓", "✔", "☑"} else "x"
    return True if key in _YES else False if key in _NO else None


def still(text: str) -> bool:
    """Tell whether the end of a post is written as "still in office": a dash, «nay», «N/A»."""
    bare_text = text.strip()
    return bool(bare_text) and (set(bare_text) <= _MARKS or bare(bare_text) in _OPEN_KEYS)


def ditto(text: str) -> bool:
    """Tell whether a cell says that it is as the one above: «nt», «như trên», a quotation mark."""
    if len(text) > _LONGEST_DITTO:
        return False
    stripped = text.strip().strip('-–. "')
    return bare(stripped) in _DITTO or (text.strip() in {'"', "''", "〃", "″", "”", "“", '" "', "nt", "-nt-", '-"-'})
