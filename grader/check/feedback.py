"""Rules of Q5: every option, pair and step answers whoever chose it, in at least 8 tiếng, and says why.

A text can be counted, not understood: whether feedback meets the mistake is for a reader. Documented exception: in a
module without
graded items (M00) the entry survey answers every option alike on purpose, so that the same questions can be asked
again at the end (Q17).
What is required by type: ``single``/``multiple`` each option; ``match`` each side; ``order`` a step of every
neighbouring pair of groups;
``number`` and ``text`` one typical mistake at least for each part; cells, checks and code checks carry theirs by the
model; a marked part
has a sample answer for every level (a level that nobody has seen is marked differently by each marker), found in ``samples`` of an
essay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from course import vietnamese
from course.words import _
from grader.check.corpus import Corpus, item_place, report
from grader.ground.records import Finding
from grader.itemtypes.base import Body
from grader.itemtypes.choices import Choice, Match, Order
from grader.itemtypes.entries import Number, ShortText
from grader.itemtypes.writing import Essay
from grader.text.authoring import Authored, AuthoredItem

_FEWEST = 8
_BARE = re.compile(
    r"^(?:sai|đúng|chính xác|rất tốt|chưa đúng|không đúng)(?: rồi)?[.!:,]*\s*$|^(?:sai rồi|nhầm rồi|đúng rồi)(?!\w)",
    re.IGNORECASE,
)


def findings(corpus: Corpus) -> Iterator[Finding]:
    """Yield what these rules find."""
    for text in corpus.asked():
        for part in (text.lesson, text.exercise):
            if part is None:
                continue
            for piece in (p for p in corpus.pieces(part) if p.role == "feedback"):
                words = vietnamese.count_syllables(piece.text)
                if _BARE.match(piece.text.strip()):
                    said = _("chỉ báo đúng sai; hãy nói vì sao.")
                    yield report("E-Q05-2", piece, said)
                elif words < _FEWEST:
                    said = _(
                        "phản hồi có {words} tiếng; cần ít nhất {fewest} tiếng nói vì sao.", words=words, fewest=_FEWEST
                    )
                    yield report("E-Q05-1", piece, said)
            for item in part.items:
                yield from _complete(part, item, survey=text.exercise is None)


def _complete(part: Authored, item: AuthoredItem, *, survey: bool) -> Iterator[Finding]:
    for number, body in enumerate(item.bodies):
        prefix = f"variants.{number - 1}." if number else ""
        for field, said in _missing(body):
            yield report("E-Q05-3", item_place(part, item, prefix + field), said)
        if isinstance(body, Choice) and not survey:
            answers = [o.feedback for o in body.options]
            for place in (n for n, text in enumerate(answers) if text in answers[:n]):
                said = _("phản hồi giống hệt phương án khác; hãy nói riêng về phương án này.")
                yield report("E-Q05-4", item_place(part, item, f"{prefix}options.{place}.feedback"), said)


def _missing(body: Body) -> Iterator[tuple[str, str]]:
    """Yield (field, what is missing) for every part of a body that answers nobody."""
    if isinstance(body, Order):
        yield from _reversals(body)
    elif isinstance(body, Essay):
        yield from _samples(body)
    elif isinstance(body, Match):
        for number, side in enumerate(body.right):
            if not side.feedback:
                yield (f"right.{number}", _("vế phải chưa có phản hồi cho người ghép nhầm."))
    elif isinstance(body, Number):
        for number, part in enumerate(body.parts):
            if not part.feedback:
                yield (f"parts.{number}", _("phần này chưa có phản hồi cho giá trị sai thường gặp."))
    elif isinstance(body, ShortText) and not body.feedback:
        yield "accept", _("chưa có phản hồi cho câu trả lời sai thường gặp.")


def _reversals(body: Order) -> Iterator[tuple[str, str]]:
    answered = {tuple(c.wrong) for c in body.feedback}
    for first, second in zip(body.key, body.key[1:], strict=False):
        if not any((late, early) in answered for early in first for late in second):
            pair = f"[{second[0]}, {first[0]}]"
            yield "feedback", _("chưa có phản hồi cho người đặt {pair} ngược thứ tự.", pair=pair)


def _samples(body: Essay) -> Iterator[tuple[str, str]]:
    for row in body.rubric:
        for level in (lv for lv in row.levels if lv not in body.samples.get(row.id, {})):
            yield "samples", _("tiêu chí {row} chưa có bài mẫu cho mức {level}.", row=row.id, level=level)
