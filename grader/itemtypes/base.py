"""What every item model shares: fields of any type, the author's mistakes, and how ids are given."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from course.words import _

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = UPPER.lower()
DIGITS = "123456789"
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
Level = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
Scenario = Literal[
    "shift", "after_storm", "pay_rumour", "impersonation", "osh", "emulation", "cla", "daily", "media", "meeting"
]


class Mistake(ValueError):
    """A mistake of the author that only this model can see; becomes a ``Finding``."""

    def __init__(self, code: str, field: str, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.field = field
        self.said = said


def _two_decimals(value: Decimal) -> Decimal:
    if value <= 0 or value != value.quantize(Decimal("0.01")):
        raise Mistake("E-ITEM-3", "", _("điểm phải lớn hơn 0, nhiều nhất hai chữ số thập phân."))
    return value


Points = Annotated[Decimal, AfterValidator(_two_decimals)]


class Model(BaseModel):
    """Base of all author-facing models: a field that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Head(Model):
    """Fields that an item has once, whatever its type; see ``docs/items.md``."""

    type: str
    points: Points | None = None
    outcome: int = Field(ge=1, le=9)
    level: Level | None = None
    scenario: Scenario | None = None
    src: tuple[str, ...] = ()
    critical: Points | None = None
    component_min: Points | None = None
    withdrawn: bool = False
    simulated: bool = False
    practice: bool = False
    recall: str | None = None


class Body(Model):
    """Fields that may differ between variants."""

    stem: Text
    explanation: str = ""

    def keyed(self) -> dict[str, Any]:
        """Return the body with its key, as written to ``keys/``."""
        return {"stem": self.stem, "explanation": self.explanation}

    def public(self) -> dict[str, Any]:
        """Return the body that a cadre may see."""
        return {"stem": self.stem}

    def total(self) -> Decimal | None:
        """Return what the parts' points add up to; ``None`` for a type whose parts carry no points."""
        return None

    def by_hand(self) -> Decimal:
        """Return the points of the part that a person marks."""
        return Decimal(0)


def number_ids(entries: Iterable[Any], names: str) -> list[str]:
    """Return the id of each entry.

    Its own, else the letter or digit of its place (docs/design.md §4.2).
    """
    return [entry.id or names[index] for index, entry in enumerate(entries)]


def unique(ids: list[str], field: str) -> None:
    """Raise the mistake ``E-ITEM-7`` when an id is used twice."""
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        raise Mistake("E-ITEM-7", field, _("mã {twice} dùng hai lần.", twice=sorted(twice)))
