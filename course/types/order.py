"""``order``: steps put into their order."""

from __future__ import annotations

from fractions import Fraction

from course import markup
from course.types.shared import paper, reading
from course.types.shared.base import Body, ItemType, Mix, Note, Outcome, Part, Spec
from course.words import _


class Order(ItemType):
    """The answer is a list of step ids; pairs of the key that are kept count, reversed ones count against it."""

    hint = _("Kéo, hoặc bấm mũi tên, để xếp việc làm trước lên trên.")
    paper_hint = _("Ghi số thứ tự trước mỗi việc, việc làm trước là 1.")

    def read(self, body: Body, value: object) -> list[str]:
        return reading.ids(value, [s["id"] for s in body["steps"]])

    def score(self, body: Body, answer: list[str]) -> Outcome:
        place = {step: index for index, step in enumerate(answer)}
        kept = reversed_ = total = 0
        for index, group in enumerate(body["key"]):
            for first in group:
                for second in (s for later in body["key"][index + 1 :] for s in later):
                    total += 1
                    if first in place and second in place:
                        kept += place[first] < place[second]
                        reversed_ += place[first] > place[second]
        share = max(Fraction(0), Fraction(kept - reversed_, total))
        notes = [
            Note(" → ".join(f["wrong"]), False, f["text"])
            for f in body["feedback"]
            if all(s in place for s in f["wrong"]) and place[f["wrong"][0]] < place[f["wrong"][1]]
        ]
        if share == 1:
            notes.append(Note("", True, _("Trình tự hợp lý.")))
        return Outcome(share, notes)

    def on_paper(self, body: Body, mix: Mix, answer: list[str] | None = None) -> str:
        place = {step: str(n) for n, step in enumerate(answer or (), start=1)}
        rows = [f"({place.get(s['id'], '……')}) {paper.run(s['text'])}" for s in mix(body["steps"])]
        return "\n\n".join(rows)

    def fields(self, body: Body, mix: Mix) -> Spec:
        return {"steps": markup.labelled(mix(body["steps"]))}

    def answered(self, body: Body, answer: list[str]) -> list[Part]:
        texts = self.names(body)
        return [Part(step, f"{n}.", texts[step]) for n, step in enumerate(answer, start=1)]


TYPE = Order()
