"""An independent, naive reading of Vietnamese text: tiếng, phrases, sentences, times and the named rules of ``post``.

Written from docs/design.md §6 and docs/items.md only; shares no code with ``course`` and cares for no speed.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Any

MARKS = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
UNSEEN = "\u00ad\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
TITLES = ["anh", "chị", "ông", "bà", "cô", "chú", "bác", "em", "bạn", "công nhân", "đồng chí", "đ/c", "thợ", "nạn nhân"]
SURNAMES = [
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
NO_NAMES = [
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


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def seen(text: str) -> str:
    """Return what a reader sees: characters without a shape dropped, every run of spaces one space."""
    text = "".join(c for c in nfc(text) if c not in UNSEEN)
    return " ".join(text.replace("\u200b", " ").split())


def plain(text: str) -> str:
    """Return the text without any diacritics; đ is d."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return nfc("".join(c for c in letters if not unicodedata.combining(c)))


def one_tone_style(text: str) -> str:
    """Write an open ``oa``, ``oe``, ``uy`` with its tone mark on the first letter, as the course does: hóa, ủy."""
    result = ""
    for word in re.split(r"(\w+)", nfc(text)):
        letters = unicodedata.normalize("NFD", word)
        for mark in MARKS:
            for first, second in (("o", "a"), ("o", "e"), ("u", "y")):
                new, old = first + second + mark, first + mark + second
                before = letters[: -len(new)]
                if letters.endswith(new) and not (first == "u" and before.endswith("q")):
                    letters = before + old
        result += nfc(letters)
    return result


def canonical(text: str) -> str:
    """Return text in one spelling: NFC, small letters, one tone-mark style."""
    return one_tone_style(nfc(text).casefold())


def syllables(text: str) -> int:
    """Count tiếng: letters and digits in a row; one of ``. , .

    ' ’ -`` between two of them does not end the row (17:35, 1.900).
    """
    text = f" {nfc(text)} "
    count, inside = 0, False
    for before, here, after in zip(text, text[1:], text[2:], strict=False):
        joins = here in ".,:'’-" and before.isalnum() and after.isalnum()
        count += here.isalnum() and not inside
        inside = here.isalnum() or joins
    return count


@functools.lru_cache(maxsize=4096)
def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", canonical(seen(text)))


@functools.lru_cache(maxsize=4096)
def sentences(text: str) -> list[str]:
    """Split at a line's end, at ``;``, and after ``.``, ``!``, ``?``, ``…`` (with a quote) before a space."""
    found = [""]
    for piece in re.split(r"(\s+|;)", nfc(text)):
        found[-1] += piece
        if ";" in piece or "\n" in piece or (piece.isspace() and re.search(r"[.!?…]['\"”’»)\]]*\s*$", found[-1])):
            found.append("")
    return [s for s in found if s.strip()]


def places(words: list[str], phrase: str) -> list[tuple[int, int]]:
    """Return where the words of ``phrase`` stand side by side."""
    wanted = tokens(phrase)
    return [(i, i + len(wanted)) for i in range(len(words)) if wanted and words[i : i + len(wanted)] == wanted]


def has(text: str, phrase: str) -> bool:
    """Whether the words of the phrase follow each other somewhere; punctuation between words does not matter."""
    return bool(places(tokens(text), phrase))


def has_entry(text: str, entry: Any) -> bool:
    """An entry of ``sentence`` may be a list: one of these."""
    return any(has(text, phrase) for phrase in (entry if isinstance(entry, list) else [entry]))


TIME = re.compile(
    r"(?<![\d.,:/])(2[0-4]|[01]?\d)(?:\s*(?:giờ|h|g)(?![^\W\d])\s*(?:(kém)\s*([0-5]?\d)(?!\d)|(rưỡi)|([0-5]?\d)(?!\d))?|:([0-5]\d)(?!\d)|(\s*rưỡi\s+(?=sáng|trưa|chiều|tối|đêm)))"
    r"(?:\s*(?:phút|ph|p)(?!\w))?(?:\s*(?:buổi\s+)?(sáng|trưa|chiều|tối|đêm)(?!\w))?"
)


def times(text: str) -> list[int]:
    """Return the times of day in the text, in minutes after midnight, however written."""
    found = []
    for match in TIME.finditer(nfc(text).casefold()):
        hour = int(match[1])
        minute = int(match[5] or match[6] or 0) + (30 if match[4] or match[7] else 0)
        part = match[8]
        if part in {"chiều", "tối"} and hour < 12:
            hour += 12 if hour else 0
        if part == "trưa" and hour in {1, 2, 3}:
            hour += 12
        if part == "đêm" and 7 <= hour < 12:
            hour += 12
        if part in {"đêm", "tối"} and hour == 12:
            hour = 0
        found.append((hour * 60 + minute - int(match[3] or 0)) % 1440)
    return found


def clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def is_number_of_a_unit(behind: list[str]) -> bool:
    """A number follows (công nhân Mẫu 11) that begins no time of day and no age."""
    number = re.fullmatch(r"(\d+)(\D.*)?", behind[0], re.DOTALL) if behind else None
    if not number:
        return False
    following = [number[2] or "", *[word for word in behind[1:] if word != "\n"]]
    unit = next((word for word in following if word), "").casefold()
    return unit != ":" and not re.fullmatch(r"(?:giờ|h|g|tuổi)(?:\d.*)?", unit)


def is_name(words: list[str], i: int) -> bool:
    """Two letters or more, capitalised, no unit, office or role, no number behind it.

    In capitals only a surname with a name.
    """
    word, behind = words[i], words[i + 1] if i + 1 < len(words) else ""
    if len(word) < 2 or not word[0].isupper() or is_number_of_a_unit(words[i + 1 :]):
        return False
    if word.isupper():
        return word in SURNAMES and behind.isupper()
    return word not in NO_NAMES


def person_named(text: str) -> bool:
    """A name follows a title, with only spaces between; "anh em", "chị em" address a team and are no title."""
    words = re.findall(r"\w+|[^\w\s]|\n", nfc(text).replace("đ/c", "đồng chí"))
    for i in range(1, len(words)):
        before = [w.casefold() for w in words[max(0, i - 3) : i]]
        titled = any(before[-len(t.split()) :] == t.split() for t in TITLES)
        team = before[-1] == "em" and before[-2:-1] in (["anh"], ["chị"])
        if titled and not team and is_name(words, i):
            return True
    return False


GAP = "[ \u00a0\u202f\t.‑–-]"


def phone_there(text: str) -> bool:
    """Ten digits from 0, or nine after 84 or +84; one space, dot or hyphen may stand between two digits."""
    return any(
        re.fullmatch(rf"(?:0|\+?84)(?:{GAP}?\d){{9}}", m[0])
        for m in re.finditer(rf"(?<![\d.,])\+?\d(?:{GAP}?\d)*", nfc(text))
    ) or bool(re.search(rf"(?<![\d.,])(?:0|\+?84)(?:{GAP}?\d){{9}}(?!\d)", nfc(text)))


def id_number_there(text: str) -> bool:
    """Nine or twelve digits in a row or in threes, unless đồng is counted."""
    for match in re.finditer(
        rf"(?<![\d.,])\d{{3}}(?:{GAP}?\d{{3}}){{2,3}}(?!\d)(?!\s*(?:đ|đồng|vnđ|vnd)(?!\w))", nfc(text).casefold()
    ):
        gaps = re.findall(GAP, match[0])
        if len(gaps) in {0, sum(c.isdigit() for c in match[0]) // 3 - 1}:
            return True
    return False


def in_one_sentence(text: str, rule: dict[str, Any]) -> bool:
    for sentence in sentences(text):
        if "any" in rule and not any(has_entry(sentence, entry) for entry in rule["any"]):
            continue
        if not all(has_entry(sentence, entry) for entry in rule.get("all", [])):
            continue
        if any(has_entry(sentence, entry) for entry in rule.get("none", [])):
            continue
        if "time_in" in rule and not any(clock(t) in times(sentence) for t in rule["time_in"]):
            continue
        if "time_after" in rule and not any(t > clock(rule["time_after"]) for t in times(sentence)):
            continue
        return True
    return False


def cue_then(text: str, rule: dict[str, Any]) -> bool:
    for sentence in sentences(text):
        words = tokens(sentence)
        ends = [end for cue in rule["cue"] for _, end in places(words, cue)]
        starts = [start for phrase in rule["any"] for start, _ in places(words, phrase)]
        if any(end <= start for end in ends for start in starts):
            return True
    return False


def rules_met(text: str, check: dict[str, Any]) -> bool:
    """Whether every rule that the check carries is met."""
    met = []
    if "length" in check:
        low, high = map(int, check["length"])
        met.append(low <= syllables(text) <= high)
    if "any" in check:
        met.append(any(has_entry(text, phrase) for phrase in check["any"]))
    if "none" in check:
        met.append(not any(has_entry(text, phrase) for phrase in check["none"]))
    if "time_in" in check:
        met.append(any(clock(t) in times(text) for t in check["time_in"]))
    if "time_after" in check:
        met.append(any(t > clock(check["time_after"]) for t in times(text)))
    if "sentence" in check:
        met.append(in_one_sentence(text, check["sentence"]))
    if "after" in check:
        met.append(cue_then(text, check["after"]))
    for name, rule in (("person_name", person_named), ("phone", phone_there), ("id_number", id_number_there)):
        if check.get(name) == "true":
            met.append(rule(text))
    return all(met)
