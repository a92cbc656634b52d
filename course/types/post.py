"""``post``: a text to a situation, checked by named rules; a part of it may be marked by a person."""

from __future__ import annotations

from fractions import Fraction

from course import vietnamese
from course.types.shared.base import Body, Note, Outcome
from course.types.shared.writing import Written
from course.words import _


class Post(Written):
    """Too short or vetoed earns nothing and needs no marker."""

    notes_are_advice = True

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
            if vietnamese.meets(answer, veto["rules"]):
                return Outcome(Fraction(0), [Note("", False, veto["feedback"])])
        met = {c["id"]: vietnamese.meets(answer, c["rules"]) for c in body["checks"]}
        automatic = sum((Fraction(c["points"]) for c in body["checks"]), Fraction(0))
        earned = sum((Fraction(c["points"]) for c in body["checks"] if met[c["id"]]), Fraction(0))
        notes = [Note(c["id"], met[c["id"]], "" if met[c["id"]] else c["feedback"]) for c in body["checks"]]
        manual = body.get("manual")
        whole = automatic + (Fraction(manual["points"]) if manual else 0)
        return Outcome(earned / whole, notes, manual=bool(manual))


TYPE = Post()
