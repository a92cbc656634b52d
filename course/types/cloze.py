"""``cloze``: a text with gaps, each a drop-down, words or a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from course import markup
from course.types.shared import paper, reading
from course.types.shared.base import Body, ItemType, Mix, Note, Outcome, Part, Spec
from course.words import SOURCE, _, joined

_MARK = re.compile(r"\{([A-Za-z0-9]{1,8})\}")
"""A gap in the text: its id in braces."""


class Cloze(ItemType):
    """The answer is gap → id of a choice, or what was typed; each gap has points and feedback of its own."""

    hint = _("Điền vào các chỗ trống; số viết như 91,25 hoặc 1.200.")

    def read(self, body: Body, value: object) -> dict[str, str]:
        filled = reading.parts(value, [g["id"] for g in body["gaps"]])
        for gap in body["gaps"]:
            if "choices" in gap and gap["id"] in filled:
                reading.one_id(filled[gap["id"]], [c["id"] for c in gap["choices"]])
        return filled

    def score(self, body: Body, answer: dict[str, str]) -> Outcome:
        lang = body.get("language", SOURCE)
        results = [(g, *_judged(g, answer[g["id"]], lang)) for g in in_order(body) if g["id"] in answer]
        return reading.added_up(body["gaps"], results)

    def told(self, body: Body) -> str:
        places = {gap["id"]: n for n, gap in enumerate(in_order(body), start=1)}
        text = _MARK.sub(lambda m: f"({places[m[1]]}) ……" if m[1] in places else m[0], str(body["text"]))
        return f"{body['stem']}\n\n{text}"

    def on_paper(self, body: Body, mix: Mix, answer: dict[str, str] | None = None) -> str:
        shown, lists = {}, []
        for n, gap in enumerate(in_order(body), start=1):
            said = (answer or {}).get(gap["id"])
            typed = "…" * 8 if said is None else rf"\[{_wording_on_paper(gap, said)}\]"
            shown[gap["id"]] = f"({n}) {typed} {paper.plain(gap.get('unit', ''))}".rstrip()
            if "choices" in gap:
                choices = [
                    f"{paper.box(ticked=said == c['id'])} {paper.run(c['text'])}"
                    for c in mix(gap["choices"], gap["id"])
                ]
                lists.append(f"({n}) {' · '.join(choices)}")
        text = _MARK.sub(lambda m: shown.get(m[1], m[0]), str(body["text"]))
        return "\n\n".join([text, *lists])

    def fields(self, body: Body, mix: Mix) -> Spec:
        gaps = [
            {
                "id": gap["id"],
                "place": n,
                "unit": gap["unit"],
                "number": gap["number"],
                "choices": markup.labelled(mix(gap["choices"], gap["id"])) if "choices" in gap else None,
            }
            for n, gap in enumerate(in_order(body), start=1)
        ]
        known = {gap["id"] for gap in gaps}
        html = _MARK.sub(
            lambda m: f'<span class="md-gap" data-gap="{m[1]}"></span>' if m[1] in known else m[0],
            markup.block(str(body["text"])),
        )
        return {"text": html, "gaps": gaps}

    def said_of(self, spec: Spec, about: str) -> str:
        return next((_called(gap["place"]) for gap in spec["gaps"] if gap["id"] == about), "")

    def numbers(self, spec: Spec) -> Mapping[str, str]:
        return {gap["id"]: gap["unit"] for gap in spec["gaps"] if gap["number"]}

    def open_parts(self, body: Body) -> Mapping[str, str | None]:
        return {gap["id"]: gap["unit"] if gap["number"] else None for gap in body["gaps"]}

    def answered(self, body: Body, answer: dict[str, str]) -> list[Part]:
        found = []
        for n, gap in enumerate(in_order(body), start=1):
            if gap["id"] in answer:
                said = _wording(gap, answer[gap["id"]])
                found.append(Part(gap["id"], _called(n), said, None if "choices" in gap else gap["unit"]))
        return found

    def readable(self, body: Body, value: object) -> str:
        if not isinstance(value, Mapping):
            return super().readable(body, value)
        gaps = {gap["id"]: (n, gap) for n, gap in enumerate(in_order(body), start=1)}
        lines = [
            _("Chỗ {place}: {said}", place=n, said=_wording(gap, value[i]))
            for i, (n, gap) in gaps.items()
            if i in value
        ]
        return joined("\n", [*lines, *(f"{k}: {v}" for k, v in sorted(value.items(), key=str) if k not in gaps)])


def in_order(body: Body) -> list[Any]:
    """Return the gaps in the order in which the text has them."""
    gaps = {gap["id"]: gap for gap in body["gaps"]}
    return [gaps[i] for i in dict.fromkeys(_MARK.findall(str(body["text"]))) if i in gaps]


def _called(place: int) -> str:
    return _("Chỗ {place}", place=place)


def _wording(gap: Body, value: object) -> str:
    return next((str(c["text"]) for c in gap.get("choices", ()) if c["id"] == value), str(value))


def _wording_on_paper(gap: Body, value: str) -> str:
    said = _wording(gap, value)
    return paper.run(said) if "choices" in gap else paper.plain(said)


def _judged(gap: Body, typed: str, lang: str) -> tuple[bool, Note]:
    if "choices" not in gap:
        return reading.entered(gap, typed, lang)
    right = typed in gap["correct"]
    return right, Note(gap["id"], right, gap["feedback"][typed])


TYPE = Cloze()
