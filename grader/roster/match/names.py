"""Names of people: joined, freed of titles, and looked at for letters that were lost."""

from __future__ import annotations

import re
from functools import lru_cache

from course.vietnamese import fold, visible

_TITLE = re.compile(
    r"^(?:(?:ông|bà|anh|chị|cô|đồng chí|đ/c|đc|ths|ts|ks|cn|mr|mrs|ms|bs)\.?[:\s]+)+(?=\w)", re.IGNORECASE
)
_LOST = re.compile(r"[^\W\d_]\?|\?[^\W\d_]|\ufffd")
_SURNAMES = frozenset(
    [
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "hoàng",
        "huỳnh",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "mai",
        "đào",
        "đinh",
        "lâm",
        "trịnh",
        "trương",
        "đoàn",
        "hà",
        "cao",
        "tạ",
        "tô",
        "lưu",
        "tống",
        "thái",
        "châu",
        "quách",
        "kiều",
        "chu",
        "la",
        "từ",
        "vương",
        "nghiêm",
        "lương",
        "bạch",
        "tăng",
        "phùng",
        "triệu",
        "hứa",
        "mẫu",
        "khuất",
        "ninh",
        "lại",
        "thân",
        "nông",
        "ma",
        "hoa",
        "văn",
        "giang",
        "doãn",
        "đàm",
        "vi",
        "cù",
        "mạc",
        "âu",
        "hầu",
        "tiêu",
        "kha",
        "lữ",
        "đậu",
    ]
)
_MOST_WORDS = 8


def full(family: str, given: str) -> str:
    """Return one name of two columns; what is in only one of them is the whole name."""
    return clean(f"{family} {given}")


def clean(name: str) -> str:
    """Return a name without a title before it, back-ticks and doubled spaces; letters stay as they are."""
    bare = visible(name).strip("`´.,;:*'\" ")
    return _TITLE.sub("", bare)


@lru_cache(maxsize=1 << 17)
def key(name: str) -> str:
    """Return what two spellings of one name have in common: small letters, old tone marks, no brackets behind."""
    return fold(re.sub(r"\(.*?\)", " ", clean(name)))


def lost(text: str) -> bool:
    """Tell whether letters of a text were replaced by question marks; what was written is nowhere in it."""
    return _LOST.search(text) is not None


def looks_like_name(text: str) -> bool:
    """Tell whether a text can be the name of a person: two to eight words without digits, a usual surname first."""
    words = key(text).split()
    return 1 < len(words) <= _MOST_WORDS and words[0] in _SURNAMES and not any(map(str.isdigit, text))
