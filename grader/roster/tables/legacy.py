"""Vietnamese in the code pages of before Unicode: TCVN3 (ABC fonts), VNI, and UTF-8 that was read as Western."""

from __future__ import annotations

import re
import unicodedata

from grader.roster.tables.syllables import marked, wrong

_TCVN3 = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊËÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ®¡¢£¤¥¦\xa7",
        "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TONE = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_ROUND = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_BREVE = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_ALONE = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì"}
_VNI = re.compile(r"([aeouyôöAEOUYÔÖ])([ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË])|([ñæóòîôöíìÑÆÓÒÎÔÖÍÌ])")
SUSPECT = re.compile(
    "[\u00a1-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d1\u00d6-\u00d8\u00db\u00dc\u00de\u00df"
    "\u00e4-\u00e7\u00eb\u00ee-\u00f1\u00f6-\u00f8\u00fb\u00fc"
    "\u00fe\u00ff]|[aA][àáâÀÁÂ]|[eE][âáàÂÁÀ]|[oO][âùÂÙ]|[uU][ùõÙÕ]"
)
"""Letters of the Western code page that no Vietnamese word has; every text in an old code page holds some."""
_CIRCUMFLEX, _SHORT = "\u0302", "\u0306"


def tcvn3(text: str) -> str:
    """Return TCVN3 text as Unicode; a word in capitals but for its marked letters is one in capitals."""
    words = []
    for word in re.split(r"(\s+)", text):
        read = "".join(_TCVN3.get(letter, letter) for letter in word)
        plain = [letter for letter in word if letter.isascii() and letter.isalpha()]
        words.append(read.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else read)
    return "".join(words)


def vni(text: str) -> str:
    """Return VNI text as Unicode."""

    def letter(match: re.Match[str]) -> str:
        if match[3]:
            return _ALONE[match[3]] if match[3].islower() else _ALONE[match[3].lower()].upper()
        base = _ALONE.get(match[1].lower(), match[1].lower())
        mark = match[2].lower()
        if mark in _TONE:
            read = base + _TONE[mark]
        elif mark in _ROUND and base in "aeo":
            read = base + _CIRCUMFLEX + _ROUND[mark]
        elif mark in _BREVE and base == "a":
            read = base + _SHORT + _BREVE[mark]
        else:
            return match[0]
        read = unicodedata.normalize("NFC", read)
        return read.upper() if match[1].isupper() else read

    return _VNI.sub(letter, text)


def twice(text: str) -> str:
    """Return UTF-8 text that was read as Western; the text itself where it is none."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


_READERS = (("TCVN3", tcvn3), ("VNI", vni), ("UTF-8", twice))


def readings(text: str) -> dict[str, str]:
    """Return code page -> text in Unicode, of each old code page that makes a text Vietnamese.

    Empty for a text that is Vietnamese as it stands, or by none of them.
    """
    if not marked(text) or not wrong(text):
        return {}
    read = {name: unicodedata.normalize("NFC", reader(text)) for name, reader in _READERS}
    return {name: found for name, found in read.items() if found != text and marked(found) and not wrong(found)}


def decoded(text: str) -> tuple[str, str]:
    """Return (name of the code page, text in Unicode) of a text alone; the name is empty where ``readings`` is."""
    return next(iter(readings(text).items()), ("", text))


def could_be(text: str, name: str) -> str:
    """Return what a text would be in the code page of that name, where it is Vietnamese in both ways; else empty."""
    read = dict(_READERS)[name]
    found = unicodedata.normalize("NFC", read(text))
    return found if found != text and not wrong(text) and not wrong(found) else ""
