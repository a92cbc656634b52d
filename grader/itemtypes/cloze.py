"""``cloze``: a text with gaps, each of which is chosen from a list or typed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field, model_validator

from course.words import _, joined
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import (
    DIGITS,
    UPPER,
    Body,
    Identifier,
    Keyed,
    Labelled,
    Model,
    Pick,
    Points,
    Public,
    PublicBody,
    Ranking,
    StaffType,
    Text,
    Weighted,
    number_ids,
    unique,
)
from grader.itemtypes.shared.chance import crossed, equally, numbers_in
from grader.itemtypes.shared.choice import Option
from grader.itemtypes.shared.listed import Listed
from grader.itemtypes.shared.mistake import Mistake
from grader.itemtypes.shared.typed import accepted, even, off, right_text, total, vietnamese

_BRACES = re.compile(r"\{([^{}]*)\}")


class Gap(Model):
    """A gap: ``choices`` of which one is right, words (``accept``), or a number (``value``).

    ``feedback`` answers whoever typed something else; a choice has its own.
    """

    id: Identifier | None = None
    choices: tuple[Option, ...] | None = Field(default=None, min_length=2, max_length=8)
    accept: tuple[Text, ...] | None = Field(default=None, min_length=1)
    fold: bool = False
    value: Decimal | None = None
    tol: Decimal = Field(default=Decimal(0), ge=0)
    unit: str = ""
    points: Points | None = None
    feedback: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Gap:
        if sum(kind is not None for kind in (self.choices, self.accept, self.value)) != 1:
            raise Mistake("E-ITEM-1", "", _("chỗ trống cần đúng một trong choices, accept, value."))
        if (self.feedback is None) != (self.choices is not None):
            said = _("chỗ phải viết cần feedback; chỗ để chọn ghi feedback ở từng phương án.")
            raise Mistake("E-ITEM-1", "feedback", said)
        if (self.fold and self.accept is None) or ((self.tol or self.unit) and self.value is None):
            raise Mistake("E-ITEM-2", "", _("fold chỉ đi với accept; tol và unit chỉ đi với value."))
        right = [option for option in self.choices or () if option.correct]
        if self.choices is not None and len(right) != 1:
            said = _("có {count} phương án ghi correct: true; mỗi chỗ trống cần đúng một.", count=len(right))
            raise Mistake("E-ITEM-5", "choices", said)
        return self

    def keyed(self) -> dict[str, Any]:
        """Return the gap with its key, but for its id."""
        common = {"points": str(self.points or 1), "unit": self.unit, "number": self.value is not None}
        if self.choices is not None:
            ids = number_ids(self.choices, UPPER)
            options = list(zip(ids, self.choices, strict=True))
            return {
                **common,
                "choices": [{"id": i, "text": o.text} for i, o in options],
                "correct": [i for i, o in options if o.correct],
                "feedback": {i: o.feedback for i, o in options},
            }
        if self.accept is not None:
            return {**common, "accept": list(self.accept), "fold": self.fold, "feedback": self.feedback}
        return {**common, "value": str(self.value), "tol": str(self.tol), "feedback": self.feedback}

    def carried(self) -> neutral.Gap:
        """Return the gap as other systems know it."""
        weight = self.points or Decimal(1)
        if self.choices is not None:
            options = [neutral.Option(o.text, neutral.FULL * o.correct, o.feedback) for o in self.choices]
            return neutral.Gap(neutral.Choice(tuple(options)), weight)
        said = self.feedback or ""
        if self.accept is not None:
            accepted = tuple(neutral.Option(text, neutral.FULL) for text in self.accept)
            return neutral.Gap(neutral.Words(accepted, fold=self.fold, otherwise=said), weight)
        values = (neutral.Value(self.value or Decimal(0), self.tol),)
        return neutral.Gap(neutral.NumberField("", self.unit, values, otherwise=said), weight)


class Cloze(Body):
    """A text in which ``{1}``, ``{2}`` … mark the gaps, each once."""

    text: Text
    gaps: tuple[Gap, ...] = Field(min_length=1, max_length=9)

    @model_validator(mode="after")
    def _check(self) -> Cloze:
        ids = number_ids(self.gaps, DIGITS)
        unique(ids, "gaps")
        marked = _BRACES.findall(self.text)
        unknown = [name for name in marked if name not in ids]
        if unknown:
            said = _(
                "{{{mark}}} không phải chỗ trống nào; trong text, dấu ngoặc nhọn chỉ để ghi chỗ trống.", mark=unknown[0]
            )
            raise Mistake("E-ITEM-5", "text", said)
        if sorted(marked) != sorted(ids):
            raise Mistake("E-ITEM-5", "text", _("text phải ghi mỗi chỗ trống đúng một lần: {1}, {2} …"))
        for n, gap in enumerate(self.gaps):
            if gap.choices is not None:
                unique(number_ids(gap.choices, UPPER), f"gaps.{n}.choices")
        even([gap.points for gap in self.gaps], "gaps")
        return self

    def total(self) -> Decimal | None:
        return total([gap.points for gap in self.gaps])

    def keyed(self) -> dict[str, Any]:
        gaps = [{"id": i, **g.keyed()} for i, g in zip(number_ids(self.gaps, DIGITS), self.gaps, strict=True)]
        return {**super().keyed(), "text": self.text, "gaps": gaps}

    def public(self) -> dict[str, Any]:
        shown = ("id", "points", "unit", "number", "choices")
        gaps = [{name: gap[name] for name in shown if name in gap} for gap in self.keyed()["gaps"]]
        return {**super().public(), "text": self.text, "gaps": gaps}

    def carried(self) -> neutral.Carried:
        ids = number_ids(self.gaps, DIGITS)
        text = _BRACES.sub(lambda m: neutral.gap_mark(ids.index(m[1])), self.text)
        return neutral.Gaps(text, tuple(gap.carried() for gap in self.gaps)), ()

    def marking(self, lang: str) -> list[str]:
        gaps = {gap["id"]: gap for gap in self.keyed()["gaps"]}
        order = [gaps[name] for name in dict.fromkeys(_BRACES.findall(self.text)) if name in gaps]
        typed = [(n, gap) for n, gap in enumerate(order, start=1) if "choices" not in gap]
        return [joined(" ", [f"({n})", said]) for n, gap in typed for said in accepted(gap, lang)]

    def option_feedback(self) -> list[tuple[str, str]]:
        return [
            (f"gaps.{n}.choices.{m}.feedback", option.feedback)
            for n, gap in enumerate(self.gaps)
            for m, option in enumerate(gap.choices or ())
        ]

    def asks_numbers(self) -> bool:
        return any(gap.value is not None for gap in self.gaps)

    def figures(self) -> str:
        return _BRACES.sub(" ", self.text)


class PublicGap(Public):
    """A gap without its key; ``choices`` where it is a drop-down."""

    id: str
    points: str
    unit: str
    number: bool
    choices: list[Labelled] | None = None


class PublicCloze(PublicBody):
    """The text and its gaps."""

    text: str
    gaps: list[PublicGap]


class ClozeType(StaffType):
    """The answer is gap → id of a choice, or what was typed."""

    model = Cloze
    public = PublicCloze
    letter = "G"
    typed = True
    begin = _(
        'stem: "⟨hoàn thành đoạn sau⟩"\n'
        'text: "⟨chữ trước⟩ {1} ⟨chữ sau⟩"\n'
        "gaps:\n"
        '  - accept: ["⟨chữ cần điền⟩"]\n'
        "    fold: true\n"
        '    feedback: "⟨gợi ý⟩"\n'
    )
    roles: ClassVar = {"text": "stem", "choices": "option"}
    lists: ClassVar = (Listed("gaps", DIGITS, text="", named_by="text"), Listed("choices", UPPER, inside="gaps"))
    inside: ClassVar = {"accept": "answer"}
    has_options = True
    to_choose = True

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        if not isinstance(shape, neutral.Gaps):
            return None
        text = shape.text.replace("{", "(").replace("}", ")")  # braces are for gaps here
        for number in range(len(shape.gaps)):
            text = text.replace(neutral.gap_mark(number), f"{{{number + 1}}}")
        return {"text": text, "gaps": [_authored(gap, shape.gaps) for gap in shape.gaps]}

    def corrected(self, old: Keyed, new: Keyed) -> Keyed:
        """Gap by gap, where the text is the same and the same is chosen from or typed."""
        newer = {gap["id"]: gap for gap in new["gaps"]} if old["text"] == new["text"] else {}
        gaps = [_corrected(gap, newer[gap["id"]]) if gap["id"] in newer else gap for gap in old["gaps"]]
        return {**old, "gaps": gaps, "explanation": new["explanation"]}

    def right(self, body: Keyed) -> dict[str, str]:
        return {gap["id"]: _right(gap) for gap in body["gaps"]}

    def wrong(self, body: Keyed, rng: random.Random) -> dict[str, str]:
        return {gap["id"]: _wrong(gap, rng) for gap in body["gaps"]}

    def partial(self, body: Keyed) -> tuple[dict[str, str], Fraction]:
        first = body["gaps"][0]
        whole = sum((Fraction(gap["points"]) for gap in body["gaps"]), Fraction(0))
        return {first["id"]: _right(first)}, Fraction(first["points"]) / whole

    def guesses(self, body: Keyed) -> Weighted:
        """Any choice, a number that the question states, or a word of it."""
        return self._filled(body, [[c["id"] for c in gap.get("choices", ())] for gap in body["gaps"]])

    def chosen_by(self, ranking: Ranking, body: Keyed) -> Weighted:
        """The choice that ranks highest; what is typed is guessed."""
        fields = []
        for gap in body["gaps"]:
            worth = {c["id"]: ranking(n, c["text"]) for n, c in enumerate(gap.get("choices", ()))}
            fields.append([i for i, value in worth.items() if value == max(worth.values())])
        return self._filled(body, fields)

    def _filled(self, body: Keyed, fields: list[list[str]]) -> Weighted:
        shown = f"{body['stem']} {_BRACES.sub(' ', body['text'])}"
        words = re.findall(r"\w+", shown) or ["?"]
        typed = [
            f or (numbers_in(shown) if gap["number"] else words) for f, gap in zip(fields, body["gaps"], strict=True)
        ]
        names = [gap["id"] for gap in body["gaps"]]
        return equally([dict(zip(names, values, strict=True)) for values in crossed(typed)])

    def picks(self, body: Keyed) -> list[Pick]:
        return [
            Pick(gap["id"] + choice["id"], f"({gap['id']}) {choice['text']}", choice["id"] in gap["correct"])
            for gap in body["gaps"]
            for choice in gap.get("choices", ())
        ]

    def choices(self, body: Keyed) -> list[list[Pick]]:
        return [
            [Pick(choice["id"], choice["text"], choice["id"] in gap["correct"]) for choice in gap["choices"]]
            for gap in body["gaps"]
            if "choices" in gap
        ]

    def picked(self, body: Keyed, value: object) -> set[str]:
        chosen = value.items() if isinstance(value, dict) else ()
        return {f"{gap}{choice}" for gap, choice in chosen} & {pick.id for pick in self.picks(body)}


def _authored(gap: neutral.Gap, gaps: Sequence[neutral.Gap]) -> neutral.Fields:
    weights = {other.weight for other in gaps}
    points = {"points": neutral.plain(gap.weight)} if len(weights) > 1 else {}
    body = gap.body
    if isinstance(body, neutral.Choice):
        return {"choices": neutral.options(body)["options"], **points}
    said = {"feedback": body.otherwise} if body.otherwise else {}
    if isinstance(body, neutral.Words):
        accept = [o.text for o in body.options if o.weight > 0]
        fold = {"fold": "true"} if body.fold else {}
        return {**({"accept": accept} if accept else {}), **fold, **points, **said}
    right = next((v for v in body.values if v.weight > 0), None)
    value = {"value": neutral.plain(right.value)} if right else {}
    tol = {"tol": neutral.plain(right.tol)} if right and right.tol else {}
    return {**value, **tol, **({"unit": body.unit} if body.unit else {}), **points, **said}


_KEY = ("correct", "accept", "fold", "value", "tol", "feedback")


def _corrected(old: Keyed, new: Keyed) -> Keyed:
    asked = [
        (gap["number"], gap["unit"], {c["id"] for c in gap.get("choices", ())}, "accept" in gap) for gap in (old, new)
    ]
    return {**old, **{name: new[name] for name in _KEY if name in new}} if asked[0] == asked[1] else old


def _right(gap: Keyed) -> str:
    return str(gap["correct"][0]) if "choices" in gap else right_text(gap)


def _wrong(gap: Keyed, rng: random.Random) -> str:
    if "choices" in gap:
        return str(rng.choice([c["id"] for c in gap["choices"] if c["id"] not in gap["correct"]]))
    return vietnamese(off(gap)) if gap["number"] else "chưa nhớ"


TYPE = ClozeType()
