"""Rules of Q12.

Words of the glossary, sentence length, one Unicode form, one tone-mark style, no foreign word that was not agreed.

Sentences are those of ``course.vietnamese.sentences``, of text that cadres read; headings, table cells, options and
labels are fragments
and count for the longest sentence only. A word is foreign when it is written in plain Latin letters and cannot be a
Vietnamese syllable:
"men" or "to" slip through, "team" and "post" do not. Documented exceptions: code in backticks, codes with digits
(M02, CT70, S7), single
letters, Roman numerals; sample answers of a low level and accepted answers may be written badly and are read for NFC
only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from course import vietnamese
from course.words import Text, _
from grader.check import spelling
from grader.check.corpus import READ_BY_CADRES, Corpus, Piece, file_place, report, units
from grader.ground.records import Finding
from grader.text.authoring import Authored

_LONGEST, _MEAN = 35, 20
_SENTENCES = frozenset({"prose", "stem", "feedback", "explanation"})
_NEW_TONES = re.compile(r"(?<![\w])(?!q)\w*?(?:oà|oá|oả|oã|oạ|oè|oé|oẻ|oẽ|oẹ|uỳ|uý|uỷ|uỹ|uỵ)(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_CODE_WORD = re.compile(
    r"\S*\d\S*|\S+@\S+|(?:https?://|www\.)\S+|\S+\.(?:py|csv|svg|md|pdf|docx?|xlsx?|vn|com|org)\b|#\w+|\w+_\w+"
)
_ROMAN = re.compile(r"[IVXLC]+")
# Onsets and rimes of Vietnamese written without diacritics: a word of plain letters that is one of each may be a
# syllable.
_ONSET = "ngh|ng|nh|gh|gi|kh|th|tr|ch|ph|qu|b|c|d|g|h|k|l|m|n|p|q|r|s|t|v|x"
_RIME = (
    "oang|oanh|oeng|uong|uang|uanh|uyen|uyet|uych|uynh|ieng|yeng|oach|oac|"
    "oan|oam|oap|oat|oai|oay|oao|oen|oet|oem|oeo|oong|ooc|uan|uat|uay|uac|"
    "uau|uen|uet|uech|uenh|uoc|uom|uon|uot|uop|uoi|uou|uoa|uya|uyu|uyp|uyn|uyt|uit|uin|"
    "iec|iem|ien|iep|iet|ieu|yem|yen|yet|yeu|ach|anh|ang|ech|enh|eng|ich|inh|"
    "ong|ung|oa|oe|oi|oo|ua|ue|ui|uo|uy|uu|ia|iu|ieu|ai|ao|au|ay|"
    "eo|eu|ac|am|an|ap|at|ec|em|en|ep|et|ic|im|in|ip|it|oc|om|on|op|ot|uc|um|un|up|ut|"
    "a|e|i|o|u|y"
)
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_RIME})", re.IGNORECASE)


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    foreign = {word.casefold() for entry in corpus.glossary.foreign for word in _WORD.findall(entry)}
    avoid = {vietnamese.fold(form): (form, better) for form, better in corpus.glossary.avoid.items()}
    for part in corpus.authored():
        for piece in corpus.pieces(part):
            yield from _form(piece)
            if piece.role in READ_BY_CADRES | {"rubric"}:
                yield from _words(piece, avoid, foreign)
            if piece.role in READ_BY_CADRES:
                yield from _long(piece)
        mean = mean_sentence(corpus, part)
        if mean > _MEAN:
            yield report(
                "E-Q12-3",
                file_place(part.document.path, 1),
                _("câu trung bình {mean:.1f} chữ (nhiều nhất {mean2}): cắt những câu dài.", mean=mean, mean2=_MEAN),
            )


def _form(piece: Piece) -> Iterator[Finding]:
    """One Unicode form and the old-style tone marks, also in answers.

    A key in another form would not look different.
    """
    if vietnamese.nfc(piece.text) != piece.text:
        yield report("E-Q12-4", piece, _("chữ không ở dạng Unicode NFC; lưu lại ở dạng dựng sẵn."))
    if piece.role == "answer":
        return
    for match in _NEW_TONES.finditer(vietnamese.nfc(piece.text)):
        word = match.group()
        old = vietnamese.old_style(word.lower())
        yield report("E-Q12-5", piece, _("«{word}»: viết dấu kiểu cũ, «{old}».", word=word, old=old))


def _words(piece: Piece, avoid: Mapping[str, tuple[str, str]], foreign: set[str]) -> Iterator[Finding]:
    for text in units(piece.text):
        folded = vietnamese.fold(text)
        for form, better in (found for key, found in avoid.items() if key in folded):
            if vietnamese.has_phrase(text, [form]):
                yield report("E-Q12-1", piece, _("«{form}»: khóa học dùng «{better}».", form=form, better=better))
        for word in spelling.misspelt(_CODE_WORD.sub(" ", text)):
            if word.casefold() not in foreign:
                yield report("E-Q12-7", piece, _("«{word}» không phải chữ viết đúng chính tả.", word=word))
        for word in foreign_words(text, foreign):
            yield report(
                "E-Q12-6",
                piece,
                _(
                    "«{word}» không phải tiếng Việt: dịch ra, hoặc thêm vào allowed_foreign của glossary.yaml.",
                    word=word,
                ),
            )


def foreign_words(text: str, allowed: set[str]) -> list[str]:
    """Return the words of ``text`` that cannot be Vietnamese and are not allowed."""
    found = []
    for word in _WORD.findall(_CODE_WORD.sub(" ", text)):
        for part in (word,) if word.casefold() in allowed else re.split(r"[-'’]", word):
            plain = part.isascii() and len(part) > 1 and not _ROMAN.fullmatch(part)
            if plain and part.casefold() not in allowed and not _SYLLABLE.fullmatch(part):
                found.append(part)
    return found


def _long(piece: Piece) -> Iterator[Finding]:
    for unit in units(piece.text):
        for sentence in vietnamese.sentences(unit):
            count = vietnamese.count_syllables(sentence)
            if count > _LONGEST:
                start = " ".join(sentence.split()[:6])
                yield report(
                    "E-Q12-2",
                    piece,
                    _(
                        "câu «{start} …» có {count} chữ (nhiều nhất {longest}): tách làm hai.",
                        start=start,
                        count=count,
                        longest=_LONGEST,
                    ),
                )


def _lengths(corpus: Corpus, part: Authored) -> list[int]:
    """Return the lengths of the whole sentences of a file; table cells and lines without an end mark are fragments."""
    found = []
    for piece in corpus.pieces(part):
        if piece.role in _SENTENCES and piece.field != "table":
            for unit in units(piece.text):
                found += [vietnamese.count_syllables(s) for s in vietnamese.sentences(unit) if s[-1] in '.!?…"»”']
    return found


def mean_sentence(corpus: Corpus, part: Authored) -> float:
    """Return the mean length of the sentences of a file, in tiếng; 0 for a file without sentences."""
    lengths = _lengths(corpus, part)
    return sum(lengths) / len(lengths) if lengths else 0.0


def measures(corpus: Corpus) -> dict[str, Text]:
    """Return what was counted, for the table of criteria."""
    lengths = [n for part in corpus.authored() for n in _lengths(corpus, part)]
    mean = sum(lengths) / max(1, len(lengths))
    return {"Q12": _("câu trung bình {mean:.1f} chữ, dài nhất {most}", mean=mean, most=max(lengths, default=0))}
