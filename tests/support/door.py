"""Lists through the roster door: every proposal confirmed, as a coordinator who agrees would."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grader.roster import store, versions
from grader.roster.door import taking
from grader.roster.door.taking import Draft, Now
from grader.roster.records import Roster
from grader.roster.tables import legacy

FILES = Path(__file__).parents[1] / "roster" / "files"
NOTHING = Now(0, None, {}, {})


def agreed(source: Path, now: Now = NOTHING, answers: Mapping[str, str] | None = None) -> Draft:
    """Return the draft of a list after every proposal was confirmed and ``answers`` were given."""
    said = {**now.answers, **(answers or {})}
    for _ in range(8):
        made = taking.draft(source, Now(now.version, now.roster, now.births, said))
        fresh = {q.key: q.proposal for q in made.questions if q.proposal and q.key not in said}
        if not fresh:
            return made
        said |= fresh
    raise AssertionError(source)


_MODIFIERS = {"\u0302", "\u0306", "\u031b"}  # circumflex, breve, horn: part of the letter; the rest are tones


def encoded(text: str, encoding: str) -> bytes:
    """Return text in a code page, as a program of its time would have written it."""
    if encoding == "cp1258":
        out = ""
        for letter in unicodedata.normalize("NFC", text):
            parts = unicodedata.normalize("NFD", letter)
            tones = "".join(part for part in parts if unicodedata.combining(part) and part not in _MODIFIERS)
            out += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones
        return out.encode("cp1258")
    if encoding in {"tcvn3", "vni"}:
        return legacy_letters(text, encoding).encode("latin-1")
    return text.encode(encoding)


def legacy_letters(text: str, encoding: str) -> str:
    """Return text as the fonts of TCVN3 or VNI spell it, by trying what reads back as the letter."""
    reader, spelled, same = (legacy.tcvn3, TCVN3, "ý") if encoding == "tcvn3" else (legacy.vni, VNI, "íìÍÌ")
    return "".join(_spelled(letter, reader, spelled, same) for letter in unicodedata.normalize("NFC", text))


def _spelled(letter: str, reader: Callable[[str], str], spelled: Sequence[str], same: str) -> str:
    """Return a letter as a font spells it; a capital that a font lacks is the small one."""
    if letter.isascii():
        return letter
    for wanted in (letter, letter.lower()):
        for one in spelled:
            if reader(one) == wanted and (one != wanted or wanted in same):
                return one
    raise AssertionError(letter)


TCVN3 = [chr(code) for code in range(0xA1, 0x100)]
VNI = [
    *[chr(code) for code in range(0xC0, 0x100)],
    *(base + mark for base in "aeouyôöAEOUYÔÖ" for mark in "ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË"),
]


def rows(roster: Roster) -> tuple[set[tuple[object, ...]], ...]:
    """Return what the rows of a roster say, without lines."""
    return (
        {row[:-1] for row in roster.units},
        {row[:-1] for row in roster.people},
        {(*row[:-2], row.written_id) for row in roster.posts},
    )


def stored(made: Draft) -> Now:
    """Return what is stored once a draft has been taken."""
    return Now(made.version + 1, made.settled(), made.births, made.answers)


__all__ = ["FILES", "NOTHING", "agreed", "encoded", "rows", "store", "stored", "versions"]
