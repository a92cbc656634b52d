"""``code``: a short program whose values are compared on every data set."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import Field, model_validator

from course.words import _
from grader.itemtypes.shared.base import Body, FileName, Keyed, Model, Points, PublicBody, StaffType, Text
from grader.itemtypes.shared.mistake import Mistake


class CodeCheck(Model):
    """One value that the learner's code must produce."""

    value: Text | None = None
    call: Text | None = None
    table: Text | None = None
    tol: Decimal = Field(default=Decimal(0), ge=0)
    points: Points
    feedback: Text

    @model_validator(mode="after")
    def _one_kind(self) -> CodeCheck:
        if sum(kind is not None for kind in (self.value, self.call, self.table)) != 1:
            raise Mistake("E-ITEM-1", "", _("cần đúng một trong value, call, table."))
        return self


class Code(Body):
    """A short program whose values are compared on every data set."""

    data: tuple[FileName, ...] = ()
    given: str = ""
    starter: str = ""
    solution: Text
    checks: tuple[CodeCheck, ...] = Field(min_length=1)

    def total(self) -> Decimal | None:
        return sum((c.points for c in self.checks), Decimal(0))

    def keyed(self) -> dict[str, Any]:
        return {
            **super().keyed(),
            **self.model_dump(mode="json", include={"data", "given", "starter", "solution"}),
            "checks": [c.model_dump(mode="json", exclude_none=True) for c in self.checks],
        }

    def public(self) -> dict[str, Any]:
        return {**super().public(), "data": list(self.data[:1]), "given": self.given, "starter": self.starter}

    def asks_numbers(self) -> bool:
        return True

    def figures(self) -> None:
        return None

    def files(self) -> Sequence[str]:
        return [*self.data, *super().files()]


class PublicCode(PublicBody):
    """The first data set, and the code that is there already."""

    data: list[str]
    given: str
    starter: str


class CodeType(StaffType):
    """The answer is source text."""

    model = Code
    public = PublicCode
    letter = "C"
    begin = _(
        'stem: "⟨việc cần làm với dữ liệu⟩"\n'
        "starter: so_dong = ...\n"
        "solution: so_dong = 0\n"
        "checks:\n"
        "  - value: so_dong\n"
        "    points: 2\n"
        '    feedback: "⟨gợi ý⟩"\n'
        "data: [hien.csv, an.csv]  # tệp trong thư mục data; tệp đầu được phát\n"
    )

    def right(self, body: Keyed) -> str:
        return str(body["solution"])

    def wrong(self, body: Keyed, rng: random.Random) -> str:
        return str(body["starter"])


TYPE = CodeType()
