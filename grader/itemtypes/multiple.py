"""``multiple``: every option that is right is to be ticked."""

from __future__ import annotations

from typing import ClassVar

from pydantic import model_validator

from course.words import _
from grader.itemtypes.shared import neutral
from grader.itemtypes.shared.choice import Choice, TickedType


class Multiple(Choice):
    """One or more right options, and at least one wrong one."""

    several: ClassVar = True

    @model_validator(mode="after")
    def _some(self) -> Multiple:
        self.some()
        return self


class MultipleType(TickedType):
    """The answer is a list of ids."""

    model = Multiple
    letter = "M"
    begin = _(
        'stem: "⟨câu hỏi, chọn mọi ý đúng⟩"\n'
        "options:\n"
        '  - text: "⟨ý đúng⟩"\n'
        "    correct: true\n"
        '    feedback: "Đúng: ⟨vì sao⟩"\n'
        '  - text: "⟨ý sai⟩"\n'
        '    feedback: "Chưa đúng: ⟨vì sao⟩"\n'
        '  - text: "⟨ý đúng khác⟩"\n'
        "    correct: true\n"
        '    feedback: "Đúng: ⟨vì sao⟩"\n'
        '  - text: "⟨ý sai khác⟩"\n'
        '    feedback: "Chưa đúng: ⟨vì sao⟩"\n'
    )

    def authored(self, shape: neutral.Neutral) -> neutral.Fields | None:
        return neutral.options(shape) if isinstance(shape, neutral.Choice) and shape.several else None


TYPE = MultipleType()
