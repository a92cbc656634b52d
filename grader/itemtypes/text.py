"""``text``: a short answer compared with a list."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import Field

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.base import Body, Keyed, Model, PublicBody, StaffType, Text, Weighted
from grader.itemtypes.shared.chance import equally
from grader.itemtypes.shared.typed import accepted

_LONGEST_RUN = 4


class TypicalText(Model):
    """Typical wrong answers and what to say about them."""

    accept: tuple[Text, ...] = Field(min_length=1)
    text: Text


class ShortText(Body):
    """A short answer compared with a list."""

    accept: tuple[Text, ...] = Field(min_length=1)
    fold: bool = False
    feedback: tuple[TypicalText, ...] = ()

    def keyed(self) -> dict[str, Any]:
        return {**super().keyed(), **self.model_dump(mode="json", include={"accept", "fold", "feedback"})}

    def marking(self, lang: str) -> list[str]:
        return accepted(self.keyed(), lang)

    def carried(self) -> neutral.Carried:
        right = tuple(neutral.Option(text, neutral.FULL) for text in self.accept)
        wrong = tuple(neutral.Option(text, feedback=f.text) for f in self.feedback for text in f.accept)
        return neutral.Words(right + wrong, fold=self.fold), ()

    def unanswered(self) -> Iterator[tuple[str, str]]:
        if not self.feedback:
            yield "accept", _("chưa có phản hồi cho câu trả lời sai thường gặp.")


class TextType(StaffType):
    """The answer is a string."""

    model = ShortText
    public = PublicBody
    letter = "T"
    typed = True
    begin = _(
        'stem: "⟨câu hỏi trả lời bằng vài chữ⟩"\n'
        "fold: true  # không kể dấu\n"
        'accept: ["⟨câu trả lời⟩"]\n'
        "feedback:\n"
        '  - accept: ["⟨câu trả lời sai hay gặp⟩"]\n'
        '    text: "⟨vì sao chưa đúng⟩"\n'
    )
    inside: ClassVar = {"accept": "answer"}

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        if not isinstance(shape, neutral.Words):
            return None
        accept = list(dict.fromkeys(o.text for o in shape.options if o.weight > 0))
        typical: dict[str, list[str]] = {}
        for option in (o for o in shape.options if o.weight <= 0):
            typical.setdefault(option.feedback, []).append(option.text)
        fields: neutral.Fields = {"accept": accept} if accept else {}
        fields |= {"fold": "true"} if shape.fold else {}
        wrong = [{"accept": texts, "text": said} for said, texts in typical.items()]
        return fields | ({"feedback": wrong} if wrong else {})

    def right(self, body: Keyed) -> str:
        return str(body["accept"][0])

    def wrong(self, body: Keyed, rng: random.Random) -> str:
        return "chưa nhớ"

    def guesses(self, body: Keyed) -> Weighted:
        """A run of up to four words of the question."""
        words = re.findall(r"\w+", body["stem"])
        return equally(
            [
                " ".join(words[n : n + length])
                for length in range(1, _LONGEST_RUN + 1)
                for n in range(max(1, len(words) - length + 1))
            ]
        )


TYPE = TextType()
