"""An independent, naive reading of Vietnamese text: tiếng, phrases, sentences, times and the named rules of ``post``.

Written from design §4, docs/items.md and course-plan (c) only; shares no code with ``course`` and cares for no speed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

MARKS = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
TITLES = ["anh", "chị", "ông", "bà", "cô", "chú", "bác", "em", "công nhân", "đồng chí", "thợ"]


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """Return the text without any diacritics; đ is d."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return nfc("".join(c for c in letters if not unicodedata.combining(c)))


def one_tone_style(text: str) -> str:
    """Write an open ``oa``, ``oe``, ``uy`` with its tone mark on the first letter, as the seed does (hóa, khỏe, ủy)."""
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
    """Count tiếng: pieces between spaces that hold a letter or a digit."""
    return sum(1 for piece in nfc(text).split() if any(c.isalnum() for c in piece))


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", canonical(text))


def sentences(text: str) -> list[str]:
    """Split at the end of a line and after ``.``, ``!``, ``?``, ``…`` that a space or the end follows."""
    return [s for s in re.split(r"\n+|(?<=[.!?…])\s+", nfc(text)) if s.strip()]


def places(words: list[str], phrase: str) -> list[tuple[int, int]]:
    """Return where the words of ``phrase`` stand side by side."""
    wanted = tokens(phrase)
    return [(i, i + len(wanted)) for i in range(len(words)) if wanted and words[i : i + len(wanted)] == wanted]


def has(text: str, phrase: str) -> bool:
    return any(places(tokens(s), phrase) for s in sentences(text))


def has_entry(text: str, entry: Any) -> bool:
    """An entry of ``sentence`` may be a list: one of these."""
    return any(has(text, phrase) for phrase in (entry if isinstance(entry, list) else [entry]))


TIME = re.compile(
    r"(?<![\d:.,/])(\d{1,2})\s*(?:(?:giờ|h|g)(?![^\W\d_])\s*(?:(kém)\s*(\d{1,2})|(rưỡi)|(\d{2}|\d(?!\d)))?|:\s?(\d{2}))(?!\d)"
    r"(?:\s*(?:phút|ph|p)(?!\w))?(?:\s*(sáng|trưa|chiều|tối|đêm)(?!\w))?"
)


def times(text: str) -> list[int]:
    """Return the times of day in the text, in minutes after midnight, however written."""
    found = []
    for match in TIME.finditer(nfc(text).casefold()):
        hour = int(match[1])
        minute = int(match[5] or match[6] or 0) + (30 if match[4] else 0)
        part = match[7]
        if hour > 24 or minute > 59:
            continue
        if part in {"chiều", "tối"} and hour < 12:
            hour += 12
        if part == "trưa" and hour < 3:
            hour += 12
        if part == "đêm" and 8 <= hour < 12:
            hour += 12
        if part == "đêm" and hour == 12:
            hour = 0
        found.append((hour * 60 + minute - int(match[3] or 0)) % 1440)
    return found


def clock(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def person_named(text: str) -> bool:
    """A capitalised word follows a title at once."""
    for sentence in sentences(text):
        words = re.findall(r"[^\W_]+|[^\w\s]", sentence)
        for i in range(1, len(words)):
            before = [canonical(w) for w in words[:i]]
            titled = any(before[-len(t.split()) :] == t.split() for t in TITLES)
            addressed = before[-1] == "em" and before[-2:-1] in (["anh"], ["chị"])  # "anh em Đường dây" names a team
            if words[i][0].isupper() and titled and not addressed:
                return True
    return False


def digit_runs(text: str) -> list[str]:
    """Return runs of digits that only a space, dot or hyphen interrupts; a leading + stays."""
    return [re.sub(r"[ .-]", "", run) for run in re.findall(r"(?<!\w)\+?\d(?:[ .-]?\d)+(?!\w)", text.replace("\xa0", " "))]


def phone_there(text: str) -> bool:
    return any(re.fullmatch(r"(?:0|\+?84)\d{9}", run) for run in digit_runs(text))


def id_number_there(text: str) -> bool:
    return any(re.fullmatch(r"\d{9}|\d{12}", run) for run in digit_runs(text))


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
