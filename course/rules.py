"""The named rules of ``post`` items: what a text must hold or must not hold (``docs/items.md``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from course.vietnamese import count_syllables, folded_words, has_phrase, nfc, read_times, sentences

_TITLES = r"(?:anh|chị|ông|bà|cô|chú|bác|(?<!anh )(?<!chị )em|bạn|công nhân|đồng chí|đ/c|thợ|nạn nhân)"
_UNIT_NUMBER = r" \d++(?!:|\s*(?i:giờ|h|g|tuổi)(?![^\W\d]))"
_NAME = re.compile(rf"(?<!\w)(?i:{_TITLES}) (?=(?P<name>\w++)(?!{_UNIT_NUMBER})(?: (?P<next>\w++))?)")
_LINE_SPACES = re.compile(r"[^\S\n]+")
_SURNAMES = frozenset(
    [
        "NGUYỄN",
        "TRẦN",
        "LÊ",
        "PHẠM",
        "HOÀNG",
        "HUỲNH",
        "PHAN",
        "VŨ",
        "VÕ",
        "ĐẶNG",
        "BÙI",
        "ĐỖ",
        "HỒ",
        "NGÔ",
        "DƯƠNG",
        "LÝ",
        "MẪU",
    ]
)
# Capitalised words that follow a title without being a name: offices, units and the country.
_NOT_NAMES = frozenset(
    [
        "Công",
        "Điện",
        "Truyền",
        "Tổng",
        "Tổ",
        "Đội",
        "Ban",
        "Văn",
        "Chủ",
        "Phó",
        "Giám",
        "Trưởng",
        "Việt",
        "Hà",
        "Sài",
        "Em",
        "Anh",
        "Chị",
        "Đoàn",
        "Xã",
        "Tập",
        "Phòng",
        "Nhà",
        "Trong",
        "Nếu",
        "Hãy",
        "Xin",
        "Cần",
        "Khi",
        "Không",
        "Trạm",
        "Ca",
        "Kíp",
        "Đường",
        "Thí",
        "Sửa",
        "Lưu",
        "Vận",
        "Quản",
        "Thợ",
        "Lúc",
        "Chiều",
        "Sáng",
        "Tối",
        "Đêm",
        "Hôm",
        "Cán",
        "Lãnh",
        "Bí",
    ]
)
_GAP = r"(?:[^\S\n]|[.‑–-])"
_PHONE = re.compile(rf"(?<![\d.,])(?:\+?84|0)(?:{_GAP}?\d){{9}}(?!\d)")
_ID_NUMBER = re.compile(
    # an amount of money is no id
    rf"(?<![\d.,])(?:\d{{12}}|\d{{9}}|\d{{3}}(?:{_GAP}\d{{3}}){{2,3}}+)(?!\d)(?!\s*(?i:đ|đồng|vnđ|vnd)(?!\w))"
)


def _clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _sentence(text: str, rule: Mapping[str, Any]) -> bool:
    """One sentence meets every part of the rule."""

    def meets(sentence: str) -> bool:
        wanted = all(has_phrase(sentence, p if isinstance(p, list) else [p]) for p in rule.get("all", []))
        some = "any" not in rule or has_phrase(sentence, rule["any"])
        times = all(RULES[name](sentence, rule[name]) for name in ("time_in", "time_after") if name in rule)
        return wanted and some and times and not has_phrase(sentence, rule.get("none", []))

    return any(meets(sentence) for sentence in sentences(text))


def _after(text: str, rule: Mapping[str, list[str]]) -> bool:
    """In one sentence a cue stands before one of ``any``."""
    for sentence in sentences(text):
        words = folded_words(sentence)
        behind = [words.partition(folded_words(cue))[2] for cue in rule["cue"]]
        if any(has_phrase(rest, rule["any"]) for rest in behind):
            return True
    return False


def _person_name(text: str, _rule: object) -> bool:
    """A name follows a form of address.

    Initials (anh A), units (công nhân EVN) and emphasis (công nhân BỊ ngã) are none.

    A name is a capitalised word of two letters or more, or in capitals throughout a surname and a word after it.
    """
    for match in _NAME.finditer(_LINE_SPACES.sub(" ", nfc(text))):
        name, following = match["name"], match["next"] or ""
        if name.isupper():
            if name in _SURNAMES and following.isupper():
                return True
        elif name[0].isupper() and name not in _NOT_NAMES:
            return True
    return False


RULES: dict[str, Callable[[str, Any], bool]] = {
    "length": lambda text, span: span[0] <= count_syllables(text) <= span[1],
    "any": has_phrase,
    "none": lambda text, phrases: not has_phrase(text, phrases),
    "time_in": lambda text, times: bool({_clock(t) for t in times} & set(read_times(text))),
    "time_after": lambda text, time: any(found > _clock(time) for found in read_times(text)),
    "sentence": _sentence,
    "after": _after,
    "person_name": _person_name,
    "phone": lambda text, _rule: _PHONE.search(nfc(text)) is not None,
    "id_number": lambda text, _rule: _ID_NUMBER.search(nfc(text)) is not None,
}


def meets(text: str, rules: Mapping[str, Any]) -> bool:
    """Say whether ``text`` meets all of ``rules`` (name of a rule → its argument); see ``docs/items.md``."""
    return all(RULES[name](text, argument) for name, argument in rules.items())
