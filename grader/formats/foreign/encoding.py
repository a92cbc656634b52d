"""Bytes of a foreign file as text: which encoding it is in, and whether its letters survived earlier journeys."""

from __future__ import annotations

import codecs
import re

from course import vietnamese

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TONE_ON_VOWEL = re.compile("[aeiouyăâêôơưAEIOUYĂÂÊÔƠƯ][\u0300\u0301\u0303\u0309\u0323]")
_ASKED = re.compile(r"(?<![:/=&])\b[^\W\d_]+(?:\?[^\W\d_]+)+\b(?!=)")
_TCVN3 = re.compile(r"[^\W\d_]*(?:[A-Za-z®][¸µ¶·¹¨¾¼½©ª«®¬][A-Za-z]|®[a-zµ«])[^\W\d_]*")
_VNI = re.compile(r"[^\W\d_]*[aeouyâêôöAEOUY]ø[^\W\d_]*")
_FEWEST_ODD = 2


def decode(data: bytes) -> tuple[str, str]:
    """Return the text, and the name of the encoding where it had to be guessed (else empty).

    UTF-8 and UTF-16 are known by their bytes. What is neither is read as cp1258 when that gives Vietnamese tone marks
    on vowels, else as cp1252: both are guesses, and the report says so. Line ends become those of UNIX.
    """
    guessed = ""
    for bom, name in _BOMS:
        if data.startswith(bom):
            text = data.decode(name, errors="replace")
            break
    else:
        text, guessed = _without_bom(data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), guessed


def _without_bom(data: bytes) -> tuple[str, str]:
    head = data[:400]
    if head[1:2] == b"\0" or head[:1] == b"\0":
        name = "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
        return data.decode(name, errors="replace"), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    vietnamese_page = data.decode("cp1258", errors="replace")
    if _TONE_ON_VOWEL.search(vietnamese_page):
        return vietnamese.nfc(vietnamese_page), "cp1258"
    return data.decode("cp1252", errors="replace"), "cp1252"


def lost_letters(text: str) -> str:
    """Return an example of a word whose letters are lost, or empty.

    Lost: the sign for an undecodable byte, question marks between letters (saved through a western code page), and the
    signs of TCVN3 and VNI text that was read as western.
    """
    if "\ufffd" in text:
        place = text.index("\ufffd")
        return text[max(0, place - 10) : place + 10].strip()
    for pattern in (_ASKED, _TCVN3, _VNI):
        found = pattern.findall(text)
        if len(found) >= _FEWEST_ODD:
            return str(found[0])
    return ""
