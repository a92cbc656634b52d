"""``post``: a text to a situation. Named rules see its form; what the situation does not say is shown to a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from course import facts, rules, vietnamese
from course.types.shared.base import Body, Note, Outcome
from course.types.shared.writing import Written
from course.words import _, joined

_SMALL = (
    "ai có bị hề phải một người nào được ca vụ trường hợp chuyện việc xảy ra cần đến mức dám thể nên muốn ý định "
    "đi đưa "
    "vào tới công nhân thợ anh chị em bạn đoàn viên nạn trong số gì tin xin hoàn toàn thật sự"
)
_ASKED = re.compile(r"\d[\d,.]*(?:\s?[–-]\s?\d+)? (?:chữ|điểm(?! phần)|mục|câu)(?!\w)")
"""How long an answer may be and what it earns are no facts of the situation."""
_BETWEEN = frozenset(_SMALL.split())
_NAMED = 3
"""So many reasons are named; whoever reads the text will see the others."""


class Post(Written):
    """Too short or vetoed earns nothing and needs no marker; what contradicts the facts waits for a person."""

    notes_are_advice = True
    composed = True

    def score(self, body: Body, answer: str) -> Outcome:
        count = vietnamese.count_syllables(answer)
        if count < body["min_words"]:
            note = Note(
                "",
                False,
                _(
                    "Bài mới có {count} chữ; cần ít nhất {least} chữ mới được chấm.",
                    count=count,
                    least=body["min_words"],
                ),
            )
            return Outcome(Fraction(0), [note])
        for veto in body["veto"]:
            if rules.meets(answer, veto["rules"]):
                return Outcome(Fraction(0), [Note("", False, veto["feedback"])])
        known = body.get("facts")
        if known is not None and (reason := no_text_of_ones_own(body, answer)):
            return Outcome(Fraction(0), [], message=reason, manual=True)
        met = {c["id"]: rules.meets(answer, c["rules"]) for c in body["checks"]}
        automatic = sum((Fraction(c["points"]) for c in body["checks"]), Fraction(0))
        earned = sum((Fraction(c["points"]) for c in body["checks"] if met[c["id"]]), Fraction(0))
        notes = [Note(c["id"], met[c["id"]], "" if met[c["id"]] else c["feedback"]) for c in body["checks"]]
        manual = body.get("manual")
        whole = automatic + (Fraction(manual["points"]) if manual else 0)
        doubts = [] if known is None else list(doubted(body, answer))[:_NAMED]
        said = joined(" ", [*doubts, _("Một người sẽ đọc bài này.")]) if doubts else ""
        return Outcome(earned / whole, notes, message=said, manual=bool(manual or doubts))


def no_text_of_ones_own(body: Body, answer: str) -> str:
    """Return why an answer is no text of one's own: words without sentences, or copied; nothing where it is one."""
    if not facts.is_prose(answer):
        return _("Bài chưa thành câu: chữ rời hoặc lặp đi lặp lại. Hình thức chưa có điểm; một người sẽ đọc bài này.")
    if any(facts.copied(answer, source) >= facts.COPIED for source in (body["sample"], body["stem"])):
        return _("Bài gần như chép lại bài mẫu hoặc đề bài. Hình thức chưa có điểm; một người sẽ đọc bài này.")
    return ""


def doubted(body: Body, answer: str) -> Iterator[str]:
    """Yield what an answer says against the ``facts`` of its situation, each with its words."""
    known: Body = body["facts"]
    situation = _ASKED.sub("", body["stem"])
    for never in known["never"]:
        said = next((phrase for phrase in never["any"] if _claimed(answer, phrase, never["none"])), None)
        if said is not None:
            yield joined(" ", [_("Bài có «{said}».", said=said), never["feedback"]])
    for count in known["counts"]:
        yield from (_odd(stated) for stated in _counted(answer, count))
    yield from (_odd(s) for s in facts.unsupported(answer, [situation, *known["allow"]], known["after"]))


def _claimed(answer: str, phrase: str, denials: list[str]) -> bool:
    """Say whether a clause has the phrase and nothing that denies it.

    A denial stands before it with small words between ("không ai bị phạt"); "không đổi thì bị phạt" denies nothing.
    """
    for clause in facts.clauses(answer):
        before, found, _behind = vietnamese.folded_words(clause).partition(vietnamese.folded_words(phrase))
        if found and not _denied(before.split(), denials):
            return True
    return False


def _denied(before: list[str], denials: list[str]) -> bool:
    for word in reversed(before):
        if word in denials:
            return True
        if word not in _BETWEEN:
            return False
    return False


def _counted(answer: str, count: dict[str, Any]) -> Iterator[facts.Statement]:
    """Yield the numbers other than those allowed in the clauses that are about the counted thing."""
    for clause in facts.clauses(answer):
        if vietnamese.has_phrase(clause, count["about"]):
            numbers = [s for s in facts.statements(clause) if s.kind == "number"]
            yield from (s for s in numbers if s.value[0] not in count["allowed"])


def _odd(stated: facts.Statement) -> str:
    return _("Bài có «{said}», tình huống không nói như vậy.", said=stated.said)


TYPE = Post()
