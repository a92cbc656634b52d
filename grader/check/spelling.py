"""Spelling by the rules of the language: a word with Vietnamese letters is made of syllables that can be.

A syllable is an onset and a rime that fit each other (``ngh``, ``gh``, ``k`` before ``e``, ``ê``, ``i``, ``y`` alone),
and a rime that ends in ``c``, ``ch``, ``p`` or ``t`` has the tone sắc or nặng. The tone mark stands over one vowel of
the rime ("quý", "được", never "qúy", "đựơc"); where the two styles differ (hòa, hoà) both pass here. A wrong word that
is another syllable ("thốn kê") is a reader's to find. Borrowed syllables that break the rules stand in ``_BORROWED``.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator

from course import vietnamese

_TONES = {"\u0300": "huyền", "\u0301": "sắc", "\u0309": "hỏi", "\u0303": "ngã", "\u0323": "nặng"}
_ONSETS = "ngh|ng|nh|gh|gi|kh|th|tr|ch|ph|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
_LISTED = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e ec em en eng eo ep et "
    "ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan "
    "oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong ooc oong op ot ô ôc ôi "
    "ôm ôn ông "
    "ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uên uênh uêt ui um un ung uơ up ut uy uya uych uyên uyêt "
    "uynh uyt uyn uyp uyu uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt "
    "ưu y yêm yên "
    "yêng yêt yêu uao uau"
)
_LISTED_QU = (
    "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê ên ênh êt êch in it y yên yêt ynh "
    "ych yt ơ ơi ô ôc"
)
_RIMES = frozenset(_LISTED.split())
_AFTER_QU = frozenset(_LISTED_QU.split())
_AFTER_GI = frozenset(rime for rime in _RIMES if not rime.startswith(("i", "y")))
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
_FRONT = ("e", "ê", "i", "y")
_VOWELS, _MARKED = "aăâeêioôơuưy", "ăâêôơư"
_THREE = 3
_BORROWED = frozenset({"đắk", "lắk", "kông", "ki-lô-gam", "quốc"})
_WORD = re.compile(r"[^\W\d_]+")


def misspelt(text: str) -> Iterator[str]:
    """Yield the words of a text that have a Vietnamese letter and cannot be a syllable."""
    for word in _WORD.findall(vietnamese.nfc(text)):
        if not word.isascii() and not word.isupper() and not syllable(word):
            yield word


def syllable(word: str) -> bool:
    """Say whether a word can be one Vietnamese syllable, in either style of tone marks."""
    plain = vietnamese.old_style(vietnamese.nfc(word).lower())
    if plain in _BORROWED:
        return True
    letters = [unicodedata.normalize("NFD", letter) for letter in plain]
    toned = [(place, c) for place, letter in enumerate(letters) for c in letter if c in _TONES]
    if len(toned) > 1:
        return False
    bare = "".join(unicodedata.normalize("NFC", "".join(c for c in letter if c not in _TONES)) for letter in letters)
    place, tone = (toned[0][0], _TONES[toned[0][1]]) if toned else (-1, "")
    return any(
        _fits(onset, rime := bare.removeprefix(onset), tone) and (not toned or place - len(onset) == _bearer(rime))
        for onset in _ONSETS.split("|")
        if bare.startswith(onset)
    )


def _bearer(rime: str) -> int:
    """Return which letter of a rime bears its tone mark, in the old style."""
    vowels = list(itertools.takewhile(lambda letter: letter in _VOWELS, rime))
    marked = [place for place, letter in enumerate(vowels) if letter in _MARKED]
    if marked:
        return marked[-1]
    if len(vowels) == len(rime):
        return 1 if len(vowels) == _THREE else 0
    return len(vowels) - 1


def _fits(onset: str, rime: str, tone: str) -> bool:
    rimes = _AFTER_QU if onset == "qu" else _AFTER_GI if onset == "gi" else _RIMES
    if rime not in rimes:
        return False
    if _STOPPED.search(rime) and tone not in {"sắc", "nặng"}:
        return False
    front = rime.startswith(_FRONT)
    if onset in {"ngh", "gh", "k"}:
        return front
    return not (front and onset in {"ng", "g", "c"}) or (onset == "g" and rime in {"i", "in"})
