"""Rules of Q5: every option, pair and step answers whoever chose it, in at least 8 tiếng, and says why.

A text can be counted, not understood: whether feedback meets the mistake is for a reader. Documented exception: in a
module without
graded items (M00) the entry survey answers every option alike on purpose, so that the same questions can be asked
again at the end (Q17).
What is required by type: ``single``/``multiple`` each option; ``match`` each side; ``order`` a step of every
neighbouring pair of groups;
``number`` and ``text`` one typical mistake at least for each part; cells, checks and code checks carry theirs by the
model; a marked part
has a sample answer for every level (a level that nobody has seen is marked differently by each marker), found in
``samples`` of an
essay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from course import vietnamese
from course.words import _
from grader.check.corpus import Corpus, item_place, report
from grader.ground.records import Finding
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
        for field, said in body.unanswered():
            yield report("E-Q05-3", item_place(part, item, prefix + field), said)
        answers = [] if survey else body.option_feedback()
        for place, (field, text) in enumerate(answers):
            if text in [earlier for _field, earlier in answers[:place]]:
                said = _("phản hồi giống hệt phương án khác; hãy nói riêng về phương án này.")
                yield report("E-Q05-4", item_place(part, item, prefix + field), said)
